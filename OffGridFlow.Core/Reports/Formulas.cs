using System.Globalization;
using System.Text;

namespace OffGridFlow.Core.Reports;

/// <summary>Words of spreadsheet formulas.</summary>
public static class Formulas
{
    /// <summary>Longer texts within a formula are refused by Excel.</summary>
    public const int LongestText = 255;

    /// <summary>E.g. <c>A</c>, <c>Z</c>, <c>AA</c>.</summary>
    /// <param name="column">0-based.</param>
    public static string Column(int column)
    {
        var letters = new StringBuilder();
        for (var rest = column + 1; rest > 0; rest = (rest - 1) / 26)
        {
            letters.Insert(0, (char)('A' + (rest - 1) % 26));
        }

        return letters.ToString();
    }

    /// <summary>E.g. <c>C12</c>.</summary>
    /// <param name="column">0-based.</param>
    /// <param name="row">1-based.</param>
    public static string Address(int column, int row) => string.Create(CultureInfo.InvariantCulture, $"{Column(column)}{row}");

    /// <summary>A piece of one column of a sheet, e.g. <c>'Activities 2'!$C$3:$C$90</c>.</summary>
    public static string Range(string sheet, int column, int firstRow, int lastRow)
    {
        var letters = Column(column);
        return string.Create(CultureInfo.InvariantCulture, $"'{sheet.Replace("'", "''", StringComparison.Ordinal)}'!${letters}${firstRow}:${letters}${lastRow}");
    }

    /// <summary>A text in quotes.</summary>
    public static string Text(string text) => "\"" + text.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";

    /// <summary>A condition of SUMIFS and COUNTIFS that holds for cells with exactly this text (capitals aside), taken as text: no wildcards, no comparison.</summary>
    public static string Equal(string text) => Text(
        "=" + text.Replace("~", "~~", StringComparison.Ordinal).Replace("*", "~*", StringComparison.Ordinal).Replace("?", "~?", StringComparison.Ordinal));
}
