using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using OffGridFlow.Core.Imports.Sheets;

namespace OffGridFlow.Infrastructure.Imports.Sheets.Reading;

/// <summary>The rows of a sheet of a workbook.</summary>
internal sealed partial class XlsxRows(XlsxFile file, XmlReader xml, SheetShape shape) : SheetReader
{
    /// <summary>Values of merged areas that reach into rows to come.</summary>
    private readonly List<(SheetArea Area, SheetCell Value)> _open = [];
    private readonly char[] _buffer = new char[1024];
    private int _nextArea;
    private int _row;

    public override bool Read() => XlsxFile.Guard(Next);

    public override void Dispose() => xml.Dispose();

    /// <summary>The text of an element with its runs; marks of pronunciation are no part of it. The reader stands at the end of the element afterwards.</summary>
    /// <param name="buffer">Used while it is read.</param>
    public static string TextIn(XmlReader xml, string element, int longest, char[] buffer, out bool tooLong)
    {
        tooLong = false;
        if (xml.IsEmptyElement)
        {
            return "";
        }

        var (text, depth, inText) = (default(StringBuilder), xml.Depth, false);
        string? only = null;
        while (xml.Read() && !(xml.NodeType == XmlNodeType.EndElement && xml.Depth == depth && xml.LocalName == element))
        {
            switch (xml.NodeType)
            {
                case XmlNodeType.Element when xml.LocalName == "rPh":
                    while (xml is { NodeType: XmlNodeType.Element, LocalName: "rPh" })
                    {
                        xml.Skip();
                    }

                    // What follows is looked at next: step back to it by hand.
                    if (xml.NodeType == XmlNodeType.EndElement && xml.Depth == depth)
                    {
                        return Unescaped(only ?? text?.ToString() ?? "");
                    }

                    inText = xml is { NodeType: XmlNodeType.Element, LocalName: "t", IsEmptyElement: false };
                    break;
                case XmlNodeType.Element:
                    inText = xml.LocalName == "t" && !xml.IsEmptyElement;
                    break;
                case XmlNodeType.EndElement:
                    inText = false;
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace when inText:
                    // In pieces: a text of 50 MB is never in memory as a whole.
                    for (int read; (read = xml.ReadValueChunk(buffer, 0, buffer.Length)) > 0;)
                    {
                        if (only is null && text is null && read < buffer.Length)
                        {
                            only = new string(buffer, 0, read);
                            continue;
                        }

                        text ??= new StringBuilder(only);
                        only = null;
                        if (text.Length + read <= longest)
                        {
                            text.Append(buffer, 0, read);
                        }
                        else
                        {
                            tooLong = true;
                        }
                    }

                    break;
            }
        }

        var found = Unescaped(only ?? text?.ToString() ?? "");
        return tooLong ? found[..Math.Min(200, found.Length)] : found;
    }

