using System.Text;
using System.Xml;

namespace OffGridFlow.Infrastructure.Imports.Sheets.Reading;

/// <summary>The texts that cells of a workbook share. Read as far as they are asked for; those beyond a measure lie in a file.</summary>
internal sealed class SharedTexts(XmlReader? xml, SheetLimits limits) : IDisposable
{
    private readonly List<string> _kept = [];
    private readonly List<long> _spilled = [];
    private readonly HashSet<int> _tooLong = [];
    private readonly char[] _buffer = new char[1024];
    private FileStream? _file;
    private long _characters;
    private bool _ended = xml is null;

    /// <summary>Null where there is none of this number.</summary>
    public string? Find(int index, out bool isTooLong)
    {
        while (!_ended && index >= _kept.Count + _spilled.Count)
        {
            Next();
        }

        isTooLong = _tooLong.Contains(index);
        return index < 0 || index >= _kept.Count + _spilled.Count ? null : index < _kept.Count ? _kept[index] : Fetch(_spilled[index - _kept.Count]);
    }

    public void Dispose()
    {
        xml?.Dispose();
        _file?.Dispose();
    }

    private void Next()
    {
        while (xml!.Read())
        {
            if (xml is { NodeType: XmlNodeType.Element, LocalName: "si" })
            {
                var text = XlsxRows.TextIn(xml, "si", limits.MaxCell, _buffer, out var tooLong);
                if (tooLong)
                {
                    _tooLong.Add(_kept.Count + _spilled.Count);
                }

                Keep(text);
                return;
            }
        }

        _ended = true;
    }

    private void Keep(string text)
    {
        if (_file is null && _characters + text.Length <= limits.TextsInMemory)
        {
            _characters += text.Length + 16;
            _kept.Add(text);
            return;
        }

        _file ??= new FileStream(
            Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
        _spilled.Add(_file.Length);
        _file.Position = _file.Length;
        var bytes = Encoding.UTF8.GetBytes(text);
        _file.Write(BitConverter.GetBytes(bytes.Length));
        _file.Write(bytes);
        // Its length is what it is on disk: the next begins there.
        _file.Flush();
    }

    private string Fetch(long at)
    {
        Span<byte> length = stackalloc byte[4];
        _file!.Position = at;
        _file.ReadExactly(length);
        var bytes = new byte[BitConverter.ToInt32(length)];
        _file.ReadExactly(bytes);
        return Encoding.UTF8.GetString(bytes);
    }
}
