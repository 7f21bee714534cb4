using Microsoft.EntityFrameworkCore;
using OffGridFlow.Core.Assurance;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Infrastructure.Organizations;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Assurance;

/// <summary>What an auditor sets. Members as <see cref="AssuranceMateriality"/>.</summary>
public sealed record MaterialityInput
{
    public MaterialityBasis Basis { get; set; }
    public decimal? Percent { get; set; } = AssuranceMateriality.UsualPercent;
    public Scope2Method View { get; set; }

    /// <summary>With <see cref="MaterialityBasis.Mass"/>.</summary>
    public decimal? MaterialityKg { get; set; }
    public decimal? PerformancePercent { get; set; } = AssuranceMateriality.UsualPerformancePercent;
    public decimal? TrivialPercent { get; set; } = AssuranceMateriality.UsualTrivialPercent;
    public string? Reason { get; set; }

    public static MaterialityInput Of(AssuranceMateriality set) => new()
    {
        Basis = set.Basis, Percent = set.Percent, View = set.View, MaterialityKg = set.Basis == MaterialityBasis.Mass ? set.MaterialityKg : null,
        PerformancePercent = set.PerformancePercent, TrivialPercent = set.TrivialPercent, Reason = set.Reason,
    };
}

/// <param name="Versions">The latest first; empty: nothing is set.</param>
/// <param name="TotalKg">Of the period, as the ledger stands, in the view that is asked for.</param>
public sealed record MaterialityState(ReportingPeriod Period, decimal TotalKg, IReadOnlyList<AssuranceMateriality> Versions)
{
    public AssuranceMateriality? Current => Versions is [var latest, ..] ? latest : null;
}

/// <summary>A sample whose items are not all checked: it projects nothing yet.</summary>
public sealed record UnfinishedSample(int Number, int Checked, int Items);

/// <param name="NotQuantified">Findings without a number that are not settled.</param>
public sealed record StandingState(
    MaterialityState Materiality, Scope2Method View, MisstatementSummary Summary, IReadOnlyList<FindingRow> NotQuantified, IReadOnlyList<UnfinishedSample> Unfinished);

