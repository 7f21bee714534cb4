using System.Text.Json;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Calculation.Runs;

/// <summary>Entries that a run changes, with what stood before, one batch after the other. Not for two threads.</summary>
internal sealed class RunChangeCopy(Guid proposal)
{
    private const short Columns = 19;

    private readonly RunCopy _copy = new(1 << 18);

    /// <summary>Changes since <see cref="Begin"/>.</summary>
    public int Count { get; private set; }

    /// <summary>Makes room for a batch; what a batch before it held is forgotten.</summary>
    public void Begin()
    {
        Count = 0;
        _copy.Begin();
    }

    public void Add(RunChange change)
    {
        Count++;
        var (rows, calculated) = (_copy.Rows, change.Calculated);
        rows.Row(Columns);
        rows.Uuid(proposal);
        rows.Uuid(calculated.Entry.Id);
        rows.Uuid(change.ActivityId);
        rows.Uuid(change.ActivityBefore);
        rows.Uuid(change.ProposalBefore);
        rows.Bigint(change.SequenceBefore);
        rows.Bytes(change.FingerprintBefore);
        rows.Bytes(change.FingerprintAfter);
        Json(rows, change.FaultBefore);
        Json(rows, calculated.Fault is { } fault ? new RunFault(fault.Code, EntryLedgerWrite.Cut(fault.Message), EntryLedgerWrite.Cut(fault.Mend), null) : null);
        rows.Text(calculated.Entry.Site);
        rows.Text(change.Service);
        rows.Date(calculated.Entry.From);
        rows.Date(calculated.Entry.To);
        rows.Numeric(change.Sums.LocationBefore);
        rows.Numeric(change.Sums.LocationAfter);
        rows.Numeric(change.Sums.MarketBefore);
        rows.Numeric(change.Sums.MarketAfter);
        rows.Numeric(change.Sums.Magnitude);
    }

    public Task WriteAsync(Database database, Guid tenantId, CancellationToken cancellationToken) => _copy.WriteAsync(
        database, tenantId,
        """
        copy calculation_run_changes (proposal_id, entry_id, activity_id, activity_before, proposal_before, sequence_before, fingerprint_before, fingerprint_after,
          fault_before, fault_after, account, service, period_start, period_end, location_before, location_after, market_before, market_after, magnitude) from stdin (format binary)
        """,
        cancellationToken);

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
