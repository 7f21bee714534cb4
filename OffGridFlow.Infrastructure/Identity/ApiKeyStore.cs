using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Identity;

/// <summary>A key as it stands at this moment, read afresh at each look-up.</summary>
public sealed record ApiKeyIdentity(
    Guid Id, Guid TenantId, string TenantName, bool TenantIsDemo, string Name, string Prefix, IReadOnlySet<string> Scopes, DateTimeOffset ExpiresAt,
    bool IsExpired, DateTimeOffset? RevokedAt, DateTimeOffset? LastUsedAt, DateTimeOffset? RefusedAt)
{
    public bool Stands => !IsExpired && RevokedAt is null;

    /// <summary>
    /// The role says what keys of an organization could do at most, the scopes what this one may. The role is the widest, so that
    /// what a key may do is told by its scopes alone and does not change with the person who made it.
    /// </summary>
    public Actor ToActor() => new(TenantId, null, Name, TenantRole.Admin) { ApiKeyId = Id, Scopes = Scopes };
}

/// <summary>
/// Keys as the sign-in of the API sees them. Works before a tenant is known, hence through named functions only.
/// </summary>
public sealed class ApiKeyStore(Database database, IServiceScopeFactory scopes, TimeProvider time)
{
    private static readonly TimeSpan RefusalPause = TimeSpan.FromMinutes(1);

    /// <summary>Null when there is no key with this secret. One that does not stand any more is given, so that its holder learns why.</summary>
    public Task<ApiKeyIdentity?> FindAsync(string key, CancellationToken cancellationToken) =>
        FindAsync("select * from find_api_key($1)", Hash(key), cancellationToken);

    public Task<ApiKeyIdentity?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        FindAsync("select * from find_api_key_by_id($1)", id, cancellationToken);

    /// <summary>Writes to the organization's audit log that a key was used after its end; at most once a minute and key.</summary>
    public async Task RefuseAsync(ApiKeyIdentity key, string? address, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (now - key.RefusedAt < RefusalPause)
        {
            return;
        }

        await using var scope = scopes.CreateAsyncScope();
        var user = scope.ServiceProvider.GetRequiredService<CurrentUser>();
        user.ComeFrom(address);
        user.Become(key.ToActor() with { Scopes = new HashSet<string>() });
        await using var unit = await scope.ServiceProvider.GetRequiredService<TenantDatabase>().OpenAsync(cancellationToken);
        var before = now - RefusalPause;
        // Of many requests at one moment, one writes.
        var first = await unit.Context.ApiKeys.Where(row => row.Id == key.Id && (row.RefusedAt == null || row.RefusedAt < before))
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.RefusedAt, now), cancellationToken);
        if (first == 1)
        {
            unit.Audit("api-key.refused", $"api-key/{key.Id}", new { key.Name, key.Prefix, reason = key.RevokedAt is not null ? "revoked" : "expired" });
            await unit.CommitAsync(cancellationToken);
        }
    }

    /// <summary>
    /// SHA-256 alone. The slow hashes with salt of passwords make guessing dear, and tell equal passwords apart; a key is 256 random bits,
    /// which nobody guesses however fast, and no two are equal.
    /// </summary>
    internal static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    internal async Task NoteUseAsync(Guid id, string? address, CancellationToken cancellationToken)
    {
        await using var connection = await database.App.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync("select note_api_key_use($1, $2)", cancellationToken, id, Sql.Text(address));
    }

    private async Task<ApiKeyIdentity?> FindAsync(string sql, object parameter, CancellationToken cancellationToken)
    {
        await using var connection = await database.App.OpenConnectionAsync(cancellationToken);
        var rows = await connection.ListAsync(
            sql,
            row => new ApiKeyIdentity(
                row.GetGuid(0), row.GetGuid(1), row.GetString(2), row.GetBoolean(3), row.GetString(4), row.GetString(5),
                row.GetFieldValue<string[]>(6).Where(ApiKey.Grantable.Contains).ToHashSet(), row.GetFieldValue<DateTimeOffset>(7), row.GetBoolean(8),
                row.Optional<DateTimeOffset>(9), row.Optional<DateTimeOffset>(10), row.Optional<DateTimeOffset>(11)),
            cancellationToken, parameter);
        return rows.SingleOrDefault();
    }
}
