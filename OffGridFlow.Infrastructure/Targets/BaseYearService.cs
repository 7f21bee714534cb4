using Microsoft.EntityFrameworkCore;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Core.Targets;
using OffGridFlow.Infrastructure.ActivityData;
using OffGridFlow.Infrastructure.Organizations;
using OffGridFlow.Infrastructure.Persistence;

namespace OffGridFlow.Infrastructure.Targets;

/// <summary>A policy as people write it. Members as <see cref="BaseYearPolicy"/>.</summary>
public sealed record BaseYearPolicyInput
{
    public Guid? PeriodId { get; set; }
    public ConsolidationApproach Approach { get; set; } = ConsolidationApproach.OperationalControl;
    public decimal? Threshold { get; set; } = BaseYearPolicy.DefaultThreshold;
    public SignificanceGrouping Grouping { get; set; }
    public bool OnStructural { get; set; } = true;
    public bool OnMethod { get; set; } = true;
    public bool OnError { get; set; } = true;
    public string? Reason { get; set; }

    public static BaseYearPolicyInput Of(BaseYearPolicy policy) => new()
    {
        PeriodId = policy.PeriodId, Approach = policy.Approach, Threshold = policy.Threshold, Grouping = policy.Grouping, OnStructural = policy.OnStructural,
        OnMethod = policy.OnMethod, OnError = policy.OnError, Reason = policy.Reason,
    };
}

/// <summary>Policy, decisions and what is open.</summary>
/// <param name="Policies">All versions, the latest first.</param>
/// <param name="Decisions">All, the latest first; of one that was approved, both versions.</param>
/// <param name="Effects">Null where no policy is approved yet.</param>
public sealed record BaseYearView(IReadOnlyList<BaseYearPolicy> Policies, IReadOnlyList<BaseYearDecision> Decisions, BaseYearEffects? Effects, IReadOnlyList<PeriodComparative> Comparatives)
{
    /// <summary>What was written last, approved or not.</summary>
    public BaseYearPolicy? Policy => Policies is [var latest, ..] ? latest : null;

    /// <summary>A decision that nobody has approved yet.</summary>
    public BaseYearDecision? Waiting => Decisions is [{ ApprovedAt: null } latest, ..] ? latest : null;
}

/// <summary>A period beside what was reported of it. kg CO2e that count.</summary>
/// <param name="Reported">As reported; null where nothing was locked or filed.</param>
/// <param name="Restated">As the ledger stands, each day with the group as it was on it.</param>
/// <param name="ProForma">The same with the group as it is now, on all days.</param>
/// <param name="IsEmpty">True where the ledger holds nothing of the period, which is not zero.</param>
public sealed record PeriodComparative(ReportingPeriod Period, ScopeKilograms? Reported, ScopeKilograms Restated, ScopeKilograms ProForma, long Missing, bool IsEmpty);

/// <summary>Base year: its policy, what changes it, and what is decided about that. Append-only; a second person approves.</summary>
public sealed class BaseYearService(TenantDatabase database, CurrentUser user, TimeProvider time)
{
    public const int ReasonLength = 2000;

    private DateOnly Today => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

    public async Task<BaseYearView> ReadAsync(CancellationToken cancellationToken)
    {
        user.Require(Permissions.DashboardsRead);
        await using var unit = await database.OpenAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
        return new BaseYearView(
            await unit.Context.BaseYearPolicies.OrderByDescending(policy => policy.Version).ToListAsync(cancellationToken),
            await unit.Context.BaseYearDecisions.OrderByDescending(decision => decision.Number).ThenByDescending(decision => decision.Version).ToListAsync(cancellationToken),
            await BaseYearEvaluation.FindAsync(unit, Today, null, cancellationToken), await CompareAsync(unit, cancellationToken));
    }

    /// <summary>What has changed for the base year, and what a proposed run would add to it; null where no policy is approved.</summary>
    /// <param name="runId">A run that is not proposed adds nothing.</param>
    public async Task<BaseYearEffects?> FindEffectsAsync(Guid? runId, CancellationToken cancellationToken)
    {
        user.Require(Permissions.DashboardsRead);
        await using var unit = await database.OpenAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
        return await BaseYearEvaluation.FindAsync(unit, Today, runId, cancellationToken);
    }

