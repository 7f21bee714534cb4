using Microsoft.AspNetCore.Components;
using OffGridFlow.Core.Imports.Sheets;
using OffGridFlow.Infrastructure.ActivityData;
using OffGridFlow.Infrastructure.Imports.Sheets;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Web.Features.Imports.Sheets;

public sealed partial class SheetWizardPage
{
    private const string Stale = "Somebody else has changed how this file is read meanwhile. What you see now is theirs; say again what you wanted.";

    /// <summary>
    /// Changes are made one after the other: each names the version that the one before has made. Never disposed: one that is under way when the page is left
    /// still gives its turn back.
    /// </summary>
    private readonly SemaphoreSlim _turn = new(1, 1);
    private SheetDraft? _draft;
    private SheetCheck? _check;

    /// <summary>Of the last check that ended; shown, marked as old, while another runs.</summary>
    private SheetCounts? _counts;
    private IReadOnlyList<SiteChoice> _sites = [];
    private string? _refusal;
    private bool _loading;
    private Guid _shown;

    [Inject] private ISheetImports Sheets { get; set; } = default!;
    [Inject] private IActivityEntryQueries Queries { get; set; } = default!;
    [Inject] private NavigationManager Navigation { get; set; } = default!;

    [Parameter] public Guid Id { get; set; }
    [SupplyParameterFromQuery] public string? Step { get; set; }

    protected override string Asked => "Spreadsheet " + Id.ToString("D");

    protected override bool Running => _check?.State == SheetCheckState.Running && Current is (WizardStep.Check or WizardStep.Load);

    private WizardStep Current => WizardAddress.Parse(Step) switch
    {
        { } step => step <= Reach ? step : Reach,
        null => FirstStep,
    };

    /// <summary>A file whose columns are known from another is shown with its rows at once.</summary>
    private WizardStep FirstStep => _draft switch
    {
        { Questions.Count: 0, Memory: not null } => WizardStep.Check,
        { Sheets.Count: > 1 } => WizardStep.Sheet,
        _ => WizardStep.Columns,
    };

    private WizardStep Reach => _draft?.Questions.Count > 0 ? WizardStep.Columns : MayLoad ? WizardStep.Load : WizardStep.Check;

    /// <summary>Counts of the plan as it stands; null while they are not known.</summary>
    private SheetCounts? Done => _check is { State: SheetCheckState.Done } check ? check.Counts : null;

    /// <summary>What is loaded already is loaded again once something of it was mended.</summary>
    private bool MayLoad => Done is { Load: > 0 } && _draft!.State == SheetDraftState.Open;

    private string AnnotatedHref => $"/app/imports/activity/{Id:D}/annotated";

    private string MemoryWords => _draft?.Memory is { } memory ? $" Columns remembered from {memory.FromFile}, as {memory.ChangedBy} set them on {Dates.Day(DateOnly.FromDateTime(memory.ChangedAt.UtcDateTime))}." : "";

    private string ColumnsNote => _draft!.Questions.Count switch
    {
        0 => "What is set here is remembered for files with the same headings.",
        1 => "One question above is open.",
        var open => $"{Format.Count(open)} questions above are open.",
    };

    private string CheckNote => (_check?.State, Done) switch
    {
        _ when _draft!.State == SheetDraftState.Loaded => "Mend a reason, then load again: what is in the ledger stays as it is.",
        (SheetCheckState.Failed, _) => "The check has failed; nothing was loaded.",
        (_, null) => "The whole file is being checked. Nothing is loaded yet.",
        (_, { Load: 0 }) => "There is no row that can be loaded yet.",
        (_, { } counts) when counts.Rejected > counts.LeftOut => $"{WizardWords.Rows(counts.Rejected - counts.LeftOut)} {(counts.Rejected - counts.LeftOut == 1 ? "stays" : "stay")} in the rejected list and can be loaded later. The whole import can be undone.",
        _ => "Nothing is loaded until you confirm.",
    };

    protected override Task OnParametersSetAsync()
    {
        var quietly = _shown == Id && _draft is not null;
        _shown = Id;
        return ReloadAsync(quietly);
    }

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        var draft = await Sheets.FindAsync(Id, cancellationToken);
        // What is loaded may be opened at its rows, to mend those that were rejected.
        if (draft?.ImportId is { } import && (draft.State == SheetDraftState.Loading || (draft.State == SheetDraftState.Loaded && WizardAddress.Parse(Step) is null)))
        {
            Navigation.NavigateTo($"/imports/{import:D}", replace: true);
            return;
        }

