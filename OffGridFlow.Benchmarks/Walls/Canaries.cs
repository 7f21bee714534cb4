using System.Buffers;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace OffGridFlow.Benchmarks.Walls;

/// <summary>Texts that belong to one tenant alone, searched for in what others are answered.</summary>
internal sealed partial class Canaries
{
    private readonly Dictionary<Guid, SearchValues<string>> _foreign = [];
    private readonly Dictionary<char, List<(string Text, Guid Owner)>> _byFirst = [];

    /// <param name="texts">By tenant. What several have is nobody's canary.</param>
    public Canaries(IReadOnlyDictionary<Guid, IReadOnlyCollection<string>> texts)
    {
        var owners = texts.SelectMany(pair => pair.Value.Distinct(StringComparer.OrdinalIgnoreCase).Select(text => (Text: text, Owner: pair.Key)))
            .GroupBy(canary => canary.Text, StringComparer.OrdinalIgnoreCase).Where(same => same.Count() == 1).Select(same => same.Single()).ToList();
        Count = owners.Count;
        foreach (var tenant in texts.Keys)
            _foreign[tenant] = SearchValues.Create([.. owners.Where(canary => canary.Owner != tenant).Select(canary => canary.Text)], StringComparison.OrdinalIgnoreCase);
        foreach (var canary in owners)
        {
            var first = char.ToLowerInvariant(canary.Text[0]);
            if (!_byFirst.TryGetValue(first, out var list))
                _byFirst[first] = list = [];
            list.Add(canary);
        }
    }

    public int Count { get; }

    /// <summary>The first text of another tenant in an answer to <paramref name="reader"/>, or null.</summary>
    /// <param name="asked">What the asker wrote themselves: an answer may repeat it.</param>
    public string? Find(Guid reader, ReadOnlySpan<char> answer, string asked)
    {
        var foreign = _foreign[reader];
        var start = 0;
        while (answer[start..].IndexOfAny(foreign) is >= 0 and var place)
        {
            start += place;
            foreach (var (text, owner) in _byFirst[char.ToLowerInvariant(answer[start])])
            {
                if (owner != reader && answer[start..].StartsWith(text, StringComparison.OrdinalIgnoreCase) && !asked.Contains(text, StringComparison.OrdinalIgnoreCase))
                    return text;
            }

            start++;
        }

        return null;
    }

    /// <summary>The text of an answer as far as it can be read: workbooks are unzipped, and cursors opened.</summary>
    public static string TextOf(byte[] answer)
    {
        if (answer is [(byte)'P', (byte)'K', 3, 4, ..])
        {
            using var archive = new ZipArchive(new MemoryStream(answer));
            var all = new StringBuilder();
            foreach (var entry in archive.Entries)
            {
                using var reader = new StreamReader(entry.Open());
                all.Append(entry.FullName).Append('\n').Append(reader.ReadToEnd()).Append('\n');
            }

            return all.ToString();
        }

        var text = Encoding.UTF8.GetString(answer);
        return CursorOf(text) is { } cursor ? text + "\n" + Open(cursor) : text;
    }

    /// <summary>The cursor that a list gave out, or null.</summary>
    public static string? CursorOf(string answer) => NextCursor().Match(answer) is { Success: true } match ? match.Groups[1].Value : null;

    private static string Open(string cursor) => Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(cursor));

    [GeneratedRegex("\"nextCursor\":\"([A-Za-z0-9_-]+)\"", RegexOptions.None, matchTimeoutMilliseconds: 2000)]
    private static partial Regex NextCursor();
}
