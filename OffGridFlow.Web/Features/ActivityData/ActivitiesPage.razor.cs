using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using OffGridFlow.Core.ActivityData;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.ActivityData;
using OffGridFlow.Web.Features.Identity;
using OffGridFlow.Web.Shared;
using Radzen;

namespace OffGridFlow.Web.Features.ActivityData;

public sealed partial class ActivitiesPage
{
    private const int PageSize = 100;

    private readonly HashSet<Guid> _selected = [];
    private List<EntryRow> _rows = [];
    private EntryCounts? _counts;
    private IReadOnlyList<SiteChoice>? _sites;
    private IReadOnlyList<ActivityChoice> _types = [];
    private ApprovalRule? _rule;
    private string? _next;
    private ActivityAddress? _shown;
    private Guid? _self;
    private bool _mayWrite;
    private bool _isAdministrator;
    private bool _adding;
    private bool _filters;
    private bool _busy;
    private int _drawer;

    [Inject] private IActivityEntries Entries { get; set; } = default!;
    [Inject] private IActivityEntryQueries Queries { get; set; } = default!;
    [Inject] private DialogService Dialogs { get; set; } = default!;
    [Inject] private NotificationService Notifications { get; set; } = default!;
    [Inject] private NavigationManager Navigation { get; set; } = default!;
    [Inject] private TimeProvider Clock { get; set; } = default!;
    [CascadingParameter] private Task<AuthenticationState>? Authentication { get; set; }

    [SupplyParameterFromQuery] public string? Site { get; set; }
    [SupplyParameterFromQuery] public string? Type { get; set; }
    [SupplyParameterFromQuery] public string? Show { get; set; }
    [SupplyParameterFromQuery] public string? From { get; set; }
    [SupplyParameterFromQuery] public string? To { get; set; }
    [SupplyParameterFromQuery] public string? Text { get; set; }
    [SupplyParameterFromQuery] public string? Entry { get; set; }

    protected override string Asked => "Activity data";

    private ActivityAddress Address => new(
        Guid.TryParse(Site, out var site) ? site : null, Type, Show, From, To, Text, Guid.TryParse(Entry, out var entry) ? entry : null);

    private IReadOnlyList<SwitchChoice<string>> States =>
    [
        new("", "All " + Format.Count(_counts!.All), "table-2"),
        .. Enum.GetValues<EntryStatus>().Select(status => new SwitchChoice<string>(
            status.ToString().ToLowerInvariant(), $"{ActivityWords.Status(status)} {Format.Count(_counts.ByStatus.GetValueOrDefault(status))}", ActivityWords.Icon(status))),
        new(ActivityAddress.ToApprove, "Mine to approve " + Format.Count(_counts.ToApprove), "shield-check"),
    ];

    private List<EntryRow> Chosen => [.. _rows.Where(row => _selected.Contains(row.Id))];

    /// <summary>Units in which all that is chosen could be read.</summary>
    private IReadOnlyList<string> UnitsOfChosen =>
        Chosen.Select(row => row.ActivityType).Distinct().ToList() is [var only] && Queries.FindType(only) is { } type
            ? [.. type.Units.Concat(Chosen.Select(row => row.Unit).Distinct().SelectMany(Queries.ListUnitsLike)).Distinct()] : [];

    private List<CopyOffer> Copies
    {
        get
        {
            var month = new DateOnly(Clock.GetUtcNow().Year, Clock.GetUtcNow().Month, 1).AddMonths(-1);
            var year = month.Year;
            // Last month was over before it could be copied into; the year before fills the months of this one that are over.
            return
            [
                new($"{Dates.Month(month.AddMonths(-1))} into {Dates.Month(month)}", month.AddMonths(-1), Dates.LastDay(month.AddMonths(-1)), CopyStep.Month),
                new(FormattableString.Invariant($"{year - 1} into {year}"), new DateOnly(year - 1, 1, 1), new DateOnly(year - 1, 12, 31), CopyStep.Year),
                new(FormattableString.Invariant($"{year - 2} into {year - 1}"), new DateOnly(year - 2, 1, 1), new DateOnly(year - 2, 12, 31), CopyStep.Year),
            ];
        }
    }

