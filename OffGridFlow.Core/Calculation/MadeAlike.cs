using System.Runtime.CompilerServices;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Core.Quantities;

namespace OffGridFlow.Core.Calculation;

/// <summary>
/// What two results have in common when they are made alike: the key of the part of a <see cref="Derivation"/> that they share. That part is worked out from
/// this and the library alone, so that it cannot hold anything by which two results of one key differ.
/// </summary>
public readonly record struct MadeAlike
{
    public required string Activity { get; init; }
    public required string ActivityName { get; init; }

    /// <summary>Of the quantity that meets the factor.</summary>
    public required Unit Unit { get; init; }
    public required string Region { get; init; }

    /// <summary>The gas or blend that is released.</summary>
    public string? Gas { get; init; }
    public int? Category { get; init; }
    public DerivedLoss? Loss { get; init; }
    public SameObject<EmissionFactor> Factor { get; init; }
    public SameObject<ContractualInstrument> Instrument { get; init; }
    public required FactorPart Part { get; init; }
    public required bool IsMarketBased { get; init; }
    public required SameGases Gases { get; init; }
    public required string GwpBasis { get; init; }
    public required SelectionStep Step { get; init; }
    public required SameItems<LosingFactor> Losers { get; init; }
    public required SameItems<CalculationFlag> Flags { get; init; }
    public SameEnergy Energy { get; init; }

    /// <param name="all">All figures of the activity, <paramref name="emission"/> among them.</param>
    /// <param name="instrument">The one that <paramref name="emission"/> names.</param>
    public static MadeAlike Of(
        ActivityInput input, string activityName, CalculatedEmission emission, IReadOnlyList<CalculatedEmission> all, ContractualInstrument? instrument) => new()
    {
        Activity = input.Type,
        ActivityName = activityName,
        Unit = input.Conversion?.To ?? input.Quantity.Unit,
        Region = input.Region,
        Gas = input.Gas,
        Category = input.Category,
        Loss = LossOf(emission, all),
        Factor = new SameObject<EmissionFactor>(emission.Factor),
        Instrument = new SameObject<ContractualInstrument>(instrument),
        Part = emission.Part,
        IsMarketBased = emission.Scope2Method == Scope2Method.Market,
        Gases = new SameGases(emission.Gases),
        GwpBasis = emission.GwpBasis,
        Step = emission.Step,
        Losers = new SameItems<LosingFactor>(emission.Losers),
        Flags = new SameItems<CalculationFlag>(emission.Flags),
        Energy = new SameEnergy(emission.Energy),
    };

    /// <summary>A part that the factor itself does not have was computed from the share that is lost.</summary>
    private static DerivedLoss? LossOf(CalculatedEmission emission, IReadOnlyList<CalculatedEmission> all) =>
        emission.Factor is null || emission.Part == emission.Factor.Part || emission.Part is not (FactorPart.Losses or FactorPart.LossesUpstream)
            ? null
            : all.Where(other => other.Part == FactorPart.Losses && other.From == emission.From && other.To == emission.To && other.Factor?.LossShare is not null)
                .Select(other => new DerivedLoss(other.Factor!.LossShare!.Value, DerivedUnit.Of(other.Factor.Unit))).First();
}

/// <summary>Equal where it is the very same object. Two that merely hold the same are told apart, which costs a lookup and no more.</summary>
public readonly struct SameObject<T>(T? value) : IEquatable<SameObject<T>>
    where T : class
{
    public T? Value => value;

    public bool Equals(SameObject<T> other) => ReferenceEquals(Value, other.Value);

    public override bool Equals(object? obj) => obj is SameObject<T> other && Equals(other);

    public override int GetHashCode() => RuntimeHelpers.GetHashCode(Value);

    public static bool operator ==(SameObject<T> left, SameObject<T> right) => left.Equals(right);

    public static bool operator !=(SameObject<T> left, SameObject<T> right) => !left.Equals(right);
}

/// <summary>Equal where each item equals the one in its place.</summary>
public readonly struct SameItems<T>(IReadOnlyList<T> items) : IEquatable<SameItems<T>>
    where T : class, IEquatable<T>
{
    public IReadOnlyList<T> Items => items;

    public bool Equals(SameItems<T> other) => ReferenceEquals(Items, other.Items) || Items.SequenceEqual(other.Items);

    public override bool Equals(object? obj) => obj is SameItems<T> other && Equals(other);

    /// <summary>By their number, which is quick, and enough: what differs in its items mostly differs in its factor as well.</summary>
    public override int GetHashCode() => Items.Count;

    public static bool operator ==(SameItems<T> left, SameItems<T> right) => left.Equals(right);

    public static bool operator !=(SameItems<T> left, SameItems<T> right) => !left.Equals(right);
}

/// <summary>Equal where the gases and their potentials are, whatever their masses.</summary>
public readonly struct SameGases(IReadOnlyList<GasAmount> amounts) : IEquatable<SameGases>
{
    public IReadOnlyList<GasAmount> Amounts => amounts;

    public bool Equals(SameGases other)
    {
        if (Amounts.Count != other.Amounts.Count)
        {
            return false;
        }

        for (var i = 0; i < Amounts.Count; i++)
        {
            if (Amounts[i].Gas != other.Amounts[i].Gas || Amounts[i].Potential != other.Amounts[i].Potential)
            {
                return false;
            }
        }

        return true;
    }

    public override bool Equals(object? obj) => obj is SameGases other && Equals(other);

    public override int GetHashCode() => Amounts.Count;

    public static bool operator ==(SameGases left, SameGases right) => left.Equals(right);

    public static bool operator !=(SameGases left, SameGases right) => !left.Equals(right);
}

/// <summary>Equal where the energy comes about alike, however much it is.</summary>
public readonly struct SameEnergy(EnergyFigure? figure) : IEquatable<SameEnergy>
{
    public EnergyFigure? Figure => figure;

    public bool Equals(SameEnergy other) => Figure is not { } one || other.Figure is not { } another
        ? Figure == other.Figure
        : one.Carrier == another.Carrier && one.PerUnit == another.PerUnit && one.RenewableShare == another.RenewableShare && one.NuclearShare == another.NuclearShare
            && one.IsUnstated == another.IsUnstated && one.Gap == another.Gap && one.Source == another.Source && Equals(one.Unit, another.Unit);

    public override bool Equals(object? obj) => obj is SameEnergy other && Equals(other);

    public override int GetHashCode() => Figure?.Carrier is { } carrier ? (int)carrier + 1 : 0;

    public static bool operator ==(SameEnergy left, SameEnergy right) => left.Equals(right);

    public static bool operator !=(SameEnergy left, SameEnergy right) => !left.Equals(right);
}
