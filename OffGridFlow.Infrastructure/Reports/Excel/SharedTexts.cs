namespace OffGridFlow.Infrastructure.Reports.Excel;

/// <summary>Texts that occur often, stored once. Bounded, so that memory does not grow with the rows: what finds no room stands in its cell.</summary>
internal sealed class SharedTexts
{
    private const int MostTexts = 20_000;
    private const int LongestText = 500;

    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);

    /// <summary>In the order of their numbers, from 0.</summary>
    public List<string> All { get; } = [];

    /// <summary>Null when the text belongs into its cell.</summary>
    public int? NumberOf(string text)
    {
        if (text.Length > LongestText)
        {
            return null;
        }

        if (!_numbers.TryGetValue(text, out var number))
        {
            if (All.Count == MostTexts)
            {
                return null;
            }

            number = All.Count;
            _numbers.Add(text, number);
            All.Add(text);
        }

        return number;
    }
}
