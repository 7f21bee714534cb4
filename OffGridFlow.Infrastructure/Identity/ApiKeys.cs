using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Persistence;

namespace OffGridFlow.Infrastructure.Identity;

/// <inheritdoc cref="IApiKeys"/>
internal sealed class ApiKeys(TenantDatabase database, CurrentUser user, TimeProvider time) : IApiKeys
{
    private const string PrefixLetters = "0123456789abcdefghijklmnopqrstuvwxyz";

    public async Task<IReadOnlyList<ApiKeyRow>> ListAsync(CancellationToken cancellationToken)
    {
        RequirePerson();
        var now = time.GetUtcNow();
        await using var unit = await database.OpenAsync(cancellationToken);
        var open = await Rows(unit.Context.ApiKeys.Where(key => key.RevokedAt == null && key.ExpiresAt > now)).ToListAsync(cancellationToken);
        var ended = await Rows(unit.Context.ApiKeys.Where(key => key.RevokedAt != null || key.ExpiresAt <= now)).Take(IApiKeys.ShownEnded).ToListAsync(cancellationToken);
        return [.. open, .. ended];
    }

    public async Task<ApiKeyOutcome> CreateAsync(NewApiKey key, CancellationToken cancellationToken)
    {
        var actor = RequirePerson();
        var now = time.GetUtcNow();
        var faults = FaultsOf(key, now);
        if (faults.Count > 0)
        {
            return new ApiKeyOutcome.Refused(faults);
        }

        await using var unit = await database.OpenAsync(cancellationToken);
        if (await unit.Context.ApiKeys.CountAsync(row => row.RevokedAt == null && row.ExpiresAt > now, cancellationToken) >= ApiKey.MaximumInUse)
        {
            return new ApiKeyOutcome.Refused([new ApiKeyFault("name", $"{ApiKey.MaximumInUse} keys are in use already. Revoke one that is no longer needed.")]);
        }

        var prefix = RandomNumberGenerator.GetString(PrefixLetters, ApiKey.PrefixLength);
        var secret = $"{ApiKey.Mark}{prefix}_{RandomNumberGenerator.GetHexString(64, lowercase: true)}";
        var row = new ApiKey
        {
            Id = Guid.CreateVersion7(now), TenantId = actor.TenantId, Name = key.Name.Trim(), Prefix = prefix, SecretHash = ApiKeyStore.Hash(secret),
            Scopes = [.. ApiKey.Grantable.Where(key.Scopes.Contains)], CreatedAt = now, CreatedById = actor.UserId, CreatedBy = actor.DisplayName,
            ExpiresAt = new DateTimeOffset(key.LastDay.AddDays(1).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero),
        };
        unit.Context.ApiKeys.Add(row);
        unit.Audit("api-key.created", $"api-key/{row.Id}", new { row.Name, row.Prefix, row.Scopes, row.ExpiresAt });
        await unit.CommitAsync(cancellationToken);
        return new ApiKeyOutcome.Created(
            new ApiKeyRow(row.Id, row.Name, row.Prefix, row.Scopes, row.CreatedAt, row.CreatedBy, row.ExpiresAt, null, null, null, null), secret);
    }

    public async Task<bool> RevokeAsync(Guid id, CancellationToken cancellationToken)
    {
        var actor = RequirePerson();
        var now = time.GetUtcNow();
        await using var unit = await database.OpenAsync(cancellationToken);
        if (await unit.Context.ApiKeys.Where(key => key.Id == id).Select(key => new { key.Name, key.Prefix }).SingleOrDefaultAsync(cancellationToken) is not { } key)
        {
            return false;
        }

        var revoked = await unit.Context.ApiKeys.Where(row => row.Id == id && row.RevokedAt == null).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.RevokedAt, now).SetProperty(row => row.RevokedById, actor.UserId).SetProperty(row => row.RevokedBy, actor.DisplayName),
            cancellationToken);
        if (revoked == 1)
        {
            unit.Audit("api-key.revoked", $"api-key/{id}", new { key.Name, key.Prefix });
        }

        await unit.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>No key carries the permission; asked for all the same, so that a fault in the scopes alone cannot make a key of a key.</summary>
    private Actor RequirePerson()
    {
        var actor = user.Require(Permissions.AdministrationWrite);
        return actor.Kind == ActorKind.Person ? actor : throw ForbiddenException.OfKey(Permissions.AdministrationWrite);
    }

    /// <summary>Named columns only: the application role may not read the hash.</summary>
    private static IQueryable<ApiKeyRow> Rows(IQueryable<ApiKey> keys) => keys.OrderByDescending(key => key.CreatedAt).ThenByDescending(key => key.Id)
        .Select(key => new ApiKeyRow(
            key.Id, key.Name, key.Prefix, key.Scopes, key.CreatedAt, key.CreatedBy, key.ExpiresAt, key.LastUsedAt, key.LastUsedFrom, key.RevokedAt, key.RevokedBy));

    private static List<ApiKeyFault> FaultsOf(NewApiKey key, DateTimeOffset now)
    {
        var faults = new List<ApiKeyFault>();
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        if (key.Name.Trim().Length is 0 or > ApiKey.NameLength || key.Name.Any(char.IsControl))
        {
            faults.Add(new("name", $"Give the key a name of 1 to {ApiKey.NameLength} characters: what will use it."));
        }

        if (key.Scopes.Count == 0)
        {
            faults.Add(new("scopes", "Choose at least one scope: a key without any may do nothing."));
        }
        else if (key.Scopes.FirstOrDefault(scope => !ApiKey.Grantable.Contains(scope)) is { } unknown)
        {
            faults.Add(new("scopes", unknown == Permissions.AdministrationWrite
                ? "A key cannot be given administration: it must not make people or keys."
                : $"“{unknown}” is no scope. Use: {string.Join(", ", ApiKey.Grantable)}."));
        }

        if (key.LastDay < today)
        {
            faults.Add(new("expiresOn", "The day has passed. Choose a day from today on."));
        }
        else if (key.LastDay > today.AddYears(ApiKey.LongestYears))
        {
            faults.Add(new("expiresOn", FormattableString.Invariant($"A key lasts at most two years. Choose a day until {today.AddYears(ApiKey.LongestYears):yyyy-MM-dd}.")));
        }

        return faults;
    }
}
