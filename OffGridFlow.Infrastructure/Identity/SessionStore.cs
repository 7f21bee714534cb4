using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Identity;

/// <summary>A living session with what the product needs to know of its person, read afresh at each look-up.</summary>
public sealed record SessionIdentity(
    Guid SessionId, Guid UserId, Guid TenantId, TenantRole Role, string Email, string DisplayName, string TenantName, bool TenantIsDemo,
    DateTimeOffset ExpiresAt)
{
    public Actor ToActor() => new(TenantId, UserId, DisplayName, Role);
}

/// <summary>The two secrets of a bearer session; shown once, kept as hashes.</summary>
public sealed record BearerTokens(string AccessToken, string RefreshToken, TimeSpan Lifetime);

/// <summary>Sessions behind the cookie and the bearer tokens. Works before a tenant is known, hence through named functions only.</summary>
public sealed class SessionStore(Database database, TimeProvider time)
{
    public static readonly TimeSpan CookieLifetime = TimeSpan.FromHours(12);
    public static readonly TimeSpan AccessLifetime = TimeSpan.FromHours(1);
    public static readonly TimeSpan RefreshLifetime = TimeSpan.FromDays(30);

    /// <summary>Opens a browser session and returns the key for its cookie.</summary>
    public async Task<string> CreateCookieAsync(Guid userId, Guid tenantId, CancellationToken cancellationToken)
    {
        var key = NewSecret();
        await CreateAsync(userId, tenantId, SessionKind.Cookie, key, CookieLifetime, null, cancellationToken);
        return key;
    }

    public async Task<BearerTokens> CreateBearerAsync(Guid userId, Guid tenantId, CancellationToken cancellationToken)
    {
        var tokens = new BearerTokens(NewSecret(), NewRefreshToken(NewSecret()), AccessLifetime);
        await CreateAsync(userId, tenantId, SessionKind.Bearer, tokens.AccessToken, AccessLifetime, tokens.RefreshToken, cancellationToken);
        return tokens;
    }

    /// <summary>Null when the key is unknown, the session has ended or expired, or the person is no longer a member.</summary>
    public Task<SessionIdentity?> FindAsync(string key, SessionKind kind, CancellationToken cancellationToken) =>
        FindAsync("select * from find_session($1, $2)", cancellationToken, Hash(key), kind.ToString());

    public Task<SessionIdentity?> FindAsync(Guid sessionId, CancellationToken cancellationToken) =>
        FindAsync("select * from find_session_by_id($1)", cancellationToken, sessionId);

    public Task ExtendCookieAsync(Guid sessionId, CancellationToken cancellationToken) =>
        ExecuteAsync("select extend_session($1, $2)", cancellationToken, sessionId, CookieLifetime);

    public Task EndAsync(Guid sessionId, CancellationToken cancellationToken) =>
        ExecuteAsync("select end_session($1)", cancellationToken, sessionId);

    /// <summary>Whose session the refresh tokens of a family belong to, living or not; null when there is none.</summary>
    internal async Task<(Guid Id, Actor Actor)?> FindOfRefreshAsync(byte[] familyHash, CancellationToken cancellationToken)
    {
        await using var connection = await database.App.OpenConnectionAsync(cancellationToken);
        var rows = await connection.ListAsync(
            "select session_id, user_id, tenant_id, display_name from find_session_of_refresh($1)",
            // Without a right of its own: the actor only names who is written down.
            row => (row.GetGuid(0), new Actor(row.GetGuid(2), row.GetGuid(1), row.GetString(3), TenantRole.Viewer) { Scopes = new HashSet<string>() }),
            cancellationToken, familyHash);
        return rows.Count == 0 ? null : rows[0];
    }

    private async Task CreateAsync(
        Guid userId, Guid tenantId, SessionKind kind, string key, TimeSpan lifetime, string? refreshToken, CancellationToken cancellationToken) =>
        await ExecuteAsync(
            "select create_session($1, $2, $3, $4, $5, $6, $7, $8, $9)", cancellationToken,
            Guid.CreateVersion7(time.GetUtcNow()), userId, tenantId, kind.ToString(), Hash(key), lifetime,
            Optional(refreshToken is null ? null : Hash(FamilyOf(refreshToken)), NpgsqlTypes.NpgsqlDbType.Bytea),
            Optional(refreshToken is null ? null : Hash(refreshToken), NpgsqlTypes.NpgsqlDbType.Bytea),
            Optional(refreshToken is null ? null : RefreshLifetime, NpgsqlTypes.NpgsqlDbType.Interval));

    private async Task<SessionIdentity?> FindAsync(string sql, CancellationToken cancellationToken, params object?[] parameters)
    {
        await using var connection = await database.App.OpenConnectionAsync(cancellationToken);
        var rows = await connection.ListAsync(
            sql,
            row => new SessionIdentity(
                row.GetGuid(0), row.GetGuid(1), row.GetGuid(2), Enum.Parse<TenantRole>(row.GetString(3)), row.GetString(4), row.GetString(5),
                row.GetString(6), row.GetBoolean(7), row.GetFieldValue<DateTimeOffset>(8)),
            cancellationToken, parameters);
        return rows.SingleOrDefault();
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken, params object?[] parameters)
    {
        await using var connection = await database.App.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(sql, cancellationToken, parameters);
    }

    private static NpgsqlParameter Optional(object? value, NpgsqlTypes.NpgsqlDbType type) => new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };

    /// <summary>A refresh token is <c>family.secret</c>: the family stays with the session, the secret changes at each use.</summary>
    internal static string NewRefreshToken(string family) => $"{family}.{NewSecret()}";

    internal static string FamilyOf(string refreshToken) => refreshToken.Split('.', 2)[0];

    internal static string NewSecret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    internal static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
