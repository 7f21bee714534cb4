using System.Buffers.Binary;
using System.Text.Json;
using Npgsql;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Calculation.Runs;

/// <summary>
/// What batches of changed entries would be, one after the other, by binary <c>COPY</c> under the loader role, which may not name a tenant. Results without an interval count
/// nowhere until a run is approved. Not for two threads.
/// </summary>
internal sealed class RunCopy : IDisposable
{
    private const short RecordColumns = 37;
    private const short ChangeColumns = 19;
    private const int SendAt = 1 << 20;

    private readonly BinaryCopyBuffer _records = new(SendAt);
    private readonly BinaryCopyBuffer _changes = new(1 << 18);
    private readonly OwnDerivationWriter _own = new();
    private readonly SharedDerivations _derivations;
    private readonly Guid _proposal;
    private UInt128 _nextId;

    /// <param name="derivations">To be in the database before this is written.</param>
    public RunCopy(Guid proposal, SharedDerivations derivations, DateTimeOffset at)
    {
        (_proposal, _derivations) = (proposal, derivations);
        // A start of its own for each writer, then one after the other: side by side in the index, where ids drawn one by one would be spread over all of it.
        Span<byte> id = stackalloc byte[16];
        Guid.CreateVersion7(at).TryWriteBytes(id, bigEndian: true, out _);
        _nextId = BinaryPrimitives.ReadUInt128BigEndian(id);
    }

    /// <summary>Changes since <see cref="Begin()"/>.</summary>
    public int Count { get; private set; }

    /// <summary>Makes room for a batch; what a batch before it held is forgotten.</summary>
    public void Begin()
    {
        Count = 0;
        _records.Clear();
        _changes.Clear();
        _records.Header();
        _changes.Header();
    }

    public void Add(RunChange change)
    {
        Count++;
        var entry = change.Calculated;
        foreach (var result in entry.Results(_derivations))
        {
            Write(change.ActivityId!.Value, entry, result);
        }

        foreach (var method in entry.Missing)
        {
            WriteMissing(change.ActivityId!.Value, entry, method);
        }

        _changes.Row(ChangeColumns);
        _changes.Uuid(_proposal);
        _changes.Uuid(entry.Entry.Id);
        Optional(_changes, change.ActivityId);
        Optional(_changes, change.ActivityBefore);
        Optional(_changes, change.ProposalBefore);
        if (change.SequenceBefore is { } sequence)
        {
            _changes.Bigint(sequence);
        }
        else
        {
            _changes.Null();
        }

        _changes.Bytes(change.FingerprintBefore);
        _changes.Bytes(change.FingerprintAfter);
        Json(_changes, change.FaultBefore);
        Json(_changes, entry.Fault is { } fault ? new RunFault(fault.Code, EntryLedgerWrite.Cut(fault.Message), EntryLedgerWrite.Cut(fault.Mend), null) : null);
        _changes.Text(entry.Entry.Site);
        _changes.Text(change.Service);
        _changes.Date(entry.Entry.From);
        _changes.Date(entry.Entry.To);
        _changes.Numeric(change.Sums.LocationBefore);
        _changes.Numeric(change.Sums.LocationAfter);
        _changes.Numeric(change.Sums.MarketBefore);
        _changes.Numeric(change.Sums.MarketAfter);
        _changes.Numeric(change.Sums.Magnitude);
    }

