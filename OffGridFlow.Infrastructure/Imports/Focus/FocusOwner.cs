using System.Globalization;
using System.Text;
using OffGridFlow.Infrastructure.Imports.AwsCur;

namespace OffGridFlow.Infrastructure.Imports.Focus;

/// <summary>Whose usage a row is: provider and account, named as the provider's own reports name them.</summary>
internal sealed class FocusOwner(FocusColumns columns)
{
    private const int MaxProvider = 20;
    private const int MaxAccount = 200;
    private const string Subscription = "/subscriptions/";

    /// <param name="provider"><c>aws</c>, <c>azure</c>, <c>gcp</c>, or the name of another in small letters.</param>
    /// <param name="account">The sub account, or the billing account where there is none.</param>
    public RowFault? Read(CsvRecords row, out string provider, out string account)
    {
        account = "";
        provider = ProviderOf(row[columns.Provider]);
        if (provider.Length == 0)
            return RowFault.Missing(columns.Provider, columns.Headings[columns.Provider]);

        var column = columns.SubAccount != CsvBillReader.NoColumn && !BillValues.IsNull(row[columns.SubAccount]) ? columns.SubAccount : columns.BillingAccount;
        var value = row[column];
        if (BillValues.IsNull(value))
            return RowFault.Missing(column, columns.Headings[column]);
        if (provider == AwsCurFormat.Provider && AwsAccount.Check(value, column, columns.Headings[column]) is { } rounded)
            return rounded;
        account = Encoding.UTF8.GetString(value);
        // Microsoft's cost exports name the subscription alone.
        if (provider == "azure" && account.StartsWith(Subscription, StringComparison.OrdinalIgnoreCase))
            account = account[Subscription.Length..].ToLowerInvariant();
        return account.Length > MaxAccount
            ? new RowFault(
                string.Create(CultureInfo.InvariantCulture, $"{columns.Headings[column]} is longer than {MaxAccount} characters."),
                "Check whether the row's values stand under their headings, and export the file again.", column)
            : null;
    }

    private static string ProviderOf(ReadOnlySpan<byte> name)
    {
        if (BillValues.IsNull(name))
            return "";
        var text = Encoding.UTF8.GetString(name).Trim();
        return text.ToUpperInvariant() switch
        {
            "AWS" or "AMAZON WEB SERVICES" => "aws",
            "MICROSOFT" or "AZURE" or "MICROSOFT AZURE" => "azure",
            "GOOGLE CLOUD" or "GOOGLE" or "GCP" => "gcp",
            _ => Slug(text),
        };
    }

    private static string Slug(string name)
    {
        var letters = string.Concat(name.ToLowerInvariant().Select(letter => char.IsLetterOrDigit(letter) ? letter : '-')).Trim('-');
        return letters.Length <= MaxProvider ? letters : letters[..MaxProvider];
    }
}
