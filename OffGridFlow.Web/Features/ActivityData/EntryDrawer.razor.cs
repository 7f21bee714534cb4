using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using OffGridFlow.Core.ActivityData;
using OffGridFlow.Infrastructure.ActivityData;
using OffGridFlow.Web.Shared;
using Radzen;

namespace OffGridFlow.Web.Features.ActivityData;

public sealed partial class EntryDrawer : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly int[] _ratings = new int[5];
    private DotNetObjectReference<EntryDrawer>? _self;
    private EntryRow? _row;
    private IReadOnlyList<EntryVersionRow> _versions = [];
    private IReadOnlyList<EntryCommentRow> _comments = [];
    private Failure? _failure;
    private (Guid, int)? _shown;
    private string? _comment;
    private string? _error;
    private string? _refusal;
    private bool _loading = true;
    private bool _focus = true;
    private bool _busy;

    [Inject] private IActivityEntries Entries { get; set; } = default!;
    [Inject] private IActivityEntryQueries Queries { get; set; } = default!;
    [Inject] private IEntryEvidence Evidence { get; set; } = default!;
    [Inject] private DialogService Dialogs { get; set; } = default!;
    [Inject] private Failures Failures { get; set; } = default!;
    [Inject] private IJSRuntime Js { get; set; } = default!;
    [Inject] private NavigationManager Navigation { get; set; } = default!;

    [Parameter, EditorRequired] public Guid Id { get; set; }

    /// <summary>Counts the loads of the list: what it shows has changed, so the entry is read anew.</summary>
    [Parameter] public int Version { get; set; }
    [Parameter] public bool MayWrite { get; set; }

    /// <summary>The id of the person who looks.</summary>
    [Parameter] public Guid? Self { get; set; }
    [Parameter] public ApprovalRule? Rule { get; set; }
    [Parameter] public EventCallback OnChanged { get; set; }
    [Parameter] public EventCallback OnClose { get; set; }

    /// <summary>−1 or 1.</summary>
    [Parameter] public EventCallback<int> OnStep { get; set; }

    private bool CanChange => _row is { ReversesId: null, IsReversed: false } && _row.Status != EntryStatus.Excluded;

    private IEnumerable<EntryAction> Actions => _row switch
    {
        null => [],
        { Status: EntryStatus.Draft } => _versions.Any(version => version.Action is "submitted" or "reversed")
            ? [EntryAction.Submit, EntryAction.Exclude] : [EntryAction.Submit, EntryAction.Exclude, EntryAction.Discard],
        { Status: EntryStatus.Submitted, ReversesId: not null } => MayApprove ? [EntryAction.Approve, EntryAction.Exclude] : [EntryAction.Exclude],
        { Status: EntryStatus.Approved, ReversesId: not null } => [EntryAction.Exclude],
        { Status: EntryStatus.Excluded } => [EntryAction.Restore],
        { IsReversed: true, Status: EntryStatus.Submitted } => MayApprove ? [EntryAction.Approve] : [],
        { IsReversed: true } => [],
        { Status: EntryStatus.Submitted } => MayApprove
            ? [EntryAction.Approve, EntryAction.Return, EntryAction.Exclude, EntryAction.Reverse] : [EntryAction.Return, EntryAction.Exclude, EntryAction.Reverse],
        _ => [EntryAction.Return, EntryAction.Exclude, EntryAction.Reverse],
    };

    private bool MayApprove => Rule?.AsksForSecondPerson != true || _row?.ChangedById != Self;

    protected override Task OnParametersSetAsync()
    {
        if (_shown == (Id, Version)) return Task.CompletedTask;
        if (_shown?.Item1 != Id) _refusal = null;
        _shown = (Id, Version);
        return LoadAsync();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            _self = DotNetObjectReference.Create(this);
            await Js.InvokeVoidAsync("OffGridFlow.drawer.open", _stop.Token, _self);
        }
        if (_focus && !_loading)
        {
            _focus = false;
            await Js.InvokeVoidAsync("OffGridFlow.focus", _stop.Token, "#entry-title");
        }
    }

    [JSInvokable]
    public Task OnKey(string key) => InvokeAsync(() => key switch
    {
        "Escape" => OnClose.InvokeAsync(),
        "ArrowUp" => OnStep.InvokeAsync(-1),
        "ArrowDown" => OnStep.InvokeAsync(1),
        _ => Task.CompletedTask,
    });

    private static string NameOf(EntryAction action) => action switch
    {
        EntryAction.Discard => "Delete draft",
        _ => action.ToString(),
    };

    private string Address(Guid id) => Navigation.GetUriWithQueryParameter("entry", id);

    private async Task LoadAsync()
    {
        if (!RendererInfo.IsInteractive) return;
        var id = Id;
        // A step keeps the old entry on screen until the new one is there: the drawer does not flicker.
        _loading = _row is null;
        _failure = null;
        try
        {
            var row = await Queries.FindAsync(id, _stop.Token);
            var versions = await Queries.ListVersionsAsync(id, _stop.Token);
            var comments = await Evidence.ListCommentsAsync(id, _stop.Token);
            if (id != Id) return;
            (_row, _versions, _comments) = (row, versions ?? [], comments);
            for (var i = 0; i < _ratings.Length; i++) _ratings[i] = row?.QualityIndicators.Count == _ratings.Length ? row.QualityIndicators[i] : 0;
            _error = ErrorOf(row);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            return;
        }
        catch (Exception exception)
        {
            _failure = Failures.Report(exception, "Entry " + id.ToString("D"));
        }

        _loading = false;
    }

    private Task ActAsync(EntryAction action) => DoAsync(action.ToString(), async () =>
    {
        string? reason = null;
        if (action is EntryAction.Return or EntryAction.Exclude or EntryAction.Restore or EntryAction.Reverse)
        {
            var parameters = new Dictionary<string, object?> { [nameof(ReasonDialog.Text)] = TextOf(action), [nameof(ReasonDialog.Button)] = NameOf(action) };
            reason = await Dialogs.OpenAsync<ReasonDialog>(
                $"{NameOf(action)} this entry?", parameters!, new DialogOptions { Width = "min(480px, 94vw)", AutoFocusFirstElement = true, CloseDialogOnEsc = true }) as string;
            if (reason is null) return;
        }

        var acted = (await Entries.ActAsync(action, [new EntryRef(_row!.Id, _row.Version)], reason, _stop.Token))[0];
        _refusal = acted.Outcome switch
        {
            SavedAs.Refused => acted.Reason,
            SavedAs.Stale => "Somebody else changed the entry meanwhile. This is what it says now; look at it again, then decide.",
            _ => null,
        };
        if (action == EntryAction.Discard && acted.Outcome == SavedAs.Changed) await OnClose.InvokeAsync();
    });

    private static string TextOf(EntryAction action) => action switch
    {
        EntryAction.Return => "It becomes a draft again and counts in no total until it is submitted anew.",
        EntryAction.Exclude => "It stays with its history and counts in no total. It can be restored.",
        EntryAction.Restore => "It comes back as it was; what was approved has to be approved anew.",
        _ => "A second entry with the negative amount is written beside it, so that both together are nothing. The entry itself stays.",
    };

    private static string? ErrorOf(EntryRow? row) => row?.UncertaintyPercent is { } percent ? QuantityText.Of(percent) : null;

    /// <summary>Rated by all five or by none, and not as it is kept.</summary>
    private bool IsRatingNew => (_ratings.All(rating => rating == 0) || !_ratings.Contains(0))
        && (!Rated.SequenceEqual(_row!.QualityIndicators) || (_error ?? "").Trim() != (ErrorOf(_row) ?? ""));

    private IReadOnlyList<int> Rated => _ratings.Contains(0) ? [] : [.. _ratings];

    private Task RateAsync() => DoAsync("Rate the quality", async () =>
    {
        decimal? error = null;
        if (!string.IsNullOrWhiteSpace(_error))
        {
            if (!QuantityText.TryParse(_error, out var percent))
            {
                _refusal = $"“{_error}” is not a percentage. Write a number, for example 5, or leave the field empty.";
                return;
            }

            error = percent;
        }

        _refusal = RefusalOf(await Entries.SaveAsync(
            [new EntryDraft(_row!.Id, _row.Version, _row.ToInput() with { QualityIndicators = Rated, UncertaintyPercent = error })], partial: false, "Quality rated", _stop.Token));
    });

    private Task ChooseFactorAsync(string? id) => DoAsync("Choose a factor", async () => _refusal = RefusalOf(await Entries.SaveAsync(
        [new EntryDraft(_row!.Id, _row.Version, _row.ToInput() with { FactorId = id })], partial: false, id is null ? "The rules choose the factor again" : "Factor chosen", _stop.Token)));

    private Task PlaceAsync(EntryInput input) => DoAsync("Place an entry", async () => _refusal = RefusalOf(
        await Entries.SaveAsync([new EntryDraft(_row!.Id, _row.Version, input)], partial: false, "Category and worksheet", _stop.Token)));

    private Task ConvertAsync(EntryRecount recount) => DoAsync("Convert an entry", async () => _refusal = RefusalOf(
        await Entries.ConvertAsync([new EntryRef(_row!.Id, _row.Version)], recount.Unit, recount.By, _stop.Token)));

    private static string? RefusalOf(SaveOutcome outcome) => outcome.Committed ? null
        : outcome.Rows[0].Problems is [var first, ..] ? first.Message : "Somebody else changed the entry meanwhile. Look at it again, then decide.";

    private Task CommentAsync() => DoAsync("Comment", async () =>
    {
        if (string.IsNullOrWhiteSpace(_comment)) return;
        await Evidence.CommentAsync(_row!.Id, _comment, _stop.Token);
        _comment = null;
    });

    private async Task DoAsync(string what, Func<Task> act)
    {
        _busy = true;
        try
        {
            await act();
            await LoadAsync();
            await OnChanged.InvokeAsync();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _refusal = $"The server could not do it. Reference {Failures.Report(exception, what).Reference}.";
        }

        _busy = false;
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
        if (_self is null) return;
        _self.Dispose();
        // The circuit may be gone already; then there is no drawer to tell.
        _ = Js.InvokeVoidAsync("OffGridFlow.drawer.close", CancellationToken.None).AsTask().ContinueWith(_ => { }, TaskScheduler.Default);
    }
}
