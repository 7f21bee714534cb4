using System.Data;
using System.Diagnostics;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.Embedded;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Benchmarks;

/// <summary>
/// Inventories over a large ledger: with nothing remembered, as after a start; after a change at one site, which is what people ask after; and once they were asked.
/// 300 sites of 12 entities over three years, with holdings, leases, and in 2025 one entity that joins in the middle of a month. On a server of its own, which goes
/// afterwards.
/// </summary>
internal sealed class ScaleInventory(Arguments arguments)
{
    private const int Rounds = 20;
    private const double BudgetMilliseconds = 150;

    /// <summary>The entity that joins in 2025.</summary>
    private const string Joining = "0199a7c2-0000-7000-8000-000000000007";

    private static readonly InventoryDimension[] Page =
        [InventoryDimension.Scope, InventoryDimension.Category, InventoryDimension.Organization, InventoryDimension.Site, InventoryDimension.Method];

    private static readonly (string Name, InventoryDimension[] GroupBy, bool IsBoth)[] Questions =
    [
        ("total", [], false),
        ("by scope, category", [InventoryDimension.Scope, InventoryDimension.Category], false),
        ("by organization", [InventoryDimension.Organization], false),
        ("by site", [InventoryDimension.Site], false),
        ("by method", [InventoryDimension.Method], false),
        ("by month", [InventoryDimension.Month], false),
        ("as the page divides it", Page, false),
        ("the page, both views", Page, true),
    ];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var count = arguments.WordOrNull(2) is null ? 1_000_000 : arguments.Rows(2);
        var folder = Directory.CreateTempSubdirectory("offgridflow-inventory-").FullName;
        try
        {
            await using var server = await EmbeddedPostgres.StartAsync(
                new EmbeddedPostgresOptions { DataDirectory = Path.Combine(folder, "postgres") }, NullLogger.Instance, cancellationToken);
            await using var database = new Database(server.ConnectionString);
            await new DatabaseMigrator(database, NullLogger<DatabaseMigrator>.Instance).MigrateAsync(null, cancellationToken);
            await MeasureAsync(database, count, cancellationToken);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task MeasureAsync(Database database, long count, CancellationToken cancellationToken)
    {
        var tenant = Guid.CreateVersion7();
        await using var owner = await database.Owner.OpenConnectionAsync(cancellationToken);
        var watch = Stopwatch.StartNew();
        await ExecuteAsync(owner, "select create_tenant($1, 'A company', false, gen_random_uuid(), 'a@b.example', 'A@B.EXAMPLE', 'Ada', 'hash', 'stamp')", cancellationToken, tenant);
        await FillAsync(owner, tenant, count, cancellationToken);
        var cells = await owner.ScalarAsync<long>("select count(*) from monthly_totals", cancellationToken);
        Print($"ledger      {count:N0} activities, {cells:N0} cells of the roll-up, in {watch.Elapsed.TotalSeconds:F1} s");

        var user = new CurrentUser();
        user.Become(new Actor(tenant, Guid.CreateVersion7(), "Ada Lindqvist", TenantRole.Admin));
        var tenants = new TenantDatabase(
            new DbContextOptionsBuilder<OffGridFlowDbContext>().UseNpgsql(database.App).UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking)
                .AddInterceptors(new TenantWriteInterceptor(), new TenantTransactionInterceptor()).Options,
            user, TimeProvider.System);
        foreach (var (year, what) in new[] { (2024, "2024, nothing changes in a month"), (2025, "2025, an entity joins on 11 May") })
        {
            foreach (var (name, entity) in new[] { ("energy", (Guid?)null), ("energy of one entity", Guid.Parse(Joining)) })
            {
                var times = new List<double>();
                foreach (var round in Enumerable.Range(0, Rounds))
                {
                    var filter = new InventoryFilter
                    {
                        From = new DateOnly(year, 1, 1), To = new DateOnly(year, 12, 31), Approach = (ConsolidationApproach)(round % 3), OrganizationId = entity,
                    };
                    times.Add(await TimeAsync(tenants, year, name, unit => EnergyQueries.ReadAsync(unit, filter, cancellationToken), cancellationToken));
                }

                Print($"{what}: {name,-24} {Times("anew", times)}");
            }

            foreach (var (name, groupBy, isBoth) in Questions)
            {
                var (first, changed) = (new List<double>(), new List<double>());
                using var kept = new MonthlyTotalsCache();
                foreach (var round in Enumerable.Range(0, Rounds))
                {
                    var filter = new InventoryFilter
                    {
                        From = new DateOnly(year, 1, 1), To = new DateOnly(year, 12, 31), Approach = (ConsolidationApproach)(round % 3),
                        Scope2Method = round % 2 == 0 ? Scope2Method.Location : Scope2Method.Market,
                    };
                    Task<double> AskAsync(MonthlyTotalsCache totals) => TimeAsync(
                        tenants, year, name,
                        unit => isBoth ? InventoryQueries.SummarizeViewsAsync(unit, totals, filter, groupBy, cancellationToken) : InventoryQueries.SummarizeAsync(unit, totals, filter, groupBy, cancellationToken),
                        cancellationToken);
                    using var empty = new MonthlyTotalsCache();
                    first.Add(await AskAsync(round == 0 ? kept : empty));
                    await ExecuteAsync(
                        owner, "update monthly_totals set kg_co2e = kg_co2e + 0.001 where tenant_id = $1 and account = $2 and month = $3", cancellationToken, tenant, FormattableString.Invariant($"Site {round}"),
                        new DateOnly(year, 1 + (round % 12), 1));
                    changed.Add(await AskAsync(kept));
                }

                var again = await AgainAsync(tenants, user, year, groupBy, cancellationToken);
                Print($"{what}: {name,-24} {Times("nothing remembered", first)}; {Times("after a change", changed)}; once asked p95 {again,2:F0} ms");
            }
        }
    }

