using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using OffGridFlow.Core.ActivityData;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Infrastructure.ActivityData;
using OffGridFlow.Infrastructure.Organizations;
using OffGridFlow.Web.Features.Identity;
using OffGridFlow.Web.Features.Organizations;
using OffGridFlow.Web.Shared;
using Radzen;

namespace OffGridFlow.Web.Features.ActivityData;

public sealed partial class CollectionPage
{
    private const int YearsBack = 6;

    private CompletenessTable? _table;
    private IReadOnlyList<SiteChoice> _sites = [];
    private IReadOnlyList<int> _years = [];
    private (CompletenessRow Row, CompletenessCell Cell)? _opened;
    private Register<PlannedSource, PlannedSourceInput> _register = default!;
    private int? _loaded;
    private int? _usualYear;
    private string? _refusal;
    private bool _mayWrite;
    private bool _busy;

    [Inject] private CollectionPlan Plan { get; set; } = default!;
    [Inject] private PeriodService Periods { get; set; } = default!;
    [Inject] private CompletenessService Completeness { get; set; } = default!;
    [Inject] private IActivityEntries Entries { get; set; } = default!;
    [Inject] private IActivityEntryQueries Queries { get; set; } = default!;
    [Inject] private EditDesk Desk { get; set; } = default!;
    [Inject] private NavigationManager Navigation { get; set; } = default!;
    [Inject] private NotificationService Notifications { get; set; } = default!;
    [Inject] private TimeProvider Clock { get; set; } = default!;
    [CascadingParameter] private Task<AuthenticationState>? Authentication { get; set; }

    /// <summary>The calendar year that is shown; <see cref="UsualYear"/> if it is not said.</summary>
    [SupplyParameterFromQuery(Name = "year")] public int? AskedYear { get; set; }

    protected override string Asked => "Data collection";

    private DateOnly Today => DateOnly.FromDateTime(Clock.GetUtcNow().UtcDateTime);

    private int Year => AskedYear is >= 1990 and <= 2100 ? AskedYear.Value : _usualYear ?? Today.Year;

    /// <summary>
    /// Of the latest reporting period that has begun, else of the newest, else this one; of a period across two calendar years the one in which its middle lies.
    /// </summary>
    /// <param name="periods">The latest first.</param>
    internal static int UsualYear(IReadOnlyList<ReportingPeriod> periods, DateOnly today) =>
        (periods.FirstOrDefault(period => period.FirstDay <= today) ?? (periods.Count > 0 ? periods[0] : null)) is { } usual
            ? YearOf(usual) : today.Year;

    private static int YearOf(ReportingPeriod period) => period.FirstDay.AddDays((period.LastDay.DayNumber - period.FirstDay.DayNumber) / 2).Year;

    protected override void OnInitialized() =>
        _register = new("source", source => $"{Queries.FindType(source.ActivityType)?.Name ?? source.ActivityType}", PlannedSourceInput.Of, Plan.CreateAsync, Plan.ChangeAsync, Plan.RemoveAsync);

