using System.Buffers.Binary;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Calculation.Runs;

/// <summary>
/// Results of batches of entries that a run changes, one batch after the other. Without an interval they count nowhere until the run is approved. Not for two threads.
/// </summary>
internal sealed class RunResultCopy : IDisposable
{
    private const short Columns = 37;

    private readonly RunCopy _copy = new(1 << 20);
    private readonly OwnDerivationWriter _own = new();
    private readonly SharedDerivations _derivations;
    private readonly Guid _proposal;
    private UInt128 _nextId;

    /// <param name="derivations">To be in the database before this is written.</param>
    public RunResultCopy(Guid proposal, SharedDerivations derivations, DateTimeOffset at)
    {
        (_proposal, _derivations) = (proposal, derivations);
        // A start of its own for each writer, then one after the other: side by side in the index, where ids drawn one by one would be spread over all of it.
        Span<byte> id = stackalloc byte[16];
        Guid.CreateVersion7(at).TryWriteBytes(id, bigEndian: true, out _);
        _nextId = BinaryPrimitives.ReadUInt128BigEndian(id);
    }

    private BinaryCopyBuffer Rows => _copy.Rows;

    /// <summary>Makes room for a batch; what a batch before it held is forgotten.</summary>
    public void Begin() => _copy.Begin();

    /// <param name="activity">That the results belong to.</param>
    public void Add(Guid activity, CalculatedEntry entry)
    {
        foreach (var result in entry.Results(_derivations))
        {
            Write(activity, entry, result);
        }

        foreach (var method in entry.Missing)
        {
            WriteMissing(activity, entry, method);
        }
    }

    public Task WriteAsync(Database database, Guid tenantId, CancellationToken cancellationToken) => _copy.WriteAsync(
        database, tenantId,
        """
        copy emission_records (id, activity_id, scope, category, month, scope2_method, part, factor_id, factor_set_id, factor_set_checksum, instrument_id, biogenic_kg_co2,
          derivation_id, derivation, method, method_version, comparison_only, kilowatt_hours, kg_co2e, defaulted_kg_co2e, quality, flags, proposal_id, calculation_method,
          co2_kg_co2e, ch4_kg_co2e, n2o_kg_co2e, hfcs_kg_co2e, pfcs_kg_co2e, sf6_kg_co2e, nf3_kg_co2e, energy_carrier, energy_gap, energy_kwh,
          energy_renewable_kwh, energy_nuclear_kwh, energy_unstated) from stdin (format binary)
        """,
        cancellationToken);

    public void Dispose() => _own.Dispose();

    private void Write(Guid activity, CalculatedEntry entry, CalculatedResult result)
    {
        var (emission, derivation, shared) = result;
        Begin(activity, emission.Scope, emission.Category, new DateOnly(emission.From.Year, emission.From.Month, 1), emission.Scope2Method);
        Rows.Text(emission.Part.ToString());
        Rows.Text(emission.Factor?.Id);
        Rows.Text(emission.Factor?.Set.Id);
        Rows.Text(emission.Factor?.Set.Checksum);
        Rows.Uuid(emission.Instrument is { } id ? Guid.Parse(id) : null);
        Rows.Numeric(emission.BiogenicKgCo2 == 0 ? null : emission.BiogenicKgCo2);
        Rows.Bytes(shared.Id);
        Rows.Bytes(_own.Write(derivation));
        End(emission.KilowattHours, emission.KgCo2e, emission.Quality == DataQuality.Defaulted ? emission.KgCo2e : 0m, emission.Quality, emission.Flags.Select(flag => flag.Code).Distinct().ToList(),
            entry.MethodOf(emission.Scope, emission.Category), GasSplit.Of(emission.Gases), derivation.Energy);
    }

    private void WriteMissing(Guid activity, CalculatedEntry entry, Scope2Method? method)
    {
        Begin(activity, entry.MissingScope, entry.MissingCategory, new DateOnly(entry.Entry.From.Year, entry.Entry.From.Month, 1), method);
        for (var column = 0; column < 8; column++)
        {
            Rows.Null();
        }

        End(null, null, 0m, entry.MissingQuality, [entry.MissingFlag], entry.MethodOf(entry.MissingScope, entry.MissingCategory), GasSplit.None, null);
    }

    private void Begin(Guid activity, int scope, int? category, DateOnly month, Scope2Method? method)
    {
        Rows.Row(Columns);
        Rows.Uuid(NextId());
        Rows.Uuid(activity);
        Rows.Integer(scope);
        Rows.Integer(category);
        Rows.Date(month);
        Rows.Text(method?.ToString());
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
        Rows.Text(EntryLedger.Method);
        Rows.Text(EntryLedger.MethodVersion);
        Rows.Boolean(false);
        Rows.Numeric(kilowattHours);
        Rows.Numeric(kg);
        Rows.Numeric(defaulted);
        Rows.Text(quality.ToString());
        Rows.Texts(flags);
        Rows.Uuid(_proposal);
        Rows.Text(method.ToString());
        Rows.Numeric(gases.Co2);
        Rows.Numeric(gases.Ch4);
        Rows.Numeric(gases.N2o);
        Rows.Numeric(gases.Hfcs);
        Rows.Numeric(gases.Pfcs);
        Rows.Numeric(gases.Sf6);
        Rows.Numeric(gases.Nf3);
        Rows.Text(energy?.Carrier?.ToString());
        Rows.Text(energy?.Gap);
        Rows.Numeric(energy?.KilowattHours);
        Rows.Numeric(energy?.RenewableKilowattHours);
        Rows.Numeric(energy?.NuclearKilowattHours);
        Rows.Boolean(energy?.IsUnstated);
    }
}
