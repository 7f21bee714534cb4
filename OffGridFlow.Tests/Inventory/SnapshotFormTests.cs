using System.Text.RegularExpressions;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Tests.Rules;

namespace OffGridFlow.Tests.Inventory;

public sealed partial class SnapshotFormTests
{
    private static readonly FrozenPeriods Year2025 = new([new FrozenPeriod("FY2025", IsFiled: false, new DateOnly(2025, 1, 1), new DateOnly(2025, 12, 31))]);

    /// <summary>The example of docs/methods/inventory-snapshot.md: text and hash are those of the page.</summary>
    [Fact]
    public void CanonicalJson_OfThePagesExample_HasItsTextAndHash()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "methods", "inventory-snapshot.md"));
        var content = new Dictionary<string, object?>
        {
            ["results"] = 12, ["gaps"] = new List<object?>(), ["excludedTonnes"] = 12.500m, ["approach"] = "equityShare",
            ["period"] = new Dictionary<string, object?> { ["name"] = "FY2025 “as reported”", ["firstDay"] = new DateOnly(2025, 1, 1) },
        };

        var text = CanonicalJson.Write(content);

        text.ShouldBe(Example().Match(page).Groups[1].Value);
        InventorySnapshot.HashOf(text).ShouldBe(Hash().Match(page).Groups[1].Value);
    }

    [Fact]
    public void CanonicalJson_TextsAndNumbers_AreWrittenInOneWayOnly()
    {
        CanonicalJson.Write("a\"b\\c\n\t\u0001/é\u2028").ShouldBe("\"a\\\"b\\\\c\\n\\t\\u0001/é\u2028\"\n");
        foreach (var (number, text) in new[] { (0m, "0"), (0.000m, "0"), (-0.0m, "0"), (1.50m, "1.5"), (100m, "100"), (-3.140m, "-3.14"), (0.000000000001m, "0.000000000001") })
        {
            CanonicalJson.Number(number).ShouldBe(text);
        }

        CanonicalJson.Write(new List<object?> { null, true, 5L, new Dictionary<string, object?>() }).ShouldBe("[\n null,\n true,\n 5,\n {}\n]\n");
        Should.Throw<ArgumentException>(() => CanonicalJson.Write(1.5));
    }

    [Fact]
    public void FrozenPeriod_FreezesWholeMonths()
    {
        var period = new FrozenPeriod("FY2024/25", IsFiled: false, new DateOnly(2024, 4, 6), new DateOnly(2025, 4, 5));

        (period.First, period.Last).ShouldBe((new DateOnly(2024, 4, 1), new DateOnly(2025, 4, 30)));
        period.Touches(new DateOnly(2025, 4, 30), new DateOnly(2025, 5, 31)).ShouldBeTrue();
        period.Touches(new DateOnly(2025, 5, 1), null).ShouldBeFalse();
        period.Touches(null, new DateOnly(2024, 3, 31)).ShouldBeFalse();
        period.Touches(null, null).ShouldBeTrue();
    }

    /// <summary>Of a line of 2025: what it may become while 2025 is locked.</summary>
    [Theory]
    [InlineData("2024-01-01", "", "2024-01-01", "2025-12-31", true, false)]
    [InlineData("2024-01-01", "", "2024-01-01", "2025-12-30", true, true)]
    [InlineData("2024-01-01", "2026-06-30", "2024-01-01", "2026-03-31", true, false)]
    [InlineData("2024-01-01", "2026-06-30", "2024-01-01", "2026-06-30", false, true)]
    [InlineData("2024-01-01", "2024-12-31", "2024-02-01", "2024-11-30", false, false)]
    [InlineData("2024-06-01", "", "2024-01-01", "", true, false)]
    [InlineData("2025-06-01", "", "2025-07-01", "", true, true)]
    [InlineData("", "", "2026-01-01", "", true, true)]
    [InlineData("", "2024-12-31", "2026-01-01", "", true, false)]
    public void Line_MayChangeOnOpenDays(string from, string to, string nowFrom, string nowTo, bool saysTheSame, bool isRefused)
    {
        var refusal = Year2025.RefusalOfChange(Range(from, to), Range(nowFrom, nowTo), saysTheSame);

        (refusal is not null).ShouldBe(isRefused);
        refusal?.ShouldStartWith("FY2025 is locked");
    }

    [Fact]
    public void Line_NewOrRemoved_CountsOnAllItsDays()
    {
        Year2025.RefusalOfChange(null, Range("2026-01-01", ""), saysTheSame: false).ShouldBeNull();
        Year2025.RefusalOfChange(null, Range("", ""), saysTheSame: false).ShouldNotBeNull();
        Year2025.RefusalOfChange(Range("2023-01-01", "2024-12-31"), null, saysTheSame: false).ShouldBeNull();
        Year2025.RefusalOfChange(Range("2023-01-01", "2025-01-01"), null, saysTheSame: false).ShouldNotBeNull();
        FrozenPeriods.None.RefusalOfChange(null, Range("", ""), saysTheSame: false).ShouldBeNull();
    }

    private static DayRange Range(string from, string to) => new(Day(from), Day(to));

    private static DateOnly? Day(string day) => day.Length == 0 ? null : DateOnly.ParseExact(day, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    [GeneratedRegex("### Worked example\n\n```\n(.*?)```", RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Example();

    [GeneratedRegex("has the SHA-256\n\n    ([0-9a-f]{64})", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Hash();
}
