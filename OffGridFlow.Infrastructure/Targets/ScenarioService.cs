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
public sealed class ScenarioService(TenantDatabase database, CurrentUser user) : PlannedRows<Scenario, ScenarioInput>(database, user)
{
    /// <summary>More than anybody can follow.</summary>
    private const int MostLevers = 40;

    private const int LastYear = 2100;

    private protected override PlannedActions Actions { get; } = new("scenario", "scenario.created", "scenario.changed", "scenario.removed");

    private protected override ScenarioInput InputOf(Scenario row) => ScenarioInput.Of(row);

    private protected override string NameOf(Scenario row) => row.Name;

    private protected override Scenario Make(Guid id, Guid tenant, ScenarioInput input, int version) => new()
    {
        Id = id, TenantId = tenant, TargetId = input.TargetId!.Value, Name = input.Name!.Trim(), Note = Faults.Clean(input.Note), StartPeriodId = input.StartPeriodId!.Value,
        GrowthPerYear = input.GrowthPerYear, Levers = [.. input.Levers.Select(Clean)], Version = version,
    };

    private static Lever Clean(Lever lever) => lever with
    {
        Name = lever.Name.Trim(), Site = Faults.Clean(lever.Site), ActivityType = Faults.Clean(lever.ActivityType), Substitute = lever.Kind == LeverKind.Replacement ? lever.Substitute : 0m,
    };

    private protected override async Task<Faults> FaultsAsync(TenantUnit unit, Guid? id, ScenarioInput input, CancellationToken cancellationToken)
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
