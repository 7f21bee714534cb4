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
    /// <summary>Whether the person could change to another organization.</summary>
    public bool HasOtherTenants { get; init; }

    public Actor ToActor() => new(TenantId, UserId, DisplayName, Role);
}

/// <summary>An organization that a person may come into.</summary>
public sealed record TenantChoice(Guid Id, string Name, TenantRole Role);

/// <summary>A session was asked for in an organization that the person does not belong to, or not any more.</summary>
public sealed class NotAMemberException() : Exception("You do not belong to this organization.");

/// <summary>The two secrets of a bearer session; shown once, kept as hashes.</summary>
public sealed record BearerTokens(string AccessToken, string RefreshToken, TimeSpan Lifetime);

/// <summary>Sessions behind the cookie and the bearer tokens. Works before a tenant is known, hence through named functions only.</summary>
public sealed class SessionStore(Database database, TimeProvider time)
{
    public static readonly TimeSpan CookieLifetime = TimeSpan.FromHours(12);
    public static readonly TimeSpan AccessLifetime = TimeSpan.FromHours(1);
    public static readonly TimeSpan RefreshLifetime = TimeSpan.FromDays(30);

    /// <summary>The organizations that a person may come into, the one that they were in last first.</summary>
    public async Task<IReadOnlyList<TenantChoice>> TenantsOfAsync(Guid userId, CancellationToken cancellationToken)
    {
        await using var connection = await database.App.OpenConnectionAsync(cancellationToken);
        return await connection.ListAsync(
            "select tenant_id, tenant_name, role from memberships_of($1)",
            row => new TenantChoice(row.GetGuid(0), row.GetString(1), Enum.Parse<TenantRole>(row.GetString(2))), cancellationToken, userId);
    }

    /// <summary>Opens a browser session and returns the key for its cookie.</summary>
    /// <param name="address">The network address that asks, for the list of one's own sessions.</param>
    /// <exception cref="NotAMemberException">The person is no active member of the tenant.</exception>
    public async Task<string> CreateCookieAsync(Guid userId, Guid tenantId, string? address, CancellationToken cancellationToken)
    {
        var key = LinkSecret.New();
        await CreateAsync(userId, tenantId, SessionKind.Cookie, key, CookieLifetime, null, address, cancellationToken);
        return key;
    }

    /// <exception cref="NotAMemberException">The person is no active member of the tenant.</exception>
    public Task<BearerTokens> CreateBearerAsync(Guid userId, Guid tenantId, CancellationToken cancellationToken) =>
        CreateBearerAsync(userId, tenantId, null, cancellationToken);

    /// <inheritdoc cref="CreateCookieAsync"/>
    public async Task<BearerTokens> CreateBearerAsync(Guid userId, Guid tenantId, string? address, CancellationToken cancellationToken)
    {
        var tokens = new BearerTokens(LinkSecret.New(), NewRefreshToken(LinkSecret.New()), AccessLifetime);
        await CreateAsync(userId, tenantId, SessionKind.Bearer, tokens.AccessToken, AccessLifetime, tokens.RefreshToken, address, cancellationToken);
        return tokens;
    }

    /// <summary>Null when the key is unknown, the session has ended or expired, or the person is no longer a member.</summary>
    public async Task<SessionIdentity?> FindAsync(string key, SessionKind kind, CancellationToken cancellationToken) =>
        (await ListAsync("select * from find_session($1, $2)", cancellationToken, LinkSecret.Hash(key), kind.ToString())).SingleOrDefault();

    public async Task<SessionIdentity?> FindAsync(Guid sessionId, CancellationToken cancellationToken) =>
        (await ListAsync("select * from find_session_by_id($1)", cancellationToken, sessionId)).SingleOrDefault();

    /// <summary>Those of the sessions that still stand, with what is true of them now.</summary>
    public Task<List<SessionIdentity>> FindAsync(IReadOnlyCollection<Guid> sessionIds, CancellationToken cancellationToken) =>
        ListAsync("select * from find_sessions_by_ids($1)", cancellationToken, (object)sessionIds.ToArray());

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
        Guid userId, Guid tenantId, SessionKind kind, string key, TimeSpan lifetime, string? refreshToken, string? address, CancellationToken cancellationToken)
    {
        await using var connection = await database.App.OpenConnectionAsync(cancellationToken);
        var created = await connection.ScalarAsync<bool>(
            "select create_session($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)", cancellationToken,
            Guid.CreateVersion7(time.GetUtcNow()), userId, tenantId, kind.ToString(), LinkSecret.Hash(key), lifetime,
            Optional(refreshToken is null ? null : LinkSecret.Hash(FamilyOf(refreshToken)), NpgsqlTypes.NpgsqlDbType.Bytea),
            Optional(refreshToken is null ? null : LinkSecret.Hash(refreshToken), NpgsqlTypes.NpgsqlDbType.Bytea),
            Sql.Interval(refreshToken is null ? null : RefreshLifetime), Sql.Text(address));
        if (!created)
        {
            throw new NotAMemberException();
        }
    }

    private async Task<List<SessionIdentity>> ListAsync(string sql, CancellationToken cancellationToken, params object?[] parameters)
    {
        await using var connection = await database.App.OpenConnectionAsync(cancellationToken);
        return await connection.ListAsync(
            sql,
            row => new SessionIdentity(
                row.GetGuid(0), row.GetGuid(1), row.GetGuid(2), Enum.Parse<TenantRole>(row.GetString(3)), row.GetString(4), row.GetString(5),
                row.GetString(6), row.GetBoolean(7), row.GetFieldValue<DateTimeOffset>(8)) { HasOtherTenants = row.GetBoolean(9) },
            cancellationToken, parameters);
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken, params object?[] parameters)
    {
        await using var connection = await database.App.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(sql, cancellationToken, parameters);
    }

    private static NpgsqlParameter Optional(object? value, NpgsqlTypes.NpgsqlDbType type) => new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };

    /// <summary>A refresh token is <c>family.secret</c>: the family stays with the session, the secret changes at each use.</summary>
    internal static string NewRefreshToken(string family) => $"{family}.{LinkSecret.New()}";

    internal static string FamilyOf(string refreshToken) => refreshToken.Split('.', 2)[0];
}
