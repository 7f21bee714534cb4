using System.Globalization;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Calculation;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.EmissionFactors;

/// <summary>
/// Searches the factors that the current organization can use: the shipped ones and its own. Retired and superseded ones are not listed;
/// by their key they are found as long as anything cites them, which is for ever.
/// </summary>
public sealed class FactorQueries(TenantDatabase database, CurrentUser user, FactorReference reference)
{
    /// <summary>The most that a page can have.</summary>
    public const int MostRows = 500;

    /// <summary>Values of one facet: more than a menu can show.</summary>
    private const int MostValues = 300;

    private const int UsesShown = 12;

    /// <summary>By name, then by place, the latest first. The same order on every page, whatever is added meanwhile.</summary>
    private const string Order = "f.sort_name, f.region_name, -f.year, f.activity, f.unit, f.key";

    private static readonly string[] FacetNames = ["set", "category", "region", "year", "unit", "gas", "part"];

    /// <param name="cursor">Of the page before; null for the first.</param>
    /// <param name="take">1 to <see cref="MostRows"/>.</param>
    /// <exception cref="InvalidCursorException">No list gave the cursor out.</exception>
    public async Task<FactorPage> ListAsync(FactorFilter filter, string? cursor, int take, CancellationToken cancellationToken)
    {
        user.Require(Permissions.CalculationsRead);
        ArgumentOutOfRangeException.ThrowIfLessThan(take, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(take, MostRows);
        var place = PlaceOf(cursor);
        await using var unit = await database.OpenAsync(cancellationToken);
        var policy = (await CalculationPolicies.FindAsync(unit, cancellationToken)).Policy;
        var (sql, parameters) = ListStatement(filter, place, take + 1);
        var rows = await unit.Connection.ListAsync(sql, row => (Stored: FactorReader.Read(row, reference.Units), Rank: row.GetInt32(FactorReader.Count)), cancellationToken, parameters);
        var page = rows.Take(take).ToList();
        return new FactorPage(
            [.. page.Select(row => RowOf(row.Stored, policy.Gwp))],
            rows.Count > take ? CursorOf(page[^1].Stored, page[^1].Rank) : null);
    }

    /// <summary>How many factors there are by each value of each facet, under all conditions but the facet's own.</summary>
    public async Task<FactorFacets> FacetsAsync(FactorFilter filter, CancellationToken cancellationToken)
    {
        user.Require(Permissions.CalculationsRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        var parameters = new List<object?>();
        var conditions = Conditions(filter, parameters);
        var fixedOnes = string.Join("", conditions.Where(condition => !FacetNames.Contains(condition.Key)).Select(condition => " and " + condition.Value));
        var flags = FacetNames.Select(name => $"({conditions.GetValueOrDefault(name, "true")}) as is_{name}");
        string Facet(string name, string value, string label) =>
            $"""
            (select '{name}', {value}, {label}, count(*)::integer from found f {(name == "gas" ? "cross join unnest(f.gases) gas" : "")}
             where {string.Join(" and ", FacetNames.Where(other => other != name).Select(other => "is_" + other))} group by 2 order by 4 desc, 2 limit {MostValues})
            """;
        var from = From(filter, parameters);
        var sql = $"""
            with found as materialized (
              select case when f.tenant_id is null then s.id else '{FactorFilter.OwnSets}' end as set_id, s.title as set_title, f.topic, f.region, f.region_name, f.year, f.unit,
                f.gases, f.part, {string.Join(", ", flags)}
              from {from} where f.retired_at is null{fixedOnes})
            select 'total', '', '', count(*)::integer from found where {string.Join(" and ", FacetNames.Select(name => "is_" + name))}
            union all {Facet("set", "set_id", "min(set_title)")}
            union all {Facet("category", "topic", "min(topic)")}
            union all {Facet("region", "region", "min(region_name)")}
            union all {Facet("year", "year::text", "min(year::text)")}
            union all {Facet("unit", "unit", "min(unit)")}
            union all {Facet("gas", "gas", "min(gas)")}
            union all {Facet("part", "part", "min(part)")}
            """;
        var rows = await unit.Connection.ListAsync(
            sql, row => (Facet: row.GetString(0), Row: new FactorFacet(row.GetString(1), row.GetString(2), row.GetInt32(3))), cancellationToken, [.. parameters]);
        IReadOnlyList<FactorFacet> Of(string name) => [.. rows.Where(row => row.Facet == name).Select(row => row.Row)];
        return new FactorFacets(
            Of("total")[0].Count, Of("set"), Of("category"), Of("region"), [.. Of("year").OrderByDescending(year => year.Value, StringComparer.Ordinal)], Of("unit"), Of("gas"), Of("part"));
    }

    /// <summary>Null when the organization can see no such factor.</summary>
    public async Task<FactorDetail?> FindAsync(Guid key, CancellationToken cancellationToken)
    {
        user.Require(Permissions.CalculationsRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        var found = (await unit.Connection.ListAsync(
            $"select {FactorReader.Columns} from emission_factors f join factor_sets s on s.key = f.set_key where f.key = $1",
            row => FactorReader.Read(row, reference.Units), cancellationToken, key)).SingleOrDefault();
        if (found is null)
        {
            return null;
        }

        var policy = (await CalculationPolicies.FindAsync(unit, cancellationToken)).Policy;
        var row = RowOf(found, policy.Gwp);
        var (count, uses) = await UsesAsync(unit, found.Factor, cancellationToken);
        return new FactorDetail(row, policy.Gwp, ByGwp(found.Factor), await EditionsAsync(unit, row, policy.Gwp, cancellationToken), count, uses,
            await CorrectionsAsync(unit, found, cancellationToken));
    }

    /// <summary>The statement of a page, with its parameters; a test looks at its plan.</summary>
    internal static (string Sql, object?[] Parameters) ListStatement(FactorFilter filter, FactorPlace? place, int take)
    {
        var parameters = new List<object?>();
        var conditions = Conditions(filter, parameters);
        var from = From(filter, parameters);
        var rank = HasText(filter) ? "r.rank" : "0";
        var where = "f.retired_at is null" + string.Join("", conditions.Values.Select(condition => " and " + condition));
        if (place is not null)
        {
            var row = $"({Add(parameters, place.Name)}, {Add(parameters, place.RegionName)}, {Add(parameters, -place.Year)}, {Add(parameters, place.Activity)}, {Add(parameters, place.Unit)}, {Add(parameters, place.Key)})";
            // Without a text all ranks are the same: the row comparison alone lets the index be read from the place on.
            where += HasText(filter)
                ? $" and ({rank} > {Add(parameters, place.Rank)} or ({rank} = {Add(parameters, place.Rank)} and ({Order}) > {row}))"
                : $" and ({Order}) > {row}";
        }

        return ($"select {FactorReader.Columns}, {rank} from {from} where {where} order by {(HasText(filter) ? rank + ", " : "")}{Order} limit {Add(parameters, take)}", [.. parameters]);
    }

    private static bool HasText(FactorFilter filter) => !string.IsNullOrWhiteSpace(filter.Text);

    private static string From(FactorFilter filter, List<object?> parameters) =>
        (HasText(filter) ? $"search_factors({Add(parameters, filter.Text!.Trim())}) r join emission_factors f on f.key = r.factor" : "emission_factors f")
        + " join factor_sets s on s.key = f.set_key";

    /// <summary>By the name of the facet that each belongs to.</summary>
    private static Dictionary<string, string> Conditions(FactorFilter filter, List<object?> parameters)
    {
        var conditions = new Dictionary<string, string>();
        if (filter.Set is { } set)
        {
            conditions["set"] = set == FactorFilter.OwnSets ? "f.tenant_id is not null" : $"s.id = {Add(parameters, set)}";
        }

        AddEqual("category", "f.topic", filter.Category);
        AddEqual("region", "f.region", filter.Region);
        AddEqual("unit", "f.unit", filter.Unit);
        AddEqual("part", "f.part", filter.Part?.ToString());
        if (filter.Year is { } year)
        {
            conditions["year"] = $"f.year = {Add(parameters, year)}";
        }

        if (filter.Gas is { } gas)
        {
            conditions["gas"] = $"f.gases @> array[{Add(parameters, gas)}::text]";
        }

        if (filter.Activity is { Length: > 0 } activity)
        {
            // The texts from “desnz/” up to “desnz0”, the next character after the slash.
            conditions["activity"] = activity[^1] == '/'
                ? $"(f.activity >= {Add(parameters, activity)} and f.activity < {Add(parameters, activity[..^1] + "0")})"
                : $"f.activity = {Add(parameters, activity)}";
        }

        return conditions;

        void AddEqual(string name, string column, string? value)
        {
            if (value is not null)
            {
                conditions[name] = $"{column} = {Add(parameters, value)}";
            }
        }
    }

    private static string Add(List<object?> parameters, object value)
    {
        parameters.Add(value);
        return $"${parameters.Count}";
    }

    private async Task<List<FactorEdition>> EditionsAsync(TenantUnit unit, FactorRow row, GwpSet gwp, CancellationToken cancellationToken)
    {
        var (factor, setKey) = (row.Factor, row.Stored.SetKey);
        if (factor.Set.IsOwn)
        {
            return [];
        }

        var sets = await unit.Connection.ListAsync(
            "select key, id, edition from factor_sets where family = $1 and tenant_id is null and superseded_at is null and key <> $2 order by id desc",
            set => (Key: set.GetGuid(0), Id: set.GetString(1), Edition: set.GetString(2)), cancellationToken, factor.Set.Family, setKey);
        var twins = await unit.Connection.ListAsync(
            $"""
            select {FactorReader.Columns} from emission_factors f join factor_sets s on s.key = f.set_key
            where f.activity = $1 and f.unit = $2 and f.region = $3 and f.part = $4 and f.supply = $5 and f.retired_at is null and f.tenant_id is null and f.key <> $6
            order by f.year desc
            """,
            twin => FactorReader.Read(twin, reference.Units), cancellationToken, factor.Activity, factor.Unit.Symbol, factor.Region, factor.Part.ToString(),
            factor.Supply.ToString(), row.Key);
        var editions = new List<FactorEdition>();
        // A set by data year may hold several years of the same row: those of this one come first.
        foreach (var set in sets.Prepend((Key: setKey, factor.Set.Id, factor.Set.Edition)))
        {
            var there = twins.Where(twin => twin.SetKey == set.Key).ToList();
            if (there.Count == 0 && set.Key != setKey)
            {
                editions.Add(new FactorEdition(set.Id, set.Edition, null, null, null));
            }

            foreach (var twin in there)
            {
                var figure = Figure(twin.Factor, gwp);
                editions.Add(new FactorEdition(
                    set.Id, set.Edition, twin, figure, row.KgCo2e is { } mine && mine != 0 && figure is { } other ? (other - mine) / mine : null));
            }
        }

        return editions;
    }

    private static async Task<IReadOnlyList<FactorCorrection>> CorrectionsAsync(TenantUnit unit, StoredFactor stored, CancellationToken cancellationToken) =>
        await unit.Connection.ListAsync(
            """
            select c ->> 'column', c ->> 'published', c ->> 'used', c ->> 'reason', c ->> 'source'
            from factor_sets s, jsonb_array_elements(s.corrections) c where s.key = $1 and c ->> 'id' = $2
            """,
            row => new FactorCorrection(stored.Factor.Id, row.GetString(0), row.OptionalText(1), row.OptionalText(2), row.GetString(3), row.GetString(4)),
            cancellationToken, stored.SetKey, stored.Factor.Id);

    private static async Task<(long Count, IReadOnlyList<FactorUse> Uses)> UsesAsync(TenantUnit unit, EmissionFactor factor, CancellationToken cancellationToken)
    {
        const string Current =
            """
            from emission_records e join activity_records a on a.id = e.activity_id
            where e.factor_id = $1 and e.factor_set_id = $2 and exists (select from emission_intervals i where i.emission_id = e.id and i.to_sequence is null)
            """;
        var count = await unit.Connection.ScalarAsync<long>("select count(*) " + Current, cancellationToken, factor.Id, factor.Set.Id);
        return count == 0 ? (0, []) : (count, await unit.Connection.ListAsync(
            $"select e.id, e.month, a.service, a.account, e.kg_co2e {Current} order by e.month desc, e.id limit {UsesShown}",
            use => new FactorUse(use.GetGuid(0), use.GetFieldValue<DateOnly>(1), use.GetString(2), use.GetString(3), use.Optional<decimal>(4)), cancellationToken,
            factor.Id, factor.Set.Id));
    }

    private Dictionary<GwpSet, decimal> ByGwp(EmissionFactor factor) => factor.Basis != GasBasis.Mass ? [] : Enum.GetValues<GwpSet>()
        .Select(set => (set, figure: Figure(factor, set))).Where(entry => entry.figure is not null).ToDictionary(entry => entry.set, entry => entry.figure!.Value);

    private FactorRow RowOf(StoredFactor stored, GwpSet gwp) => new(stored, Figure(stored.Factor, gwp));

    private decimal? Figure(EmissionFactor factor, GwpSet gwp) => FactorFigure.KgCo2e(factor, reference.Gwps, gwp);

    private static string CursorOf(StoredFactor last, int rank) => Cursor.Of(
        rank.ToString(CultureInfo.InvariantCulture), SortName(last.Factor.Name), last.RegionName, last.Factor.Year.ToString(CultureInfo.InvariantCulture),
        last.Factor.Activity, last.Factor.Unit.Symbol, last.Key.ToString("N"));

    private static FactorPlace? PlaceOf(string? cursor)
    {
        if (Cursor.Parse(cursor, 7) is not { } parts)
        {
            return null;
        }

        return int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var rank) && int.TryParse(parts[3], NumberStyles.None, CultureInfo.InvariantCulture, out var year)
            && Guid.TryParse(parts[6], out var key)
            ? new FactorPlace(rank, parts[1], parts[2], year, parts[4], parts[5], key)
            : throw new InvalidCursorException();
    }

    /// <summary>As the column is made: only the letters of ASCII become small.</summary>
    private static string SortName(string name) => string.Create(name.Length, name, (small, given) =>
    {
        for (var i = 0; i < given.Length; i++)
        {
            small[i] = given[i] is >= 'A' and <= 'Z' ? (char)(given[i] + 32) : given[i];
        }
    });
}

/// <summary>Where a page ended.</summary>
internal sealed record FactorPlace(int Rank, string Name, string RegionName, int Year, string Activity, string Unit, Guid Key);
