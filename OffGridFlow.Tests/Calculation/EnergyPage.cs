using System.Globalization;
using System.Text.RegularExpressions;
using OffGridFlow.Tests.Rules;

namespace OffGridFlow.Tests.Calculation;

/// <summary>The worked example of docs/methods/energy.md, as printed.</summary>
internal static partial class EnergyPage
{
    /// <summary>Entry, unit, kWh per unit, kWh, renewable kWh.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Entries => TableAfter("| entry |");

    /// <summary>kWh by line.</summary>
    public static IReadOnlyDictionary<string, decimal> Lines => TableAfter("| line |").ToDictionary(row => row[0], row => Number(row[1]));

    public static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>Type, quantity and unit of an entry as the page writes it.</summary>
    public static (string Type, decimal Quantity, string Unit) Read(string entry)
    {
        var words = entry.Split(' ', 3);
        return (words[0], Number(words[1]), words[2]);
    }

    private static IReadOnlyList<IReadOnlyList<string>> TableAfter(string head)
    {
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "methods", "energy.md"));
        return
        [
            .. lines.SkipWhile(line => !line.StartsWith(head, StringComparison.Ordinal)).Skip(2).TakeWhile(line => line.StartsWith('|'))
                .Select(line => (IReadOnlyList<string>)[.. Cells().Matches(line).Select(cell => cell.Value.Trim())]),
        ];
    }

    [GeneratedRegex(@"[^|]+(?=\|)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Cells();
}
