using Microsoft.AspNetCore.Diagnostics;
using Npgsql;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Web.Features.Identity;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Web.Startup;

/// <summary>The one table from what went wrong to what the caller is told. Unforeseen faults show a reference, never their text.</summary>
internal sealed partial class Problems(IProblemDetailsService problemDetails) : IExceptionHandler
{
    /// <summary>Seconds. Long enough for the embedded server to recover, short enough for somebody who waits.</summary>
    internal const string RetryAfter = "5";

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        // The request's own path is that of the error page by now.
        var path = new PathString(httpContext.Features.Get<IExceptionHandlerPathFeature>()?.Path ?? httpContext.Request.Path);
        if (!path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase) && !path.StartsWithSegments("/app", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var (status, title, detail) = exception switch
        {
            NotSignedInException when httpContext.User.ToApiKeyId() is not null => (401, "The key is refused", "It was revoked or expired while the request was on its way. Nothing was changed."),
            NotSignedInException => (401, "Sign in first", "Your session has ended. Nothing was changed. Sign in and try again."),
            ForbiddenException => (403, "Not allowed", exception.Message),
            InvalidCursorException => (422, "Unknown cursor", exception.Message),
            PeriodLockedException => (409, "The period is locked", exception.Message),
            _ when PeriodLocked.SentenceOf(exception) is { } sentence => (409, "The period is locked", sentence + " Nothing was changed."),
            BadHttpRequestException bad => (bad.StatusCode, "The request cannot be read", ReasonOf(bad)),
            PostgresException { SqlState: PostgresErrorCodes.CharacterNotInRepertoire } => (422, "A character that cannot be stored", "A text of the request holds the character NUL. Nothing was changed. Take it out and send it again."),
            _ when IsDiskFull(exception) => (507, "The disk is full", "The server has no room left for this. Nothing was stored. Ask the operator to make room on the volume of OffGridFlow’s data, then send it again."),
            _ when DatabaseOutage.IsDiskFull(exception) => (507, "The disk is full", "The volume of the database has no room left. Nothing was changed. Ask the operator to make room there, then try again."),
            _ when DatabaseOutage.Is(exception) => (503, "The database does not answer", "It may be restarting. Try again in a moment. Whether a change that was under way was made shows when it answers again; to send the same file again never loads it twice."),
            // The connection broke, which the reader of the body may notice before the server does.
            OperationCanceledException or IOException when httpContext.RequestAborted.IsCancellationRequested => (499, "Cancelled", "The caller went away."),
            _ => (500, "Something went wrong that the program did not foresee", "Nothing was changed. Try again; if it happens again, give the reference to your administrator."),
        };
        if (status == 503)
        {
            httpContext.Response.Headers.RetryAfter = RetryAfter;
        }

        httpContext.Response.StatusCode = status;
        return await problemDetails.TryWriteAsync(new ProblemDetailsContext
        {
            HttpContext = httpContext,
            Exception = exception,
            ProblemDetails = { Status = status, Title = title, Detail = detail },
        });
    }

    /// <summary>
    /// Gives a problem the trace of its request and the short form that people read out. Each stands in the log: here, or with the
    /// exception of an unforeseen fault.
    /// </summary>
    public static void Sign(ProblemDetailsContext context)
    {
        var trace = Failures.CurrentTrace;
        context.ProblemDetails.Extensions["traceId"] = trace.ToHexString();
        context.ProblemDetails.Extensions["reference"] = Failures.ReferenceOf(trace);
        var logger = context.HttpContext.RequestServices.GetRequiredService<ILogger<Problems>>();
        // Escaped, so that an address cannot begin a line of the log.
        var path = new PathString(context.HttpContext.Features.Get<IExceptionHandlerPathFeature>()?.Path ?? context.HttpContext.Request.Path).ToUriComponent();
        var status = context.ProblemDetails.Status ?? context.HttpContext.Response.StatusCode;
        if (context.Exception is { } exception && status >= StatusCodes.Status500InternalServerError)
        {
            Log.Unforeseen(logger, Failures.ReferenceOf(trace), path, trace.ToHexString(), exception);
        }
        else if (status == StatusCodes.Status429TooManyRequests)
        {
            // Many at once, by their nature: a line for each would fill the disk. How many there were stands in one line.
            Log.Limited(logger, Failures.ReferenceOf(trace), path, trace.ToHexString());
        }
        else
        {
            Log.Refused(logger, Failures.ReferenceOf(trace), status, context.ProblemDetails.Title, path, trace.ToHexString());
        }
    }

    private static string ReasonOf(BadHttpRequestException exception) => exception.InnerException is System.Text.Json.JsonException json
        ? $"The JSON cannot be read at {json.Path ?? "$"}: check names and types against /openapi/v1.json."
        : exception.Message;

    /// <summary>On Unix ENOSPC, EDQUOT (the account's share is used up) and EFBIG (its files may not grow further); ERROR_DISK_FULL on Windows.</summary>
    private static bool IsDiskFull(Exception exception) => exception is IOException && exception.HResult is 28 or 122 or 27 or unchecked((int)0x80070070);

    private static partial class Log
    {
        [LoggerMessage(EventId = 4001, Level = LogLevel.Error, Message = "{Reference}: fault while answering {Path} (trace {TraceId})")]
        public static partial void Unforeseen(ILogger logger, string reference, string path, string traceId, Exception exception);

        [LoggerMessage(EventId = 4003, Level = LogLevel.Debug, Message = "{Reference}: too many requests for {Path} (trace {TraceId})")]
        public static partial void Limited(ILogger logger, string reference, string path, string traceId);

        [LoggerMessage(EventId = 4002, Level = LogLevel.Information, Message = "{Reference}: {Status} {Title} for {Path} (trace {TraceId})")]
        public static partial void Refused(ILogger logger, string reference, int status, string? title, string path, string traceId);
    }
}
