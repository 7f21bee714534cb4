using Microsoft.EntityFrameworkCore;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Core.Targets;
using OffGridFlow.Infrastructure.Organizations;
using OffGridFlow.Infrastructure.Persistence;

namespace OffGridFlow.Infrastructure.Targets;

/// <summary>A scenario as people write it. Members as <see cref="Scenario"/>.</summary>
public sealed record ScenarioInput
{
    public Guid? TargetId { get; set; }
    public string? Name { get; set; }
    public string? Note { get; set; }
    public Guid? StartPeriodId { get; set; }
    public decimal GrowthPerYear { get; set; }
    public IReadOnlyList<Lever> Levers { get; set; } = [];

    public static ScenarioInput Of(Scenario scenario) => new()
    {
        TargetId = scenario.TargetId, Name = scenario.Name, Note = scenario.Note, StartPeriodId = scenario.StartPeriodId, GrowthPerYear = scenario.GrowthPerYear,
        Levers = scenario.Levers,
    };
}

/// <summary>Saved scenarios of the present tenant. They never change the ledger.</summary>
public sealed class ScenarioService(TenantDatabase database, CurrentUser user)
{
    /// <summary>More than anybody can follow.</summary>
    private const int MostLevers = 40;

    private const int LastYear = 2100;

    /// <summary>By name.</summary>
    public async Task<IReadOnlyList<Scenario>> ListAsync(CancellationToken cancellationToken)
    {
        user.Require(Permissions.DashboardsRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await unit.Context.Scenarios.OrderBy(scenario => scenario.Name).ToListAsync(cancellationToken);
    }

    /// <summary>In the order in which they were made.</summary>
    public async Task<ListPage<Scenario>> PageAsync(string? cursor, int limit, CancellationToken cancellationToken)
    {
        user.Require(Permissions.DashboardsRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await Editing.PageAsync(unit.Context.Scenarios, cursor, limit, cancellationToken);
    }

    public async Task<Scenario?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        user.Require(Permissions.DashboardsRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await Editing.FindAsync<Scenario>(unit, id, cancellationToken);
    }

    public Task<Edit<Scenario>> CreateAsync(ScenarioInput input, CancellationToken cancellationToken) => SaveAsync(null, 0, input, cancellationToken);

    /// <param name="version">The one that was seen.</param>
    public Task<Edit<Scenario>> ChangeAsync(Guid id, int version, ScenarioInput input, CancellationToken cancellationToken) => SaveAsync(id, version, input, cancellationToken);

    public async Task<Edit<Scenario>> RemoveAsync(Guid id, int version, CancellationToken cancellationToken)
    {
        user.Require(Permissions.CalculationsPropose);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await Editing.RemoveAsync<Scenario>(
            unit, id, version, _ => Task.FromResult<string?>(null),
            scenario =>
            {
                unit.Audit("scenario.removed", $"scenario/{id}", ScenarioInput.Of(scenario));
                return Task.CompletedTask;
            },
            cancellationToken);
    }

    private async Task<Edit<Scenario>> SaveAsync(Guid? id, int version, ScenarioInput input, CancellationToken cancellationToken)
    {
        var actor = user.Require(Permissions.CalculationsPropose);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await Editing.SaveAsync<Scenario>(
            unit, id, version, _ => FaultsAsync(unit, id, input, cancellationToken), (key, next) => Make(key, actor.TenantId, input, next),
            (former, scenario) =>
            {
                var after = ScenarioInput.Of(scenario);
                if (former is null)
                {
                    unit.Audit("scenario.created", $"scenario/{scenario.Id}", after);
                }
                else
                {
                    var (was, now) = Editing.Difference(ScenarioInput.Of(former), after);
                    unit.Audit("scenario.changed", $"scenario/{id}", new { scenario.Name }, was, now);
                }

                return Task.CompletedTask;
            },
            cancellationToken);
    }

    private static Scenario Make(Guid id, Guid tenant, ScenarioInput input, int version) => new()
    {
        Id = id, TenantId = tenant, TargetId = input.TargetId!.Value, Name = input.Name!.Trim(), Note = Faults.Clean(input.Note), StartPeriodId = input.StartPeriodId!.Value,
        GrowthPerYear = input.GrowthPerYear, Levers = [.. input.Levers.Select(Clean)], Version = version,
    };

    private static Lever Clean(Lever lever) => lever with
    {
        Name = lever.Name.Trim(), Site = Faults.Clean(lever.Site), ActivityType = Faults.Clean(lever.ActivityType), Substitute = lever.Kind == LeverKind.Replacement ? lever.Substitute : 0m,
    };

    private static async Task<Faults> FaultsAsync(TenantUnit unit, Guid? id, ScenarioInput input, CancellationToken cancellationToken)
    {
        var faults = new Faults();
        faults.Required("name", input.Name, TargetService.NameLength, "Give the scenario a name, e.g. Renewable contracts and electric vans");
        faults.Optional("note", input.Note, TargetService.NoteLength);
        var target = input.TargetId is { } key ? await Editing.FindAsync<Target>(unit, key, cancellationToken) : null;
        if (target is null)
        {
            faults.Add("targetId", "Choose the target that the scenario is laid beside.");
        }
        else if (faults.Count == 0)
        {
            var name = input.Name!.Trim();
            if (await unit.Context.Scenarios.AnyAsync(other => other.Id != id && other.TargetId == target.Id && other.Name == name, cancellationToken))
            {
                faults.Add("name", $"{target.Name} has a scenario “{name}” already. Choose another name.");
            }
        }

        var period = input.StartPeriodId is { } start ? await Editing.FindAsync<ReportingPeriod>(unit, start, cancellationToken) : null;
        if (period is null)
        {
            faults.Add("startPeriodId", "Choose the reporting period whose emissions the scenario begins with.");
        }
        else if (target is not null && period.LastDay.Year >= target.TargetYear)
        {
            faults.Add("startPeriodId", FormattableString.Invariant($"{period.Name} ends in {period.LastDay.Year}, the target in {target.TargetYear}: there is nothing left to plan. Choose an earlier period."));
        }

        if (input.GrowthPerYear is < -1 or > 1)
        {
            faults.Add("growthPerYear", "Growth is −1 to 1 a year: 0.02 is 2 %.");
        }

        if (input.Levers.Count > MostLevers)
        {
            faults.Add("levers", FormattableString.Invariant($"At most {MostLevers} levers have room. Join some of them."));
        }

        for (var index = 0; index < input.Levers.Count && index < MostLevers; index++)
        {
            Look(input.Levers[index], FormattableString.Invariant($"levers[{index}]"), faults);
        }

        return faults;
    }

    private static void Look(Lever lever, string field, Faults faults)
    {
        faults.Required(field + ".name", lever.Name, TargetService.NameLength, "Give the lever a name, e.g. Renewable contract, Leeds");
        faults.Optional(field + ".site", lever.Site, TargetService.NameLength);
        faults.Optional(field + ".activityType", lever.ActivityType, TargetService.NameLength);
        if (lever.Scope is < 1 or > 3 || lever.Category is < 1 or > 15 || (lever.Category is not null && lever.Scope is not (null or 3)))
        {
            faults.Add(field + ".scope", "Scopes are 1 to 3, categories 1 to 15 and of Scope 3 alone. Leave out what the lever does not ask for.");
        }

        if (lever.Kind == LeverKind.Replacement ? lever.Change is < 0 or > 1 : lever.Change is < -1 or > 10)
        {
            faults.Add(field + ".change", lever.Kind == LeverKind.Replacement
                ? "The share that is replaced is 0 to 1: 0.8 is 80 %." : "A change is −1 to 10: −0.2 is a fifth less.");
        }

        if (lever.Substitute is < 0 or > 10)
        {
            faults.Add(field + ".substitute", "What the substitute emits is a share of what it replaces, 0 to 10: 0 emits nothing.");
        }

        if (lever.FromYear is < 1990 or > LastYear || lever.ToYear < lever.FromYear || lever.ToYear > LastYear)
        {
            faults.Add(field + ".fromYear", FormattableString.Invariant($"Say the first year in which it acts and the year from which on it is fully in place, not before the first and not after {LastYear}."));
        }
    }
}
