using Microsoft.EntityFrameworkCore;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Infrastructure.Persistence;

namespace OffGridFlow.Infrastructure.Organizations;

/// <summary>A holding as people write it. Members as <see cref="Ownership"/>.</summary>
public sealed record OwnershipInput
{
    public Guid? ParentId { get; set; }
    public Guid? ChildId { get; set; }
    public decimal? Share { get; set; }
    public bool FinancialControl { get; set; }
    public bool OperationalControl { get; set; }
    public DateOnly? ValidFrom { get; set; }
    public DateOnly? ValidTo { get; set; }

    public static OwnershipInput Of(Ownership ownership) => new()
    {
        ParentId = ownership.ParentId, ChildId = ownership.ChildId, Share = ownership.Share, FinancialControl = ownership.FinancialControl,
        OperationalControl = ownership.OperationalControl, ValidFrom = ownership.ValidFrom, ValidTo = ownership.ValidTo,
    };
}

/// <summary>Who holds how much of whom in the present tenant's group.</summary>
public sealed class OwnershipService(TenantDatabase database, CurrentUser user)
{
    public async Task<IReadOnlyList<Ownership>> ListAsync(CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await unit.Context.Ownerships.OrderBy(ownership => ownership.ValidFrom).ThenBy(ownership => ownership.Id).ToListAsync(cancellationToken);
    }

    /// <summary>In the order in which they were made.</summary>
    public async Task<ListPage<Ownership>> PageAsync(string? cursor, int limit, CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await Editing.PageAsync(unit.Context.Ownerships, cursor, limit, cancellationToken);
    }

