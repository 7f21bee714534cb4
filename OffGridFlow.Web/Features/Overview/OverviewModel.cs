using OffGridFlow.Core.Organizations;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Infrastructure.Targets;

namespace OffGridFlow.Web.Features.Overview;

/// <summary>What a reporting period's inventory stands at, location-based.</summary>
public sealed record PeriodInventory(ReportingPeriod Period, decimal KgCo2e);

/// <summary>All that Overview shows of one period.</summary>
public sealed record OverviewModel
{
    /// <summary>What an address says of every month of the ledger, in place of the latest reporting period.</summary>
    public const string All = "all";

    public required DateOnly FirstMonth { get; init; }
    public required DateOnly LastMonth { get; init; }
    public required EmissionsFigures Total { get; init; }
    public required IReadOnlyList<string> Methods { get; init; }
    public required bool ComparisonOnly { get; init; }

    /// <summary>Those of <see cref="Methods"/> that are for comparison only.</summary>
    public IReadOnlyList<string> ComparisonMethods { get; init; } = [];

    /// <summary>Every month from first to last, in order; a month without data has no figures.</summary>
    public required IReadOnlyList<MonthFigures> Months { get; init; }

    /// <summary>Scope 2 by the market-based method, beside <see cref="Total"/>, which has it location-based; null when no energy was bought.</summary>
    public EmissionsFigures? MarketBased { get; init; }

    public bool HasPurchasedEnergy => MarketBased is not null || Statement.Any(group => group.Keys[0] == "2");

    /// <summary>Keys: scope, category.</summary>
    public required IReadOnlyList<EmissionsGroup> Statement { get; init; }
    public required IReadOnlyList<EmissionsGroup> Services { get; init; }
    public required IReadOnlyList<EmissionsGroup> Regions { get; init; }
    public required IReadOnlyList<EmissionsGroup> Accounts { get; init; }

    /// <summary>Keys: service, region, scope, category, site. The largest first.</summary>
    public required IReadOnlyList<EmissionsGroup> HotSpots { get; init; }

    /// <summary>How far <see cref="Total"/> may be off, as far as that is stated.</summary>
    public required TotalUncertainty Uncertainty { get; init; }

    /// <summary>Null when there are no two full months.</summary>
    public Movement? Movement { get; init; }

    /// <summary>Other years beside the period; null where it is no reporting period, and where not everything in <see cref="Total"/> counts whole for the group.</summary>
    public YearComparison? Years { get; init; }

    /// <summary>Where <see cref="Years"/> is missing because <see cref="Total"/> holds something that does not count, or not whole, for the group: what does.</summary>
    public PeriodInventory? Inventory { get; init; }

    /// <summary>Why the period's emissions are others than those of the one before; null without one.</summary>
    public DecompositionReport? Causes { get; init; }

    /// <summary>Months that the ledger holds, whatever the chosen period: what the period picker offers.</summary>
    public required IReadOnlyList<DateOnly> AllMonths { get; init; }
}

/// <param name="Figures">Null: no data.</param>
public sealed record MonthFigures(DateOnly Month, EmissionsFigures? Figures)
{
    /// <summary>kg CO2e of scopes 1 to 3; they add up to the month.</summary>
    public IReadOnlyList<decimal> ScopesKg { get; init; } = [0m, 0m, 0m];
}

/// <summary>How services changed between the last two full months.</summary>
/// <param name="SmallestStatedKg">No change smaller than this is stated: it could as well be what is missing.</param>
public sealed record Movement(DateOnly Before, DateOnly After, decimal SmallestStatedKg, IReadOnlyList<Mover> Movers);

public sealed record Mover(string Service, decimal BeforeKg, decimal AfterKg)
{
    public decimal ChangeKg => AfterKg - BeforeKg;
}
