using OffGridFlow.Core.Calculation;

namespace OffGridFlow.Infrastructure.Calculation.Runs;

/// <summary>Which entries can come out otherwise, told before any of them is read.</summary>
/// <param name="Types">Activity types as the entries name them; null: all.</param>
/// <param name="Years">Of consumption; empty: all.</param>
/// <param name="Chosen">Entries with a factor that a person has chosen are reached whatever their type.</param>
internal sealed record RunReach(IReadOnlyList<string>? Types, IReadOnlyList<int> Years, bool Chosen)
{
    /// <summary>
    /// A change of policy reaches what the families of sets that it names can serve; of potentials or proxies, everything. Without a change of policy
    /// the library may have moved anywhere: everything, too.
    /// </summary>
    /// <param name="used">The activity types that entries name.</param>
    /// <param name="types">Those asked for; empty: all.</param>
    /// <param name="years">Those asked for; empty: all.</param>
    public static RunReach Of(
        CalculationPolicy before, CalculationPolicy after, FactorLibrary library, IReadOnlyList<string> used, IReadOnlyList<string> types, IReadOnlyList<int> years)
    {
        var asked = types.Count == 0 ? null : types;
        var ordered = Order(before, library).SequenceEqual(Order(after, library), StringComparer.Ordinal);
        var editions = before.FixedEditions.Except(after.FixedEditions).Concat(after.FixedEditions.Except(before.FixedEditions)).Select(edition => edition.Key).Distinct().ToList();
        if (before.Gwp != after.Gwp || before.AllowsProxy != after.AllowsProxy || (ordered && editions.Count == 0))
        {
            return new RunReach(asked, years, Chosen: false);
        }

        var families = editions.Select(edition => edition.Family).ToHashSet(StringComparer.Ordinal);
        if (!ordered)
        {
            families.UnionWith(Order(before, library).Zip(Order(after, library)).Where(pair => pair.First != pair.Second).SelectMany(pair => new[] { pair.First, pair.Second }));
        }

        var reached = (asked ?? used).Where(type => library.Resolve(type, out _) is { } resolved
            && resolved.Activities.SelectMany(library.FactorsOf).Any(factor => families.Contains(factor.Set.Family))).ToList();
        // Only editions were fixed or freed: of their years. Else of all years.
        var reachedYears = ordered ? editions.Select(edition => edition.Year).Distinct().Where(year => years.Count == 0 || years.Contains(year)).Order().ToList() : [.. years];
        return ordered && reachedYears.Count == 0 ? new RunReach([], years, Chosen: false) : new RunReach(reached, reachedYears, Chosen: asked is null);
    }

    private static IEnumerable<string> Order(CalculationPolicy policy, FactorLibrary library) => policy.SetOrder.Concat(library.Families).Distinct(StringComparer.Ordinal);

    /// <summary>
    /// The condition on <c>activity_entries e</c>; parameters <c>$1</c> types or null, <c>$2</c> years, if some are left out between them, <c>$3</c> whether chosen factors are
    /// reached, <c>$4</c> the first of the days and <c>$5</c> the first after them: by these alone the planner can tell how few entries are reached.
    /// </summary>
    public const string Condition =
        """
        ($1::text[] is null or e.activity_type = any($1) or ($3 and e.factor_id is not null)) and e.period_end >= $4 and e.period_start < $5
          and (cardinality($2::integer[]) = 0 or exists (
            select from unnest($2::integer[]) as y where e.period_start < make_date(y + 1, 1, 1) and e.period_end >= make_date(y, 1, 1)))
        """;

    public object?[] Parameters =>
    [
        new Npgsql.NpgsqlParameter { Value = (object?)Types?.ToArray() ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Text },
        Years.Count == 0 || Years.Max() - Years.Min() < Years.Distinct().Count() ? Array.Empty<int>() : Years.ToArray(), Chosen,
        Years.Count == 0 ? DateOnly.MinValue : new DateOnly(Years.Min(), 1, 1), Years.Count == 0 ? DateOnly.MaxValue : new DateOnly(Years.Max() + 1, 1, 1),
    ];
}
