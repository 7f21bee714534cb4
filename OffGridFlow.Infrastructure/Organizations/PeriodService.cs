using Microsoft.EntityFrameworkCore;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Infrastructure.Persistence;

namespace OffGridFlow.Infrastructure.Organizations;

/// <summary>A fiscal year as people write it. Members as <see cref="ReportingPeriod"/>.</summary>
public sealed record ReportingPeriodInput
{
    public string? Name { get; set; }
    public DateOnly? FirstDay { get; set; }
    public DateOnly? LastDay { get; set; }

    /// <summary>By which the group's entities count in its inventory.</summary>
    public ConsolidationApproach Approach { get; set; } = ConsolidationApproach.OperationalControl;

    /// <summary>As it stands: a period is locked with its inventory, and filed by filing its report.</summary>
    public ReportingPeriodState State { get; set; }

    public static ReportingPeriodInput Of(ReportingPeriod period) => new() { Name = period.Name, FirstDay = period.FirstDay, LastDay = period.LastDay, Approach = period.Approach, State = period.State };

    /// <summary>The calendar year.</summary>
    public static ReportingPeriodInput OfYear(int year) => new()
    {
        Name = FormattableString.Invariant($"FY{year}"), FirstDay = new DateOnly(year, 1, 1), LastDay = new DateOnly(year, 12, 31),
    };
}

/// <summary>The fiscal years of the present tenant.</summary>
public sealed class PeriodService(TenantDatabase database, CurrentUser user)
{
    /// <summary>A first fiscal year may be long; more than two years is a slip of the pen.</summary>
    private const int MostDays = 731;

    /// <summary>The latest first.</summary>
    public async Task<IReadOnlyList<ReportingPeriod>> ListAsync(CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await unit.Context.ReportingPeriods.OrderByDescending(period => period.FirstDay).ToListAsync(cancellationToken);
    }

    /// <summary>In the order in which they were made.</summary>
    public async Task<ListPage<ReportingPeriod>> PageAsync(string? cursor, int limit, CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await Editing.PageAsync(unit.Context.ReportingPeriods, cursor, limit, cancellationToken);
    }

