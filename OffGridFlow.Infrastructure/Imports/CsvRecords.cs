using System.Globalization;
using System.Text;
using System.Text.Unicode;
using CsvHelper;

namespace OffGridFlow.Infrastructure.Imports;

/// <summary>
/// The records of a comma-separated UTF-8 text: first the headings, then rows that are checked for their shape
/// (number of fields, quotes, encoding) before anyone looks at a value. Spans are valid until the next read.
/// </summary>
internal sealed class CsvRecords : IDisposable
{
    private readonly Stream _text;
    private readonly BillFileLimits _limits;
    private readonly CsvReader _csv;
    private CsvMalformedReason? _malformed;
    private int _columns;

    /// <exception cref="UnreadableFileException">The part is not text.</exception>
    public CsvRecords(BillPart part, BillFileLimits limits)
    {
        _limits = limits;
        _text = BillFile.OpenText(part, limits);
        var options = CsvReaderOptions.Default with
        {
            Separator = ',',
            HasHeader = false,
            TrackLineNumbers = true,
            MaxRecordSize = limits.MaxRecordBytes,
            BufferSize = 128 << 10,
            OnMalformedRecord = m => _malformed = m.Reason,
        };
        _csv = CsvReader.Create(_text, options, leaveOpen: true);
    }

    /// <summary>Data rows met so far.</summary>
    public long Rows { get; private set; }

    /// <summary>1-based physical line on which the current record starts.</summary>
    public long Line { get; private set; }

    public ReadOnlySpan<byte> Raw => _csv.RawRecord;

    /// <summary>The field without its quotes.</summary>
    public ReadOnlySpan<byte> this[int column] => _csv.GetSpan(column);

    /// <summary>The headings as written, without surrounding blanks.</summary>
    /// <exception cref="UnreadableFileException">There is no usable line of headings.</exception>
    public IReadOnlyList<string> ReadHeadings()
    {
        if (!Next())
            throw new UnreadableFileException("The file is empty: it has no line of headings.", "Download the report again; an export without usage still has a line of headings.");
        if (!Utf8.IsValid(Raw))
            throw new UnreadableFileException("The line of headings is not UTF-8 text.", "Save the file as UTF-8, or better upload it as the provider delivered it.", Line) { MayBeTable = true };
        if (_csv.FieldCount < 3)
            RefuseOtherSeparator();
        _columns = _csv.FieldCount;
        return [.. Enumerable.Range(0, _columns).Select(i => _csv.GetString(i).Trim())];
    }

    /// <summary>Moves to the next row that is not blank; false at the end.</summary>
    /// <exception cref="UnreadableFileException">The file cannot be read on.</exception>
    public bool Read(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!Next())
            return false;
        Rows++;
        return true;
    }

    /// <summary>What is wrong with the shape of the current row; null if its fields can be trusted.</summary>
    public RowFault? Fault()
    {
        if (_malformed == CsvMalformedReason.TextAfterClosingQuote)
            return new RowFault("Text follows a closing quote, so it is not clear where the value ends.", "Double each quote inside a value (\"\"), or upload the file as the provider delivered it.");
        if (_csv.FieldCount != _columns)
        {
            return new RowFault(
                string.Create(CultureInfo.InvariantCulture, $"The row has {_csv.FieldCount} fields, the line of headings has {_columns}: which value belongs to which heading is not certain."),
                "Export the report again, or give the row as many fields as there are headings.");
        }

        if (!Utf8.IsValid(Raw))
            return new RowFault("The row holds bytes that are not UTF-8 text (shown as \uFFFD).", "Save the file as UTF-8, or upload it as the provider delivered it.", ColumnNotText());
        return Raw.Contains((byte)0)
            ? new RowFault("The row holds NUL bytes.", "Export the report again: a text file has no NUL bytes.", ColumnNotText())
            : null;
    }

    public void Dispose()
    {
        _csv.Dispose();
        _text.Dispose();
    }

    /// <summary>The first column whose bytes are not text, or null.</summary>
    private int? ColumnNotText()
    {
        for (var i = 0; i < Math.Min(_columns, _csv.FieldCount); i++)
        {
            if (!Utf8.IsValid(this[i]) || this[i].Contains((byte)0))
                return i;
        }

        return null;
    }

    private bool Next()
    {
        try
        {
            do
            {
                _malformed = null;
                if (!_csv.Read())
                    return false;
            }
            while (_csv.FieldCount == 1 && Raw.Trim(" \t"u8).IsEmpty);
        }
        catch (CsvFormatException e)
        {
            throw TooLong(e.LineNumber);
        }
        catch (UnreadableFileException e) when (e.Line is null)
        {
            throw new UnreadableFileException(
                string.Create(CultureInfo.InvariantCulture, $"{e.Reason} Reading got as far as row {Rows:N0} (line {Line:N0})."), e.Fix, Line);
        }

        Line = _csv.LineNumber;
        if (Raw.Length > _limits.MaxFieldBytes)
            RefuseLongRecord();
        if (_malformed == CsvMalformedReason.UnterminatedQuote)
        {
            throw new UnreadableFileException(
                "A quote is opened and never closed, so the rest of the file reads as one value.",
                "Check whether the file was cut off, and download it again.", Line + LinesBeforeOpenQuote());
        }

        return true;
    }

    private void RefuseLongRecord()
    {
        if (Raw.Length > _limits.MaxRecordBytes)
            throw TooLong(Line);
        for (var i = 0; i < _csv.FieldCount; i++)
        {
            if (this[i].Length > _limits.MaxFieldBytes)
            {
                throw new UnreadableFileException(
                    string.Create(CultureInfo.InvariantCulture, $"Field {i + 1} of the row on line {Line:N0} is longer than {_limits.MaxFieldBytes >> 20} MB, which no cost report has."),
                    "Check for a quote that is not closed, or export the report again.", Line);
            }
        }
    }

    private UnreadableFileException TooLong(long line) => new(
        string.Create(CultureInfo.InvariantCulture, $"The row that starts on line {line:N0} is longer than {_limits.MaxRecordBytes >> 20} MB, which no cost report has."),
        "Check that row for a quote that is not closed, or export the report again.", line);

    private long LinesBeforeOpenQuote()
    {
        var raw = Raw;
        var opened = 0;
        var quoted = false;
        for (var i = 0; i < raw.Length; i++)
        {
            if (quoted)
            {
                if (raw[i] != '"')
                    continue;
                if (i + 1 < raw.Length && raw[i + 1] == '"')
                    i++;
                else
                    quoted = false;
            }
            else if (raw[i] == '"' && (i == 0 || raw[i - 1] == ','))
            {
                quoted = true;
                opened = i;
            }
        }

        return raw[..opened].Count((byte)'\n');
    }

    private void RefuseOtherSeparator()
    {
        foreach (var (separator, name) in new[] { (';', "semicolons"), ('\t', "tabs"), ('|', "vertical bars") })
        {
            if (Raw.Count((byte)separator) > 1)
            {
                throw new UnreadableFileException(
                    $"The headings are separated by {name}, not by commas.",
                    "Upload the file as the provider delivered it: a spreadsheet program that saved it may have changed separators, numbers and dates.", Line)
                {
                    MayBeTable = BillFormats.KindOf([.. Encoding.UTF8.GetString(Raw).Split(separator).Select(heading => heading.Trim().Trim('"'))]) is null,
                };
            }
        }
    }
}
