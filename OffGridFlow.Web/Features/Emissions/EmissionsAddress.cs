using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.CloudUsage;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Web.Features.Emissions;

/// <summary>What the explorer shows, as it stands in its address: filters, grouping and the open trail.</summary>
public sealed record EmissionsAddress
{
    public const int MaximumLevels = 3;

    /// <summary>By what rows can be grouped, in the order the picker offers.</summary>
    public static readonly IReadOnlyList<EmissionsDimension> Offered =
        [EmissionsDimension.Service, EmissionsDimension.Region, EmissionsDimension.Account, EmissionsDimension.UsageClass, EmissionsDimension.Month,
            EmissionsDimension.Scope, EmissionsDimension.Category, EmissionsDimension.Site];

    private static readonly EmissionsDimension[] Ordinary = [EmissionsDimension.Service, EmissionsDimension.Region];

    /// <summary>First day, inclusive.</summary>
    public DateOnly? From { get; init; }

    /// <summary>Last day, inclusive.</summary>
    public DateOnly? To { get; init; }

    public int? Scope { get; init; }

    /// <summary>Scope 3 category; 0 asks for what has none.</summary>
    public int? Category { get; init; }

    /// <summary>The view of purchased energy, which no choice switches off.</summary>
    public Scope2Method Scope2Method { get; init; }

    /// <summary>Empty text asks for what belongs to no site; null does not restrict.</summary>
    public string? Site { get; init; }

    /// <summary>Empty text asks for what the bill does not name; null does not restrict.</summary>
    public string? Service { get; init; }
    public string? Region { get; init; }
    public string? Account { get; init; }
    public UsageClass? UsageClass { get; init; }
    public string? Search { get; init; }
    public Grouping GroupBy { get; init; } = new(Ordinary);

    /// <summary>One of <see cref="EmissionsFilter.Qualities"/>.</summary>
    public string? Quality { get; init; }

    /// <summary>Null leaves the order to the grouping.</summary>
    public ExplorerSort? Sort { get; init; }

    /// <summary>Null leaves the columns to the person's usual choice.</summary>
    public ExplorerColumns? Columns { get; init; }
    public Guid? Trail { get; init; }

    /// <summary>What decides which figures are read; the rest is how they are shown.</summary>
    public EmissionsAddress OfFigures => this with { Trail = null, Columns = null };

    /// <summary>The view of purchased energy is no restriction: it changes figures, and leaves nothing out.</summary>
    public bool IsRestricted => Filter with { Order = null, Scope2Method = default } != EmissionsFilter.All;

    public EmissionsFilter Filter => new()
    {
        From = From,
        To = To,
        Scope = Scope,
        Category = Category,
        Scope2Method = Scope2Method,
        Site = Site,
        Service = Service,
        Region = Region,
        Account = Account,
        UsageClass = UsageClass,
        Search = Search,
        Quality = Quality,
        Order = Sort?.Order,
    };

    /// <summary>Reads the query of an address; what it does not understand does not restrict.</summary>
    public static EmissionsAddress Parse(string uri)
    {
        var query = QueryHelpers.ParseQuery(new Uri(uri, UriKind.Absolute).Query);
        string? Value(string name) => query.TryGetValue(name, out var values) ? values.ToString() : null;
        return new EmissionsAddress
        {
            From = Day(Value("from"), last: false),
            To = Day(Value("to"), last: true),
            Scope = Number(Value("scope"), 1, 3),
            Category = Number(Value("category"), 0, 15),
            Scope2Method = string.Equals(Value("scope2Method"), EmissionsWords.UrlName(Scope2Method.Market), StringComparison.OrdinalIgnoreCase) ? Scope2Method.Market : Scope2Method.Location,
            Site = Value("site"),
            Service = Value("service"),
            Region = Value("region"),
            Account = Value("account"),
            UsageClass = Enum.TryParse<UsageClass>(Value("usageClass"), ignoreCase: true, out var usageClass) && Enum.IsDefined(usageClass) ? usageClass : null,
            Search = Value("q") is { Length: > 0 } q ? q : null,
            GroupBy = Value("groupBy") is { } groupBy ? Grouping.Parse(groupBy) : new Grouping(Ordinary),
            Quality = Value("quality") is { } quality && EmissionsFilter.Qualities.Contains(quality) ? quality : null,
            Sort = ExplorerSort.Parse(Value("sort")),
            Columns = Value("columns") is { } columns ? ExplorerColumns.Parse(columns) : null,
            Trail = Guid.TryParse(Value("trail"), out var trail) ? trail : null,
        };
    }

    public string ToUrl() => ToQuery() is { Length: > 0 } query ? "/emissions?" + query : "/emissions";

    /// <summary>What follows the question mark.</summary>
    public string ToQuery()
    {
        var parts = new List<KeyValuePair<string, string?>>();
        void Add(string name, string? value)
        {
            if (value is not null) parts.Add(new(name, value));
        }

        Add("from", From is { } from ? from.Day == 1 ? Dates.Key(from) : from.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : null);
        Add("to", To is { } to ? to == Dates.LastDay(to) ? Dates.Key(to) : to.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : null);
        Add("scope", Scope?.ToString(CultureInfo.InvariantCulture));
        Add("category", Category?.ToString(CultureInfo.InvariantCulture));
        if (Scope2Method != default) Add("scope2Method", EmissionsWords.UrlName(Scope2Method));
        Add("site", Site);
        Add("service", Service);
        Add("region", Region);
        Add("account", Account);
        Add("usageClass", UsageClass is { } usageClass ? EmissionsWords.UrlName(usageClass) : null);
        Add("q", Search);
        if (GroupBy != new Grouping(Ordinary)) Add("groupBy", GroupBy.ToString());
        Add("quality", Quality);
        Add("sort", Sort?.ToString());
        Add("columns", Columns?.ToString());
        Add("trail", Trail?.ToString("D", CultureInfo.InvariantCulture));
        return QueryHelpers.AddQueryString("", parts).TrimStart('?');
    }

    private static int? Number(string? text, int lowest, int highest) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= lowest && number <= highest ? number : null;

    private static DateOnly? Day(string? text, bool last)
    {
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) return day;
        return Dates.ParseMonth(text) is { } month ? last ? Dates.LastDay(month) : month : null;
    }
}
