using System.Globalization;
using System.Text.RegularExpressions;
using OffGridFlow.Core.Assurance;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Tests.Rules;

namespace OffGridFlow.Tests.Assurance;

/// <summary>The worked example of docs/methods/sampling.md, read from the page, and what holds of every draw.</summary>
public sealed partial class SamplingPageTests
{
    private const string Seed = "page";

    private static readonly string Page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "methods", "sampling.md"));

    [Fact]
    public void Draw_OfThePage_GivesItsItemsAndHash()
    {
        var interval = SampleDraw.Interval(12_000m, 600m, 95);

        var drawn = Draw(SampleMethod.MonetaryUnit, interval, 0);

        interval.ShouldBe(3_680m);
        drawn.Picks.Select(pick => (Number(pick.Id), pick.Stratum)).ShouldBe([(1, SampleStratum.High), (5, SampleStratum.Hit), (6, SampleStratum.High)]);
        Rows().Where(row => row.Why.Length > 0).Select(row => (Number(row.Result.Id), row.Why)).ShouldBe([(1, "high"), (5, "hit"), (6, "high")]);
        Page.ShouldContain($"SHA-256: `{drawn.Hash}`");
        (drawn.Count, drawn.Kg, drawn.OutsideCount, drawn.OutsideKg).ShouldBe((8L, 28_363.875m, 1L, -12m));
    }

    [Fact]
    public void Draw_AtRandom_GivesTheItemsOfThePage() =>
        Draw(SampleMethod.Random, 0m, 3).Picks.Select(pick => Number(pick.Id)).ShouldBe([1, 5, 8]);

    [Fact]
    public void Draw_OfAll_TakesAll() => Draw(SampleMethod.All, 0m, 0).Picks.Select(pick => Number(pick.Id)).ShouldBe(Enumerable.Range(1, 8));

    [Fact]
    public void Projection_OfThePage_GivesItsFigures()
    {
        CheckedItem[] items = [new(1, SampleStratum.High, 5_200m, 5_000m), new(2, SampleStratum.Hit, 940m, 846m), new(3, SampleStratum.High, 18_000m, 18_000m)];

        var projection = SampleProjection.Of(Sample(SampleMethod.MonetaryUnit), items, sampledKg: 5_175.875m);

        projection.Projected.ShouldBe([200m, 368m, 0m]);
        (projection.FoundKg, projection.ProjectedKg, projection.BasicPrecisionKg, projection.IncrementalKg, projection.UpperLimitKg).ShouldBe((294m, 568m, 11_040m, 276m, 11_884m));
    }

    [Fact]
    public void Projection_OfTheTeachingNotes_GivesTheirBasicPrecision() =>
        // 7,538 at 90 %: 17,412.78.
        SampleProjection.Of(Sample(SampleMethod.MonetaryUnit, 7_538m, 90), [new(1, SampleStratum.Hit, 1m, 1m)], sampledKg: 1m).UpperLimitKg.ShouldBe(17_412.78m);

    [Fact]
    public void Projection_WithAnItemThatIsNotChecked_SaysNothingYet()
    {
        var projection = SampleProjection.Of(Sample(SampleMethod.MonetaryUnit), [new(1, SampleStratum.High, 5_200m, 5_000m), new(2, SampleStratum.Hit, 940m, null)], 1m);

        (projection.Checked, projection.FoundKg, projection.ProjectedKg, projection.UpperLimitKg).ShouldBe((1, 200m, (decimal?)null, (decimal?)null));
    }

    [Fact]
    public void Projection_AtRandomAndOfAll_IsScaledByNumberOrNotAtAll()
    {
        CheckedItem[] items = [new(1, SampleStratum.Drawn, 10m, 9m), new(1, SampleStratum.Drawn, 20m, 26m)];

        // (1 − 6) × 100 ÷ 2.
        SampleProjection.Of(Sample(SampleMethod.Random), items, 0m).ProjectedKg.ShouldBe(-250m);
        SampleProjection.Of(Sample(SampleMethod.All), items, 0m).ProjectedKg.ShouldBe(-5m);
    }

    [Fact]
    public void Projection_WhereAllWasTaken_HasNoPrecisionToAdd() =>
        SampleProjection.Of(Sample(SampleMethod.MonetaryUnit), [new(1, SampleStratum.High, 5_200m, 5_000m)], sampledKg: 0m).UpperLimitKg.ShouldBe(200m);

    [Fact]
    public void Projection_BeyondTheTable_HasNoUpperLimit()
    {
        var items = Enumerable.Range(0, 21).Select(_ => new CheckedItem(1, SampleStratum.Hit, 100m, 50m)).ToList();

        SampleProjection.Of(Sample(SampleMethod.MonetaryUnit), items, 1m).UpperLimitKg.ShouldBeNull();
        SampleProjection.Of(Sample(SampleMethod.MonetaryUnit), items[..20], 1m).UpperLimitKg.ShouldNotBeNull();
    }

    [Fact]
    public void Factors_AreThoseOfThePoissonDistribution()
    {
        foreach (var level in ConfidenceFactors.Levels)
        {
            for (var misstatements = 0; misstatements <= 20; misstatements++)
            {
                // The chance to find at most so many where the factor is expected is the risk. Two printed decimals leave a little.
                var factor = (double)ConfidenceFactors.Of(level, misstatements)!.Value;
                var (chance, term) = (0.0, Math.Exp(-factor));
                for (var i = 0; i <= misstatements; i++)
                {
                    chance += term;
                    term *= factor / (i + 1);
                }

                chance.ShouldBe(1 - (level / 100.0), 0.0016, FormattableString.Invariant($"{level} % and {misstatements}"));
            }
        }
    }

    [Fact]
    public void Draw_ByMonetaryUnits_HitsOnceInEachInterval()
    {
        // 1,000 results of 1 to 97 kg, interval 500: each stretch of 500 kg holds one hit, whatever the seed.
        var masses = Enumerable.Range(0, 1000).Select(i => (decimal)((i * 61 % 97) + 1)).ToList();
        foreach (var seed in new[] { "a", "b", "c" })
        {
            using var draw = new SampleDraw(SampleMethod.MonetaryUnit, seed, 500m, 0);
            for (var i = 0; i < masses.Count; i++)
            {
                draw.Add(new PopulationRow(new Guid(i, 0, 0, [0, 0, 0, 0, 0, 0, 0, 1]), 1, 0, new DateOnly(2025, 1, 1), "", masses[i]));
            }

            var drawn = draw.Finish();

            drawn.Picks.Count.ShouldBeInRange((int)Math.Floor(masses.Sum() / 500m), (int)Math.Ceiling(masses.Sum() / 500m));
            drawn.Picks.ShouldAllBe(pick => pick.Stratum == SampleStratum.Hit);
        }
    }

    [Fact]
    public void Summary_AddsBothWays_AndLeavesOutWhatIsTrivial()
    {
        Misstatement[] rows =
        [
            new("F-1", "Twice", FindingKind.FactualMisstatement, 1, 700m), new("F-2", "Forgotten", FindingKind.FactualMisstatement, 3, -450m),
            new("F-3", "Rounded", FindingKind.FactualMisstatement, 3, 49.999999999999m), new("S-1", "Projected", FindingKind.ProjectedMisstatement, 3, 50m),
        ];

        var summary = MisstatementSummary.Of(rows, Levels(1_000m, 75m, 5m));

        summary.Trivial.Select(row => row.Name).ShouldBe(["F-3"]);
        (summary.Total.OverKg, summary.Total.UnderKg, summary.Total.NetKg, summary.Total.GrossKg).ShouldBe((750m, 450m, 300m, 1_200m));
        summary.ByScope.Select(sum => (sum.Scope, sum.NetKg)).ShouldBe([(1, 700m), (3, -400m)]);
        // Net it would be below.
        summary.Standing.ShouldBe(MisstatementStanding.Above);
        MisstatementSummary.Of(rows, Levels(1_200m, 75m, 5m)).Standing.ShouldBe(MisstatementStanding.AbovePerformance, "not above what it equals");
        MisstatementSummary.Of(rows, Levels(1_600m, 75m, 1m)).Standing.ShouldBe(MisstatementStanding.AbovePerformance);
        MisstatementSummary.Of(rows, Levels(2_000m, 75m, 1m)).Standing.ShouldBe(MisstatementStanding.Below);
        MisstatementSummary.Of(rows, null).Standing.ShouldBe(MisstatementStanding.NotSet);
    }

    private static SampleOutcome Draw(SampleMethod method, decimal interval, int count)
    {
        using var draw = new SampleDraw(method, Seed, interval, count);
        foreach (var row in Rows())
        {
            draw.Add(row.Result);
        }

        return draw.Finish();
    }

    private static List<(PopulationRow Result, string Why)> Rows() =>
    [
        .. Lines().Matches(Page).Select(line =>
        {
            string Cell(int at) => line.Groups[at].Value.Trim();
            return (new PopulationRow(
                Guid.Parse("01980000-0000-7000-8000-00000000000" + Cell(1)), int.Parse(Cell(2), CultureInfo.InvariantCulture), int.Parse(Cell(3), CultureInfo.InvariantCulture),
                DateOnly.ParseExact(Cell(4), "yyyy-MM", CultureInfo.InvariantCulture), Cell(5), decimal.Parse(Cell(6), CultureInfo.InvariantCulture)), Cell(8));
        }),
    ];

    private static int Number(Guid id) => int.Parse(id.ToString("D")[^1..], CultureInfo.InvariantCulture);

    private static AuditSample Sample(SampleMethod method, decimal interval = 3_680m, int confidence = 95) => new()
    {
        Id = Guid.Empty, TenantId = Guid.Empty, PeriodId = Guid.Empty, Number = 1, Method = method, Seed = Seed, LedgerSequence = 1, FirstMonth = default, LastMonth = default,
        View = Scope2Method.Location, ConfidencePercent = confidence, IntervalKg = interval, PopulationCount = 100, PopulationKg = 1m, OutsideCount = 0, OutsideKg = 0m, MissingCount = 0,
        PopulationHash = "", ItemCount = 3, AuthorId = null, Author = "Ada", At = default,
    };

    private static AssuranceMateriality Levels(decimal kg, decimal performance, decimal trivial) => new()
    {
        TenantId = Guid.Empty, PeriodId = Guid.Empty, Version = 1, Basis = MaterialityBasis.Mass, BaseKg = 1m, View = Scope2Method.Location, LedgerSequence = 1, MaterialityKg = kg,
        PerformancePercent = performance, PerformanceKg = AssuranceMateriality.Share(kg, performance), TrivialPercent = trivial, TrivialKg = AssuranceMateriality.Share(kg, trivial), Reason = "",
        AuthorId = null, Author = "Ada", At = default,
    };

    [GeneratedRegex(@"^\| (\d) \|([^|]*)\|([^|]*)\|([^|]*)\|([^|]*)\|([^|]*)\|([^|]*)\|([^|]*)\|$", RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Lines();
}
