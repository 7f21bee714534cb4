using Microsoft.AspNetCore.Components;
using OffGridFlow.Core.Imports.Sheets;
using OffGridFlow.Infrastructure.ActivityData;
using OffGridFlow.Infrastructure.Imports.Sheets;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Web.Features.Imports.Sheets;

public sealed partial class SheetPreview
{
    private const int PageSize = 50;
    private const int MostColumns = 26;
    private const string ViewAll = "all";
    private const string ViewFaulty = "faulty";
    private const string ViewProblem = "problem";

    private readonly CancellationTokenSource _stop = new();
    private SheetPage? _page;
    private Failure? _failure;
    private string _view = ViewAll;
    private long _skip;
    private long? _around;
    private long? _open;
    private SheetProblemKey? _problem;
    private (Guid Draft, int Version, SheetCheckState? State)? _read;
    private int _turn;

    [Inject] private ISheetImports Sheets { get; set; } = default!;
    [Inject] private Failures Failures { get; set; } = default!;

    [Parameter, EditorRequired] public SheetDraft Draft { get; set; } = default!;
    [Parameter] public SheetCheck? Check { get; set; }
    [Parameter] public SheetCounts? Counts { get; set; }

    /// <summary>The group of problems that is looked at.</summary>
    [Parameter] public SheetProblem? Problem { get; set; }
    [Parameter] public EventCallback<SheetFix> OnFix { get; set; }

    private List<SheetHeading> Columns => [.. Draft.Headings.Where(heading => heading.Index < MostColumns || ColumnPlan.UseOf(Draft.Plan, heading.Index) is not null)];

    private IReadOnlyList<SwitchChoice<string>> Views
    {
        get
        {
            var views = new List<SwitchChoice<string>>
            {
                new(ViewAll, Counts is null ? "All" : "All " + Format.Count(Counts.RowsRead), "table-2"),
                new(ViewFaulty, Counts is null ? "Held back" : "Held back " + Format.Count(Counts.Rejected - Counts.LeftOut + Counts.Duplicate), "circle-alert"),
            };
            if (Problem is not null) views.Add(new(ViewProblem, "This reason " + Format.Count(Problem.Rows), "funnel"));
            return views;
        }
    }

    private string Where => _page is { Rows.Count: > 0 } ? "Preview, " + Range : "Preview";

    private string Range
    {
        get
        {
            var (first, last) = (_page!.Skip + 1, _page.Skip + _page.Rows.Count);
            return $"{Format.Count(first)} to {Format.Count(last)}{(_page.Total is { } total ? " of " + Format.Count(total) : "")} {(_view == ViewAll ? "rows" : "rows held back")}";
        }
    }

    private SheetWindow Window => _view switch
    {
        ViewFaulty => new SheetWindow(SheetRowFilter.Faulty, _skip, PageSize),
        ViewProblem when Problem is not null => new SheetWindow(SheetRowFilter.Faulty, _skip, PageSize, Problem.Key),
        _ => new SheetWindow(SheetRowFilter.All, _skip, PageSize, AroundLine: _around),
    };

    /// <summary>Reads again when the plan has changed, when its check has ended, and when another reason is looked at; not on each look at a running check.</summary>
    protected override Task OnParametersSetAsync()
    {
        var state = (Draft.Id, Draft.Version, Check?.State);
        var problem = Problem?.Key;
        var changed = _read != state;
        if (problem != _problem)
        {
            changed = true;
            _problem = problem;
            (_skip, _around, _open) = (0, null, null);
            if (problem is not null) _view = ViewProblem;
            // The last row of a reason has been mended: the others stay in view.
            else if (_view == ViewProblem) _view = ViewFaulty;
        }

        _read = state;
        return changed ? ReadAsync() : Task.CompletedTask;
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private Task ViewAsync(string view)
    {
        (_view, _skip, _around, _open) = (view, 0, null, null);
        return ReadAsync();
    }

    private Task GoAsync(long skip)
    {
        (_skip, _around, _open) = (Math.Max(0, skip), null, null);
        return ReadAsync();
    }

    private Task AroundAsync(long line)
    {
        (_view, _skip, _around, _open) = (ViewAll, 0, line, line);
        return ReadAsync();
    }

    private void Toggle(long line) => _open = _open == line ? null : line;

    private async Task ReadAsync()
    {
        var turn = ++_turn;
        _failure = null;
        try
        {
            var page = await Sheets.ReadAsync(Draft.Id, Window, _stop.Token);
            if (turn != _turn) return;
            _page = page ?? new SheetPage(Draft.Version, [], 0, 0, HasMore: false);
            // The first row that needs somebody explains itself, so that the way to mend it is seen at once.
            _open = _page.Rows.Any(row => row.Line == _open) ? _open
                : _view == ViewAll && _around is null && Problem is null ? null : _page.Rows.FirstOrDefault(row => row.Faults.Count > 0)?.Line;
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The page was left.
        }
        catch (Exception exception)
        {
            _failure = Failures.Report(exception, "Rows of spreadsheet " + Draft.Id.ToString("D"));
        }
    }

    private static SheetFault? Worst(SheetRowView row, int column) =>
        row.Faults.Where(fault => fault.Column == column && fault.Severity != EntrySeverity.Notice).OrderBy(fault => fault.Severity).FirstOrDefault();
}