    /// <param name="version">The one that was seen; 0 where there was none.</param>
    public async Task<Edit<BaseYearPolicy>> SaveAsync(int version, BaseYearPolicyInput input, CancellationToken cancellationToken)
    {
        var actor = user.Require(Permissions.CalculationsPropose);
        await using var unit = await database.OpenAsync(cancellationToken);
        await Editing.LockAsync(unit, cancellationToken);
        var latest = await LatestAsync(unit, cancellationToken);
        if ((latest?.Version ?? 0) != version)
        {
            return new Edit<BaseYearPolicy>.Stale();
        }

        var faults = await FaultsAsync(unit, latest, input, cancellationToken);
        if (faults.Count > 0)
        {
            return new Edit<BaseYearPolicy>.Refused(faults);
        }

        var policy = Make(actor, input, version + 1, time.GetUtcNow());
        unit.Context.BaseYearPolicies.Add(policy);
        var (was, now) = Editing.Difference(latest is null ? new BaseYearPolicyInput() : BaseYearPolicyInput.Of(latest), BaseYearPolicyInput.Of(policy));
        unit.Audit("base-year-policy.made", FormattableString.Invariant($"base-year-policy/{policy.Version}"), new { policy.Version }, was, now);
        await unit.CommitAsync(cancellationToken);
        return new Edit<BaseYearPolicy>.Done(policy);
    }

    /// <summary>Agrees with the policy that was written last. With the first one, or one of another year or approach, the base year's figures are written down.</summary>
    /// <param name="version">The one that was seen.</param>
    public async Task<Edit<BaseYearPolicy>> ApproveAsync(int version, CancellationToken cancellationToken)
    {
        var actor = user.Require(Permissions.CalculationsApprove);
        await using var unit = await database.OpenAsync(cancellationToken);
        await Editing.LockAsync(unit, cancellationToken);
        var latest = await LatestAsync(unit, cancellationToken);
        if ((latest?.Version ?? 0) != version)
        {
            return new Edit<BaseYearPolicy>.Stale();
        }

        if (latest is null || latest.ApprovedAt is not null)
        {
            return new Edit<BaseYearPolicy>.Held(latest is null ? "There is no policy yet: write one first." : $"{latest.ApprovedBy} has approved it already.");
        }

        if (latest.AuthorId == actor.Id && (await ActivityEntries.RuleAsync(unit, cancellationToken)).AsksForSecondPerson)
        {
            return new Edit<BaseYearPolicy>.Held("You wrote this policy yourself. Your organization asks that a second person approves.");
        }

        var former = await BaseYears.PolicyAsync(unit, cancellationToken);
        var policy = new BaseYearPolicy
        {
            TenantId = actor.TenantId, Version = version + 1, PeriodId = latest.PeriodId, Approach = latest.Approach, Threshold = latest.Threshold, Grouping = latest.Grouping,
            OnStructural = latest.OnStructural, OnMethod = latest.OnMethod, OnError = latest.OnError, Reason = latest.Reason, AuthorId = latest.AuthorId, Author = latest.Author,
            At = latest.At, ApprovedById = actor.Id, ApprovedBy = actor.DisplayName, ApprovedAt = time.GetUtcNow(),
        };
        unit.Context.BaseYearPolicies.Add(policy);
        if (former is null || former.PeriodId != policy.PeriodId || former.Approach != policy.Approach)
        {
            await SetAsync(unit, policy, cancellationToken);
        }

        unit.Audit("base-year-policy.approved", FormattableString.Invariant($"base-year-policy/{policy.Version}"), new { policy.Version });
        await unit.CommitAsync(cancellationToken);
        return new Edit<BaseYearPolicy>.Done(policy);
    }

