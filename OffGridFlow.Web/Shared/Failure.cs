using System.Diagnostics;
using System.Globalization;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Persistence;

namespace OffGridFlow.Web.Shared;

/// <summary>What kind of thing went wrong: decides which words a person reads.</summary>
public enum FailureKind
{
    /// <summary>A fault of the program.</summary>
    Unforeseen,

    /// <summary>The database does not answer.</summary>
    Unavailable,
    SignedOut,
    Forbidden,
    NotFound,
}

/// <summary>What a person is shown of something that went wrong: nothing of the exception, only what finds it in the log.</summary>
/// <param name="Reference">E.g. <c>OGF-7K3M-92QD</c>.</param>
/// <param name="Asked">What was asked, in words.</param>
public sealed record Failure(string Reference, DateTimeOffset At, string Asked, FailureKind Kind = FailureKind.Unforeseen);

/// <summary>Gives failures their reference and writes it to the log: with the exception, or as a plain line where nothing is at fault.</summary>
public sealed partial class Failures(TimeProvider time, ILogger<Failures> logger)
{
    /// <summary>Without 0, 1, I, L, O and U: references are read out on the telephone.</summary>
    private const string Letters = "23456789ABCDEFGHJKMNPQRSTVWXYZ";

    private const int LongestAsked = 500;

    /// <summary>A circuit lives on one request: what fails in it gets a trace of its own, so that two failures are two references.</summary>
    public Failure Report(Exception exception, string asked) => Report(exception, asked, ActivityTraceId.CreateRandom());

    /// <param name="trace">The trace of the request that failed.</param>
    public Failure Report(Exception exception, string asked, ActivityTraceId trace)
    {
        asked = OneLine(asked);
        var failure = new Failure(ReferenceOf(trace), time.GetUtcNow(), asked, KindOf(exception));
        if (failure.Kind is FailureKind.SignedOut or FailureKind.Forbidden)
        {
            Log.Refused(logger, failure.Reference, asked, failure.Kind, trace.ToHexString());
        }
        else
        {
            Log.Failed(logger, failure.Reference, asked, trace.ToHexString(), exception);
        }

        return failure;
    }

    /// <summary>For what is refused or not there: no fault, but a person may ask about it.</summary>
    public Failure Note(FailureKind kind, string asked)
    {
        asked = OneLine(asked);
        var trace = ActivityTraceId.CreateRandom();
        Log.Refused(logger, ReferenceOf(trace), asked, kind, trace.ToHexString());
        return new Failure(ReferenceOf(trace), time.GetUtcNow(), asked, kind);
    }

    /// <summary>The short form of a trace id: eight letters of it that can be read aloud. The log has both.</summary>
    public static string ReferenceOf(ActivityTraceId trace)
    {
        var rest = ulong.Parse(trace.ToHexString().AsSpan(0, 16), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return string.Create(13, rest, static (text, value) =>
        {
            "OGF-....-....".CopyTo(text);
            for (var i = text.Length - 1; i > 3; i--)
            {
                if (text[i] == '-') continue;
                text[i] = Letters[(int)(value % (ulong)Letters.Length)];
                value /= (ulong)Letters.Length;
            }
        });
    }

    /// <summary>The trace of the present request, or a new one.</summary>
    public static ActivityTraceId CurrentTrace => Activity.Current?.TraceId is { } trace && trace != default ? trace : ActivityTraceId.CreateRandom();

    /// <summary>Addresses are written by others: none of them may begin a line of the log, or fill it.</summary>
    private static string OneLine(string asked) => new([.. asked.Select(c => char.IsControl(c) ? ' ' : c).Take(LongestAsked)]);

    private static FailureKind KindOf(Exception exception) => exception switch
    {
        NotSignedInException => FailureKind.SignedOut,
        ForbiddenException => FailureKind.Forbidden,
        _ when DatabaseOutage.Is(exception) => FailureKind.Unavailable,
        _ => FailureKind.Unforeseen,
    };

    private static partial class Log
    {
        [LoggerMessage(9001, LogLevel.Error, "{Reference}: {Asked} could not be shown (trace {TraceId})")]
        public static partial void Failed(ILogger logger, string reference, string asked, string traceId, Exception exception);

        [LoggerMessage(9002, LogLevel.Information, "{Reference}: {Asked} was not shown, {Kind} (trace {TraceId})")]
        public static partial void Refused(ILogger logger, string reference, string asked, FailureKind kind, string traceId);
    }
}
