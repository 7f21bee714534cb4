using System.Buffers;
using System.Globalization;
using System.Text;
using System.Xml;
using OffGridFlow.Core.Imports.Sheets;

namespace OffGridFlow.Infrastructure.Imports.Sheets.Reading;

/// <summary>
/// What has to be known of a sheet of a workbook before its rows are read. That takes its whole part: which cells are merged stands at the end. The bytes are
/// looked at for it, several times as fast as reading XML; a part of which that would not be sure is left to the XML reader.
/// </summary>
internal sealed record SheetOutline(long Rows, int HiddenRows, IReadOnlyList<int> HiddenColumns, IReadOnlyList<SheetArea> Merged)
{
    private const int BufferBytes = 1 << 16;

    /// <summary>From the bytes of the part, as nearly every program writes it: UTF-8, one prefix or none at its elements, no comments. Null for another.</summary>
    public static SheetOutline? Scan(Stream part, SheetLimits limits)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            return new Scanner(part, buffer, limits).Run();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public static SheetOutline Read(XmlReader xml, SheetLimits limits)
    {
        var found = new Found(limits);
        xml.Read();
        while (!xml.EOF)
        {
            if (xml.NodeType != XmlNodeType.Element)
            {
                xml.Read();
                continue;
            }

            switch (xml.LocalName)
            {
                case "row":
                    found.AddRow(xml.GetAttribute("hidden"));
                    xml.Skip();
                    continue;
                case "col":
                    found.AddColumns(xml.GetAttribute("hidden"), xml.GetAttribute("min"), xml.GetAttribute("max"));
                    break;
                case "mergeCell":
                    found.AddMerged(xml.GetAttribute("ref"));
                    break;
            }

            xml.Read();
        }

        return found.ToOutline();
    }

    private static SheetArea? AreaOf(string? reference)
    {
        if (reference?.Split(':') is not [var first, var last])
        {
            return null;
        }

        var area = new SheetArea(RowOf(first), SheetColumns.ColumnOf(first), RowOf(last), SheetColumns.ColumnOf(last));
        return area.FirstRow > 0 && area.FirstColumn >= 0 && area.LastRow >= area.FirstRow && area.LastColumn >= area.FirstColumn ? area : null;
    }

    private static int RowOf(string reference) =>
        int.TryParse(reference.AsSpan().TrimStart("ABCDEFGHIJKLMNOPQRSTUVWXYZ"), NumberStyles.None, CultureInfo.InvariantCulture, out var row) ? row : 0;

    private sealed class Found(SheetLimits limits)
    {
        private readonly List<SheetArea> _merged = [];
        private readonly List<int> _columns = [];
        private long _rows;
        private int _hidden;

        public void AddRow(string? hidden)
        {
            _rows++;
            _hidden += XlsxFile.IsTrue(hidden) ? 1 : 0;
        }

        public void AddColumns(string? hidden, string? min, string? max)
        {
            if (XlsxFile.IsTrue(hidden))
            {
                var first = int.TryParse(min, NumberStyles.None, CultureInfo.InvariantCulture, out var from) ? from : 1;
                var last = int.TryParse(max, NumberStyles.None, CultureInfo.InvariantCulture, out var to) ? to : first;
                _columns.AddRange(Enumerable.Range(first - 1, Math.Max(0, Math.Min(last, limits.MaxColumns) - first + 1)));
            }
        }

        public void AddMerged(string? reference)
        {
            if (_merged.Count < limits.MaxMerged && AreaOf(reference) is { } area)
            {
                _merged.Add(area);
            }
        }

        public SheetOutline ToOutline() => new(_rows, _hidden, _columns, [.. _merged.OrderBy(area => area.FirstRow)]);
    }

    /// <summary>Finds the tags that count. In XML a “&lt;” begins nothing but a tag, except in comments and the like.</summary>
    private sealed class Scanner(Stream part, byte[] buffer, SheetLimits limits)
    {
        /// <summary>Bytes of the longest name that is looked for, with its bracket, its prefix and what follows it.</summary>
        private const int Ahead = 12 + LongestPrefix;

        private const int LongestPrefix = 16;

        /// <summary>Within which the first element begins.</summary>
        private const int HeadBytes = 1024;

        private readonly Found _found = new(limits);
        private int _length;

        /// <summary>How many bytes of the buffer were looked at; -1 before the first element is known.</summary>
        private int _looked = -1;
        private bool _isSure = true;

        /// <summary>How the tags begin that count.</summary>
        private byte[] _row = [], _column = [], _merged = [];

