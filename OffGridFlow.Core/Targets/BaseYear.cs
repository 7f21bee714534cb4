using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Core.Tenancy;

namespace OffGridFlow.Core.Targets;

/// <summary>Why the figures of a base year would be others (GHG Protocol Corporate Standard, ch. 5; Scope 3 Standard, ch. 9).</summary>
public enum BaseYearTrigger
{
    /// <summary>Emissions change hands: acquired, sold, merged, sourced in or out.</summary>
    Structural,

    /// <summary>A better method, or better factors, also for the base year.</summary>
    Method,

    /// <summary>The base year's data were wrong or not complete.</summary>
    Error,
}

/// <summary>Within what a change is compared with the threshold.</summary>
public enum SignificanceGrouping
{
    /// <summary>All scopes together.</summary>
    Total,

    /// <summary>Scopes 1 and 2 together, Scope 3 apart.</summary>
    Scope3Apart,

    /// <summary>Each scope for itself.</summary>
    EachScope,
}

/// <summary>Which year is compared with, and what changes its figures. Append-only: another policy, or the approval of one, is the next version.</summary>
public sealed class BaseYearPolicy : ITenantOwned
{
    /// <summary>As large a change as most programs call significant.</summary>
    public const decimal DefaultThreshold = 0.05m;

    public required Guid TenantId { get; init; }

    /// <summary>From 1.</summary>
    public required int Version { get; init; }
    public required Guid PeriodId { get; init; }
    public required ConsolidationApproach Approach { get; init; }

    /// <summary>0 to 1, of the base year's emissions in the group that <see cref="Grouping"/> names.</summary>
    public required decimal Threshold { get; init; }
    public required SignificanceGrouping Grouping { get; init; }

    /// <summary>Which changes count towards the threshold.</summary>
    public required bool OnStructural { get; init; }
    public required bool OnMethod { get; init; }
    public required bool OnError { get; init; }

    /// <summary>Why, in the words of its author.</summary>
    public string? Reason { get; init; }
    public required Guid? AuthorId { get; init; }
    public required string Author { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>Who agreed, and when; null: nobody yet.</summary>
    public Guid? ApprovedById { get; init; }
    public string? ApprovedBy { get; init; }
    public DateTimeOffset? ApprovedAt { get; init; }

    public bool Counts(BaseYearTrigger trigger) => trigger switch
    {
        BaseYearTrigger.Structural => OnStructural,
        BaseYearTrigger.Method => OnMethod,
        _ => OnError,
    };
}

/// <summary>What was done about changes of the base year.</summary>
public enum BaseYearChoice
{
    /// <summary>The figures were written down for the first time, with the policy.</summary>
    Set,

    /// <summary>The base year takes the new figures.</summary>
    Recalculated,

    /// <summary>The base year keeps its figures; what was found goes on adding up.</summary>
    Kept,
}

/// <summary>A decision on the figures of the base year. Append-only: the approval of one is its second version.</summary>
public sealed class BaseYearDecision : ITenantOwned
{
    public required Guid TenantId { get; init; }

    /// <summary>Counts a tenant's decisions, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>1: made. 2: approved.</summary>
    public required int Version { get; init; }
    public required int PolicyVersion { get; init; }
    public required BaseYearChoice Choice { get; init; }
    public string? Reason { get; init; }

    /// <summary>The ledger number up to which changes were looked at.</summary>
    public required long Sequence { get; init; }

    /// <summary>The day whose structure of the group was laid over the base year.</summary>
    public required DateOnly StructureDay { get; init; }

    /// <summary>What it was about, as it was seen; empty for the first figures.</summary>
    public required IReadOnlyList<BaseYearChange> Changes { get; init; }

    /// <summary>The base year's figures that stand after it; those that stood before it where it keeps them.</summary>
    public required IReadOnlyList<BaseYearFigure> Figures { get; init; }
    public required Guid? AuthorId { get; init; }
    public required string Author { get; init; }
    public required DateTimeOffset At { get; init; }
    public Guid? ApprovedById { get; init; }
    public string? ApprovedBy { get; init; }
    public DateTimeOffset? ApprovedAt { get; init; }
}

/// <summary>Emissions of the base year that count, of one entity in one scope and category.</summary>
/// <param name="Entity">Null for cloud accounts that nobody assigned.</param>
/// <param name="Category">Scope 3 category; 0 for scopes 1 and 2.</param>
/// <param name="Method">The view of Scope 2; null for all else.</param>
public sealed record BaseYearFigure(Guid? Entity, int Scope, int Category, Scope2Method? Method, decimal KgCo2e);

/// <summary>One change of the base year's figures, kg CO2e that count.</summary>
/// <param name="Title">In words: <c>Run 12: DESNZ 2026</c>, <c>Nordwerk Polska: 0 % to 60 %</c>.</param>
/// <param name="RunId">Set for a calculation run.</param>
public sealed record BaseYearChange(BaseYearTrigger Kind, string Title, Guid? RunId, ScopeKilograms Kg);

/// <summary>kg CO2e by scope, Scope 2 in both views, which are never added.</summary>
public sealed record ScopeKilograms(decimal Scope1, decimal Scope2Location, decimal Scope2Market, decimal Scope3)
{
    public static readonly ScopeKilograms Zero = new(0m, 0m, 0m, 0m);

    /// <summary>All scopes, with one view of Scope 2.</summary>
    public decimal Total(Scope2Method view) => Scope1 + Scope2(view) + Scope3;

    public decimal Scope2(Scope2Method view) => view == Scope2Method.Location ? Scope2Location : Scope2Market;

    public ScopeKilograms Plus(ScopeKilograms other) =>
        new(Scope1 + other.Scope1, Scope2Location + other.Scope2Location, Scope2Market + other.Scope2Market, Scope3 + other.Scope3);

    public ScopeKilograms Minus(ScopeKilograms other) =>
        new(Scope1 - other.Scope1, Scope2Location - other.Scope2Location, Scope2Market - other.Scope2Market, Scope3 - other.Scope3);

    public static ScopeKilograms Of(int scope, Scope2Method? method, decimal kg) => scope switch
    {
        1 => Zero with { Scope1 = kg },
        2 => method == Scope2Method.Market ? Zero with { Scope2Market = kg } : Zero with { Scope2Location = kg },
        _ => Zero with { Scope3 = kg },
    };

    public static ScopeKilograms Of(IEnumerable<BaseYearFigure> figures) =>
        figures.Aggregate(Zero, (sum, figure) => sum.Plus(Of(figure.Scope, figure.Method, figure.KgCo2e)));
}
