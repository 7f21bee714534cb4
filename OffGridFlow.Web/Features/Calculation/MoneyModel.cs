using System.Globalization;
using OffGridFlow.Core.ActivityData;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Infrastructure.Calculation;

namespace OffGridFlow.Web.Features.Calculation;

/// <summary>What the page of rates shows of itself.</summary>
public enum MoneyPart
{
    Rates,
    Indices,
    Accounts,
}

internal sealed record MoneyModel(IReadOnlyList<ExchangeRate> Rates, IReadOnlyList<PriceIndex> Indices, IReadOnlyList<AccountMap> Maps, MoneyUse Uses);

/// <summary>A rate in a form: a table of one row.</summary>
public sealed class RateInput
{
    public string? From { get; set; }
    public string? To { get; set; }

    /// <summary><c>yyyy-MM</c>.</summary>
    public string? Month { get; set; }
    public decimal? Value { get; set; }
    public string? Source { get; set; }
    public bool IsWithdrawn { get; set; }

    internal static RateInput Of(ExchangeRate rate) =>
        new() { From = rate.FromCurrency, To = rate.ToCurrency, Month = rate.Month.ToString("yyyy-MM", CultureInfo.InvariantCulture), Value = rate.Value, Source = rate.Source, IsWithdrawn = rate.IsWithdrawn };

    internal string ToCsv() => $"{MoneyRows.RateHead}\n{CsvCell.Of(From)},{CsvCell.Of(To)},{CsvCell.Of(Month)},{(IsWithdrawn ? MoneyTable.Withdrawn : CsvCell.Of(Value))},{CsvCell.Of(Source)}\n";
}

/// <summary>An index in a form: a table of one row.</summary>
public sealed class IndexInput
{
    public string? Currency { get; set; }
    public int? Year { get; set; }

    /// <summary>1 to 12; null for the mean of the year.</summary>
    public int? Month { get; set; }
    public decimal? Value { get; set; }
    public string? Source { get; set; }
    public bool IsWithdrawn { get; set; }

    internal static IndexInput Of(PriceIndex index) =>
        new() { Currency = index.Currency, Year = index.Year, Month = index.Month == 0 ? null : index.Month, Value = index.Value, Source = index.Source, IsWithdrawn = index.IsWithdrawn };

    internal string ToCsv() => $"{MoneyRows.IndexHead}\n{CsvCell.Of(Currency)},{CsvCell.Of(Year)},{CsvCell.Of(Month)},{(IsWithdrawn ? MoneyTable.Withdrawn : CsvCell.Of(Value))},{CsvCell.Of(Source)}\n";
}

/// <summary>What somebody typed as a cell of a table: it never ends the cell or the line.</summary>
internal static class CsvCell
{
    public static string Of(string? text) => text is null ? "" : "\"" + text.Trim().ReplaceLineEndings(" ").Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";

    public static string Of(decimal? number) => number?.ToString("0.############################", CultureInfo.InvariantCulture) ?? "";

    public static string Of(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";
}
