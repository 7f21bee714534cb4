using Npgsql;
using NpgsqlTypes;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Calculation;

/// <summary>
/// What entries give, gathered in temporary tables of the transaction and then brought into the ledger by statements over sets: memory does not grow with
/// the entries, and only what differs is written.
/// </summary>
internal sealed class EntryLedgerWrite
{
    /// <summary>Flag of spending that another entry counts.</summary>
    internal const string CountedPhysically = "counted-physically";

    private const int LongestText = 1000;

    private static readonly string[] Prepare =
    [
        "drop table if exists pg_temp.applied, pg_temp.fresh_activities, pg_temp.fresh_results, pg_temp.fresh_faults, pg_temp.fresh_fingerprints, pg_temp.changed, pg_temp.standing, pg_temp.cells",
        "create temp table applied (entry_id uuid primary key) on commit drop",
        """
        create temp table fresh_activities on commit drop as
        select entry_id, account, service, region, period_start, period_end, quantity, unit, entry_version, entry_status, site_id from activity_records with no data
        """,
        """
        create temp table fresh_results on commit drop as
        select a.entry_id, e.scope, e.category, e.month, e.scope2_method, e.part, e.factor_id, e.factor_set_id, e.factor_set_checksum, e.instrument_id,
          e.biogenic_kg_co2, e.derivation, e.method_version, e.kilowatt_hours, e.kg_co2e, e.defaulted_kg_co2e, e.quality, e.flags, e.calculation_method,
          e.co2_kg_co2e, e.ch4_kg_co2e, e.n2o_kg_co2e, e.hfcs_kg_co2e, e.pfcs_kg_co2e, e.sf6_kg_co2e, e.nf3_kg_co2e, e.derivation_id,
          e.energy_carrier, e.energy_gap, e.energy_kwh, e.energy_renewable_kwh, e.energy_nuclear_kwh, e.energy_unstated
        from emission_records e join activity_records a on a.id = e.activity_id with no data
        """,
        "create temp table fresh_faults on commit drop as select entry_id, code, message, mend from calculation_exceptions with no data",
        "create temp table fresh_fingerprints (entry_id uuid primary key, fingerprint bytea) on commit drop",
    ];

    /// <summary>What counts now of these entries.</summary>
    private const string Standing =
        """
        create temp table standing on commit drop as
        select a.entry_id, a.id as activity_id, e.id as emission_id, a.account, a.site_id, e.month
        from applied x
        cross join lateral (select * from activity_records where entry_id = x.entry_id offset 0) a
        cross join lateral (select * from emission_records where activity_id = a.id offset 0) e
        cross join lateral (select from emission_intervals where activity_id = e.activity_id and proposal_id is not distinct from e.proposal_id and to_sequence is null offset 0) i
        """;

