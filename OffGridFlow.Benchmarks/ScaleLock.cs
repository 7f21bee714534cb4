using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Npgsql;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Benchmarks;

/// <summary>
/// What locking costs over a large ledger: the conditions, the lock with its snapshot, evidence of it, and what the walls before a locked period take of whoever
/// writes into an open one. Through the application, in a data folder of its own, which goes afterwards.
/// </summary>
internal sealed class ScaleLock(Arguments arguments)
{
    private const int Written = 100_000;
    private const int Rounds = 3;

    private static readonly int[] LockedYears = [0, 1, 7];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var count = arguments.WordOrNull(2) is null ? 1_000_000 : arguments.Rows(2);
        await using var application = await ChildApplication.StartAsync(arguments.Text("app") ?? Repository.WebApplication(), null, cancellationToken);
        await using var owner = new NpgsqlConnection(EmbeddedServer.ConnectionString(application.DataFolder, EmbeddedServer.ApplicationDatabase));
        await owner.OpenAsync(cancellationToken);
        var tenant = await owner.ScalarAsync<Guid>("select id from tenants limit 1", cancellationToken);
        var watch = Stopwatch.StartNew();
        await ScaleInventory.FillAsync(owner, tenant, count, cancellationToken);
        foreach (var statement in Entries)
        {
            await ScaleInventory.ExecuteAsync(owner, statement, cancellationToken, tenant);
        }

        await ScaleInventory.ExecuteAsync(owner, "vacuum analyze", cancellationToken);
        Line("ledger", $"{count:N0} activities in {watch.Elapsed.TotalSeconds:F1} s");

        using var client = await ImportClient.SignInAsync(application, cancellationToken);
        var period = await owner.ScalarAsync<Guid>("select id from reporting_periods where name = 'FY2024'", cancellationToken);
        var path = FormattableString.Invariant($"/api/v1/reporting-periods/{period}");
        foreach (var round in Enumerable.Range(1, 2))
        {
            Line(round == 1 ? "conditions" : "conditions, again", $"{await SecondsAsync(() => client.GetAsync(path + "/lock", cancellationToken)):F2} s");
        }

        foreach (var round in Enumerable.Range(1, 2))
        {
            Line(round == 1 ? "lock" : "lock, again", $"{await SecondsAsync(() => client.PostAsync(path + "/lock", new { reason = "Measured" }, cancellationToken)):F2} s");
            if (round == 1)
            {
                Line("reopen", $"{await SecondsAsync(() => client.PostAsync(path + "/reopen", new { reason = "Measured" }, cancellationToken)):F2} s");
            }
        }

        foreach (var size in await owner.ListAsync(
            "select 'snapshot ' || number || ', document and papers: ' || pg_size_pretty(length(content)::bigint) || ', ' || pg_size_pretty(length(papers::text)::bigint) from inventory_snapshots order by number",
            row => row.GetString(0), cancellationToken))
        {
            Line("size", $"{size}");
        }

        await MeasureWallsAsync(owner, tenant, cancellationToken);
    }

    /// <summary>The same rows into an open year with 0, 1 and 7 other years locked, in turn, so that all meet the same machine.</summary>
    private static async Task MeasureWallsAsync(NpgsqlConnection owner, Guid tenant, CancellationToken cancellationToken)
    {
        var seconds = new Dictionary<(string What, int Locked), List<double>>();
        foreach (var locked in Enumerable.Range(0, Rounds).SelectMany(_ => LockedYears))
        {
            await ScaleInventory.ExecuteAsync(
                owner, "update reporting_periods set state = case when first_day >= make_date(2025 - $2, 1, 1) then 'Locked' else 'Open' end where tenant_id = $1", cancellationToken, tenant, locked);
            await using var transaction = await owner.BeginTransactionAsync(cancellationToken);
            await ScaleInventory.ExecuteAsync(owner, "set local role offgridflow_app", cancellationToken);
            await ScaleInventory.ExecuteAsync(owner, "select set_config('offgridflow.tenant_id', $1, true)", cancellationToken, tenant.ToString());
            foreach (var (what, statement) in Writes)
            {
                var watch = Stopwatch.StartNew();
                await ScaleInventory.ExecuteAsync(owner, statement, cancellationToken, tenant, Written);
                seconds.TryAdd((what, locked), []);
                seconds[(what, locked)].Add(watch.Elapsed.TotalSeconds);
            }

            await transaction.RollbackAsync(cancellationToken);
        }

        foreach (var (what, _) in Writes)
        {
            double Best(int locked) => seconds[(what, locked)].Min();
            Line(what, $"{Written:N0}: {Best(0):F2} s with no period locked, {Best(1):F2} s with one other ({Best(1) / Best(0):F2} ×), {Best(7):F2} s with seven ({Best(7) / Best(0):F2} ×)");
        }
    }

    private static async Task<double> SecondsAsync(Func<Task<JsonElement>> ask)
    {
        var watch = Stopwatch.StartNew();
        await ask();
        return watch.Elapsed.TotalSeconds;
    }

    private static void Line(string name, FormattableString value) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-26}{FormattableString.Invariant(value)}"));

    /// <summary>The entries of the activities, all approved, and eight years, of which all but 2025 may be locked.</summary>
    private static readonly string[] Entries =
    [
        """
        insert into activity_entries (id, tenant_id, site_id, activity_type, quantity, unit, period_start, period_end, quality, quality_indicators, status, is_accrual, confirmed,
          version, changed_by, changed_at)
        select entry_id, tenant_id, site_id, 'natural-gas', quantity, unit, period_start, period_end, 'Measured', '{}', 'Approved', false, '{}', 1, 'Ada', now()
        from activity_records where tenant_id = $1
        """,
        """
        insert into reporting_periods (id, tenant_id, name, first_day, last_day, state, version)
        select gen_random_uuid(), $1, 'FY' || year, make_date(year, 1, 1), make_date(year, 12, 31), 'Open', 1 from generate_series(2018, 2024) year
        """,
        """
        insert into boundary_decisions (period_id, category, version, tenant_id, choice, author, at, approved_by, approved_at)
        select id, category, 1, tenant_id, 'Included', 'Ada', now(), 'Grace', now() from reporting_periods, generate_series(1, 15) category where tenant_id = $1
        """,
    ];

    private static readonly (string What, string Statement)[] Writes =
    [
        (
            "entries into 2025",
            """
            insert into activity_entries (id, tenant_id, site_id, activity_type, quantity, unit, period_start, period_end, quality, quality_indicators, status, is_accrual, confirmed,
              version, changed_by, changed_at)
            select new_id(), tenant_id, site_id, activity_type, quantity, unit, period_start, period_end, 'Measured', '{}', 'Approved', false, '{}', 1, 'Ada', now()
            from activity_entries where tenant_id = $1 and period_start between '2025-03-01' and '2025-12-01' limit $2
            """),
        (
            "results that end, 2025",
            """
            with ending as (
              select distinct i.ctid from emission_records e join emission_intervals i on i.activity_id = e.activity_id and i.proposal_id is not distinct from e.proposal_id and i.to_sequence is null
              where e.tenant_id = $1 and e.month between '2025-03-01' and '2025-12-01' limit $2)
            update emission_intervals i set to_sequence = 2 from ending where i.ctid = ending.ctid
            """),
        (
            "results that begin, 2025",
            """
            insert into emission_intervals (tenant_id, activity_id, from_sequence, to_sequence)
            select distinct tenant_id, activity_id, 2, 3 from emission_records where tenant_id = $1 and month between '2025-03-01' and '2025-12-01' limit $2
            """),
    ];
}
