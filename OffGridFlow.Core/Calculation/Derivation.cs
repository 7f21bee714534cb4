using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Core.Quantities;

namespace OffGridFlow.Core.Calculation;

/// <summary>A unit as it was when it was used.</summary>
/// <param name="Factor">How many of the group's reference unit make one.</param>
public sealed record DerivedUnit(string Symbol, string Group, decimal Factor)
{
    public static DerivedUnit Of(Unit unit) => new(unit.Symbol, unit.Group.ToString(), unit.Factor);

    /// <summary>The same amount in another unit of the group, a named step.</summary>
    public decimal Convert(decimal value, DerivedUnit to) => Factor == to.Factor ? Exact.Round(value) : Exact.Ratio(value, Factor, to.Factor);
}

/// <summary>
/// Marks what a <see cref="Derivation"/> holds of its one result. All else is the same for every result that was made alike (<see cref="MadeAlike"/>), and is
/// stored once for all of them.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OfOneResultAttribute : Attribute;

/// <param name="PerUnit">Per unit of the factor: kg, or kg CO2e where the publisher gives CO2e. Of what was released: the share of the blend.</param>
/// <param name="Kg">Mass; null where no potential tells it.</param>
/// <param name="PotentialOf">Under which name the potential stands in the table of potentials.</param>
/// <param name="Counts">False for a gas outside the Kyoto Protocol, which stands beside the total.</param>
public sealed record DerivedGas(
    string Gas, decimal PerUnit, [property: OfOneResult] decimal? Kg, [property: OfOneResult] decimal KgCo2e, string PotentialOf, decimal? Potential, bool Counts);

/// <summary>The edition that a factor came from.</summary>
public sealed record DerivedSet(
    string Id, string Family, string Edition, string Publisher, string Title, string? GwpBasis, string License, string Source, string Checksum, bool IsOwn);

/// <summary>A factor with all its figures as it was used, so that a result can be recomputed when the library has long been another.</summary>
public sealed record DerivedFactor
{
    public required string Id { get; init; }
    public required DerivedSet Set { get; init; }
    public required string Activity { get; init; }
    public required string Name { get; init; }
    public required string Category { get; init; }
    public required GasBasis Basis { get; init; }
    public decimal? Co2 { get; init; }
    public decimal? Ch4 { get; init; }
    public decimal? N2o { get; init; }
    public decimal? Co2e { get; init; }
    public decimal? BiogenicCo2 { get; init; }
    public bool BiogenicMethane { get; init; }
    public IReadOnlyDictionary<string, decimal>? OtherGases { get; init; }
    public required string Region { get; init; }
    public required int Year { get; init; }
    public DateOnly? DataFrom { get; init; }
    public DateOnly? DataTo { get; init; }
    public required FactorPart Part { get; init; }
    public SupplyKind Supply { get; init; }
    public decimal? LossShare { get; init; }
    public decimal? UncertaintyPercent { get; init; }
    public string? SourceTable { get; init; }
    public string? Note { get; init; }
    public string? Caution { get; init; }

    public static DerivedFactor Of(EmissionFactor factor) => new()
    {
        Id = factor.Id,
        Set = new DerivedSet(
            factor.Set.Id, factor.Set.Family, factor.Set.Edition, factor.Set.Publisher, factor.Set.Title, factor.Set.GwpBasis, factor.Set.License, factor.Set.Source,
            factor.Set.Checksum, factor.Set.IsOwn),
        Activity = factor.Activity,
        Name = factor.Name,
        Category = factor.Category,
        Basis = factor.Basis,
        Co2 = factor.Co2,
        Ch4 = factor.Ch4,
        N2o = factor.N2o,
        Co2e = factor.Co2e,
        BiogenicCo2 = factor.BiogenicCo2,
        BiogenicMethane = factor.BiogenicMethane,
        OtherGases = factor.OtherGases.Count == 0 ? null : factor.OtherGases,
        Region = factor.Region,
        Year = factor.Year,
        DataFrom = factor.DataFrom,
        DataTo = factor.DataTo,
        Part = factor.Part,
        Supply = factor.Supply,
        LossShare = factor.LossShare,
        UncertaintyPercent = factor.UncertaintyPercent,
        SourceTable = factor.SourceTable,
        Note = factor.Note,
        Caution = factor.Caution,
    };

