using System.IO.Pipelines;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Assurance;
using OffGridFlow.Infrastructure.Reports.Excel;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Web.Features.Assurance;

/// <summary>
/// Sends an auditor's papers, after writing down that it does. What fails later than the first byte breaks the connection off, so that no part passes for the
/// whole. Null: there is no such thing.
/// </summary>
internal sealed class AssuranceSender(AssurancePapers papers, AuditSamples samples, CurrentUser user, TimeProvider time, ILogger<AssuranceSender> logger)
{
    public async Task<IResult?> SendPapersAsync(HttpContext context, Guid periodId, CancellationToken cancellationToken)
    {
        user.Require(Permissions.AssuranceRead);
        return await papers.RecordPeriodAsync(periodId, cancellationToken)
            ? await SendAsync(context, FormattableString.Invariant($"assurance-{time.GetUtcNow():yyyy-MM-dd}.zip"), FileDownload.Zip, output => papers.WritePeriodAsync(periodId, output, cancellationToken), cancellationToken)
            : null;
    }

    public async Task<IResult?> SendPackAsync(HttpContext context, Guid sampleId, CancellationToken cancellationToken)
    {
        user.Require(Permissions.AssuranceRead);
        return await papers.RecordSampleAsync(sampleId, "zip", cancellationToken) is { } number
            ? await SendAsync(context, FormattableString.Invariant($"sample-{number}.zip"), FileDownload.Zip, output => papers.WriteSampleAsync(sampleId, output, cancellationToken), cancellationToken)
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

    private Task<IResult> SendAsync(HttpContext context, string fileName, string mediaType, Func<PipeWriter, Task> write, CancellationToken cancellationToken) =>
        FileDownload.SendAsync(context, fileName, mediaType, "an auditor’s papers", write, logger, cancellationToken);
}
