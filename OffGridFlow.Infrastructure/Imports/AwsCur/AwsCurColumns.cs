using System.Globalization;

namespace OffGridFlow.Infrastructure.Imports.AwsCur;

/// <summary>
/// Where the columns of a Cost and Usage Report stand. They are found by name: <c>line_item_usage_amount</c> as the 2.0 report and
/// Athena's copies of the legacy one write it, in legacy reports <c>lineItem/UsageAmount</c> too; order and further columns do not matter.
/// </summary>
internal sealed class AwsCurColumns
{
    private const int None = CsvBillReader.NoColumn;

    private readonly AwsCurEdition _edition;

    /// <exception cref="UnreadableFileException">Needed columns are missing.</exception>
    public AwsCurColumns(IReadOnlyList<string> headings, AwsCurEdition edition)
    {
        _edition = edition;
        Headings = headings;
        var missing = new List<string>();

        int Needed(string name, string snake)
        {
            var index = Find(name, snake);
            if (index == None)
                missing.Add(edition == AwsCurEdition.Legacy ? name : snake);
            return index;
        }

        Account = Needed("lineItem/UsageAccountId", "line_item_usage_account_id");
        LineItemType = Needed("lineItem/LineItemType", "line_item_line_item_type");
        Start = Needed("lineItem/UsageStartDate", "line_item_usage_start_date");
        Product = Needed("lineItem/ProductCode", "line_item_product_code");
        UsageType = Needed("lineItem/UsageType", "line_item_usage_type");
        Amount = Needed("lineItem/UsageAmount", "line_item_usage_amount");
        Cost = Needed("lineItem/UnblendedCost", "line_item_unblended_cost");
        Currency = Needed("lineItem/CurrencyCode", "line_item_currency_code");

        BillingStart = Find("bill/BillingPeriodStartDate", "bill_billing_period_start_date");
        End = Find("lineItem/UsageEndDate", "line_item_usage_end_date");
        Unit = Find("pricing/unit", "pricing_unit");
        Region = Find("product/region", "product_region");
        RegionCode = Find("product/regionCode", "product_region_code");
        Zone = Find("lineItem/AvailabilityZone", "line_item_availability_zone");
        Location = Find("product/location", "product_location");
        InstanceType = Find("product/instanceType", "product_instance_type");
        Vcpu = Find("product/vcpu", "product_vcpu");
        LineId = Find("identity/LineItemId", "identity_line_item_id");
        Resource = Find("lineItem/ResourceId", "line_item_resource_id");
        TagMap = edition == AwsCurEdition.Second ? Find("resource_tags", "resource_tags") : None;
        ProductMap = edition == AwsCurEdition.Second ? Find("product", "product") : None;
        if (missing.Count > 0)
            throw Refuse(missing);
    }

    public IReadOnlyList<string> Headings { get; }

    public int Account { get; }

    public int LineItemType { get; }

    public int LineId { get; }

    public int Start { get; }

    public int Product { get; }

    public int UsageType { get; }

    public int Amount { get; }

    public int Cost { get; }

    public int Currency { get; }

    public int BillingStart { get; }

    public int End { get; }

    public int Unit { get; }

    public int Region { get; }

    public int RegionCode { get; }

    public int Zone { get; }

    public int Location { get; }

    public int InstanceType { get; }

    public int Vcpu { get; }

    public int Resource { get; }

    /// <summary>A JSON object of tags; the legacy report has a column for each tag instead.</summary>
    public int TagMap { get; }

    /// <summary>A JSON object of product attributes.</summary>
    public int ProductMap { get; }

    /// <summary>The start of the billing period, or of the usage when the report has no such column.</summary>
    public int BillingMonth => BillingStart == None ? Start : BillingStart;

    private int Find(string name, string snake)
    {
        var found = None;
        for (var i = 0; i < Headings.Count; i++)
        {
            if (Headings[i] != snake && (Headings[i] != name || _edition == AwsCurEdition.Second))
                continue;
            if (found != None)
            {
                throw new UnreadableFileException(
                    string.Create(CultureInfo.InvariantCulture, $"The column {(_edition == AwsCurEdition.Second ? snake : name)} occurs twice ({Headings[found]} as column {found + 1}, {Headings[i]} as column {i + 1}), so it is not clear which one counts."),
                    "Remove one of the two columns, or export the report again.", 1);
            }

            found = i;
        }

        return found;
    }

    private UnreadableFileException Refuse(List<string> missing)
    {
        const int needed = 8;
        if (missing.Count == needed)
        {
            return new(
                $"This is not an AWS Cost and Usage Report{(_edition == AwsCurEdition.Second ? " 2.0" : "")}: its first line has none of the needed headings, it starts with “{Shorten(string.Join(", ", Headings.Take(3)))}”.",
                "Upload the report as AWS delivers it (CSV or gzip), with its line of headings first.", 1);
        }

        var named = string.Join(", ", missing.Select(name =>
            HeadingNames.Similar(name, Headings) is { Count: > 0 } similar ? $"{name} (the file has {string.Join(", ", similar)})" : name));
        return new(
            missing.Count == 1 ? $"The needed column {named} is missing." : $"Needed columns are missing: {named}.",
            _edition == AwsCurEdition.Second
                ? "Add the columns to the query of the data export and export it again."
                : "Export the report with all standard columns; names must be spelled as AWS spells them, capitals included.",
            1);
    }

    private static string Shorten(string text) => text.Length <= 120 ? text : text[..120] + "…";
}