    /// <summary>
    /// Entries of which any digit or word is another: the rows of both sides, as text, in an order of their own; and those that nothing stands for yet. Where what
    /// stands has its derivation whole, or its energy, as of before, both sides are compared whole; else by the own part and the id of the shared one.
    /// </summary>
    private const string Changed =
        """
        create temp table changed on commit drop as
        with whole as (
          select distinct s.entry_id from standing s join emission_records e on e.id = s.emission_id 
          where e.derivation is not null and (e.derivation_id is null or (e.derivation -> 'energy')::jsonb ?| array['source', 'gap'])),
        fresh as (
          select entry_id, array_agg(content order by content) as content from (
            select r.entry_id, row(f.account, f.service, f.region, f.period_start, f.period_end, f.quantity, f.unit, f.entry_version, f.entry_status, f.site_id,
              r.scope, r.category, r.month, r.scope2_method, r.part, r.factor_id, r.factor_set_id, r.factor_set_checksum, r.instrument_id, r.biogenic_kg_co2,
              whole_derivation(d.content, r.derivation), case when w.entry_id is null then r.derivation_id end,
              r.method_version, r.kilowatt_hours, r.kg_co2e, r.defaulted_kg_co2e, r.quality, r.flags)::text as content
            from fresh_results r join fresh_activities f on f.entry_id = r.entry_id left join whole w on w.entry_id = r.entry_id
            left join derivations d on w.entry_id is not null and d.tenant_id = current_tenant() and d.id = r.derivation_id
            where exists (select from standing s where s.entry_id = r.entry_id)) as rows group by entry_id),
        known as (
          select entry_id, array_agg(content order by content) as content from (
            select s.entry_id, row(a.account, a.service, a.region, a.period_start, a.period_end, a.quantity, a.unit, a.entry_version, a.entry_status, a.site_id,
              e.scope, e.category, e.month, e.scope2_method, e.part, e.factor_id, e.factor_set_id, e.factor_set_checksum, e.instrument_id, e.biogenic_kg_co2,
              whole_derivation(d.content, e.derivation), case when w.entry_id is null then e.derivation_id end,
              e.method_version, e.kilowatt_hours, e.kg_co2e, e.defaulted_kg_co2e, e.quality, e.flags)::text as content
            from standing s join activity_records a on a.id = s.activity_id join emission_records e on e.id = s.emission_id left join whole w on w.entry_id = s.entry_id
            left join derivations d on w.entry_id is not null and d.tenant_id = e.tenant_id and d.id = e.derivation_id) as rows group by entry_id)
        select coalesce(f.entry_id, k.entry_id) as entry_id, new_id() as activity_id
        from fresh f full join known k on k.entry_id = f.entry_id
        where f.content is distinct from k.content
        union all
        select n.entry_id, new_id() from (select distinct r.entry_id from fresh_results r where not exists (select from standing s where s.entry_id = r.entry_id)) n
        """;

