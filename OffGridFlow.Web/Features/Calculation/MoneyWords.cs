using System.Globalization;
using System.Text.RegularExpressions;
using OffGridFlow.Core.ActivityData;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Infrastructure.Calculation;
using OffGridFlow.Infrastructure.Organizations;
using OffGridFlow.Web.Features.Organizations;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Web.Features.Calculation;

/// <summary>Rates, indices and account maps in words.</summary>
internal static partial class MoneyWords
{
    /// <summary>The sentence over the page.</summary>
    public static string Finding(MoneyModel model)
    {
        var currencies = model.Rates.SelectMany(rate => new[] { rate.FromCurrency, rate.ToCurrency }).Distinct().Count();
        return (model.Rates.Count, model.Indices.Count) switch
        {
            (0, 0) => "No rate and no price index is loaded",
            (0, _) => "No rate of exchange is loaded",
            var (rates, _) =>
                $"{Format.Count(rates)} monthly {(rates == 1 ? "rate" : "rates")} of {Format.Count(currencies)} currencies, up to {Dates.Month(model.Rates.Max(rate => rate.Month))}",
        };
    }

    public static string NameOf(AccountMap map) => (map.Vendor, map.Account) switch
    {
        ({ } vendor, { } account) => $"{vendor}, account {account}",
        ({ } vendor, null) => vendor,
        var (_, account) => "Account " + account,
    };

    /// <summary>E.g. <c>March 2025</c>, or <c>2025, mean of the year</c>.</summary>
    public static string Period(PriceIndex index) =>
        index.Month == 0 ? index.Year.ToString(CultureInfo.InvariantCulture) + ", mean of the year" : Dates.Month(new DateOnly(index.Year, index.Month, 1));

    public static string Days(DateOnly? from, DateOnly? to) => (from, to) switch
    {
        (null, null) => "Always",
        ({ } first, null) => "From " + Dates.Day(first),
        (null, { } last) => "Until " + Dates.Day(last),
        ({ } first, { } last) => $"{Dates.Day(first)} to {Dates.Day(last)}",
    };

    /// <summary>Null for what was saved. Of a table of one row the column is the field.</summary>
    public static Refusal? RefusalOf(MoneyOutcome outcome) => outcome.Faults.Count == 0 ? null
        : new Refusal(
            [.. outcome.Faults.Where(fault => fault.Column.Length > 0).Select(fault => new FieldFault(fault.Column, fault.Message.Replace(
                MoneyWording.Replacing, "Change it in its row instead.", StringComparison.Ordinal)))],
            outcome.Faults.FirstOrDefault(fault => fault.Column.Length == 0)?.Message);

    /// <summary>Where what an exception lacks can be written down, with the form filled; null for an exception of another kind.</summary>
    /// <param name="message">As <c>Faults</c> words it.</param>
    public static string? Mend(string code, string message) => code switch
    {
        "no-exchange-rate" when Rate().Match(message) is { Success: true } rate => $"/rates?from={rate.Groups["from"]}&to={rate.Groups["to"]}&month={rate.Groups["month"]}",
        "no-price-index" when Index().Match(message) is { Success: true } index => $"/rates?show=indices&currency={index.Groups["currency"]}&year={index.Groups["year"]}",
        _ => null,
    };

    /// <summary>Where an entry's vendor and account can be mapped; null where it names none.</summary>
    public static string? MapOf(string? vendor, string? account) => vendor is null && account is null ? null
        : "/rates?show=accounts" + (vendor is null ? "" : "&vendor=" + Uri.EscapeDataString(vendor)) + (account is null ? "" : "&account=" + Uri.EscapeDataString(account));

    [GeneratedRegex("from (?<from>[A-Z]{3}) to (?<to>[A-Z]{3}) is known for (?<month>[0-9]{4}-[0-9]{2})", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Rate();

    [GeneratedRegex("index of (?<currency>[A-Z]{3}) is known for (?<year>[0-9]{4})", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Index();
}
