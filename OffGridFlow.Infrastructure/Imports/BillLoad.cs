using System.Threading.Channels;
using OffGridFlow.Core.Imports;
using OffGridFlow.Infrastructure.CloudUsage;
using OffGridFlow.Infrastructure.Jobs;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Imports;

/// <summary>
/// Loads one bill into batches that nobody sees yet. One thread reads, checks and sums; another copies to the database; blocks of
/// lines go between them, so that memory does not grow with the file.
/// </summary>
internal sealed class BillLoad(Database database, TenantDatabase tenantDatabase, Import import, IBillFormat format, JobContext job)
{
    private const int BlockLength = 8192;
    private const int BlocksUnderway = 4;
    private const int RejectedBlock = 500;

    private readonly List<RejectedRow> _rejected = [];
    private int _rejectedWritten;
    private LoadingBatch? _lastBatch;

    /// <summary>Cost by currency, exactly as the file has it (before the twelve decimals of storage).</summary>
    public Dictionary<string, decimal> Cost { get; } = [];

    public UsageTotals Totals { get; } = new();

    public BatchSet Batches { get; } = new();

    public KindNumbers KindNumbers { get; } = new(tenantDatabase);

    /// <summary>The reader's kinds, complete once the load is.</summary>
    public IReadOnlyList<Core.CloudUsage.UsageKind> Kinds { get; private set; } = [];

    public long RowsRead { get; private set; }

    public long UsageRows { get; private set; }

    public long CostOnlyRows { get; private set; }

    public long Duplicate { get; private set; }

    public long Rejected { get; private set; }

    public long Loaded => UsageRows + CostOnlyRows;

    private sealed record Block(BillLine[] Lines, LoadingBatch[] Batches)
    {
        public int Count { get; set; }
    }

    /// <exception cref="JobFailedException">The file cannot be read to its end.</exception>
    public async Task RunAsync(BillDocument document, CancellationToken cancellationToken)
    {
        await Batches.CreateAsync(tenantDatabase, import, job, cancellationToken);
        await KindNumbers.LearnAsync(Batches.Accounts, cancellationToken);
        var full = Channel.CreateBounded<Block>(BlocksUnderway);
        var empty = Channel.CreateUnbounded<Block>();
        for (var i = 0; i < BlocksUnderway + 2; i++)
        {
            empty.Writer.TryWrite(new Block(new BillLine[BlockLength], new LoadingBatch[BlockLength]));
        }

        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var writing = Task.Run(() => GuardAsync(() => WriteAsync(full.Reader, empty.Writer, failed.Token), failed), CancellationToken.None);
        var reading = Task.Run(() => GuardAsync(() => ReadAsync(document, full.Writer, empty.Reader, failed.Token), failed), CancellationToken.None);
        try
        {
            await Task.WhenAll(reading, writing);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // One side was only stopped because the other failed: that failure is the one to tell.
            await (reading.IsFaulted ? reading : writing);
            throw;
        }
    }

    private static async Task GuardAsync(Func<Task> work, CancellationTokenSource failed)
    {
        try
        {
            await work();
        }
        catch
        {
            await failed.CancelAsync();
            throw;
        }
    }

    private async Task ReadAsync(BillDocument document, ChannelWriter<Block> full, ChannelReader<Block> empty, CancellationToken cancellationToken)
    {
        try
        {
            using var reader = document.Read(format);
            var block = await empty.ReadAsync(cancellationToken);
            block.Count = 0;
            while (true)
            {
                var result = reader.Read(cancellationToken);
                if (result == BillReadResult.Line)
                {
                    Accept(reader, block);
                }
                else if (result == BillReadResult.Rejected)
                {
                    Rejected++;
                    _rejected.Add(reader.Rejection);
                }

                if (_rejected.Count >= RejectedBlock)
                {
                    await FlushRejectedAsync(cancellationToken);
                }

                if (block.Count == BlockLength || result == BillReadResult.End)
                {
                    KindNumbers.CatchUp(reader.Kinds, cancellationToken);
                    job.Report(reader.RowsRead, import.RowsTotal);
                    await full.WriteAsync(block, cancellationToken);
                    if (result == BillReadResult.End)
                    {
                        break;
                    }

                    block = await empty.ReadAsync(cancellationToken);
                    block.Count = 0;
                }
            }

            RowsRead = reader.RowsRead;
            Kinds = reader.Kinds;
            await FlushRejectedAsync(cancellationToken);
            full.Complete();
        }
        catch (UnreadableFileException exception)
        {
            throw new JobFailedException(exception.Message);
        }
    }