    /// <summary>kg, or kg CO2e, of a gas per unit; null where the factor does not give it.</summary>
    public decimal? PerUnit(string gas) => gas switch
    {
        GwpTable.Co2 => Co2,
        GwpTable.Ch4 => Ch4,
        GwpTable.N2o => N2o,
        _ => OtherGases is { } others && others.TryGetValue(gas, out var other) ? other : null,
    };
}

/// <summary>That the figure is of what was lost before the energy arrived: arrived × <paramref name="Share"/> ÷ (1 − <paramref name="Share"/>).</summary>
/// <param name="Unit">In which the loss is counted, that of the factor of generation.</param>
public sealed record DerivedLoss(decimal Share, DerivedUnit Unit);

/// <summary>How the quantity of the entry came from what was measured in another kind of unit.</summary>
/// <param name="Value">How many of <paramref name="To"/> one <paramref name="Per"/> is.</param>
/// <param name="Quantity">As measured, in <paramref name="Unit"/>.</param>
public sealed record DerivedConversion(string Name, decimal Value, DerivedUnit To, DerivedUnit Per, string Source, decimal Quantity, DerivedUnit Unit)
{
    /// <summary>In <see cref="To"/>.</summary>
    public decimal Converted() => Exact.Product(Unit.Convert(Quantity, Per), Value);
}

/// <summary>A contractual instrument as it was when it was used.</summary>
public sealed record DerivedInstrument(
    string Id, InstrumentKind Kind, string Name, decimal? MegawattHours, DateOnly From, DateOnly To, decimal KgCo2ePerKwh, QualityCriteria Criteria,
    IReadOnlyList<string> Sites);

/// <summary>A figure recomputed from what is stored with it.</summary>
public sealed record ReplayedEmission(decimal FactorQuantity, IReadOnlyList<DerivedGas> Gases, decimal KgCo2e, decimal BiogenicKgCo2, decimal NonKyotoKgCo2e);

/// <summary>All that made one result of an entry, by which it is recomputed without the library, the entry or the site as they are today.</summary>
public sealed record Derivation
{
    /// <summary>Key of the activity type, or the publisher's activity, and its name.</summary>
    public required string Activity { get; init; }
    public required string ActivityName { get; init; }

    /// <summary>Of the whole entry, in <see cref="Unit"/>; what <see cref="Conversion"/> gives, where there is one.</summary>
    [OfOneResult]
    public required decimal EntryQuantity { get; init; }
    [OfOneResult]
    public DerivedConversion? Conversion { get; init; }
    [OfOneResult]
    public required DateOnly EntryFrom { get; init; }
    [OfOneResult]
    public required DateOnly EntryTo { get; init; }
    public required DerivedUnit Unit { get; init; }
    public required string Region { get; init; }
    public string? Gas { get; init; }

    /// <summary>The Scope 3 category that the entry names.</summary>
    public int? Category { get; init; }

    /// <summary>From the inputs of a worksheet to <see cref="EntryQuantity"/>; null where the quantity was entered as it is.</summary>
    [OfOneResult]
    public IReadOnlyList<NamedStep>? Worksheet { get; init; }

    /// <summary>Days of this figure, both inclusive, and the quantity on them.</summary>
    [OfOneResult]
    public required DateOnly From { get; init; }
    [OfOneResult]
    public required DateOnly To { get; init; }
    [OfOneResult]
    public required decimal Quantity { get; init; }

    public DerivedLoss? Loss { get; init; }

    /// <summary>From <see cref="Quantity"/> to <see cref="FactorQuantity"/> by rates of exchange and price indices; null for all that is no money of another year or currency.</summary>
    [OfOneResult]
    public IReadOnlyList<NamedStep>? Money { get; init; }
    [OfOneResult]
    public required decimal FactorQuantity { get; init; }
    public required DerivedUnit FactorUnit { get; init; }
    public DerivedFactor? Factor { get; init; }
    public DerivedInstrument? Instrument { get; init; }
    public required FactorPart Part { get; init; }

