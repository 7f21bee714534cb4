using System.Text.RegularExpressions;
using OffGridFlow.Tests.Rules;

namespace OffGridFlow.Tests.Auditing;

/// <summary>docs/audit.md names every action that the program writes to the log, and no other.</summary>
public sealed partial class AuditEventTests
{
    /// <summary>Methods that hand an action on; what is handed to them is read where they are called.</summary>
    private static readonly string[] Passing = ["TenantDatabase.cs", "Editing.cs", "PasswordVerifier.cs", "MoneyRows.cs", "BoundaryDecisions.cs", "AuditFindings.cs", "PlannedRows.cs", "TargetService.cs", "ScenarioService.cs"];

    [Fact]
    public void EveryAction_OfTheSource_StandsInTheList()
    {
        var written = Sources().SelectMany(file => ActionsIn(Path.GetFileName(file), File.ReadAllText(file))).Distinct().Order().ToList();
        var listed = Listed().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "audit.md"))).Select(row => row.Groups["action"].Value).ToList();

        written.Count.ShouldBeGreaterThan(15);
        written.Except(listed).ShouldBeEmpty("Say in docs/audit.md when these entries are written and what stands in them.");
        listed.Except(written).ShouldBeEmpty("docs/audit.md names actions that nothing writes.");
        listed.ShouldBeUnique();
    }

    [Theory]
    [InlineData("""unit.Audit("thing.done", $"thing/{id}");""", "thing.done")]
    [InlineData("""unit.Audit(on ? "thing.begun" : "thing.ended", "thing");""", "thing.begun thing.ended")]
    [InlineData("""unit.AuditEdit(former is null ? "thing.created" : "thing.changed", former, row, Of, row.Name);""", "thing.created thing.changed")]
    [InlineData("insert into audit_entries (id, action) values (new_id(), 'thing.made');", "thing.made")]
    public void Actions_ArePlanted_AndFound(string source, string actions) => string.Join(' ', ActionsIn("Planted.cs", source)).ShouldBe(actions);

    [Fact]
    public void Action_ThatIsNoWord_IsRefused() =>
        Should.Throw<ShouldAssertException>(() => ActionsIn("Planted.cs", """unit.Audit($"thing.{outcome}", "thing");""").ToList());

    private static IEnumerable<string> ActionsIn(string file, string source)
    {
        var found = new List<string>();
        foreach (var call in Calls().Matches(source).Select(call => call.Groups["action"].Value))
        {
            var words = Words().Matches(call).Select(word => word.Groups["word"].Value).ToList();
            // An action put together at run time, or taken from elsewhere, could be any.
            (words.Count > 0 || Passing.Contains(file)).ShouldBeTrue($"{file} writes an action to the audit log that is no plain text: {call}");
            found.AddRange(words);
        }

        if (Passing.Contains(file))
        {
            found.AddRange(Names().Matches(source).Select(word => word.Groups["word"].Value));
        }

        foreach (var insert in Inserts().Matches(source).Select(insert => insert.Value))
        {
            found.AddRange(SqlWords().Matches(insert).Select(word => word.Groups["word"].Value));
        }

        return found.Distinct();
    }

    private static IEnumerable<string> Sources() => new[] { "OffGridFlow.Core", "OffGridFlow.Infrastructure", "OffGridFlow.Web" }
        .SelectMany(project => Directory.EnumerateFiles(Path.Combine(Repository.Root, project), "*", SearchOption.AllDirectories))
        .Where(file => file.EndsWith(".cs", StringComparison.Ordinal) || file.EndsWith(".razor", StringComparison.Ordinal) || file.EndsWith(".sql", StringComparison.Ordinal))
        .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
            && !file.Contains($"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
            && !file.Contains("node_modules", StringComparison.Ordinal));

    /// <summary>The first argument of a call; declarations begin with a type.</summary>
    [GeneratedRegex(@"\bAudit(Async|Edit)?\(\s*(?!string\b|Actor\b|TenantUnit\b)(?<action>[^,;]+),", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Calls();

    [GeneratedRegex("(?<!\\$)\"(?<word>[^\"]*)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Words();

    [GeneratedRegex("\"(?<word>[a-z]+(-[a-z]+)*\\.[a-z]+(-[a-z]+)*)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Names();

    [GeneratedRegex(@"insert into audit_entries[^;]*;", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Inserts();

    [GeneratedRegex(@"'(?<word>[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*)'", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SqlWords();

    [GeneratedRegex(@"^\| `(?<action>[a-z.-]+)` \|", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex Listed();
}
