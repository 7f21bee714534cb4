using Microsoft.EntityFrameworkCore;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Infrastructure.Persistence;

namespace OffGridFlow.Infrastructure.Organizations;

/// <summary>Whose a cloud account is, as people write it. Members as <see cref="AccountMapping"/>.</summary>
public sealed record AccountMappingInput
{
    public string? Provider { get; set; }
    public string? Account { get; set; }
    public Guid? OrganizationId { get; set; }
    public DateOnly? ValidFrom { get; set; }
    public DateOnly? ValidTo { get; set; }

    public static AccountMappingInput Of(AccountMapping mapping) => new()
    {
        Provider = mapping.Provider, Account = mapping.Account, OrganizationId = mapping.OrganizationId, ValidFrom = mapping.ValidFrom, ValidTo = mapping.ValidTo,
    };
}

/// <summary>An account that bills have brought in.</summary>
public sealed record SeenAccount(string Provider, string Account);

/// <summary>Which entity each cloud account belongs to.</summary>
public sealed class AccountMappingService(TenantDatabase database, CurrentUser user)
{
    /// <summary>By provider and account, then by days.</summary>
    public async Task<IReadOnlyList<AccountMapping>> ListAsync(CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await unit.Context.AccountMappings.OrderBy(mapping => mapping.Provider).ThenBy(mapping => mapping.Account).ThenBy(mapping => mapping.ValidFrom)
            .ToListAsync(cancellationToken);
    }

    /// <summary>The accounts of current bills, by provider and account.</summary>
    public async Task<IReadOnlyList<SeenAccount>> ListSeenAsync(CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await unit.Context.MonthlyTotals.Where(total => total.Scope == 3 && total.Category == 1)
            .Select(total => new { total.Provider, total.Account }).Distinct()
            .OrderBy(total => total.Provider).ThenBy(total => total.Account).Select(total => new SeenAccount(total.Provider, total.Account)).ToListAsync(cancellationToken);
    }

    public Task<Edit<AccountMapping>> CreateAsync(AccountMappingInput input, CancellationToken cancellationToken) => SaveAsync(null, 0, input, cancellationToken);

    /// <param name="version">The one that was seen.</param>
    public Task<Edit<AccountMapping>> ChangeAsync(Guid id, int version, AccountMappingInput input, CancellationToken cancellationToken) =>
        SaveAsync(id, version, input, cancellationToken);

    public async Task<Edit<AccountMapping>> RemoveAsync(Guid id, int version, CancellationToken cancellationToken)
    {
        user.Require(Permissions.OrganizationsWrite);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await Editing.RemoveAsync<AccountMapping>(
            unit, id, version, async mapping => (await FrozenMonths.ReadAsync(unit, cancellationToken)).Refusal(mapping.ValidFrom, mapping.ValidTo),
            mapping =>
            {
                unit.Audit("account-mapping.removed", $"account-mapping/{id}", AccountMappingInput.Of(mapping));
                return Task.CompletedTask;
            },
            cancellationToken);
    }

    private async Task<Edit<AccountMapping>> SaveAsync(Guid? id, int version, AccountMappingInput input, CancellationToken cancellationToken)
    {
        var actor = user.Require(Permissions.OrganizationsWrite);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await Editing.SaveAsync<AccountMapping>(
            unit, id, version, former => FaultsAsync(unit, id, former, input, cancellationToken), (key, next) => Make(key, actor.TenantId, input, next),
            (former, mapping) =>
            {
                unit.AuditEdit(former is null ? "account-mapping.created" : "account-mapping.changed", former, mapping, AccountMappingInput.Of, new { mapping.Provider, mapping.Account });
                return Task.CompletedTask;
            },
            cancellationToken);
    }

    private static AccountMapping Make(Guid id, Guid tenant, AccountMappingInput input, int version) => new()
    {
        Id = id, TenantId = tenant, Provider = input.Provider!, Account = input.Account!, OrganizationId = input.OrganizationId!.Value, ValidFrom = input.ValidFrom,
        ValidTo = input.ValidTo, Version = version,
    };

    private static async Task<Faults> FaultsAsync(TenantUnit unit, Guid? id, AccountMapping? former, AccountMappingInput input, CancellationToken cancellationToken)
    {
        var faults = new Faults();
        input.Provider = Faults.Clean(input.Provider)?.ToLowerInvariant();
        input.Account = Faults.Clean(input.Account);
        faults.Required("provider", input.Provider, 40, "Choose the provider: aws, azure or gcp");
        faults.Required("account", input.Account, 200, "Write the account as it stands in the bill, e.g. 123456789012");
        if (input.OrganizationId is not { } organization || await Editing.FindAsync<Organization>(unit, organization, cancellationToken) is null)
        {
            faults.Add("organizationId", Words.NoEntity(input.OrganizationId));
        }

        faults.Days("validTo", input.ValidFrom, input.ValidTo);
        if (faults.Count == 0)
        {
            var days = new DayRange(input.ValidFrom, input.ValidTo);
            var others = await unit.Context.AccountMappings.Where(other => other.Provider == input.Provider && other.Account == input.Account && other.Id != id).ToListAsync(cancellationToken);
            if (others.Find(other => new DayRange(other.ValidFrom, other.ValidTo).Overlaps(days)) is { } taken)
            {
                var whose = (await Editing.FindAsync<Organization>(unit, taken.OrganizationId, cancellationToken))!.Name;
                faults.Add("validFrom", $"The account belongs to {whose} {Words.Days(taken.ValidFrom, taken.ValidTo)}. Give that a last day, or begin this later.");
            }
            else
            {
                faults.Held("validFrom", (await FrozenMonths.ReadAsync(unit, cancellationToken)).RefusalOfChange(
                    former is null ? null : new DayRange(former.ValidFrom, former.ValidTo), days,
                    former is not null && (former.Provider, former.Account, former.OrganizationId) == (input.Provider, input.Account, input.OrganizationId)));
            }
        }

        return faults;
    }
}
