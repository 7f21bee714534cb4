using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.JSInterop;
using OffGridFlow.Core.ActivityData;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Infrastructure.ActivityData;
using OffGridFlow.Web.Features.Organizations;
using OffGridFlow.Web.Shared;
using Radzen;

namespace OffGridFlow.Web.Features.ActivityData;

public sealed partial class NewRows : IDisposable
{
    private const int StockCount = 5;
    private const string FocusScript = "OffGridFlow.focus";

    private static readonly string[] StockParts =
        ["Stock at the start", "Bought or taken back", "Sold, returned or destroyed", "Stock at the end", "Growth of the equipment’s capacity"];

    private static readonly IReadOnlyList<SwitchChoice<bool>> StockChoices = [new(false, "By top-up", "plus"), new(true, "By balance", "equal")];

    private readonly string _title = Ids.Next("new");
    private readonly string _gases = Ids.Next("gases");
    private readonly CancellationTokenSource _stop = new();
    private readonly string?[] _stockTexts = new string?[StockCount];
    private readonly List<NewRow> _rows = [];
    private NewRow _stock = new();
    private string? _stockSaved;
    private IReadOnlyList<string> _units = [];
    private ActivityChoice? _choice;
    private Guid _site;
    private string _unit = "";
    private string? _gas;
    private string? _reference;
    private bool _accrual;
    private bool _estimated;
    private bool _byStock;

    /// <summary>Rows are saved one after the other: whoever types quickly has pressed Enter in the next before this one is stored.</summary>
    private Task _saved = Task.CompletedTask;
    private int _year;
    private string? _focus;

    [Inject] private IActivityEntries Entries { get; set; } = default!;
    [Inject] private IActivityEntryQueries Queries { get; set; } = default!;
    [Inject] private NotificationService Notifications { get; set; } = default!;
    [Inject] private Failures Failures { get; set; } = default!;
    [Inject] private TimeProvider Clock { get; set; } = default!;
    [Inject] private IJSRuntime Js { get; set; } = default!;

    [Parameter, EditorRequired] public IReadOnlyList<SiteChoice> Sites { get; set; } = [];

    /// <summary>What the list is filtered by: the likely site and type.</summary>
    [Parameter] public Guid? Site { get; set; }
    [Parameter] public string? Type { get; set; }
    [Parameter] public EventCallback OnSaved { get; set; }
    [Parameter] public EventCallback OnClose { get; set; }

    private DateOnly Today => DateOnly.FromDateTime(Clock.GetUtcNow().UtcDateTime);

    private RefrigerantBalance? Balance
    {
        get
        {
            var parts = new decimal[StockCount];
            for (var i = 0; i < StockCount; i++)
            {
                if (!QuantityText.TryParse(_stockTexts[i], out parts[i]) || Math.Abs(parts[i]) > 1_000_000_000m) return null;
            }

            return new RefrigerantBalance(parts[0], parts[1], parts[2], parts[3], parts[4]);
        }
    }

