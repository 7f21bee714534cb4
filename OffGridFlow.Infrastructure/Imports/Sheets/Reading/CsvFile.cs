using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using CsvHelper;
using OffGridFlow.Core.Imports.Sheets;

namespace OffGridFlow.Infrastructure.Imports.Sheets.Reading;

/// <summary>A text of values with delimiters, in whatever encoding.</summary>
internal sealed class CsvFile : SheetFile
{
    private const int Looked = 256 << 10;
    private static readonly char[] Delimiters = [',', ';', '\t', '|'];

    private readonly Stream _content;
    private readonly SheetLimits _limits;
    private readonly Encoding _encoding;
    private readonly string _encodingName;
    private readonly char _delimiter;

    /// <summary>The first line is Excel’s <c>sep=;</c> and no row.</summary>
    private readonly bool _hasHint;

    private CsvFile(Stream content, SheetLimits limits, Encoding encoding, string encodingName, char delimiter, bool hasHint)
    {
        (_content, _limits, _encoding, _encodingName, _delimiter, _hasHint) = (content, limits, encoding, encodingName, delimiter, hasHint);
        Sheets = [new SheetShape(0, "CSV", IsHidden: false, null, 0, [], [])];
    }

    public override string Format => "csv";

    public override string FormatText => $"{_encodingName}, separated by {NameOf(_delimiter)}";

    public override IReadOnlyList<SheetShape> Sheets { get; }

    public static CsvFile Open(Stream content, SheetLimits limits)
    {
        var (encoding, name) = EncodingOf(content);
        content.Position = 0;
        using var reader = new StreamReader(content, encoding, detectEncodingFromByteOrderMarks: true, 1 << 16, leaveOpen: true);
        var buffer = new char[Looked];
        var length = reader.ReadBlock(buffer);
        var sample = buffer.AsSpan(0, length).TrimStart('\uFEFF');
        if (sample.IsWhiteSpace())
        {
            throw new UnreadableFileException("The file holds no text.", "Export it again and look at it before you upload it.");
        }

        if (sample.Contains('\0'))
        {
            throw new UnreadableFileException("The file is no text: it holds bytes that no spreadsheet program writes.", "Save the table as Excel workbook (.xlsx) or as CSV and upload that.");
        }

        var first = sample.IndexOfAny('\r', '\n') is >= 0 and var end ? sample[..end] : sample;
        var hint = first.StartsWith("sep=", StringComparison.OrdinalIgnoreCase) && first.Length == 5;
        return new CsvFile(content, limits, encoding, name, hint ? first[4] : DelimiterOf(sample), hint);
    }

    public override SheetShape ShapeOf(int sheet) => Sheets[0];

    public override SheetReader Open(int sheet) => new Reader(this);

    private static string NameOf(char delimiter) => delimiter switch { ',' => "commas", ';' => "semicolons", '\t' => "tabs", '|' => "vertical bars", var other => $"“{other}”" };

