using System.Globalization;
using Microsoft.AspNetCore.Components;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Calculation.Runs;
using OffGridFlow.Infrastructure.Calculation.Runs;
using OffGridFlow.Infrastructure.Targets;
using OffGridFlow.Web.Features.EmissionFactors;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Web.Features.Calculation;

/// <summary>One run: its difference, and the decision.</summary>
public sealed partial class RunPage
{
    private const int PageSize = 25;

    private static readonly IReadOnlyList<SwitchChoice<RunGrouping>> Groupings =
    [
        new(RunGrouping.Factor, "Factor", "book-open"), new(RunGrouping.Entity, "Entity", "building-2"), new(RunGrouping.Site, "Site", "building-2"),
        new(RunGrouping.Category, "Category", "list-checks"), new(RunGrouping.Year, "Year", "clock"),
    ];

    private RunRow? _run;
    private RunDifference? _location;
    private RunDifference? _market;
    private IReadOnlyList<RunGroup> _groups = [];
    private RunGrouping _grouping = RunGrouping.Factor;
    private List<RunEntryRow> _rows = [];
    private string? _next;
    private string? _obstacle;
    private BaseYearEffects? _effects;
    private string? _note;
    private string? _problem;
    private Failure? _failure;
    private bool _busy;
    private bool _moved;

    [Inject] private ICalculationRuns Runs { get; set; } = default!;
    [Inject] private RunQueries Queries { get; set; } = default!;
    [Inject] private BaseYearService Years { get; set; } = default!;
    [Inject] private NavigationManager Navigation { get; set; } = default!;

    [Parameter] public Guid Id { get; set; }

    protected override string Asked => "Calculation run " + Id.ToString("D");

    protected override bool Running => _run?.State == RunState.Calculating;

    /// <summary>One unit for all groups.</summary>
    private MassUnit Unit => Format.MassUnitFor(new[] { _location!.Total.BeforeKg, _location.Total.AfterKg, _market!.Total.BeforeKg }.Max(Math.Abs));

    private MassUnit RowUnit => Format.MassUnitFor(_rows.Max(row => Math.Max(Math.Abs(row.LocationBefore), Math.Abs(row.LocationAfter))));

    private string ChangesTitle => "Largest first, " + (_grouping == RunGrouping.Factor ? "both views of Scope 2" : "location-based");

    private string DecidedTitle => (_run!.State == RunState.Rejected ? "Rejected by " : "Approved by ") + _run.DecidedBy;

    private string MeasuredWords
    {
        get
        {
            if (_location is not { Total: { BeforeKg: > 0, AfterKg: > 0 } total } || _location.MeasuredBefore == _location.MeasuredAfter) return "";
            var (before, after) = (Format.Percent(_location.MeasuredBefore / total.BeforeKg), Format.Percent(_location.MeasuredAfter / total.AfterKg));
            return before == after ? "" : $"The measured share of the total goes from {before} to {after}.";
        }
    }

    protected override Task OnParametersSetAsync() => ReloadAsync(quietly: _run?.Id == Id);

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        var run = await Runs.FindAsync(Id, cancellationToken);
        if (run is null or { State: RunState.Calculating, HasDifference: false })
        {
            (_run, _location, _market, _groups, _rows, _next) = (run, null, null, [], [], null);
            return;
        }

        // Looked at every second while its results are written: what is shown of this attempt stays, and so does how far a reader has gone down the rows.
        if (run.State == RunState.Calculating && _location is not null && (_run?.Id, _run?.Seconds) == (run.Id, run.Seconds))
        {
            (_run, _moved) = (run, false);
            return;
        }

        _location = await Queries.DifferenceAsync(Id, RunGrouping.Scope, Scope2Method.Location, cancellationToken);
        _market = await Queries.DifferenceAsync(Id, RunGrouping.Scope, Scope2Method.Market, cancellationToken);
        _groups = (await Queries.DifferenceAsync(Id, _grouping, Scope2Method.Location, cancellationToken))?.Groups ?? [];
        var page = await Queries.ListEntriesAsync(Id, null, PageSize, cancellationToken);
        (_rows, _next) = ([.. page?.Rows ?? []], page?.NextCursor);
        _obstacle = await Runs.FindObstacleAsync(Id, cancellationToken);
        _effects = run.State == RunState.Proposed ? await Years.FindEffectsAsync(Id, cancellationToken) : null;
        (_run, _moved) = (run, false);
    }

    private async Task GroupAsync(RunGrouping grouping)
    {
        _grouping = grouping;
        _groups = (await Queries.DifferenceAsync(Id, grouping, Scope2Method.Location, Stopped))?.Groups ?? [];
    }

    private async Task MoreAsync()
    {
        var page = await Queries.ListEntriesAsync(Id, _next, PageSize, Stopped);
        _rows.AddRange(page?.Rows ?? []);
        _next = page?.NextCursor;
    }

    private async Task DecideAsync(Func<Guid, string?, CancellationToken, Task<RunOutcomeOf>> decide)
    {
        if (_busy) return;
        (_busy, _problem, _failure) = (true, null, null);
        try
        {
            // Leaving the page does not take a decision back.
            switch (await decide(Id, _note, CancellationToken.None))
            {
                case RunOutcomeOf.Done done when done.Run.Id != Id:
                    Navigation.NavigateTo("/runs/" + done.Run.Id.ToString("D"));
                    break;
                case RunOutcomeOf.Done:
                    _note = null;
                    await ReloadAsync(quietly: true);
                    break;
                case RunOutcomeOf.Moved:
                    await ReloadAsync(quietly: true);
                    _moved = true;
                    break;
                case RunOutcomeOf.Refused refused:
                    _problem = refused.Reason;
                    break;
                case RunOutcomeOf.Invalid invalid:
                    _problem = invalid.Reason;
                    break;
                default:
                    _run = null;
                    break;
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _failure = Failures.Report(exception, "Decide on a calculation run");
        }

        _busy = false;
    }

    /// <summary>What it changes of the policy, and what it is narrowed to.</summary>
    private IEnumerable<string> Facts()
    {
        if (_run is not { } run) yield break;
        if (run.Policy is not { } policy)
        {
            yield return "With the preferences as they are, and the library as it is";
        }
        else
        {
            yield return run.PolicyBefore is { } before && before.Gwp != policy.Gwp
                ? $"Potentials: {FactorWords.Gwp(before.Gwp)} → {FactorWords.Gwp(policy.Gwp)}"
                : $"Potentials: {FactorWords.Gwp(policy.Gwp)}, as they are";
            if (policy.SetOrder.Count > 0) yield return "Order of sets: " + string.Join(", ", policy.SetOrder);
            foreach (var ((family, year), edition) in policy.FixedEditions)
            {
                yield return $"Consumption in {Year(year)} takes {family} {Year(edition)}";
            }

            if (!policy.AllowsProxy) yield return "No factor of another country stands in";
        }

        if (run.Years.Count > 0) yield return "Only consumption in " + string.Join(", ", run.Years.Select(Year));
        if (run.ActivityTypes.Count > 0) yield return "Only " + string.Join(", ", run.ActivityTypes);
        if (run.FrozenEntries > 0) yield return $"Leaves {Format.Count(run.FrozenResults)} results of {Format.Count(run.FrozenEntries)} entries of locked periods as they are";
        if (run.BaseSequence is { } number) yield return $"Rests on the ledger as of number {number.ToString(CultureInfo.InvariantCulture)}";
    }

    private static string Year(int year) => year.ToString(CultureInfo.InvariantCulture);
}
