using System.Globalization;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Calculation.Runs;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Infrastructure.Calculation.Runs;

namespace OffGridFlow.Web.Features.Calculation;

/// <param name="Kind">factors (unless given), method, gwp, boundary or data.</param>
/// <param name="Years">Years of consumption; none: all.</param>
/// <param name="ActivityTypes">Keys; none: all.</param>
/// <param name="Policy">How the organization would calculate; none: as it does now, with the factors as they are now.</param>
internal sealed record RunRequest(string? Kind, string? Title, string? Note, int[]? Years, string[]? ActivityTypes, RunPolicyRequest? Policy)
{
    /// <summary>Null with the problem in words.</summary>
    public RunInput? ToInput(out string? problem)
    {
        problem = null;
        var kind = RunKind.Factors;
        if (Kind is not null && (!Enum.TryParse(Kind, ignoreCase: true, out kind) || !Enum.IsDefined(kind) || int.TryParse(Kind, CultureInfo.InvariantCulture, out _)))
        {
            problem = $"“{Kind}” is no kind of run. Use: factors, method, gwp, boundary, data.";
            return null;
        }

        CalculationPolicy? policy = null;
        if (Policy is not null && (policy = Policy.ToPolicy(out problem)) is null)
        {
            return null;
        }

        return new RunInput(kind, Title ?? "", Note, policy, Years ?? [], ActivityTypes ?? []);
    }
}

/// <param name="Gwp">sar, ar4, ar5, ar6 …</param>
/// <param name="FixedEditions">By family and year of consumption the year of the edition: <c>{"desnz":{"2024":2025}}</c>.</param>
internal sealed record RunPolicyRequest(string? Gwp, string[]? SetOrder, bool? AllowsProxy, Dictionary<string, Dictionary<string, int>>? FixedEditions)
{
    public CalculationPolicy? ToPolicy(out string? problem)
    {
        problem = null;
        var gwp = CalculationPolicy.Default.Gwp;
        if (Gwp is not null && (!Enum.TryParse(Gwp, ignoreCase: true, out gwp) || !Enum.IsDefined(gwp) || int.TryParse(Gwp, CultureInfo.InvariantCulture, out _)))
        {
            problem = $"“{Gwp}” is no set of potentials. Use: {string.Join(", ", Enum.GetNames<GwpSet>()).ToLowerInvariant()}.";
            return null;
        }

        var editions = new Dictionary<(string Family, int Year), int>();
        foreach (var (family, years) in FixedEditions ?? [])
        {
            foreach (var (text, edition) in years)
            {
                if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var year))
                {
                    problem = $"“{text}” is no year. Name fixed editions as {{\"family\":{{\"2024\":2025}}}}.";
                    return null;
                }

                editions[(family, year)] = edition;
            }
        }

        return new CalculationPolicy { Gwp = gwp, SetOrder = SetOrder ?? [], AllowsProxy = AllowsProxy ?? true, FixedEditions = editions };
    }
}

internal sealed record RunDecisionRequest(string? Reason);

internal sealed record RunPolicyResponse(string Gwp, IReadOnlyList<string> SetOrder, bool AllowsProxy, IReadOnlyDictionary<string, IReadOnlyDictionary<string, int>> FixedEditions)
{
    public static RunPolicyResponse? Of(CalculationPolicy? policy) => policy is null ? null : new(
        policy.Gwp.ToString().ToLowerInvariant(), policy.SetOrder, policy.AllowsProxy,
        policy.FixedEditions.GroupBy(edition => edition.Key.Family, StringComparer.Ordinal).ToDictionary(
            family => family.Key,
            IReadOnlyDictionary<string, int> (family) => family.ToDictionary(edition => edition.Key.Year.ToString(CultureInfo.InvariantCulture), edition => edition.Value)));
}

/// <summary>By how much a year moves, with each view of scope 2.</summary>
internal sealed record RunMoveResponse(int Year, decimal LocationKgCo2e, decimal MarketKgCo2e);