    public async Task<Ownership?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await Editing.FindAsync<Ownership>(unit, id, cancellationToken);
    }

    public Task<Edit<Ownership>> CreateAsync(OwnershipInput input, CancellationToken cancellationToken) => SaveAsync(null, 0, input, cancellationToken);

    /// <param name="version">The one that was seen.</param>
    public Task<Edit<Ownership>> ChangeAsync(Guid id, int version, OwnershipInput input, CancellationToken cancellationToken) =>
        SaveAsync(id, version, input, cancellationToken);

    /// <summary>Gives a holding its last day; all else stays as it is.</summary>
    /// <param name="version">The one that was seen.</param>
    /// <param name="lastDay">Inclusive.</param>
    public async Task<Edit<Ownership>> EndAsync(Guid id, int version, DateOnly? lastDay, CancellationToken cancellationToken)
    {
        user.Require(Permissions.OrganizationsWrite);
        Ownership? former;
        await using (var unit = await database.OpenAsync(cancellationToken))
        {
            former = await Editing.FindAsync<Ownership>(unit, id, cancellationToken);
        }

        if (former is null)
        {
            return new Edit<Ownership>.Gone();
        }

        if (lastDay is null && former.Version == version)
        {
            return new Edit<Ownership>.Refused([new FieldFault("lastDay", "Say the last day on which it is held, as yyyy-MM-dd.")]);
        }

        // Whoever changed it since then is noticed by the version.
        var input = OwnershipInput.Of(former);
        input.ValidTo = lastDay;
        return await SaveAsync(id, version, input, cancellationToken);
    }

    public async Task<Edit<Ownership>> RemoveAsync(Guid id, int version, CancellationToken cancellationToken)
    {
        user.Require(Permissions.OrganizationsWrite);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await Editing.RemoveAsync<Ownership>(
            unit, id, version,
            async ownership =>
            {
                var all = await unit.Context.Ownerships.ToListAsync(cancellationToken);
                return await FrozenShares.RefusalAsync(unit, all, [.. all.Where(other => other.Id != ownership.Id)], cancellationToken);
            },
            ownership =>
            {
                unit.Audit("ownership.removed", $"ownership/{id}", OwnershipInput.Of(ownership));
                return Task.CompletedTask;
            },
            cancellationToken);
    }

    private async Task<Edit<Ownership>> SaveAsync(Guid? id, int version, OwnershipInput input, CancellationToken cancellationToken)
    {
        var actor = user.Require(Permissions.OrganizationsWrite);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await Editing.SaveAsync<Ownership>(
            unit, id, version, _ => FaultsAsync(unit, id, input, cancellationToken), (key, next) => Make(key, actor.TenantId, input, next),
            (former, ownership) =>
            {
                unit.AuditEdit(former is null ? "ownership.created" : "ownership.changed", former, ownership, OwnershipInput.Of, new { ownership.ParentId, ownership.ChildId });
                return Task.CompletedTask;
            },
            cancellationToken);
    }

    private static Ownership Make(Guid id, Guid tenant, OwnershipInput input, int version) => new()
    {
        Id = id, TenantId = tenant, ParentId = input.ParentId!.Value, ChildId = input.ChildId!.Value, Share = input.Share!.Value,
        FinancialControl = input.FinancialControl, OperationalControl = input.OperationalControl, ValidFrom = input.ValidFrom, ValidTo = input.ValidTo, Version = version,
    };

    private static async Task<Faults> FaultsAsync(TenantUnit unit, Guid? id, OwnershipInput input, CancellationToken cancellationToken)
    {
        var faults = new Faults();
        var names = await unit.Context.Organizations.ToDictionaryAsync(organization => organization.Id, organization => organization.Name, cancellationToken);
        if (input.ParentId is not { } parent || !names.ContainsKey(parent))
        {
            faults.Add("parentId", Words.NoEntity(input.ParentId));
        }

        if (input.ChildId is not { } child || !names.ContainsKey(child))
        {
            faults.Add("childId", Words.NoEntity(input.ChildId));
        }

        if (input.Share is null)
        {
            faults.Add("share", "Say which share is held: 0 % for none, 100 % for all.");
        }
        else if (decimal.Round(input.Share.Value, 12) != input.Share)
        {
            faults.Add("share", "A share has at most 12 digits after the point. Round it.");
        }

        faults.Days("validTo", input.ValidFrom, input.ValidTo);
        if (faults.Count > 0)
        {
            return faults;
        }

        var others = await unit.Context.Ownerships.Where(other => other.Id != id).ToListAsync(cancellationToken);
        if (OwnershipRules.FaultOf(Make(id ?? Guid.Empty, unit.Actor.TenantId, input, 1), others) is { } fault)
        {
            faults.Add(Sentence(fault, names, input));
        }
        else if (faults.Count == 0
            && await FrozenShares.RefusalAsync(unit, await unit.Context.Ownerships.ToListAsync(cancellationToken), [.. others, Make(id ?? Guid.Empty, unit.Actor.TenantId, input, 1)], cancellationToken)
                is { } refusal)
        {
            faults.Add("validFrom", refusal);
        }

        return faults;
    }

    private static FieldFault Sentence(OwnershipFault fault, Dictionary<Guid, string> names, OwnershipInput input)
    {
        var (parent, child) = (names[input.ParentId!.Value], names[input.ChildId!.Value]);
        return fault switch
        {
            OwnershipFault.OfItself => new("childId", $"{child} cannot hold itself. Choose another entity."),
            OwnershipFault.NoShare => new("share", "A share lies between 0 and 100 %; over the API between 0 and 1."),
            OwnershipFault.Overlap overlap => new(
                "validFrom", $"{parent} holds {child} already {Words.Days(overlap.Other.ValidFrom, overlap.Other.ValidTo)}. Give that holding a last day, or begin this one later."),
            OwnershipFault.Circle circle => new("parentId", $"{child} holds {parent} itself {On(circle.Day)}, directly or through others. Nobody can hold whoever holds them."),
            OwnershipFault.MoreThanTheWhole more => new(
                "share", FormattableString.Invariant($"{On(more.Day, capital: true)} others hold {more.Others * 100:0.##########} % of {child}: at most {(1 - more.Others) * 100:0.##########} % is left. Correct this share or one of theirs.")),
            OwnershipFault.OtherController other => new(
                other.Financial ? "financialControl" : "operationalControl",
                $"{names[other.Other.ParentId]} has the {(other.Financial ? "financial" : "operational")} control of {child} {On(other.Day)}. Only one can: take it from one of the two."),
            _ => new("validTo", "The last day lies before the first. Change one of them."),
        };
    }

    private static string On(DateOnly day, bool capital = false) => day == DateOnly.MinValue
        ? capital ? "From the beginning" : "from the beginning"
        : FormattableString.Invariant($"{(capital ? "On" : "on")} {day:yyyy-MM-dd}");
}