    private static (Encoding Encoding, string Name) EncodingOf(Stream content)
    {
        content.Position = 0;
        Span<byte> mark = stackalloc byte[4];
        mark = mark[..content.ReadAtLeast(mark, 4, throwOnEndOfStream: false)];
        if (mark.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE, 0, 0]) || mark.StartsWith((ReadOnlySpan<byte>)[0, 0, 0xFE, 0xFF]))
        {
            return (new UTF32Encoding(mark[0] == 0, byteOrderMark: true), "UTF-32");
        }

        if (mark.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || mark.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
        {
            return (mark[0] == 0xFF ? Encoding.Unicode : Encoding.BigEndianUnicode, "UTF-16");
        }

        // Western text in UTF-16 without a mark: every second byte is zero.
        if (mark.Length == 4 && mark[0] != 0 && mark[1] == 0 && mark[2] != 0 && mark[3] == 0)
        {
            return (Encoding.Unicode, "UTF-16");
        }

        if (mark.Length == 4 && mark[0] == 0 && mark[1] != 0 && mark[2] == 0 && mark[3] != 0)
        {
            return (Encoding.BigEndianUnicode, "UTF-16");
        }

        return IsUtf8(content) ? (new UTF8Encoding(false), "UTF-8") : (CodePagesEncodingProvider.Instance.GetEncoding(1252)!, "Windows-1252");
    }

    /// <summary>Of the whole file: one letter on its last page may be the only one that tells.</summary>
    private static bool IsUtf8(Stream content)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 18);
        try
        {
            content.Position = 0;
            var kept = 0;
            for (int read; (read = content.Read(buffer, kept, buffer.Length - kept)) > 0;)
            {
                var length = kept + read;
                // A letter may go on in the next block: it is at most four bytes long.
                var whole = length;
                for (var back = 1; back <= Math.Min(3, length); back++)
                {
                    var b = buffer[length - back];
                    if (b >= 0xC0)
                    {
                        whole = length - back;
                        break;
                    }

                    if (b < 0x80)
                    {
                        break;
                    }
                }

                if (!Utf8.IsValid(buffer.AsSpan(0, whole)))
                {
                    return false;
                }

                kept = length - whole;
                buffer.AsSpan(whole, kept).CopyTo(buffer);
            }

            return Utf8.IsValid(buffer.AsSpan(0, kept));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            content.Position = 0;
        }
    }

    /// <summary>The sign that parts most lines into the same number of fields, more than one; quoted signs do not count.</summary>
    private static char DelimiterOf(ReadOnlySpan<char> sample)
    {
        var (best, bestScore) = (',', 0.0);
        foreach (var delimiter in Delimiters)
        {
            var counts = new Dictionary<int, int>();
            var (fields, quoted, lines, any) = (1, false, 0, false);
            foreach (var c in sample)
            {
                if (c == '"')
                {
                    quoted = !quoted;
                }
                else if (!quoted && c == delimiter)
                {
                    fields++;
                }
                else if (!quoted && c is '\n' or '\r')
                {
                    if (any)
                    {
                        counts[fields] = counts.GetValueOrDefault(fields) + 1;
                        lines++;
                    }

                    (fields, any) = (1, false);
                    continue;
                }

                any |= !char.IsWhiteSpace(c);
            }

            if (any && (lines == 0 || sample.Length < Looked))
            {
                counts[fields] = counts.GetValueOrDefault(fields) + 1;
                lines++;
            }

            foreach (var (number, times) in counts)
            {
                // Many lines alike say more than many fields; a decimal comma parts lines, too, but into fewer.
                var score = number < 2 ? 0 : (double)times / lines * (1 + (Math.Min(number, 20) / 20.0));
                if (score > bestScore)
                {
                    (best, bestScore) = (delimiter, score);
                }
            }
        }

        return best;
    }

    private sealed class Reader : SheetReader
    {
        private readonly CsvFile _file;
        private readonly Stream _text;
        private readonly CsvReader _csv;
        private CsvMalformedReason? _malformed;
        private bool _ended;

        public Reader(CsvFile file)
        {
            _file = file;
            file._content.Position = 0;
            var isUtf8 = file._encoding is UTF8Encoding;
            _text = isUtf8 ? file._content : Encoding.CreateTranscodingStream(file._content, file._encoding, new UTF8Encoding(false), leaveOpen: true);
            _csv = CsvReader.Create(_text, CsvReaderOptions.Default with
            {
                Separator = file._delimiter, HasHeader = false, TrackLineNumbers = true, MaxRecordSize = file._limits.Text.MaxRecordBytes, BufferSize = 128 << 10,
                DetectSeparatorHint = false, OnMalformedRecord = malformed => _malformed = malformed.Reason,
            }, leaveOpen: true);
        }

        public override bool Read()
        {
            while (!_ended)
            {
                _malformed = null;
                try
                {
                    if (!_csv.Read())
                    {
                        _ended = true;
                        return false;
                    }
                }
                catch (CsvFormatException exception)
                {
                    throw new UnreadableFileException(
                        string.Create(CultureInfo.InvariantCulture, $"The row that starts on line {exception.LineNumber:N0} is longer than {_file._limits.Text.MaxRecordBytes >> 20} MB, which no table has."),
                        "Check that row for a quote that is opened and not closed, or export the file again.", exception.LineNumber);
                }

                Line = _csv.LineNumber;
                if (Line == 1 && _file._hasHint)
                {
                    continue;
                }

                Cells.Clear();
                Fault = FaultOf();
                Fill();
                if (Cells.Count > 0)
                {
                    return true;
                }
            }

            return false;
        }

        public override void Dispose()
        {
            _csv.Dispose();
            if (_text != _file._content)
            {
                _text.Dispose();
            }
        }

        private void Fill()
        {
            var last = _csv.FieldCount;
            while (last > 0 && IsBlank(_csv.GetSpan(last - 1)))
            {
                last--;
            }

            if (last > _file._limits.MaxColumns)
            {
                throw new UnreadableFileException(
                    string.Create(CultureInfo.InvariantCulture, $"Line {Line:N0} has {last:N0} columns; at most {_file._limits.MaxColumns:N0} can be read."), "Delete the columns that are not needed, or check which sign separates the columns.", Line);
            }

            for (var column = 0; column < last; column++)
            {
                var span = _csv.GetSpan(column);
                if (span.Length > _file._limits.MaxCell && Encoding.UTF8.GetCharCount(span) > _file._limits.MaxCell)
                {
                    Cells.Add(new SheetCell(SheetCellKind.TooLong, Encoding.UTF8.GetString(span[..200]).TrimEnd('\uFFFD')));
                    continue;
                }

                var text = _csv.GetString(column);
                Cells.Add(column == 0 && Line == 1 ? SheetCell.Of(text.TrimStart('\uFEFF')) : ErrorOf(text) ? new SheetCell(SheetCellKind.Error, text.Trim()) : SheetCell.Of(text));
            }
        }

        private static bool IsBlank(ReadOnlySpan<byte> field) => field.Trim(" \t\r\n"u8).IsEmpty || field.SequenceEqual("\u00A0"u8);

        /// <summary>What Excel writes into a text file for an error.</summary>
        private static bool ErrorOf(string text) => text.Length > 2 && text.AsSpan().TrimStart().StartsWith("#", StringComparison.Ordinal) && CellErrors.Contains(text.Trim());

        private RowFault? FaultOf() => _malformed switch
        {
            CsvMalformedReason.UnterminatedQuote => new RowFault(
                "A quote is opened here and never closed, so that the rest of the file reads as one value.", "Close the quote in the file, or double it if it is part of the value, and upload the file again."),
            CsvMalformedReason.TextAfterClosingQuote => new RowFault(
                "Text follows a closing quote, so it is not clear where the value ends.", "Double each quote inside a value (\"\"), or export the file again."),
            _ => null,
        };
    }
}

/// <summary>Errors as spreadsheet programs write them, in English and German.</summary>
internal static class CellErrors
{
    private static readonly HashSet<string> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        "#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#FIELD!", "#GETTING_DATA", "#NV", "#BEZUG!", "#WERT!", "#ZAHL!", "#NOM?", "#VALEUR!",
    };

    public static bool Contains(string text) => Known.Contains(text);
}
