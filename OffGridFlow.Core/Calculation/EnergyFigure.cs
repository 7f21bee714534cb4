using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Core.Quantities;

namespace OffGridFlow.Core.Calculation;

/// <summary>Why a fuel or purchased energy has no figure in the energy ledger. Written in lower case with hyphens.</summary>
public static class EnergyGaps
{
    /// <summary>Entered by how far a vehicle went: no publisher here gives the energy.</summary>
    public const string Distance = "distance";

    /// <summary>Energy of a fuel of which nobody says whether it is by gross or by net calorific value.</summary>
    public const string Basis = "calorific-basis";

    /// <summary>No calorific value leads from its unit to net energy.</summary>
    public const string Content = "no-calorific-value";

    /// <summary>Released or escaped, entered by a publisher's own row: no energy, and nothing is missing.</summary>
    public const string NotEnergy = "not-energy";

    /// <summary>The entry has no emission result, and so no results of its own.</summary>
    public const string NoResult = "no-result";

    /// <summary>Calculated before there was an energy ledger.</summary>
    public const string NotWorkedOut = "not-worked-out";
}

/// <summary>
/// The energy of one figure of an activity, in kWh at net calorific value: kWh = quantity in <see cref="Unit"/> × <see cref="PerUnit"/>, its renewable and nuclear
/// parts that × their shares; each a named step, rounded once. What is neither is fossil.
/// </summary>
public sealed record EnergyFigure
{
    /// <summary>Null where it is not known what moved a vehicle.</summary>
    public EnergyCarrier? Carrier { get; init; }

    /// <summary>Null where <see cref="Gap"/> says why.</summary>
    public decimal? KilowattHours { get; init; }
    public decimal RenewableKilowattHours { get; init; }
    public decimal NuclearKilowattHours { get; init; }

    /// <summary>In which the calorific value is given.</summary>
    public Unit? Unit { get; init; }

    /// <summary>kWh at net calorific value in one <see cref="Unit"/>.</summary>
    public decimal? PerUnit { get; init; }

    /// <summary>0 to 1.</summary>
    public decimal RenewableShare { get; init; }

    /// <summary>0 to 1.</summary>
    public decimal NuclearShare { get; init; }

    /// <summary>Who gives the calorific value, and who the shares.</summary>
    public string? Source { get; init; }

    /// <summary>True for what a contract covers that does not say what generates; false for all else.</summary>
    public bool IsUnstated { get; init; }

    /// <summary>One of <see cref="EnergyGaps"/>; null where there is a figure.</summary>
    public string? Gap { get; init; }
}

/// <summary>
/// An <see cref="EnergyFigure"/> as it is kept with the result, to be recomputed without the tables of today: the energy with the result, what gives it with all
/// that were made alike.
/// </summary>
public sealed record DerivedEnergy
{
    public EnergyCarrier? Carrier { get; init; }
    [OfOneResult]
    public decimal? KilowattHours { get; init; }
    [OfOneResult]
    public decimal? RenewableKilowattHours { get; init; }
    [OfOneResult]
    public decimal? NuclearKilowattHours { get; init; }
    public DerivedUnit? Unit { get; init; }
    public decimal? PerUnit { get; init; }
    public decimal? RenewableShare { get; init; }
    public decimal? NuclearShare { get; init; }
    public string? Source { get; init; }
    public bool? IsUnstated { get; init; }
    public string? Gap { get; init; }

    /// <summary>Without the energy of one result.</summary>
    public static DerivedEnergy? Shared(EnergyFigure? figure) => figure is null ? null : new DerivedEnergy
    {
        Carrier = figure.Carrier, Gap = figure.Gap, Source = figure.Source, PerUnit = figure.PerUnit, RenewableShare = NotZero(figure.RenewableShare),
        NuclearShare = NotZero(figure.NuclearShare), IsUnstated = figure.IsUnstated ? true : null, Unit = figure.Unit is { } unit ? DerivedUnit.Of(unit) : null,
    };

    /// <summary>With the energy of one result that is made as this part says.</summary>
    public DerivedEnergy Of(EnergyFigure figure) => this with
    {
        KilowattHours = figure.KilowattHours, RenewableKilowattHours = NotZero(figure.RenewableKilowattHours), NuclearKilowattHours = NotZero(figure.NuclearKilowattHours),
    };

    /// <summary>Whether recomputing gives the stored digits.</summary>
    /// <param name="quantity">Of the result, in <paramref name="unit"/>.</param>
    /// <exception cref="QuantityOverflowException">A stored part is not what it was: the figure does not fit.</exception>
    public bool IsReplayed(decimal quantity, DerivedUnit unit)
    {
        if (KilowattHours is not { } stored)
        {
            return Gap is not null;
        }

        return Unit is not null && PerUnit is { } per && Exact.Product(unit.Convert(quantity, Unit), per) == stored
            && Exact.Product(stored, RenewableShare ?? 0m) == (RenewableKilowattHours ?? 0m) && Exact.Product(stored, NuclearShare ?? 0m) == (NuclearKilowattHours ?? 0m);
    }

    private static decimal? NotZero(decimal value) => value == 0 ? null : value;
}
