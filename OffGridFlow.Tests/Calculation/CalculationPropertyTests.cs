using FsCheck;
using FsCheck.Fluent;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Core.Quantities;
using static OffGridFlow.Tests.Calculation.TestLibrary;

namespace OffGridFlow.Tests.Calculation;

/// <summary>What holds of every quantity, period and set of instruments.</summary>
public sealed class CalculationPropertyTests
{
    private static readonly Arbitrary<(decimal Quantity, DateOnly From, DateOnly To)> Periods = Arb.From(
        from thousandths in Gen.Choose(0, int.MaxValue)
        from start in Gen.Choose(0, 700)
        from length in Gen.Choose(0, 400)
        select (thousandths / 997m, new DateOnly(2024, 1, 1).AddDays(start), new DateOnly(2024, 1, 1).AddDays(start + Math.Min(length, 730 - start))));

    [Fact]
    public void Proration_PartsAddUpToTheWhole_AndEachDayBelongsToOne() => Prop.ForAll(Periods, period =>
    {
        var parts = Proration.ByMonth(period.Quantity, period.From, period.To);

        parts.Sum(part => part.Quantity).ShouldBe(period.Quantity);
        parts.Sum(part => Proration.Days(part.From, part.To)).ShouldBe(Proration.Days(period.From, period.To));
        parts.ShouldAllBe(part => part.From.Month == part.To.Month && part.From <= part.To);
        parts.Zip(parts.Skip(1)).ShouldAllBe(pair => pair.First.To.AddDays(1) == pair.Second.From);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Splitting_APeriodAtAMonthsEnd_ChangesNothing() => Prop.ForAll(Periods, period =>
    {
        var whole = Total(Gas(period.Quantity, period.From, period.To));
        var parts = Proration.ByMonth(period.Quantity, period.From, period.To).Sum(part => Total(Gas(part.Quantity, part.From, part.To)));

        parts.ShouldBe(whole);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Order_OfActivities_DoesNotMatter() => Prop.ForAll(Periods.Generator.ListOf(12).ToArbitrary(), periods =>
    {
        var inputs = periods.Select(period => Gas(period.Quantity, period.From, period.To)).ToList();

        inputs.AsEnumerable().Reverse().Sum(Total).ShouldBe(inputs.Sum(Total));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Units_ThereAndBack_GiveTheSameToTheEleventhDecimal()
    {
        var groups = Units.All.GroupBy(unit => unit.Group).Where(group => group.Count() > 1).Select(group => group.ToList()).ToList();
        var pairs = from unitsOf in Gen.Elements<List<Unit>>(groups) from one in Gen.Elements<Unit>(unitsOf) from two in Gen.Elements<Unit>(unitsOf)
                    from thousandths in Gen.Choose(0, 1_000_000)
                    // A million million of one in the other is more than a stored figure holds.
                    where one.Factor / two.Factor < 1_000_000_000_000m
                    select (one, two, Value: thousandths / 1000m);
        Prop.ForAll(Arb.From(pairs), pair =>
        {
            // What a step of rounding loses in the other unit weighs as much as that unit does here.
            var back = new Quantity(pair.Value, pair.one).To(pair.two).To(pair.one).Value;
            var step = 0.000000000001m * Math.Max(1m, pair.two.Factor / pair.one.Factor);

            Math.Abs(back - pair.Value).ShouldBeLessThanOrEqualTo(step);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Instruments_NeverCoverMoreThanIsUsedNorMoreThanTheyHold()
    {
        var sites = new[] { "a", "b", "c" };
        var uses = (from id in Gen.Choose(0, 9) from site in Gen.Elements<string>(sites) from month in Gen.Choose(1, 12) from kwh in Gen.Choose(1, 1_000_000)
                    select new EnergyUse(Text(id), site, ActivityFamily.Electricity, new DateOnly(2024, month, 1), new DateOnly(2024, month, 28), Exact.Round(kwh / 7m))).ListOf();
        var instruments = (from id in Gen.Choose(0, 99) from kind in Gen.Elements<InstrumentKind>(Enum.GetValues<InstrumentKind>()) from mwh in Gen.Choose(1, 900)
                           from start in Gen.Choose(0, 300) from length in Gen.Choose(0, 200) from site in Gen.Elements<string>(sites) from limited in Gen.Elements<bool>(new[] { true, true, false })
                           select new ContractualInstrument
                           {
                               Id = Text(id), Name = "", Kind = kind, MegawattHours = limited ? Exact.Round(mwh / 13m) : null, From = new DateOnly(2024, 1, 1).AddDays(start),
                               To = new DateOnly(2024, 1, 1).AddDays(start + length), Sites = [site], KgCo2ePerKwh = 0, Criteria = id % 10 == 0 ? QualityCriteria.None : QualityCriteria.All,
                           }).ListOf();
        Prop.ForAll(Arb.From(uses), Arb.From(instruments), (used, held) =>
        {
            List<EnergyUse> distinct = [.. used.DistinctBy(use => (use.ActivityId, use.From))];
            var allocation = InstrumentAllocation.Allocate(held, distinct);

            foreach (var use in distinct)
            {
                allocation.Shares.Where(share => share.ActivityId == use.ActivityId && share.From == use.From).Sum(share => share.KilowattHours).ShouldBeLessThanOrEqualTo(use.KilowattHours);
            }

            allocation.Shares.ShouldAllBe(share => share.KilowattHours > 0 && share.Instrument.Criteria == QualityCriteria.All);
            allocation.Instruments.ShouldAllBe(instrument => instrument.Unused == null || instrument.Unused >= 0);
            allocation.Instruments.Sum(instrument => instrument.Used).ShouldBe(allocation.Shares.Sum(share => share.KilowattHours));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Instrument_ThatReaches_CoversAllThatIsUsed()
    {
        var use = new EnergyUse("a", "s", ActivityFamily.Electricity, new DateOnly(2024, 2, 1), new DateOnly(2024, 2, 29), 290m);
        var half = new ContractualInstrument
        {
            Id = "i", Name = "", Kind = InstrumentKind.Certificate, MegawattHours = 10, From = new DateOnly(2024, 2, 11), To = new DateOnly(2024, 12, 31), Sites = ["s"],
            KgCo2ePerKwh = 0, Criteria = QualityCriteria.All,
        };

        InstrumentAllocation.Allocate([half], [use]).Shares.ShouldHaveSingleItem().KilowattHours.ShouldBe(190m, "19 of 29 days");
        InstrumentAllocation.Allocate([half with { Criteria = QualityCriteria.All & ~QualityCriteria.Retired }], [use]).ShouldSatisfyAllConditions(
            allocation => allocation.Shares.ShouldBeEmpty(), allocation => allocation.Instruments[0].FailedCriteria.ShouldBe(QualityCriteria.Retired));
        InstrumentAllocation.Allocate([half with { MegawattHours = 0.1m }], [use, use with { ActivityId = "b", KilowattHours = 580m }]).Shares
            .Select(share => share.KilowattHours).ShouldBe([33.333333333333m, 66.666666666667m]);
    }

    [Fact]
    public void Uncertainty_OwnErrorsShrink_AFactorsErrorStays()
    {
        Uncertainty.OfSum([new(100, 10, "f", 0), new(100, 10, "f", 0)]).ShouldBe(14.142135623731m, "√2 × 10");
        Uncertainty.OfSum([new(100, 0, "f", 10), new(100, 0, "f", 10)]).ShouldBe(20m, "one factor errs alike in both");
        Uncertainty.OfSum([new(100, 0, "f", 10), new(100, 0, "g", 10)]).ShouldBe(14.142135623731m);
        Uncertainty.OfSum([]).ShouldBe(0m);
    }

    private static string Text(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static ActivityInput Gas(decimal quantity, DateOnly from, DateOnly to) => new()
    {
        Id = "a", Type = "natural-gas", Quantity = new Quantity(quantity, Units.Find("kWh (Gross CV)")), Region = "GB", From = from, To = to,
    };

    private static decimal Total(ActivityInput input)
    {
        var outcome = new Calculator(Library, CalculationPolicy.Default).Calculate(input);
        outcome.Fault.ShouldBeNull();
        return outcome.Emissions.Sum(line => line.KgCo2e);
    }
}
