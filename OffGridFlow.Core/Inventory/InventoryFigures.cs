using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Organizations;

namespace OffGridFlow.Core.Inventory;

/// <summary>By what an inventory can be broken down. Written in URLs and the API in lower case (<c>activityType</c> for two words).</summary>
public enum InventoryDimension
{
    Month,
    Scope,
    Category,
    Organization,
    Site,
    ActivityType,
    Method,
}

/// <summary>Which inventory is asked for (<c>docs/methods/inventory.md</c>). A null member does not restrict.</summary>
public sealed record InventoryFilter
{
    /// <summary>First day, inclusive. The month that it lies in counts whole.</summary>
    public required DateOnly From { get; init; }

    /// <summary>Last day, inclusive. The month that it lies in counts whole.</summary>
    public required DateOnly To { get; init; }
    public required ConsolidationApproach Approach { get; init; }

    /// <summary>Which view of purchased energy: never both in one sum.</summary>
    public Scope2Method Scope2Method { get; init; }

    /// <summary>1 to 3, after leases and holdings have put a figure where it belongs.</summary>
    public int? Scope { get; init; }

    /// <summary>Scope 3 category, after the same; 0 for what has none.</summary>
    public int? Category { get; init; }
    public Guid? OrganizationId { get; init; }

    /// <summary>Name of a site; empty text for what belongs to none: cloud usage.</summary>
    public string? Site { get; init; }

    /// <summary>Asks for a part of an inventory alone.</summary>
    public bool IsNarrowed => Scope is not null || Category is not null || OrganizationId is not null || Site is not null;
}

/// <summary>Sums of an inventory. Masses in kg CO2e unless they say otherwise.</summary>
public sealed record InventoryFigures
{
    public static readonly InventoryFigures Zero = new();

    public decimal KgCo2e { get; init; }

    /// <summary>The seven gases and groups of gases of the Kyoto Protocol; with <see cref="Unsplit"/> they add up to <see cref="KgCo2e"/> to the digit.</summary>
    public decimal Co2 { get; init; }
    public decimal Ch4 { get; init; }
    public decimal N2o { get; init; }
    public decimal Hfcs { get; init; }
    public decimal Pfcs { get; init; }
    public decimal Sf6 { get; init; }
    public decimal Nf3 { get; init; }

    /// <summary>Published as CO2e only; and what a publisher's rounding leaves between its sum and its gases, which may be below zero.</summary>
    public decimal Unsplit => KgCo2e - Co2 - Ch4 - N2o - Hfcs - Pfcs - Sf6 - Nf3;

    /// <summary>kg of CO2 from living matter: beside the total.</summary>
    public decimal BiogenicKgCo2 { get; init; }

    /// <summary>Purchased energy of scope 2, in its view, and modeled electricity of cloud usage.</summary>
    public decimal KilowattHours { get; init; }

    /// <summary>By data quality; with <see cref="EstimatedKgCo2e"/> and <see cref="DefaultedKgCo2e"/> all of <see cref="KgCo2e"/>.</summary>
    public decimal MeasuredKgCo2e { get; init; }
    public decimal EstimatedKgCo2e => KgCo2e - MeasuredKgCo2e - DefaultedKgCo2e;
    public decimal DefaultedKgCo2e { get; init; }

    /// <summary>The part of <see cref="KgCo2e"/> that a second person has not approved yet.</summary>
    public decimal SubmittedKgCo2e { get; init; }

    /// <summary>Results that count, with and without a figure. One that a change of hands or a lease divides counts once for each of its parts.</summary>
    public long Results { get; init; }

    /// <summary>Results that have no figure: missing, never zero.</summary>
    public long ResultsWithoutFigure { get; init; }

    public static InventoryFigures operator +(InventoryFigures one, InventoryFigures other) => new()
    {
        KgCo2e = one.KgCo2e + other.KgCo2e,
        Co2 = one.Co2 + other.Co2,
        Ch4 = one.Ch4 + other.Ch4,
        N2o = one.N2o + other.N2o,
        Hfcs = one.Hfcs + other.Hfcs,
        Pfcs = one.Pfcs + other.Pfcs,
        Sf6 = one.Sf6 + other.Sf6,
        Nf3 = one.Nf3 + other.Nf3,
        BiogenicKgCo2 = one.BiogenicKgCo2 + other.BiogenicKgCo2,
        KilowattHours = one.KilowattHours + other.KilowattHours,
        MeasuredKgCo2e = one.MeasuredKgCo2e + other.MeasuredKgCo2e,
        DefaultedKgCo2e = one.DefaultedKgCo2e + other.DefaultedKgCo2e,
        SubmittedKgCo2e = one.SubmittedKgCo2e + other.SubmittedKgCo2e,
        Results = one.Results + other.Results,
        ResultsWithoutFigure = one.ResultsWithoutFigure + other.ResultsWithoutFigure,
    };

    public static InventoryFigures Add(InventoryFigures left, InventoryFigures right) => left + right;
}
