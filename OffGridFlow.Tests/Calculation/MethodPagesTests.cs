using System.Text.RegularExpressions;
using OffGridFlow.Tests.Calculation.Examples;
using OffGridFlow.Tests.Rules;

namespace OffGridFlow.Tests.Calculation;

/// <summary>The worked examples of the pages in docs/methods, read from the pages: a page cannot say another number than the product.</summary>
public sealed partial class MethodPagesTests
{
    private static readonly string[] Pages =
    [
        "calculation", "stationary-combustion", "mobile-combustion", "process-emissions", "refrigerants", "purchased-energy", "category-3", "uncertainty", "data-quality",
        "factor-selection", "scope3-categories", "scope3-spend", "scope3-worksheets",
    ];

    public static TheoryData<string, int> Results
    {
        get
        {
            var results = new TheoryData<string, int>();
            foreach (var page in Pages)
            {
                for (var i = 0; i < Of(page).Count; i++)
                {
                    results.Add(page, i);
                }
            }

            return results;
        }
    }

    [Theory]
    [MemberData(nameof(Results))]
    public void Calculate_ExampleOfAPage_GivesItsDigits(string page, int result)
    {
        var (example, printed) = Of(page)[result];

        example.Kind.ShouldBe("hand", "what others have published stands in published.json");
        ExampleRunner.Check(example, printed);
    }

    [Fact]
    public void Pages_Each_HaveAnExampleWhoseResultsTheTextNames()
    {
        foreach (var page in Pages)
        {
            var text = Text(page);
            var prose = Blocks().Replace(text, "");

            Of(page).ShouldNotBeEmpty(page);
            foreach (var (_, printed) in Of(page))
            {
                prose.ShouldContain(printed.Printed, Case.Sensitive, $"{page}: the text does not say {printed.Printed}");
            }
        }
    }

    private static IReadOnlyList<(WorkedExample Example, ExampleResult Result)> Of(string page) =>
        [.. Blocks().Matches(Text(page)).Select(block => ExampleRunner.Read(block.Groups[1].Value)).SelectMany(example => example.Results.Select(result => (example, result)))];

    private static string Text(string page) => File.ReadAllText(Path.Combine(Repository.Root, "docs", "methods", page + ".md"));

    [GeneratedRegex("^```example\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Blocks();
}
