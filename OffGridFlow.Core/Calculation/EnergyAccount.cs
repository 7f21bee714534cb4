using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Core.Quantities;

namespace OffGridFlow.Core.Calculation;

/// <summary>
/// The energy that figures of scopes 1 and 2 stand for (<c>docs/methods/energy.md</c>; Delegated Regulation (EU) 2023/2772, ESRS E1, AR 32). A fuel counts
/// once, with its direct emissions; purchased energy once, in the market-based view, whose contracts say what it is.
/// </summary>
internal static class EnergyAccount
{
    private const decimal Whole = 1m;

    private static readonly string[] Distances = ["distance", "vehicle-distance", "passenger-distance", "mass-distance"];

    /// <summary>The figures with their energy, where they have any.</summary>
    /// <param name="unit">Of the quantities.</param>
    /// <exception cref="QuantityOverflowException">A figure has more than 16 digits before the point.</exception>
    public static IReadOnlyList<CalculatedEmission> Of(
        ResolvedType type, Unit unit, IReadOnlyList<CalculatedEmission> emissions, IReadOnlyList<InstrumentShare> shares, FactorLibrary library) =>
        [.. emissions.Select(emission => Of(type, unit, emission, shares, library) is { } energy ? emission with { Energy = energy } : emission)];

    private static EnergyFigure? Of(ResolvedType type, Unit unit, CalculatedEmission emission, IReadOnlyList<InstrumentShare> shares, FactorLibrary library) => emission switch
    {
        { Scope: 2, Scope2Method: Scope2Method.Market, KilowattHours: not null } => Purchased(emission, unit, shares, library),
        { Step: SelectionStep.NoEmission } => Own(type.Type, unit, emission, library),
        { Scope: 1, Part: FactorPart.Direct or FactorPart.LifeCycle } => Fuel(type, unit, emission, library),
        _ => null,
    };

    /// <summary>What a contract covers is what it says; all else is taken for fossil, however much of the grid is not.</summary>
    private static EnergyFigure Purchased(CalculatedEmission emission, Unit unit, IReadOnlyList<InstrumentShare> shares, FactorLibrary library)
    {
        var instrument = emission.Instrument is { } id ? shares.First(share => share.Instrument.Id == id).Instrument : null;
        return Figure(
            EnergyCarrier.Purchased, emission, instrument is null ? unit : library.KilowattHour, library.KilowattHour, Whole, instrument?.RenewableShare ?? 0m,
            instrument?.NuclearShare ?? 0m, SourceOf(instrument)) with { IsUnstated = instrument is { RenewableShare: null, NuclearShare: null } };
    }

    /// <summary>A share that the contract leaves out is taken as none, and the figure says that nobody stated it, unless the other share leaves nothing.</summary>
    private static string SourceOf(ContractualInstrument? instrument) => instrument switch
    {
        null => "No contract covers it: taken for fossil",
        { RenewableShare: null, NuclearShare: null } => "The contract does not say what generates: taken for fossil",
        { NuclearShare: null, RenewableShare: not 1m } => "As the contract says; it states no nuclear share: taken as none",
        { RenewableShare: null, NuclearShare: not 1m } => "As the contract says; it states no renewable share: taken as none",
        _ => "As the contract says",
    };

    private static EnergyFigure Own(ActivityType type, Unit unit, CalculatedEmission emission, FactorLibrary library)
    {
        var (carrier, renewable) = type.Key switch
        {
            "own-energy" => (EnergyCarrier.SelfGenerated, Whole),
            "own-energy-fossil" => (EnergyCarrier.ProducedFromFossil, 0m),
            "own-energy-biofuel" => (EnergyCarrier.ProducedFromRenewable, Whole),
            _ => (EnergyCarrier.Sold, 0m),
        };
        return Figure(carrier, emission, unit, library.KilowattHour, Whole, renewable, 0m, "As entered");
    }

    private static EnergyFigure? Fuel(ResolvedType type, Unit unit, CalculatedEmission emission, FactorLibrary library)
    {
        // The publisher whose factor was used goes first; where it gives no calorific value in this unit, another of the same fuel does.
        List<string> activities = emission.Factor is { } factor ? [factor.Activity, .. type.Activities] : [.. type.Activities];
        if (Distances.Contains(unit.Group.Name))
        {
            return new EnergyFigure { Gap = EnergyGaps.Distance };
        }

        if (activities.Select(library.Energy.CarrierOf).FirstOrDefault(carrier => carrier is not null) is not { } carrier)
        {
            return type.Type.Family is ActivityFamily.Process or ActivityFamily.Fugitive ? null : new EnergyFigure { Gap = EnergyGaps.NotEnergy };
        }

        var year = emission.From.Year;
        var blend = carrier == EnergyCarrier.RenewableFuel ? null : library.Energy.BlendOf(activities[0], year);
        var renewable = carrier == EnergyCarrier.RenewableFuel ? Whole : blend?.RenewableShare ?? 0m;
        var mixed = blend is not null ? "; renewable share of the blend: " + blend.Citation
            : carrier != EnergyCarrier.RenewableFuel && activities.Any(activity => library.Energy.BlendOf(activity, year) is not null)
                ? "; the factor states no renewable share of the blend: taken as none" : "";
        if (unit.Group is { Name: "energy", Basis: CalorificBasis.Net })
        {
            return Figure(carrier, emission, unit, library.KilowattHourNet, Whole, renewable, 0m, "Entered at net calorific value" + mixed);
        }

        return activities.Select(activity => library.Energy.Find(activity, year, unit.Group)).FirstOrDefault(found => found is not null) is { } content
            ? Figure(carrier, emission, unit, content.Unit, content.KilowattHours, renewable, 0m, content.Citation + mixed)
            : new EnergyFigure { Carrier = carrier, Gap = unit.Group is { Name: "energy", Basis: CalorificBasis.None } ? EnergyGaps.Basis : EnergyGaps.Content };
    }

    /// <param name="unit">Of the quantity.</param>
    /// <param name="contentUnit">In which the calorific value is given.</param>
    private static EnergyFigure Figure(
        EnergyCarrier carrier, CalculatedEmission emission, Unit unit, Unit contentUnit, decimal perUnit, decimal renewable, decimal nuclear, string source)
    {
        var quantity = emission.Instrument is null ? emission.Quantity : emission.FactorQuantity;
        var kilowattHours = Exact.Product(new Quantity(quantity, unit).To(contentUnit).Value, perUnit);
        return new EnergyFigure
        {
            Carrier = carrier, KilowattHours = kilowattHours, RenewableKilowattHours = Exact.Product(kilowattHours, renewable),
            NuclearKilowattHours = Exact.Product(kilowattHours, nuclear), Unit = contentUnit, PerUnit = perUnit, RenewableShare = renewable, NuclearShare = nuclear, Source = source,
        };
    }
}
