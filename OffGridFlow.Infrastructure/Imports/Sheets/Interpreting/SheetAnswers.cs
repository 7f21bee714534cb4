using OffGridFlow.Core.Imports.Sheets;
using OffGridFlow.Infrastructure.Imports.Sheets.Reading;

namespace OffGridFlow.Infrastructure.Imports.Sheets.Interpreting;

/// <summary>What people have answered about a file, found for its rows and cells.</summary>
internal sealed class SheetAnswers
{
    private readonly Dictionary<(int Column, string Value), string> _replaced = [];
    private readonly Dictionary<(long Line, int Column), string> _edited = [];
    private readonly List<SheetFix> _coded;
    private readonly List<SheetFix> _leftOut;
    private readonly List<SheetFix> _confirmed;

    public SheetAnswers(SheetPlan plan)
    {
        // Of two answers to the same question the newer stands first and is written last.
        foreach (var fix in plan.Fixes.Where(fix => fix is { Kind: SheetFixKind.Replace, Code: null, Column: not null, To: not null }).Reverse())
        {
            if (fix.Line is { } line)
            {
                _edited[(line, fix.Column!.Value)] = fix.To!;
            }
            else if (fix.Value is { } value)
            {
                _replaced[(fix.Column!.Value, value.Trim())] = fix.To!;
            }
        }

        _coded = [.. plan.Fixes.Where(fix => fix is { Kind: SheetFixKind.Replace, Code: not null, To: not null })];
        _leftOut = [.. plan.Fixes.Where(fix => fix.Kind == SheetFixKind.LeaveOut)];
        _confirmed = [.. plan.Fixes.Where(fix => fix is { Kind: SheetFixKind.Confirm, Code: not null })];
    }

    /// <summary>What stands in place of the cell's text.</summary>
    public bool TryReplace(SheetReader row, int column, string text, out string? to) =>
        _edited.TryGetValue((row.Line, column), out to) || (_replaced.Count > 0 && _replaced.TryGetValue((column, text.Trim()), out to));

    public bool IsEdited(SheetReader row, int column) => _edited.ContainsKey((row.Line, column));

    /// <summary>What is to be taken where the checks find this problem.</summary>
    /// <param name="said">What a heading or the plan says, where no cell does.</param>
    public SheetFix? ToMend(string code, SheetReader row, string? said) => _coded.Find(fix => fix.Code == code && Matches(fix, row) && MatchesSaid(fix, said));

    public bool IsOut(SheetReader row, List<SheetFault> faults) =>
        _leftOut.Count > 0 && _leftOut.Exists(fix => (fix.Code is null || faults.Exists(fault => fault.Code == fix.Code && MatchesSaid(fix, fault.Said))) && Matches(fix, row));

    /// <summary>Codes of problems for which this row is not wanted; those that only the whole file or the ledger shows are looked for later.</summary>
    public string[] LeftOutFor(SheetReader row) => _leftOut.Count == 0 ? [] : [.. _leftOut.Where(fix => fix.Code is not null && Matches(fix, row)).Select(fix => fix.Code!).Distinct()];

    public bool IsConfirmed(string code, SheetReader row) => _confirmed.Exists(fix => fix.Code == code && Matches(fix, row));

    /// <summary>Codes of the questions that are answered for the row.</summary>
    public string[] ConfirmedFor(SheetReader row) => [.. _confirmed.Where(fix => Matches(fix, row)).Select(fix => fix.Code!).Distinct()];

    private static bool MatchesSaid(SheetFix fix, string? said) => fix.Column is not null || fix.Value is null || string.Equals(fix.Value, said, StringComparison.Ordinal);

    private static bool Matches(SheetFix fix, SheetReader row) => (fix.Line is null || fix.Line == row.Line)
        && (fix.Value is null || fix.Column is not { } column || string.Equals(row[column].Text.Trim(), fix.Value.Trim(), StringComparison.Ordinal));
}
