using Microsoft.EntityFrameworkCore;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Core.Quantities;
using OffGridFlow.Core.Targets;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Targets;

/// <summary>What has changed for the base year since its figures were last set (docs/methods/base-year.md).</summary>
/// <param name="Sequence">The ledger number up to which it was looked.</param>
/// <param name="StructureDay">The day whose structure of the group is laid over the base year.</param>
/// <param name="Changes">Of what counts; they lead from the standing figures to <paramref name="Figures"/> to the last digit.</param>
/// <param name="Proposed">What a run that is not approved would add; null where none was asked for.</param>
/// <param name="Figures">The base year as a recalculation would write it down now.</param>
/// <param name="Unknown">Entities that joined and have no data of the base year: their effect is not in any number.</param>
public sealed record BaseYearEffects(
    BaseYearPolicy Policy, ReportingPeriod Period, BaseYearDecision Standing, long Sequence, DateOnly StructureDay, IReadOnlyList<BaseYearChange> Changes, BaseYearChange? Proposed,
    IReadOnlyList<BaseYearFigure> Figures, IReadOnlyList<string> Unknown)
{
    public BaseYearSignificance Significance { get; } = BaseYearSignificance.Of(Policy, ScopeKilograms.Of(Standing.Figures), Changes);

    /// <summary>With the proposed run; the same as without where there is none.</summary>
    public BaseYearSignificance SignificanceWith { get; } =
        BaseYearSignificance.Of(Policy, ScopeKilograms.Of(Standing.Figures), Proposed is null ? Changes : [.. Changes, Proposed]);

    /// <summary>The latest decision, if it was made on exactly these changes; null where nobody decided on them.</summary>
    public BaseYearDecision? Decided { get; init; }

    /// <summary>Somebody has to decide whether the base year is recalculated.</summary>
    public bool NeedsDecision => Significance.IsSignificant && Decided is null;
}

/// <summary>Works out <see cref="BaseYearEffects"/>.</summary>
internal static class BaseYearEvaluation
{
    private const string NotAssigned = "Cloud accounts of no entity";

    /// <summary>Null where no policy is approved.</summary>
    /// <param name="runId">A run that is proposed.</param>
    public static async Task<BaseYearEffects?> FindAsync(TenantUnit unit, DateOnly day, Guid? runId, CancellationToken cancellationToken)
    {
        if (await BaseYears.PolicyAsync(unit, cancellationToken) is not { } policy || await BaseYears.StandingAsync(unit, cancellationToken) is not { } standing)
        {
            return null;
        }

        var period = await unit.Context.ReportingPeriods.SingleAsync(row => row.Id == policy.PeriodId, cancellationToken);
        var sequence = await BaseYears.SequenceAsync(unit, cancellationToken);
        var structure = await PeriodLedger.StructureAsync(unit, policy.Approach, period.FirstDay, period.LastDay, cancellationToken);
        var byDays = new GroupBoundary(policy.Approach, structure);
        // Figures that were recalculated stand under the structure of that day; the first ones under that of their own days.
        var (stood, proForma) = (standing.Choice == BaseYearChoice.Set ? byDays : byDays.On(standing.StructureDay), byDays.On(day));
        // With the group as it is on one day nothing changes within a month.
        var cells = await PeriodLedger.CellsAsync(unit, period.FirstDay, period.LastDay, withTypes: false, divided: [], cancellationToken);
        var moves = await PeriodLedger.MovesAsync(unit, standing.Sequence, period.FirstDay, period.LastDay, stood.Divided(period.FirstDay, period.LastDay), cancellationToken);

        var changes = await LedgerChangesAsync(unit, moves, stood, cancellationToken);
        changes.AddRange(Structural(structure, period, cells, moves, standing, stood, proForma));
        var proposed = runId is { } run ? await ProposedAsync(unit, run, period, stood, cancellationToken) : null;
        var latest = await unit.Context.BaseYearDecisions.OrderByDescending(decision => decision.Number).ThenByDescending(decision => decision.Version).FirstOrDefaultAsync(cancellationToken);
        return new BaseYearEffects(
            policy, period, standing, sequence, day, changes, proposed, PeriodFigures.Of(cells, proForma), Unknown(structure, period, cells, byDays, proForma))
        {
            Decided = latest is not null && latest.Number > standing.Number && Same(latest.Changes, changes) ? latest : null,
        };
    }

    /// <summary>Each approved run for itself; all else that moved the base year's data together.</summary>
    private static async Task<List<BaseYearChange>> LedgerChangesAsync(TenantUnit unit, List<LedgerMove> moves, GroupBoundary stood, CancellationToken cancellationToken)
    {
        var runs = (await unit.Connection.ListAsync(
            "select approved_sequence, id, number, title from calculation_runs where approved_sequence = any($1)",
            row => (Sequence: row.GetInt64(0), Id: row.GetGuid(1), Title: FormattableString.Invariant($"Run {row.GetInt32(2)}: {row.GetString(3)}")), cancellationToken,
            (object)moves.Select(move => move.Sequence!.Value).Distinct().ToArray())).ToDictionary(run => run.Sequence);
        var changes = new List<BaseYearChange>();
        foreach (var group in moves.GroupBy(move => runs.ContainsKey(move.Sequence!.Value) ? move.Sequence!.Value : 0).OrderBy(group => group.Key == 0).ThenBy(group => group.Key))
        {
            var kg = ScopeKilograms.Of(PeriodFigures.Of(group, stood));
            if (kg != ScopeKilograms.Zero)
            {
                changes.Add(group.Key == 0
                    ? new BaseYearChange(BaseYearTrigger.Error, "Data of the base year corrected or added", null, kg)
                    : new BaseYearChange(BaseYearTrigger.Method, runs[group.Key].Title, runs[group.Key].Id, kg));
            }
        }

        return changes;
    }

