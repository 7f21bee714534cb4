using System.Globalization;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Infrastructure.Targets;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Web.Features.Overview;

/// <summary>Reads what Overview shows. The questions go out together: each has a connection of its own.</summary>
public sealed class OverviewService(IEmissionsQueries emissions, IDecompositionQueries years, TimeProvider time)
{
    private const int Movers = 6;
    private static readonly string[] Scopes = ["1", "2", "3"];

    /// <summary>Null when the ledger holds nothing in the period.</summary>
    public async Task<OverviewModel?> LoadAsync(DateOnly? from, DateOnly? to, CancellationToken cancellationToken)
    {
        var filter = new EmissionsFilter { From = from, To = to };
        var byMonth = await emissions.SummarizeAsync(filter, [EmissionsDimension.Month], cancellationToken);
        if (byMonth.Total.Activities == 0) return null;

        var months = Fill(byMonth.Groups, await GroupAsync(filter, cancellationToken, EmissionsDimension.Month, EmissionsDimension.Scope));
        var choices = emissions.ListChoicesAsync(cancellationToken);
        var statement = GroupAsync(filter, cancellationToken, EmissionsDimension.Scope, EmissionsDimension.Category);
        var services = GroupAsync(filter, cancellationToken, EmissionsDimension.Service);
        var regions = GroupAsync(filter, cancellationToken, EmissionsDimension.Region);
        var accounts = GroupAsync(filter, cancellationToken, EmissionsDimension.Account);
        var hotSpots = GroupAsync(filter, cancellationToken, EmissionsDimension.Service, EmissionsDimension.Region, EmissionsDimension.Scope, EmissionsDimension.Category, EmissionsDimension.Site);
        var market = emissions.SummarizeAsync(filter with { Scope = 2, Scope2Method = Scope2Method.Market }, [], cancellationToken);
        var uncertainty = emissions.FindUncertaintyAsync(filter, cancellationToken);
        var movement = CompareAsync(months, cancellationToken);
        var compared = from is { } first && to is { } last ? years.CompareAsync(first, new DateOnly(last.Year, last.Month, 1), cancellationToken) : Task.FromResult<YearComparison?>(null);
        await Task.WhenAll(choices, statement, services, regions, accounts, hotSpots, market, uncertainty, movement, compared);
        var causes = await compared is { Previous: { } before, PreviousKg: not null } comparison
            ? await years.FindAsync(before.Id, comparison.Period.Id, null, Scope2Method.Location, cancellationToken) : null;
        var beside = await compared;
        var counted = beside?.Kg.Total(Scope2Method.Location);
        return new OverviewModel
        {
            FirstMonth = months[0].Month,
            LastMonth = months[^1].Month,
            Total = byMonth.Total,
            Methods = byMonth.Methods,
            ComparisonOnly = byMonth.ComparisonOnly,
            ComparisonMethods = byMonth.ComparisonMethods,
            MarketBased = (await market).Total is { Activities: > 0 } bought ? bought : null,
            Months = months,
            Statement = await statement,
            Services = await services,
            Regions = await regions,
            Accounts = await accounts,
            HotSpots = await hotSpots,
            Uncertainty = await uncertainty,
            Movement = await movement,
            Years = beside is not null && counted == byMonth.Total.KgCo2e && (beside.PreviousKg is not null || beside.BaseKg is not null || beside.PathByScope.Count > 0) ? beside : null,
            // Where nothing counts there is no inventory to speak of: no data is not zero.
            Inventory = counted is { } kg && kg != 0 && kg != byMonth.Total.KgCo2e ? new PeriodInventory(beside!.Period, kg) : null,
            Causes = causes,
            AllMonths = (await choices).Months,
        };
    }

    private async Task<IReadOnlyList<EmissionsGroup>> GroupAsync(EmissionsFilter filter, CancellationToken cancellationToken, params EmissionsDimension[] by) =>
        (await emissions.SummarizeAsync(filter, by, cancellationToken)).Groups;

    private static List<MonthFigures> Fill(IReadOnlyList<EmissionsGroup> groups, IReadOnlyList<EmissionsGroup> byScope)
    {
        var scopes = byScope.ToLookup(g => g.Keys[0], g => (Scope: g.Keys[1], g.Figures.KgCo2e));
        var known = groups
            .Select(g => new MonthFigures(Dates.ParseMonth(g.Keys[0]) ?? throw new FormatException($"“{g.Keys[0]}” is not a month"), g.Figures)
            {
                ScopesKg = [.. Scopes.Select(scope => scopes[g.Keys[0]].Where(part => part.Scope == scope).Sum(part => part.KgCo2e))],
            })
            .ToDictionary(m => m.Month);
        var months = new List<MonthFigures>();
        for (var month = known.Keys.Min(); month <= known.Keys.Max(); month = month.AddMonths(1))
            months.Add(known.GetValueOrDefault(month) ?? new MonthFigures(month, null));
        return months;
    }

    /// <summary>A month is full once it has ended; only neighbors are compared.</summary>
    private async Task<Movement?> CompareAsync(List<MonthFigures> months, CancellationToken cancellationToken)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        var full = months.Where(m => m.Figures is not null && Dates.LastDay(m.Month) < today).TakeLast(2).ToList();
        if (full.Count < 2 || full[0].Month.AddMonths(1) != full[1].Month) return null;

        var (before, after) = (full[0], full[1]);
        var summary = await emissions.SummarizeAsync(
            new EmissionsFilter { From = before.Month, To = Dates.LastDay(after.Month) }, [EmissionsDimension.Month, EmissionsDimension.Service], cancellationToken);
        var movers = summary.Groups
            .GroupBy(g => g.Keys[1], StringComparer.Ordinal)
            .Select(g => new Mover(g.Key, Sum(g, before.Month), Sum(g, after.Month)))
            .OrderByDescending(m => Math.Abs(m.ChangeKg))
            .ToList();
        var smallest = MissingKg(before.Figures!) + MissingKg(after.Figures!);
        return new Movement(before.Month, after.Month, smallest, [.. movers.Where(m => m.ChangeKg != 0 && Math.Abs(m.ChangeKg) > smallest).Take(Movers)]);
    }

    private static decimal Sum(IEnumerable<EmissionsGroup> groups, DateOnly month)
    {
        var key = month.ToString("yyyy-MM", CultureInfo.InvariantCulture);
        return groups.Where(g => g.Keys[0] == key).Sum(g => g.Figures.KgCo2e);
    }

    /// <summary>What is missing has no mass; it is valued as if it emitted per cost what the rest does: m × u / (1 − u), u the share of cost without a figure.</summary>
    internal static decimal MissingKg(EmissionsFigures figures)
    {
        var share = Coverage.MissingShare(figures);
        return share switch
        {
            0 => 0,
            // Nothing with a figure has a cost to compare with: as much again may be missing.
            >= 1 => figures.KgCo2e,
            _ => figures.KgCo2e * share / (1 - share),
        };
    }
}
