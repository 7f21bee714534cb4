using Microsoft.EntityFrameworkCore;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Infrastructure.ActivityData;
using OffGridFlow.Infrastructure.Organizations;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Inventory;

/// <summary>A decision as people write it. Members as <see cref="BoundaryDecision"/>.</summary>
public sealed record BoundaryDecisionInput
{
    public BoundaryChoice Choice { get; set; }
    public string? Reason { get; set; }
    public decimal? EstimatedTonnes { get; set; }
    public DateOnly? ReviewOn { get; set; }

    public static BoundaryDecisionInput Of(BoundaryDecision decision) => new()
    {
        Choice = decision.Choice, Reason = decision.Reason, EstimatedTonnes = decision.EstimatedTonnes, ReviewOn = decision.ReviewOn,
    };
}

/// <summary>A category of Scope 3 in a period: what the ledger holds of it, and what was decided.</summary>
/// <param name="Category">1 to 15.</param>
/// <param name="KgCo2e">What the ledger holds of it, submitted and approved.</param>
/// <param name="Activities">Activities in the ledger, with and without a result.</param>
/// <param name="WithoutResult">Those of them that have no figure.</param>
/// <param name="Versions">What was decided, the latest first; empty: nothing yet.</param>
public sealed record CategoryScreening(int Category, decimal KgCo2e, long Activities, long WithoutResult, IReadOnlyList<BoundaryDecision> Versions)
{
    /// <summary>The decision that counts; null where there is none.</summary>
    public BoundaryDecision? Decision => Versions is [var latest, ..] ? latest : null;
}

/// <summary>Decides, for each period, on all 15 categories of Scope 3 (docs/methods/scope3-screening.md).</summary>
public sealed class BoundaryDecisions(TenantDatabase database, CurrentUser user, TimeProvider time)
{
    public const int ReasonLength = 2000;

    /// <summary>The 15 categories, in their order; null where there is no such period.</summary>
    public async Task<IReadOnlyList<CategoryScreening>?> ListAsync(Guid periodId, CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        if (await Editing.FindAsync<ReportingPeriod>(unit, periodId, cancellationToken) is not { } period)
        {
            return null;
        }

        var held = await HeldAsync(unit, period, cancellationToken);
        var decisions = (await unit.Context.BoundaryDecisions.Where(decision => decision.PeriodId == periodId).OrderByDescending(decision => decision.Version).ToListAsync(cancellationToken))
            .ToLookup(decision => decision.Category);
        return [.. Enumerable.Range(BoundaryDecision.FirstCategory, BoundaryDecision.LastCategory).Select(category =>
        {
            var (kg, activities, without) = held.GetValueOrDefault(category);
            return new CategoryScreening(category, kg, activities, without, [.. decisions[category]]);
        })];
    }

    /// <param name="version">The one that was seen; 0 where there was none.</param>
    public async Task<Edit<BoundaryDecision>> DecideAsync(Guid periodId, int category, int version, BoundaryDecisionInput input, CancellationToken cancellationToken)
    {
        var actor = user.Require(Permissions.CalculationsPropose);
        await using var unit = await database.OpenAsync(cancellationToken);
        await Editing.LockAsync(unit, cancellationToken);
        var (period, latest, obstacle) = await SeenAsync(unit, periodId, category, version, cancellationToken);
        if (obstacle is not null)
        {
            return obstacle;
        }

        var (kg, _, _) = (await HeldAsync(unit, period!, cancellationToken)).GetValueOrDefault(category);
        var faults = FaultsOf(input, kg);
        if (faults.Count > 0)
        {
            return new Edit<BoundaryDecision>.Refused(faults);
        }

        return await AddAsync(
            unit, period!, latest, "boundary-decision.made",
            new BoundaryDecision
            {
                TenantId = actor.TenantId, PeriodId = periodId, Category = category, Version = version + 1, Choice = input.Choice, Reason = Faults.Clean(input.Reason),
                EstimatedTonnes = input.Choice == BoundaryChoice.Excluded ? input.EstimatedTonnes : null, ReviewOn = input.ReviewOn, AuthorId = actor.Id, Author = actor.DisplayName,
                At = time.GetUtcNow(),
            },
            cancellationToken);
    }

