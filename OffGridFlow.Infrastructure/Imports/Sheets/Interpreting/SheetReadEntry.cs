using OffGridFlow.Infrastructure.ActivityData;

namespace OffGridFlow.Infrastructure.Imports.Sheets.Interpreting;

/// <summary>What one row, or in the wide form one value of it, says.</summary>
/// <param name="Column">0-based column of its quantity; -1 where there is none.</param>
/// <param name="Input">In the words of the tables; null where it has errors or is left out.</param>
/// <param name="Faults">Errors first, then questions that are not answered.</param>
/// <param name="Questions">Codes of all questions that its values raise by themselves, answered or not.</param>
/// <param name="Confirmed">Codes of the questions that are answered for it.</param>
/// <param name="IsFixed">An answer has changed how it is read.</param>
/// <param name="Notice">What somebody who looks at it shall know; where nobody looks, null.</param>
internal sealed record SheetReadEntry(
    long Line, int Column, EntryInput? Input, IReadOnlyList<SheetFault> Faults, IReadOnlyList<string> Questions, IReadOnlyList<string> Confirmed, bool IsFixed, bool IsLeftOut,
    string? Notice = null)
{
    public bool HasErrors => Faults.Any(fault => fault.Severity == EntrySeverity.Error);
}
