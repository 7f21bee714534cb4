using OffGridFlow.Core.Imports.Sheets;
using OffGridFlow.Infrastructure.Imports.Sheets.Interpreting;
using OffGridFlow.Infrastructure.Imports.Sheets.Reading;

namespace OffGridFlow.Infrastructure.Imports.Sheets;

/// <summary>Some rows of a file as they stand and as they are read, found by going over the file from its top.</summary>
internal sealed class SheetPages(DraftOnDesk draft, SheetFile file, SheetInterpreter interpreter)
{
    private readonly SheetStoredCheck? _check = draft.Check;
    private readonly List<SheetReadEntry> _entries = [];
    private readonly Dictionary<int, (string Text, bool IsFixed)> _readAs = [];
    private Dictionary<(long Line, int Column), string>? _marks;

    public SheetPage Read(SheetWindow window, int around, CancellationToken cancellationToken)
    {
        var faulty = window.Filter == SheetRowFilter.Faulty;
        var only = faulty && _check is { } check && check.FaultyLines.Count == check.Faulty ? check.FaultyLines.ToHashSet() : null;
        var isWide = draft.Plan.Columns.Count(use => use.Field == SheetField.Quantity) > 1;
        var (rows, skipped, more) = (new List<SheetRowView>(), 0L, false);
        using var reader = file.Open(draft.Plan.Sheet);
        var last = draft.Plan.HeadingRow + draft.Plan.HeadingRows - 1;
        while (reader.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if ((draft.Plan.HeadingRow > 0 && reader.Line <= last) || (reader.IsHidden && !draft.Plan.ReadsHiddenRows) || only?.Contains(reader.Line) == false)
            {
                continue;
            }

            if (faulty)
            {
                var view = ViewOf(reader);
                if (view.Outcome is not (SheetRowOutcome.Rejected or SheetRowOutcome.Duplicate) || !Has(view, window.Problem, reader))
                {
                    continue;
                }

                if (skipped < window.Skip)
                {
                    skipped++;
                    continue;
                }

                if (rows.Count == window.Take)
                {
                    more = true;
                    break;
                }

                rows.Add(view);
                continue;
            }

            if (window.AroundLine is { } line ? reader.Line < line && rows.Count == around : skipped < window.Skip)
            {
                // What falls out at the front while one looks for the line was passed over.
                skipped++;
                if (window.AroundLine is null)
                {
                    continue;
                }

                rows.RemoveAt(0);
            }

            if (rows.Count == window.Take)
            {
                more = true;
                break;
            }

            rows.Add(ViewOf(reader));
        }

        long? total = faulty ? (window.Problem is null ? _check?.Faulty : null) : isWide ? null : _check?.Counts.RowsRead;
        return new SheetPage(draft.Draft.Version, rows, skipped, total, more);
    }

    /// <summary>What becomes of the row, of its best or worst value; and why not, in words.</summary>
    public SheetRowView ViewOf(SheetReader reader)
    {
        _readAs.Clear();
        interpreter.Read(reader, _entries, _readAs);
        _marks ??= _check?.ByPlace() ?? [];
        var (outcome, faults) = (SheetRowOutcome.Unchanged, new List<SheetFault>());
        foreach (var entry in _entries)
        {
            var found = OutcomeOf(entry, out var fault);
            faults.AddRange(entry.IsLeftOut || found == SheetRowOutcome.Unchanged ? [] : entry.Faults.Where(other => fault is null || other.Code != fault.Code));
            if (fault is not null)
            {
                faults.Add(fault);
            }

            outcome = Weight(found) > Weight(outcome) ? found : outcome;
        }

        // In the wide form each value of the row finds what is wrong with the row again: it is said once.
        return new SheetRowView(reader.Line, reader.IsHidden, [.. reader.Cells.Select((cell, column) => CellOf(cell, column))], outcome, [.. faults.Distinct()],
            outcome is SheetRowOutcome.Load or SheetRowOutcome.Fixed or SheetRowOutcome.Unknown ? _entries.Select(entry => entry.Notice).OfType<string>().FirstOrDefault() : null);
    }

    private SheetRowOutcome OutcomeOf(SheetReadEntry entry, out SheetFault? fault)
    {
        fault = null;
        if (entry.IsLeftOut)
        {
            return SheetRowOutcome.LeftOut;
        }

        if (entry.Input is null)
        {
            return SheetRowOutcome.Rejected;
        }

        if (_marks!.TryGetValue((entry.Line, entry.Column), out var code))
        {
            if (code is "unchanged")
            {
                return SheetRowOutcome.Unchanged;
            }

            if (code is "left-out")
            {
                return SheetRowOutcome.LeftOut;
            }

            fault = SheetProblems.OfSet(code, interpreter, entry.Column);
            return code == "duplicate-row" ? SheetRowOutcome.Duplicate : SheetRowOutcome.Rejected;
        }

        return entry.Faults.Count > 0 ? SheetRowOutcome.Rejected : _check is null ? SheetRowOutcome.Unknown : entry.IsFixed ? SheetRowOutcome.Fixed : SheetRowOutcome.Load;
    }

    private SheetCellView CellOf(SheetCell cell, int column)
    {
        var text = cell.Text.Length <= SheetInterpreter.LongestShown ? cell.Text : cell.Text[..(SheetInterpreter.LongestShown - 1)] + "…";
        return _readAs.TryGetValue(column, out var read) && (read.IsFixed || read.Text != text) ? new SheetCellView(text, read.Text, read.IsFixed) : new SheetCellView(text, null, IsFixed: false);
    }

    private static bool Has(SheetRowView row, SheetProblemKey? problem, SheetReader reader) => problem is null || row.Faults.Any(fault =>
        fault.Code == problem.Code && fault.Column == problem.Column
        && (problem.Value is null || string.Equals(problem.Column is { } column ? reader[column].Text.Trim() : fault.Said, problem.Value, StringComparison.Ordinal)));

    private static int Weight(SheetRowOutcome outcome) => outcome switch
    {
        SheetRowOutcome.Rejected => 6, SheetRowOutcome.Duplicate => 5, SheetRowOutcome.LeftOut => 4, SheetRowOutcome.Unknown => 3, SheetRowOutcome.Fixed => 2, SheetRowOutcome.Load => 1, _ => 0,
    };
}
