using System.Globalization;
using OffGridFlow.Core.CloudUsage;
using OffGridFlow.Core.EmissionFactors;

namespace OffGridFlow.Tests.CloudUsage;

/// <summary>The rows that Cloud Carbon Footprint itself was run on: <c>shared/cases/ccf</c>, columns explained in its README.</summary>
public class CcfAwsPeerCasesTests
{
    [Theory]
    [InlineData("aws.csv")]
    [InlineData("aws_live.csv")]
    public void RateFor_RowThePeerEstimates_GivesItsFigures(string file)
    {
        foreach (var row in Rows(file, "estimated"))
        {
            var rate = CcfAws.Estimator.RateFor(row.Kind, row.Month);
            var estimate = rate.Apply(row.Quantity);

            estimate.KilowattHours.ShouldBeClose(row.Number("operationalKilowattHours"));
            estimate.OperationalKgCo2e.ShouldBeClose(row.Number("operationalCo2e", 1000));
            estimate.EmbodiedKgCo2e.ShouldBeClose(row.Number("embodiedCo2e", 1000));
            rate.Grid.ShouldNotBeNull().KgCo2ePerKwh.ShouldBe(row.Number("gridFactor", 1000));
            // the peer prints the embodied part as electricity
            (estimate.KilowattHours + estimate.EmbodiedKgCo2e / rate.Grid.KgCo2ePerKwh).ShouldBeClose(row.Number("kilowattHours"));
            (estimate.OperationalKgCo2e + estimate.EmbodiedKgCo2e).ShouldBeClose(row.Number("co2e", 1000));
        }
    }

    [Theory]
    [InlineData("aws.csv")]
    [InlineData("aws_live.csv")]
    public void RateFor_RowThePeerEstimates_HasItsClass(string file)
    {
        foreach (var row in Rows(file, "estimated"))
        {
            var expected = row.Text("estimateClass") switch
            {
                var parts when parts.StartsWith("compute", StringComparison.Ordinal) => UsageClass.Compute,
                "networking" => UsageClass.Network,
                _ => UsageClass.Storage,
            };

            var rate = CcfAws.Estimator.RateFor(row.Kind, row.Month);

            rate.Class.ShouldBe(expected, row.Text("id"));
            rate.Steps.ShouldNotBeEmpty();
        }
    }

    [Theory]
    [InlineData("nan", "vcpus-unknown")]
    [InlineData("unknown", "no-rule")]
    [InlineData("dropped_unrecognised", "peer-drops")]
    public void RateFor_RowThePeerHasNoMeasureFor_IsFlaggedWithoutFigures(string status, string flag)
    {
        foreach (var row in Rows("aws.csv", status).Concat(Rows("aws_live.csv", status)))
        {
            var rate = CcfAws.Estimator.RateFor(row.Kind, row.Month);

            rate.FlagCodes().ShouldContain(flag, row.Text("id"));
            rate.Apply(row.Quantity).ShouldBe(new CloudEstimate(null, null, null, null));
            rate.Steps.ShouldBeEmpty();
        }
    }

    [Fact]
    public void RateFor_RowThePeerListsAsUnsupported_IsExcludedWithItsReason()
    {
        foreach (var row in Rows("aws.csv", "dropped_unsupported").Concat(Rows("aws_live.csv", "dropped_unsupported")))
        {
            var rate = CcfAws.Estimator.RateFor(row.Kind, row.Month);

            rate.Class.ShouldBe(UsageClass.Excluded);
            rate.Flags.ShouldNotBeEmpty();
            rate.KilowattHoursPerUnit.ShouldBeNull();
        }
    }

    private static List<CaseRow> Rows(string file, string status)
    {
        var path = SharedFiles.Require(Path.Combine("cases", "ccf", file));
        var rows = ReferenceTable.Parse(file, File.ReadAllText(path)).Rows
            .Select(r => new CaseRow(r, Live: file.Contains("live", StringComparison.Ordinal))).Where(r => r.Text("status") == status).ToList();
        rows.ShouldNotBeEmpty();
        return rows;
    }

    private sealed record CaseRow(ReferenceRow Row, bool Live)
    {
        public UsageKind Kind => CcfAws.Kind(
            Text("serviceName"), Text("usageType"), Text("usageUnit"), Text("region"), Text("vCpus").Length == 0 ? null : Number("vCpus"));

        public DateOnly? Month => Live ? DateOnly.Parse(Text("date"), CultureInfo.InvariantCulture) : null;

        public decimal Quantity => Live ? Number("quantity") : 1;

        public string Text(string column) => Row.Text(column);

        /// <summary>The printed number; <paramref name="times"/> is applied before it becomes a decimal, which holds no more than 28 decimal places.</summary>
        public decimal Number(string column, double times = 1) =>
            (decimal)(double.Parse(Text(column), CultureInfo.InvariantCulture) * times);
    }
}
