using Microsoft.EntityFrameworkCore;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Core.Targets;
using OffGridFlow.Infrastructure.Persistence;

namespace OffGridFlow.Infrastructure.Targets;

/// <summary>Lays the inventory beside targets, and works scenarios out (docs/methods/targets.md). Reads the ledger and writes nothing.</summary>
public sealed class TargetQueries(TenantDatabase database, CurrentUser user)
{
    /// <summary>Null for an unknown target.</summary>
    public async Task<TargetReport?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        user.Require(Permissions.DashboardsRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await unit.Context.Targets.SingleOrDefaultAsync(target => target.Id == id, cancellationToken) is { } target
            ? (await TargetWorld.ReadAsync(unit, withTypes: false, cancellationToken)).Report(target)
            : null;
    }

    /// <summary>All targets, by name.</summary>
    public async Task<IReadOnlyList<TargetReport>> ListAsync(CancellationToken cancellationToken)
    {
        user.Require(Permissions.DashboardsRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        var targets = await unit.Context.Targets.OrderBy(target => target.Name).ToListAsync(cancellationToken);
        if (targets.Count == 0)
        {
            return [];
        }

        var world = await TargetWorld.ReadAsync(unit, withTypes: false, cancellationToken);
        return [.. targets.Select(world.Report)];
    }

    /// <summary>Null for an unknown scenario.</summary>
    public async Task<ScenarioReport?> FindScenarioAsync(Guid id, CancellationToken cancellationToken)
    {
        user.Require(Permissions.DashboardsRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        if (await unit.Context.Scenarios.SingleOrDefaultAsync(scenario => scenario.Id == id, cancellationToken) is not { } scenario)
        {
            return null;
        }

        var target = await unit.Context.Targets.SingleAsync(row => row.Id == scenario.TargetId, cancellationToken);
        return (await TargetWorld.ReadAsync(unit, withTypes: true, cancellationToken)).Report(scenario, target);
    }

    /// <summary>Those of a target, by name.</summary>
    public async Task<IReadOnlyList<ScenarioReport>> ListScenariosAsync(Guid targetId, CancellationToken cancellationToken)
    {
        user.Require(Permissions.DashboardsRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        var scenarios = await unit.Context.Scenarios.Where(scenario => scenario.TargetId == targetId).OrderBy(scenario => scenario.Name).ToListAsync(cancellationToken);
        if (scenarios.Count == 0)
        {
            return [];
        }

        var target = await unit.Context.Targets.SingleAsync(row => row.Id == targetId, cancellationToken);
        var world = await TargetWorld.ReadAsync(unit, withTypes: true, cancellationToken);
        return [.. scenarios.Select(scenario => world.Report(scenario, target))];
    }

    /// <summary>Reporting periods, the latest first: what a target can start from.</summary>
    public async Task<IReadOnlyList<ReportingPeriod>> ListPeriodsAsync(CancellationToken cancellationToken)
    {
        user.Require(Permissions.DashboardsRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await unit.Context.ReportingPeriods.OrderByDescending(period => period.FirstDay).ToListAsync(cancellationToken);
    }

    /// <summary>Sites and activity types that a period's ledger holds, by which a lever says what it reaches.</summary>
    public async Task<IReadOnlyList<ScenarioSource>> ListSourcesAsync(Guid targetId, Guid startPeriodId, CancellationToken cancellationToken)
    {
        user.Require(Permissions.DashboardsRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        var target = await unit.Context.Targets.SingleOrDefaultAsync(row => row.Id == targetId, cancellationToken);
        var world = await TargetWorld.ReadAsync(unit, withTypes: true, cancellationToken);
        return target is null || world.Periods.SingleOrDefault(period => period.Id == startPeriodId) is not { } start ? [] : world.SourcesOf(target, start);
    }
}
