using System.Globalization;
using System.Text.Json;
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
          e.version, s.id, s.name, s.region, e.category, e.worksheet::text, e.vendor, e.account, e.converted_from::text
        """;

    public const int ColumnCount = 21;

    public static EntryRow Read(Npgsql.NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetString(1), row.GetDecimal(2), row.GetString(3), row.GetFieldValue<DateOnly>(4), row.GetFieldValue<DateOnly>(5), row.OptionalText(6),
        row.OptionalText(7), Enum.Parse<DataQuality>(row.GetString(8)), row.Optional<decimal>(9), Enum.Parse<EntryStatus>(row.GetString(10)), !row.IsDBNull(11),
        row.GetInt32(12), row.GetGuid(13), row.GetString(14), row.GetString(15))
    {
        Category = row.Optional<int>(16), Worksheet = row.OptionalText(17), Vendor = row.OptionalText(18), Account = row.OptionalText(19),
        ConvertedFrom = row.OptionalText(20) is { } converted ? JsonSerializer.Deserialize<ConvertedFrom>(converted) : null,
    };

    /// <param name="shares">By <see cref="Key"/> of the entry.</param>
    public static CalculatedEntry Calculate(EntryRow entry, CalculationInputs with, Calculator calculator, ILookup<string, InstrumentShare> shares)
    {
        var library = with.Library;
        var type = library.Resolve(entry.ActivityType, out _)?.Type;
        CalculationFault? split = null;
        if (type is not null && IsCountedElsewhere(entry, with, out split))
        {
            return new CalculatedEntry(entry, type, null, new CalculationOutcome([], null), [], library) { IsExcluded = true };
        }

        if (split is not null)
        {
            return new CalculatedEntry(entry, type, null, new CalculationOutcome([], split), [], library);
        }

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
        Quantity quantity;
        QuantityConversion? conversion = null;
        try
        {
            quantity = entry.ConvertedFrom is { } measured
                ? new Quantity(measured.Quantity, library.Units.Find(measured.Unit)) : new Quantity(entry.Quantity, library.Units.Find(entry.Unit));
            if (entry.ConvertedFrom is { } by)
            {
                conversion = new QuantityConversion(by.Name, by.Value, library.Units.Find(by.Per), library.Units.Find(by.To), by.Source);
            }
        }
        catch (UnknownUnitException exception)
        {
            fault = new CalculationFault("unknown-unit", exception.Message, "Choose a unit from the list in the entry.");
            return null;
        }

        fault = null;
        return new ActivityInput
        {
            Id = Key(entry.Id),
            Type = entry.ActivityType,
            Quantity = quantity,
            Conversion = conversion,
            From = entry.From,
            To = entry.To,
            Region = entry.Region,
            Gas = entry.Gas,
            FactorId = entry.FactorId,
            Category = entry.Category,
            Worksheet = StepsOf(entry, quantity.Unit, library),
            IsReversal = entry.IsReversal,
            Quality = entry.Quality,
            UncertaintyPercent = entry.UncertaintyPercent,
            Site = Key(entry.SiteId),
        };
    }

    public static string Key(Guid id) => id.ToString("D");

    /// <summary>Whether the entry is money for what another entry counts by its physical amount; a fault where that is so on some of its days only.</summary>
    private static bool IsCountedElsewhere(EntryRow entry, CalculationInputs with, out CalculationFault? fault)
    {
        fault = null;
        if ((entry.Vendor is null && entry.Account is null) || !with.Library.Units.TryFind(entry.Unit, out var unit) || unit.Group.Money is null)
        {
            return false;
        }

        var verdict = with.Accounts.Find(entry.Vendor, entry.Account, entry.From, entry.To);
        if (verdict.ChangesOn is { } day)
        {
            fault = new CalculationFault(
                "account-map-changes", string.Create(CultureInfo.InvariantCulture, $"What this vendor or account stands for changes on {day:yyyy-MM-dd}, within the days of the entry."),
                "Enter the amount before that day and the amount since as two entries, or change the days of the account map.");
        }

        return fault is null && verdict.Map?.IsCountedPhysically == true;
    }

    /// <summary>How the quantity came about; the entry was saved with what they give.</summary>
    private static IReadOnlyList<NamedStep> StepsOf(EntryRow entry, Unit unit, FactorLibrary library)
    {
        if (entry.Worksheet is not { } json)
        {
            return [];
        }

        var worksheet = JsonSerializer.Deserialize<Worksheet>(json)!;
        return WorksheetMethod.Find(worksheet.Method)?.Compute(worksheet, unit, library.Units).Steps ?? [];
    }
}

/// <summary>An entry with what its site gives it.</summary>
internal sealed record EntryRow(
    Guid Id, string ActivityType, decimal Quantity, string Unit, DateOnly From, DateOnly To, string? Gas, string? FactorId, DataQuality Quality,
    decimal? UncertaintyPercent, EntryStatus Status, bool IsReversal, int Version, Guid SiteId, string Site, string Region)
{
    public int? Category { get; init; }

    /// <summary>As JSON.</summary>
    public string? Worksheet { get; init; }
    public string? Vendor { get; init; }
    public string? Account { get; init; }
    public ConvertedFrom? ConvertedFrom { get; init; }

    public bool Counts => Status is EntryStatus.Submitted or EntryStatus.Approved;
}

/// <param name="Shared">The part of <paramref name="Derivation"/> that other results have as well.</param>
internal readonly record struct CalculatedResult(CalculatedEmission Emission, Derivation Derivation, SharedDerivation Shared);

/// <param name="type">Null when the entry names no activity type that is known.</param>
/// <param name="input">Null when its unit is none.</param>
internal sealed class CalculatedEntry(
    EntryRow entry, ActivityType? type, ActivityInput? input, CalculationOutcome outcome, IReadOnlyList<InstrumentShare> shares, FactorLibrary library)
{
    public EntryRow Entry => entry;

    /// <summary>True for spending that another entry counts by its physical amount: it stands in the ledger without a figure.</summary>
    public bool IsExcluded { get; init; }

    public ActivityType? Type => type;

    public CalculationFault? Fault => outcome.Fault;

    public IReadOnlyList<CalculatedEmission> Emissions => outcome.Emissions;

    /// <summary>With what made each figure; empty when <see cref="Fault"/> is set.</summary>
    public IEnumerable<CalculatedResult> Results(SharedDerivations derivations)
    {
        foreach (var emission in outcome.Emissions)
        {
            var instrument = emission.Instrument is { } id ? shares.First(share => share.Instrument.Id == id).Instrument : null;
            var shared = derivations.Find(MadeAlike.Of(input!, type!.Name, emission, outcome.Emissions, instrument));
            yield return new CalculatedResult(emission, shared.Derivation.Of(input!, emission), shared);
        }
    }

    /// <summary>By what kind of data a figure of the entry comes about.</summary>
    public CalculationMethod MethodOf(int scope, int? category) => CalculationMethods.Of(
        type!.Family, type.IsReported, library.Units.TryFind(entry.Unit, out var unit) ? unit.Group : null, scope, category,
        entry.Worksheet is { } json ? JsonSerializer.Deserialize<Worksheet>(json)!.Method : null);

    public byte[] Fingerprint() => ResultFingerprint.Of(EntryLedger.MethodVersion, type, input, outcome, shares, IsExcluded, entry.Category);

    /// <summary>
    /// An entry that counts and has no figure, because none can be calculated or because another entry counts it, stands in the ledger without one, in the
    /// month in which it begins, so that every total says that something is missing; of purchased energy in both views. Where the activity type is unknown, nobody can say in which scope: then the exception alone tells.
    /// </summary>
    public IReadOnlyList<Scope2Method?> Missing =>
        type is null || (Fault is null && !IsExcluded) ? [] : MissingScope == 2 ? [Scope2Method.Location, Scope2Method.Market] : [null];

    /// <summary>Where, and as what, an entry without a figure stands.</summary>
    public int MissingScope => entry.Category is null ? type!.Scope : 3;

    public int? MissingCategory => entry.Category ?? type!.Category;

    public DataQuality MissingQuality => IsExcluded ? DataQuality.Excluded : DataQuality.Missing;

    public string MissingFlag => Fault?.Code ?? EntryLedgerWrite.CountedPhysically;
}
