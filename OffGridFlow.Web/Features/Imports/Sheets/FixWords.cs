using OffGridFlow.Core.Imports.Sheets;
using OffGridFlow.Infrastructure.Imports.Sheets;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Web.Features.Imports.Sheets;

/// <summary>Answers as sentences, for the list of those that were given.</summary>
internal static class FixWords
{
    public static string Of(SheetFix fix, IReadOnlyList<SheetHeading> headings)
    {
        var column = fix.Column is { } index ? headings.FirstOrDefault(heading => heading.Index == index)?.Letter : null;
        var what = fix.Value is null ? "rows" : Quoted(fix.Value);
        var where = (column, fix.Line) switch
        {
            ({ } letter, { } line) => $"Row {Format.Count(line)}, column {letter}: ",
            ({ } letter, null) => $"Column {letter}: ",
            (null, { } line) => $"Row {Format.Count(line)}: ",
            _ => "",
        };
        return where + fix.Kind switch
        {
            SheetFixKind.Replace => $"{what} is read as {Quoted(fix.To ?? "")}",
            SheetFixKind.LeaveOut => $"{what} left out",
            _ => $"{what} confirmed",
        };
    }

    /// <summary>A text of the file in quotation marks; an empty one in words.</summary>
    public static string Quoted(string text) => text.Length == 0 ? "an empty cell" : $"“{text}”";
}