    /// <summary>What each entity's base year would be as the group is on the day, less what it stands at without the changes of the ledger.</summary>
    private static IEnumerable<BaseYearChange> Structural(
        GroupStructure structure, ReportingPeriod period, List<LedgerCell> cells, List<LedgerMove> moves, BaseYearDecision standing, GroupBoundary stood, GroupBoundary proForma)
    {
        var now = ByEntity(PeriodFigures.Of(cells, proForma));
        var unchanged = ByEntity(PeriodFigures.Of(moves, stood));
        var stand = ByEntity(standing.Figures);
        return now.Keys.Concat(unchanged.Keys).Concat(stand.Keys).Distinct()
            .Select(entity => (
                Entity: entity,
                // Under the boundary of the day, less what stood and what the ledger moved since: the rest is the structure's.
                Kg: Find(now, entity).Minus(Find(stand, entity)).Minus(Find(unchanged, entity))))
            .Where(change => change.Kg != ScopeKilograms.Zero)
            .OrderByDescending(change => Math.Abs(change.Kg.Scope1) + Math.Abs(change.Kg.Scope2Location) + Math.Abs(change.Kg.Scope3))
            .Select(change => new BaseYearChange(BaseYearTrigger.Structural, Title(structure, period, change.Entity, stood, proForma), null, change.Kg));

        static ScopeKilograms Find(Dictionary<Guid, ScopeKilograms> sums, Guid entity) => sums.GetValueOrDefault(entity, ScopeKilograms.Zero);
    }

    private static string Title(GroupStructure structure, ReportingPeriod period, Guid entity, GroupBoundary stood, GroupBoundary proForma)
    {
        if (entity == Guid.Empty)
        {
            return NotAssigned + ": assigned or not";
        }

        var name = structure.Entities.GetValueOrDefault(entity, "An entity that was removed");
        var (was, now) = (Mean(stood, entity, period), Mean(proForma, entity, period));
        return was == now
            ? name + ": holdings, leases or cloud accounts"
            : FormattableString.Invariant($"{name}: {was * 100m:0.##} % of it before, {now * 100m:0.##} % now");
    }

    private static async Task<BaseYearChange?> ProposedAsync(TenantUnit unit, Guid runId, ReportingPeriod period, GroupBoundary stood, CancellationToken cancellationToken)
    {
        var run = (await unit.Connection.ListAsync(
            "select proposal_id, number, title from calculation_runs where id = $1 and state = 'Proposed' and proposal_id is not null",
            row => (Proposal: row.GetGuid(0), Title: FormattableString.Invariant($"Run {row.GetInt32(1)}: {row.GetString(2)}")), cancellationToken, runId)).SingleOrDefault();
        if (run.Title is null)
        {
            return null;
        }

        var moves = await PeriodLedger.ProposedAsync(unit, run.Proposal, period.FirstDay, period.LastDay, stood.Divided(period.FirstDay, period.LastDay), cancellationToken);
        return new BaseYearChange(BaseYearTrigger.Method, run.Title, runId, ScopeKilograms.Of(PeriodFigures.Of(moves, stood)));
    }

    private static List<string> Unknown(GroupStructure structure, ReportingPeriod period, List<LedgerCell> cells, GroupBoundary byDays, GroupBoundary proForma)
    {
        var known = cells.Select(cell => cell.Place.SiteId).OfType<Guid>().Distinct().Where(structure.EntityOfSite.ContainsKey).Select(site => structure.EntityOfSite[site]).ToHashSet();
        return
        [
            .. structure.Entities.Where(entity => !known.Contains(entity.Key) && Mean(byDays, entity.Key, period) < Mean(proForma, entity.Key, period))
                .Select(entity => entity.Value).Order(StringComparer.Ordinal),
        ];
    }

    private static decimal Mean(GroupBoundary boundary, Guid entity, ReportingPeriod period)
    {
        var (sum, months) = (0m, 0);
        for (var month = PeriodLedger.FirstMonth(period.FirstDay); month <= period.LastDay; month = month.AddMonths(1))
        {
            (sum, months) = (sum + boundary.ShareOf(entity, month), months + 1);
        }

        return Exact.Ratio(sum, 1m, months);
    }

    private static Dictionary<Guid, ScopeKilograms> ByEntity(IEnumerable<BaseYearFigure> figures) =>
        figures.GroupBy(figure => figure.Entity ?? Guid.Empty).ToDictionary(group => group.Key, group => ScopeKilograms.Of(group));

    /// <summary>The same sum of each kind: titles may have changed with a name.</summary>
    private static bool Same(IReadOnlyList<BaseYearChange> one, IReadOnlyList<BaseYearChange> other) => Enum.GetValues<BaseYearTrigger>().All(kind => Sum(one, kind) == Sum(other, kind));

    private static ScopeKilograms Sum(IEnumerable<BaseYearChange> changes, BaseYearTrigger kind) =>
        changes.Where(change => change.Kind == kind).Aggregate(ScopeKilograms.Zero, (sum, change) => sum.Plus(change.Kg));
}