    public async Task<ReportingPeriod?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await Editing.FindAsync<ReportingPeriod>(unit, id, cancellationToken);
    }

    public Task<Edit<ReportingPeriod>> CreateAsync(ReportingPeriodInput input, CancellationToken cancellationToken) => SaveAsync(null, 0, input, cancellationToken);

    /// <summary>Days and name change while it is open. Locking and reopening is for <see cref="Inventory.InventoryLocks"/>.</summary>
    /// <param name="version">The one that was seen.</param>
    public Task<Edit<ReportingPeriod>> ChangeAsync(Guid id, int version, ReportingPeriodInput input, CancellationToken cancellationToken) =>
        SaveAsync(id, version, input, cancellationToken);

    public async Task<Edit<ReportingPeriod>> RemoveAsync(Guid id, int version, CancellationToken cancellationToken)
    {
        user.Require(Permissions.OrganizationsWrite);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await Editing.RemoveAsync<ReportingPeriod>(
            unit, id, version,
            async period => period.State != ReportingPeriodState.Open
                ? $"{period.Name} was not removed: it is {(period.State == ReportingPeriodState.Filed ? "filed" : "locked; reopen it first")}."
                : Words.Counted((await unit.Context.BusinessFigures.CountAsync(figure => figure.PeriodId == id, cancellationToken), "version of business figures", "versions of business figures"),
                    (await unit.Context.BoundaryDecisions.CountAsync(decision => decision.PeriodId == id, cancellationToken), "decision on a category", "decisions on categories"),
                    (await unit.Context.AssuranceMaterialities.CountAsync(set => set.PeriodId == id, cancellationToken), "materiality of an auditor", "versions of an auditor’s materiality"),
                    (await unit.Context.AssuranceSamples.CountAsync(sample => sample.PeriodId == id, cancellationToken), "sample of an auditor", "samples of an auditor"),
                    (await unit.Context.AssuranceFindings.CountAsync(finding => finding.PeriodId == id, cancellationToken), "finding of an auditor", "findings of an auditor"),
                    (await unit.Context.BaseYearPolicies.CountAsync(policy => policy.PeriodId == id, cancellationToken), "base-year policy", "base-year policies"),
                    (await unit.Context.Targets.CountAsync(target => target.BasePeriodId == id, cancellationToken), "target", "targets"),
                    (await unit.Context.Scenarios.CountAsync(scenario => scenario.StartPeriodId == id, cancellationToken), "scenario", "scenarios"))
                    is { Length: > 0 } referring
                    ? $"{period.Name} was not removed: it is referred to by {referring}, which are kept. Change its name or its days instead."
                    : null,
            period =>
            {
                unit.Audit("reporting-period.removed", $"reporting-period/{id}", ReportingPeriodInput.Of(period));
                return Task.CompletedTask;
            },
            cancellationToken);
    }

    private async Task<Edit<ReportingPeriod>> SaveAsync(Guid? id, int version, ReportingPeriodInput input, CancellationToken cancellationToken)
    {
        var actor = user.Require(Permissions.OrganizationsWrite);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await Editing.SaveAsync<ReportingPeriod>(
            unit, id, version, former => FaultsAsync(unit, former, input, cancellationToken), (key, next) => Make(key, actor.TenantId, input, next),
            (former, period) =>
            {
                unit.AuditEdit(former is null ? "reporting-period.created" : "reporting-period.changed", former, period, ReportingPeriodInput.Of, new { period.Name });
                return Task.CompletedTask;
            },
            cancellationToken);
    }

    private static ReportingPeriod Make(Guid id, Guid tenant, ReportingPeriodInput input, int version) => new()
    {
        Id = id, TenantId = tenant, Name = input.Name!.Trim(), FirstDay = input.FirstDay!.Value, LastDay = input.LastDay!.Value, Approach = input.Approach, State = input.State,
        Version = version,
    };

    private static async Task<Faults> FaultsAsync(TenantUnit unit, ReportingPeriod? former, ReportingPeriodInput input, CancellationToken cancellationToken)
    {
        var faults = new Faults();
        if (former?.State == ReportingPeriodState.Filed)
        {
            faults.Add("state", $"{former.Name} is filed: nothing of it changes any more.");
            return faults;
        }

        if (input.State != (former?.State ?? ReportingPeriodState.Open) && input.State != ReportingPeriodState.Filed)
        {
            faults.Add("state", former is null
                ? "A new period is open. Once its data are complete and approved, lock its inventory by POST /api/v1/reporting-periods/{id}/lock."
                : $"The state was not changed: {(input.State == ReportingPeriodState.Locked ? "a period is locked with its inventory, once its data are complete and approved" : "a locked period is reopened with a reason")}. Do it on the page /inventory/lock/{former.Id}, or by POST /api/v1/reporting-periods/{former.Id}/{(input.State == ReportingPeriodState.Locked ? "lock" : "reopen")}.");
            return faults;
        }

        if (input.State == ReportingPeriodState.Filed)
        {
            faults.Add("state", "A period is filed by filing its report. Choose open or locked.");
        }

        if (former?.State == ReportingPeriodState.Locked
            && (former.Name, former.FirstDay, former.LastDay, former.Approach) != (input.Name?.Trim(), input.FirstDay, input.LastDay, input.Approach))
        {
            faults.Add("state", $"{former.Name} is locked: its name, days and consolidation approach stand. Reopen it first, then change them.");
            return faults;
        }

        faults.Required("name", input.Name, 100, "Give the period a name, e.g. FY2026");
        if (input.FirstDay is not { } first)
        {
            faults.Add("firstDay", "Choose the first day of the fiscal year.");
        }
        else if (input.LastDay is { } last && last >= first && last.DayNumber - first.DayNumber >= MostDays)
        {
            faults.Add("lastDay", "A period has at most two years. Change one of the days, or make two periods of it.");
        }

        if (input.LastDay is null)
        {
            faults.Add("lastDay", "Choose the last day of the fiscal year.");
        }

        faults.Days("lastDay", input.FirstDay, input.LastDay);
        if (faults.Count == 0)
        {
            await CompareAsync(unit, former?.Id, input, faults, cancellationToken);
        }

        return faults;
    }

    private static async Task CompareAsync(TenantUnit unit, Guid? id, ReportingPeriodInput input, Faults faults, CancellationToken cancellationToken)
    {
        var others = await unit.Context.ReportingPeriods.Where(other => other.Id != id).ToListAsync(cancellationToken);
        if (others.Find(other => string.Equals(other.Name, input.Name!.Trim(), StringComparison.OrdinalIgnoreCase)) is { } namesake)
        {
            faults.Add("name", $"There is a period {namesake.Name} already. Choose another name.");
        }

        var days = new DayRange(input.FirstDay, input.LastDay);
        if (others.Find(other => new DayRange(other.FirstDay, other.LastDay).Overlaps(days)) is { } taken)
        {
            faults.Add("firstDay", FormattableString.Invariant(
                $"{taken.Name} has some of these days: {taken.FirstDay:yyyy-MM-dd} to {taken.LastDay:yyyy-MM-dd}. Each day belongs to one period at most; change the days of one of the two."));
        }
    }
}