    /// <summary>Decides whether the base year takes what has changed since its figures were set. It counts once a second person approves.</summary>
    /// <param name="sequence">The ledger number of the effects that were seen.</param>
    public async Task<Edit<BaseYearDecision>> DecideAsync(long sequence, BaseYearChoice choice, string? reason, CancellationToken cancellationToken)
    {
        var actor = user.Require(Permissions.CalculationsPropose);
        await using var unit = await database.OpenAsync(cancellationToken);
        await Editing.LockAsync(unit, cancellationToken);
        await BaseYears.HoldAsync(unit, cancellationToken);
        if (await BaseYearEvaluation.FindAsync(unit, Today, null, cancellationToken) is not { } effects)
        {
            return new Edit<BaseYearDecision>.Held("No base-year policy is approved yet: there is nothing to decide on. Write one, and let a second person approve it.");
        }

        var faults = new Faults();
        faults.Required("reason", reason, ReasonLength, "Say why: the decision and its reason are disclosed with the base year");
        if (choice == BaseYearChoice.Set)
        {
            faults.Add("choice", "Say whether the base year is recalculated or kept.");
        }

        if (faults.Count > 0)
        {
            return new Edit<BaseYearDecision>.Refused(faults);
        }

        if (effects.Sequence != sequence)
        {
            return new Edit<BaseYearDecision>.Stale();
        }

        if (effects.Changes.Count == 0)
        {
            return new Edit<BaseYearDecision>.Held("Nothing has changed for the base year since its figures were set: there is nothing to decide on.");
        }

        var decision = new BaseYearDecision
        {
            TenantId = actor.TenantId, Number = 1 + await unit.Context.BaseYearDecisions.MaxAsync(row => row.Number, cancellationToken), Version = 1,
            PolicyVersion = effects.Policy.Version, Choice = choice, Reason = Faults.Clean(reason), Sequence = effects.Sequence, StructureDay = effects.StructureDay,
            Changes = effects.Changes, Figures = choice == BaseYearChoice.Recalculated ? effects.Figures : effects.Standing.Figures, AuthorId = actor.Id,
            Author = actor.DisplayName, At = time.GetUtcNow(),
        };
        unit.Context.BaseYearDecisions.Add(decision);
        unit.Audit("base-year.decided", FormattableString.Invariant($"base-year-decision/{decision.Number}"), Facts(decision));
        await unit.CommitAsync(cancellationToken);
        return new Edit<BaseYearDecision>.Done(decision);
    }

    /// <summary>Agrees with a decision; where the organization asks for a second person, not with one's own.</summary>
    public async Task<Edit<BaseYearDecision>> ApproveDecisionAsync(int number, CancellationToken cancellationToken)
    {
        var actor = user.Require(Permissions.CalculationsApprove);
        await using var unit = await database.OpenAsync(cancellationToken);
        await Editing.LockAsync(unit, cancellationToken);
        var latest = await unit.Context.BaseYearDecisions.OrderByDescending(row => row.Number).ThenByDescending(row => row.Version).FirstOrDefaultAsync(cancellationToken);
        if (latest is null || number < 1 || number > latest.Number)
        {
            return new Edit<BaseYearDecision>.Gone();
        }

        if (latest.Number != number || latest.ApprovedAt is not null)
        {
            return new Edit<BaseYearDecision>.Held(latest.Number != number ? "Another decision was made since: only the latest is approved." : $"{latest.ApprovedBy} has approved it already.");
        }

        if (latest.AuthorId == actor.Id && (await ActivityEntries.RuleAsync(unit, cancellationToken)).AsksForSecondPerson)
        {
            return new Edit<BaseYearDecision>.Held("You decided it yourself. Your organization asks that a second person approves.");
        }

        await BaseYears.HoldAsync(unit, cancellationToken);
        var effects = await BaseYearEvaluation.FindAsync(unit, latest.StructureDay, null, cancellationToken);
        if (effects is null || effects.Sequence != latest.Sequence || effects.Decided is null)
        {
            return new Edit<BaseYearDecision>.Held("Figures or the group have changed since the decision was made. Nothing was decided now: look at the effects again and decide anew.");
        }

        var decision = Approved(latest, actor, time.GetUtcNow());
        unit.Context.BaseYearDecisions.Add(decision);
        unit.Audit("base-year.decision-approved", FormattableString.Invariant($"base-year-decision/{decision.Number}"), Facts(decision));
        await unit.CommitAsync(cancellationToken);
        return new Edit<BaseYearDecision>.Done(decision);
    }

    /// <summary>The first figures under a policy: as the ledger stands, each day with the group as it was on it.</summary>
    private async Task SetAsync(TenantUnit unit, BaseYearPolicy policy, CancellationToken cancellationToken)
    {
        var period = await unit.Context.ReportingPeriods.SingleAsync(row => row.Id == policy.PeriodId, cancellationToken);
        var sequence = await BaseYears.HoldAsync(unit, cancellationToken);
        var boundary = new GroupBoundary(policy.Approach, await PeriodLedger.StructureAsync(unit, policy.Approach, period.FirstDay, period.LastDay, cancellationToken));
        unit.Context.BaseYearDecisions.Add(new BaseYearDecision
        {
            TenantId = policy.TenantId, Number = 1 + (await unit.Context.BaseYearDecisions.MaxAsync(row => (int?)row.Number, cancellationToken) ?? 0), Version = 1,
            PolicyVersion = policy.Version, Choice = BaseYearChoice.Set, Reason = policy.Reason, Sequence = sequence, StructureDay = period.LastDay, Changes = [],
            Figures = PeriodFigures.Of(
                await PeriodLedger.CellsAsync(unit, period.FirstDay, period.LastDay, withTypes: false, boundary.Divided(period.FirstDay, period.LastDay), cancellationToken), boundary),
            AuthorId = policy.AuthorId,
            Author = policy.Author, At = time.GetUtcNow(), ApprovedById = policy.ApprovedById, ApprovedBy = policy.ApprovedBy, ApprovedAt = policy.ApprovedAt,
        });
    }

