using System.Globalization;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Infrastructure.ActivityData;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Inventory;

/// <summary>Looks whether an inventory is ready to be locked; tells all that is missing at once.</summary>
internal static class LockConditions
{
    public const string Missing = "collection-missing";

    /// <summary>Of the months that the lock would freeze, not of the period's days alone: an entry that touches one is frozen as a whole.</summary>
    public static async Task<IReadOnlyList<LockCondition>> ReadAsync(
        TenantUnit unit, ReportingPeriod period, CompletenessTable plan, CancellationToken cancellationToken)
    {
        var months = new FrozenPeriod(period.Name, IsFiled: false, period.FirstDay, period.LastDay);
        var (drafts, submitted) = (await unit.Connection.ListAsync(
            "select count(*) filter (where status = 'Draft'), count(*) filter (where status = 'Submitted') from activity_entries where period_end >= $1 and period_start <= $2",
            row => (row.GetInt64(0), row.GetInt64(1)), cancellationToken, months.First, months.Last))[0];
        var exceptions = await unit.Connection.ScalarAsync<long>(
            "select count(*) from calculation_exceptions x join activity_entries e on e.id = x.entry_id where e.period_end >= $1 and e.period_start <= $2", cancellationToken,
            months.First, months.Last);
        var (decided, approved) = (await unit.Connection.ListAsync(
            """
            select count(*), count(*) filter (where approved_at is not null)
            from (select distinct on (category) category, approved_at from boundary_decisions where period_id = $1 order by category, version desc) as latest
            """,
            row => (row.GetInt64(0), row.GetInt64(1)), cancellationToken, period.Id))[0];
        var runs = await unit.Connection.ListAsync(
            "select number from calculation_runs where state in ('Calculating', 'Proposed') order by number", row => row.GetInt32(0), cancellationToken);
        var days = FormattableString.Invariant($"from={months.First:yyyy-MM-dd}&to={months.Last:yyyy-MM-dd}");
        var year = months.Last.Year.ToString(CultureInfo.InvariantCulture);
        var open = BoundaryDecision.LastCategory - decided;
        return
        [
            Of("entries-in-draft", "Entries are submitted", drafts,
                $"{Many(drafts, "entry is a draft", "entries are drafts")}: submit what counts, delete or exclude what does not.", "No entry is a draft.", $"/activities?show=draft&{days}"),
            Of("entries-not-approved", "Entries are approved", submitted,
                $"{Many(submitted, "entry waits", "entries wait")} for approval: approve, or return with a reason.", "Every entry that counts is approved.", $"/activities?show=submitted&{days}"),
            Of("open-exceptions", "Everything is calculated", exceptions,
                $"{Many(exceptions, "entry has", "entries have")} no figure: each exception says how it is mended.", "No entry is without its figure.", "/exceptions"),
            Of("categories-not-decided", "All 15 categories of Scope 3 are decided", open,
                $"{Many(open, "category is", "categories are")} not decided: include each, leave it out with a reason, or say that it does not apply.", "All 15 categories are decided.",
                $"/screening?period={period.Id}"),
            Of("decisions-not-approved", "The decisions are approved", decided - approved,
                $"{Many(decided - approved, "decision waits", "decisions wait")} for approval by whoever may approve.", "Every decision is approved.", $"/screening?period={period.Id}"),
            Of("runs-waiting", "No calculation run waits", runs.Count,
                $"{(runs.Count == 1 ? "Run" : "Runs")} {string.Join(", ", runs)} {(runs.Count == 1 ? "waits" : "wait")} for a decision: approve or reject first, so that nobody locks what is about to change.",
                "No run waits for a decision.", "/runs"),
            new LockCondition(Missing, "The collection plan is covered", plan.Missing, IsWarning: true,
                plan.Missing == 0
                    ? (plan.Expected == 0 ? "The collection plan expects nothing in these months." : "Every month that the plan expects is there.")
                    : $"{Many(plan.Missing, "month of a source is", "months of sources are")} missing: enter or fill them, or lock with a reason that stands in the snapshot.", $"/collection?year={year}"),
        ];
    }

    private static LockCondition Of(string code, string title, long count, string missing, string met, string link) => new(code, title, count, IsWarning: false, count == 0 ? met : missing, link);

    private static string Many(long count, string one, string many) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? one : many)}");
}