    private bool Next()
    {
        while (xml.Read())
        {
            if (xml.NodeType == XmlNodeType.EndElement && xml.LocalName == "sheetData")
            {
                return false;
            }

            if (xml.NodeType != XmlNodeType.Element || xml.LocalName != "row")
            {
                continue;
            }

            _row = int.TryParse(xml.GetAttribute("r"), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : _row + 1;
            (Line, IsHidden) = (_row, XlsxFile.IsTrue(xml.GetAttribute("hidden")));
            Cells.Clear();
            if (!xml.IsEmptyElement)
            {
                ReadCells();
            }

            var any = Cells.Exists(cell => !cell.IsBlank);
            Merge();
            Trim();
            if (any)
            {
                return true;
            }
        }

        return false;
    }

    private void ReadCells()
    {
        var (depth, next) = (xml.Depth, 0);
        while (xml.Read() && !(xml.NodeType == XmlNodeType.EndElement && xml.Depth == depth))
        {
            if (xml.NodeType != XmlNodeType.Element || xml.LocalName != "c")
            {
                continue;
            }

            var column = xml.GetAttribute("r") is { } reference ? SheetColumns.ColumnOf(reference) : next;
            next = column + 1;
            var cell = ReadCell();
            if (column < 0 || cell.Kind == SheetCellKind.Empty)
            {
                continue;
            }

            if (column >= file.Limits.MaxColumns)
            {
                throw new UnreadableFileException(
                    string.Create(CultureInfo.InvariantCulture, $"Row {_row:N0} has a value in column {SheetColumns.LetterOf(column)}; at most {file.Limits.MaxColumns:N0} columns can be read."),
                    "Delete the columns that are not needed and upload the workbook again.", _row);
            }

            while (Cells.Count <= column)
            {
                Cells.Add(SheetCell.Nothing);
            }

            Cells[column] = cell;
        }
    }

    private SheetCell ReadCell()
    {
        var type = xml.GetAttribute("t");
        var showsDay = int.TryParse(xml.GetAttribute("s"), NumberStyles.None, CultureInfo.InvariantCulture, out var style) && style < file.ShowsDay.Length && file.ShowsDay[style];
        if (xml.IsEmptyElement)
        {
            return SheetCell.Nothing;
        }

        var (depth, value, formula, tooLong) = (xml.Depth, default(string), false, false);
        while (xml.Read() && !(xml.NodeType == XmlNodeType.EndElement && xml.Depth == depth))
        {
            if (xml.NodeType != XmlNodeType.Element)
            {
                continue;
            }

            switch (xml.LocalName)
            {
                case "v":
                    value = ValueIn(out tooLong);
                    break;
                case "is":
                    value = TextIn(xml, "is", file.Limits.MaxCell, _buffer, out tooLong);
                    break;
                case "f":
                    formula = true;
                    break;
            }
        }

        return tooLong ? new SheetCell(SheetCellKind.TooLong, SheetText.Clean(value ?? ""))
            : value is null ? (formula ? new SheetCell(SheetCellKind.NotCalculated, "") : SheetCell.Nothing)
            : CellOf(type, value, showsDay);
    }

    private string ValueIn(out bool tooLong)
    {
        tooLong = false;
        if (xml.IsEmptyElement)
        {
            return "";
        }

        var (depth, text) = (xml.Depth, "");
        while (xml.Read() && !(xml.NodeType == XmlNodeType.EndElement && xml.Depth == depth))
        {
            if (xml.NodeType is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace)
            {
                text += Piece(ref tooLong);
            }
        }

        return text;
    }

    /// <summary>A text of 50 MB is never in memory as a whole.</summary>
    private string Piece(ref bool tooLong)
    {
        var first = new string(_buffer, 0, xml.ReadValueChunk(_buffer, 0, _buffer.Length));
        var whole = default(StringBuilder);
        for (int read; (read = xml.ReadValueChunk(_buffer, 0, _buffer.Length)) > 0;)
        {
            whole ??= new StringBuilder(first);
            if (whole.Length <= file.Limits.MaxCell)
            {
                whole.Append(_buffer, 0, read);
            }
        }

        tooLong |= whole?.Length > file.Limits.MaxCell;
        return whole is null ? first : tooLong ? whole.ToString(0, 200) : whole.ToString();
    }

    private SheetCell CellOf(string? type, string value, bool showsDay)
    {
        switch (type)
        {
            case "s":
                var text = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? file.Texts.Find(index, out var tooLong) : Missing(out tooLong);
                return text is null ? throw new UnreadableFileException("The workbook is damaged: a cell names a text that is not there.", "Open it in your spreadsheet program, save it under another name and upload that.", _row)
                    : tooLong ? new SheetCell(SheetCellKind.TooLong, SheetText.Clean(text)) : SheetCell.Of(text);
            case "str" or "inlineStr":
                return SheetCell.Of(Unescaped(value));
            case "b":
                return new SheetCell(SheetCellKind.Boolean, value is "1" or "true" ? "TRUE" : "FALSE");
            case "e":
                return new SheetCell(SheetCellKind.Error, SheetText.Clean(value));
            case "d":
                return SheetDays.Read(value, DateOrder.YearMonthDay) is { Outcome: SheetReading.Read } day ? new SheetCell(SheetCellKind.Day, Iso(day.From), day.From) : SheetCell.Of(value);
        }

        if (value.Length == 0)
        {
            return SheetCell.Nothing;
        }

        if (NumberOf(value) is not { } number)
        {
            return SheetCell.Of(value);
        }

        if (!showsDay)
        {
            return new SheetCell(SheetCellKind.Number, number.ToString(CultureInfo.InvariantCulture));
        }

        return SheetDays.FromSerial(number, file.Is1904) is { } found ? new SheetCell(SheetCellKind.Day, Iso(found), found)
            : new SheetCell(SheetCellKind.Day, number.ToString(CultureInfo.InvariantCulture));
    }

    private static string? Missing(out bool tooLong)
    {
        tooLong = false;
        return null;
    }

    private static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>As the sheet shows it: what is written with more than 15 digits is a binary fraction, of which 15 are meant.</summary>
    private static decimal? NumberOf(string value)
    {
        var digits = value.AsSpan().IndexOfAny('e', 'E') is >= 0 and var exponent ? exponent : value.Length;
        if (digits <= 16 && decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact))
        {
            return exact;
        }

        return double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var binary) && Math.Abs(binary) < 7.9e28 ? (decimal)binary : null;
    }

    /// <summary>Repeats what stands first in merged cells in all of them.</summary>
    private void Merge()
    {
        _open.RemoveAll(open => open.Area.LastRow < _row);
        for (; _nextArea < shape.Merged.Count && shape.Merged[_nextArea].FirstRow <= _row; _nextArea++)
        {
            var area = shape.Merged[_nextArea];
            if (area.FirstRow == _row && this[area.FirstColumn] is { Kind: not SheetCellKind.Empty } value)
            {
                _open.Add((area, value with { IsMerged = true }));
            }
        }

        foreach (var (area, value) in _open)
        {
            for (var column = area.FirstColumn; column <= Math.Min(area.LastColumn, file.Limits.MaxColumns - 1); column++)
            {
                while (Cells.Count <= column)
                {
                    Cells.Add(SheetCell.Nothing);
                }

                if (Cells[column].Kind == SheetCellKind.Empty)
                {
                    Cells[column] = value;
                }
            }
        }
    }

    private void Trim()
    {
        while (Cells.Count > 0 && Cells[^1].IsBlank)
        {
            Cells.RemoveAt(Cells.Count - 1);
        }
    }

    /// <summary>Control characters as the format writes them: <c>_x000D_</c>.</summary>
    private static string Unescaped(string text) => text.Contains("_x", StringComparison.Ordinal)
        ? Escape().Replace(text, match => ((char)int.Parse(match.Groups[1].ValueSpan, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)).ToString()) : text;

    [GeneratedRegex("_x([0-9A-Fa-f]{4})_", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Escape();
}
