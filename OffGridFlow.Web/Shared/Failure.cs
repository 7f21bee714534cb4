using System.Security.Cryptography;
using OffGridFlow.Infrastructure.Persistence;

namespace OffGridFlow.Web.Shared;

/// <summary>What a person is shown of something that went wrong: nothing of the exception, only what finds it in the log.</summary>
/// <param name="Reference">E.g. <c>OGF-7K3M-92QD</c>.</param>
/// <param name="Asked">What was asked, in words.</param>
/// <param name="DatabaseAway">The database did not answer, which passes.</param>
public sealed record Failure(string Reference, DateTimeOffset At, string Asked, bool DatabaseAway = false);

/// <summary>Gives failures their reference and writes it to the log beside the exception.</summary>
public sealed partial class Failures(TimeProvider time, ILogger<Failures> logger)
{
    /// <summary>Without 0, 1, I, L, O and U: references are read out on the telephone.</summary>
    private const string Letters = "23456789ABCDEFGHJKMNPQRSTVWXYZ";

    public Failure Report(Exception exception, string asked)
    {
        var reference = $"OGF-{RandomNumberGenerator.GetString(Letters, 4)}-{RandomNumberGenerator.GetString(Letters, 4)}";
        Log.Failed(logger, reference, asked, exception);
        return new Failure(reference, time.GetUtcNow(), asked, DatabaseOutage.Is(exception));
    }

    private static partial class Log
    {
        [LoggerMessage(9001, LogLevel.Error, "{Reference}: {Asked} could not be shown")]
        public static partial void Failed(ILogger logger, string reference, string asked, Exception exception);
    }
}
