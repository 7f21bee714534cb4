using System.Text.RegularExpressions;

namespace OffGridFlow.Benchmarks;

/// <summary>
/// Where a program listens that was started on any port, from what it writes. A port that is looked for and then named to the program
/// may be another's by the time it starts.
/// </summary>
internal static partial class ListeningAddress
{
    /// <summary>To be given to the program as its address.</summary>
    public const string AnyPort = "http://127.0.0.1:0";

    /// <summary>The address that a line of its log names; null when it names none.</summary>
    public static Uri? In(string? line) => line is not null && Line().Match(line) is { Success: true } match ? new Uri(match.Groups["address"].Value) : null;

    [GeneratedRegex("Now listening on: (?<address>http://\\S+)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Line();
}