    /// <summary>Opening an entry changes the address too, and nothing of the list.</summary>
    protected override Task OnParametersSetAsync()
    {
        var list = Address with { Entry = null };
        if (_counts is not null && _shown == list) return Task.CompletedTask;
        _shown = list;
        _selected.Clear();
        _rows = [];
        return ReloadAsync(quietly: _counts is not null);
    }

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        var actor = Authentication is null ? null : (await Authentication).User.ToActor();
        (_self, _mayWrite, _isAdministrator) = (actor?.Id, actor?.Allows(Permissions.ActivityDataWrite) == true, actor?.Allows(Permissions.AdministrationWrite) == true);
        var filter = Address.ToFilter();
        var sites = await Queries.ListSitesAsync(cancellationToken);
        _rule = await Entries.FindRuleAsync(cancellationToken);
        _types = await Queries.ListUsedTypesAsync(cancellationToken);
        // What was opened by “Show more” stays open when the list is read again.
        var page = await Queries.ListAsync(filter, null, Math.Clamp(_rows.Count, PageSize, 1000), cancellationToken);
        var counts = await Queries.CountAsync(filter, cancellationToken);
        (_sites, _rows, _next, _counts) = (sites, [.. page.Rows], page.NextCursor, counts);
        _drawer++;
    }

    private void Go(ActivityAddress address) => Navigation.NavigateTo(address.ToUrl(), replace: true);

    private Task QuietlyAsync() => ReloadAsync(quietly: true);

    private async Task MoreAsync()
    {
        var page = await Queries.ListAsync(Address.ToFilter(), _next, PageSize, Stopped);
        _rows.AddRange(page.Rows);
        _next = page.NextCursor;
    }

    private void Select(Guid id)
    {
        if (!_selected.Remove(id)) _selected.Add(id);
    }

    private void SelectAll(bool all)
    {
        _selected.Clear();
        if (all) _selected.UnionWith(_rows.Select(row => row.Id));
    }

    /// <summary>As many as can be acted on at once: a year is approved in few steps, and nobody clicks through it by hundreds.</summary>
    private async Task SelectMoreAsync()
    {
        var page = await Queries.ListAsync(Address.ToFilter(), null, IActivityEntries.MostRows, Stopped);
        (_rows, _next) = ([.. page.Rows], page.NextCursor);
        SelectAll(all: true);
    }

    private void Step(int by)
    {
        var at = _rows.FindIndex(row => row.Id == Address.Entry) + by;
        if (at >= 0 && at < _rows.Count) Go(Address with { Entry = _rows[at].Id });
    }

    /// <summary>The undo writes what was there before: another version, so that the history shows both.</summary>
    private async Task RowSavedAsync(EntryRow before)
    {
        await QuietlyAsync();
        var now = _rows.Find(row => row.Id == before.Id);
        Notifications.Tell(this, NotificationSeverity.Success, "Saved", $"{before.TypeName}, {ActivityWords.Period(before.From, before.To)}", now is null ? null : () => UndoAsync(before, now.Version));
    }

    private Task UndoAsync(EntryRow before, int version) => DoAsync("Undo a change", async () =>
    {
        var input = before.ToInput() with { Confirmed = [.. before.Confirmed, "overlapping-period", "duplicate-invoice", "unusual-quantity"] };
        var outcome = await Entries.SaveAsync([new EntryDraft(before.Id, version, input)], partial: false, "Undone", Stopped);
        if (!outcome.Committed) Notifications.Tell(this, NotificationSeverity.Error, "It could not be undone", outcome.Rows[0].Problems is [var first, ..] ? first.Message : "Somebody changed the entry meanwhile.");
    });

    private async Task BulkAsync(EntryAction action)
    {
        string? reason = null;
        if (action is EntryAction.Exclude or EntryAction.Return)
        {
            reason = await AskReasonAsync(action, _selected.Count);
            if (reason is null) return;
        }
        var rows = Chosen;
        await DoAsync(action.ToString(), async () =>
        {
            var outcomes = await Entries.ActAsync(action, [.. rows.Select(row => new EntryRef(row.Id, row.Version))], reason, Stopped);
            Tell(action, outcomes);
            _selected.ExceptWith(outcomes.Where(outcome => outcome.Outcome == SavedAs.Changed).Select(outcome => outcome.Id));
        });
    }

    private void Tell(EntryAction action, IReadOnlyList<ActedEntry> outcomes)
    {
        var done = outcomes.Where(outcome => outcome.Outcome == SavedAs.Changed).ToList();
        if (done.Count > 0)
        {
            Notifications.Tell(this, NotificationSeverity.Success, ActivityWords.Done(action), ActivityWords.Entries(done.Count), action switch
            {
                EntryAction.Submit => () => UndoActAsync(EntryAction.Return, done),
                EntryAction.Exclude => () => UndoActAsync(EntryAction.Restore, done),
                _ => null,
            });
        }
        foreach (var refused in outcomes.Where(outcome => outcome.Outcome != SavedAs.Changed).GroupBy(outcome => outcome.Outcome == SavedAs.Refused ? outcome.Reason : "Somebody else changed it first: look at it again."))
        {
            Notifications.Tell(this, NotificationSeverity.Error, $"{ActivityWords.Entries(refused.Count())} left as {(refused.Count() == 1 ? "it is" : "they are")}", refused.Key);
        }
    }

    private Task UndoActAsync(EntryAction action, List<ActedEntry> done) => DoAsync(
        "Undo", () => Entries.ActAsync(action, [.. done.Select(entry => new EntryRef(entry.Id, entry.Version))], "Undone", Stopped));

    private Task PatchAsync(EntryPatch patch) => ChangeAsync(entries => Entries.ChangeManyAsync(entries, patch, [], "Changed together", Stopped));

    private Task UnitAsync(BulkUnit change) => change.KeepsNumber
        ? PatchAsync(new EntryPatch(Unit: change.Unit)) : ChangeAsync(entries => Entries.ConvertAsync(entries, change.Unit, null, Stopped));

    private Task ChangeAsync(Func<IReadOnlyList<EntryRef>, Task<SaveOutcome>> change)
    {
        var rows = Chosen;
        return DoAsync("Change several entries", async () =>
        {
            var outcome = await change([.. rows.Select(row => new EntryRef(row.Id, row.Version))]);
            if (outcome.Committed) Notifications.Tell(this, NotificationSeverity.Success, "Changed", ActivityWords.Entries(outcome.Rows.Count(row => row.Outcome == SavedAs.Changed)));
            else Notifications.Tell(this, NotificationSeverity.Error, "Nothing was changed", outcome.Rows.SelectMany(row => row.Problems).Select(problem => problem.Message).FirstOrDefault() ?? "Somebody changed an entry meanwhile.");
        });
    }

    private Task CopyAsync(CopyOffer copy) => DoAsync("Copy a period", async () =>
    {
        var outcome = await Entries.CopyAsync(new EntryCopy(Address.Site, Address.Type, copy.From, copy.To, copy.Step), Stopped);
        var left = outcome.AlreadyThere + outcome.NotFitting;
        Notifications.Tell(
            this, outcome.Made.Count > 0 ? NotificationSeverity.Success : NotificationSeverity.Info, outcome.Made.Count > 0 ? $"{ActivityWords.Entries(outcome.Made.Count)} copied as drafts" : "Nothing was copied",
            left == 0 && outcome.Made.Count == 0 ? $"There is nothing in {copy.Text.Split(" into ")[0]}." : $"{ActivityWords.Entries(outcome.AlreadyThere)} already there, {Format.Count(outcome.NotFitting)} not over yet or to be asked about.",
            outcome.Made.Count == 0 ? null : () => UndoCopyAsync(outcome.Made));
    });

    private Task UndoCopyAsync(IReadOnlyList<Guid> made) =>
        DoAsync("Undo a copy", () => Entries.ActAsync(EntryAction.Discard, [.. made.Select(id => new EntryRef(id, 1))], null, Stopped));

    private Task ToggleRuleAsync() => DoAsync("Change the rule of approval", async () => _rule = await Entries.SetRuleAsync(_rule?.AsksForSecondPerson != true, Stopped));

    private async Task<string?> AskReasonAsync(EntryAction action, int count)
    {
        var (title, text, button) = action == EntryAction.Exclude
            ? ($"Exclude {ActivityWords.Entries(count)}?", "Excluded entries stay with their history and count in no total. They can be restored.", "Exclude")
            : ($"Return {ActivityWords.Entries(count)}?", "Returned entries are drafts again and count in no total until they are submitted anew.", "Return");
        var parameters = new Dictionary<string, object?> { [nameof(ReasonDialog.Text)] = text, [nameof(ReasonDialog.Button)] = button };
        return await Dialogs.OpenAsync<ReasonDialog>(title, parameters!, new DialogOptions { Width = "min(480px, 94vw)", AutoFocusFirstElement = true, CloseDialogOnEsc = true }) as string;
    }

    private async Task DoAsync(string what, Func<Task> act)
    {
        _busy = true;
        try
        {
            await act();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            var failure = Failures.Report(exception, what);
            Notifications.Tell(this, NotificationSeverity.Error, "Nothing was changed", $"Reference {failure.Reference}");
        }

        _busy = false;
        await QuietlyAsync();
        StateHasChanged();
    }

    private sealed record CopyOffer(string Text, DateOnly From, DateOnly To, CopyStep Step);
}
