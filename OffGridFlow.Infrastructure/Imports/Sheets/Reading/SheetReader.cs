using OffGridFlow.Core.Imports.Sheets;

namespace OffGridFlow.Infrastructure.Imports.Sheets.Reading;

/// <summary>Goes over the rows of one sheet once, from the top. Rows without any value are passed over.</summary>
internal abstract class SheetReader : IDisposable
{
    /// <summary>1-based row of the sheet, physical line of a text file.</summary>
    public long Line { get; protected set; }

    /// <summary>Hidden in the sheet.</summary>
    public bool IsHidden { get; protected set; }

    /// <summary>By column, without empty ones at the end; holds until the next read.</summary>
    public List<SheetCell> Cells { get; } = [];

    /// <summary>What is wrong with the shape of the row, so that no value can be trusted to stand in its column; else null.</summary>
    public RowFault? Fault { get; protected set; }

    public SheetCell this[int column] => column < Cells.Count ? Cells[column] : SheetCell.Nothing;

    /// <summary>Moves to the next row with a value; false at the end.</summary>
    /// <exception cref="UnreadableFileException">The file cannot be read on.</exception>
    public abstract bool Read();

    public abstract void Dispose();
}

/// <summary>What is known of a sheet before its rows are read.</summary>
/// <param name="Merged">Areas of merged cells.</param>
internal sealed record SheetShape(
    int Index, string Name, bool IsHidden, long? Rows, int HiddenRows, IReadOnlyList<int> HiddenColumns, IReadOnlyList<SheetArea> Merged);

/// <summary>Rows are 1-based, columns 0-based; all inclusive.</summary>
internal readonly record struct SheetArea(int FirstRow, int FirstColumn, int LastRow, int LastColumn);

/// <summary>A spreadsheet that can be read.</summary>
internal abstract class SheetFile : IDisposable
{
    /// <summary><c>xlsx</c> or <c>csv</c>.</summary>
    public abstract string Format { get; }

    /// <summary>For people.</summary>
    public abstract string FormatText { get; }

    /// <summary>Whether serial numbers of days count from 1904.</summary>
    public virtual bool Is1904 => false;

    /// <summary>In the order of the workbook; hidden rows and merged areas of each are looked for when they are first asked for.</summary>
    public abstract IReadOnlyList<SheetShape> Sheets { get; }

    /// <summary>The sheet with all that its whole part says of it.</summary>
    public abstract SheetShape ShapeOf(int sheet);

    public abstract SheetReader Open(int sheet);

    public virtual void Dispose()
    {
    }

    /// <param name="content">Seekable; stays open.</param>
    /// <exception cref="UnreadableFileException">It is no spreadsheet that can be read; the exception says what it is and what to do.</exception>
    public static SheetFile Open(Stream content, string fileName, SheetLimits limits)
    {
        var head = new byte[8192];
        content.Position = 0;
        var length = content.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        content.Position = 0;
        return FileKinds.Refusal(head.AsSpan(0, length), content, fileName) is { } refusal ? throw refusal
            : FileKinds.IsZip(head) ? XlsxFile.Open(content, limits) : CsvFile.Open(content, limits);
    }
}