    private async Task<IReadOnlyList<PeriodComparative>> CompareAsync(TenantUnit unit, CancellationToken cancellationToken)
    {
        var periods = await unit.Context.ReportingPeriods.OrderByDescending(period => period.FirstDay).ToListAsync(cancellationToken);
        if (periods.Count == 0)
        {
            return [];
        }

        var told = await ReportedFigures.ListAsync(unit, cancellationToken);
        var approach = await BaseYears.ApproachAsync(unit, cancellationToken);
        var boundary = new GroupBoundary(approach, await PeriodLedger.StructureAsync(unit, approach, periods[^1].FirstDay, periods[0].LastDay, cancellationToken));
        var (first, last) = (periods[^1].FirstDay, periods[0].LastDay);
        var cells = await PeriodLedger.CellsAsync(unit, first, last, withTypes: false, boundary.Divided(first, last), cancellationToken);
        return
        [
            .. periods.Select(period => (Period: period, Cells: cells.In(period).ToList())).Select(held => new PeriodComparative(
                held.Period, told.GetValueOrDefault(held.Period.Id), ScopeKilograms.Of(PeriodFigures.Of(held.Cells, boundary)),
                ScopeKilograms.Of(PeriodFigures.Of(held.Cells, boundary.On(Today))), held.Cells.Where(cell => cell.Method != Core.Calculation.Scope2Method.Market).Sum(cell => cell.Missing), held.Cells.Count == 0)),
        ];
    }

    private static Task<BaseYearPolicy?> LatestAsync(TenantUnit unit, CancellationToken cancellationToken) =>
        unit.Context.BaseYearPolicies.OrderByDescending(policy => policy.Version).FirstOrDefaultAsync(cancellationToken);

    private static BaseYearPolicy Make(Actor actor, BaseYearPolicyInput input, int version, DateTimeOffset at) => new()
    {
        TenantId = actor.TenantId, Version = version, PeriodId = input.PeriodId!.Value, Approach = input.Approach, Threshold = input.Threshold!.Value, Grouping = input.Grouping,
        OnStructural = input.OnStructural, OnMethod = input.OnMethod, OnError = input.OnError, Reason = Faults.Clean(input.Reason), AuthorId = actor.Id, Author = actor.DisplayName, At = at,
    };

    private static BaseYearDecision Approved(BaseYearDecision decision, Actor actor, DateTimeOffset at) => new()
    {
        TenantId = decision.TenantId, Number = decision.Number, Version = decision.Version + 1, PolicyVersion = decision.PolicyVersion, Choice = decision.Choice,
        Reason = decision.Reason, Sequence = decision.Sequence, StructureDay = decision.StructureDay, Changes = decision.Changes, Figures = decision.Figures,
        AuthorId = decision.AuthorId, Author = decision.Author, At = decision.At, ApprovedById = actor.Id, ApprovedBy = actor.DisplayName, ApprovedAt = at,
    };

    private static object Facts(BaseYearDecision decision) => new { decision.Choice, decision.Reason, decision.Sequence, decision.StructureDay, decision.PolicyVersion };

    private static async Task<Faults> FaultsAsync(TenantUnit unit, BaseYearPolicy? former, BaseYearPolicyInput input, CancellationToken cancellationToken)
    {
        var faults = new Faults();
        if (input.PeriodId is not { } id || await Editing.FindAsync<ReportingPeriod>(unit, id, cancellationToken) is null)
        {
            faults.Add("periodId", "Choose the reporting period that later years are compared with.");
        }

        if (input.Threshold is (not > 0) or > 1)
        {
            faults.Add("threshold", "The threshold is above 0 and up to 1: 0.05 is 5 % of the base year's emissions.");
        }

        if (!input.OnStructural && !input.OnMethod && !input.OnError)
        {
            faults.Add("onStructural", "At least one kind of change has to count towards the threshold.");
        }

        faults.Optional("reason", input.Reason, ReasonLength);
        if (former is not null && string.IsNullOrWhiteSpace(input.Reason))
        {
            faults.Add("reason", "Say why the policy changes: the former one stays in the history beside it.");
        }

        return faults;
    }
}
