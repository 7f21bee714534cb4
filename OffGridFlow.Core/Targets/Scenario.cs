using OffGridFlow.Core.Quantities;
using OffGridFlow.Core.Tenancy;

namespace OffGridFlow.Core.Targets;

/// <summary>What a lever moves.</summary>
public enum LeverKind
{
    /// <summary>There is more or less of the activity.</summary>
    Activity,

    /// <summary>Each unit of it emits more or less.</summary>
    Factor,

    /// <summary>A share of it is replaced by something else: electricity under a renewable contract, vehicles by electric ones.</summary>
    Replacement,
}

/// <summary>One measure of a scenario, in place by steps from one year to another.</summary>
public sealed record Lever
{
    public string Name { get; init; } = "";
    public LeverKind Kind { get; init; }

    /// <summary>What it reaches; null: all that the target covers.</summary>
    public int? Scope { get; init; }

    /// <summary>Scope 3 category; null: all.</summary>
    public int? Category { get; init; }

    /// <summary>Name of a site or cloud account; null: all.</summary>
    public string? Site { get; init; }

    /// <summary>Null: all.</summary>
    public string? ActivityType { get; init; }

    /// <summary>Activity and factor: the change when it is fully in place, −1 to 10; −0.2 is a fifth less. Replacement: the share that is replaced, 0 to 1.</summary>
    public decimal Change { get; init; }

    /// <summary>Replacement: what the substitute emits, as a share of what it replaces; 0 emits nothing.</summary>
    public decimal Substitute { get; init; }

    /// <summary>The first year in which it acts.</summary>
    public int FromYear { get; init; }

    /// <summary>The year from which on it is fully in place.</summary>
    public int ToYear { get; init; }

    /// <summary>By how much it lowers what it reaches in a year, as a share of that; negative where it raises it.</summary>
    public decimal LoweringIn(int year)
    {
        if (year < FromYear)
        {
            return 0m;
        }

        var whole = Kind == LeverKind.Replacement ? Exact.Product(Change, 1m - Substitute) : -Change;
        return year >= ToYear ? whole : Exact.Ratio(whole, year - FromYear + 1, ToYear - FromYear + 1);
    }

    public bool Reaches(ScenarioSource source) =>
        (Scope is null || Scope == source.Scope) && (Category is null || Category == source.Category)
        && (Site is null || string.Equals(Site, source.Site, StringComparison.OrdinalIgnoreCase))
        && (ActivityType is null || string.Equals(ActivityType, source.ActivityType, StringComparison.OrdinalIgnoreCase));
}

/// <summary>Levers on a target, named and kept. It is arithmetic on figures that were read: nothing of it is written to the ledger.</summary>
public sealed class Scenario : IVersioned
{
    public required Guid Id { get; init; }
    public required Guid TenantId { get; init; }
    public required Guid TargetId { get; set; }
    public required string Name { get; set; }
    public string? Note { get; set; }

    /// <summary>The period whose emissions it begins with.</summary>
    public required Guid StartPeriodId { get; set; }

    /// <summary>Change of the activity in each year without any lever, −1 to 1; an intensity's denominator moves alike.</summary>
    public required decimal GrowthPerYear { get; set; }

    /// <summary>They act in this order, each on what those before it leave.</summary>
    public required IReadOnlyList<Lever> Levers { get; set; }

    /// <summary>Counts the changes, for <c>If-Match</c>.</summary>
    public int Version { get; set; } = 1;
}

/// <summary>What a scenario begins with.</summary>
/// <param name="Site">Site or cloud account.</param>
/// <param name="Category">0 for scopes 1 and 2.</param>
public sealed record ScenarioSource(string Site, string ActivityType, int Scope, int Category, decimal KgCo2e);

/// <param name="WithoutKg">kg CO2e with the growth and no lever.</param>
/// <param name="LoweredKg">kg CO2e by which each lever lowers it, in their order.</param>
public sealed record ScenarioYear(int Year, decimal WithoutKg, IReadOnlyList<decimal> LoweredKg)
{
    /// <summary>kg CO2e with all levers.</summary>
    public decimal WithKg => WithoutKg - LoweredKg.Sum();
}

/// <summary>Works scenarios out (docs/methods/targets.md).</summary>
public static class ScenarioArithmetic
{
    /// <summary>From the start year to the target year, both with. What levers lower adds up to the whole difference to the last digit.</summary>
    public static IReadOnlyList<ScenarioYear> Of(IReadOnlyList<ScenarioSource> sources, IReadOnlyList<Lever> levers, decimal growthPerYear, int startYear, int targetYear)
    {
        var grown = sources.Select(source => source.KgCo2e).ToArray();
        var years = new List<ScenarioYear>();
        for (var year = startYear; year <= Math.Max(startYear, targetYear); year++)
        {
            if (year > startYear)
            {
                grown = [.. grown.Select(kg => Exact.Product(kg, 1m + growthPerYear))];
            }

            var left = (decimal[])grown.Clone();
            var lowered = new List<decimal>(levers.Count);
            foreach (var lever in levers)
            {
                // The start is what was: levers that were in place by then are in its figures.
                var share = year == startYear ? 0m : Gained(lever, startYear, year);
                var sum = 0m;
                for (var index = 0; share != 0 && index < left.Length; index++)
                {
                    if (lever.Reaches(sources[index]))
                    {
                        var part = Exact.Product(left[index], share);
                        (left[index], sum) = (left[index] - part, sum + part);
                    }
                }

                lowered.Add(sum);
            }

            years.Add(new ScenarioYear(year, grown.Sum(), lowered));
        }

        return years;
    }

    /// <summary>What a lever that began before the start still has to give: (1 − r(year)) = (1 − r(start)) × (1 − gained).</summary>
    private static decimal Gained(Lever lever, int startYear, int year)
    {
        var (there, then) = (lever.LoweringIn(startYear), lever.LoweringIn(year));
        return there == 0 || there == 1 ? (there == 1 ? 0m : then) : Exact.Ratio(then - there, 1m, 1m - there);
    }
}