    protected override Task OnParametersSetAsync()
    {
        if (_loaded == Year) return Task.CompletedTask;
        _opened = null;
        return ReloadAsync();
    }

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        _mayWrite = Authentication is not null && (await Authentication).User.ToActor()?.Allows(Permissions.ActivityDataWrite) == true;
        var periods = await Periods.ListAsync(cancellationToken);
        _usualYear = UsualYear(periods, Today);
        _years = [.. Enumerable.Range(0, YearsBack).Select(back => Today.Year - back).Concat(periods.Select(YearOf)).Append(Year).Distinct().OrderDescending()];
        _sites = await Queries.ListSitesAsync(cancellationToken);
        _table = await Completeness.LoadAsync(new DateOnly(Year, 1, 1), new DateOnly(Year, 12, 31), cancellationToken);
        _loaded = Year;
        if (_opened is { } open)
        {
            // What is open is shown as it is now.
            var row = _table.Rows.FirstOrDefault(row => row.Source.Id == open.Row.Source.Id);
            _opened = row is null ? null : (row, row.Cells.First(cell => cell.Month.Month == open.Cell.Month.Month));
        }
    }

    private void ChooseYear(ChangeEventArgs change) => Navigation.NavigateTo($"/collection?year={change.Value}");

    private void Open((CompletenessRow Row, CompletenessCell Cell) month) =>
        _opened = _opened is { } open && open.Row.Source.Id == month.Row.Source.Id && open.Cell.Month.Month == month.Cell.Month.Month ? null : month;

    private Task EditAsync(PlannedSource? source)
    {
        _refusal = null;
        var input = source is not null
            ? PlannedSourceInput.Of(source)
            : new PlannedSourceInput { SiteId = _sites.Count == 1 ? _sites[0].Id : null, FirstDay = new DateOnly(Year, 1, 1), DueDays = CollectionPlan.UsualDueDays };
        return Desk.EditAsync(
            _register, this, source, input,
            builder =>
            {
                builder.OpenComponent<PlannedSourceFields>(0);
                builder.AddAttribute(1, nameof(PlannedSourceFields.Input), input);
                builder.AddAttribute(2, nameof(PlannedSourceFields.Sites), _sites);
                builder.CloseComponent();
            },
            RefreshAsync);
    }

    private async Task RemoveAsync(PlannedSource source) => _refusal = await Desk.RemoveAsync(_register, this, source, RefreshAsync, Stopped);

    private Task PlanAsync() => DoAsync("Plan what is entered", async () =>
    {
        var added = await Plan.PlanWhatIsEnteredAsync(Stopped);
        Notifications.Tell(
            this, added > 0 ? NotificationSeverity.Success : NotificationSeverity.Info, added > 0 ? "Planned" : "Nothing new",
            added > 0 ? $"{Format.Count(added)} {(added == 1 ? "source" : "sources")}" : "Everything that is entered and counts is in the plan");
    });

    private Task FillAsync((Gap Gap, GapMethod Method) choice) => DoAsync("Fill a gap", async () =>
    {
        switch (await Completeness.FillAsync(_opened!.Value.Row.Source.Id, choice.Gap, choice.Method, Stopped))
        {
            case GapFilled.Done done:
                Tell([done.EntryId], ActivityWords.Quantity(decimal.Round(done.Quantity, 3), done.Unit));
                break;
            case GapFilled.Refused refused:
                _refusal = refused.Reason;
                break;
            default:
                _refusal = "The source is not in the plan any more.";
                break;
        }
    });

    private Task FillAllAsync() => DoAsync("Fill all gaps", async () =>
    {
        var (filled, left) = await Completeness.FillAllAsync(new DateOnly(Year, 1, 1), new DateOnly(Year, 12, 31), Stopped);
        var rest = left == 0 ? "none is left" : $"{Format.Count(left)} {(left == 1 ? "is" : "are")} left, with nothing to estimate from";
        if (filled.Count > 0) Tell(filled, $"{Format.Count(filled.Count)} {(filled.Count == 1 ? "gap" : "gaps")}, {rest}");
        else _refusal = $"No gap could be filled: {rest}. Enter these quantities, marked as estimates.";
    });

    private void Tell(IReadOnlyList<Guid> filled, string what) => Notifications.Tell(this, NotificationSeverity.Success, "Filled with an estimate", what, () => TakeBackAsync(filled));

    /// <summary>The estimates leave the totals; that they were there stays in the history.</summary>
    private Task TakeBackAsync(IReadOnlyList<Guid> filled) => InvokeAsync(() => DoAsync("Take back estimates", async () =>
    {
        foreach (var some in filled.Chunk(IActivityEntries.MostRows))
        {
            await Entries.ActAsync(EntryAction.Exclude, [.. some.Select(id => new EntryRef(id, null))], "Gap filling taken back", CancellationToken.None);
        }
    }));

    private async Task DoAsync(string what, Func<Task> work)
    {
        if (_busy) return;
        (_busy, _refusal) = (true, null);
        try
        {
            await work();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _refusal = $"The server could not do it. Reference {Failures.Report(exception, what).Reference}.";
        }

        _busy = false;
        await RefreshAsync();
    }

    private async Task RefreshAsync()
    {
        await ReloadAsync(quietly: true);
        StateHasChanged();
    }
}