    /// <summary>True for the market-based view of purchased energy.</summary>
    public bool IsMarketBased { get; init; }
    public required IReadOnlyList<DerivedGas> Gases { get; init; }
    [OfOneResult]
    public required decimal KgCo2e { get; init; }
    [OfOneResult]
    public decimal BiogenicKgCo2 { get; init; }
    [OfOneResult]
    public decimal NonKyotoKgCo2e { get; init; }
    public required string GwpBasis { get; init; }
    public required SelectionStep Step { get; init; }
    public IReadOnlyList<LosingFactor>? Losers { get; init; }
    public IReadOnlyList<CalculationFlag>? Flags { get; init; }

    /// <summary>Half of the 95 % interval of the entry's quantity, percent.</summary>
    [OfOneResult]
    public decimal? UncertaintyPercent { get; init; }

    /// <summary>For the energy ledger; null for what is no energy, and for results from before there was one.</summary>
    public DerivedEnergy? Energy { get; init; }

    /// <summary>The part that results which were made alike share; what is of one result is empty in it.</summary>
    public static Derivation Shared(in MadeAlike alike, FactorLibrary library)
    {
        var factor = alike.Factor.Value is { } used ? DerivedFactor.Of(used) : null;
        var (gas, instrument) = (alike.Gas, alike.Instrument.Value);
        return new Derivation
        {
            Activity = alike.Activity,
            ActivityName = alike.ActivityName,
            EntryQuantity = 0,
            EntryFrom = default,
            EntryTo = default,
            Unit = DerivedUnit.Of(alike.Unit),
            Region = alike.Region,
            Gas = gas,
            Category = alike.Category,
            From = default,
            To = default,
            Quantity = 0,
            Loss = alike.Loss,
            FactorQuantity = 0,
            FactorUnit = DerivedUnit.Of(alike.Factor.Value?.Unit
                ?? (instrument is not null || alike.Step == SelectionStep.NoEmission ? library.KilowattHour : alike.Step == SelectionStep.Reported ? library.KilogramCo2e : library.Kilogram)),
            Factor = factor,
            Instrument = instrument is null ? null : new DerivedInstrument(
                instrument.Id, instrument.Kind, instrument.Name, instrument.MegawattHours, instrument.From, instrument.To, instrument.KgCo2ePerKwh, instrument.Criteria,
                instrument.Sites),
            Part = alike.Part,
            IsMarketBased = alike.IsMarketBased,
            Gases = [.. alike.Gases.Amounts.Select(amount => Gased(amount, factor, gas, library.Gwp))],
            KgCo2e = 0,
            GwpBasis = alike.GwpBasis,
            Step = alike.Step,
            Losers = alike.Losers.Items.Count == 0 ? null : alike.Losers.Items,
            Flags = alike.Flags.Items.Count == 0 ? null : alike.Flags.Items,
            Energy = DerivedEnergy.Shared(alike.Energy.Figure),
        };
    }

    /// <summary>With what is of one result alone.</summary>
    /// <param name="emission">A result that is made as this part says.</param>
    public Derivation Of(ActivityInput input, CalculatedEmission emission)
    {
        var gases = new DerivedGas[Gases.Count];
        for (var i = 0; i < gases.Length; i++)
        {
            gases[i] = Gases[i] with { Kg = emission.Gases[i].Kg, KgCo2e = emission.Gases[i].KgCo2e };
        }

        return this with
        {
            EntryQuantity = input.Counted().Value,
            Conversion = input.Conversion is { } by
                ? new DerivedConversion(by.Name, by.Value, DerivedUnit.Of(by.To), DerivedUnit.Of(by.From), by.Source, input.Quantity.Value, DerivedUnit.Of(input.Quantity.Unit))
                : null,
            EntryFrom = input.From,
            EntryTo = input.To,
            Worksheet = input.Worksheet.Count == 0 ? null : input.Worksheet,
            From = emission.From,
            To = emission.To,
            Quantity = emission.Quantity,
            Money = emission.Money.Count == 0 ? null : emission.Money,
            FactorQuantity = emission.FactorQuantity,
            Gases = gases,
            KgCo2e = emission.KgCo2e,
            BiogenicKgCo2 = emission.BiogenicKgCo2,
            NonKyotoKgCo2e = emission.NonKyotoKgCo2e,
            UncertaintyPercent = input.UncertaintyPercent,
            Energy = emission.Energy is { } energy ? Energy!.Of(energy) : null,
        };
    }