    /// <summary>Milliseconds of a question in a transaction of its own.</summary>
    private static async Task<double> TimeAsync(TenantDatabase tenants, int year, string name, Func<TenantUnit, Task> ask, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        await using var unit = await tenants.OpenAsync(IsolationLevel.RepeatableRead, cancellationToken);
        await ask(unit);
        var time = watch.Elapsed.TotalMilliseconds;
        return year != 2024 || await ResultScansAsync(unit, cancellationToken) is not (not 0 and var scans) ? time
            : throw new InvalidOperationException(FormattableString.Invariant($"The inventory {name} read results {scans} times: it is to read the roll-up alone."));
    }

    /// <summary>Entities, sites, holdings, leases, activities with their results and the roll-up, for a tenant that has none.</summary>
    internal static async Task FillAsync(Npgsql.NpgsqlConnection owner, Guid tenant, long count, CancellationToken cancellationToken)
    {
        foreach (var statement in Fill)
        {
            await ExecuteAsync(owner, statement, cancellationToken, statement.Contains("$2", StringComparison.Ordinal) ? [tenant, count] : [tenant]);
        }

        await ExecuteAsync(owner, "vacuum analyze", cancellationToken);
    }

    /// <summary>The 95th percentile of the same question once it was asked, while the ledger and the organization stand: milliseconds.</summary>
    private static async Task<double> AgainAsync(TenantDatabase tenants, CurrentUser user, int year, InventoryDimension[] groupBy, CancellationToken cancellationToken)
    {
        using var cache = new LedgerCache();
        using var totals = new MonthlyTotalsCache();
        var queries = new InventoryQueries(tenants, user, cache, totals);
        var filter = new InventoryFilter { From = new DateOnly(year, 1, 1), To = new DateOnly(year, 12, 31), Approach = ConsolidationApproach.EquityShare };
        await queries.SummarizeAsync(filter, groupBy, cancellationToken);
        var times = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            var watch = Stopwatch.StartNew();
            await queries.SummarizeAsync(filter, groupBy, cancellationToken);
            times.Add(watch.Elapsed.TotalMilliseconds);
        }

