using System.IO.Pipelines;
using Microsoft.Net.Http.Headers;
using OffGridFlow.Core.Reports;
using OffGridFlow.Infrastructure.Reports.Excel;

namespace OffGridFlow.Web.Shared;

/// <summary>Streams a file as the answer to a request.</summary>
internal static partial class FileDownload
{
    public const string Zip = "application/zip";

    /// <summary>What fails before the first byte is the caller's to answer; what fails later breaks the connection off, so that no part passes for the whole.</summary>
    /// <param name="subject">What it is of, for the log, e.g. <c>the audit log</c>.</param>
    public static async Task<IResult> SendAsync(
        HttpContext context, string fileName, string mediaType, string subject, Func<PipeWriter, Task> write, ILogger logger, CancellationToken cancellationToken)
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
                Log.Broken(logger, subject, exception);
            }
        }

        return Results.Empty;
    }

    /// <inheritdoc cref="SendAsync(HttpContext, string, string, string, Func{PipeWriter, Task}, ILogger, CancellationToken)"/>
    public static Task<IResult> SendAsync(HttpContext context, Workbook workbook, string fileName, string subject, ILogger logger, CancellationToken cancellationToken) =>
        SendAsync(context, fileName, ExcelWriter.MediaType, subject, output => ExcelWriter.WriteAsync(workbook, output, cancellationToken), logger, cancellationToken);

    private static partial class Log
    {
        [LoggerMessage(EventId = 4351, Level = LogLevel.Error, Message = "An export of {Subject} broke off; the connection was ended so that its part does not pass for the whole")]
        public static partial void Broken(ILogger logger, string subject, Exception exception);
    }
}
