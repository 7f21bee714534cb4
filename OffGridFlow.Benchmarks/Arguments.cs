using System.Globalization;

namespace OffGridFlow.Benchmarks;

/// <summary>A command line as words and <c>--name value</c> pairs.</summary>
internal sealed class Arguments
{
    private readonly List<string> words = [];
    private readonly Dictionary<string, string> options = [];

    public Arguments(string[] args)
    {
        for (var at = 0; at < args.Length; at++)
        {
            if (!args[at].StartsWith("--", StringComparison.Ordinal))
                words.Add(args[at]);
            else if (at + 1 < args.Length)
                options[args[at][2..]] = args[++at];
            else
                throw new UsageException($"{args[at]} needs a value.");
        }
    }

    public string Word(int index, string name) => index < words.Count ? words[index] : throw new UsageException($"{name} is missing.");

    public string? WordOrNull(int index) => index < words.Count ? words[index] : null;

    /// <summary>A whole number at least 1; 1_000_000 and 1,000,000 are read too.</summary>
    public long Rows(int index) => Parse("ROWS", Word(index, "ROWS").Replace("_", "", StringComparison.Ordinal).Replace(",", "", StringComparison.Ordinal));

    public int Number(string name, int otherwise) => options.TryGetValue(name, out var text) ? (int)Parse("--" + name, text) : otherwise;

    public string? Text(string name) => options.GetValueOrDefault(name);

    private static long Parse(string name, string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 0
            ? number : throw new UsageException($"{name} must be a whole number, not \"{text}\".");
}

internal sealed class UsageException(string message) : Exception(message);
