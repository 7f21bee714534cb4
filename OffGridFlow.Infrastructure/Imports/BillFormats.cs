namespace OffGridFlow.Infrastructure.Imports;

/// <summary>Tells by its headings what a cost file is, so that its kind need not be said, and the wrong file is refused with its own name.</summary>
internal static class BillFormats
{
    private static readonly string[] Readable = ["aws-cur", "aws-cur2", "focus"];

    // Columns that hold maps exist in the 2.0 report only; the Athena names of the older report are otherwise the same.
    private static readonly string[] Cur2Columns =
        ["product", "resource_tags", "cost_category", "discount", "tags", "bill_payer_account_name", "line_item_usage_account_name"];

    /// <summary>The import kind of a file with these headings; null when it is none that is known.</summary>
    public static string? KindOf(IReadOnlyList<string> headings) => Recognize(headings)?.Kind;

    /// <summary>The refusal for a file of another kind than was asked for; null when it is that kind, or none that is known.</summary>
    public static UnreadableFileException? RefuseOther(string kind, IReadOnlyList<string> headings)
    {
        if (Recognize(headings) is not { } found)
        {
            return headings.Contains("LinkedAccountId") && headings.Contains("RecordType")
                ? new("This is an AWS Detailed Billing Report, which AWS replaced by the Cost and Usage Report.", "Create a Cost and Usage Report (CSV or gzip) in the AWS billing console and import that.")
                : null;
        }

        if (found.Kind == kind)
            return null;
        return new(
            $"This is {found.Name}, not {NameOf(kind)} that was asked for.",
            Readable.Contains(found.Kind)
                ? $"Import it with the kind {found.Kind}."
                : $"It needs the import kind {found.Kind}, which cannot be imported yet; for AWS, upload the Cost and Usage Report or a FOCUS export until then.");
    }

    private static string NameOf(string kind) => kind switch
    {
        "aws-cur" => "the legacy AWS Cost and Usage Report (kind aws-cur)",
        "aws-cur2" => "the AWS Cost and Usage Report 2.0 (kind aws-cur2)",
        "focus" => "the FOCUS cost file (kind focus)",
        _ => $"the kind {kind}",
    };

    private static (string Kind, string Name)? Recognize(IReadOnlyList<string> headings)
    {
        var exact = headings.ToHashSet(StringComparer.Ordinal);
        var anyCase = headings.ToHashSet(StringComparer.OrdinalIgnoreCase);

        if (headings.Any(h => h.StartsWith("lineItem/", StringComparison.Ordinal)))
            return ("aws-cur", "a legacy AWS Cost and Usage Report");
        if (headings.Any(h => h.StartsWith("line_item_", StringComparison.Ordinal)) && Cur2Columns.Any(exact.Contains))
            return ("aws-cur2", "an AWS Cost and Usage Report 2.0 (AWS Data Exports)");
        if (exact.Contains("BilledCost") && (exact.Contains("ChargePeriodStart") || exact.Contains("ChargeCategory") || exact.Contains("BillingPeriodStart")))
            return ("focus", "a FOCUS cost file");
        if (exact.Contains("model_version") && headings.Any(h => h.StartsWith("total_mbm_emissions", StringComparison.Ordinal)))
            return ("aws-carbon", "an AWS carbon emissions export");
        if (headings.Any(h => h is "billing_account_id") && headings.Any(h => h.StartsWith("service.", StringComparison.Ordinal) || h.StartsWith("service_", StringComparison.Ordinal) || h.StartsWith("sku", StringComparison.Ordinal)))
            return ("gcp-billing", "a Google Cloud billing export");
        return Any(anyCase, "SubscriptionId", "SubscriptionGuid", "InstanceId") && Any(anyCase, "MeterId", "MeterCategory", "ConsumedService") &&
            Any(anyCase, "CostInBillingCurrency", "Cost", "PreTaxCost", "EffectivePrice")
            ? ("azure-cost", "an Azure cost export")
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
}
