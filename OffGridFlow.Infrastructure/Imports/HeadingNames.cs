namespace OffGridFlow.Infrastructure.Imports;

/// <summary>Finds headings that may have been meant by a name that is missing.</summary>
internal static class HeadingNames
{
    private const int Most = 3;

    /// <summary>At most three headings that resemble the name: same letters, same last part, or a few letters apart.</summary>
    public static IReadOnlyList<string> Similar(string name, IEnumerable<string> headings)
    {
        var whole = Letters(name);
        var last = Letters(name[(name.LastIndexOf('/') + 1)..]);
        return
        [
            .. headings
                .Select(heading => (Heading: heading, Distance: Distance(Letters(heading), whole, last)))
                .Where(h => h.Distance <= 3)
                .OrderBy(h => h.Distance)
                .Select(h => h.Heading.Length <= 80 ? h.Heading : h.Heading[..80] + "…")
                .Take(Most),
        ];
    }

    private static int Distance(string heading, string whole, string last)
    {
        if (heading == whole)
            return 0;
        if (heading.EndsWith(last, StringComparison.Ordinal))
            return 1;

        // A difference in length is a lower bound: most headings need no counting.
        var nearWhole = Math.Abs(heading.Length - whole.Length) <= 2 ? Edits(heading, whole) : int.MaxValue;
        var nearLast = Math.Abs(heading.Length - last.Length) <= 2 ? Edits(heading, last) : int.MaxValue;
        return Math.Min(nearWhole, nearLast) <= 2 ? 1 + Math.Min(nearWhole, nearLast) : int.MaxValue;
    }

    private static string Letters(string name) => string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();

    /// <summary>Levenshtein's distance: insertions, deletions and replacements of one letter.</summary>
    private static int Edits(string a, string b)
    {
        var previous = Enumerable.Range(0, b.Length + 1).ToArray();
        var current = new int[b.Length + 1];
        for (var i = 0; i < a.Length; i++)
        {
            current[0] = i + 1;
            for (var j = 0; j < b.Length; j++)
                current[j + 1] = Math.Min(Math.Min(current[j], previous[j + 1]) + 1, previous[j] + (a[i] == b[j] ? 0 : 1));
            (previous, current) = (current, previous);
        }

        return previous[b.Length];
    }
}
