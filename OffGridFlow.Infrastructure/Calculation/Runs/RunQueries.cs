using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Calculation.Runs;

/// <summary>Reads what a run would change or has changed, and what counted at any ledger number. The two views of scope 2 are never added.</summary>
public sealed class RunQueries(TenantDatabase database, CurrentUser user)
{
    /// <summary>Key columns of a group with the names they go by; over the totals (<c>t</c>) and the cells (<c>c</c>) alike.</summary>
    private static readonly Dictionary<RunGrouping, (string Name, string Column)[]> Keys = new()
    {
        [RunGrouping.Scope] = [("scope", "x.scope::text")],
        [RunGrouping.Category] = [("scope", "x.scope::text"), ("category", "case when x.category = 0 then '' else x.category::text end")],
        [RunGrouping.Entity] = [("entity", "coalesce(o.name, 'Cloud usage')")],
        [RunGrouping.Site] = [("site", "x.account")],
        [RunGrouping.Year] = [("year", "x.year::text")],
        [RunGrouping.Type] = [("activityType", "x.service"), ("scope", "x.scope::text"), ("category", "case when x.category = 0 then '' else x.category::text end")],
        [RunGrouping.Factor] =
        [
            ("activityType", "x.service"), ("scope", "x.scope::text"), ("category", "case when x.category = 0 then '' else x.category::text end"),
            ("scope2Method", "lower(x.scope2_method)"), ("part", "x.part"), ("factorBefore", "x.factor_before"), ("factorAfter", "x.factor_after"),
        ],
    };

    /// <summary>A site's name belongs to one entity, or to several that are then named together.</summary>
    private const string Entities =
        "left join (select s.name as site, string_agg(distinct n.name, ', ' order by n.name) as name from sites s join organizations n on n.id = s.organization_id group by s.name) o on o.site = x.account";