/// <summary>Materiality of a period, and what is not corrected against it.</summary>
internal sealed class AssuranceStanding(TenantDatabase database, CurrentUser user, TimeProvider time)
{
    /// <summary>Null where there is no such period.</summary>
    public async Task<MaterialityState?> FindMaterialityAsync(Guid periodId, Scope2Method view, CancellationToken cancellationToken)
    {
        user.Require(Permissions.AssuranceRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await StateAsync(unit, periodId, view, cancellationToken);
    }

    /// <param name="version">The one that was seen; 0 where there was none.</param>
    public async Task<Edit<AssuranceMateriality>> SetAsync(Guid periodId, int version, MaterialityInput input, CancellationToken cancellationToken)
    {
        var actor = user.Require(Permissions.AssuranceWrite);
        await using var unit = await database.OpenAsync(cancellationToken);
        await AssuranceWork.LockAsync(unit, cancellationToken);
        if (await StateAsync(unit, periodId, input.View, cancellationToken) is not { } state)
        {
            return new Edit<AssuranceMateriality>.Gone();
        }

        if ((state.Current?.Version ?? 0) != version)
        {
            return new Edit<AssuranceMateriality>.Stale();
        }

        var faults = FaultsOf(input, state.TotalKg);
        if (faults.Count > 0)
        {
            return new Edit<AssuranceMateriality>.Refused(faults);
        }

        var kg = input.Basis == MaterialityBasis.Percent ? AssuranceMateriality.Share(state.TotalKg, input.Percent!.Value) : input.MaterialityKg!.Value;
        var set = new AssuranceMateriality
        {
            TenantId = actor.TenantId, PeriodId = periodId, Version = version + 1, Basis = input.Basis, Percent = input.Basis == MaterialityBasis.Percent ? input.Percent : null,
            BaseKg = state.TotalKg, View = input.View,
            LedgerSequence = await unit.Connection.ScalarAsync<long>("select value from ledger_sequences where tenant_id = current_tenant()", cancellationToken),
            MaterialityKg = kg, PerformancePercent = input.PerformancePercent!.Value, PerformanceKg = AssuranceMateriality.Share(kg, input.PerformancePercent.Value),
            TrivialPercent = input.TrivialPercent!.Value, TrivialKg = AssuranceMateriality.Share(kg, input.TrivialPercent.Value), Reason = input.Reason!.Trim(), AuthorId = actor.Id,
            Author = actor.DisplayName, At = time.GetUtcNow(),
        };
        unit.Context.Add(set);
        var (was, now) = Editing.Difference(state.Current is null ? new MaterialityInput() : MaterialityInput.Of(state.Current), MaterialityInput.Of(set));
        unit.Audit(
            "assurance-materiality.set", $"assurance-materiality/{periodId}",
            new { Period = state.Period.Name, set.Version, set.MaterialityKg, set.PerformanceKg, set.TrivialKg, set.BaseKg, Ledger = set.LedgerSequence }, was, now);
        await unit.CommitAsync(cancellationToken);
        return new Edit<AssuranceMateriality>.Done(set);
    }

    /// <summary>All that is not corrected, and what samples project beyond it; null where there is no such period.</summary>
    public async Task<StandingState?> SummarizeAsync(Guid periodId, Scope2Method view, CancellationToken cancellationToken)
    {
        user.Require(Permissions.AssuranceRead);
        await using var unit = await database.OpenAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
        return await SummarizeAsync(unit, periodId, view, cancellationToken);
    }

    internal static async Task<StandingState?> SummarizeAsync(TenantUnit unit, Guid periodId, Scope2Method view, CancellationToken cancellationToken)
    {
        if (await StateAsync(unit, periodId, view, cancellationToken) is not { } state)
        {
            return null;
        }

        var findings = await FindingReading.ListAsync(unit, periodId, cancellationToken);
        var unsettled = findings.Where(row => row.Latest.Status is not (FindingStatus.Corrected or FindingStatus.Withdrawn)).ToList();
        var misstatements = unsettled.Where(row => row.Latest is { EffectKg: not (null or 0) } latest && (latest.View ?? view) == view)
            .Select(row => new Misstatement(row.Name, row.Latest.Title, row.Latest.Kind, row.Latest.Scope!.Value, row.Latest.EffectKg!.Value)).ToList();
        var told = findings.Where(row => row.Latest.Status != FindingStatus.Withdrawn && row.Latest.ResultId is not null).Select(row => row.Latest.ResultId!.Value).ToHashSet();
        var unfinished = new List<UnfinishedSample>();
        foreach (var sample in await unit.Context.AssuranceSamples.Where(sample => sample.PeriodId == periodId && sample.SetAsideAt == null).OrderBy(sample => sample.Number).ToListAsync(cancellationToken))
        {
            // A population of scope 1 or 3 is the same in both views.
            if (sample.View != view && sample.Scope is null or 2)
            {
                continue;
            }

            var items = await SampleReading.ListItemsAsync(unit, sample, cancellationToken);
            var projection = SampleReading.Project(sample, items);
            if (projection.Projected is null)
            {
                unfinished.Add(new UnfinishedSample(sample.Number, projection.Checked, projection.Items));
                continue;
            }

            // A difference that a finding tells counts there, or is corrected: of such an item only what it stands for beyond itself is left.
            misstatements.AddRange(items.Zip(projection.Projected)
                .Select(pair => (pair.First.Scope, Kg: pair.Second - (told.Contains(pair.First.Item.ResultId) ? pair.First.ToChecked().FoundKg : 0m)))
                .GroupBy(row => (row.Scope, IsOver: row.Kg > 0)).OrderBy(group => group.Key.Scope)
                .Select(group => new Misstatement(
                    FormattableString.Invariant($"S-{sample.Number}"), FormattableString.Invariant($"Projected from sample {sample.Number}"), FindingKind.ProjectedMisstatement, group.Key.Scope,
                    group.Sum(row => row.Kg)))
                .Where(misstatement => misstatement.Kg != 0));
        }

        return new StandingState(
            state, view, MisstatementSummary.Of(misstatements, state.Current), [.. unsettled.Where(row => row.Latest.EffectKg is null)], unfinished);
    }

    /// <summary>What is set; null where nothing is.</summary>
    internal static Task<AssuranceMateriality?> MaterialityAsync(TenantUnit unit, Guid periodId, CancellationToken cancellationToken) =>
        unit.Context.AssuranceMaterialities.Where(set => set.PeriodId == periodId).OrderByDescending(set => set.Version).FirstOrDefaultAsync(cancellationToken);

    private static async Task<MaterialityState?> StateAsync(TenantUnit unit, Guid periodId, Scope2Method view, CancellationToken cancellationToken)
    {
        if (await AssuranceWork.PeriodAsync(unit, periodId, cancellationToken) is not { } period)
        {
            return null;
        }

        var total = await unit.Connection.ScalarAsync<decimal>(
            "select coalesce(sum(kg_co2e), 0) from monthly_totals where month between $1 and $2 and scope2_method in ('', $3) and not comparison_only", cancellationToken,
            AssuranceWork.MonthOf(period.FirstDay), AssuranceWork.MonthOf(period.LastDay), view.ToString());
        var versions = await unit.Context.AssuranceMaterialities.Where(set => set.PeriodId == periodId).OrderByDescending(set => set.Version).ToListAsync(cancellationToken);
        return new MaterialityState(period, total, versions);
    }

    private static Faults FaultsOf(MaterialityInput input, decimal totalKg)
    {
        var faults = new Faults();
        if (input.Basis == MaterialityBasis.Mass)
        {
            faults.Mass("materialityKg", input.MaterialityKg);
            if (input.MaterialityKg is null or 0)
            {
                faults.Add("materialityKg", "Say the mass, kg CO2e, above zero.");
            }
        }
        else
        {
            Percent(faults, "percent", input.Percent);
            if (totalKg <= 0)
            {
                faults.Add("percent", "The ledger holds nothing above zero in this period, of which a share could be taken. Give a mass instead.");
            }
        }

        Percent(faults, "performancePercent", input.PerformancePercent);
        Percent(faults, "trivialPercent", input.TrivialPercent);
        if (faults.Count == 0 && input.TrivialPercent >= input.PerformancePercent)
        {
            faults.Add("trivialPercent", "What is clearly trivial lies far below performance materiality. Write a smaller share.");
        }

        faults.Required("reason", input.Reason, PaperLengths.Text, "Say why this is material to whoever relies on the statement");
        return faults;
    }

    private static void Percent(Faults faults, string field, decimal? percent)
    {
        if (percent is not (> 0m and <= 100m) || decimal.Round(percent.Value, 6) != percent)
        {
            faults.Add(field, "Write percent above 0 and at most 100, with at most six decimals.");
        }
    }
}