    protected override void OnInitialized()
    {
        _year = Today.Month == 1 ? Today.Year - 1 : Today.Year;
        _site = Site is { } site && Sites.Any(known => known.Id == site) ? site : Sites[0].Id;
        (_stock.From, _stock.To) = (new DateOnly(_year - 1, 1, 1), new DateOnly(_year - 1, 12, 31));
        if (Type is not null && Queries.FindType(Type) is { } choice) Choose(choice);
        _focus = Type is null ? "#new-type" : "#new-year";
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_focus is not { } selector) return;
        _focus = null;
        await Js.InvokeVoidAsync(FocusScript, _stop.Token, selector);
    }

    private void Choose(ActivityChoice? choice)
    {
        _choice = choice;
        if (choice is null) return;
        _units = [.. choice.Units.Concat(choice.Units.SelectMany(Queries.ListUnitsLike)).Distinct()];
        _unit = _units[0];
        _byStock &= ActivityWords.HasStock(choice);
        if (!choice.NeedsGas) _gas = null;
        // Rows that are typed already are for what was chosen before.
        _rows.RemoveAll(row => row.SavedId is not null || string.IsNullOrWhiteSpace(row.Text));
    }

    private void ChooseStock(bool byStock) => _byStock = byStock;

    private void AddOneAsync()
    {
        var last = _rows.Count == 0 ? new DateOnly(Today.Year, Today.Month, 1).AddDays(-1) : _rows[^1].To;
        var from = _rows.Count == 0 ? new DateOnly(last.Year, last.Month, 1) : last.AddDays(1);
        _rows.Add(new NewRow { From = from, To = Dates.LastDay(from) });
        _focus = "#" + NumberOf(_rows.Count - 1);
    }

    private void AddYearAsync()
    {
        var first = _rows.Count;
        for (var month = new DateOnly(_year, 1, 1); month.Year == _year && Dates.LastDay(month) <= Today; month = month.AddMonths(1))
        {
            _rows.Add(new NewRow { From = month, To = Dates.LastDay(month) });
        }

        if (_rows.Count > first) _focus = "#" + NumberOf(first);
        else Notifications.Tell(this, NotificationSeverity.Info, "No month was added", "No month of the year is over yet.");
    }

    private async Task KeyAsync(KeyboardEventArgs key, NewRow row, int at)
    {
        switch (key.Key)
        {
            case "Enter":
                await SaveAsync(row, at);
                break;
            case "ArrowDown":
                Go(at + 1);
                break;
            case "ArrowUp" when at > 0:
                Go(at - 1);
                break;
            case "Escape":
                row.Text = null;
                row.Problems = [];
                break;
        }
    }

    /// <summary>Saves what was typed and closes, unless a row could not be saved: that one stays to be mended.</summary>
    private async Task DoneAsync()
    {
        for (var at = 0; at < _rows.Count; at++)
        {
            await SaveAsync(_rows[at], at);
        }

        await _saved;
        if (_rows.TrueForAll(row => row.SavedId is not null || string.IsNullOrWhiteSpace(row.Text))) await OnClose.InvokeAsync();
    }

    private void Go(int at) => _focus = at < _rows.Count ? "#" + NumberOf(at) : "#new-done";

    private static string NumberOf(int at) => FormattableString.Invariant($"new-quantity-{at}");

    private Task ConfirmAsync(NewRow row, int at)
    {
        row.Confirmed = [.. row.Confirmed, .. row.Problems.Where(problem => problem.Severity == EntrySeverity.Question).Select(problem => problem.Code)];
        return SaveAsync(row, at);
    }

    private async Task SaveAsync(NewRow row, int at)
    {
        if (row.IsSaving || row.SavedId is not null || _choice is null) return;
        var balance = at < 0 ? Balance : null;
        if (at >= 0 && string.IsNullOrWhiteSpace(row.Text))
        {
            return;
        }

        decimal? quantity = null;
        if (at >= 0)
        {
            if (!QuantityText.TryParse(row.Text, out var typed))
            {
                row.Problems = [new EntryProblem("not-a-number", "quantity", $"“{row.Text}” is no number as it is written here. Write it like {QuantityText.Example}.", EntrySeverity.Error)];
                return;
            }

            quantity = typed;
        }

        if (DaysOutside(row) is { } outside && !row.Confirmed.Contains(outside.Code))
        {
            row.Problems = [outside];
            return;
        }

        row.IsSaving = true;
        var (before, mine) = (_saved, new TaskCompletionSource());
        _saved = mine.Task;
        await before;
        try
        {
            var input = new EntryInput
            {
                SiteId = _site, ActivityType = _choice.Key, Quantity = quantity, Unit = _unit, From = row.From, To = row.To, Gas = _gas,
                FactorId = _choice.Own?.FactorId, IsAccrual = _accrual,
                Quality = _estimated ? DataQuality.Estimated : DataQuality.Measured, Reference = _reference, Balance = balance, Confirmed = row.Confirmed,
            };
            // Whoever leaves the form meanwhile has pressed Enter all the same.
            var saved = (await Entries.SaveAsync([new EntryDraft(null, null, input)], partial: false, null, CancellationToken.None)).Rows[0];
            row.Problems = saved.IsSaved ? [.. saved.Problems.Where(problem => problem.Severity == EntrySeverity.Notice)] : saved.Problems;
            if (saved.IsSaved)
            {
                row.SavedId = saved.Id;
                if (at < 0) StartNextBalance();
                await OnSaved.InvokeAsync();
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            var failure = Failures.Report(exception, "Save an entry");
            Notifications.Tell(this, NotificationSeverity.Error, "Nothing was saved", $"Reference {failure.Reference}");
        }
        finally
        {
            row.IsSaving = false;
            mine.SetResult();
        }
    }

    /// <summary>An own factor that was chosen by name is used as it is: whether it stands in for other days, a person says.</summary>
    private EntryProblem? DaysOutside(NewRow row) => _choice?.Own is { } own && (row.From < own.From || row.To > own.To)
        ? new EntryProblem(
            "factor-days", "factorId", $"{_choice.Name} holds {OrganizationWords.Days(own.From, own.To)}, and these days are others. Choose {own.Activity} to let the rules find a factor, or confirm that this one stands in.",
            EntrySeverity.Question)
        : null;

    /// <summary>The days stay: the next gas of the same year is the likely next balance.</summary>
    private void StartNextBalance()
    {
        _stockSaved = $"{_choice!.Name}{(_gas is null ? "" : ", " + _gas)}, {ActivityWords.Period(_stock.From, _stock.To)}: {(Balance is { } balance ? ActivityWords.Quantity(balance.Released, _unit) : "")}";
        _stock = new NewRow { From = _stock.From, To = _stock.To, Problems = _stock.Problems };
        Array.Clear(_stockTexts);
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private sealed class NewRow
    {
        public DateOnly From { get; set; }
        public DateOnly To { get; set; }
        public string? Text { get; set; }
        public Guid? SavedId { get; set; }
        public bool IsSaving { get; set; }
        public IReadOnlyList<EntryProblem> Problems { get; set; } = [];
        public IReadOnlyList<string> Confirmed { get; set; } = [];
    }
}