    /// <summary>One transaction: all of the batch is there, or nothing.</summary>
    public async Task WriteAsync(Database database, Guid tenantId, CancellationToken cancellationToken)
    {
        _records.Trailer();
        _changes.Trailer();
        await using var connection = await database.Loader.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // The commit that makes the run a proposal comes later and makes these durable with it; a run that breaks off before begins anew.
        await connection.ExecuteAsync(
            "select set_config('offgridflow.tenant_id', $1, true), set_config('synchronous_commit', 'off', true)", cancellationToken, tenantId.ToString());
        await SendAsync(
            connection,
            """
            copy emission_records (id, activity_id, scope, category, month, scope2_method, part, factor_id, factor_set_id, factor_set_checksum, instrument_id, biogenic_kg_co2,
              derivation_id, derivation, method, method_version, comparison_only, kilowatt_hours, kg_co2e, defaulted_kg_co2e, quality, flags, proposal_id, calculation_method,
              co2_kg_co2e, ch4_kg_co2e, n2o_kg_co2e, hfcs_kg_co2e, pfcs_kg_co2e, sf6_kg_co2e, nf3_kg_co2e, energy_carrier, energy_gap, energy_kwh,
              energy_renewable_kwh, energy_nuclear_kwh, energy_unstated) from stdin (format binary)
            """,
            _records, cancellationToken);
        await SendAsync(
            connection,
            """
            copy calculation_run_changes (proposal_id, entry_id, activity_id, activity_before, proposal_before, sequence_before, fingerprint_before, fingerprint_after,
              fault_before, fault_after, account, service, period_start, period_end, location_before, location_after, market_before, market_after, magnitude) from stdin (format binary)
            """,
            _changes, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    public void Dispose() => _own.Dispose();

    private static async Task SendAsync(NpgsqlConnection connection, string statement, BinaryCopyBuffer buffer, CancellationToken cancellationToken)
    {
        await using var stream = await connection.BeginRawBinaryCopyAsync(statement, cancellationToken);
        stream.WriteTimeout = Timeout.Infinite;
        stream.Write(buffer.Written);
    }

    private void Write(Guid activity, CalculatedEntry entry, CalculatedResult result)
    {
        var (emission, derivation, shared) = result;
        Begin(activity, emission.Scope, emission.Category, new DateOnly(emission.From.Year, emission.From.Month, 1), emission.Scope2Method);
        _records.Text(emission.Part.ToString());
        Optional(_records, emission.Factor?.Id);
        Optional(_records, emission.Factor?.Set.Id);
        Optional(_records, emission.Factor?.Set.Checksum);
        Optional(_records, emission.Instrument is { } id ? Guid.Parse(id) : null);
        Optional(_records, emission.BiogenicKgCo2 == 0 ? null : emission.BiogenicKgCo2);
        _records.Bytes(shared.Id);
        _records.Bytes(_own.Write(derivation));
        End(emission.KilowattHours, emission.KgCo2e, emission.Quality == DataQuality.Defaulted ? emission.KgCo2e : 0m, emission.Quality, emission.Flags.Select(flag => flag.Code).Distinct().ToList(),
            entry.MethodOf(emission.Scope, emission.Category), GasSplit.Of(emission.Gases), derivation.Energy);
    }

    private void WriteMissing(Guid activity, CalculatedEntry entry, Scope2Method? method)
    {
        Begin(activity, entry.MissingScope, entry.MissingCategory, new DateOnly(entry.Entry.From.Year, entry.Entry.From.Month, 1), method);
        for (var column = 0; column < 8; column++)
        {
            _records.Null();
        }

        End(null, null, 0m, entry.MissingQuality, [entry.MissingFlag], entry.MethodOf(entry.MissingScope, entry.MissingCategory), GasSplit.None, null);
    }

    private void Begin(Guid activity, int scope, int? category, DateOnly month, Scope2Method? method)
    {
        _records.Row(RecordColumns);
        _records.Uuid(NextId());
        _records.Uuid(activity);
        _records.Integer(scope);
        if (category is { } known)
        {
            _records.Integer(known);
        }
        else
        {
            _records.Null();
        }

        _records.Date(month);
        Optional(_records, method?.ToString());
    }

    private Guid NextId()
    {
        Span<byte> id = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(id, _nextId++);
        return new Guid(id, bigEndian: true);
    }

    private void End(
        decimal? kilowattHours, decimal? kg, decimal defaulted, DataQuality quality, IReadOnlyList<string> flags, CalculationMethod method, GasSplit gases, DerivedEnergy? energy)
    {
        _records.Text(EntryLedger.Method);
        _records.Text(EntryLedger.MethodVersion);
        _records.Boolean(false);
        Optional(_records, kilowattHours);
        Optional(_records, kg);
        _records.Numeric(defaulted);
        _records.Text(quality.ToString());
        _records.Texts(flags);
        _records.Uuid(_proposal);
        _records.Text(method.ToString());
        Optional(_records, gases.Co2);
        Optional(_records, gases.Ch4);
        Optional(_records, gases.N2o);
        Optional(_records, gases.Hfcs);
        Optional(_records, gases.Pfcs);
        Optional(_records, gases.Sf6);
        Optional(_records, gases.Nf3);
        Optional(_records, energy?.Carrier?.ToString());
        Optional(_records, energy?.Gap);
        Optional(_records, energy?.KilowattHours);
        Optional(_records, energy?.RenewableKilowattHours);
        Optional(_records, energy?.NuclearKilowattHours);
        if (energy?.IsUnstated is { } unstated)
        {
            _records.Boolean(unstated);
        }
        else
        {
            _records.Null();
        }
    }

    private static void Optional(BinaryCopyBuffer buffer, string? value)
    {
        if (value is null)
        {
            buffer.Null();
        }
        else
        {
            buffer.Text(value);
        }
    }

    private static void Optional(BinaryCopyBuffer buffer, Guid? value)
    {
        if (value is { } known)
        {
            buffer.Uuid(known);
        }
        else
        {
            buffer.Null();
        }
    }

    private static void Optional(BinaryCopyBuffer buffer, decimal? value)
    {
        if (value is { } known)
        {
            buffer.Numeric(known);
        }
        else
        {
            buffer.Null();
        }
    }

    private static void Json(BinaryCopyBuffer buffer, RunFault? fault)
    {
        if (fault is null)
        {
            buffer.Null();
        }
        else
        {
            buffer.Jsonb(JsonSerializer.SerializeToUtf8Bytes(fault, StoredDerivation.Json));
        }
    }
}

/// <param name="Since">Set for a fault that stands.</param>
internal sealed record RunFault(string Code, string Message, string Mend, DateTimeOffset? Since);

/// <summary>An entry that would come out otherwise.</summary>
/// <param name="ActivityId">Of its standing results, which the new ones belong to as well; null where it gets none.</param>
/// <param name="ActivityBefore">The same; null where it had no results.</param>
/// <param name="ProposalBefore">The attempt that gave those; null where the entry's own writing did.</param>
/// <param name="SequenceBefore">From which ledger number on they counted; null where it had none.</param>
internal sealed record RunChange(
    CalculatedEntry Calculated, Guid? ActivityId, Guid? ActivityBefore, Guid? ProposalBefore, long? SequenceBefore, byte[] FingerprintBefore, byte[] FingerprintAfter,
    RunFault? FaultBefore, string Service, RunEntrySums Sums);