/// <param name="HasDifference">It can be read; while the run is calculating, its results are still being written, and it cannot be decided.</param>
internal sealed record RunResponse(
    Guid Id, int Number, string Kind, string Title, string? Note, string State, RunPolicyResponse? Policy, RunPolicyResponse? PolicyBefore, IReadOnlyList<int> Years,
    IReadOnlyList<string> ActivityTypes, long? BaseLedgerNumber, long? ApprovedLedgerNumber, Guid? InverseOf, Guid? JobId, long Entries, long Changed, long Unchanged,
    long NewExceptions, long ClearedExceptions, decimal? Seconds, string ProposedBy, DateTimeOffset ProposedAt, string? DecidedBy, DateTimeOffset? DecidedAt, string? Decision,
    string? Error, long FrozenActivities, long FrozenResults, bool HasDifference, IReadOnlyList<RunMoveResponse> Moves)
{
    public static RunResponse Of(RunRow run) => new(
        run.Id, run.Number, Camel(run.Kind.ToString()), run.Title, run.Note, Camel(run.State.ToString()), RunPolicyResponse.Of(run.Policy), RunPolicyResponse.Of(run.PolicyBefore),
        run.Years, run.ActivityTypes, run.BaseSequence, run.ApprovedSequence, run.InverseOf, run.JobId, run.Entries, run.Changed, run.Entries - run.Changed, run.NewExceptions,
        run.ClearedExceptions, run.Seconds, run.ProposedBy, run.ProposedAt, run.DecidedBy, run.DecidedAt, run.Decision, run.Error,
        run.FrozenEntries, run.FrozenResults, run.HasDifference,
        [.. run.Moves.Select(move => new RunMoveResponse(move.Year, move.LocationKg, move.MarketKg))]);

    internal static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}

internal sealed record RunListResponse(IReadOnlyList<RunResponse> Runs, string? NextCursor);

internal sealed record RunFactorResponse(string Id, string Name, string Edition, string Region, decimal? KgCo2ePerUnit, string Unit)
{
    public static RunFactorResponse? Of(RunFactor? factor) =>
        factor is null ? null : new(factor.Id, factor.Name, factor.Edition, factor.Region, factor.KgCo2ePerUnit, factor.Unit);
}

internal sealed record RunGroupResponse(
    IReadOnlyDictionary<string, string> Keys, decimal BeforeKgCo2e, decimal AfterKgCo2e, decimal DifferenceKgCo2e, long ChangedActivities, RunFactorResponse? FactorBefore,
    RunFactorResponse? FactorAfter)
{
    public static RunGroupResponse Of(RunGroup group) => new(
        group.Keys, group.BeforeKg, group.AfterKg, group.DifferenceKg, group.Entries, RunFactorResponse.Of(group.FactorBefore), RunFactorResponse.Of(group.FactorAfter));
}

/// <summary>A changed activity; kg CO2e of all scopes with each view of scope 2.</summary>
internal sealed record RunEntryResponse(
    Guid ActivityId, string Site, string ActivityType, DateOnly From, DateOnly To, decimal LocationBefore, decimal LocationAfter, decimal MarketBefore, decimal MarketAfter,
    string? ExceptionBefore, string? ExceptionAfter)
{
    public static RunEntryResponse Of(RunEntryRow row) => new(
        row.EntryId, row.Site, row.ActivityType, row.From, row.To, row.LocationBefore, row.LocationAfter, row.MarketBefore, row.MarketAfter, row.FaultBefore, row.FaultAfter);
}

/// <param name="Groups">Empty for rows.</param>
/// <param name="Rows">Empty for groups.</param>
internal sealed record RunDifferenceResponse(
    RunResponse Run, string GroupBy, string Scope2Method, RunGroupResponse? Total, decimal? MeasuredBeforeKgCo2e, decimal? MeasuredAfterKgCo2e, IReadOnlyList<RunGroupResponse> Groups,
    IReadOnlyList<RunEntryResponse> Rows, string? NextCursor);

internal sealed record LedgerTotalResponse(int Year, int Scope, string? Scope2Method, decimal KgCo2e, long Results);

internal sealed record LedgerHashResponse(int Year, string Sha256, long Results);

internal sealed record LedgerStateResponse(long LedgerNumber, DateTimeOffset? At, IReadOnlyList<LedgerTotalResponse> Totals, IReadOnlyList<LedgerHashResponse> Hashes)
{
    public static LedgerStateResponse Of(LedgerState state) => new(
        state.Sequence, state.At, [.. state.Totals.Select(total => new LedgerTotalResponse(total.Year, total.Scope, total.Scope2Method, total.KgCo2e, total.Results))],
        [.. state.Hashes.Select(hash => new LedgerHashResponse(hash.Year, hash.Hash, hash.Results))]);
}
