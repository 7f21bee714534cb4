using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.JSInterop;
using OffGridFlow.Core.ActivityData;
using OffGridFlow.Infrastructure.ActivityData;
using OffGridFlow.Web.Shared;
using Radzen;

namespace OffGridFlow.Web.Features.ActivityData;

public sealed partial class ActivityGrid : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private IReadOnlyList<EntryProblem> _problems = [];
    private IReadOnlyList<string> _confirmed = [];
    private IReadOnlyList<string> _units = [];
    private Guid? _editing;
    private int _version;
    private DateOnly _from;
    private DateOnly _to;
    private string? _quantity;
    private string _unit = "";
    private string? _reference;
    private string? _focus;
    private bool _saving;

    [Inject] private IActivityEntries Entries { get; set; } = default!;
    [Inject] private IActivityEntryQueries Queries { get; set; } = default!;
    [Inject] private NotificationService Notifications { get; set; } = default!;
    [Inject] private Failures Failures { get; set; } = default!;
    [Inject] private IJSRuntime Js { get; set; } = default!;

    [Parameter, EditorRequired] public IReadOnlyList<EntryRow> Rows { get; set; } = [];
    [Parameter, EditorRequired] public IReadOnlySet<Guid> Selected { get; set; } = new HashSet<Guid>();

    /// <summary>The one in the drawer.</summary>
    [Parameter] public Guid? Open { get; set; }
    [Parameter] public bool MayWrite { get; set; }
    [Parameter] public bool Busy { get; set; }
    [Parameter] public EventCallback<Guid> OnSelect { get; set; }
    [Parameter] public EventCallback<bool> OnSelectAll { get; set; }
    [Parameter] public EventCallback<Guid> OnOpen { get; set; }

    /// <summary>With the row as it was before.</summary>
    [Parameter] public EventCallback<EntryRow> OnSaved { get; set; }

    /// <summary>Somebody else was quicker.</summary>
    [Parameter] public EventCallback OnStale { get; set; }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_focus is not { } selector) return;
        _focus = null;
        await Js.InvokeVoidAsync("OffGridFlow.focus", _stop.Token, selector);
    }

    private bool CanEdit(EntryRow row) => MayWrite && !Busy && row is { ReversesId: null, IsReversed: false } && row.Status != EntryStatus.Excluded;

    private static string Name(EntryRow row) => $"{row.TypeName}, {row.Site}, {ActivityWords.Period(row.From, row.To)}";

    private void Edit(EntryRow row)
    {
        (_editing, _version, _problems, _confirmed) = (row.Id, row.Version, [], []);
        (_from, _to, _quantity, _unit, _reference) = (row.From, row.To, QuantityText.Of(row.Quantity), row.Unit, row.Reference);
        _units = [.. new[] { row.Unit }.Concat(Queries.FindType(row.ActivityType)?.Units ?? []).Concat(Queries.ListUnitsLike(row.Unit)).Distinct()];
        _focus = "#edit-quantity";
    }

    private void Cancel()
    {
        if (_editing is { } id) _focus = $"[id='cell-{id}']";
        (_editing, _problems) = (null, []);
    }

    private Task KeyAsync(KeyboardEventArgs key)
    {
        switch (key.Key)
        {
            case "Enter":
                return SaveAsync(1);
            case "Escape":
                Cancel();
                break;
            case "ArrowDown" when key.CtrlKey:
                return SaveAsync(1);
            case "ArrowUp" when key.CtrlKey:
                return SaveAsync(-1);
        }

        return Task.CompletedTask;
    }

    private Task ConfirmAsync()
    {
        _confirmed = [.. _problems.Where(problem => problem.Severity == EntrySeverity.Question).Select(problem => problem.Code)];
        return SaveAsync(0);
    }

    /// <param name="step">To which row the editing goes on: 1 the next, −1 the one before, 0 none.</param>
    private async Task SaveAsync(int step, string? reason = null)
    {
        if (_saving || Rows.FirstOrDefault(row => row.Id == _editing) is not { } before) return;
        if (!QuantityText.TryParse(_quantity, out var quantity))
        {
            _problems = [new EntryProblem("not-a-number", "quantity", $"“{_quantity}” is no number as it is written here. Write it like {QuantityText.Example}.", EntrySeverity.Error)];
            return;
        }

        var input = before.ToInput() with { From = _from, To = _to, Quantity = quantity, Unit = _unit, Reference = _reference, Confirmed = _confirmed };
        // A balance or a worksheet gives the quantity; who types another one says that it does not hold.
        if (quantity != before.Quantity) input = input with { Balance = null, Worksheet = null, GapMethod = null };
        if (before.ConvertedFrom is not null && (quantity, _unit) != (before.Quantity, before.Unit)) input = input with { ConvertedFrom = null };
        _saving = true;
        try
        {
            var saved = (await Entries.SaveAsync([new EntryDraft(before.Id, _version, input)], partial: false, reason, _stop.Token)).Rows[0];
            switch (saved.Outcome)
            {
                case SavedAs.Refused:
                    _problems = saved.Problems;
                    break;
                case SavedAs.Stale:
                    _problems = [new EntryProblem("stale", "quantity", "Somebody else changed the entry meanwhile. Nothing was saved; press Esc to see what it says now.", EntrySeverity.Error)];
                    await OnStale.InvokeAsync();
                    break;
                default:
                    await LeaveAsync(before, step, saved.Outcome == SavedAs.Changed);
                    break;
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            var failure = Failures.Report(exception, "Save an entry");
            Notifications.Tell(this, NotificationSeverity.Error, "Nothing was saved", $"Reference {failure.Reference}");
        }

        _saving = false;
    }

    private async Task LeaveAsync(EntryRow before, int step, bool changed)
    {
        var at = Rows.ToList().FindIndex(row => row.Id == before.Id) + step;
        var next = step != 0 && at >= 0 && at < Rows.Count ? Rows[at] : null;
        Cancel();
        if (changed) await OnSaved.InvokeAsync(before);
        if (next is not null && Rows.FirstOrDefault(row => row.Id == next.Id) is { } fresh && CanEdit(fresh)) Edit(fresh);
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }
}