    private static readonly string[] Replace =
    [
        """
        create temp table cells on commit drop as
        select account, site_id, month from standing join changed using (entry_id)
        union
        select f.account, f.site_id, r.month from fresh_results r join fresh_activities f using (entry_id) join changed using (entry_id)
        """,

        """
        update emission_intervals i set to_sequence = $1
        from (select distinct s.activity_id from standing s join changed c on c.entry_id = s.entry_id) as s
        where i.activity_id = s.activity_id and i.to_sequence is null
        """,

        """
        insert into activity_records (id, tenant_id, key, version, provider, account, service, region, usage_class, period_start, period_end, quantity, unit,
          line_count, cost, currency, entry_id, entry_version, entry_status, site_id, recorded_at)
        select c.activity_id, current_tenant(), 'entry/' || f.entry_id, coalesce(former.version, 0) + 1,
          'entry', f.account, f.service, f.region, 'None', f.period_start, f.period_end, f.quantity, f.unit, 1, 0, '', f.entry_id, f.entry_version, f.entry_status,
          f.site_id, now()
        from changed c join fresh_activities f on f.entry_id = c.entry_id
        left join (
          select a.entry_id, max(a.version) as version from activity_records a where a.entry_id in (select entry_id from changed) group by a.entry_id) as former
          on former.entry_id = c.entry_id
        """,

        """
        insert into emission_records (id, tenant_id, activity_id, scope, category, month, scope2_method, part, factor_id, factor_set_id, factor_set_checksum,
          instrument_id, biogenic_kg_co2, derivation, method, method_version, comparison_only, kilowatt_hours, kg_co2e, defaulted_kg_co2e, quality, flags,
          calculation_method, co2_kg_co2e, ch4_kg_co2e, n2o_kg_co2e, hfcs_kg_co2e, pfcs_kg_co2e, sf6_kg_co2e, nf3_kg_co2e, derivation_id,
          energy_carrier, energy_gap, energy_kwh, energy_renewable_kwh, energy_nuclear_kwh, energy_unstated)
        select new_id(), current_tenant(), c.activity_id, r.scope, r.category, r.month, r.scope2_method, r.part, r.factor_id, r.factor_set_id, r.factor_set_checksum,
          r.instrument_id, r.biogenic_kg_co2, r.derivation, 'ghg-protocol', r.method_version, false, r.kilowatt_hours, r.kg_co2e, r.defaulted_kg_co2e, r.quality, r.flags,
          r.calculation_method, r.co2_kg_co2e, r.ch4_kg_co2e, r.n2o_kg_co2e, r.hfcs_kg_co2e, r.pfcs_kg_co2e, r.sf6_kg_co2e, r.nf3_kg_co2e, r.derivation_id,
          r.energy_carrier, r.energy_gap, r.energy_kwh, r.energy_renewable_kwh, r.energy_nuclear_kwh, r.energy_unstated
        from changed c join fresh_results r on r.entry_id = c.entry_id
        """,

        """
        insert into emission_intervals (tenant_id, activity_id, from_sequence)
        select current_tenant(), c.activity_id, $1 from changed c where c.entry_id in (select entry_id from fresh_results)
        """,

        "delete from monthly_totals t using (select distinct account, month from cells) as x where t.provider = 'entry' and t.account = x.account and t.month = x.month",

        "delete from monthly_energy t using (select distinct account, month from cells) as x where t.account = x.account and t.month = x.month",

        "analyze pg_temp.cells",

        // By way of the entries of the sites: their activities, results and intervals are found by index, however large the ledger beside them is. Each step is
        // fenced off: without statistics, as after a first large import, the planner walks the intervals of the tenant once for each result. Both roll-ups are
        // added up from one walk.
        $"""
        with e as materialized (
          select e.month, e.scope, e.category, e.scope2_method, e.part, e.instrument_id, a.provider, a.account, a.service, a.region, a.usage_class, e.method, e.calculation_method,
            e.comparison_only, a.currency, e.quality, a.entry_status, e.kilowatt_hours, e.kg_co2e, e.defaulted_kg_co2e, e.biogenic_kg_co2, e.co2_kg_co2e, e.ch4_kg_co2e,
            e.n2o_kg_co2e, e.hfcs_kg_co2e, e.pfcs_kg_co2e, e.sf6_kg_co2e, e.nf3_kg_co2e, e.energy_carrier, e.energy_gap, e.energy_unstated, e.energy_kwh, e.energy_renewable_kwh,
            e.energy_nuclear_kwh
          from (
            select n.id from activity_entries n
            where n.site_id in (select site_id from cells)
              and n.period_start < (select max(month) + interval '1 month' from cells) and n.period_end >= (select min(month) from cells) offset 0) n
          cross join lateral (select * from activity_records where entry_id = n.id offset 0) a
          cross join lateral (select * from emission_records where activity_id = a.id offset 0) e
          cross join lateral (select from emission_intervals where activity_id = e.activity_id and proposal_id is not distinct from e.proposal_id and to_sequence is null offset 0) i
          where (a.account, e.month) in (select account, month from cells)),
        energy as (
          insert into monthly_energy (tenant_id, {EnergyRollUp.Key}, {EnergyRollUp.Figures})
          select current_tenant(), {EnergyRollUp.KeyOf("e")}, {EnergyRollUp.SumOf()} from e where {EnergyRollUp.Counts} group by {EnergyRollUp.KeyOf("e")})
        insert into monthly_totals (tenant_id, month, scope, category, scope2_method, provider, account, service, region, usage_class, method, calculation_method, comparison_only,
          currency, activities, activities_without_result, kilowatt_hours, operational_kg_co2e, embodied_kg_co2e, kg_co2e, measured_kg_co2e,
          defaulted_kg_co2e, biogenic_kg_co2, submitted_kg_co2e, cost, unmapped_cost,
          co2_kg_co2e, ch4_kg_co2e, n2o_kg_co2e, hfcs_kg_co2e, pfcs_kg_co2e, sf6_kg_co2e, nf3_kg_co2e)
        select current_tenant(), e.month, e.scope, coalesce(e.category, 0), coalesce(e.scope2_method, ''), e.provider, e.account, e.service, e.region, e.usage_class,
          e.method, coalesce(e.calculation_method, ''), bool_or(e.comparison_only), e.currency, count(*), count(*) filter (where e.quality = 'Missing'), coalesce(sum(e.kilowatt_hours), 0),
          0, 0, coalesce(sum(e.kg_co2e), 0), coalesce(sum(e.kg_co2e) filter (where e.quality = 'Measured'), 0), sum(e.defaulted_kg_co2e),
          coalesce(sum(e.biogenic_kg_co2), 0), coalesce(sum(e.kg_co2e) filter (where e.entry_status = 'Submitted'), 0), 0, 0,
          coalesce(sum(e.co2_kg_co2e), 0), coalesce(sum(e.ch4_kg_co2e), 0), coalesce(sum(e.n2o_kg_co2e), 0), coalesce(sum(e.hfcs_kg_co2e), 0),
          coalesce(sum(e.pfcs_kg_co2e), 0), coalesce(sum(e.sf6_kg_co2e), 0), coalesce(sum(e.nf3_kg_co2e), 0)
        from e
        group by e.month, e.scope, e.category, e.scope2_method, e.provider, e.account, e.service, e.region, e.usage_class, e.method, e.calculation_method, e.currency
        """,
    ];

