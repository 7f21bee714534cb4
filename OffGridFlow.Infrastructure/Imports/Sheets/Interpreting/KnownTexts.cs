namespace OffGridFlow.Infrastructure.Imports.Sheets.Interpreting;

/// <summary>What texts were found to mean: most columns repeat few of them.</summary>
internal sealed class KnownTexts<T>(Func<string, T> read)
{
    private const int Most = 20_000;

    private readonly Dictionary<string, T> _known = new(StringComparer.Ordinal);

    public T Find(string text)
    {
        if (!_known.TryGetValue(text, out var value))
        {
            value = read(text);
            // A column of free texts must not fill the memory.
            if (_known.Count < Most && text.Length <= SheetInterpreter.LongestShown)
            {
                _known[text] = value;
            }
        }

        return value;
    }
}
