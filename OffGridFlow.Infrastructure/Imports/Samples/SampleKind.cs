namespace OffGridFlow.Infrastructure.Imports.Samples;

internal enum SampleCharge
{
    Full,
    Reserved,
    Planned,
    PlanNegation,
}

/// <summary>A usage in a region, ready to be written.</summary>
internal sealed class SampleKind(SampleUsage usage, SampleRegion region, string[] columns, SampleBillOptions options)
{
    private static readonly Dictionary<string, SampleSlot> ReservationSlots = new()
    {
        ["reservation/EffectiveCost"] = SampleSlot.EffectiveCost,
        ["reservation/RecurringFeeForUsage"] = SampleSlot.EffectiveCost,
    };

    private static readonly Dictionary<string, SampleSlot> PlanSlots = new() { ["savingsPlan/SavingsPlanEffectiveCost"] = SampleSlot.EffectiveCost };
    private static readonly Dictionary<string, SampleSlot> NoSlots = [];

    private readonly SampleRowTemplate?[] templates = new SampleRowTemplate?[4];

    public SampleUsage Usage => usage;
    public SampleRegion Region => region;
    public byte[] RegionId { get; } = System.Text.Encoding.ASCII.GetBytes(region.Id);
    public long Rate { get; } = SampleNumber.From(usage.Rate);
    public long PublicRate { get; } = SampleNumber.From(usage.PublicRate ?? usage.Rate);
    public long Least { get; } = SampleNumber.From(usage.Least);
    public long Most { get; } = SampleNumber.From(usage.Most);

    /// <summary>AWS's size factor × 100, or 0 where reservations do not float between sizes.</summary>
    public long NormalizationHundredths { get; } = usage is { Instance: not null, Product.Code: "AmazonEC2" or "AmazonRDS" }
        ? Normalization(usage.Instance.Type) : 0;

    public bool IsUsage => usage.LineItemType == "Usage";

    /// <summary>Compiled at first use: a small bill needs few of the thousands.</summary>
    public SampleRowTemplate Template(SampleCharge charge) => templates[(int)charge] ??=
        SampleRowTemplate.Compile(columns, options.Tags, Texts(charge), charge switch
        {
            SampleCharge.Reserved => ReservationSlots,
            SampleCharge.Planned => PlanSlots,
            _ => NoSlots,
        });

    private Dictionary<string, string> Texts(SampleCharge charge)
    {
        var to = SampleRegions.All[(int)(SampleRandom.Hash(usage.Type + usage.Operation + region.Id) % (ulong)SampleRegions.All.Length)];
        if (to == region)
            to = SampleRegions.All[region.Id == SampleRegions.All[0].Id ? 1 : 0];
        var isMoney = usage.Amount == SampleAmount.Money;
        var marketplace = usage.Product.Code.EndsWith("fictional", StringComparison.Ordinal);
        var usageType = UsageType(to);
        var sku = Letters(usage.Product.Code + usageType + usage.Operation, 16);
        var rate = SampleNumber.Format(charge == SampleCharge.Reserved ? 0 : Rate);
        var texts = new Dictionary<string, string>
        {
            ["bill/InvoicingEntity"] = "Amazon Web Services, Inc.",
            ["bill/BillingEntity"] = marketplace ? "AWS Marketplace" : "AWS",
            ["bill/BillType"] = usage.BillType,
            ["bill/PayerAccountId"] = SampleAccounts.Id(0),
            ["lineItem/LineItemType"] = charge switch
            {
                SampleCharge.Reserved => "DiscountedUsage",
                SampleCharge.Planned => "SavingsPlanCoveredUsage",
                SampleCharge.PlanNegation => "SavingsPlanNegation",
                _ => usage.LineItemType,
            },
            ["lineItem/ProductCode"] = usage.Product.Code,
            ["lineItem/UsageType"] = usageType,
            ["lineItem/Operation"] = usage.Operation,
            ["lineItem/CurrencyCode"] = options.Currency,
            ["lineItem/UnblendedRate"] = isMoney ? "" : rate,
            ["lineItem/BlendedRate"] = isMoney ? "" : rate,
            ["lineItem/LineItemDescription"] = charge == SampleCharge.PlanNegation ? $"SavingsPlanNegation used by UsageSku : {sku}" : Description(to),
            ["lineItem/TaxType"] = usage.LineItemType == "Tax" ? "VAT" : "",
            ["lineItem/LegalEntity"] = marketplace ? "Fjordlog, Inc." : "Amazon Web Services, Inc.",
            ["product/ProductName"] = usage.Product.Name,
        };
        if (!usage.Zoned)
            texts["lineItem/AvailabilityZone"] = "";
        if (NormalizationHundredths == 0)
            texts["lineItem/NormalizedUsageAmount"] = "";
        else
            texts["lineItem/NormalizationFactor"] = SampleNumber.Format(NormalizationHundredths * (SampleNumber.One / 100));
        if (isMoney)
        {
            texts["lineItem/UsageAmount"] = usage.MoneyAmount;
            texts["pricing/publicOnDemandCost"] = "0.0";
            return texts;
        }

        AddProduct(texts, to, usageType, sku);
        texts["pricing/RateCode"] = $"{sku}.JRTCKXETXF.6YS6EN2CT7";
        texts["pricing/RateId"] = (10_000_000_000 + (long)(SampleRandom.Hash(sku) % 89_000_000_000)).ToString(System.Globalization.CultureInfo.InvariantCulture);
        texts["pricing/currency"] = options.Currency;
        texts["pricing/publicOnDemandRate"] = SampleNumber.Format(PublicRate);
        texts["pricing/term"] = charge switch
        {
            SampleCharge.Reserved => "Reserved",
            SampleCharge.PlanNegation => "",
            // Spot prices are no term of the price list.
            _ => usage.PublicRate is null ? "OnDemand" : "",
        };
        texts["pricing/unit"] = usage.Unit;
        AddDiscount(texts, charge);
        return texts;
    }