    /// <summary>
    /// What stands for each entry from now on, for those who ask whether it would come out again. Where results of a run stand and stay, the run has the
    /// fingerprint (<see cref="Runs.RunLedger.Standing"/>), and here is kept what stood before it, to be found when it is taken back.
    /// </summary>
    private static readonly string[] Remember =
    [
        "delete from entry_results p using applied x where p.entry_id = x.entry_id and not exists (select from fresh_fingerprints f where f.entry_id = x.entry_id)",

        """
        insert into entry_results as p (entry_id, tenant_id, activity_id, fingerprint, sequence)
        select f.entry_id, current_tenant(), coalesce(c.activity_id, s.activity_id), f.fingerprint, q.value
        from fresh_fingerprints f
        join ledger_sequences q on q.tenant_id = current_tenant()
        left join changed c on c.entry_id = f.entry_id
        left join (select distinct entry_id, activity_id from standing) s on s.entry_id = f.entry_id
        where c.entry_id is not null or not exists (
          select from emission_intervals i where i.activity_id = s.activity_id and i.proposal_id is not null and i.to_sequence is null)
        on conflict (entry_id) do update set activity_id = excluded.activity_id, fingerprint = excluded.fingerprint, sequence = excluded.sequence
        where (p.activity_id, p.fingerprint) is distinct from (excluded.activity_id, excluded.fingerprint)
        """,
    ];

    private readonly TenantUnit _unit;
    private readonly DateTimeOffset _at;

    private readonly SharedDerivations _derivations;

    private EntryLedgerWrite(TenantUnit unit, FactorLibrary library, DateTimeOffset at) => (_unit, _derivations, _at) = (unit, new SharedDerivations(library), at);

    /// <param name="library">That of the entries.</param>
    public static async Task<EntryLedgerWrite> BeginAsync(TenantUnit unit, FactorLibrary library, DateTimeOffset at, CancellationToken cancellationToken)
    {
        foreach (var statement in Prepare)
        {
            await unit.Connection.ExecuteAsync(statement, cancellationToken);
        }

        return new EntryLedgerWrite(unit, library, at);
    }

    /// <param name="ids">All entries that were looked at, those too that do not count or are gone.</param>
    public async Task AddAsync(Guid[] ids, IReadOnlyList<CalculatedEntry> entries, CancellationToken cancellationToken)
    {
        await _unit.Connection.ExecuteAsync("insert into applied select unnest($1::uuid[])", cancellationToken, ids);
        await CopyAsync(
            "copy fresh_activities (entry_id, account, service, region, period_start, period_end, quantity, unit, entry_version, entry_status, site_id) from stdin (format binary)",
            entries, WriteActivityAsync, cancellationToken);
        using var own = new OwnDerivationWriter();
        await CopyAsync(
            """
            copy fresh_results (entry_id, scope, category, month, scope2_method, part, factor_id, factor_set_id, factor_set_checksum, instrument_id, biogenic_kg_co2,
              derivation_id, derivation, method_version, kilowatt_hours, kg_co2e, defaulted_kg_co2e, quality, flags, calculation_method, co2_kg_co2e, ch4_kg_co2e, n2o_kg_co2e,
              hfcs_kg_co2e, pfcs_kg_co2e, sf6_kg_co2e, nf3_kg_co2e, energy_carrier, energy_gap, energy_kwh, energy_renewable_kwh, energy_nuclear_kwh, energy_unstated)
              from stdin (format binary)
            """,
            entries.SelectMany(entry => entry.Results(_derivations).Select(result => (entry, result))), (copy, row, stop) => WriteResultAsync(copy, row, own, stop), cancellationToken);
        await CopyAsync(
            """
            copy fresh_results (entry_id, scope, category, month, scope2_method, part, factor_id, factor_set_id, factor_set_checksum, instrument_id, biogenic_kg_co2,
              derivation, method_version, kilowatt_hours, kg_co2e, defaulted_kg_co2e, quality, flags, calculation_method, co2_kg_co2e, ch4_kg_co2e, n2o_kg_co2e,
              hfcs_kg_co2e, pfcs_kg_co2e, sf6_kg_co2e, nf3_kg_co2e) from stdin (format binary)
            """,
            entries.SelectMany(entry => entry.Missing.Select(method => (entry, method))), WriteMissingAsync, cancellationToken);
        await CopyAsync("copy fresh_fingerprints (entry_id, fingerprint) from stdin (format binary)", entries, WriteFingerprintAsync, cancellationToken);
        await CopyAsync(
            "copy fresh_faults (entry_id, code, message, mend) from stdin (format binary)", entries.Where(entry => entry.Fault is not null), WriteFaultAsync, cancellationToken);
    }

