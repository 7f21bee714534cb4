using System.IO.Pipelines;
using Microsoft.Net.Http.Headers;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Assurance;
using OffGridFlow.Infrastructure.Reports.Excel;

namespace OffGridFlow.Web.Features.Assurance;

/// <summary>
/// Sends an auditor's papers, after writing down that it does. What fails later than the first byte breaks the connection off, so that no part passes for the
/// whole. Null: there is no such thing.
/// </summary>
internal sealed partial class AssuranceSender(AssurancePapers papers, AuditSamples samples, CurrentUser user, TimeProvider time, ILogger<AssuranceSender> logger)
{
    public const string Zip = "application/zip";

    public async Task<IResult?> SendPapersAsync(HttpContext context, Guid periodId, CancellationToken cancellationToken)
    {
        user.Require(Permissions.AssuranceRead);
        return await papers.RecordPeriodAsync(periodId, cancellationToken)
            ? await SendAsync(context, FormattableString.Invariant($"assurance-{time.GetUtcNow():yyyy-MM-dd}.zip"), Zip, output => papers.WritePeriodAsync(periodId, output, cancellationToken), cancellationToken)
            : null;
    }

    public async Task<IResult?> SendPackAsync(HttpContext context, Guid sampleId, CancellationToken cancellationToken)
    {
        user.Require(Permissions.AssuranceRead);
        return await papers.RecordSampleAsync(sampleId, "zip", cancellationToken) is { } number
            ? await SendAsync(context, FormattableString.Invariant($"sample-{number}.zip"), Zip, output => papers.WriteSampleAsync(sampleId, output, cancellationToken), cancellationToken)
            : null;
    }

    public async Task<IResult?> SendWorkbookAsync(HttpContext context, Guid sampleId, CancellationToken cancellationToken)
    {
        user.Require(Permissions.AssuranceRead);
        if (await samples.FindAsync(sampleId, cancellationToken) is not { } detail || await papers.RecordSampleAsync(sampleId, "xlsx", cancellationToken) is not { } number)
        {
            return null;
        }

        var workbook = SampleWorkbook.Of(detail, user.Actor.DisplayName, time.GetUtcNow());
        return await SendAsync(
            context, FormattableString.Invariant($"sample-{number}.xlsx"), ExcelWriter.MediaType, output => ExcelWriter.WriteAsync(workbook, output, cancellationToken), cancellationToken);
    }

    private async Task<IResult> SendAsync(HttpContext context, string fileName, string mediaType, Func<PipeWriter, Task> write, CancellationToken cancellationToken)
    {
        context.Response.ContentType = mediaType;
        context.Response.Headers.ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileName = fileName }.ToString();
        context.Response.Headers.CacheControl = "private, no-store";
        await context.Response.StartAsync(cancellationToken);
        try
        {
            await write(context.Response.BodyWriter);
        }
        catch (Exception exception)
        {
            context.Abort();
            if (exception is not OperationCanceledException && !context.RequestAborted.IsCancellationRequested)
            {
                Log.Broken(logger, exception);
            }
        }

        return Results.Empty;
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 4372, Level = LogLevel.Error, Message = "The papers of an auditor broke off while they were sent; the connection was ended so that their part does not pass for the whole")]
        public static partial void Broken(ILogger logger, Exception exception);
    }
}
