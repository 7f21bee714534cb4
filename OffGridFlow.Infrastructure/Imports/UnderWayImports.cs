using System.Globalization;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Imports;

/// <summary>An account and billing month that an import brings, which is waiting or running.</summary>
internal sealed record UnderWayImport(BillPeriod Period, string FileName)
{
    public ConflictPeriod ToConflict(long newRows) => new(
        Period.Provider, Period.Account, Period.BillingMonth, UnderWay: true, 0, new Dictionary<string, decimal>(), FileName, newRows);
}

/// <summary>Imports that have not ended, by what they load: their jobs' lanes say it.</summary>
internal static class UnderWayImports
{
    /// <summary>One lane per account and billing month: two imports of one wait for each other.</summary>
    public static List<string> LanesOf(IEnumerable<BillPeriod> periods) =>
        [.. periods.Select(LaneOf).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <param name="except">A job that does not count.</param>
    public static async Task<List<UnderWayImport>> FindAsync(
        TenantUnit unit, IReadOnlyCollection<BillPeriod> periods, Guid? except, CancellationToken cancellationToken)
    {
        var byLane = periods.ToDictionary(LaneOf, StringComparer.Ordinal);
        return await unit.Connection.ListAsync(
            """
            select lane, i.file_name
            from (select lane, min(j.id::text)::uuid as job_id from job_runs j, unnest(j.lanes) as lane
              where j.kind = $1 and j.state in ('Queued', 'Running') and j.id is distinct from $3 and lane = any($2) group by lane) as taken
            join imports i on i.job_run_id = taken.job_id
            order by lane
            """,
            row => new UnderWayImport(byLane[row.GetString(0)], row.GetString(1)),
            cancellationToken, ImportJob.JobKind, byLane.Keys.ToArray(), Sql.Uuid(except));
    }

    public static string Describe(List<UnderWayImport> underWay)
    {
        var first = underWay[0].Period;
        var others = underWay.Count == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" and {underWay.Count - 1} more");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Account {first.Account}, {first.BillingMonth:MMMM yyyy}{others} is still being imported, from “{underWay[0].FileName}”. Nothing was changed. Wait for its end, or send the file again now with mode=replace to take its place, or with mode=append to add to it: it then waits for its turn.");
    }

    private static string LaneOf(BillPeriod period) =>
        string.Create(CultureInfo.InvariantCulture, $"{period.Provider}/{period.Account}/{period.BillingMonth:yyyy-MM}");
}
