namespace OffGridFlow.Core.Assurance;

/// <summary>A misstatement that is not corrected.</summary>
/// <param name="Kg">kg CO2e; above zero: the ledger says too much.</param>
/// <param name="Name">E.g. <c>F-3</c> of a finding, <c>S-1</c> of what a sample projects beyond its findings.</param>
public sealed record Misstatement(string Name, string Title, FindingKind Kind, int Scope, decimal Kg);

/// <summary>Misstatements of a scope, kg CO2e.</summary>
/// <param name="Scope">1 to 3; 0 for all.</param>
/// <param name="UnderKg">Zero or more.</param>
public sealed record MisstatementSum(int Scope, decimal OverKg, decimal UnderKg)
{
    public decimal NetKg => OverKg - UnderKg;

    public decimal GrossKg => OverKg + UnderKg;
}

/// <summary>Where the sum lies.</summary>
public enum MisstatementStanding
{
    /// <summary>No materiality is set.</summary>
    NotSet,

    /// <summary>At or below performance materiality.</summary>
    Below,

    /// <summary>Above performance materiality, not above materiality.</summary>
    AbovePerformance,
    Above,
}

/// <summary>
/// What is not corrected, against materiality (ISA 450, 5 and 11; ISAE 3410, 51–55): a sum, and no opinion. Whether it is material is for the auditor to say,
/// who also weighs what has no number.
/// </summary>
/// <param name="Counted">Added up.</param>
/// <param name="Trivial">Each below the threshold of what is clearly trivial: listed, and in no sum.</param>
/// <param name="ByScope">Scopes with any, in their order.</param>
public sealed record MisstatementSummary(
    IReadOnlyList<Misstatement> Counted, IReadOnlyList<Misstatement> Trivial, IReadOnlyList<MisstatementSum> ByScope, MisstatementSum Total, MisstatementStanding Standing)
{
    /// <param name="levels">Null: not set, so that nothing is trivial.</param>
    public static MisstatementSummary Of(IEnumerable<Misstatement> misstatements, AssuranceMateriality? levels)
    {
        var split = misstatements.ToLookup(one => levels is not null && Math.Abs(one.Kg) < levels.TrivialKg);
        var counted = split[false].ToList();
        var total = Sum(0, counted);
        return new MisstatementSummary(
            counted, [.. split[true]], [.. counted.GroupBy(one => one.Scope).OrderBy(group => group.Key).Select(group => Sum(group.Key, [.. group]))], total,
            levels is null ? MisstatementStanding.NotSet
            // The larger of the two ways to add: over- and understatements do not excuse each other.
            : total.GrossKg > levels.MaterialityKg ? MisstatementStanding.Above
            : total.GrossKg > levels.PerformanceKg ? MisstatementStanding.AbovePerformance
            : MisstatementStanding.Below);
    }

    private static MisstatementSum Sum(int scope, List<Misstatement> rows) =>
        new(scope, rows.Where(row => row.Kg > 0).Sum(row => row.Kg), -rows.Where(row => row.Kg < 0).Sum(row => row.Kg));
}
