using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Core.Quantities;
using OffGridFlow.Infrastructure.EmissionFactors;

namespace OffGridFlow.Tests.Quantities;

public sealed class UnitTableTests
{
    internal static readonly UnitTable Units = ReferenceSet.Open("units").Parse(UnitTable.Parse);

    /// <summary>Exact values of NIST Special Publication 811 (2008), appendix B, and the SI brochure.</summary>
    [Theory]
    [InlineData(1, "kWh", "MJ", "3.6")]
    [InlineData(1, "mmBtu", "MJ", "1055.05585262")]
    [InlineData(1, "therm", "MJ", "105.505585262")]
    [InlineData(1, "therm (US)", "MJ", "105.4804")]
    [InlineData(1, "mmBtu", "therm", "10")]
    [InlineData(1, "lb", "kg", "0.45359237")]
    [InlineData(1, "short ton", "kg", "907.18474")]
    [InlineData(1, "long ton", "kg", "1016.0469088")]
    [InlineData(1, "gal (US)", "l", "3.785411784")]
    [InlineData(1, "gal (UK)", "l", "4.54609")]
    [InlineData(1, "bbl", "gal (US)", "42")]
    [InlineData(1, "ft3", "l", "28.316846592")]
    [InlineData(1, "mi", "km", "1.609344")]
    [InlineData(1, "nmi", "km", "1.852")]
    [InlineData(1, "short ton-mile", "t.km", "1.459972318211")]
    [InlineData(1, "acre", "ft2", "43560")]
    [InlineData(1, "GiB", "B", "1073741824")]
    [InlineData(1, "MWh", "kWh", "1000")]
    [InlineData(90, "min", "h", "1.5")]
    [InlineData(25, "therm", "kWh", "732.677675430556")]
    public void To_UnitOfTheGroup_GivesThePublishedRatio(decimal value, string from, string to, string expected) =>
        new Quantity(value, Units.Find(from)).To(Units.Find(to)).Value.ShouldBe(decimal.Parse(expected, System.Globalization.CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("KWH", "kWh")]
    [InlineData("kilowatt  hours", "kWh")]
    [InlineData("kWh (HHV)", "kWh (Gross CV)")]
    [InlineData("GJ (lhv)", "GJ (Net CV)")]
    [InlineData("tonnes", "t")]
    [InlineData("Tonne.km", "t.km")]
    [InlineData("passenger.km", "passenger.km")]
    [InlineData("cubic metres", "m3")]
    [InlineData("million litres", "million litres")]
    [InlineData("ML", "million litres")]
    [InlineData("ml", "ml")]
    [InlineData("gallon", "gal (US)")]
    [InlineData("USD 2022", "USD 2022")]
    [InlineData("EUR", "EUR")]
    public void Find_AsPeopleWriteIt_GivesTheUnit(string written, string symbol) => Units.Find(written).Symbol.ShouldBe(symbol);

    /// <summary>A gigabit is no gigabyte, and three capitals are no currency.</summary>
    [Theory]
    [InlineData("Gb", "GB")]
    [InlineData("GAL", "gal (US)")]
    [InlineData("kWhh", "kWh")]
    public void Find_Unknown_SaysWhatMayBeMeant(string written, string near) =>
        Should.Throw<UnknownUnitException>(() => Units.Find(written)).Near.ShouldContain(near);

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("USD 22")]
    [InlineData("EUR 2022 2")]
    [InlineData("ABC")]
    public void Find_NoUnit_IsRefused(string? written) => Should.Throw<UnknownUnitException>(() => Units.Find(written));

    /// <summary>Every pair of units of two groups: no number passes from one to the other.</summary>
    [Fact]
    public void To_UnitOfAnotherGroup_IsRefused()
    {
        var units = Units.All.Append(Unit.Money("EUR")).Append(Unit.Money("EUR", 2022)).Append(Unit.Money("USD", 2022)).ToList();
        foreach (var (from, to) in from a in units from b in units where a.Group != b.Group select (a, b))
        {
            Should.Throw<UnitMismatchException>(() => new Quantity(1, from).To(to), $"{from} to {to}");
        }

        Should.Throw<UnitMismatchException>(() => new Quantity(1, Units.Find("kWh (Gross CV)")).To(Units.Find("kWh (Net CV)"))).Message.ShouldContain("gross calorific value");
    }

    /// <summary>There and back differs by the rounding of the way there at most: half of the twelfth decimal, in the first unit.</summary>
    [Fact]
    public void To_ThereAndBack_GivesTheSameWithinTheRounding()
    {
        var random = new Random(20261121);
        foreach (var (from, to) in from a in Units.All from b in Units.All where a.Group == b.Group && a != b && a.Factor / b.Factor < 1_000_000_000_000m select (a, b))
        {
            var value = Math.Round((decimal)random.NextDouble() * 1000m, 6);
            var there = new Quantity(value, from).To(to);
            var back = there.To(from).Value;

            Math.Abs(back - value).ShouldBeLessThanOrEqualTo((0.0000000000005m * Math.Max(to.Factor / from.Factor, 1m)) + 0.0000000000005m, FormattableString.Invariant($"{value} {from} in {to}"));
        }
    }

    /// <summary>A factor per MWh is a thousandth per kWh: the same energy gives the same mass whichever way both are written.</summary>
    [Fact]
    public void Times_FactorPerOtherUnit_CountsTheSameAmount()
    {
        var energy = new Quantity(1500m, Units.Find("kWh"));

        energy.Times(400m, Units.Find("MWh")).ShouldBe(600m);
        energy.Times(0.4m, Units.Find("kWh")).ShouldBe(600m);
        Should.Throw<UnitMismatchException>(() => energy.Times(2.5m, Units.Find("l")));
    }

    [Theory]
    [InlineData("group,unit,names,factor,source\nmass,kg,,1,x\nmass,lb,kg,0.45,x", "'kg' is a name of kg already")]
    [InlineData("group,unit,names,factor,source\nmass,kg,,0,x", "above zero")]
    [InlineData("group,unit,names,factor,source\nmass,kg,,one,x", "not a number")]
    public void Parse_RowThatCannotBeUsed_NamesLineAndFault(string text, string fault) =>
        Should.Throw<ReferenceTableException>(() => UnitTable.Parse(file => file == "units.csv" ? text : "code,withdrawn\nEUR,")).Message.ShouldContain(fault);
}