        if (_sites.Count == 0) _sites = await Queries.ListSitesAsync(cancellationToken);
        _draft = draft;
        if (draft is not null) await CheckAsync(cancellationToken);
    }

    /// <summary>Columns can be set without the check; it would read a large file for nothing.</summary>
    private async Task CheckAsync(CancellationToken cancellationToken)
    {
        if (_draft!.Questions.Count > 0 || WizardAddress.Parse(Step) is WizardStep.Sheet or WizardStep.Columns || (Step is null && FirstStep != WizardStep.Check))
        {
            _check = _check?.Version == _draft.Version ? _check : null;
            return;
        }

        _check = await Sheets.CheckAsync(Id, cancellationToken);
        if (_check is { State: SheetCheckState.Done, Counts: { } counts }) _counts = counts;
    }

    private void Go(WizardStep step) => Navigation.NavigateTo(WizardAddress.Of(Id, step));

    private Task QuietlyAsync() => ReloadAsync(quietly: true);

    private Task PlanAsync(Func<SheetPlan, SheetPlan> change) =>
        ApplyAsync(draft => Sheets.ChangeAsync(Id, draft.Version, change(draft.Plan), Stopped), "Change how a spreadsheet is read");

    private Task CultureAsync(string culture) => PlanAsync(plan => plan with { Culture = culture });

    private Task MonthsAsync(string first) => PlanAsync(plan => ColumnPlan.Months(plan, first));

    private Task FixAsync(SheetFix fix) => ApplyAsync(draft => Sheets.FixAsync(Id, draft.Version, fix, Stopped), "Fix rows of a spreadsheet");

    private Task UnfixAsync(SheetFix fix) => ApplyAsync(draft => Sheets.UnfixAsync(Id, draft.Version, fix, Stopped), "Take a fix of a spreadsheet back");

    private async Task ApplyAsync(Func<SheetDraft, Task<SheetChange>> change, string asked)
    {
        await _turn.WaitAsync(Stopped);
        try
        {
            await AnswerAsync(asked, "The server could not do it; nothing was changed.", async draft => await change(draft) switch
            {
                SheetChange.Changed changed => new(changed.Draft),
                SheetChange.Refused refused => new(Refusal: refused.Reason),
                SheetChange.Stale => new(Refusal: Stale, IsOld: true),
                _ => new(IsOld: true),
            });
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task LoadFileAsync(SheetLoadMode mode)
    {
        if (_loading) return;
        _loading = true;
        try
        {
            await AnswerAsync("Load a spreadsheet", "The server could not start the import; nothing was loaded.", async draft => await Sheets.LoadAsync(Id, draft.Version, mode, Stopped) switch
            {
                SheetLoad.Accepted accepted => new(Import: accepted.ImportId),
                SheetLoad.Refused refused => new(Refusal: refused.Reason),
                SheetLoad.Stale => new(Refusal: Stale, IsOld: true),
                _ => new(IsOld: true),
            });
        }
        finally
        {
            _loading = false;
        }
    }

    /// <summary>Does something with the draft, and shows what came of it.</summary>
    private async Task AnswerAsync(string asked, string failure, Func<SheetDraft, Task<Answer>> act)
    {
        if (_draft is null) return;
        _refusal = null;
        try
        {
            var answer = await act(_draft);
            _refusal = answer.Refusal;
            if (answer.Import is { } import) Navigation.NavigateTo($"/imports/{import:D}");
            else if (answer.IsOld) await ReloadAsync(quietly: true);
            else if (answer.Changed is { } draft)
            {
                _draft = draft;
                await CheckAsync(Stopped);
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _refusal = $"{failure} Try again. Reference {Failures.Report(exception, asked).Reference}.";
        }
    }

    /// <summary>What came of an act: the draft as it is now, the import that it was given to, or why not.</summary>
    /// <param name="IsOld">What is shown is not what is kept: it is read anew.</param>
    private sealed record Answer(SheetDraft? Changed = null, Guid? Import = null, string? Refusal = null, bool IsOld = false);
}
