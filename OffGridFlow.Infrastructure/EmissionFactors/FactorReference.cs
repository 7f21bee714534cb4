using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Core.Quantities;

namespace OffGridFlow.Infrastructure.EmissionFactors;

/// <summary>The tables that factors are read, checked and shown by.</summary>
public sealed record FactorReference(UnitTable Units, RegionTable Regions, GwpTable Gwps, ActivityTypes Types)
{
    /// <param name="root">The folder that holds one folder per set; <see cref="ReferenceSet.DefaultRoot"/> unless given.</param>
    /// <exception cref="ReferenceDataException">A table is missing, altered or cannot be used.</exception>
    public static FactorReference Load(string? root = null) => new(
        ReferenceSet.Open("units", root).Parse(UnitTable.Parse), ReferenceSet.Open("regions", root).Parse(RegionTable.Parse),
        ReferenceSet.Open("gwp", root).Parse(GwpTable.Parse), ReferenceSet.Open("activity-types", root).Parse(ActivityTypes.Parse));
}
