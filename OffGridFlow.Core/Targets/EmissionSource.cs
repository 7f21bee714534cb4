namespace OffGridFlow.Core.Targets;

/// <summary>What a change between two periods is told by: one kind of activity at one place, where it counts, and in what it is measured.</summary>
/// <param name="Entity">Name of the legal entity; empty where none is assigned.</param>
/// <param name="Place">Site, or cloud account.</param>
/// <param name="ActivityType">Of an entry its activity type; of cloud usage service and class.</param>
/// <param name="Scope">Where it counts, after what a lease moves.</param>
/// <param name="Category">Scope 3 category; 0 for scopes 1 and 2.</param>
/// <param name="Measure">What the quantity measures, e.g. <c>energy</c>, <c>money</c>; empty where no quantity is kept.</param>
public sealed record EmissionSource(string Entity, string Place, string ActivityType, int Scope, int Category, string Measure);

/// <summary>A source in one month of a period.</summary>
/// <param name="Share">0 to 1: how much of it counts for the group in this month, whether or not there are data.</param>
/// <param name="WholeKg">kg CO2e of all of it.</param>
/// <param name="CountedKg">kg CO2e that count.</param>
/// <param name="Quantity">In the reference unit of its measure; null: not known.</param>
public readonly record struct SourceMonth(decimal Share, decimal WholeKg, decimal CountedKg, decimal? Quantity);

/// <summary>A source over both periods, the months of each counted from its first.</summary>
public sealed record SourceHistory(EmissionSource Source, IReadOnlyList<SourceMonth> Before, IReadOnlyList<SourceMonth> After);

/// <summary>Why the emissions of a source are others than in the period before, kg CO2e. The four add up to the difference to the last digit.</summary>
/// <param name="Activity">More or less of the same, begun or ended inside the boundary.</param>
/// <param name="Factor">The same emits more or less for each unit.</param>
/// <param name="Method">It is measured by something else: spending before, distance now.</param>
/// <param name="Boundary">The group has another share of it, or it joined or left.</param>
public sealed record SourceChange(EmissionSource Source, decimal BeforeKg, decimal AfterKg, decimal Activity, decimal Factor, decimal Method, decimal Boundary)
{
    public decimal DifferenceKg => AfterKg - BeforeKg;

    /// <summary>Part of <see cref="Activity"/> that could not be parted from the factor, because a quantity is not known on one side.</summary>
    public decimal Unsplit { get; init; }
}