    /// <summary>Groups of both sides, the largest difference first; null for an unknown run, or one without a difference yet.</summary>
    /// <param name="view">Which view of scope 2 counts; factors are listed of both.</param>
    public async Task<RunDifference?> DifferenceAsync(Guid id, RunGrouping grouping, Scope2Method view, CancellationToken cancellationToken)
    {
        user.Require(Permissions.CalculationsRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        if (await ProposalAsync(unit, id, cancellationToken) is not { } proposal)
        {
            return null;
        }

        var keys = Keys[grouping];
        var ofChanged = grouping is RunGrouping.Type or RunGrouping.Factor;
        var methods = grouping == RunGrouping.Factor ? new[] { "", "Location", "Market" } : ["", view.ToString()];
        var names = Enumerable.Range(0, keys.Length).Select(index => "k" + index.ToString(CultureInfo.InvariantCulture)).ToList();
        var columns = string.Join(", ", keys.Zip(names, (key, name) => $"{key.Column} as {name}"));
        var list = string.Join(", ", names);
        var entities = grouping == RunGrouping.Entity ? Entities : "";
        var groups = await unit.Connection.ListAsync(
            $"""
            with t as (
              select {(ofChanged ? string.Join(", ", names.Select(name => $"null::text as {name}")) : columns)}, sum(x.kg) as kg
              from calculation_run_totals x {entities} where x.proposal_id = $1 and x.scope2_method = any($2) {(ofChanged ? "and false" : "")} group by {list}),
            c as (
              select {columns}, sum(x.kg_before) as kg_before, sum(x.kg_after) as kg_after, sum(x.entries)::bigint as entries
              from calculation_run_cells x {entities} where x.proposal_id = $1 and x.scope2_method = any($2) group by {list})
            select {string.Join(", ", names.Select(name => $"coalesce(t.{name}, c.{name})"))}, coalesce(t.kg, c.kg_before, 0),
              coalesce(t.kg, c.kg_before, 0) + coalesce(c.kg_after - c.kg_before, 0), coalesce(c.entries, 0)
            from t full join c on {string.Join(" and ", names.Select(name => $"t.{name} = c.{name}"))}
            order by abs(coalesce(c.kg_after - c.kg_before, 0)) desc, {string.Join(", ", names.Select(name => $"coalesce(t.{name}, c.{name})"))}
            """,
            row => new RunGroup(
                keys.Select((key, index) => (key.Name, Value: row.GetString(index))).ToDictionary(key => key.Name, key => key.Value), row.GetDecimal(keys.Length),
                row.GetDecimal(keys.Length + 1), row.GetInt64(keys.Length + 2)),
            cancellationToken, proposal, methods);
        var total = (await unit.Connection.ListAsync(
            """
            select coalesce(t.kg, 0), coalesce(t.kg, 0) + coalesce(c.kg, 0), coalesce(t.measured, 0), coalesce(t.measured, 0) + coalesce(c.measured, 0),
              (select changed from calculation_runs where proposal_id = $1)
            from (select sum(kg) as kg, sum(measured_kg) as measured from calculation_run_totals where proposal_id = $1 and scope2_method = any($2)) t,
              (select sum(kg_after - kg_before) as kg, sum(measured_after - measured_before) as measured from calculation_run_cells where proposal_id = $1 and scope2_method = any($2)) c
            """,
            row => (Group: new RunGroup(new Dictionary<string, string>(), row.GetDecimal(0), row.GetDecimal(1), row.GetInt64(4)), Before: row.GetDecimal(2), After: row.GetDecimal(3)),
            cancellationToken, proposal, new[] { "", view.ToString() })).Single();
        return new RunDifference(grouping == RunGrouping.Factor ? await NamedAsync(unit, groups, cancellationToken) : groups, total.Group, total.Before, total.After);
    }

    /// <summary>Changed entries, the largest difference first; null as <see cref="DifferenceAsync"/>.</summary>
    /// <exception cref="InvalidCursorException">The cursor is not one of ours.</exception>
    public async Task<RunEntryPage?> ListEntriesAsync(Guid id, string? cursor, int limit, CancellationToken cancellationToken)
    {
        user.Require(Permissions.CalculationsRead);
        var place = Cursor.Parse(cursor, 2);
        var (below, after) = (decimal.MaxValue, Guid.Empty);
        if (place is not null && !(decimal.TryParse(place[0], NumberStyles.Float, CultureInfo.InvariantCulture, out below) && Guid.TryParse(place[1], out after)))
        {
            throw new InvalidCursorException();
        }

        await using var unit = await database.OpenAsync(cancellationToken);
        if (await ProposalAsync(unit, id, cancellationToken) is not { } proposal)
        {
            return null;
        }

        // A run that takes another back has the changes of that one, the other way round.
        var inverseOf = await unit.Connection.ScalarAsync<Guid?>("select inverse_of from calculation_proposals where id = $1", cancellationToken, proposal);
        var (was, becomes) = inverseOf is null ? ("before", "after") : ("after", "before");
        var rows = await unit.Connection.ListAsync(
            $"""
            select c.entry_id, c.account, c.service, c.period_start, c.period_end, c.location_{was}, c.location_{becomes}, c.market_{was}, c.market_{becomes},
              c.fault_{was} ->> 'message', c.fault_{becomes} ->> 'message', c.magnitude
            from calculation_run_changes c
            where c.proposal_id = $1 and (c.magnitude < $2 or (c.magnitude = $2 and c.entry_id > $3))
            order by c.magnitude desc, c.entry_id limit $4
            """,
            row => (Row: new RunEntryRow(
                row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetFieldValue<DateOnly>(3), row.GetFieldValue<DateOnly>(4), row.GetDecimal(5), row.GetDecimal(6),
                row.GetDecimal(7), row.GetDecimal(8), row.OptionalText(9), row.OptionalText(10)), Magnitude: row.GetDecimal(11)),
            cancellationToken, inverseOf ?? proposal, below, after, limit + 1);
        var shown = rows.Take(limit).ToList();
        return new RunEntryPage(
            [.. shown.Select(row => row.Row)],
            rows.Count > limit ? Cursor.Of(shown[^1].Magnitude.ToString(CultureInfo.InvariantCulture), shown[^1].Row.EntryId.ToString("N")) : null);
    }

    /// <summary>Writes down, before anything leaves, who takes the difference of a run.</summary>
    /// <returns>The name of the organization.</returns>
    public async Task<string> RecordExportAsync(RunRow run, CancellationToken cancellationToken)
    {
        user.Require(Permissions.CalculationsRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        unit.Audit("calculation-run.exported", $"calculation-run/{run.Id}", new { run.Changed });
        var company = await unit.Connection.ScalarAsync<string>("select name from tenants where id = current_tenant()", cancellationToken) ?? "";
        await unit.CommitAsync(cancellationToken);
        return company;
    }

    /// <summary>What counted at a ledger number, or at the end of what had happened by an instant, or now.</summary>
    /// <param name="sequence">Goes before <paramref name="at"/>.</param>
    /// <param name="hashes">Whether every year's hash is worked out, which reads all results.</param>
    public async Task<LedgerState> FindStateAsync(long? sequence, DateTimeOffset? at, bool hashes, CancellationToken cancellationToken)
    {
        user.Require(Permissions.CalculationsRead);
        await using var unit = await database.OpenAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
        var now = await RunBasis.SequenceAsync(unit, cancellationToken);
        var number = sequence is { } given ? Math.Min(given, now)
            : at is { } instant ? await unit.Connection.ScalarAsync<long>("select coalesce(max(sequence), 0) from ledger_marks where at <= $1", cancellationToken, instant)
            : now;
        var mark = (await unit.Connection.ListAsync("select at from ledger_marks where sequence = $1", row => row.GetFieldValue<DateTimeOffset>(0), cancellationToken, number))
            .Select(found => (DateTimeOffset?)found).SingleOrDefault();
        var intervals = number == now ? "emission_intervals" : "emission_history";
        var totals = await ListAsync(
            unit,
            $"""
            select extract(year from e.month)::integer, e.scope, e.scope2_method, coalesce(sum(e.kg_co2e), 0), count(*)
            from {intervals} i join emission_records e on e.activity_id = i.activity_id and e.proposal_id is not distinct from i.proposal_id
            where i.from_sequence <= $1 and (i.to_sequence is null or i.to_sequence > $1) and not e.comparison_only
            group by 1, 2, 3 order by 1, 2, 3
            """,
            row => new PeriodTotal(row.GetInt32(0), row.GetInt32(1), row.OptionalText(2)?.ToLowerInvariant(), row.GetDecimal(3), row.GetInt64(4)), number, cancellationToken);
        return new LedgerState(number, mark, totals, hashes ? await ListAsync(unit, LedgerHash.Statement(intervals), row => new PeriodHash(row.GetInt32(0), row.GetString(1), row.GetInt64(2)), number, cancellationToken) : []);
    }

    private static async Task<Guid?> ProposalAsync(TenantUnit unit, Guid id, CancellationToken cancellationToken) =>
        (await unit.Connection.ListAsync(
            "select proposal_id from calculation_runs where id = $1", row => row.Optional<Guid>(0), cancellationToken, id)).SingleOrDefault();

    /// <summary>With names and figures of the factors, as the library has them.</summary>
    private static async Task<IReadOnlyList<RunGroup>> NamedAsync(TenantUnit unit, List<RunGroup> groups, CancellationToken cancellationToken)
    {
        var ids = groups.SelectMany(group => new[] { group.Keys["factorBefore"], group.Keys["factorAfter"] }).SelectMany(text => text.Split(" + ")).Where(id => id.Length > 0).Distinct().ToArray();
        var known = (await unit.Connection.ListAsync(
            """
            select distinct on (f.id) f.id, f.name, s.id, f.region_name, f.co2e, f.unit
            from emission_factors f join factor_sets s on s.key = f.set_key where f.id = any($1) order by f.id, s.superseded_at desc nulls first
            """,
            row => new RunFactor(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.Optional<decimal>(4), row.GetString(5)), cancellationToken, (object)ids))
            .ToDictionary(factor => factor.Id, StringComparer.Ordinal);
        foreach (var instrument in await unit.Connection.ListAsync(
            "select 'instrument/' || id, name, kg_co2e_per_kwh from contractual_instruments where 'instrument/' || id = any($1)",
            row => new RunFactor(row.GetString(0), row.GetString(1), "Contract", "", row.GetDecimal(2), "kWh"), cancellationToken, (object)ids))
        {
            known[instrument.Id] = instrument;
        }

        // Where several stand together, the first is named and the id tells them all.
        RunFactor? Named(string ids) => ids.Length == 0 ? null
            : known.TryGetValue(ids.Split(" + ")[0], out var factor) ? factor with { Id = ids } : new RunFactor(ids, ids, "", "", null, "");
        return [.. groups.Select(group => group with { FactorBefore = Named(group.Keys["factorBefore"]), FactorAfter = Named(group.Keys["factorAfter"]) })];
    }

    private static async Task<List<T>> ListAsync<T>(TenantUnit unit, string statement, Func<NpgsqlDataReader, T> read, long number, CancellationToken cancellationToken)
    {
        await using var command = unit.Connection.Command(statement, new NpgsqlParameter { Value = number, NpgsqlDbType = NpgsqlDbType.Bigint });
        command.CommandTimeout = 0;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(read(reader));
        }

        return rows;
    }
}
