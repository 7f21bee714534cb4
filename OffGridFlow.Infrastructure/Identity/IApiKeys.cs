using OffGridFlow.Core.Identity;

namespace OffGridFlow.Infrastructure.Identity;

public enum ApiKeyState
{
    InUse,

    /// <summary>In use, and at its end within <see cref="ApiKey.SoonDays"/> days.</summary>
    ExpiresSoon,
    Expired,
    Revoked,
}

/// <summary>A key as a list shows it. Nothing of its secret.</summary>
public sealed record ApiKeyRow(
    Guid Id, string Name, string Prefix, IReadOnlyList<string> Scopes, DateTimeOffset CreatedAt, string CreatedBy, DateTimeOffset ExpiresAt,
    DateTimeOffset? LastUsedAt, string? LastUsedFrom, DateTimeOffset? RevokedAt, string? RevokedBy)
{
    public ApiKeyState StateAt(DateTimeOffset now) =>
        RevokedAt is not null ? ApiKeyState.Revoked
        : ExpiresAt <= now ? ApiKeyState.Expired
        : ExpiresAt <= now.AddDays(ApiKey.SoonDays) ? ApiKeyState.ExpiresSoon
        : ApiKeyState.InUse;
}

/// <param name="LastDay">The key works until this day has ended in UTC.</param>
public sealed record NewApiKey(string Name, IReadOnlyList<string> Scopes, DateOnly LastDay);

/// <param name="Field">As the API calls it: <c>name</c>, <c>scopes</c> or <c>expiresOn</c>.</param>
public sealed record ApiKeyFault(string Field, string Message);

public abstract record ApiKeyOutcome
{
    /// <param name="Key">The whole key. This is the only moment at which it is known.</param>
    public sealed record Created(ApiKeyRow Row, string Key) : ApiKeyOutcome;

    /// <summary>Nothing was made.</summary>
    public sealed record Refused(IReadOnlyList<ApiKeyFault> Faults) : ApiKeyOutcome;
}

/// <summary>The keys of the signed-in administrator's organization. Persons only: a key makes and ends no keys.</summary>
public interface IApiKeys
{
    /// <summary>How many keys that have ended are listed.</summary>
    const int ShownEnded = 200;

    /// <summary>Those in use, the newest first, then the newest of those that have ended.</summary>
    Task<IReadOnlyList<ApiKeyRow>> ListAsync(CancellationToken cancellationToken);

    Task<ApiKeyOutcome> CreateAsync(NewApiKey key, CancellationToken cancellationToken);

    /// <summary>Takes effect at the key's next request, and cannot be taken back.</summary>
    /// <returns>False when the organization has no such key. True also for one that was revoked before.</returns>
    Task<bool> RevokeAsync(Guid id, CancellationToken cancellationToken);
}
