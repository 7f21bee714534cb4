using System.Globalization;
using System.Text.Json;
using OffGridFlow.Core.ActivityData;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Core.Quantities;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Calculation;

/// <summary>
/// Brings the ledger up to what the entries say: results, exceptions and monthly totals. Works inside the transaction that changes the entries, so that
/// either both are seen or neither.
/// </summary>
internal sealed class EntryLedger(ICalculationInputs inputs, TimeProvider time)
{
    /// <summary>As results and totals name it.</summary>
    public const string Provider = "entry";
    public const string Method = "ghg-protocol";

    /// <summary>Counts up when the same entry and factors give other digits.</summary>
    public const string MethodVersion = "ghg-protocol 1";

    /// <summary>Entries in memory with their results.</summary>
    private const int AtOnce = 500;

    private const string EntryColumns =
        """
        select e.id, e.activity_type, e.quantity, e.unit, e.period_start, e.period_end, e.gas, e.factor_id, e.quality, e.uncertainty_percent, e.status, e.reverses_id,
          e.version, s.id, s.name, s.region, e.category, e.worksheet::text, e.vendor, e.account, e.converted_from::text
        from activity_entries e join sites s on s.id = e.site_id
        """;

    /// <summary>
    /// To be called after any change of entries, of their status too. Calculates those that count (submitted, approved), ends the results of those that no
    /// longer do, and writes nothing where the same comes out again.
    /// </summary>
    /// <param name="entryIds">May hold ids more than once and any number of them.</param>
    public async Task ApplyAsync(TenantUnit unit, IReadOnlyCollection<Guid> entryIds, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entryIds);
        if (entryIds.Count == 0)
        {
            return;
        }

        await unit.Context.SaveChangesAsync(cancellationToken);
        // Whoever changes the ledger of the tenant waits here; what they have changed is seen from here on. A number is taken only if something changes.
        await unit.Connection.ExecuteAsync("select from ledger_sequences where tenant_id = current_tenant() for update", cancellationToken);
        var with = await inputs.GetAsync(unit, cancellationToken);
        var calculator = new Calculator(with.Library, with.Policy);
        var ids = entryIds.ToHashSet();
        var shares = await ShareOutAsync(unit, with, calculator, ids, cancellationToken);

        var write = await EntryLedgerWrite.BeginAsync(unit, time.GetUtcNow(), cancellationToken);
        var calculated = new List<CalculatedEntry>(AtOnce);
        foreach (var some in ids.Order().Chunk(AtOnce))
        {
            var entries = await unit.Connection.ListAsync($"{EntryColumns} where e.id = any($1)", Read, cancellationToken, some);
            calculated.Clear();
            calculated.AddRange(entries.Where(entry => entry.Counts).Select(entry => Calculate(entry, with, calculator, shares)));
            await write.AddAsync(some, calculated, cancellationToken);
        }