        public SheetOutline? Run()
        {
            for (var ended = false; !ended;)
            {
                var read = part.Read(buffer, _length, buffer.Length - _length);
                (ended, _length) = (read == 0, _length + read);
                if (_looked < 0 && _length < HeadBytes && !ended)
                {
                    continue;
                }

                if (_looked < 0 && (_looked = BeginOf(buffer.AsSpan(0, _length))) < 0)
                {
                    return null;
                }

                var used = Look(buffer.AsSpan(0, _length), ended);
                if (!_isSure || (used == 0 && _length == buffer.Length) || (ended && !Ends(buffer.AsSpan(0, _length))))
                {
                    return null;
                }

                // The end stays in sight, so that a part that was cut off is seen.
                used = Math.Min(used, Math.Max(0, _length - (2 * Ahead)));
                Buffer.BlockCopy(buffer, used, buffer, 0, _length - used);
                _length -= used;
                _looked = Math.Max(0, _looked - used);
            }

            return _found.ToOutline();
        }

        /// <summary>Where an element “worksheet” begins, in an encoding of which ASCII is a part; -1 where it does not.</summary>
        private int BeginOf(ReadOnlySpan<byte> head)
        {
            var rest = head.StartsWith("\uFEFF"u8) ? head[3..] : head;
            if (rest.StartsWith("<?xml"u8))
            {
                var end = rest.IndexOf("?>"u8);
                rest = end < 0 ? [] : rest[(end + 2)..];
            }

            rest = rest.TrimStart(" \t\r\n"u8);
            var name = rest.IndexOf("worksheet"u8);
            if (name is < 1 or > LongestPrefix || rest[0] != '<' || (name > 1 && rest[name - 1] != ':') || !IsName(rest[1..name]))
            {
                return -1;
            }

            var begin = rest[..name];
            (_row, _column, _merged) = ([.. begin, .. "row"u8], [.. begin, .. "col"u8], [.. begin, .. "mergeCell"u8]);
            return head.Length - rest.Length;
        }

        private static bool IsName(ReadOnlySpan<byte> prefix)
        {
            foreach (var letter in prefix)
            {
                if (!char.IsAsciiLetterOrDigit((char)letter) && letter != ':')
                {
                    return false;
                }
            }

            return true;
        }

        private static bool Ends(ReadOnlySpan<byte> tail) => tail.TrimEnd(" \t\r\n"u8).EndsWith("worksheet>"u8);

        /// <returns>How many bytes need not be looked at again.</returns>
        private int Look(ReadOnlySpan<byte> bytes, bool ended)
        {
            var at = _looked;
            while (bytes[at..].IndexOf((byte)'<') is >= 0 and var next)
            {
                at += next;
                if (bytes.Length - at < Ahead && !ended)
                {
                    return _looked = at;
                }

                var tag = bytes[at..];
                if (tag.StartsWith("<!"u8) || tag.StartsWith("<?"u8))
                {
                    _isSure = false;
                    return 0;
                }

                var (isRow, isColumn) = (IsTag(tag, _row), IsTag(tag, _column));
                if (isRow || isColumn || IsTag(tag, _merged))
                {
                    var close = tag.IndexOf((byte)'>');
                    if (close < 0)
                    {
                        _isSure &= !ended;
                        return _looked = at;
                    }

                    Add(tag[..close], isRow, isColumn);
                }

                at++;
            }

            return _looked = bytes.Length;
        }

        private void Add(ReadOnlySpan<byte> tag, bool isRow, bool isColumn)
        {
            // A bracket within a value would have cut the tag.
            _isSure &= (tag.Count((byte)'"') & 1) == 0 && (tag.Count((byte)'\'') & 1) == 0;
            if (isRow)
            {
                _found.AddRow(Value(tag, "hidden"u8));
            }
            else if (isColumn)
            {
                _found.AddColumns(Value(tag, "hidden"u8), Value(tag, "min"u8), Value(tag, "max"u8));
            }
            else
            {
                _found.AddMerged(Value(tag, "ref"u8));
            }
        }

        private static bool IsTag(ReadOnlySpan<byte> tag, ReadOnlySpan<byte> name) =>
            tag.StartsWith(name) && tag.Length > name.Length && tag[name.Length] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)'/' or (byte)'>';

        /// <summary>The value of the attribute; null where there is none.</summary>
        private string? Value(ReadOnlySpan<byte> tag, ReadOnlySpan<byte> name)
        {
            for (var rest = tag; rest.IndexOf(name) is > 0 and var at; rest = rest[(at + name.Length)..])
            {
                if (rest[at - 1] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
                {
                    var value = rest[(at + name.Length)..];
                    if (value.Length > 2 && value[0] == '=' && value[1] is (byte)'"' or (byte)'\'' && value[2..].IndexOf(value[1]) is >= 0 and var length)
                    {
                        return Encoding.UTF8.GetString(value.Slice(2, length));
                    }

                    _isSure &= value.Length > 0 && value[0] is not ((byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)'=');
                }
            }

            return null;
        }
    }
}
