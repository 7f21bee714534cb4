using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.EmissionFactors;

namespace OffGridFlow.Core.Inventory;

/// <summary>
/// The lines of energy consumption (Delegated Regulation (EU) 2023/2772, ESRS E1-5, par. 37 and 38; of 2026, E1-7, par. 26 and 27). Written in the API in lower
/// camel case.
/// </summary>
public enum EnergyLineKind
{
    Coal,
    Petroleum,
    NaturalGas,
    OtherFossil,

    /// <summary>Purchased electricity, heat, steam and cooling from fossil sources, and all of it that no contract says to be anything else.</summary>
    PurchasedFossil,
    PurchasedNuclear,
    RenewableFuel,
    PurchasedRenewable,
    SelfGenerated,
}

/// <summary>By what energy is counted: each source once.</summary>
public enum EnergySource
{
    Fossil,
    Nuclear,
    Renewable,
}

/// <summary>A sum of results that have one carrier, activity type, contract and gap. Energy in kWh at net calorific value, the group's share of it.</summary>
/// <param name="Carrier">Null where it is not known.</param>
/// <param name="ActivityType">Name.</param>
/// <param name="Gap">One of <see cref="EnergyGaps"/>; null where there are figures.</param>
/// <param name="IsUnstated">Of a contract that does not say what generates.</param>
/// <param name="Results">Months of entries; of purchased energy, the parts of them that one contract or none covers.</param>
public sealed record EnergySum(
    EnergyCarrier? Carrier, string ActivityType, Guid? InstrumentId, bool IsUnstated, string? Gap, decimal KilowattHours, decimal RenewableKilowattHours,
    decimal NuclearKilowattHours, long Results)
{
    public decimal FossilKilowattHours => KilowattHours - RenewableKilowattHours - NuclearKilowattHours;
}

/// <param name="ActivityType">Name.</param>
public sealed record EnergyPart(string ActivityType, decimal KilowattHours, long Results);

/// <param name="Parts">By activity type, the largest first; they add up to the line to the digit.</param>
public sealed record EnergyLine(EnergyLineKind Kind, EnergySource Source, decimal KilowattHours, IReadOnlyList<EnergyPart> Parts);

/// <summary>What a contract covers, or what none does.</summary>
/// <param name="InstrumentId">Null for what no contract covers.</param>
/// <param name="IsUnstated">True where the contract does not say what generates.</param>
public sealed record EnergyEvidence(
    Guid? InstrumentId, string? Name, InstrumentKind? Kind, bool IsUnstated, decimal KilowattHours, decimal RenewableKilowattHours, decimal NuclearKilowattHours)
{
    public decimal FossilKilowattHours => KilowattHours - RenewableKilowattHours - NuclearKilowattHours;
}

/// <param name="Code">One of <see cref="EnergyGaps"/>.</param>
/// <param name="Results">Results that have it.</param>
public sealed record EnergyGap(string Code, string ActivityType, long Results);

/// <summary>
/// Energy of own operations by what it is, in kWh at net calorific value (<c>docs/methods/energy.md</c>). Fossil, nuclear and renewable add up to
/// <see cref="Total"/> to the digit; what is sold is netted against nothing.
/// </summary>
public sealed record EnergyStatement
{
    /// <summary>Its view of Scope 2 is not looked at: attributes go by contracts.</summary>
    public required InventoryFilter Filter { get; init; }

    /// <summary>The state of the ledger that it was read from.</summary>
    public required long LedgerNumber { get; init; }

    /// <summary>All of <see cref="EnergyLineKind"/>, in its order.</summary>
    public required IReadOnlyList<EnergyLine> Lines { get; init; }

    /// <summary>Own production, by activity type; that from fuel counts in consumption as fuel.</summary>
    public required IReadOnlyList<EnergyPart> ProducedNonRenewable { get; init; }
    public required IReadOnlyList<EnergyPart> ProducedRenewable { get; init; }
    public required IReadOnlyList<EnergyPart> Sold { get; init; }

    /// <summary>Purchased energy by contract, the largest first, then what none covers.</summary>
    public required IReadOnlyList<EnergyEvidence> Evidence { get; init; }

    /// <summary>By results, the most first.</summary>
    public required IReadOnlyList<EnergyGap> Gaps { get; init; }

    /// <summary>Results of fuel and of energy that count, as an inventory counts them: months of entries; of purchased energy, the parts of them that one contract or none covers.</summary>
    public required long Results { get; init; }

    /// <summary>Those of them without a figure.</summary>
    public long ResultsWithoutFigure => Gaps.Sum(gap => gap.Results);

    /// <summary>0 to 1; null where there is no result.</summary>
    public decimal? Coverage => Results == 0 ? null : (decimal)(Results - ResultsWithoutFigure) / Results;

    public decimal Fossil => Of(EnergySource.Fossil);

    public decimal Nuclear => Of(EnergySource.Nuclear);

    public decimal Renewable => Of(EnergySource.Renewable);

    public decimal Total => Lines.Sum(line => line.KilowattHours);

    public decimal Of(EnergySource source) => Lines.Where(line => line.Source == source).Sum(line => line.KilowattHours);

