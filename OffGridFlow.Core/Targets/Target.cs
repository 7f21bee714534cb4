using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Tenancy;

namespace OffGridFlow.Core.Targets;

public enum TargetKind
{
    /// <summary>Of emissions, kg CO2e.</summary>
    Absolute,

    /// <summary>Of emissions per unit of a business figure.</summary>
    Intensity,
}

/// <summary>What an intensity is counted per.</summary>
public enum TargetDenominator
{
    Revenue,
    FullTimeEmployees,
    Output,
    FloorArea,
}

/// <summary>A reduction that the organization has set itself.</summary>
public sealed class Target : IVersioned
{
    public required Guid Id { get; init; }
    public required Guid TenantId { get; init; }
    public required string Name { get; set; }
    public required TargetKind Kind { get; set; }

    /// <summary>Set for an intensity.</summary>
    public TargetDenominator? Denominator { get; set; }

    /// <summary>Which of the three scopes it covers, in order.</summary>
    public required int[] Scopes { get; set; }

    /// <summary>Categories of Scope 3 that it covers; empty: all of it.</summary>
    public required int[] Categories { get; set; }

    /// <summary>The view of Scope 2 that it is measured by.</summary>
    public required Scope2Method Scope2Method { get; set; }

    public required Guid BasePeriodId { get; set; }

    /// <summary>A year is that of the last day of its period.</summary>
    public required int TargetYear { get; set; }
    public required TargetPathKind Path { get; set; }

    /// <summary>Linear: the reduction by the target year; else that of each year; 0 to 1.</summary>
    public required decimal Reduction { get; set; }

    /// <summary>Why so much, by which method, validated by whom.</summary>
    public string? Note { get; set; }

    /// <summary>Counts the changes, for <c>If-Match</c>.</summary>
    public int Version { get; set; } = 1;

    public bool Covers(int scope, int category) => Scopes.Contains(scope) && (scope != 3 || Categories.Length == 0 || Categories.Contains(category));
}