        await write.CompleteAsync(cancellationToken);
    }

    /// <summary>To be called after a change of a site's name or region, or of a contractual instrument of these sites: all their entries anew.</summary>
    public async Task ApplySitesAsync(TenantUnit unit, IReadOnlyCollection<Guid> siteIds, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(siteIds);
        await unit.Context.SaveChangesAsync(cancellationToken);
        var ids = await unit.Connection.ListAsync("select id from activity_entries where site_id = any($1)", row => row.GetGuid(0), cancellationToken, siteIds.ToArray());
        await ApplyAsync(unit, ids, cancellationToken);
    }

    /// <summary>
    /// Shares the instruments out over all purchased energy that competes with that of the entries, and adds those others to <paramref name="ids"/>: what one
    /// takes the other lacks.
    /// </summary>
    private static async Task<ILookup<string, InstrumentShare>> ShareOutAsync(
        TenantUnit unit, CalculationInputs with, Calculator calculator, HashSet<Guid> ids, CancellationToken cancellationToken)
    {
        var none = Array.Empty<InstrumentShare>().ToLookup(share => share.ActivityId);
        if (with.Instruments.Count == 0)
        {
            return none;
        }

        // Where purchased energy is used or was: an entry may have been something else, or at another site, before.
        var touched = new HashSet<string>(await unit.Connection.ListAsync(
            """
            select distinct a.site_id from activity_records a
            join emission_records r on r.activity_id = a.id join emission_intervals i on i.emission_id = r.id and i.to_sequence is null
            where a.entry_id = any($1) and r.scope = 2
            """,
            row => Key(row.GetGuid(0)), cancellationToken, ids.ToArray()));
        foreach (var some in ids.Chunk(AtOnce))
        {
            var entries = await unit.Connection.ListAsync($"{EntryColumns} where e.id = any($1)", Read, cancellationToken, some);
            touched.UnionWith(entries.Where(entry => entry.Counts && InputOf(entry, with.Library, out _) is { } input && calculator.EnergyUses(input).Count > 0)
                .Select(entry => Key(entry.SiteId)));
        }

        if (touched.Count == 0)
        {
            return none;
        }

        var (instruments, everywhere) = Connected(with.Instruments, touched);
        if (instruments.Count == 0)
        {
            return none;
        }

        var uses = new List<EnergyUse>();
        await using (var command = unit.Connection.Command(
            $"{EntryColumns} where e.status in ('Submitted', 'Approved') and ($1 or s.id = any($2)) and e.period_start <= $3 and e.period_end >= $4",
            everywhere, touched.Select(Guid.Parse).ToArray(), instruments.Max(instrument => instrument.To), instruments.Min(instrument => instrument.From)))
        {
            command.CommandTimeout = 0;
            await using var row = await command.ExecuteReaderAsync(cancellationToken);
            while (await row.ReadAsync(cancellationToken))
            {
                var entry = Read(row);
                if (InputOf(entry, with.Library, out _) is { } input && calculator.EnergyUses(input) is { Count: > 0 } found)
                {
                    uses.AddRange(found);
                    ids.Add(entry.Id);
                }
            }
        }

        return InstrumentAllocation.Allocate(instruments, uses).Shares.ToLookup(share => share.ActivityId);
    }

    /// <summary>Instruments that meet at the sites, directly or by way of other sites, which are added; and whether one of them is for every site.</summary>
    private static (List<ContractualInstrument> Instruments, bool Everywhere) Connected(IReadOnlyList<ContractualInstrument> all, HashSet<string> sites)
    {
        var found = new List<ContractualInstrument>();
        var everywhere = false;
        for (var before = -1; before < found.Count;)
        {
            before = found.Count;
            foreach (var instrument in all.Except(found).Where(instrument => everywhere || instrument.Sites.Count == 0 || instrument.Sites.Any(sites.Contains)).ToList())
            {
                found.Add(instrument);
                sites.UnionWith(instrument.Sites);
                everywhere |= instrument.Sites.Count == 0;
            }
        }

        return (found, everywhere);
    }

    private static CalculatedEntry Calculate(EntryRow entry, CalculationInputs with, Calculator calculator, ILookup<string, InstrumentShare> shares)
    {
        var type = with.Library.Resolve(entry.ActivityType, out _)?.Type;
        CalculationFault? split = null;
        if (type is not null && IsCountedElsewhere(entry, with, out split))
        {
            return new CalculatedEntry(entry, type, [], null) { IsExcluded = true };
        }

        if (split is not null)
        {
            return new CalculatedEntry(entry, type, [], split);
        }

        if (InputOf(entry, with.Library, out var fault) is not { } input)
        {
            return new CalculatedEntry(entry, type, [], fault);
        }

        var own = shares[input.Id].ToList();
        var outcome = calculator.Calculate(input, own);
        var results = outcome.Emissions.Select(emission => new CalculatedResult(
            emission,
            Derivation.Of(
                input, type!.Name, emission, outcome.Emissions,
                emission.Instrument is { } id ? own.First(share => share.Instrument.Id == id).Instrument : null, with.Library))).ToList();
        return new CalculatedEntry(entry, type, results, outcome.Fault);
    }

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

    /// <summary>Null, with the reason, where the unit is none.</summary>
    private static ActivityInput? InputOf(EntryRow entry, FactorLibrary library, out CalculationFault? fault)
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

    private static string Key(Guid id) => id.ToString("D");

    private static EntryRow Read(Npgsql.NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetString(1), row.GetDecimal(2), row.GetString(3), row.GetFieldValue<DateOnly>(4), row.GetFieldValue<DateOnly>(5), row.OptionalText(6),
        row.OptionalText(7), Enum.Parse<DataQuality>(row.GetString(8)), row.Optional<decimal>(9), Enum.Parse<EntryStatus>(row.GetString(10)), !row.IsDBNull(11),
        row.GetInt32(12), row.GetGuid(13), row.GetString(14), row.GetString(15))
    {
        Category = row.Optional<int>(16), Worksheet = row.OptionalText(17), Vendor = row.OptionalText(18), Account = row.OptionalText(19),
        ConvertedFrom = row.OptionalText(20) is { } converted ? JsonSerializer.Deserialize<ConvertedFrom>(converted) : null,
    };
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

internal sealed record CalculatedResult(CalculatedEmission Emission, Derivation Derivation);

/// <param name="Type">Null when the entry names no activity type that is known.</param>
/// <param name="Results">Empty when <paramref name="Fault"/> or <see cref="IsExcluded"/> is set.</param>
internal sealed record CalculatedEntry(EntryRow Entry, ActivityType? Type, IReadOnlyList<CalculatedResult> Results, CalculationFault? Fault)
{
    /// <summary>True for spending that another entry counts by its physical amount: it stands in the ledger without a figure.</summary>
    public bool IsExcluded { get; init; }
}
