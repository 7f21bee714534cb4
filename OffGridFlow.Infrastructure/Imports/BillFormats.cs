namespace OffGridFlow.Infrastructure.Imports;

/// <summary>Tells by its headings what a cost file is, so that the wrong file is refused with its own name.</summary>
internal static class BillFormats
{
    // Columns that hold maps exist in the 2.0 report only; the Athena names of the older report are otherwise the same.
    private static readonly string[] Cur2Columns =
        ["product", "resource_tags", "cost_category", "discount", "tags", "bill_payer_account_name", "line_item_usage_account_name"];

    /// <summary>The refusal for a file of another kind than the legacy AWS report; null when it is not recognised.</summary>
    public static UnreadableFileException? RefuseOtherThanAwsCur(IReadOnlyList<string> headings)
    {
        var exact = headings.ToHashSet(StringComparer.Ordinal);
        var anyCase = headings.ToHashSet(StringComparer.OrdinalIgnoreCase);

        if (headings.Any(h => h.StartsWith("line_item_", StringComparison.Ordinal)) && Cur2Columns.Any(exact.Contains))
            return Refuse("an AWS Cost and Usage Report 2.0 (AWS Data Exports)", "aws-cur2");
        if (exact.Contains("BilledCost") && (exact.Contains("ChargePeriodStart") || exact.Contains("ChargeCategory") || exact.Contains("BillingPeriodStart")))
            return Refuse("a FOCUS cost file", "focus");
        if (exact.Contains("model_version") && headings.Any(h => h.StartsWith("total_mbm_emissions", StringComparison.Ordinal)))
            return Refuse("an AWS carbon emissions export", "aws-carbon");
        if (headings.Any(h => h is "billing_account_id") && headings.Any(h => h.StartsWith("service.", StringComparison.Ordinal) || h.StartsWith("service_", StringComparison.Ordinal) || h.StartsWith("sku", StringComparison.Ordinal)))
            return Refuse("a Google Cloud billing export", "gcp-billing");
        if (Any(anyCase, "SubscriptionId", "SubscriptionGuid", "InstanceId") && Any(anyCase, "MeterId", "MeterCategory", "ConsumedService") &&
            Any(anyCase, "CostInBillingCurrency", "Cost", "PreTaxCost", "EffectivePrice"))
        {
            return Refuse("an Azure cost export", "azure-cost");
        }

        return exact.Contains("LinkedAccountId") && exact.Contains("RecordType")
            ? new("This is an AWS Detailed Billing Report, which AWS replaced by the Cost and Usage Report.", "Create a Cost and Usage Report (CSV or gzip) in the AWS billing console and import that.")
            : null;
    }

    private static bool Any(HashSet<string> headings, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (headings.Contains(name))
                return true;
        }

        return false;
    }

    private static UnreadableFileException Refuse(string what, string kind) => new(
        $"This is {what}, not the legacy AWS Cost and Usage Report (kind aws-cur) that was asked for.",
        $"It needs the import kind {kind}, which this importer does not support yet; for AWS, upload the legacy report (CSV or gzip) until then.");
}
