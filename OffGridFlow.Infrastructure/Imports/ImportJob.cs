using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using OffGridFlow.Core.CloudUsage;
using OffGridFlow.Core.Imports;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Core.Jobs;
using OffGridFlow.Infrastructure.CloudUsage;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Infrastructure.Jobs;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Imports;

/// <summary>Loads a stored document and publishes it: all of it in one transaction, or nothing.</summary>
internal sealed partial class ImportJob(
    Database database, TenantDatabase tenantDatabase, DocumentStore documents, IEnumerable<IBillFormat> formats, BillFileLimits limits,
    ICloudEstimator estimator, TimeProvider time, ILogger<ImportJob> logger) : IJobHandler
{
    public const string JobKind = "import";

    public string Kind => JobKind;

    public async Task RunAsync(JobContext job, CancellationToken cancellationToken)
    {
        var (import, sha256) = await PrepareAsync(job, cancellationToken);
        var format = formats.Single(format => format.Kind == import.Kind);
        var started = time.GetTimestamp();
        var load = new BillLoad(database, tenantDatabase, import, format, job);
        await using (var content = documents.OpenRead(import.TenantId, sha256))
        using (var document = BillDocument.Open(content, limits))
        {
            await load.RunAsync(document, cancellationToken);
        }

        job.Report(load.RowsRead, import.RowsTotal);
        var loaded = time.GetTimestamp();
        await SummarizeAsync(job, load, cancellationToken);
        await PublishAsync(job, import, load, cancellationToken);
        Log.Published(
            logger, import.Id, load.RowsRead, load.Rejected, load.Totals.All.Count, time.GetElapsedTime(started, loaded).TotalSeconds,
            time.GetElapsedTime(loaded).TotalSeconds);
    }

    public async Task EndAsync(JobContext job, TenantUnit unit, JobState outcome, string? error, CancellationToken cancellationToken)
    {
        await unit.Connection.ExecuteAsync("select discard_loading_batches($1)", cancellationToken, job.SubjectId);
        await unit.Context.Imports.Where(import => import.Id == job.SubjectId).ExecuteUpdateAsync(
            set => set.SetProperty(import => import.Status, outcome == JobState.Cancelled ? ImportStatus.Cancelled : ImportStatus.Failed)
                .SetProperty(import => import.Error, error)
                .SetProperty(import => import.FinishedAt, time.GetUtcNow()),
            cancellationToken);
        if (outcome == JobState.Failed)
        {
            var import = await unit.Context.Imports.SingleAsync(import => import.Id == job.SubjectId, cancellationToken);
            unit.Audit("import.failed", $"import/{import.Id}", new { import.FileName, error, @for = import.CreatedBy });
        }
    }

    public async Task<string?> ReopenAsync(JobContext job, TenantUnit unit, CancellationToken cancellationToken)
    {
        // Uploads and publications of the tenant wait meanwhile: what is found here still holds when the job is queued.
        await unit.Connection.ExecuteAsync("select from ledger_sequences where tenant_id = current_tenant() for update", cancellationToken);
        if (await ReopenImport.FindObstacleAsync(unit, documents, job, cancellationToken) is { } obstacle)
        {
            return obstacle;
        }

        await unit.Context.Imports.Where(import => import.Id == job.SubjectId).ExecuteUpdateAsync(
            set => set.SetProperty(import => import.Status, ImportStatus.Queued)
                .SetProperty(import => import.Error, (string?)null)
                .SetProperty(import => import.FinishedAt, (DateTimeOffset?)null),
            cancellationToken);
        return null;
    }

    private async Task<(Import Import, string Sha256)> PrepareAsync(JobContext job, CancellationToken cancellationToken)
    {
        await using var unit = await tenantDatabase.OpenAsync(cancellationToken);
        await job.HoldClaimAsync(unit, cancellationToken);
        var found = await unit.Context.Imports
            .Join(unit.Context.SourceDocuments, import => import.DocumentId, document => document.Id, (import, document) => new { import, document.Sha256 })
            .SingleAsync(row => row.import.Id == job.SubjectId, cancellationToken);
        await unit.Connection.ExecuteAsync("select discard_loading_batches($1)", cancellationToken, job.SubjectId);
        await unit.Context.Imports.Where(import => import.Id == job.SubjectId)
            .ExecuteUpdateAsync(set => set.SetProperty(import => import.Status, ImportStatus.Running), cancellationToken);
        var frozen = await FrozenMonths.ReadAsync(unit, cancellationToken);
        await unit.CommitAsync(cancellationToken);
        // Told before the work is done; a line of another month than its bill's is found when it is published.
        var months = (JsonSerializer.Deserialize<List<PartPeriod>>(found.import.Periods) ?? []).Select(place => place.Period.BillingMonth);
        if (months.Select(month => frozen.Refusal(month, month)).FirstOrDefault(refusal => refusal is not null) is { } locked)
        {
            throw new JobFailedException(NotLoaded(locked));
        }

        return (found.import, found.Sha256);
    }

    /// <summary>
    /// Writes the summaries beside the lines, as invisible as they are. Apart from publishing, so that neither the tenant's ledger nor,
    /// through the statistics' locks, other tenants' wait for it.
    /// </summary>
    private async Task SummarizeAsync(JobContext job, BillLoad load, CancellationToken cancellationToken)
    {
        await using (var unit = await tenantDatabase.OpenAsync(cancellationToken))
        {
            await job.HoldClaimAsync(unit, cancellationToken);
            await new UsageSummaryWriter(estimator).WriteAsync(unit, load, cancellationToken);
            await unit.CommitAsync(cancellationToken);
        }

        await using var connection = await database.App.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync("select analyze_ledger()", cancellationToken);
    }

    private async Task PublishAsync(JobContext job, Import import, BillLoad load, CancellationToken cancellationToken)
    {
        await using var unit = await tenantDatabase.OpenAsync(cancellationToken);
        var sequence = await CloudLedger.NextSequenceAsync(unit, cancellationToken);
        var superseded = await SupersedeAsync(unit, import, load, cancellationToken);
        await unit.Connection.ExecuteAsync(
            """
            update import_batches b set state = 'Current', rows = loaded.rows, cost = loaded.cost::jsonb
            from unnest($1::bigint[], $2::bigint[], $3::text[]) as loaded (number, rows, cost) where b.number = loaded.number
            """,
            cancellationToken, load.Batches.Filled.Select(batch => batch.Number).ToArray(), load.Batches.Filled.Select(batch => batch.Rows).ToArray(),
            load.Batches.Filled.Select(batch => ToJson(batch.Cost)).ToArray());

        var affected = await CloudLedger.AffectedAsync(unit, load.Batches.Filled.Select(batch => batch.Number).Concat(superseded).ToArray(), cancellationToken);
        try
        {
            await CloudLedger.RecomputeAsync(unit, affected, sequence, cancellationToken);
        }
        catch (PeriodLockedException locked)
        {
            throw new JobFailedException(NotLoaded(locked.Message));
        }

        await unit.Context.Imports.Where(row => row.Id == import.Id).ExecuteUpdateAsync(
            set => set
                .SetProperty(row => row.Status, load.Rejected > 0 ? ImportStatus.CompletedWithErrors : ImportStatus.Succeeded)
                .SetProperty(row => row.RowsRead, load.RowsRead)
                .SetProperty(row => row.Loaded, load.Loaded)
                .SetProperty(row => row.Duplicate, load.Duplicate)
                .SetProperty(row => row.Rejected, load.Rejected)
                .SetProperty(row => row.UsageRows, load.UsageRows)
                .SetProperty(row => row.CostOnlyRows, load.CostOnlyRows)
                .SetProperty(row => row.Cost, ToJson(load.Cost))
                .SetProperty(row => row.FinishedAt, time.GetUtcNow()),
            cancellationToken);
        // A month whose rows were all rejected has an empty batch: it goes, and replaces nothing.
        await unit.Connection.ExecuteAsync("select discard_loading_batches($1)", cancellationToken, import.Id);
        unit.Audit("import.published", $"import/{import.Id}", new
        {
            rowsRead = load.RowsRead, loaded = load.Loaded, duplicate = load.Duplicate, rejected = load.Rejected, cost = load.Cost, superseded, sequence,
            @for = import.CreatedBy,
        }, new { counting = superseded }, new { counting = load.Batches.Filled.Select(batch => batch.Number) });
        job.Result = new Dictionary<string, long>
        {
            ["read"] = load.RowsRead, ["loaded"] = load.Loaded, ["duplicate"] = load.Duplicate, ["rejected"] = load.Rejected,
        };
        job.WithErrors = load.Rejected > 0;
        await job.CompleteAsync(unit, JobState.Succeeded, null, cancellationToken);
        await unit.CommitAsync(cancellationToken);
    }

    /// <summary>Takes the place of what is there for the same accounts and months, where the caller said so. Returns the batch numbers.</summary>
    /// <exception cref="JobOutdatedException">Lines were held against batches that are no longer the current ones.</exception>
    private static async Task<long[]> SupersedeAsync(TenantUnit unit, Import import, BillLoad load, CancellationToken cancellationToken)
    {
        if (import.Mode == ImportMode.Append)
        {
            var current = await CurrentBatches.FindAsync(unit, load.Batches.Periods, cancellationToken);
            return load.Batches.AppendedTo.SetEquals(current.Select(batch => batch.Number)) ? [] : throw new JobOutdatedException();
        }

        var periods = load.Batches.Filled.Select(batch => batch.Place.Period).Distinct().ToList();
        var present = await CurrentBatches.FindAsync(unit, periods, cancellationToken);
        if (present.Count == 0)
        {
            return [];
        }

        if (import.Mode == ImportMode.None)
        {
            var first = present[0].Period;
            throw new JobFailedException(string.Create(CultureInfo.InvariantCulture,
                $"Another file was imported for account {first.Account}, {first.BillingMonth:MMMM yyyy}, while this one was loading. Nothing of this file was loaded. Import it again and choose whether it replaces the other or is added to it."));
        }

        var numbers = present.Select(batch => batch.Number).ToArray();
        await unit.Connection.ExecuteAsync(
            "update import_batches set state = 'Superseded', superseded_by_import_id = $2 where number = any($1)", cancellationToken, numbers, import.Id);
        return numbers;
    }

    private static string NotLoaded(string locked) => locked + " Nothing of this file was loaded; the file is kept, and the job can be retried once the period is open.";

    private static string ToJson(Dictionary<string, decimal> cost) => JsonSerializer.Serialize(cost);

    private static partial class Log
    {
        [LoggerMessage(
            EventId = 3001, Level = LogLevel.Information,
            Message = "Import {ImportId} published: {Rows} rows, {Rejected} rejected, {Summaries} summaries; loaded in {LoadSeconds:0.00} s, published in {PublishSeconds:0.00} s")]
        public static partial void Published(ILogger logger, Guid importId, long rows, long rejected, int summaries, double loadSeconds, double publishSeconds);
    }
}
