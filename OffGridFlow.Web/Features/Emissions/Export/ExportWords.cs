using System.Globalization;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Web.Features.Emissions.Export;

/// <summary>A filter in words. Invariant: a file means the same wherever it was made.</summary>
internal static class ExportWords
{
    private const string Day = "yyyy-MM-dd";

    /// <summary>E.g. <c>2024-01 to 2024-12</c>.</summary>
    public static string Months(EmissionsFilter filter, SnapshotFacts facts)
    {
        var (first, last) = Range(filter, facts);
        return (first, last) switch
        {
            ({ } from, { } to) when Dates.Key(from) == Dates.Key(to) => Dates.Key(from),
            ({ } from, { } to) => $"{Dates.Key(from)} to {Dates.Key(to)}",
            ({ } from, null) => "from " + Dates.Key(from),
            (null, { } to) => "until " + Dates.Key(to),
            _ => "–",
        };
    }

    /// <summary>The rest of the filter, e.g. <c>Service is AmazonEC2; Region is not named in the bill</c>.</summary>
    public static string Filter(EmissionsFilter filter)
    {
        var words = new List<string>();
        // Months are stated beside it; days show only when they are not a month's first or last.
        if (filter.From is { Day: not 1 } from) words.Add("from " + from.ToString(Day, CultureInfo.InvariantCulture) + ", by whole months");
        if (filter.To is { } to && to != Dates.LastDay(to)) words.Add("until " + to.ToString(Day, CultureInfo.InvariantCulture) + ", by whole months");
        if (filter.Scope is { } scope) words.Add(string.Create(CultureInfo.InvariantCulture, $"Scope is {scope}"));
        if (filter.Category is { } category) words.Add("Category is " + EmissionsWords.Category(category.ToString(CultureInfo.InvariantCulture)));
        if (filter.Site is { } site) words.Add("Site is " + EmissionsWords.Key(EmissionsDimension.Site, site));
        if (filter.Service is { } service) words.Add("Service is " + EmissionsWords.Key(service));
        if (filter.Region is { } region) words.Add("Region is " + EmissionsWords.Key(region));
        if (filter.Account is { } account) words.Add("Account is " + EmissionsWords.Key(account));
        if (filter.UsageClass is { } usageClass) words.Add("Usage class is " + EmissionsWords.Name(usageClass));
        if (filter.Quality is { } quality) words.Add("Quality is " + EmissionsWords.QualityName(quality));
        if (!string.IsNullOrWhiteSpace(filter.Search)) words.Add($"Service, region or account contains “{filter.Search.Trim()}”");
        return words.Count == 0 ? "everything" : string.Join("; ", words);
    }

    /// <summary>E.g. <c>emissions-2024-01-2024-12.xlsx</c>. Made of digits only: nothing of it was typed by anybody.</summary>
    public static string FileName(EmissionsFilter filter, SnapshotFacts facts)
    {
        var (first, last) = Range(filter, facts);
        return string.Join('-', new[] { "emissions", first is { } from ? Dates.Key(from) : null, last is { } to ? Dates.Key(to) : null }.OfType<string>()) + ".xlsx";
    }

    private static (DateOnly? First, DateOnly? Last) Range(EmissionsFilter filter, SnapshotFacts facts) => (filter.From ?? facts.FirstMonth, filter.To ?? facts.LastMonth);
}
