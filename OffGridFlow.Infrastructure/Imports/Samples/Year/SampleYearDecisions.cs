using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Calculation.Runs;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Core.Targets;
using OffGridFlow.Infrastructure.Calculation;
using OffGridFlow.Infrastructure.Calculation.Runs;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Infrastructure.Organizations;
using OffGridFlow.Infrastructure.Targets;

namespace OffGridFlow.Infrastructure.Imports.Samples.Year;

/// <summary>What is decided in the sample year: categories, base year, targets, the lock of the first year, and a run that waits for a second person.</summary>
internal sealed class SampleYearDecisions(
    CurrentUser user, PeriodService periods, BoundaryDecisions boundary, BaseYearService baseYear, TargetService targets, InventoryLocks locks, CalculationSettings settings, ICalculationRuns runs)
{
    /// <summary>Decided by the second person in the open year, and left to whoever looks at the sample to approve.</summary>
    private const int WaitingCategory = 10;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    /// <summary>The reason is null where the category is included.</summary>
    private static readonly (int Category, string? Reason, decimal? Tonnes)[] Choices =
    [
        (1, null, null), (2, null, null), (3, null, null), (4, null, null), (5, null, null), (6, null, null), (7, null, null),
        (8, "Every building and vehicle that the group rents is under its operational control and stands in Scopes 1 and 2.", null),
        (9, null, null),
        (WaitingCategory, "Customers build the parts into machines of their own; no data of their assembly are to be had yet. A survey of the ten largest is planned.", 850m),
        (11, "Machine parts use no energy of their own and hold no greenhouse gas.", null),
        (12, "Parts are steel and are melted down with the machine; estimated from the tonnes sold.", 110m),
        (13, "The group lets nothing.", null), (14, "The group has no franchises.", null), (15, "The group holds no investments beside its subsidiaries.", null),
    ];

    public async Task DecideAsync(SampleYearCrew crew, CancellationToken cancellationToken)
    {
        foreach (var year in new[] { SampleYear.First, SampleYear.Second })
        {
            var period = await PeriodAsync(year, cancellationToken);
            var standing = await boundary.ListAsync(period.Id, cancellationToken) ?? [];
            foreach (var (category, reason, tonnes) in period.State == ReportingPeriodState.Open ? Choices : [])
            {
                var waits = year == SampleYear.Second && category == WaitingCategory;
                var decision = standing.First(row => row.Category == category).Decision ?? await DecideAsync(waits ? crew.Reviewer : crew.Preparer, period.Id, category, reason, tonnes, cancellationToken);
                if (decision.ApprovedAt is null && !waits)
                {
                    using var acting = user.ActAs(crew.Reviewer);
                    SampleYear.Done(await boundary.ApproveAsync(period.Id, category, decision.Version, cancellationToken), "The decision on a category was not approved");
                }
            }
        }
    }

    /// <summary>The base year, and the targets that start from it.</summary>
    public async Task AimAsync(SampleYearCrew crew, CancellationToken cancellationToken)
    {
        var period = await PeriodAsync(SampleYear.First, cancellationToken);
        var policy = (await baseYear.ReadAsync(cancellationToken)).Policy;
        if (policy is null)
        {
            using var acting = user.ActAs(crew.Preparer);
            var input = new BaseYearPolicyInput { PeriodId = period.Id, Grouping = SignificanceGrouping.Scope3Apart, Reason = "The first year with data of all plants." };
            policy = SampleYear.Done(await baseYear.SaveAsync(0, input, cancellationToken), "The base year");
        }

        if (policy.ApprovedAt is null)
        {
            using var acting = user.ActAs(crew.Reviewer);
            SampleYear.Done(await baseYear.ApproveAsync(policy.Version, cancellationToken), "The base year was not approved");
        }

        var known = await targets.ListAsync(cancellationToken);
        foreach (var (name, scopes, view, reduction) in new[]
            { ("Scopes 1 and 2 by 2030", new[] { 1, 2 }, Scope2Method.Market, 0.42m), ("All scopes by 2030", new[] { 1, 2, 3 }, Scope2Method.Location, 0.3m) })
        {
            if (!known.Any(target => target.Name == name))
            {
                using var acting = user.ActAs(crew.Preparer);
                var input = new TargetInput
                {
                    Name = name, Kind = TargetKind.Absolute, Scopes = scopes, Scope2Method = view, BasePeriodId = period.Id, TargetYear = 2030, Path = TargetPathKind.Linear, Reduction = reduction,
                    Note = "Invented: not validated by anybody.",
                };
                SampleYear.Done(await targets.CreateAsync(input, cancellationToken), name);
            }
        }
    }

    /// <summary>One asks, the other locks.</summary>
    public async Task LockAsync(SampleYearCrew crew, CancellationToken cancellationToken)
    {
        var period = await PeriodAsync(SampleYear.First, cancellationToken);
        if (period.State != ReportingPeriodState.Open)
        {
            return;
        }

        if ((await locks.FindAsync(period.Id, cancellationToken))?.Asked is null)
        {
            using var asking = user.ActAs(crew.Preparer);
            SampleYear.Done(await locks.LockAsync(period.Id, "The figures were reviewed for the annual report.", null, cancellationToken), $"{period.Name} was not locked");
        }

        using var deciding = user.ActAs(crew.Reviewer);
        SampleYear.Done(await locks.LockAsync(period.Id, null, null, cancellationToken), $"{period.Name} was not locked");
    }

    /// <summary>Newer potentials for the open year: the difference is there to be looked at, and nothing of it counts.</summary>
    public async Task ProposeAsync(SampleYearCrew crew, CancellationToken cancellationToken)
    {
        using var acting = user.ActAs(crew.Reviewer);
        if ((await runs.ListAsync(null, 1, cancellationToken)).Rows.Count > 0)
        {
            return;
        }

        var policy = (await settings.FindAsync(cancellationToken)).Policy with { Gwp = GwpSet.Ar6 };
        var proposed = await runs.ProposeAsync(
            new RunInput(RunKind.Gwp, "Potentials of the Sixth Assessment Report", "To see what the newer potentials would change before anybody decides.", policy, [SampleYear.Second], []),
            cancellationToken);
        var run = SampleYear.Of<RunOutcomeOf.Done>(proposed, "The calculation run was not proposed").Run;
        while (run.State == RunState.Calculating)
        {
            await Task.Delay(Look, cancellationToken);
            run = await runs.FindAsync(run.Id, cancellationToken) ?? throw SampleYear.Stopped("the calculation run is not there");
        }
    }

    private async Task<BoundaryDecision> DecideAsync(Actor author, Guid periodId, int category, string? reason, decimal? tonnes, CancellationToken cancellationToken)
    {
        using var acting = user.ActAs(author);
        var choice = reason is null ? BoundaryChoice.Included : tonnes is null ? BoundaryChoice.NotApplicable : BoundaryChoice.Excluded;
        return SampleYear.Done(
            await boundary.DecideAsync(periodId, category, 0, new BoundaryDecisionInput { Choice = choice, Reason = reason, EstimatedTonnes = tonnes }, cancellationToken),
            "The decision on a category");
    }

    private async Task<ReportingPeriod> PeriodAsync(int year, CancellationToken cancellationToken) =>
        (await periods.ListAsync(cancellationToken)).First(period => period.Name == SampleYear.PeriodName(year));
}
