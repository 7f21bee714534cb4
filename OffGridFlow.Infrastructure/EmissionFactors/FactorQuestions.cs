using OffGridFlow.Core.EmissionFactors;

namespace OffGridFlow.Infrastructure.EmissionFactors;

/// <summary>Which factors are asked for; a null member does not restrict.</summary>
/// <param name="Text">Words, or beginnings of words, that stand in name, category, publisher, set, region or gases; all of them.</param>
/// <param name="Set">Id of a set, or <see cref="OwnSets"/>.</param>
/// <param name="Region">Code of a region as the factor has it.</param>
/// <param name="Activity">One activity, or all that begin so where it ends with a slash: <c>desnz/fuels/</c>.</param>
/// <param name="Category">First heading of the publisher: <c>Fuels</c>.</param>
/// <param name="Unit">Symbol.</param>
/// <param name="Gas">What the figures hold: <c>CO2</c>, <c>CH4</c>, <c>HFC-32</c>, or <c>CO2e</c> for a published sum.</param>
public sealed record FactorFilter(
    string? Text = null, string? Set = null, string? Region = null, int? Year = null, string? Activity = null, string? Category = null, string? Unit = null,
    string? Gas = null, FactorPart? Part = null)
{
    public static readonly FactorFilter All = new();

    /// <summary>For <see cref="Set"/>: whatever the organization has loaded itself.</summary>
    public const string OwnSets = "own";

    public bool IsNarrowed => this != All;
}

/// <summary>A factor as lists show it.</summary>
/// <param name="KgCo2e">Per one unit, with the tenant's potentials where the publisher gives masses; null where that says nothing: energy contents, memo lines.</param>
public sealed record FactorRow(StoredFactor Stored, decimal? KgCo2e)
{
    public Guid Key => Stored.Key;

    public EmissionFactor Factor => Stored.Factor;
}

/// <param name="NextCursor">Null when this was the last page.</param>
public sealed record FactorPage(IReadOnlyList<FactorRow> Rows, string? NextCursor);

/// <param name="Name">In words where the value is a code.</param>
/// <param name="Count">Factors with the value that meet all other conditions.</param>
public sealed record FactorFacet(string Value, string Name, int Count);

/// <summary>What could be chosen next, the most frequent first; years the latest first.</summary>
/// <param name="Total">Factors that meet all conditions.</param>
public sealed record FactorFacets(
    int Total, IReadOnlyList<FactorFacet> Sets, IReadOnlyList<FactorFacet> Categories, IReadOnlyList<FactorFacet> Regions, IReadOnlyList<FactorFacet> Years,
    IReadOnlyList<FactorFacet> Units, IReadOnlyList<FactorFacet> Gases, IReadOnlyList<FactorFacet> Parts);

/// <summary>The same activity, unit, region, part and supply in another edition.</summary>
/// <param name="Stored">Null where the edition lacks it.</param>
/// <param name="ChangeFromThis">Of kg CO2e per unit, as a share of the factor that is looked at; null without two figures, or from zero.</param>
public sealed record FactorEdition(string SetId, string Edition, StoredFactor? Stored, decimal? KgCo2e, decimal? ChangeFromThis);

/// <summary>A result that was made with the factor and counts now.</summary>
public sealed record FactorUse(Guid EmissionId, DateOnly Month, string Service, string Account, decimal? KgCo2e);

/// <summary>All there is to say about a factor.</summary>
/// <param name="ByGwp">kg CO2e per unit under each set of potentials, where the factor gives masses; empty else.</param>
/// <param name="Editions">All other current editions of the family, the latest first.</param>
/// <param name="UseCount">Results that count now.</param>
/// <param name="Corrections">Where the product does not use the row as it was published, with the reason.</param>
/// <param name="Uses">The latest of them.</param>
public sealed record FactorDetail(
    FactorRow Row, GwpSet Gwp, IReadOnlyDictionary<GwpSet, decimal> ByGwp, IReadOnlyList<FactorEdition> Editions, long UseCount, IReadOnlyList<FactorUse> Uses,
    IReadOnlyList<FactorCorrection> Corrections);