    /// <exception cref="PeriodLockedException">A result of a locked month would change.</exception>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        await ExecuteAsync("analyze pg_temp.applied, pg_temp.fresh_activities, pg_temp.fresh_results", cancellationToken);
        await SharedDerivations.StoreAsync(_unit.Connection, _derivations.Unstored, cancellationToken);
        await ExecuteAsync(Standing, cancellationToken);
        await ExecuteAsync("analyze pg_temp.standing", cancellationToken);
        await ExecuteAsync(Changed, cancellationToken);
        await ExecuteAsync("analyze pg_temp.changed", cancellationToken);
        if (await _unit.Connection.ScalarAsync<bool>("select exists (select from changed)", cancellationToken))
        {
            await FrozenMonths.CheckAsync(
                _unit, "select month from standing join changed using (entry_id) union all select month from fresh_results join changed using (entry_id)", cancellationToken);
            var sequence = await CloudLedger.NextSequenceAsync(_unit, cancellationToken);
            foreach (var statement in Replace)
            {
                await ExecuteAsync(statement, cancellationToken, statement.Contains("$1", StringComparison.Ordinal) ? [sequence] : []);
            }
        }

        foreach (var statement in Remember)
        {
            await ExecuteAsync(statement, cancellationToken);
        }

        await ExecuteAsync(
            "delete from calculation_exceptions x using applied a where x.entry_id = a.entry_id and not exists (select from fresh_faults f where f.entry_id = a.entry_id)",
            cancellationToken);
        await ExecuteAsync(
            """
            insert into calculation_exceptions as x (tenant_id, entry_id, code, message, mend, since)
            select current_tenant(), entry_id, code, message, mend, $1 from fresh_faults
            on conflict (entry_id) do update set code = excluded.code, message = excluded.message, mend = excluded.mend,
              since = case when x.code = excluded.code then x.since else excluded.since end
            where (x.code, x.message, x.mend) is distinct from (excluded.code, excluded.message, excluded.mend)
            """,
            cancellationToken, _at);
    }

    private Task<int> ExecuteAsync(string statement, CancellationToken cancellationToken, params object?[] parameters) =>
        _unit.Connection.ExecuteLongAsync(statement, cancellationToken, parameters);

    private async Task CopyAsync<T>(
        string statement, IEnumerable<T> rows, Func<NpgsqlBinaryImporter, T, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        await using var copy = await _unit.Connection.BeginBinaryImportAsync(statement, cancellationToken);
        // Zero would be no time at all here, unlike the timeout of a command.
        copy.Timeout = TimeSpan.FromMinutes(10);
        foreach (var row in rows)
        {
            await copy.StartRowAsync(cancellationToken);
            await write(copy, row, cancellationToken);
        }

        await copy.CompleteAsync(cancellationToken);
    }

    private static async Task WriteActivityAsync(NpgsqlBinaryImporter copy, CalculatedEntry calculated, CancellationToken cancellationToken)
    {
        var entry = calculated.Entry;
        await copy.WriteAsync(entry.Id, NpgsqlDbType.Uuid, cancellationToken);
        await copy.WriteAsync(entry.Site, NpgsqlDbType.Text, cancellationToken);
        await copy.WriteAsync(calculated.Type?.Name ?? entry.ActivityType, NpgsqlDbType.Text, cancellationToken);
        await copy.WriteAsync(entry.Region, NpgsqlDbType.Text, cancellationToken);
        await copy.WriteAsync(entry.From, NpgsqlDbType.Date, cancellationToken);
        await copy.WriteAsync(entry.To, NpgsqlDbType.Date, cancellationToken);
        await copy.WriteAsync(entry.Quantity, NpgsqlDbType.Numeric, cancellationToken);
        await copy.WriteAsync(entry.Unit, NpgsqlDbType.Text, cancellationToken);
        await copy.WriteAsync(entry.Version, NpgsqlDbType.Integer, cancellationToken);
        await copy.WriteAsync(entry.Status.ToString(), NpgsqlDbType.Text, cancellationToken);
        await copy.WriteAsync(entry.SiteId, NpgsqlDbType.Uuid, cancellationToken);
    }

    private static async Task WriteResultAsync(
        NpgsqlBinaryImporter copy, (CalculatedEntry Entry, CalculatedResult Result) row, OwnDerivationWriter own, CancellationToken cancellationToken)
    {
        var (emission, derivation, shared) = row.Result;
        await copy.WriteAsync(row.Entry.Entry.Id, NpgsqlDbType.Uuid, cancellationToken);
        await copy.WriteAsync(emission.Scope, NpgsqlDbType.Integer, cancellationToken);
        await WriteOptionalAsync(copy, emission.Category, NpgsqlDbType.Integer, cancellationToken);
        await copy.WriteAsync(new DateOnly(emission.From.Year, emission.From.Month, 1), NpgsqlDbType.Date, cancellationToken);
        await WriteOptionalAsync(copy, emission.Scope2Method?.ToString(), cancellationToken);
        await copy.WriteAsync(emission.Part.ToString(), NpgsqlDbType.Text, cancellationToken);
        await WriteOptionalAsync(copy, emission.Factor?.Id, cancellationToken);
        await WriteOptionalAsync(copy, emission.Factor?.Set.Id, cancellationToken);
        await WriteOptionalAsync(copy, emission.Factor?.Set.Checksum, cancellationToken);
        await WriteOptionalAsync(copy, emission.Instrument is { } id ? Guid.Parse(id) : (Guid?)null, NpgsqlDbType.Uuid, cancellationToken);
        await WriteOptionalAsync(copy, emission.BiogenicKgCo2 == 0 ? (decimal?)null : emission.BiogenicKgCo2, NpgsqlDbType.Numeric, cancellationToken);
        await copy.WriteAsync(shared.Id, NpgsqlDbType.Bytea, cancellationToken);
        await copy.WriteAsync(own.Write(derivation).ToArray(), NpgsqlDbType.Json, cancellationToken);
        await copy.WriteAsync(EntryLedger.MethodVersion, NpgsqlDbType.Text, cancellationToken);
        await WriteOptionalAsync(copy, emission.KilowattHours, NpgsqlDbType.Numeric, cancellationToken);
        await copy.WriteAsync(emission.KgCo2e, NpgsqlDbType.Numeric, cancellationToken);
        await copy.WriteAsync(emission.Quality == DataQuality.Defaulted ? emission.KgCo2e : 0m, NpgsqlDbType.Numeric, cancellationToken);
        await copy.WriteAsync(emission.Quality.ToString(), NpgsqlDbType.Text, cancellationToken);
        await copy.WriteAsync(emission.Flags.Select(flag => flag.Code).Distinct().ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text, cancellationToken);
        await copy.WriteAsync(row.Entry.MethodOf(emission.Scope, emission.Category).ToString(), NpgsqlDbType.Text, cancellationToken);
        var gases = GasSplit.Of(emission.Gases);
        foreach (var gas in (decimal?[])[gases.Co2, gases.Ch4, gases.N2o, gases.Hfcs, gases.Pfcs, gases.Sf6, gases.Nf3])
        {
            await WriteOptionalAsync(copy, gas, NpgsqlDbType.Numeric, cancellationToken);
        }

        var energy = derivation.Energy;
        await WriteOptionalAsync(copy, energy?.Carrier?.ToString(), cancellationToken);
        await WriteOptionalAsync(copy, energy?.Gap, cancellationToken);
        await WriteOptionalAsync(copy, energy?.KilowattHours, NpgsqlDbType.Numeric, cancellationToken);
        await WriteOptionalAsync(copy, energy?.RenewableKilowattHours, NpgsqlDbType.Numeric, cancellationToken);
        await WriteOptionalAsync(copy, energy?.NuclearKilowattHours, NpgsqlDbType.Numeric, cancellationToken);
        await WriteOptionalAsync(copy, energy?.IsUnstated, NpgsqlDbType.Boolean, cancellationToken);
    }

    private static async Task WriteMissingAsync(NpgsqlBinaryImporter copy, (CalculatedEntry Entry, Scope2Method? Method) row, CancellationToken cancellationToken)
    {
        var entry = row.Entry.Entry;
        await copy.WriteAsync(entry.Id, NpgsqlDbType.Uuid, cancellationToken);
        await copy.WriteAsync(row.Entry.MissingScope, NpgsqlDbType.Integer, cancellationToken);
        await WriteOptionalAsync(copy, row.Entry.MissingCategory, NpgsqlDbType.Integer, cancellationToken);
        await copy.WriteAsync(new DateOnly(entry.From.Year, entry.From.Month, 1), NpgsqlDbType.Date, cancellationToken);
        await WriteOptionalAsync(copy, row.Method?.ToString(), cancellationToken);
        for (var column = 0; column < 7; column++)
        {
            await copy.WriteNullAsync(cancellationToken);
        }

        await copy.WriteAsync(EntryLedger.MethodVersion, NpgsqlDbType.Text, cancellationToken);
        await copy.WriteNullAsync(cancellationToken);
        await copy.WriteNullAsync(cancellationToken);
        await copy.WriteAsync(0m, NpgsqlDbType.Numeric, cancellationToken);
        await copy.WriteAsync(row.Entry.MissingQuality.ToString(), NpgsqlDbType.Text, cancellationToken);
        await copy.WriteAsync(new[] { row.Entry.MissingFlag }, NpgsqlDbType.Array | NpgsqlDbType.Text, cancellationToken);
        await copy.WriteAsync(row.Entry.MethodOf(row.Entry.MissingScope, row.Entry.MissingCategory).ToString(), NpgsqlDbType.Text, cancellationToken);
        for (var gas = 0; gas < 7; gas++)
        {
            await copy.WriteNullAsync(cancellationToken);
        }
    }

    private static async Task WriteFingerprintAsync(NpgsqlBinaryImporter copy, CalculatedEntry calculated, CancellationToken cancellationToken)
    {
        await copy.WriteAsync(calculated.Entry.Id, NpgsqlDbType.Uuid, cancellationToken);
        await copy.WriteAsync(calculated.Fingerprint(), NpgsqlDbType.Bytea, cancellationToken);
    }

    private static async Task WriteFaultAsync(NpgsqlBinaryImporter copy, CalculatedEntry row, CancellationToken cancellationToken)
    {
        await copy.WriteAsync(row.Entry.Id, NpgsqlDbType.Uuid, cancellationToken);
        await copy.WriteAsync(row.Fault!.Code, NpgsqlDbType.Text, cancellationToken);
        await copy.WriteAsync(Cut(row.Fault.Message), NpgsqlDbType.Text, cancellationToken);
        await copy.WriteAsync(Cut(row.Fault.Mend), NpgsqlDbType.Text, cancellationToken);
    }

    /// <summary>Texts may name what people have typed.</summary>
    internal static string Cut(string text) => text.Length <= LongestText ? text : text[..(LongestText - 1)] + "…";

    private static Task WriteOptionalAsync<T>(NpgsqlBinaryImporter copy, T? value, NpgsqlDbType type, CancellationToken cancellationToken)
        where T : struct => value is { } known ? copy.WriteAsync(known, type, cancellationToken) : copy.WriteNullAsync(cancellationToken);

    private static Task WriteOptionalAsync(NpgsqlBinaryImporter copy, string? value, CancellationToken cancellationToken) =>
        value is null ? copy.WriteNullAsync(cancellationToken) : copy.WriteAsync(value, NpgsqlDbType.Text, cancellationToken);
}
