using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Core.Quantities;
using OffGridFlow.Infrastructure.Calculation;

namespace OffGridFlow.Tests.EmissionFactors;

/// <summary>The shipped calorific values, each held against the rows that it names.</summary>
public sealed class EnergyContentTests
{
    private static readonly CalculationReference Reference = new();

    private static EnergyContentTable Table => Reference.Library.Energy;

    /// <summary>Six digits are kept: half of the last one is the error.</summary>
    [Fact]
    public void Values_FollowFromTheirRows()
    {
        var (net, kilowattHour) = (Reference.Units.Find("kWh (Net CV)"), Reference.Units.Find("kWh"));
        var ratios = 0;
        foreach (var content in Table.Contents.Where(content => content.Rows.Contains('/', StringComparison.Ordinal)))
        {
            var rows = content.Rows.Split('/').Select(id => Reference.Library.FindFactor(id).ShouldNotBeNull(id)).ToList();
            var (one, other) = (rows[0], rows[1]);
            (one.Unit, one.Set.Id, one.Year).ShouldBe((content.Unit, other.Set.Id, content.Year), content.Citation);
            var column = content.Source.Split(' ')[0];
            var perBase = other.Unit == net ? 1m : new Quantity(1, other.Unit).To(kilowattHour).Value;

            var value = Figure(one, column) / Figure(other, column) * perBase;

            Math.Abs(content.KilowattHours - value).ShouldBeLessThanOrEqualTo(value * 0.000_005m, content.Citation);
            ratios++;
        }

        ratios.ShouldBeGreaterThan(300);
    }

    /// <summary>What is known from elsewhere: annex III of Directive (EU) 2018/2001 (net, MJ per liter or kg) and 2006 IPCC Guidelines, vol. 2, table 1.2 (net, TJ per Gg).</summary>
    [Theory]
    [InlineData("desnz/bioenergy/biofuel/biodiesel-hvo", "l", "34")]
    [InlineData("desnz/bioenergy/biofuel/biodiesel-me", "l", "33")]
    [InlineData("desnz/bioenergy/biofuel/bioethanol", "l", "21")]
    [InlineData("desnz/bioenergy/biofuel/biomethane-compressed", "kg", "50")]
    [InlineData("desnz/fuels/liquid-fuels/gas-oil", "kg", "43")]
    [InlineData("desnz/fuels/liquid-fuels/fuel-oil", "kg", "40.4")]
    [InlineData("desnz/fuels/liquid-fuels/aviation-turbine-fuel", "kg", "44.1")]
    [InlineData("desnz/fuels/solid-fuels/coking-coal", "kg", "28.2")]
    [InlineData("epa-hub/stationary-combustion/coal-and-coke/coal-coke", "kg", "28.2")]
    public void Values_AreNet_AsOthersPublishThem(string activity, string unit, string megajoules)
    {
        var content = Table.Find(activity, 2025, Reference.Units.Find(unit).Group).ShouldNotBeNull();

        var here = new Quantity(1, Reference.Units.Find(unit)).Times(content.KilowattHours, content.Unit) * 3.6m;

        var elsewhere = decimal.Parse(megajoules, System.Globalization.CultureInfo.InvariantCulture);
        here.ShouldBeInRange(elsewhere * 0.92m, elsewhere * 1.08m, activity);
    }

    /// <summary>Nothing that people can enter as a fuel is unknown to the ledger.</summary>
    [Fact]
    public void Fuels_EachType_HasACarrier_AndAFigureInEachUnit_ButForWhatNobodyPublishes()
    {
        var types = Reference.Library.Types;
        var missing = new List<string>();
        foreach (var type in types.All.Where(type => type.Family is ActivityFamily.Stationary or ActivityFamily.Mobile && !type.Units.Contains("km")))
        {
            var activities = types.ActivitiesOf(type);
            activities.Select(Table.CarrierOf).OfType<EnergyCarrier>().Distinct().Count().ShouldBe(1, type.Key);
            foreach (var unit in type.Units.Select(Reference.Units.Find).Where(unit => unit.Group is not { Name: "energy", Basis: CalorificBasis.Net }))
            {
                if (!activities.Any(activity => Table.Find(activity, 2025, unit.Group) is not null))
                {
                    missing.Add($"{type.Key} {unit}");
                }
            }
        }

        missing.ShouldBe(
            [
                "wood-logs mmBtu (Gross CV)", "wood-chips mmBtu (Gross CV)", "wood-pellets mmBtu (Gross CV)", "straw mmBtu (Gross CV)", "biogas mmBtu (Gross CV)", "biogas scf",
                "landfill-gas mmBtu (Gross CV)", "landfill-gas scf", "biodiesel-stationary mmBtu (Gross CV)", "municipal-waste t", "municipal-waste kg",
                "municipal-waste short ton", "municipal-waste mmBtu (Gross CV)",
            ],
            ignoreOrder: true);
    }

    [Theory]
    [InlineData(2020, 2024)]
    [InlineData(2025, 2025)]
    [InlineData(2031, 2026)]
    public void Find_TakesTheEditionOfTheYear_ElseTheLatestBefore_ElseTheFirst(int year, int edition) =>
        Table.Find("desnz/fuels/gaseous-fuels/natural-gas", year, Reference.Units.Find("m3").Group).ShouldNotBeNull().Year.ShouldBe(edition);

    [Fact]
    public void Blends_HaveTheShareOfTheirMemo()
    {
        foreach (var blend in Table.Blends)
        {
            var rows = blend.Rows.Split('/').Select(id => Reference.Library.FindFactor(id).ShouldNotBeNull(id)).ToList();

            var share = rows[0].BiogenicCo2!.Value / (rows[0].BiogenicCo2!.Value + rows[1].Co2!.Value);

            Math.Abs(blend.RenewableShare - share).ShouldBeLessThanOrEqualTo(share * 0.000_005m, blend.Citation);
            rows[1].Activity.ShouldBe(blend.Activity);
        }

        Table.Blends.Select(blend => blend.Year).Distinct().Order().ShouldBe([2024, 2025, 2026]);
    }

    private static decimal Figure(EmissionFactor factor, string column) => (column switch
    {
        "co2" => factor.Co2,
        "co2e" => factor.Co2e,
        _ => factor.BiogenicCo2,
    })!.Value;
}
