using Microsoft.AspNetCore.Diagnostics;
using Npgsql;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Web.Startup;

/// <summary>The one table from what went wrong to what the caller is told. Unforeseen faults show a reference, never their text.</summary>
internal sealed partial class Problems(IProblemDetailsService problemDetails) : IExceptionHandler
{
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
            NotSignedInException => (401, "Sign in first", exception.Message),
            ForbiddenException => (403, "Not allowed", exception.Message),
            InvalidCursorException => (422, "Unknown cursor", exception.Message),
            BadHttpRequestException bad => (bad.StatusCode, "The request cannot be read", ReasonOf(bad)),
            PostgresException { SqlState: PostgresErrorCodes.CharacterNotInRepertoire } => (422, "A character that cannot be stored", "A text of the request holds the character NUL. Nothing was changed. Take it out and send it again."),
            IOException when IsDiskFull(exception) => (503, "The disk is full", "The server has no room left for this file. Nothing was stored. Ask the operator to make room, then send it again."),
            NpgsqlException { IsTransient: true } or { InnerException: NpgsqlException { IsTransient: true } } => (503, "The database does not answer", "Nothing was changed. Try again in a moment."),
            OperationCanceledException when httpContext.RequestAborted.IsCancellationRequested => (499, "Cancelled", "The caller went away."),
            _ => (500, "Something went wrong that the program did not foresee", "Nothing was changed. Try again; if it happens again, give the reference to your administrator."),
        };
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
        else
        {
            Log.Refused(logger, Failures.ReferenceOf(trace), status, context.ProblemDetails.Title, path, trace.ToHexString());
        }
    }

    private static string ReasonOf(BadHttpRequestException exception) => exception.InnerException is System.Text.Json.JsonException json
        ? $"The JSON cannot be read at {json.Path ?? "$"}: check names and types against /openapi/v1.json."
        : exception.Message;

    /// <summary>ENOSPC on Unix, ERROR_DISK_FULL on Windows.</summary>
    private static bool IsDiskFull(Exception exception) => exception.HResult is 28 or unchecked((int)0x80070070);

    private static partial class Log
    {
        [LoggerMessage(EventId = 4001, Level = LogLevel.Error, Message = "{Reference}: fault while answering {Path} (trace {TraceId})")]
        public static partial void Unforeseen(ILogger logger, string reference, string path, string traceId, Exception exception);

        [LoggerMessage(EventId = 4002, Level = LogLevel.Information, Message = "{Reference}: {Status} {Title} for {Path} (trace {TraceId})")]
        public static partial void Refused(ILogger logger, string reference, int status, string? title, string path, string traceId);
    }
}
