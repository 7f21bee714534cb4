using System.Globalization;
using OffGridFlow.Infrastructure.Inventory;

namespace OffGridFlow.Tests.Web;

/// <summary>The queries over a list in memory: grouping, filters and cursors as the contract states them.</summary>
internal sealed class FakeEmissions(IReadOnlyList<EmissionRow> rows) : IEmissionsQueries
{
    public Exception? Failure { get; set; }
    public List<EmissionsFilter> Asked { get; } = [];
    public TaskCompletionSource? Gate { get; set; }
    public bool GateTrails { get; init; } = true;
    public bool ComparisonOnly { get; init; } = true;
    public bool Replayed { get; init; } = true;

    public async Task<EmissionsSummary> SummarizeAsync(EmissionsFilter filter, IReadOnlyList<EmissionsDimension> groupBy, CancellationToken cancellationToken)
    {
        await AnswerAsync();
        Asked.Add(filter);
        var found = Matching(filter).ToList();
        var groups = found
            .GroupBy(r => string.Join('\u001f', groupBy.Select(d => Key(d, r))))
            .Select(g => new EmissionsGroup(g.Key.Split('\u001f'), Sum(g)));
        var ordered = groupBy is [EmissionsDimension.Month]
            ? groups.OrderBy(g => g.Keys[0], StringComparer.Ordinal)
            : groups.OrderByDescending(g => g.Figures.KgCo2e).AsEnumerable();
        return new EmissionsSummary([.. ordered], Sum(found), found.Count == 0 ? [] : ["ccf"], ComparisonOnly && found.Count > 0)
        {
            ComparisonMethods = ComparisonOnly && found.Count > 0 ? ["ccf"] : [],
        };
    }

    public TotalUncertainty Uncertainty { get; init; } = new(0, 0);

    public async Task<TotalUncertainty> FindUncertaintyAsync(EmissionsFilter filter, CancellationToken cancellationToken)
    {
        await AnswerAsync();
        return Uncertainty;
    }

    public async Task<EmissionsPage> ListAsync(EmissionsFilter filter, string? cursor, int limit, CancellationToken cancellationToken)
    {
        await AnswerAsync();
        var skip = cursor is null ? 0 : int.Parse(cursor, CultureInfo.InvariantCulture);
        var found = Matching(filter).OrderByDescending(r => r.Month).ThenByDescending(r => r.KgCo2e).Skip(skip).Take(limit + 1).ToList();
        return new EmissionsPage([.. found.Take(limit)], found.Count > limit ? (skip + limit).ToString(CultureInfo.InvariantCulture) : null);
    }

    public async Task<EmissionTrail?> FindTrailAsync(Guid emissionId, CancellationToken cancellationToken)
    {
        if (GateTrails) await AnswerAsync();
        return rows.FirstOrDefault(r => r.Id == emissionId) is { } row
            ? row.EntryId is null ? SampleTrail.Of(row, Replayed) : SampleTrail.OfEntry(row, Replayed)
            : null;
    }

    public Task<TrailDocument?> ListSourceLinesAsync(Guid emissionId, Guid documentId, string? cursor, CancellationToken cancellationToken) =>
        Task.FromResult<TrailDocument?>(SampleTrail.Document(first: 101, count: 26, next: null));

    public async Task<EmissionsChoices> ListChoicesAsync(CancellationToken cancellationToken)
    {
        await AnswerAsync();
        return new EmissionsChoices(
            [.. rows.Select(r => r.Month).Distinct().Order()], [.. rows.Select(r => r.Service).Distinct().Order()],
            [.. rows.Select(r => r.Region).Distinct().Order()], [.. rows.Select(r => r.Account).Distinct().Order()])
        {
            Sites = [.. rows.Where(r => r.EntryId is not null).Select(r => r.Account).Distinct().Order()],
        };
    }

    private async Task AnswerAsync()
    {
        if (Gate is not null) await Gate.Task;
        if (Failure is not null) throw Failure;
    }

    private IEnumerable<EmissionRow> Matching(EmissionsFilter filter) => rows.Where(r =>
        (filter.From is null || r.Month >= new DateOnly(filter.From.Value.Year, filter.From.Value.Month, 1)) && (filter.To is null || r.Month <= filter.To) &&
        (filter.Service is null || r.Service == filter.Service) && (filter.Region is null || r.Region == filter.Region) &&
        (filter.Account is null || r.Account == filter.Account) && (filter.UsageClass is null || r.UsageClass == filter.UsageClass) &&
        (filter.Quality is null || r.Quality == filter.Quality) && (filter.Scope is null || r.Scope == filter.Scope) &&
        (filter.Category is null || (r.Category ?? 0) == filter.Category) && (filter.Site is null || SiteOf(r) == filter.Site) &&
        (r.Scope2Method is null || string.Equals(r.Scope2Method, filter.Scope2Method.ToString(), StringComparison.OrdinalIgnoreCase)) &&
        (filter.Search is null || (r.Service + " " + r.Region + " " + r.Account).Contains(filter.Search, StringComparison.OrdinalIgnoreCase)));

    private static string SiteOf(EmissionRow row) => row.EntryId is null ? "" : row.Account;

    private static string Key(EmissionsDimension dimension, EmissionRow row) => dimension switch
    {
        EmissionsDimension.Scope => row.Scope.ToString(CultureInfo.InvariantCulture),
        EmissionsDimension.Category => (row.Category ?? 0).ToString(CultureInfo.InvariantCulture),
        EmissionsDimension.Site => SiteOf(row),
        EmissionsDimension.Month => row.Month.ToString("yyyy-MM", CultureInfo.InvariantCulture),
        EmissionsDimension.Service => row.Service,
        EmissionsDimension.Region => row.Region,
        EmissionsDimension.Account => row.Account,
        EmissionsDimension.UsageClass => row.UsageClass.ToString(),
        _ => "",
    };

    private static EmissionsFigures Sum(IEnumerable<EmissionRow> group)
    {
        var all = group.ToList();
        var without = all.Where(r => r.KgCo2e is null).ToList();
        return new EmissionsFigures
        {
            KgCo2e = all.Sum(r => r.KgCo2e ?? 0),
            OperationalKgCo2e = all.Sum(r => r.OperationalKgCo2e ?? 0),
            EmbodiedKgCo2e = all.Sum(r => r.EmbodiedKgCo2e ?? 0),
            KilowattHours = all.Sum(r => r.KilowattHours ?? 0),
            Activities = all.Count,
            ActivitiesWithoutResult = without.Count,
            SubmittedKgCo2e = all.Where(r => r.EntryStatus == Core.ActivityData.EntryStatus.Submitted).Sum(r => r.KgCo2e ?? 0),
            BiogenicKgCo2 = all.Sum(r => r.BiogenicKgCo2 ?? 0),
            MeasuredKgCo2e = all.Where(r => r.Quality == "measured").Sum(r => r.KgCo2e ?? 0),
            EstimatedKgCo2e = all.Where(r => r.Quality == "estimated").Sum(r => r.KgCo2e ?? 0),
            DefaultedKgCo2e = all.Where(r => r.Quality == "defaulted").Sum(r => r.KgCo2e ?? 0),
            Cost = Costs(all),
            UnmappedCost = Costs(without),
        };
    }

    private static Dictionary<string, decimal> Costs(IEnumerable<EmissionRow> rows) =>
        rows.SelectMany(r => r.Cost).GroupBy(c => c.Key).ToDictionary(g => g.Key, g => g.Sum(c => c.Value));
}
