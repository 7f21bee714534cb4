using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Jobs;
using OffGridFlow.Infrastructure.Jobs;
using OffGridFlow.Web.Features.Identity;
using OffGridFlow.Web.Shared;
using Radzen;

namespace OffGridFlow.Web.Features.Jobs;

public sealed partial class JobsPage
{
    private const int PageSize = 20;

    private static readonly TimeSpan Stale = TimeSpan.FromSeconds(10);

    private LiveJobs? _live;
    private IReadOnlyList<ScheduleRow>? _schedules;
    private List<JobRow> _history = [];
    private JobHistoryCounts? _counts;
    private long? _failedToday;
    private string? _next;
    private HashSet<Guid> _open = [];
    private DateTimeOffset _heard;
    private IDisposable? _watch;
    private bool _busy;

    [Inject] private IJobConsole Console { get; set; } = default!;
    [Inject] private DialogService Dialogs { get; set; } = default!;
    [Inject] private NotificationService Notifications { get; set; } = default!;
    [Inject] private NavigationManager Navigation { get; set; } = default!;
    [Inject] private TimeProvider Clock { get; set; } = default!;
    [CascadingParameter] private Task<AuthenticationState>? Authentication { get; set; }

    [SupplyParameterFromQuery] public string? Show { get; set; }
    [SupplyParameterFromQuery] public string? Kind { get; set; }
    [SupplyParameterFromQuery] public string? By { get; set; }
    [SupplyParameterFromQuery] public int? Days { get; set; }

    protected override string Asked => "Jobs";

    private JobsAddress Address => new(Show, Kind, By, Days);

    /// <summary>The feed has looked without an answer for a while.</summary>
    private bool IsStale => Clock.GetUtcNow() - _heard > Stale;

    protected override Task OnParametersSetAsync() => ReloadAsync(quietly: _counts is not null);

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender && RendererInfo.IsInteractive) _watch = Console.Watch(() => _ = InvokeAsync(LookAsync));
    }

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        var filter = Address.ToFilter(Clock.GetUtcNow());
        // What was opened by “Show more” stays open when the list is read again.
        var page = await Console.ListAsync(filter, null, Math.Clamp(_history.Count, PageSize, 200), cancellationToken);
        _counts = await Console.CountAsync(filter, cancellationToken);
        _failedToday = (await Console.CountAsync(new JobFilter(Since: Clock.GetUtcNow() - TimeSpan.FromDays(1)), cancellationToken)).Failed;
        if (await IsAdministratorAsync()) _schedules = await Console.ListSchedulesAsync(cancellationToken);
        _history = [.. page.Rows];
        _next = page.NextCursor;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _watch?.Dispose();
        base.Dispose(disposing);
    }

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("HH:mm:ss", CultureInfo.CurrentCulture);

    /// <summary>
    /// After each look of the feed; what has ended since the last one is in the history now, also when it began after the last one.
    /// </summary>
    private async Task LookAsync()
    {
        if (Stopped.IsCancellationRequested || Console.Live is not { } live) return;
        if (_live?.At != live.At) _heard = Clock.GetUtcNow();
        var open = live.Jobs.Select(job => job.Id).ToHashSet();
        var changed = _live is not null && (live.LastEnd != _live.LastEnd || !open.SetEquals(_open));
        (_live, _open) = (live, open);
        if (changed && Failure is null) await ReloadAsync(quietly: true);
        StateHasChanged();
    }

    private async Task<bool> IsAdministratorAsync() =>
        Authentication is not null && (await Authentication).User.ToActor()?.Allows(Permissions.AdministrationWrite) == true;

    private void Go(JobsAddress address) => Navigation.NavigateTo(address.ToUrl(), replace: true);

    private async Task MoreAsync()
    {
        var page = await Console.ListAsync(Address.ToFilter(Clock.GetUtcNow()), _next, PageSize, Stopped);
        _history.AddRange(page.Rows);
        _next = page.NextCursor;
    }

    private async Task CancelAsync(JobRow job)
    {
        var options = new ConfirmOptions { OkButtonText = "Cancel job", CancelButtonText = "Keep it", Width = "min(520px, 94vw)", CloseDialogOnEsc = true };
        // As a fragment: Radzen takes a string for markup, and the words hold file names.
        if (await Dialogs.Confirm(builder => builder.AddContent(0, JobWords.CancelWords(job)), $"Cancel {JobWords.InSentence(job.Kind, job.SubjectName)}?", options) != true) return;
        // What waits ends at once; what runs must first have stopped before it could be started again.
        await DoAsync(() => Console.CancelAsync(job.Id, Stopped), job.State == JobState.Queued ? "Job cancelled" : "Job is being stopped", JobWords.Name(job),
            job.State == JobState.Queued ? () => StartAgainAsync(job) : null);
    }

    private Task StartAgainAsync(JobRow job) => DoAsync(() => Console.RetryAsync(job.Id, Stopped), "Job queued again", JobWords.Name(job), null);

    private Task RunNowAsync(ScheduleRow schedule) =>
        DoAsync(() => Console.RunNowAsync(schedule.Kind, Stopped), "Job queued", JobWords.Kind(schedule.Kind), null);

    private Task PauseAsync(ScheduleRow schedule) => SetPausedAsync(schedule.Kind, !schedule.Paused);

    private Task SetPausedAsync(string kind, bool paused) => DoAsync(
        () => Console.PauseAsync(kind, paused, Stopped), paused ? "Schedule paused" : "Schedule resumed", JobWords.Kind(kind), () => SetPausedAsync(kind, !paused));

    private async Task DoAsync(Func<Task<JobChange>> act, string done, string detail, Func<Task>? undo)
    {
        _busy = true;
        try
        {
            switch (await act())
            {
                case JobChange.Done: Notifications.Tell(this, NotificationSeverity.Success, done, detail, undo); break;
                case JobChange.Refused refused: Notifications.Tell(this, NotificationSeverity.Error, "Nothing was changed", refused.Reason); break;
                default: Notifications.Tell(this, NotificationSeverity.Info, "The job is not there any more", detail); break;
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            var failure = Failures.Report(exception, done);
            Notifications.Tell(this, NotificationSeverity.Error, "Nothing was changed", $"Reference {failure.Reference}");
        }

        _busy = false;
        await ReloadAsync(quietly: true);
        StateHasChanged();
    }
}
