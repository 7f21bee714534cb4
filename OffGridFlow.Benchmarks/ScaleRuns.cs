using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Calculation.Runs;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Core.Jobs;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Infrastructure.Calculation;
using OffGridFlow.Infrastructure.Calculation.Runs;
using OffGridFlow.Infrastructure.EmissionFactors;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Infrastructure.Jobs;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.Embedded;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;
using OffGridFlow.Infrastructure.Targets;
using Quartz;

namespace OffGridFlow.Benchmarks;

/// <summary>
/// Calculation runs at a size: a ledger filled by a run, then one that changes nothing, one that changes one entry in a hundred, and one that changes all;
/// each with its approval and rollback. On a server of its own, which goes afterwards unless it is kept; on a kept one, the last of the runs again.
/// </summary>
internal sealed class ScaleRuns(Arguments arguments)
{
    private const int Sites = 200;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var count = arguments.WordOrNull(2) is null ? 1_000_000 : arguments.Rows(2);
        var kept = arguments.Text("on");
        var folder = kept ?? Directory.CreateTempSubdirectory("offgridflow-runs-").FullName;
        try
        {
            await using var server = await EmbeddedPostgres.StartAsync(
                new EmbeddedPostgresOptions { DataDirectory = Path.Combine(folder, "postgres"), BinariesPath = arguments.Text("binaries") }, NullLogger.Instance, cancellationToken);
            await using var database = new Database(server.ConnectionString);
            await new DatabaseMigrator(database, NullLogger<DatabaseMigrator>.Instance).MigrateAsync(null, cancellationToken);
            var reference = new CalculationReference();
            var factors = new FactorReference(reference.Library.Units, reference.Library.Regions, reference.Library.Gwp, reference.Library.Types);
            await new FactorSetLoader(database, factors, TimeProvider.System, NullLogger<FactorSetLoader>.Instance).LoadAsync(reference.Sets, cancellationToken);
            using var world = new World(server, database, kept is null ? Guid.CreateVersion7() : await TenantAsync(database, cancellationToken), reference, factors);
            if (kept is null)
            {
                await MeasureAsync(world, database, count, cancellationToken);
            }
            else
            {
                await world.ChangeAllAsync(cancellationToken);
            }

            foreach (var size in await SizesAsync(database, cancellationToken))
            {
                Print($"size        {size}");
            }
        }
        finally
        {
            if (kept is not null || arguments.Text("keep") == "yes")
            {
                Print($"kept in     {folder}");
            }
            else
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private async Task MeasureAsync(World world, Database database, long count, CancellationToken cancellationToken)
    {
        await ExecuteAsync(database, "select create_tenant($1, 'A company', false, gen_random_uuid(), 'a@b.example', 'A@B.EXAMPLE', 'Ada', 'hash', 'stamp')", cancellationToken, world.Tenant);
        var watch = Stopwatch.StartNew();
        await FillAsync(database, world.Tenant, count, cancellationToken);
        Print($"entries     {count:N0} at {Sites} sites in {watch.Elapsed.TotalSeconds:F1} s");

        // A ledger of results as entries make them, by way of a run over all of them.
        await world.RunAsync("all new", null, rollBack: false, cancellationToken);
        await ExecuteAsync(database, "vacuum analyze", cancellationToken);
        if (arguments.Text("years") == "yes")
        {
            await world.CompareYearsAsync(cancellationToken);
            return;
        }

        await world.RunAsync("no change", null, rollBack: false, cancellationToken);
        await world.RunAsync("1 in 100", new CalculationPolicy { FixedEditions = new Dictionary<(string, int), int> { [("egrid", 2025)] = 2022 } }, rollBack: true, cancellationToken);
        if (arguments.Text("all") != "no")
        {
            await world.ChangeAllAsync(cancellationToken);
        }
    }

    private static async Task<Guid> TenantAsync(Database database, CancellationToken cancellationToken)
    {
        await using var owner = await database.Owner.OpenConnectionAsync(cancellationToken);
        return await owner.ScalarAsync<Guid>("select id from tenants", cancellationToken);
    }

    /// <summary>A month each of three years; fuels in Britain, electricity in three countries. Electricity of California in 2025 is one in a hundred.</summary>
    private static async Task FillAsync(Database database, Guid tenant, long count, CancellationToken cancellationToken)
    {
        await ExecuteAsync(
            database,
            """
            with company as (
              insert into organizations (id, tenant_id, name, country, version) values (gen_random_uuid(), $1, 'A company', 'GB', 1) returning id)
            insert into sites (id, tenant_id, organization_id, name, country, region, version)
            select ('0199a7c2-0000-7000-8000-' || lpad(i::text, 12, '0'))::uuid, $1, company.id, 'Site ' || i, (array['GB', 'GB', 'DE', 'US'])[i % 4 + 1],
              (array['GB', 'GB', 'DE', 'US-CAMX'])[i % 4 + 1], 1
            from generate_series(0, $2 - 1) i, company
            """,
            cancellationToken, tenant, Sites);
        await ExecuteAsync(
            database,
            """
            insert into activity_entries (id, tenant_id, site_id, activity_type, quantity, unit, period_start, period_end, quality, quality_indicators, status, is_accrual, confirmed,
              version, changed_by, changed_at)
            select new_id(), $1, ('0199a7c2-0000-7000-8000-' || lpad(site::text, 12, '0'))::uuid, case when us and i % 100 >= 88 then 'electricity' when de then 'electricity'
                else (array['natural-gas', 'diesel', 'petrol'])[i % 3 + 1] end,
              1 + (i * 7919 % 1000003) / 100.0, case when (us and i % 100 >= 88) or de then 'kWh' else (array['kWh (Gross CV)', 'l', 'l'])[i % 3 + 1] end,
              month, (month + interval '1 month - 1 day')::date, 'Measured', '{}', 'Approved', false, '{}', 1, 'Ada', now()
            from generate_series(0, $2::bigint - 1) i
            cross join lateral (select ((i * 31 + i / 200) % $3)::integer as site) s
            cross join lateral (select site % 4 = 3 as us, site % 4 = 2 as de, (date '2024-01-01' + (i / 7 % 36)::integer * interval '1 month')::date as month) k
            """,
            cancellationToken, tenant, count, Sites);
        // As entries stand whose results a run has still to bring.
        await ExecuteAsync(
            database,
            """
            insert into activity_records (id, tenant_id, key, version, provider, account, service, region, usage_class, period_start, period_end, quantity, unit,
              line_count, cost, currency, entry_id, entry_version, entry_status, site_id, recorded_at)
            select new_id(), e.tenant_id, 'entry/' || e.id, 1, 'entry', s.name, case e.activity_type when 'natural-gas' then 'Natural gas' when 'electricity' then 'Electricity'
                when 'diesel' then 'Diesel' else 'Petrol' end, s.region, 'None', e.period_start, e.period_end, e.quantity, e.unit, 1, 0, '', e.id, 1, 'Approved', s.id, now()
            from activity_entries e join sites s on s.id = e.site_id
            """,
            cancellationToken);
        await ExecuteAsync(
            database,
            "insert into entry_results (entry_id, tenant_id, activity_id, fingerprint, sequence) select entry_id, tenant_id, id, '\\x00', 0 from activity_records", cancellationToken);
        await ExecuteAsync(database, "insert into emission_intervals (tenant_id, activity_id, from_sequence) select tenant_id, id, 0 from activity_records", cancellationToken);
        await ExecuteAsync(database, "vacuum analyze", cancellationToken);
    }

    private static async Task<List<string>> SizesAsync(Database database, CancellationToken cancellationToken)
    {
        await using var owner = await database.Owner.OpenConnectionAsync(cancellationToken);
        return await owner.ListAsync(
            """
            select relname || ' ' || reltuples::bigint || ' rows, ' || pg_size_pretty(pg_total_relation_size(oid)) from pg_class
            where relname in ('activity_entries', 'activity_records', 'emission_records', 'emission_intervals', 'entry_results', 'calculation_run_changes') order by 1
            """,
            row => row.GetString(0), cancellationToken);
    }

    private static async Task ExecuteAsync(Database database, string sql, CancellationToken cancellationToken, params object?[] parameters)
    {
        await using var owner = await database.Owner.OpenConnectionAsync(cancellationToken);
        await using var command = owner.Command(sql, parameters);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static void Print(FormattableString text) => Console.WriteLine(FormattableString.Invariant(text));

    /// <summary>The services as a request and a job have them.</summary>
    private sealed class World : IDisposable
    {
        private readonly EmbeddedPostgres _server;
        private readonly Database _database;
        private readonly Guid _tenant;
        private readonly TenantDatabase _tenants;
        private readonly CalculationInputsReader _inputs;
        private readonly CalculationRuns _runs;
        private readonly RunQueries _queries;
        private readonly InventoryQueries _inventory;
        private readonly LedgerCache _answers = new();
        private readonly MonthlyTotalsCache _totals = new();
        private readonly CurrentUser _user = new();
        private readonly CalculationReference _reference;

        public World(EmbeddedPostgres server, Database database, Guid tenant, CalculationReference reference, FactorReference factors)
        {
            (_server, _database, _tenant) = (server, database, tenant);
            var user = _user;
            _reference = reference;
            user.Become(new Actor(tenant, Guid.CreateVersion7(), "Ada Lindqvist", TenantRole.Admin));
            _tenants = new TenantDatabase(
                new DbContextOptionsBuilder<OffGridFlowDbContext>().UseNpgsql(database.App).AddInterceptors(new TenantWriteInterceptor(), new TenantTransactionInterceptor()).Options,
                user, TimeProvider.System);
            _inputs = new CalculationInputsReader(reference, new TenantFactors(factors), new CalculationPolicies());
            _runs = new CalculationRuns(
                _tenants, user, _inputs, new EntryLedger(_inputs, TimeProvider.System), _totals, new JobQueue(Schedulers(), TimeProvider.System, NullLogger<JobQueue>.Instance),
                TimeProvider.System);
            _inventory = new InventoryQueries(_tenants, user, _answers, _totals);
            _queries = new RunQueries(_tenants, user);
        }

        public Guid Tenant => _tenant;

        public void Dispose()
        {
            _answers.Dispose();
            _totals.Dispose();
        }

        /// <summary>One that has nobody to wake: the measurement runs the job itself.</summary>
        private static ISchedulerFactory Schedulers()
        {
            var services = new ServiceCollection();
            services.AddLogging();
            services.AddQuartz(_ => { });
            return services.BuildServiceProvider().GetRequiredService<ISchedulerFactory>();
        }

        /// <summary>Causes of the change from one year to the next, effects on the base year, and a target's path.</summary>
        public async Task CompareYearsAsync(CancellationToken cancellationToken)
        {
            await ExecuteAsync(
                _database,
                """
                insert into reporting_periods (id, tenant_id, name, first_day, last_day, state, version)
                select gen_random_uuid(), $1, 'FY' || year, make_date(year, 1, 1), make_date(year, 12, 31), 'Open', 1 from generate_series(2024, 2026) year
                """,
                cancellationToken, _tenant);
            using var cache = new LedgerCache();
            var years = new BaseYearService(_tenants, _user, TimeProvider.System);
            var targets = new TargetQueries(_tenants, _user);
            var causes = new DecompositionQueries(_tenants, _user, cache, _reference);
            var periods = await targets.ListPeriodsAsync(cancellationToken);
            await years.SaveAsync(0, new BaseYearPolicyInput { PeriodId = periods[^1].Id }, cancellationToken);
            await years.ApproveAsync(1, cancellationToken);
            await new TargetService(_tenants, _user).CreateAsync(
                new TargetInput { Name = "All", Scopes = [1, 2, 3], BasePeriodId = periods[^1].Id, TargetYear = 2030, Reduction = 0.42m }, cancellationToken);
            for (var round = 0; round < 3; round++)
            {
                var watch = Stopwatch.StartNew();
                var report = await causes.FindAsync(periods[^1].Id, periods[^2].Id, null, Scope2Method.Location, cancellationToken);
                Print($"causes      {report!.Causes.Sources.Count} sources in {watch.Elapsed.TotalMilliseconds:F0} ms");
                watch.Restart();
                await years.FindEffectsAsync(null, cancellationToken);
                Print($"base year   effects in {watch.Elapsed.TotalMilliseconds:F0} ms");
                watch.Restart();
                await targets.ListAsync(cancellationToken);
                Print($"target      path in {watch.Elapsed.TotalMilliseconds:F0} ms");
            }
        }

        public Task ChangeAllAsync(CancellationToken cancellationToken) =>
            RunAsync("all change", new CalculationPolicy { Gwp = GwpSet.Ar6 }, rollBack: true, cancellationToken);

        public async Task RunAsync(string what, CalculationPolicy? policy, bool rollBack, CancellationToken cancellationToken)
        {
            var proposed = (RunOutcomeOf.Done)await _runs.ProposeAsync(new RunInput(RunKind.Factors, what, null, policy, [], []), cancellationToken);
            var id = proposed.Run.Id;
            await ExecuteAsync(_database, "update job_runs set state = 'Running', fence = 1, attempts = 1 where id = $1", cancellationToken, proposed.Run.JobId);
            var job = new JobContext(new JobRun
            {
                Id = proposed.Run.JobId!.Value, TenantId = _tenant, Kind = RunJob.JobKind, SubjectId = id, State = JobState.Running, Attempts = 1, Fence = 1, QueuedAt = TimeProvider.System.GetUtcNow(),
            });
            var (watch, spent, served, paused, allocated) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime, ProcessTime.OfServer(_server.ProcessId), GC.GetTotalPauseDuration(), GC.GetTotalAllocatedBytes());
            await new RunJob(_database, _tenants, _inputs, TimeProvider.System, NullLogger<RunJob>.Instance).RunAsync(job, cancellationToken);
            var run = (await _runs.FindAsync(id, cancellationToken))!;
            Print($"{what,-11} {run.Entries:N0} looked at, {run.Changed:N0} change: difference in {run.Seconds:F2} s; with its results and statistics {watch.Elapsed.TotalSeconds:F2} s; {Environment.WorkingSet / 1048576.0:F0} MiB resident");
            Print($"            of the processor {(Environment.CpuUsage.TotalTime - spent).TotalSeconds:F1} s, PostgreSQL {(ProcessTime.OfServer(_server.ProcessId) - served)?.TotalSeconds ?? double.NaN:F1} s; stopped by the collector for {(GC.GetTotalPauseDuration() - paused).TotalSeconds:F1} s; allocated {(GC.GetTotalAllocatedBytes() - allocated) / 1048576.0:F0} MiB");
            foreach (var grouping in new[] { RunGrouping.Scope, RunGrouping.Site, RunGrouping.Factor })
            {
                watch.Restart();
                var difference = await _queries.DifferenceAsync(id, grouping, Scope2Method.Location, cancellationToken);
                Print($"            by {grouping}: {difference!.Groups.Count} groups in {watch.Elapsed.TotalMilliseconds:F0} ms");
            }

            watch.Restart();
            await _queries.ListEntriesAsync(id, null, 50, cancellationToken);
            Print($"            first rows in {watch.Elapsed.TotalMilliseconds:F0} ms");
            await AskInventoryAsync("before, nothing remembered", cancellationToken);
            watch.Restart();
            if (await _runs.ApproveAsync(id, null, cancellationToken) is not RunOutcomeOf.Done)
            {
                throw new InvalidOperationException("The run was not approved.");
            }

            Print($"            approved in {watch.Elapsed.TotalSeconds:F2} s");
            await AskInventoryAsync("after it", cancellationToken);
            if (!rollBack)
            {
                return;
            }

            watch.Restart();
            if (await _runs.RollBackAsync(id, "To measure", cancellationToken) is not RunOutcomeOf.Done)
            {
                throw new InvalidOperationException("The run was not rolled back.");
            }

            Print($"            rolled back in {watch.Elapsed.TotalSeconds:F2} s");
            await AskInventoryAsync("after it", cancellationToken);
        }

        private async Task AskInventoryAsync(string when, CancellationToken cancellationToken)
        {
            var watch = Stopwatch.StartNew();
            var filter = new InventoryFilter { From = new DateOnly(2025, 1, 1), To = new DateOnly(2025, 12, 31), Approach = ConsolidationApproach.OperationalControl };
            var summary = await _inventory.SummarizeAsync(filter, [InventoryDimension.Scope, InventoryDimension.Category], cancellationToken);
            Print($"            first inventory of 2025 {when}: {summary.Total.Results:N0} results, {summary.Total.KgCo2e:F3} kg CO2e, in {watch.Elapsed.TotalMilliseconds:F0} ms");
        }
    }
}
