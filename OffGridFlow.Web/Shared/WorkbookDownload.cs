using Microsoft.Net.Http.Headers;
using OffGridFlow.Core.Reports;
using OffGridFlow.Infrastructure.Reports.Excel;

namespace OffGridFlow.Web.Shared;

/// <summary>Streams a workbook as the answer to a request.</summary>
internal static partial class WorkbookDownload
{
    /// <summary>What fails before the first byte is the caller's to answer; what fails later breaks the connection off, so that no part passes for the whole.</summary>
    /// <param name="subject">What it is of, for the log, e.g. <c>emissions</c>.</param>
    public static async Task<IResult> SendAsync(
        HttpContext context, Workbook workbook, string fileName, string subject, ILogger logger, CancellationToken cancellationToken)
    {
        context.Response.ContentType = ExcelWriter.MediaType;
        context.Response.Headers.ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileName = fileName }.ToString();
        context.Response.Headers.CacheControl = "private, no-store";
        await context.Response.StartAsync(cancellationToken);
        try
        {
            await ExcelWriter.WriteAsync(workbook, context.Response.BodyWriter, cancellationToken);
        }
        catch (Exception exception)
        {
            context.Abort();
            if (exception is not OperationCanceledException && !context.RequestAborted.IsCancellationRequested)
            {
                Log.Broken(logger, subject, exception);
            }
        }

        return Results.Empty;
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 4351, Level = LogLevel.Error, Message = "An Excel export of {Subject} broke off; the connection was ended so that its part does not pass for the whole")]
        public static partial void Broken(ILogger logger, string subject, Exception exception);
    }
}
