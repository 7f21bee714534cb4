using System.Text.RegularExpressions;

namespace OffGridFlow.Tests.Rules;

/// <summary>What the markup of components must not do.</summary>
public sealed partial class MarkupTests
{
    [Fact]
    public void FieldsThatHearEachLetter_BindTheirText() => Files().SelectMany(file => Losing(File.ReadAllText(file)).Select(tag => $"{Path.GetFileName(file)}: {tag}"))
        .ShouldBeEmpty("A value that is rendered anew while somebody types takes back the letters typed meanwhile: use @bind with @bind:event=\"oninput\".");

    [Fact]
    public void FieldsThatLoseLetters_AreFound() => Losing(
        """<input type="search" value="@Search" @oninput="e => Go(e.Value as string)" /> <input value="@Address.Text" @onchange="Go" /> <input @bind="_typed" @bind:event="oninput" />""")
        .ShouldHaveSingleItem().ShouldContain("@Search");

    private static IEnumerable<string> Files() => Directory.GetFiles(Path.Combine(Repository.Root, "OffGridFlow.Web"), "*.razor", SearchOption.AllDirectories)
        .Where(file => !file.Contains("node_modules", StringComparison.Ordinal));

    private static IEnumerable<string> Losing(string markup) => Field().Matches(markup).Select(match => match.Value)
        .Where(tag => tag.Contains(" value=\"@", StringComparison.Ordinal) && tag.Contains("@oninput=", StringComparison.Ordinal));

    /// <summary>Attribute values may hold a lambda's arrow, so a tag ends outside quotation marks only.</summary>
    [GeneratedRegex("""<(?:input|textarea)\b(?:[^>"]|"[^"]*")*>""", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Field();
}
