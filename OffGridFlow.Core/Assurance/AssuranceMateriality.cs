using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Quantities;
using OffGridFlow.Core.Tenancy;

namespace OffGridFlow.Core.Assurance;

public enum MaterialityBasis
{
    /// <summary>A share of the period's total as it stood then.</summary>
    Percent,

    /// <summary>A mass.</summary>
    Mass,
}

/// <summary>
/// From where on a misstatement matters to whoever relies on the statement (ISAE 3410, 20–22). Set by the auditor. Append-only: the highest version counts.
/// </summary>
public sealed class AssuranceMateriality : ITenantOwned
{
    /// <summary>Percent that the form begins with: of the total, of materiality for performance, of materiality for what is clearly trivial.</summary>
    public const decimal UsualPercent = 5m, UsualPerformancePercent = 75m, UsualTrivialPercent = 5m;

    public required Guid TenantId { get; init; }
    public required Guid PeriodId { get; init; }

    /// <summary>From 1.</summary>
    public required int Version { get; init; }
    public required MaterialityBasis Basis { get; init; }

    /// <summary>Of <see cref="BaseKg"/>; with <see cref="MaterialityBasis.Percent"/>.</summary>
    public decimal? Percent { get; init; }

    /// <summary>The total of the period, in one view of scope 2, when it was set, and the state of the ledger.</summary>
    public required decimal BaseKg { get; init; }
    public required Scope2Method View { get; init; }
    public required long LedgerSequence { get; init; }
    public required decimal MaterialityKg { get; init; }

    /// <summary>Of materiality.</summary>
    public required decimal PerformancePercent { get; init; }
    public required decimal PerformanceKg { get; init; }

    /// <summary>Of materiality.</summary>
    public required decimal TrivialPercent { get; init; }
    public required decimal TrivialKg { get; init; }
    public required string Reason { get; init; }
    public required Guid? AuthorId { get; init; }
    public required string Author { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>kg × percent ÷ 100, rounded once.</summary>
    public static decimal Share(decimal kg, decimal percent) => Exact.Ratio(kg, percent, 100m);
}
