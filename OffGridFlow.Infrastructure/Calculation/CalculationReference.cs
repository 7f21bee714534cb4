using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Core.Quantities;
using OffGridFlow.Infrastructure.EmissionFactors;

namespace OffGridFlow.Infrastructure.Calculation;

/// <summary>The shipped tables that calculations look things up in. Read from <c>reference-data</c> once for a process, when first asked for.</summary>
public sealed class CalculationReference
{
    private readonly Lazy<FactorLibrary> _library;
    private readonly Lazy<IReadOnlyList<ShippedFactorSet>> _sets;

    /// <param name="root">The folder that holds one folder per set; <see cref="ReferenceSet.DefaultRoot"/> unless given.</param>
    public CalculationReference(string? root = null)
    {
        Units = ReferenceSet.Open("units", root).Parse(UnitTable.Parse);
        _sets = new(() => FactorSets.ReadAll(root, Units));
        _library = new(() => new FactorLibrary(
            Sets.SelectMany(set => set.Factors), ReferenceSet.Open("regions", root).Parse(RegionTable.Parse), ReferenceSet.Open("gwp", root).Parse(GwpTable.Parse),
            ReferenceSet.Open("activity-types", root).Parse(ActivityTypes.Parse), Units,
            ReferenceSet.Open("energy-content", root).Parse(read => EnergyContentTable.Parse(read, Units))));
    }

    public UnitTable Units { get; }

    public IReadOnlyList<ShippedFactorSet> Sets => _sets.Value;

    /// <summary>The shipped factors; a tenant's own are added by <see cref="FactorLibrary.With"/>.</summary>
    public FactorLibrary Library => _library.Value;
}