    /// <summary>The figure anew from the stored quantity, units, factor and potentials, each step rounded as the ledger rounds.</summary>
    /// <exception cref="QuantityOverflowException">A stored part is not what it was: the figure does not fit.</exception>
    public ReplayedEmission Replay()
    {
        var quantity = Instrument is not null ? FactorQuantity
            : Money is { Count: > 0 } money ? money[^1].Result
            : Loss is { } loss ? loss.Unit.Convert(Exact.Ratio(Unit.Convert(Quantity, loss.Unit), loss.Share, 1m - loss.Share), FactorUnit)
            : Unit.Convert(Quantity, FactorUnit);
        var gases = Gases.Select(gas => Replay(gas, quantity)).ToList();
        var biogenic = Factor?.BiogenicCo2 is { } living ? Exact.Product(quantity, living) : 0m;
        var total = Instrument is { } instrument ? Exact.Product(quantity, instrument.KgCo2ePerKwh)
            : Part == FactorPart.OutsideScopes ? 0m
            : Step == SelectionStep.Reported ? quantity
            : Factor is { Basis: GasBasis.Co2e, Co2e: { } sum } ? Exact.Product(quantity, sum)
            : gases.Where(gas => gas.Counts).Sum(gas => gas.KgCo2e);
        return new ReplayedEmission(quantity, gases, total, biogenic, gases.Where(gas => !gas.Counts).Sum(gas => gas.KgCo2e));
    }

    /// <summary>Whether recomputing gives the stored digits.</summary>
    public bool IsReplayed()
    {
        try
        {
            var again = Replay();
            return NamedStep.Replays(Worksheet ?? [], null, EntryQuantity) && NamedStep.Replays(Money ?? [], Quantity, FactorQuantity)
                && again.FactorQuantity == FactorQuantity && again.KgCo2e == KgCo2e && again.BiogenicKgCo2 == BiogenicKgCo2
                && again.NonKyotoKgCo2e == NonKyotoKgCo2e && again.Gases.SequenceEqual(Gases) && (Conversion is null || Conversion.Converted() == EntryQuantity)
                && (Energy is null || Energy.IsReplayed(Instrument is null ? Quantity : FactorQuantity, Instrument is null ? Unit : FactorUnit));
        }
        catch (Exception exception) when (exception is QuantityOverflowException or DivideByZeroException)
        {
            return false;
        }
    }

    private DerivedGas Replay(DerivedGas gas, decimal quantity)
    {
        var amount = Exact.Product(quantity, gas.PerUnit);
        return Factor?.Basis == GasBasis.Co2e
            ? gas with { KgCo2e = amount, Kg = gas.Potential is { } known ? Exact.Ratio(amount, 1m, known) : null }
            : gas with { Kg = amount, KgCo2e = gas.Potential is { } potential ? Exact.Product(amount, potential) : 0m };
    }

    private static DerivedGas Gased(GasAmount gas, DerivedFactor? factor, string? released, GwpTable gwp)
    {
        var perUnit = factor is not null ? factor.PerUnit(gas.Gas) ?? throw new InvalidOperationException($"The factor {factor.Id} has no figure for {gas.Gas}.")
            : gwp.Blends.GetValueOrDefault(released?.Trim() ?? "", []).FirstOrDefault(part => NameOf(part.Gas, gwp) == gas.Gas)?.Share ?? 1m;
        var potentialOf = gas.Gas == GwpTable.Ch4 && factor is { Basis: GasBasis.Mass }
            ? factor.BiogenicMethane ? GwpTable.BiogenicCh4 : GwpTable.FossilCh4
            : gas.Gas;
        var counts = factor is { Basis: GasBasis.Co2e }
            || (factor is null ? gwp.Find(gas.Gas) is { IsKyoto: true } : gwp.Find(gas.Gas) is not { IsKyoto: false });
        return new DerivedGas(gas.Gas, perUnit, null, 0, potentialOf, gas.Potential, counts);
    }

    private static string NameOf(string gas, GwpTable gwp) => gwp.Find(gas)?.Name ?? gas;
}
