using System.Globalization;
using Npgsql;
using OffGridFlow.Core.ActivityData;
using OffGridFlow.Core.CloudUsage;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Inventory;

/// <inheritdoc cref="IEmissionsQueries"/>
internal sealed partial class EmissionsQueries(TenantDatabase database, CurrentUser user, ICloudEstimator estimator, LedgerCache cache) : IEmissionsQueries
{
    /// <summary>A dimension in the monthly totals; text in every case, so that keys read alike in pages and API.</summary>
    private static string ColumnOf(EmissionsDimension dimension) => dimension switch
    {
        EmissionsDimension.Scope => "t.scope::text",
        EmissionsDimension.Category => "t.category::text",
        EmissionsDimension.Month => "to_char(t.month, 'YYYY-MM')",
        // The account of an entry is its site.
        EmissionsDimension.Site => "case when t.provider = 'entry' then t.account else '' end",
        EmissionsDimension.Service => "t.service",
        EmissionsDimension.Region => "t.region",
        EmissionsDimension.Account => "t.account",
        EmissionsDimension.UsageClass => "t.usage_class",
        _ => throw new ArgumentOutOfRangeException(nameof(dimension)),
    };

    public async Task<EmissionsSummary> SummarizeAsync(
        EmissionsFilter filter, IReadOnlyList<EmissionsDimension> groupBy, CancellationToken cancellationToken)
    {
        user.Require(Permissions.DashboardsRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await cache.GetAsync(
            unit, ("summary", filter with { Order = null }, string.Join(',', groupBy)), () => SummarizeAsync(unit, filter, groupBy, cancellationToken),
            summary => summary.Groups.Count, cancellationToken);
    }

    internal static async Task<EmissionsSummary> SummarizeAsync(
        TenantUnit unit, EmissionsFilter filter, IReadOnlyList<EmissionsDimension> groupBy, CancellationToken cancellationToken)
    {
        var parameters = new List<object?>();
        var where = Where(filter, "t", parameters);
        var keys = groupBy.Select(ColumnOf).ToList();
        var columns = string.Concat(keys.Select(key => key + ", "));
        var places = string.Join(", ", Enumerable.Range(1, keys.Count + 1));
        var rows = await unit.Connection.ListAsync(
            $"""
            select {columns}t.currency, sum(t.activities)::bigint, sum(t.activities_without_result)::bigint, sum(t.kilowatt_hours), sum(t.operational_kg_co2e),
              sum(t.embodied_kg_co2e), sum(t.kg_co2e), sum(t.measured_kg_co2e), sum(t.defaulted_kg_co2e), sum(t.submitted_kg_co2e), sum(t.biogenic_kg_co2),
              sum(t.cost), sum(t.unmapped_cost), array_agg(distinct t.method), bool_or(t.comparison_only)
            from {TotalsOf(filter)} t where {where} group by {places}
            """,
            row => ReadSum(row, keys.Count), cancellationToken, [.. parameters]);

        var groups = rows.GroupBy(row => string.Join('\u001f', row.Keys))
            .Select(group => new EmissionsGroup(group.First().Keys, Add(group)));
        var ordered = groupBy is [EmissionsDimension.Month]
            ? groups.OrderBy(group => group.Keys[0], StringComparer.Ordinal)
            : groups.OrderByDescending(group => group.Figures.KgCo2e).ThenBy(group => string.Join('\u001f', group.Keys), StringComparer.Ordinal);
        return new EmissionsSummary(
            ordered.ToList(), Add(rows), rows.SelectMany(row => row.Methods).Distinct().Order(StringComparer.Ordinal).ToList(),
            rows.Exists(row => row.ComparisonOnly))
        {
            ComparisonMethods = rows.Where(row => row.ComparisonOnly).SelectMany(row => row.Methods).Distinct().Order(StringComparer.Ordinal).ToList(),
        };
    }

    /// <summary>Newest month first, then the largest mass.</summary>
    internal static readonly EmissionsOrder NewestFirst = new(EmissionsMeasure.Month, Ascending: false);

    public async Task<EmissionsPage> ListAsync(EmissionsFilter filter, string? cursor, int limit, CancellationToken cancellationToken)
    {
        user.Require(Permissions.DashboardsRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await cache.GetAsync(
            unit, ("rows", filter, cursor, limit), () => ListAsync(unit, filter, cursor, limit, cancellationToken), page => page.Rows.Count, cancellationToken);
    }

    private static async Task<EmissionsPage> ListAsync(TenantUnit unit, EmissionsFilter filter, string? cursor, int limit, CancellationToken cancellationToken)
    {
        var parameters = new List<object?>();
        var where = Where(filter, "a", parameters);
        var order = filter.Order ?? NewestFirst;
        if (Cursor.Parse(cursor, 3) is { } place)
        {
            where += After(place, order, parameters);
        }

        parameters.Add(limit + 1);
        var rows = await unit.Connection.ListAsync(
            $"""
            {EmissionColumns}, {KeyOf(order)}
            {CurrentRows} and {where}
            order by {OrderBy(order)} limit ${parameters.Count}
            """,
            row => (Row: ReadEmission(row), Key: row.GetDecimal(row.FieldCount - 1)), cancellationToken, [.. parameters]);
        var next = rows.Count > limit && rows[limit - 1] is var last
            ? Cursor.Of(
                last.Row.Month.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), last.Key.ToString(CultureInfo.InvariantCulture), last.Row.Id.ToString("N"))
            : null;
        return new EmissionsPage(rows.Take(limit).Select(row => row.Row).ToList(), next);
    }

    public async Task<EmissionsChoices> ListChoicesAsync(CancellationToken cancellationToken)
    {
        user.Require(Permissions.DashboardsRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await cache.GetAsync(
            unit, "choices", () => ListChoicesAsync(unit, cancellationToken), choices => choices.Services.Count + choices.Accounts.Count, cancellationToken);
    }

    private static async Task<EmissionsChoices> ListChoicesAsync(TenantUnit unit, CancellationToken cancellationToken) => new(
        await unit.Connection.ListAsync("select distinct month from monthly_totals order by 1", row => row.GetFieldValue<DateOnly>(0), cancellationToken),
        await DistinctAsync(unit, "service", cancellationToken),
        await DistinctAsync(unit, "region", cancellationToken),
        await DistinctAsync(unit, "account", cancellationToken))
    {
        Sites = await unit.Connection.ListAsync("select distinct account from monthly_totals where provider = 'entry' order by 1", row => row.GetString(0), cancellationToken),
    };

    internal const string EmissionColumns =
        """
        select e.id, e.month, e.scope, e.category, a.provider, a.account, a.service, a.region, a.usage_class, a.quantity, a.unit,
          e.kilowatt_hours, e.operational_kg_co2e, e.embodied_kg_co2e, e.kg_co2e, e.quality, e.method, e.method_version, e.comparison_only, e.flags,
          a.currency, a.cost, e.scope2_method, e.part, e.biogenic_kg_co2, a.entry_id, a.entry_status
        """;

    /// <summary>How many columns <see cref="EmissionColumns"/> are: where the next begins.</summary>
    internal const int EmissionColumnCount = 27;

    /// <summary>The rows that count now; further conditions follow by <c>and</c>.</summary>
    internal const string CurrentRows =
        """
        from emission_intervals i
        join emission_records e on e.activity_id = i.activity_id and e.proposal_id is not distinct from i.proposal_id
        join activity_records a on a.id = e.activity_id
        where i.to_sequence is null
        """;

    internal static EmissionRow ReadEmission(NpgsqlDataReader row) => new()
    {
        Id = row.GetGuid(0),
        Month = row.GetFieldValue<DateOnly>(1),
        Scope = row.GetInt32(2),
        Category = row.Optional<int>(3),
        Provider = row.GetString(4),
        Account = row.GetString(5),
        Service = row.GetString(6),
        Region = row.GetString(7),
        UsageClass = Enum.Parse<UsageClass>(row.GetString(8)),
        Quantity = row.Optional<decimal>(9),
        Unit = row.OptionalText(10),
        KilowattHours = row.Optional<decimal>(11),
        OperationalKgCo2e = row.Optional<decimal>(12),
        EmbodiedKgCo2e = row.Optional<decimal>(13),
        KgCo2e = row.Optional<decimal>(14),
        Quality = row.GetString(15).ToLowerInvariant(),
        Method = row.GetString(16),
        MethodVersion = row.GetString(17),
        ComparisonOnly = row.GetBoolean(18),
        Flags = row.GetFieldValue<string[]>(19),
        // An entry has no cost, and an amount without a currency is none.
        Cost = row.GetString(20) is { Length: > 0 } currency ? new Dictionary<string, decimal> { [currency] = row.GetDecimal(21) } : NoCost,
        Scope2Method = row.OptionalText(22)?.ToLowerInvariant(),
        Part = row.OptionalText(23) is { } part ? Enum.Parse<FactorPart>(part) : null,
        BiogenicKgCo2 = row.Optional<decimal>(24),
        EntryId = row.Optional<Guid>(25),
        EntryStatus = row.OptionalText(26) is { } status ? Enum.Parse<EntryStatus>(status) : null,
    };

    private static readonly Dictionary<string, decimal> NoCost = [];

    private sealed record Sum(IReadOnlyList<string> Keys, string Currency, EmissionsFigures Figures, decimal Cost, decimal UnmappedCost, string[] Methods, bool ComparisonOnly);

    private static Sum ReadSum(NpgsqlDataReader row, int keys)
    {
        var kg = row.GetDecimal(keys + 6);
        var measured = row.GetDecimal(keys + 7);
        var defaulted = row.GetDecimal(keys + 8);
        return new Sum(
            Enumerable.Range(0, keys).Select(row.GetString).ToList(), row.GetString(keys),
            new EmissionsFigures
            {
                Activities = row.GetInt64(keys + 1),
                ActivitiesWithoutResult = row.GetInt64(keys + 2),
                KilowattHours = row.GetDecimal(keys + 3),
                OperationalKgCo2e = row.GetDecimal(keys + 4),
                EmbodiedKgCo2e = row.GetDecimal(keys + 5),
                KgCo2e = kg,
                MeasuredKgCo2e = measured,
                DefaultedKgCo2e = defaulted,
                EstimatedKgCo2e = kg - measured - defaulted,
                SubmittedKgCo2e = row.GetDecimal(keys + 9),
                BiogenicKgCo2 = row.GetDecimal(keys + 10),
            },
            row.GetDecimal(keys + 11), row.GetDecimal(keys + 12), row.GetFieldValue<string[]>(keys + 13), row.GetBoolean(keys + 14));
    }

    private static EmissionsFigures Add(IEnumerable<Sum> sums)
    {
        var total = new EmissionsFigures();
        var cost = new SortedDictionary<string, decimal>(StringComparer.Ordinal);
        var unmapped = new SortedDictionary<string, decimal>(StringComparer.Ordinal);
        foreach (var sum in sums)
        {
            total = total with
            {
                Activities = total.Activities + sum.Figures.Activities,
                ActivitiesWithoutResult = total.ActivitiesWithoutResult + sum.Figures.ActivitiesWithoutResult,
                KilowattHours = total.KilowattHours + sum.Figures.KilowattHours,
                OperationalKgCo2e = total.OperationalKgCo2e + sum.Figures.OperationalKgCo2e,
                EmbodiedKgCo2e = total.EmbodiedKgCo2e + sum.Figures.EmbodiedKgCo2e,
                KgCo2e = total.KgCo2e + sum.Figures.KgCo2e,
                MeasuredKgCo2e = total.MeasuredKgCo2e + sum.Figures.MeasuredKgCo2e,
                DefaultedKgCo2e = total.DefaultedKgCo2e + sum.Figures.DefaultedKgCo2e,
                EstimatedKgCo2e = total.EstimatedKgCo2e + sum.Figures.EstimatedKgCo2e,
                SubmittedKgCo2e = total.SubmittedKgCo2e + sum.Figures.SubmittedKgCo2e,
                BiogenicKgCo2 = total.BiogenicKgCo2 + sum.Figures.BiogenicKgCo2,
            };
            if (sum.Currency.Length == 0)
            {
                continue;
            }

            cost[sum.Currency] = cost.GetValueOrDefault(sum.Currency) + sum.Cost;
            if (sum.Figures.ActivitiesWithoutResult > 0)
            {
                unmapped[sum.Currency] = unmapped.GetValueOrDefault(sum.Currency) + sum.UnmappedCost;
            }
        }

        return total with { Cost = cost, UnmappedCost = unmapped };
    }

    /// <summary>
    /// The roll-up, or where it does not know the asked quality, the same columns over the current records: the ledger groups usage, so
    /// that even a large tenant has some ten thousand of them.
    /// </summary>
    private static string TotalsOf(EmissionsFilter filter) => filter.Quality is null ? "monthly_totals" :
        """
        (select e.month, e.scope, coalesce(e.category, 0) as category, coalesce(e.scope2_method, '') as scope2_method, a.provider, a.account, a.service, a.region, a.usage_class, e.method,
          e.comparison_only, a.currency, 1 as activities, case when e.quality = 'Missing' then 1 else 0 end as activities_without_result,
          coalesce(e.kilowatt_hours, 0) as kilowatt_hours, coalesce(e.operational_kg_co2e, 0) as operational_kg_co2e,
          coalesce(e.embodied_kg_co2e, 0) as embodied_kg_co2e, coalesce(e.kg_co2e, 0) as kg_co2e,
          case when e.quality = 'Measured' then coalesce(e.kg_co2e, 0) else 0 end as measured_kg_co2e, e.defaulted_kg_co2e,
          case when a.entry_status = 'Submitted' then coalesce(e.kg_co2e, 0) else 0 end as submitted_kg_co2e,
          coalesce(e.biogenic_kg_co2, 0) as biogenic_kg_co2, a.cost,
          case when e.quality = 'Missing' then a.cost else 0 end as unmapped_cost, e.quality
        from emission_intervals i
        join emission_records e on e.activity_id = i.activity_id and e.proposal_id is not distinct from i.proposal_id
        join activity_records a on a.id = e.activity_id
        where i.to_sequence is null)
        """;

    internal static string OrderBy(EmissionsOrder order)
    {
        var direction = order.Ascending ? "asc" : "desc";
        return $"{MonthOf(order)} {direction}, {KeyOf(order)} {direction}, e.id {direction}";
    }

    /// <summary>Month comes first where it is asked for, and is the same for all rows where it is not.</summary>
    private static string MonthOf(EmissionsOrder order) => order.By == EmissionsMeasure.Month ? "e.month" : "date '2000-01-01'";

    /// <summary>A figure to order by, never null, so that rows without one have their place too: the last.</summary>
    private static string KeyOf(EmissionsOrder order)
    {
        var column = order.By switch
        {
            EmissionsMeasure.KilowattHours => "e.kilowatt_hours",
            EmissionsMeasure.OperationalKgCo2e => "e.operational_kg_co2e",
            EmissionsMeasure.EmbodiedKgCo2e => "e.embodied_kg_co2e",
            _ => "e.kg_co2e",
        };
        // No stored figure has more than 16 digits before the point; a reversal's is below zero.
        return $"coalesce({column}, {(order.Ascending ? "1e16" : "-1e16")})";
    }

    /// <summary>Conditions on totals (<c>t</c>), or on activities (<c>a</c>) with their results (<c>e</c>), values as parameters.</summary>
    internal static string Where(EmissionsFilter filter, string table, List<object?> parameters)
    {
        var results = table == "t" ? "t" : "e";
        var conditions = new List<string> { "true" };
        void Add(string condition, object? value)
        {
            if (value is not null)
            {
                parameters.Add(value);
                conditions.Add(string.Format(CultureInfo.InvariantCulture, condition, parameters.Count));
            }
        }

        // A month counts when it overlaps the asked days: results are of months.
        Add(results + ".month >= date_trunc('month', ${0}::date)::date", filter.From);
        Add(results + ".month <= ${0}::date", filter.To);
        Add(results + ".scope = ${0}", filter.Scope);
        Add($"coalesce({results}.category, 0) = ${{0}}", filter.Category);
        // The two views of purchased energy are never in one sum.
        Add(table == "t" ? "t.scope2_method in ('', ${0})" : "(e.scope2_method is null or e.scope2_method = ${0})", filter.Scope2Method.ToString());
        Add($"(case when {table}.provider = 'entry' then {table}.account else '' end) = ${{0}}", filter.Site);
        Add(table + ".service = ${0}", filter.Service);
        Add(table + ".region = ${0}", filter.Region);
        Add(table + ".account = ${0}", filter.Account);
        Add(table + ".usage_class = ${0}", filter.UsageClass?.ToString());
        Add(results + ".quality = initcap(${0})", filter.Quality);
        if (!string.IsNullOrWhiteSpace(filter.Search))
        {
            var pattern = "%" + filter.Search.Trim().Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal)
                .Replace("_", "\\_", StringComparison.Ordinal) + "%";
            Add($"({table}.service ilike ${{0}} or {table}.region ilike ${{0}} or {table}.account ilike ${{0}})", pattern);
        }

        return string.Join(" and ", conditions);
    }

    private static string After(string[] place, EmissionsOrder order, List<object?> parameters)
    {
        if (!DateOnly.TryParseExact(place[0], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var month)
            || !decimal.TryParse(place[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var mass) || !Guid.TryParse(place[2], out var id))
        {
            throw new InvalidCursorException();
        }

        if (order.By != EmissionsMeasure.Month)
        {
            month = new DateOnly(2000, 1, 1);
        }

        parameters.AddRange([month, mass, id]);
        var count = parameters.Count;
        return string.Create(
            CultureInfo.InvariantCulture,
            $" and ({MonthOf(order)}, {KeyOf(order)}, e.id) {(order.Ascending ? ">" : "<")} (${count - 2}, ${count - 1}, ${count})");
    }

    private static Task<List<string>> DistinctAsync(TenantUnit unit, string column, CancellationToken cancellationToken) =>
        unit.Connection.ListAsync($"select distinct {column} from monthly_totals order by 1", row => row.GetString(0), cancellationToken);
}
