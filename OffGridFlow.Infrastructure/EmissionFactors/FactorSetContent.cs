using OffGridFlow.Core.EmissionFactors;

namespace OffGridFlow.Infrastructure.EmissionFactors;

/// <summary>A set with all its factors.</summary>
/// <param name="Boundary">What the publisher's figures cover, in a sentence; null where the factors say it one by one.</param>
public sealed record FactorSetContent(FactorSet Set, string? Boundary, IReadOnlyList<EmissionFactor> Factors);
