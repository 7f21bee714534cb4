using Microsoft.EntityFrameworkCore;
using OffGridFlow.Core.ActivityData;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Infrastructure.Calculation;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Infrastructure.Organizations;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.ActivityData;

/// <summary>What spending with a vendor or on an account is, as people write it. Members as <see cref="AccountMap"/>; the type by key or name.</summary>
public sealed record AccountMapInput
{
    public string? Vendor { get; set; }
    public string? Account { get; set; }
    public string? ActivityType { get; set; }
    public bool IsCountedPhysically { get; set; }
    public string? Reason { get; set; }
    public DateOnly? ValidFrom { get; set; }
    public DateOnly? ValidTo { get; set; }

    public static AccountMapInput Of(AccountMap map) => new()
    {
        Vendor = map.Vendor, Account = map.Account, ActivityType = map.ActivityType, IsCountedPhysically = map.IsCountedPhysically, Reason = map.Reason, ValidFrom = map.ValidFrom,
        ValidTo = map.ValidTo,
    };
}

/// <summary>The maps from vendors and ledger accounts to activity types. A change brings the entries of these vendors and accounts to the ledger anew.</summary>
internal sealed class AccountMapService(TenantDatabase database, CurrentUser user, EntryVocabulary vocabulary, EntryLedger ledger)
{
    public async Task<ListPage<AccountMap>> PageAsync(string? cursor, int limit, CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await Editing.PageAsync(unit.Context.AccountMaps.AsNoTracking(), cursor, limit, cancellationToken);
    }

    public async Task<AccountMap?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await Editing.FindAsync<AccountMap>(unit, id, cancellationToken);
    }

    public Task<Edit<AccountMap>> CreateAsync(AccountMapInput input, CancellationToken cancellationToken) => SaveAsync(null, 0, input, cancellationToken);

    /// <param name="version">The one that was seen.</param>
    public Task<Edit<AccountMap>> ChangeAsync(Guid id, int version, AccountMapInput input, CancellationToken cancellationToken) => SaveAsync(id, version, input, cancellationToken);

    public async Task<Edit<AccountMap>> RemoveAsync(Guid id, int version, CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataWrite);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await Editing.RemoveAsync<AccountMap>(
            unit, id, version, async map => (await FrozenMonths.ReadAsync(unit, cancellationToken)).Refusal(map.ValidFrom, map.ValidTo),
            async map =>
            {
                unit.Audit("account-map.removed", $"account-map/{id}", AccountMapInput.Of(map));
                await ApplyAsync(unit, [map], cancellationToken);
            },
            cancellationToken);
    }

    private async Task<Edit<AccountMap>> SaveAsync(Guid? id, int version, AccountMapInput input, CancellationToken cancellationToken)
    {
        var actor = user.Require(Permissions.ActivityDataWrite);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await Editing.SaveAsync<AccountMap>(
            unit, id, version, former => FaultsAsync(unit, id, former, input, cancellationToken), (key, next) => Make(key, actor.TenantId, input, next),
            async (former, map) =>
            {
                unit.AuditEdit(former is null ? "account-map.created" : "account-map.changed", former, map, AccountMapInput.Of, new { map.Vendor, map.Account });
                await ApplyAsync(unit, former is null ? [map] : [former, map], cancellationToken);
            },
            cancellationToken);
    }

    /// <summary>Whatever fits a map as it was or as it is.</summary>
    private async Task ApplyAsync(TenantUnit unit, IReadOnlyList<AccountMap> maps, CancellationToken cancellationToken)
    {
        var ids = new HashSet<Guid>();
        foreach (var map in maps)
        {
            ids.UnionWith(await unit.Connection.ListAsync(
                "select id from activity_entries where ($1::text is null or upper(vendor) = upper($1)) and ($2::text is null or upper(account) = upper($2))",
                row => row.GetGuid(0), cancellationToken, map.Vendor, map.Account));
        }

        await unit.Context.SaveChangesAsync(cancellationToken);
        await ledger.ApplyUnlockedAsync(unit, ids, cancellationToken);
    }

    private static AccountMap Make(Guid id, Guid tenant, AccountMapInput input, int version) => new()
    {
        Id = id, TenantId = tenant, Vendor = input.Vendor, Account = input.Account, ActivityType = input.ActivityType, IsCountedPhysically = input.IsCountedPhysically,
        Reason = input.Reason, ValidFrom = input.ValidFrom, ValidTo = input.ValidTo, Version = version,
    };

    private async Task<Faults> FaultsAsync(TenantUnit unit, Guid? id, AccountMap? former, AccountMapInput input, CancellationToken cancellationToken)
    {
        var faults = new Faults();
        (input.Vendor, input.Account, input.Reason) = (Faults.Clean(input.Vendor), Faults.Clean(input.Account), Faults.Clean(input.Reason));
        faults.Optional("vendor", input.Vendor, AccountMapConfiguration.VendorLength);
        faults.Optional("account", input.Account, AccountMapConfiguration.AccountLength);
        faults.Optional("reason", input.Reason, 2000);
        if (input.Vendor is null && input.Account is null)
        {
            faults.Add("vendor", "Name the vendor, the ledger account, or both, as they stand in the entries.");
        }

        if (Faults.Clean(input.ActivityType) is not { } type)
        {
            input.ActivityType = null;
        }
        else if (vocabulary.TryFind(type, out var choice))
        {
            input.ActivityType = choice.Key;
        }
        else
        {
            faults.Add("activityType", $"“{type}” is no activity type.{vocabulary.TypesNear(type)} Choose one of GET /api/v1/activity-types.");
        }

        if (input.ActivityType is null && !input.IsCountedPhysically)
        {
            faults.Add("activityType", "Say what this spending is: an activity type, or that it is counted by its physical amount already.");
        }

        if (input.IsCountedPhysically && input.Reason is null)
        {
            faults.Add("reason", "Say where the physical amount is entered, for example: electricity in kWh by meter. It is shown wherever the spending is left out.");
        }

        faults.Days("validTo", input.ValidFrom, input.ValidTo);
        if (faults.Count == 0)
        {
            var days = new DayRange(input.ValidFrom, input.ValidTo);
            var others = (await unit.Context.AccountMaps.AsNoTracking().Where(other => other.Id != id).ToListAsync(cancellationToken))
                .FindAll(other => Same(other.Vendor, input.Vendor) && Same(other.Account, input.Account));
            if (others.Find(other => new DayRange(other.ValidFrom, other.ValidTo).Overlaps(days)) is { } taken)
            {
                faults.Add("validFrom", $"This vendor and account are mapped {Words.Days(taken.ValidFrom, taken.ValidTo)} already. Give that map a last day, or begin this later.");
            }
            else
            {
                faults.Held("validFrom", (await FrozenMonths.ReadAsync(unit, cancellationToken)).RefusalOfChange(
                    former is null ? null : new DayRange(former.ValidFrom, former.ValidTo), days,
                    former is not null && (former.Vendor, former.Account, former.ActivityType, former.IsCountedPhysically) == (input.Vendor, input.Account, input.ActivityType, input.IsCountedPhysically)));
            }
        }

        return faults;
    }

    private static bool Same(string? one, string? other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