        return P95([.. times.Order()]);
    }

    private static string Times(string name, List<double> times)
    {
        var sorted = times.Order().ToList();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{name} median {sorted[sorted.Count / 2],4:F0} ms  p95 {P95(sorted),4:F0} ms  worst {sorted[^1],4:F0} ms{(P95(sorted) > BudgetMilliseconds ? "  OVER 150 ms" : "")}");
    }

    private static double P95(List<double> sorted) => sorted[(int)(sorted.Count * 0.95) - 1];

    /// <summary>How often this transaction has looked into results and activities.</summary>
    private static async Task<long> ResultScansAsync(TenantUnit unit, CancellationToken cancellationToken) => await unit.Connection.ScalarAsync<long>(
        "select coalesce(sum(seq_scan + coalesce(idx_scan, 0)), 0)::bigint from pg_stat_xact_user_tables where relname in ('emission_records', 'emission_intervals', 'activity_records')",
        cancellationToken);

    internal static async Task ExecuteAsync(Npgsql.NpgsqlConnection owner, string sql, CancellationToken cancellationToken, params object?[] parameters)
    {
        await using var command = owner.Command(sql, parameters);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static void Print(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    /// <summary>Results as entries give them: of electricity two views and category 3, of the rest a direct one and what comes before.</summary>
    private static readonly string[] Fill =
    [
        """
        insert into organizations (id, tenant_id, name, country, version)
        select ('0199a7c2-0000-7000-8000-' || lpad(i::text, 12, '0'))::uuid, $1, 'Entity ' || i, 'GB', 1 from generate_series(0, 11) i
        """,
        """
        insert into ownerships (id, tenant_id, parent_id, child_id, share, financial_control, operational_control, valid_from, version)
        select gen_random_uuid(), $1, '0199a7c2-0000-7000-8000-000000000000', ('0199a7c2-0000-7000-8000-' || lpad(i::text, 12, '0'))::uuid, 0.3 + i / 20.0, i > 4, i > 3,
          case when i = 7 then date '2025-05-11' end, 1
        from generate_series(1, 11) i
        """,
        """
        insert into sites (id, tenant_id, organization_id, name, country, region, version)
        select ('0199a7c2-0001-7000-8000-' || lpad(i::text, 12, '0'))::uuid, $1, ('0199a7c2-0000-7000-8000-' || lpad((i % 12)::text, 12, '0'))::uuid, 'Site ' || i, 'GB', 'GB', 1
        from generate_series(0, 299) i
        """,
        """
        insert into leases (id, tenant_id, organization_id, site_id, asset, kind, role, equity_share, financial_control, operational_control, version)
        select gen_random_uuid(), $1, organization_id, id, name, 'Operating', 'Lessee', 'Scope3', 'Scope3', 'Scope1And2', 1 from sites where name like '%7'
        """,
        """
        insert into activity_records (id, tenant_id, key, version, provider, account, service, region, usage_class, period_start, period_end, quantity, unit, line_count, cost, currency,
          entry_id, entry_version, entry_status, site_id, recorded_at)
        select new_id(), $1, 'entry/' || i, 1, 'entry', 'Site ' || site, (array['Natural gas', 'Electricity', 'Diesel in vehicles', 'Commercial waste, landfill', 'Legal services', 'Flight, short-haul', 'Truck freight', 'Refrigerant leak'])[i % 8 + 1],
          'GB', 'None', month, (month + interval '1 month - 1 day')::date, 1 + i % 1000, 'kWh', 1, 0, '', new_id(), 1, case when i % 10 = 0 then 'Submitted' else 'Approved' end,
          ('0199a7c2-0001-7000-8000-' || lpad(site::text, 12, '0'))::uuid, now()
        from generate_series(0, $2::bigint - 1) i
        cross join lateral (select (i / 8 % 300)::integer as site, (date '2023-01-01' + (i / 2400 % 36)::integer * interval '1 month')::date as month) k
        """,
        """
        insert into emission_records (id, tenant_id, activity_id, scope, category, month, scope2_method, part, method, method_version, comparison_only, kilowatt_hours, kg_co2e,
          defaulted_kg_co2e, quality, flags, calculation_method, co2_kg_co2e, ch4_kg_co2e, n2o_kg_co2e, derivation, energy_carrier, energy_kwh, energy_renewable_kwh)
        select new_id(), $1, a.id, p.scope, p.category, a.period_start, p.view, p.part, 'ghg-protocol', 'ghg-protocol 1', false, case when p.scope = 2 then a.quantity end,
          round(a.quantity * p.rate, 12), 0, 'Measured', '{}', p.method, round(a.quantity * p.rate * 0.97, 12), round(a.quantity * p.rate * 0.01, 12), round(a.quantity * p.rate * 0.02, 12),
          jsonb_build_object('from', a.period_start, 'to', a.period_end), p.carrier, case when p.carrier is not null then round(a.quantity * 0.902615, 12) end,
          case when p.carrier is not null then round(a.quantity * 0.045854, 12) end
        from activity_records a
        join (values ('Natural gas', 1, null, null, 'Direct', 0.20271234567, 'Fuel', 'NaturalGas'), ('Natural gas', 3, 3, null, 'Upstream', 0.03, 'AverageData', null),
            ('Electricity', 2, null, 'Location', 'Direct', 0.17712345678, 'PurchasedEnergy', null), ('Electricity', 2, null, 'Market', 'Direct', 0.35, 'PurchasedEnergy', 'Purchased'),
            ('Electricity', 3, 3, null, 'Upstream', 0.0459, 'AverageData', null), ('Electricity', 3, 3, null, 'Losses', 0.01853, 'AverageData', null),
            ('Diesel in vehicles', 1, null, null, 'Direct', 2.57082, 'Fuel', 'Petroleum'), ('Diesel in vehicles', 3, 3, null, 'Upstream', 0.6, 'AverageData', null),
            ('Commercial waste, landfill', 3, 5, null, 'LifeCycle', 0.52, 'WasteTypeSpecific', null), ('Legal services', 3, 1, null, 'LifeCycle', 0.11, 'SpendBased', null),
            ('Flight, short-haul', 3, 6, null, 'Direct', 0.18, 'DistanceBased', null), ('Truck freight', 3, 4, null, 'Direct', 0.21, 'DistanceBased', null),
            ('Refrigerant leak', 1, null, null, 'Direct', 1.9, 'Refrigerant', null))
          as p (service, scope, category, view, part, rate, method, carrier) on p.service = a.service
        where a.tenant_id = $1
        """,
        "insert into emission_intervals (tenant_id, activity_id, from_sequence) select distinct $1, activity_id, 1 from emission_records where tenant_id = $1",
        """
        insert into monthly_totals (tenant_id, month, scope, category, scope2_method, provider, account, service, region, usage_class, method, calculation_method, comparison_only, currency,
          activities, activities_without_result, kilowatt_hours, operational_kg_co2e, embodied_kg_co2e, kg_co2e, measured_kg_co2e, defaulted_kg_co2e, biogenic_kg_co2, submitted_kg_co2e,
          cost, unmapped_cost, co2_kg_co2e, ch4_kg_co2e, n2o_kg_co2e)
        select $1, e.month, e.scope, coalesce(e.category, 0), coalesce(e.scope2_method, ''), a.provider, a.account, a.service, a.region, a.usage_class, e.method, e.calculation_method, false,
          a.currency, count(*), 0, coalesce(sum(e.kilowatt_hours), 0), 0, 0, sum(e.kg_co2e), sum(e.kg_co2e), 0, 0, coalesce(sum(e.kg_co2e) filter (where a.entry_status = 'Submitted'), 0),
          0, 0, sum(e.co2_kg_co2e), sum(e.ch4_kg_co2e), sum(e.n2o_kg_co2e)
        from emission_records e join activity_records a on a.id = e.activity_id where e.tenant_id = $1
        group by e.month, e.scope, e.category, e.scope2_method, a.provider, a.account, a.service, a.region, a.usage_class, e.method, e.calculation_method, a.currency
        """,
        $"""
        insert into monthly_energy (tenant_id, {EnergyRollUp.Key}, {EnergyRollUp.Figures})
        select $1, {EnergyRollUp.KeyOf("a")}, {EnergyRollUp.SumOf()}
        from emission_records e join activity_records a on a.id = e.activity_id where e.tenant_id = $1 and {EnergyRollUp.Counts}
        group by {EnergyRollUp.KeyOf("a")}
        """,
        "update ledger_sequences set value = 1 where tenant_id = $1",
    ];
}