    public static EnergySource SourceOf(EnergyLineKind kind) => kind switch
    {
        EnergyLineKind.PurchasedNuclear => EnergySource.Nuclear,
        EnergyLineKind.RenewableFuel or EnergyLineKind.PurchasedRenewable or EnergyLineKind.SelfGenerated => EnergySource.Renewable,
        _ => EnergySource.Fossil,
    };

    /// <param name="sums">Of all results, those too without a figure.</param>
    /// <param name="names">Of contracts, by id.</param>
    public static EnergyStatement Of(
        InventoryFilter filter, long ledgerNumber, IReadOnlyList<EnergySum> sums, IReadOnlyDictionary<Guid, (string Name, InstrumentKind Kind)> names) => new()
    {
        Filter = filter,
        LedgerNumber = ledgerNumber,
        Lines = [.. Enum.GetValues<EnergyLineKind>().Select(kind => LineOf(kind, sums))],
        ProducedNonRenewable = PartsOf(sums, sum => sum.Carrier == EnergyCarrier.ProducedFromFossil ? sum.KilowattHours : null),
        ProducedRenewable = PartsOf(sums, sum => sum.Carrier is EnergyCarrier.ProducedFromRenewable or EnergyCarrier.SelfGenerated ? sum.KilowattHours : null),
        Sold = PartsOf(sums, sum => sum.Carrier == EnergyCarrier.Sold ? sum.KilowattHours : null),
        Evidence =
        [
            .. sums.Where(sum => sum is { Carrier: EnergyCarrier.Purchased, Gap: null }).GroupBy(sum => (sum.InstrumentId, sum.IsUnstated)).Select(group =>
            {
                var (name, instrument) = group.Key.InstrumentId is { } id && names.TryGetValue(id, out var known) ? (known.Name, (InstrumentKind?)known.Kind) : (null, null);
                return new EnergyEvidence(
                    group.Key.InstrumentId, name, instrument, group.Key.IsUnstated, group.Sum(sum => sum.KilowattHours), group.Sum(sum => sum.RenewableKilowattHours),
                    group.Sum(sum => sum.NuclearKilowattHours));
            }).OrderBy(evidence => evidence.InstrumentId is null).ThenByDescending(evidence => evidence.KilowattHours).ThenBy(evidence => evidence.Name, StringComparer.Ordinal),
        ],
        Gaps =
        [
            .. sums.Where(sum => sum.Gap is not null).GroupBy(sum => (sum.Gap, sum.ActivityType)).Select(group => new EnergyGap(group.Key.Gap!, group.Key.ActivityType, group.Sum(sum => sum.Results)))
                .OrderByDescending(gap => gap.Results).ThenBy(gap => gap.Code, StringComparer.Ordinal).ThenBy(gap => gap.ActivityType, StringComparer.Ordinal),
        ],
        Results = sums.Sum(sum => sum.Results),
    };

    private static EnergyLine LineOf(EnergyLineKind kind, IReadOnlyList<EnergySum> sums)
    {
        var parts = PartsOf(sums, sum => AmountOf(kind, sum));
        return new EnergyLine(kind, SourceOf(kind), parts.Sum(part => part.KilowattHours), parts);
    }

    /// <summary>What of a sum is in a line; null where nothing of its carrier can be.</summary>
    private static decimal? AmountOf(EnergyLineKind kind, EnergySum sum) => (kind, sum.Carrier) switch
    {
        (EnergyLineKind.Coal, EnergyCarrier.Coal) or (EnergyLineKind.Petroleum, EnergyCarrier.Petroleum) or (EnergyLineKind.NaturalGas, EnergyCarrier.NaturalGas)
            or (EnergyLineKind.OtherFossil, EnergyCarrier.OtherFossil) or (EnergyLineKind.PurchasedFossil, EnergyCarrier.Purchased) => sum.FossilKilowattHours,
        (EnergyLineKind.PurchasedNuclear, EnergyCarrier.Purchased) => sum.NuclearKilowattHours,
        (EnergyLineKind.PurchasedRenewable, EnergyCarrier.Purchased) => sum.RenewableKilowattHours,
        (EnergyLineKind.SelfGenerated, EnergyCarrier.SelfGenerated) => sum.KilowattHours,
        (EnergyLineKind.RenewableFuel, EnergyCarrier.Coal or EnergyCarrier.Petroleum or EnergyCarrier.NaturalGas or EnergyCarrier.OtherFossil or EnergyCarrier.RenewableFuel) =>
            sum.RenewableKilowattHours,
        _ => null,
    };

    private static IReadOnlyList<EnergyPart> PartsOf(IReadOnlyList<EnergySum> sums, Func<EnergySum, decimal?> amount) =>
    [
        .. sums.Where(sum => sum.Gap is null).Select(sum => (sum.ActivityType, KilowattHours: amount(sum), sum.Results)).Where(sum => sum.KilowattHours is not (null or 0))
            .GroupBy(sum => sum.ActivityType, StringComparer.Ordinal)
            .Select(group => new EnergyPart(group.Key, group.Sum(sum => sum.KilowattHours!.Value), group.Sum(sum => sum.Results)))
            .OrderByDescending(part => part.KilowattHours).ThenBy(part => part.ActivityType, StringComparer.Ordinal),
    ];
}
