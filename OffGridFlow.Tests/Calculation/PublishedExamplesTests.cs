using OffGridFlow.Tests.Calculation.Examples;
using OffGridFlow.Tests.Rules;

namespace OffGridFlow.Tests.Calculation;

/// <summary>Worked examples that others have published, to the printed digits. What they are and what could not be read: docs/methods/published-examples.md.</summary>
public sealed class PublishedExamplesTests
{
    private static readonly IReadOnlyList<WorkedExample> Examples =
    [
        .. new[] { "published.json", "published-scope3.json" }.SelectMany(file =>
            ExampleRunner.ReadAll(File.ReadAllText(Path.Combine(Repository.Root, "OffGridFlow.Tests", "Calculation", "Examples", file)))),
    ];

    public static TheoryData<string, string, int> Results
    {
        get
        {
            var results = new TheoryData<string, string, int>();
            foreach (var example in Examples)
            {
                for (var i = 0; i < example.Results.Count; i++)
                {
                    var result = example.Results[i];
                    results.Add($"{example.Document}, {example.Place}: {result.Step} = {result.Printed} {result.Unit}", example.Id, i);
                }
            }

            return results;
        }
    }

    [Theory]
    [MemberData(nameof(Results))]
    public void Calculate_PublishedExample_GivesThePrintedDigits(string citation, string id, int result)
    {
        citation.ShouldNotBeEmpty();
        var example = Examples.Single(example => example.Id == id);

        ExampleRunner.Check(example, example.Results[result]);
    }

    [Fact]
    public void Examples_Each_SaysWhereItWasPublishedAndRead()
    {
        Examples.Select(example => example.Id).ShouldBeUnique();
        foreach (var example in Examples)
        {
            example.Kind.ShouldBe("published", example.Id);
            new[] { example.Document, example.Place, example.ReadAt, example.Topic, example.Given }.ShouldAllBe(text => !string.IsNullOrWhiteSpace(text), example.Id);
            example.Reading.ShouldBeOneOf("text", "transcription", "quotation");
            example.Results.ShouldNotBeEmpty(example.Id);
        }
    }

    /// <summary>A step that leads to no printed result proves nothing.</summary>
    [Fact]
    public void Steps_Each_LeadsToAResult()
    {
        foreach (var example in Examples)
        {
            var used = example.Steps.SelectMany(ExampleRunner.Operands).Concat(example.Results.Select(result => result.Step)).ToHashSet(StringComparer.Ordinal);

            example.Steps.Select(step => step.Id).Where(id => !used.Contains(id)).ShouldBeEmpty(example.Id);
        }
    }

    /// <summary>The table of the page is what is in the file, so that nobody counts by hand.</summary>
    [Fact]
    public void Page_OfTheExamples_HasTheirNumbers()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "methods", "published-examples.md"));

        foreach (var document in Examples.GroupBy(example => (example.Document, example.Reading)))
        {
            var results = document.SelectMany(example => example.Results).ToList();
            page.ShouldContain(string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"| {document.Key.Document} | {document.Key.Reading} | {document.Count()} | {results.Count} | {results.Count(result => result.Computed is not null)} |"));
        }

        var all = Examples.SelectMany(example => example.Results).ToList();
        page.ShouldContain(string.Create(
            System.Globalization.CultureInfo.InvariantCulture, $"| all | | {Examples.Count} | {all.Count} | {all.Count(result => result.Computed is not null)} |"));
    }
}
