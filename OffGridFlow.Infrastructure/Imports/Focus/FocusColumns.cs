namespace OffGridFlow.Infrastructure.Imports.Focus;

/// <summary>Where the columns of a FOCUS file stand (versions 1.0 to 1.2). They are found by name; further columns do not matter.</summary>
internal sealed class FocusColumns
{
    /// <exception cref="UnreadableFileException">Needed columns are missing, or the file follows the preview of version 1.0.</exception>
    public FocusColumns(IReadOnlyList<string> headings)
    {
        Headings = headings;
        if (headings.Contains("ChargeSubcategory") && !headings.Contains("ServiceCategory"))
        {
            throw new UnreadableFileException(
                "This file follows the preview of FOCUS 1.0, whose columns have other names and meanings than the version that was published.",
                "Set the export to FOCUS 1.0 or later at the provider and upload that file.", 1);
        }

        var missing = new List<string>();

        int Needed(string name)
        {
            var index = Find(name);
            if (index == CsvBillReader.NoColumn)
                missing.Add(HeadingNames.Similar(name, headings) is { Count: > 0 } similar ? $"{name} (the file has {string.Join(", ", similar)})" : name);
            return index;
        }

        BillingAccount = Needed("BillingAccountId");
        Currency = Needed("BillingCurrency");
        BillingStart = Needed("BillingPeriodStart");
        Category = Needed("ChargeCategory");
        Start = Needed("ChargePeriodStart");
        Cost = Needed("BilledCost");
        Provider = Needed("ProviderName");
        Service = Needed("ServiceName");
        if (missing.Count > 0)
        {
            throw new UnreadableFileException(
                missing.Count == 1 ? $"The needed column {missing[0]} is missing." : $"Needed columns are missing: {string.Join(", ", missing)}.",
                "FOCUS makes these columns mandatory: export the file again with all of them.", 1);
        }

        Amount = Find("ConsumedQuantity");
        Unit = Find("ConsumedUnit");
        CommitmentStatus = Find("CommitmentDiscountStatus");
        Description = Find("ChargeDescription");
        End = Find("ChargePeriodEnd");
        Region = Find("RegionId");
        Resource = Find("ResourceId");
        SkuMeter = Find("SkuMeter");
        SkuPriceDetails = Find("SkuPriceDetails");
        SubAccount = Find("SubAccountId");
        Tags = Find("Tags");
        AwsServiceCode = Find("x_ServiceCode");
        AwsUsageType = Find("x_UsageType");
    }

    public IReadOnlyList<string> Headings { get; }

    public int BillingAccount { get; }

    public int SubAccount { get; }

    public int Currency { get; }

    public int BillingStart { get; }

    public int Category { get; }

    public int CommitmentStatus { get; }

    public int Start { get; }

    public int End { get; }

    public int Cost { get; }

    public int Provider { get; }

    public int Service { get; }

    public int Amount { get; }

    public int Unit { get; }

    public int Description { get; }

    public int Region { get; }

    public int Resource { get; }

    /// <summary>From version 1.1 on.</summary>
    public int SkuMeter { get; }

    /// <summary>From version 1.1 on: a JSON object.</summary>
    public int SkuPriceDetails { get; }

    public int Tags { get; }

    /// <summary>AWS's own column.</summary>
    public int AwsServiceCode { get; }

    /// <summary>AWS's own column.</summary>
    public int AwsUsageType { get; }

    private int Find(string name)
    {
        for (var i = 0; i < Headings.Count; i++)
        {
            if (Headings[i] == name)
                return i;
        }

        return CsvBillReader.NoColumn;
    }
}
