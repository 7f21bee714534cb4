using System.Globalization;
using OffGridFlow.Core.CloudUsage;
using OffGridFlow.Infrastructure.CloudUsage;
using OffGridFlow.Infrastructure.EmissionFactors;

namespace OffGridFlow.Tests.CloudUsage;

/// <summary>What holds for every row, whatever it is.</summary>
public class CcfAwsPropertiesTests
{
    [Fact]
    public void RateFor_AnyRow_HasAllFiguresOrNoneAndThenAReason()
    {
        foreach (var kind in CcfAws.Samples())
        {
            var rate = CcfAws.Estimator.RateFor(kind, null);

            var figures = new[] { rate.ClassUnitsPerUnit, rate.KilowattHoursPerUnit, rate.OperationalKgCo2ePerUnit, rate.EmbodiedKgCo2ePerUnit };
            if (figures.All(f => f is null))
                (rate is { Grid: null, Steps.Count: 0, Defaulted: false } && rate.Flags.Count > 0).ShouldBeTrue(kind.ToString());
            else
                (figures.All(f => f >= 0) && rate is { Grid: not null, Steps.Count: > 0, Class: < UsageClass.Managed }).ShouldBeTrue(kind.ToString());
            rate.FlagCodes().ShouldBeUnique();
        }
    }

    [Fact]
    public void Apply_AnyAmount_IsLinear()
    {
        var rate = CcfAws.Rate("AmazonEC2", "BoxUsage:c5.9xlarge", "Hrs");
        decimal[] amounts = [0, 0.000001m, 1, 16.041206m, 744, 1_000_000.5m, -3];

        foreach (var a in amounts)
            foreach (var b in amounts)
            {
                rate.Apply(a + b).KilowattHours.ShouldBeClose((rate.Apply(a).KilowattHours + rate.Apply(b).KilowattHours)!.Value);
                rate.Apply(a + b).EmbodiedKgCo2e.ShouldBeClose((rate.Apply(a).EmbodiedKgCo2e + rate.Apply(b).EmbodiedKgCo2e)!.Value);
            }
    }

    [Theory]
    [InlineData(2023, 2, 28)]
    [InlineData(2024, 2, 29)]
    [InlineData(2024, 4, 30)]
    [InlineData(2024, 12, 31)]
    public void RateFor_StorageOfAMonth_FollowsItsDays(int year, int month, int days)
    {
        var rate = CcfAws.Rate("AmazonEC2", "EBS:VolumeUsage", "GB-Mo", month: new DateOnly(year, month, 1));
        var undated = CcfAws.Rate("AmazonEC2", "EBS:VolumeUsage", "GB-Mo");

        rate.ClassUnitsPerUnit.ShouldBe(0.024m * days);
        undated.ClassUnitsPerUnit.ShouldBe(0.024m * 30.42m);
    }

    [Fact]
    public void RateFor_RowsInAnyOrderAndAtOnce_GivesTheSameFigures()
    {
        var kinds = CcfAws.Samples().ToList();
        var forward = kinds.ConvertAll(k => CcfAws.Estimator.RateFor(k, null).Apply(1));

        var backward = Enumerable.Reverse(kinds).AsParallel().AsOrdered().Select(k => CcfAws.Estimator.RateFor(k, null).Apply(1)).ToList();

        backward.Reverse();
        backward.ShouldBe(forward);
    }

    [Theory]
    [InlineData("de-DE")]
    [InlineData("tr-TR")]
    [InlineData("fa-IR")]
    public void RateFor_InAnotherCulture_GivesTheSameFiguresAndSteps(string culture)
    {
        var usual = CcfAws.Rate("AmazonEC2", "BoxUsage:t3.micro", "Hrs");
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
            var estimator = new CcfAwsEstimator(CloudReferenceData.LoadAwsCcf(ReferenceSet.DefaultRoot));

            var rate = estimator.RateFor(CcfAws.Kind("AmazonEC2", "BoxUsage:t3.micro", "Hrs"), null);

            rate.Apply(1.5m).ShouldBe(usual.Apply(1.5m));
            rate.Steps.ShouldBe(usual.Steps);
            estimator.Version.ShouldBe(CcfAws.Estimator.Version);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void ForLedger_RoundsHalfToEvenAtTwelveDecimalsAndKeepsNull()
    {
        var estimate = new CloudEstimate(0.0000000000005m, 0.0000000000015m, 2.0000000000025m, null);

        estimate.ForLedger().ShouldBe(new CloudEstimate(0m, 0.000000000002m, 2.000000000002m, null));
    }
}
