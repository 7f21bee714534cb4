using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Core.Quantities;

namespace OffGridFlow.Infrastructure.EmissionFactors;

/// <summary>The tables that factors are read, checked and shown by.</summary>
public sealed record FactorReference(UnitTable Units, RegionTable Regions, GwpTable Gwps, ActivityTypes Types);
