using System.Text;

namespace OffGridFlow.Infrastructure.Imports;

/// <summary>Makes strings of bytes, one string for equal bytes while it remembers them; what it remembers is bounded.</summary>
internal sealed class Utf8Texts(int maxTexts, int maxBytes)
{
    private readonly Utf8Table _table = new();
    private readonly List<string> _texts = [];

    public string Get(ReadOnlySpan<byte> text) => Get(text, static bytes => Encoding.UTF8.GetString(bytes));

    /// <summary>The text for a key, made once while the key is remembered.</summary>
    public string Get(ReadOnlySpan<byte> key, Func<ReadOnlySpan<byte>, string> make)
    {
        if (key.Length > maxBytes / 4)
            return make(key);

        // Bills group their rows, so starting afresh costs little; dropping single texts would cost every look-up.
        if (_table.Count >= maxTexts || _table.Bytes > maxBytes - key.Length)
        {
            _table.Clear();
            _texts.Clear();
        }

        var index = _table.Find(key, out var added);
        if (added)
            _texts.Add(make(key));
        return _texts[index];
    }
}
