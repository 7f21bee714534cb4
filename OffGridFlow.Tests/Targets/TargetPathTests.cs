using OffGridFlow.Core.Targets;

namespace OffGridFlow.Tests.Targets;

/// <summary>Paths and scenarios of docs/methods/targets.md.</summary>
public sealed class TargetPathTests
{
    [Theory]
    [InlineData(TargetPathKind.Linear, "0.42", 2025, "930")]
    [InlineData(TargetPathKind.Linear, "0.42", 2027, "790")]
    [InlineData(TargetPathKind.Linear, "0.42", 2030, "580")]
    [InlineData(TargetPathKind.AbsoluteContraction, "0.042", 2025, "958")]
    [InlineData(TargetPathKind.AbsoluteContraction, "0.042", 2027, "874")]
    [InlineData(TargetPathKind.AbsoluteContraction, "0.042", 2030, "748")]
    [InlineData(TargetPathKind.YearOnYear, "0.07", 2025, "930")]
    [InlineData(TargetPathKind.YearOnYear, "0.07", 2026, "864.9")]
    [InlineData(TargetPathKind.YearOnYear, "0.07", 2027, "804.357")]
    public void Path_OfThePage_ComesOut(TargetPathKind kind, string share, int year, string value) =>
        TargetPath.Of(kind, 1000m, 2024, 2030, Number(share)).Single(point => point.Year == year).Value.ShouldBe(Number(value));

    /// <summary>SBTi, Foundations of Science-based Target Setting (2019): 4.2 % and 2.5 % of the base year in each year.</summary>
    [Fact]
    public void Contraction_OverTenYears_IsTenTimesTheRate_AndNeverBelowZero()
    {
        TargetPath.ReductionOf(TargetPathKind.AbsoluteContraction, 2020, 2030, TargetPath.OnePointFiveDegrees).ShouldBe(0.42m);
        TargetPath.ReductionOf(TargetPathKind.AbsoluteContraction, 2020, 2030, TargetPath.WellBelowTwoDegrees).ShouldBe(0.25m);
        TargetPath.Of(TargetPathKind.AbsoluteContraction, 100m, 2020, 2050, TargetPath.OnePointFiveDegrees)[^1].Value.ShouldBe(0m);
    }

    [Fact]
    public void Scenario_OfThePage_ComesOut_AndAddsUp()
    {
        ScenarioSource[] sources = [new("Bremen", "Electricity", 2, 0, 300m), new("Bremen", "Vans", 1, 0, 100m), new("Bremen", "Natural gas", 1, 0, 600m)];
        Lever[] levers =
        [
            new() { Name = "Contract", Kind = LeverKind.Replacement, ActivityType = "Electricity", Change = 0.8m, FromYear = 2026, ToYear = 2026 },
            new() { Name = "Vans", Kind = LeverKind.Replacement, ActivityType = "Vans", Change = 1m, Substitute = 0.25m, FromYear = 2027, ToYear = 2030 },
            new() { Name = "Gas", Kind = LeverKind.Activity, ActivityType = "natural gas", Change = -0.1m, FromYear = 2026, ToYear = 2026 },
        ];

        var years = ScenarioArithmetic.Of(sources, levers, 0m, 2025, 2030);
        years[0].LoweredKg.ShouldBe([0m, 0m, 0m]);
        years[1].LoweredKg.ShouldBe([240m, 0m, 60m]);
        years[2].LoweredKg.ShouldBe([240m, 18.75m, 60m]);
        years[^1].LoweredKg.ShouldBe([240m, 75m, 60m]);
        (years[^1].Year, years[^1].WithoutKg, years[^1].WithKg).ShouldBe((2030, 1000m, 625m));
    }

    [Fact]
    public void Levers_ActOnWhatIsLeft_AndOnGrowth()
    {
        ScenarioSource[] sources = [new("A", "Gas", 1, 0, 100m)];
        Lever[] levers = [new() { Kind = LeverKind.Activity, Change = -0.5m, FromYear = 2026, ToYear = 2026 }, new() { Kind = LeverKind.Factor, Change = -0.5m, FromYear = 2026, ToYear = 2026 }];
        var year = ScenarioArithmetic.Of(sources, levers, 0.1m, 2025, 2026)[^1];
        // 110 without, half of it by the first, half of the rest by the second.
        (year.WithoutKg, year.LoweredKg[0], year.LoweredKg[1], year.WithKg).ShouldBe((110m, 55m, 27.5m, 27.5m));
    }

    [Fact]
    public void Lever_ThatHasBegun_GivesWhatIsStillToCome()
    {
        ScenarioSource[] sources = [new("A", "Vans", 1, 0, 75m)];
        // A quarter of the vans a year from 2025 on: in 2025, 75 of 100 are left; when all are replaced, nothing.
        Lever[] levers = [new() { Kind = LeverKind.Replacement, Change = 1m, FromYear = 2025, ToYear = 2028 }];
        var years = ScenarioArithmetic.Of(sources, levers, 0m, 2025, 2028);
        years.Select(year => Math.Round(year.WithKg, 9)).ShouldBe([75m, 50m, 25m, 0m]);
    }

    private static decimal Number(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