    /// <summary>Agrees with the decision that stands; where the organization asks for a second person, not with one's own.</summary>
    /// <param name="version">The one that was seen.</param>
    public async Task<Edit<BoundaryDecision>> ApproveAsync(Guid periodId, int category, int version, CancellationToken cancellationToken)
    {
        var actor = user.Require(Permissions.CalculationsApprove);
        await using var unit = await database.OpenAsync(cancellationToken);
        await Editing.LockAsync(unit, cancellationToken);
        var (period, latest, obstacle) = await SeenAsync(unit, periodId, category, version, cancellationToken);
        if (obstacle is not null)
        {
            return obstacle;
        }

        if (latest is null || latest.ApprovedAt is not null)
        {
            return new Edit<BoundaryDecision>.Held(latest is null ? "Nothing is decided yet: there is nothing to approve." : $"{latest.ApprovedBy} has approved it already.");
        }

        if (latest.AuthorId == actor.Id && (await ActivityEntries.RuleAsync(unit, cancellationToken)).AsksForSecondPerson)
        {
            return new Edit<BoundaryDecision>.Held("You decided it yourself. Your organization asks that a second person approves.");
        }

        return await AddAsync(
            unit, period!, latest, "boundary-decision.approved",
            new BoundaryDecision
            {
                TenantId = actor.TenantId, PeriodId = periodId, Category = category, Version = version + 1, Choice = latest.Choice, Reason = latest.Reason,
                EstimatedTonnes = latest.EstimatedTonnes, ReviewOn = latest.ReviewOn, AuthorId = latest.AuthorId, Author = latest.Author, At = latest.At, ApprovedById = actor.Id,
                ApprovedBy = actor.DisplayName, ApprovedAt = time.GetUtcNow(),
            },
            cancellationToken);
    }

    private static async Task<(ReportingPeriod? Period, BoundaryDecision? Latest, Edit<BoundaryDecision>? Obstacle)> SeenAsync(
        TenantUnit unit, Guid periodId, int category, int version, CancellationToken cancellationToken)
    {
        if (category is < BoundaryDecision.FirstCategory or > BoundaryDecision.LastCategory || await Editing.FindAsync<ReportingPeriod>(unit, periodId, cancellationToken) is not { } period)
        {
            return (null, null, new Edit<BoundaryDecision>.Gone());
        }

        if (period.State != ReportingPeriodState.Open)
        {
            return (period, null, new Edit<BoundaryDecision>.Held($"{period.Name} is {(period.State == ReportingPeriodState.Filed ? "filed: its decisions stand" : "locked. Reopen it first, then decide")}."));
        }

        var latest = await unit.Context.BoundaryDecisions.Where(decision => decision.PeriodId == periodId && decision.Category == category)
            .OrderByDescending(decision => decision.Version).FirstOrDefaultAsync(cancellationToken);
        return (period, latest, (latest?.Version ?? 0) == version ? null : new Edit<BoundaryDecision>.Stale());
    }

    private static async Task<Edit<BoundaryDecision>> AddAsync(
        TenantUnit unit, ReportingPeriod period, BoundaryDecision? former, string action, BoundaryDecision decision, CancellationToken cancellationToken)
    {
        unit.Context.BoundaryDecisions.Add(decision);
        var (was, now) = Editing.Difference(former is null ? new BoundaryDecisionInput() : BoundaryDecisionInput.Of(former), BoundaryDecisionInput.Of(decision));
        unit.Audit(action, FormattableString.Invariant($"boundary-decision/{period.Id}/{decision.Category}"), new { Period = period.Name, decision.Category, decision.Choice, decision.Version }, was, now);
        await unit.CommitAsync(cancellationToken);
        return new Edit<BoundaryDecision>.Done(decision);
    }

    /// <summary>kg CO2e and results of each category in the months of the period.</summary>
    private static async Task<Dictionary<int, (decimal Kg, long Activities, long WithoutResult)>> HeldAsync(TenantUnit unit, ReportingPeriod period, CancellationToken cancellationToken) =>
        (await unit.Connection.ListAsync(
            """
            select category, sum(kg_co2e), sum(activities)::bigint, sum(activities_without_result)::bigint from monthly_totals
            where scope = 3 and category > 0 and month between date_trunc('month', $1::date) and $2 and not comparison_only group by category
            """,
            row => (Category: row.GetInt32(0), Held: (row.GetDecimal(1), row.GetInt64(2), row.GetInt64(3))), cancellationToken, period.FirstDay, period.LastDay))
        .ToDictionary(row => row.Category, row => row.Held);

    private static Faults FaultsOf(BoundaryDecisionInput input, decimal heldKg)
    {
        var faults = new Faults();
        faults.Optional("reason", input.Reason, ReasonLength);
        if (input.Choice != BoundaryChoice.Included && string.IsNullOrWhiteSpace(input.Reason))
        {
            faults.Add("reason", input.Choice == BoundaryChoice.Excluded
                ? "Say why it is left out: the reason is printed with the inventory." : "Say why there is nothing of the kind, in a sentence that an auditor can check.");
        }

        if (input.Choice == BoundaryChoice.Excluded && input.EstimatedTonnes is null)
        {
            faults.Add("estimatedTonnes", "Say what it may come to, t CO2e: without a figure nobody can judge what is left out. Zero is a figure too.");
        }

        faults.Amount("estimatedTonnes", input.EstimatedTonnes, "A mass");
        if (input.Choice == BoundaryChoice.NotApplicable && heldKg != 0)
        {
            faults.Add("choice", FormattableString.Invariant($"The ledger holds {decimal.Round(heldKg / 1000m, 3):0.###} t CO2e of this category in the period: it does apply. Include it, or exclude it with a reason."));
        }

        return faults;
    }
}