    private void Accept(IBillReader reader, Block block)
    {
        var line = reader.Current;
        var kind = reader.Kinds[line.Kind];
        var batch = BatchOf(reader.Entry, kind, line);
        if (line.LineId is { } lineId && batch.KnownLineIds.Contains(lineId))
        {
            Duplicate++;
            _rejected.Add(new RejectedRow(
                line.Line, "identity/LineItemId", null, "A line with this id is already loaded for this account and month, so it was not added again.",
                "Nothing to do if the file overlaps the earlier one. To take this file instead of the earlier one, import it with “Replace”.", "")
            {
                Entry = reader.Entry,
            });
            return;
        }

        AddTo(Cost, kind.Currency, line.Cost);
        AddTo(batch.Cost, kind.Currency, line.Cost);
        line = line with { Amount = line.Amount is { } amount ? ToStored(amount) : null, Cost = ToStored(line.Cost) };
        Totals.Add(batch.Number, line);
        batch.Rows++;
        if (line.Charge == ChargeKind.Usage)
        {
            UsageRows++;
        }
        else
        {
            CostOnlyRows++;
        }

        block.Lines[block.Count] = line;
        block.Batches[block.Count] = batch;
        block.Count++;
    }

    /// <summary>Neighbouring lines mostly belong to one batch: comparing is quicker than looking up by three texts.</summary>
    private LoadingBatch BatchOf(string? entry, Core.CloudUsage.UsageKind kind, in BillLine line)
    {
        if (_lastBatch is not null && _lastBatch.Place.Period.BillingMonth == line.BillingMonth && _lastBatch.Place.Period.Account == kind.Account
            && _lastBatch.Place.Period.Provider == kind.Provider && _lastBatch.Place.Entry == entry)
        {
            return _lastBatch;
        }

        return _lastBatch = Batches.Get(new PartPeriod(entry, new BillPeriod(kind.Provider, kind.Account, line.BillingMonth)));
    }

    private async Task FlushRejectedAsync(CancellationToken cancellationToken)
    {
        if (_rejected.Count == 0)
        {
            return;
        }

        await using var unit = await tenantDatabase.OpenAsync(cancellationToken);
        await job.HoldClaimAsync(unit, cancellationToken);
        await unit.Connection.ExecuteAsync(
            """
            insert into rejected_rows (tenant_id, import_id, number, line, "column", value, reason, fix, raw, entry)
            select current_tenant(), $1, $2 + place, line, nullif(col, ''), value, reason, fix, raw, entry
            from unnest($3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[])
              with ordinality as input (line, col, value, reason, fix, raw, entry, place)
            """,
            cancellationToken, import.Id, _rejectedWritten, _rejected.Select(row => row.Line).ToArray(),
            _rejected.Select(row => Clean(row.Column ?? "")).ToArray(), _rejected.Select(row => row.Value is null ? null : Clean(row.Value)).ToArray(),
            _rejected.Select(row => Clean(row.Reason)).ToArray(), _rejected.Select(row => Clean(row.Fix)).ToArray(), _rejected.Select(row => Clean(row.Raw)).ToArray(),
            _rejected.Select(row => row.Entry).ToArray());
        await unit.CommitAsync(cancellationToken);
        _rejectedWritten += _rejected.Count;
        _rejected.Clear();
    }

    private async Task WriteAsync(ChannelReader<Block> full, ChannelWriter<Block> empty, CancellationToken cancellationToken)
    {
        using var copy = new UsageLineCopy(database, import.TenantId);
        await foreach (var block in full.ReadAllAsync(cancellationToken))
        {
            for (var i = 0; i < block.Count; i++)
            {
                copy.Write(in block.Lines[i], block.Batches[i].Number, KindNumbers[block.Lines[i].Kind]);
            }

            empty.TryWrite(block);
        }

        await using var unit = await tenantDatabase.OpenAsync(cancellationToken);
        await job.HoldClaimAsync(unit, cancellationToken);
        copy.Complete();
    }

    private static void AddTo(Dictionary<string, decimal> sums, string currency, decimal cost) =>
        sums[currency] = sums.GetValueOrDefault(currency) + cost;

    /// <summary>Twelve decimals, half to even (docs/methods/rounding.md).</summary>
    private static decimal ToStored(decimal value) => value.Scale > 12 ? Math.Round(value, 12, MidpointRounding.ToEven) : value;

    /// <summary>PostgreSQL text holds no NUL.</summary>
    private static string Clean(string text) => text.Replace('\0', '\uFFFD');
}
