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
public sealed class FactorQueries(TenantDatabase database, CurrentUser user, FactorReference reference, FactorFacetTable facets)
{
    /// <summary>The most that a page can have.</summary>
    public const int MostRows = 500;

    /// <summary>Values of one facet: more than a menu can show.</summary>
    private const int MaxFacetValues = 300;

    private const int UsesShown = 12;

    /// <summary>By name, then by place, the latest first. The same order on every page, whatever is added meanwhile.</summary>
    private const string Order = "f.sort_name, f.region_name, -f.year, f.activity, f.unit, f.key";

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
        var shipped = await facets.ShippedAsync(unit, cancellationToken);
        if (!HasText(filter))
        {
            var own = await unit.Connection.ListAsync(
                $"select {FactorFacetTable.Columns} from emission_factors f join factor_sets s on s.key = f.set_key where f.tenant_id is not null and f.retired_at is null",
                row => FactorFacetTable.Read(row, 0), cancellationToken);
            return FactorFacetTable.Count(shipped.Values.Concat(own), filter, MaxFacetValues);
        }

        var found = await unit.Connection.ListAsync(
            $"""
            select r.factor, f.key is not null, {FactorFacetTable.Columns} from search_factors($1) r
            left join emission_factors f on f.key = r.factor and f.tenant_id is not null and f.retired_at is null left join factor_sets s on s.key = f.set_key
            """,
            row => row.GetBoolean(1) ? FactorFacetTable.Read(row, 2) : shipped.GetValueOrDefault(row.GetGuid(0)), cancellationToken, filter.Text!.Trim());
        return FactorFacetTable.Count(found.OfType<FactorFacetRow>(), filter, MaxFacetValues);
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
        var where = "f.retired_at is null" + string.Join("", conditions.Select(condition => " and " + condition));
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

    private static List<string> Conditions(FactorFilter filter, List<object?> parameters)
    {
        var conditions = new List<string>();
        if (filter.Set is { } set)
        {
            conditions.Add(set == FactorFilter.OwnSets ? "f.tenant_id is not null" : $"s.id = {Add(parameters, set)}");
        }

        AddEqual("f.topic", filter.Category);
        AddEqual("f.region", filter.Region);
        AddEqual("f.unit", filter.Unit);
        AddEqual("f.part", filter.Part?.ToString());
        if (filter.Year is { } year)
        {
            conditions.Add($"f.year = {Add(parameters, year)}");
        }

        if (filter.Gas is { } gas)
        {
            conditions.Add($"f.gases @> array[{Add(parameters, gas)}::text]");
        }

        if (filter.Activity is { Length: > 0 } activity)
        {
            // The texts from “desnz/” up to “desnz0”, the next character after the slash.
            conditions.Add(activity[^1] == '/'
                ? $"(f.activity >= {Add(parameters, activity)} and f.activity < {Add(parameters, activity[..^1] + "0")})"
                : $"f.activity = {Add(parameters, activity)}");
        }

        return conditions;

        void AddEqual(string column, string? value)
        {
            if (value is not null)
            {
                conditions.Add($"{column} = {Add(parameters, value)}");
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
            where e.factor_id = $1 and e.factor_set_id = $2 and exists (select from emission_intervals i where i.activity_id = e.activity_id and i.proposal_id is not distinct from e.proposal_id and i.to_sequence is null)
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