    private void AddProduct(Dictionary<string, string> texts, SampleRegion to, string usageType, string sku)
    {
        var transfer = usage.Product.ServiceCode is not null;
        if (usage.RegionColumns is RegionColumns.Both or RegionColumns.RegionOnly)
            texts["product/region"] = region.Id;
        if (usage.RegionColumns is RegionColumns.Both or RegionColumns.CodeOnly)
            texts["product/regionCode"] = region.Id;
        if (transfer)
        {
            texts["product/fromLocation"] = region.Location;
            texts["product/fromLocationType"] = "AWS Region";
            texts["product/fromRegionCode"] = region.Id;
            texts["product/toLocation"] = usage.ToRegion ? to.Location : "External";
            texts["product/toLocationType"] = usage.ToRegion ? "AWS Region" : "Other";
            texts["product/toRegionCode"] = usage.ToRegion ? to.Id : "";
        }
        else if (!usage.Global)
        {
            texts["product/location"] = region.Location;
            texts["product/locationType"] = "AWS Region";
        }

        texts["product/operation"] = transfer ? "" : usage.Operation;
        texts["product/productFamily"] = usage.Family;
        texts["product/servicecode"] = usage.Product.ServiceCode ?? usage.Product.Code;
        texts["product/servicename"] = transfer ? "AWS Data Transfer" : usage.Product.Name;
        texts["product/sku"] = sku;
        texts["product/usagetype"] = usageType;
        if (usage.Instance is { } machine)
        {
            texts["product/instanceType"] = machine.Type;
            texts["product/instanceFamily"] = machine.Family;
            texts["product/vcpu"] = SampleNumber.Format(machine.Vcpus * SampleNumber.One)[..^2];
            texts["product/memory"] = machine.Memory;
        }

        foreach (var (column, value) in usage.More)
            texts["product/" + column] = value;
    }

    private void AddDiscount(Dictionary<string, string> texts, SampleCharge charge)
    {
        var arnRegion = region == SampleRegions.Global ? "" : region.Id;
        if (charge == SampleCharge.Reserved)
        {
            texts["reservation/AmortizedUpfrontCostForUsage"] = "0.0";
            texts["reservation/ReservationARN"] = $"arn:aws:ec2:{arnRegion}:{SampleAccounts.Id(0)}:reserved-instances/{Letters(usage.Type + region.Id, 12)}";
            texts["reservation/NumberOfReservations"] = "4";
            texts["reservation/UnitsPerReservation"] = "744.0";
        }
        else if (charge is SampleCharge.Planned or SampleCharge.PlanNegation)
        {
            texts["savingsPlan/SavingsPlanARN"] = $"arn:aws:savingsplans::{SampleAccounts.Id(0)}:savingsplan/nordwerk-compute";
            if (charge == SampleCharge.Planned)
                texts["savingsPlan/SavingsPlanRate"] = SampleNumber.Format(Rate * 72 / 100);
        }

        texts["reservation/SubscriptionId"] = (1_000_000_000 + (long)(SampleRandom.Hash(usage.Product.Code) % 8_999_999_999)).ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    private string UsageType(SampleRegion to)
    {
        if (!usage.ToRegion)
            return usage.Type.Length == 0 ? "" : SampleRegions.UsageType(region, usage.Prefix, usage.Type);
        return $"{region.Prefix}-{to.Prefix}-{usage.Type}";
    }

    private string Description(SampleRegion to) => usage.Description
        .Replace("{rate}", SampleNumber.Format(Rate), StringComparison.Ordinal)
        .Replace("{name}", usage.Product.Name, StringComparison.Ordinal)
        .Replace("{type}", usage.Instance?.Type ?? usage.Type, StringComparison.Ordinal)
        .Replace("{unit}", usage.Unit, StringComparison.Ordinal)
        .Replace("{to}", usage.ToRegion ? $" to {to.Location}" : "", StringComparison.Ordinal)
        .Replace("{location}", region.Location, StringComparison.Ordinal);

    private static string Letters(string text, int length)
    {
        var random = new SampleRandom(SampleRandom.Hash(text));
        return string.Create(length, random, static (span, random) =>
        {
            foreach (ref var letter in span)
                letter = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"[random.Below(31)];
        });
    }

    /// <summary>docs.aws.amazon.com, EC2 user guide, "How Reserved Instances are applied": small = 1, each size doubles, N xlarge = 8 N.</summary>
    private static long Normalization(string type)
    {
        var size = type[(type.LastIndexOf('.') + 1)..];
        return size switch
        {
            "nano" => 25,
            "micro" => 50,
            "small" => 100,
            "medium" => 200,
            "large" => 400,
            "xlarge" => 800,
            "metal" => 19_200,
            _ => 800 * long.Parse(size.AsSpan(0, size.Length - "xlarge".Length), System.Globalization.CultureInfo.InvariantCulture),
        };
    }
}
