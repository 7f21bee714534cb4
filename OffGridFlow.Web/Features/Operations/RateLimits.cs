using System.Threading.RateLimiting;

namespace OffGridFlow.Web.Features.Operations;

/// <summary>Requests per minute, which is also how many may come at once; 0 is no limit.</summary>
/// <param name="PerCaller">Of one session or one key.</param>
/// <param name="PerTenant">Of all sessions and keys of one organization together.</param>
/// <param name="PerAddress">From one network address without a valid sign-in: tries to sign in, refreshes, keys and tokens that were not valid lately.</param>
public sealed record RateSettings(int PerCaller, int PerTenant, int PerAddress);

/// <param name="Whom">Whose share is used up, as the subject of a sentence.</param>
/// <param name="Wait">After this time the next request is let in, provided that nobody else takes it.</param>
internal sealed record RateRefusal(string Whom, int PerMinute, TimeSpan Wait)
{
    public long WaitSeconds => Math.Max(1, (long)Math.Ceiling(Wait.TotalSeconds));

    public string Words => FormattableString.Invariant(
        $"{Whom} may send {PerMinute:N0} requests a minute. Nothing was done. Wait {WaitSeconds} {(WaitSeconds == 1 ? "second" : "seconds")}, then send it again.");
}

/// <summary>What is left to a caller.</summary>
/// <param name="Reset">Until all of it is there again.</param>
internal sealed record RateShare(int PerMinute, long Left, TimeSpan Reset);

/// <summary>
/// Token buckets: each caller, each organization and each address has one, which fills evenly. A bucket that has been full for ten
/// seconds is dropped by the framework, so memory holds only who asked lately. Counts are those of this process.
/// </summary>
internal sealed class RateLimits(RateSettings settings) : IDisposable
{
    /// <summary>The framework fills the buckets ten times a second: what it promises may be late by that, and by a busy machine.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromMilliseconds(500);

    private readonly PartitionedRateLimiter<Guid>? _callers = Create<Guid>(settings.PerCaller);
    private readonly PartitionedRateLimiter<Guid>? _tenants = Create<Guid>(settings.PerTenant);
    private readonly PartitionedRateLimiter<string>? _addresses = Create<string>(settings.PerAddress);

    /// <summary>
    /// Counts a request of a signed-in caller. The caller's own bucket comes first: what it refuses takes nothing of the organization's.
    /// </summary>
    public RateRefusal? Take(Guid caller, Guid tenant) =>
        Take(_callers, caller, "This session or key", settings.PerCaller) ?? Take(_tenants, tenant, "All callers of your organization together", settings.PerTenant);

    /// <summary>Counts a request of nobody who is known.</summary>
    public RateRefusal? Take(string address) => Take(_addresses, address, "Your network address, without a valid sign-in,", settings.PerAddress);

    /// <summary>Null without a limit.</summary>
    public RateShare? ShareOf(Guid caller) => _callers?.GetStatistics(caller) is { } left
        ? new RateShare(settings.PerCaller, left.CurrentAvailablePermits, TimeSpan.FromMinutes(1) * (settings.PerCaller - left.CurrentAvailablePermits) / settings.PerCaller)
        : null;

    public void Dispose()
    {
        _callers?.Dispose();
        _tenants?.Dispose();
        _addresses?.Dispose();
    }

    private static RateRefusal? Take<T>(PartitionedRateLimiter<T>? limiter, T whose, string whom, int perMinute)
    {
        if (limiter is null)
        {
            return null;
        }

        using var lease = limiter.AttemptAcquire(whose);
        return lease.IsAcquired ? null
            : new RateRefusal(whom, perMinute, (lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : TimeSpan.FromMinutes(1) / perMinute) + Late);
    }

    private static PartitionedRateLimiter<T>? Create<T>(int perMinute)
        where T : notnull => perMinute == 0 ? null : PartitionedRateLimiter.Create<T, T>(whose => RateLimitPartition.GetTokenBucketLimiter(
        whose,
        _ => new TokenBucketRateLimiterOptions
        {
            // One at a time, so that the wait that a refusal names is the time of one and not of a whole minute.
            TokenLimit = perMinute, TokensPerPeriod = 1, ReplenishmentPeriod = TimeSpan.FromMinutes(1) / perMinute, QueueLimit = 0,
        }));
}
