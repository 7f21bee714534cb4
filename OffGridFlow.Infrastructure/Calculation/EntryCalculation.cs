using OffGridFlow.Core.ActivityData;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Calculation.Runs;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Core.Quantities;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Calculation;

/// <summary>From an entry with its site to what the engine makes of it. The one way for the ledger and for runs, so that both have the same digits.</summary>
internal static class EntryCalculation
{
    /// <summary>Of <c>activity_entries e</c> with <c>sites s</c>, as <see cref="Read"/> takes them.</summary>
    public const string Columns =
        """
        e.id, e.activity_type, e.quantity, e.unit, e.period_start, e.period_end, e.gas, e.factor_id, e.quality, e.uncertainty_percent, e.status, e.reverses_id,
          e.version, s.id, s.name, s.region
        """;

    public const int ColumnCount = 16;

    public static EntryRow Read(Npgsql.NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetString(1), row.GetDecimal(2), row.GetString(3), row.GetFieldValue<DateOnly>(4), row.GetFieldValue<DateOnly>(5), row.OptionalText(6),
        row.OptionalText(7), Enum.Parse<DataQuality>(row.GetString(8)), row.Optional<decimal>(9), Enum.Parse<EntryStatus>(row.GetString(10)), !row.IsDBNull(11),
        row.GetInt32(12), row.GetGuid(13), row.GetString(14), row.GetString(15));

    /// <param name="shares">By <see cref="Key"/> of the entry.</param>
    public static CalculatedEntry Calculate(EntryRow entry, FactorLibrary library, Calculator calculator, ILookup<string, InstrumentShare> shares)
    {
        var type = library.Resolve(entry.ActivityType, out _)?.Type;
        if (InputOf(entry, library, out var fault) is not { } input)
        {
            return new CalculatedEntry(entry, type, null, new CalculationOutcome([], fault), [], library);
        }

        var own = shares[input.Id].ToList();
        return new CalculatedEntry(entry, type, input, calculator.Calculate(input, own), own, library);
    }

    /// <summary>Null, with the reason, where the unit is none.</summary>
    public static ActivityInput? InputOf(EntryRow entry, FactorLibrary library, out CalculationFault? fault)
    {
        if (!library.Units.TryFind(entry.Unit, out var unit))
        {
            fault = new CalculationFault("unknown-unit", new UnknownUnitException(entry.Unit, []).Message, "Choose a unit from the list in the entry.");
            return null;
        }

        fault = null;
        return new ActivityInput
        {
            Id = Key(entry.Id),
            Type = entry.ActivityType,
            Quantity = new Quantity(entry.Quantity, unit),
            From = entry.From,
            To = entry.To,
            Region = entry.Region,
            Gas = entry.Gas,
            FactorId = entry.FactorId,
            IsReversal = entry.IsReversal,
            Quality = entry.Quality,
            UncertaintyPercent = entry.UncertaintyPercent,
            Site = Key(entry.SiteId),
        };
    }

    public static string Key(Guid id) => id.ToString("D");
}

/// <summary>An entry with what its site gives it.</summary>
internal sealed record EntryRow(
    Guid Id, string ActivityType, decimal Quantity, string Unit, DateOnly From, DateOnly To, string? Gas, string? FactorId, DataQuality Quality,
    decimal? UncertaintyPercent, EntryStatus Status, bool IsReversal, int Version, Guid SiteId, string Site, string Region)
{
    public bool Counts => Status is EntryStatus.Submitted or EntryStatus.Approved;
}

internal sealed record CalculatedResult(CalculatedEmission Emission, Derivation Derivation);

/// <param name="type">Null when the entry names no activity type that is known.</param>
/// <param name="input">Null when its unit is none.</param>
internal sealed class CalculatedEntry(
    EntryRow entry, ActivityType? type, ActivityInput? input, CalculationOutcome outcome, IReadOnlyList<InstrumentShare> shares, FactorLibrary library)
{
    private List<CalculatedResult>? _results;

    public EntryRow Entry => entry;

    public ActivityType? Type => type;

    public CalculationFault? Fault => outcome.Fault;

    public IReadOnlyList<CalculatedEmission> Emissions => outcome.Emissions;

    /// <summary>With what made each figure, worked out when first asked for; empty when <see cref="Fault"/> is set.</summary>
    public IReadOnlyList<CalculatedResult> Results => _results ??=
    [
        .. outcome.Emissions.Select(emission => new CalculatedResult(
            emission,
            Derivation.Of(
                input!, type!.Name, emission, outcome.Emissions,
                emission.Instrument is { } id ? shares.First(share => share.Instrument.Id == id).Instrument : null, library))),
    ];

    public byte[] Fingerprint() => ResultFingerprint.Of(EntryLedger.MethodVersion, type, input, outcome, shares);

    /// <summary>
    /// An entry that counts and has no figure stands in the ledger without one, in the month in which it begins, so that every total says that something is
    /// missing; of purchased energy in both views. Where the activity type is unknown, nobody can say in which scope: then the exception alone tells.
    /// </summary>
    public IReadOnlyList<Scope2Method?> Missing => Fault is null || type is null ? [] : type.Scope == 2 ? [Scope2Method.Location, Scope2Method.Market] : [null];
}
