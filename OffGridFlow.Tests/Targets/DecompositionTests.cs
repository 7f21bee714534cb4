using OffGridFlow.Core.Targets;

namespace OffGridFlow.Tests.Targets;

/// <summary>The example of docs/methods/decomposition.md, worked out there by hand, and what holds of every decomposition.</summary>
public sealed class DecompositionTests
{
    private static readonly DateOnly[] Months = [.. Enumerable.Range(1, 12).Select(month => new DateOnly(2024, month, 1))];

    [Fact]
    public void Example_OfThePage_ComesOut()
    {
        var causes = Decomposition.Of(
        [
            History("Bremen", "Natural gas", 1, 0, "energy", (1000, 200), (1200, 180)),
            History("Bremen", "Freight by spending", 3, 4, "money", (500, 60), null),
            History("Bremen", "Freight by distance", 3, 4, "mass-distance", null, (900, 75)),
            History("Gdańsk", "Electricity", 2, 0, "energy", null, (300, 48), before: _ => 0m, after: month => month >= 6 ? 1m : 0m, lastMonth: true),
            History("Bremen", "Waste", 3, 5, "mass", (4, 12), null),
        ]);

        (causes.BeforeKg, causes.AfterKg, causes.Activity, causes.Factor, causes.Method, causes.Boundary).ShouldBe((272m, 303m, 23m, -55m, 15m, 48m));
        var gas = causes.Sources.Single(source => source.Source.ActivityType == "Natural gas");
        (gas.Activity, gas.Factor, gas.Method, gas.Boundary).ShouldBe((35m, -55m, 0m, 0m));
    }

    [Fact]
    public void Share_ThatRises_IsBoundary_AndTheRestIsTheFactor()
    {
        var causes = Decomposition.Of([History("Lyon", "Gas", 1, 0, "energy", (10, 100), (10, 120), before: _ => 0.4m, after: _ => 0.6m)]);
        (causes.BeforeKg, causes.AfterKg, causes.Boundary, causes.Factor, causes.Activity).ShouldBe((40m, 72m, 22m, 10m, 0m));
    }

    [Fact]
    public void Fuel_InAnotherUnit_IsAnotherFuel_AndNotAnotherMethod()
    {
        var causes = Decomposition.Of([History("Bremen", "Diesel", 1, 0, "volume", (10, 30), null), History("Bremen", "Natural gas", 1, 0, "energy", null, (10, 20))]);
        (causes.Method, causes.Activity).ShouldBe((0m, -10m));
        Decomposition.Of([History("Bremen", "Natural gas", 1, 0, "volume", (10, 30), null), History("Bremen", "Natural gas", 1, 0, "energy", null, (10, 20))]).Method.ShouldBe(-10m);
    }

    [Fact]
    public void Quantity_ThatIsNotKnown_LeavesTheDifferenceUnsplit()
    {
        var causes = Decomposition.Of([History("AWS", "Support", 3, 1, "", (null, 10), (null, 14))]);
        (causes.Activity, causes.Factor, causes.Unsplit).ShouldBe((4m, 0m, 4m));
    }

    [Fact]
    public void Contract_ThatEmitsNothing_IsFactor()
    {
        var causes = Decomposition.Of([History("Bremen", "Electricity", 2, 0, "energy", (100, 40), (100, 0))]);
        (causes.Activity, causes.Factor).ShouldBe((0m, -40m));
    }

    [Fact]
    public void Causes_AddUp_AndTurnTheirSigns_WithThePeriods()
    {
        var random = new Random(20261122);
        for (var round = 0; round < 400; round++)
        {
            var histories = Enumerable.Range(0, 6).Select(index => Random(random, index)).ToList();
            var forth = Decomposition.Of(histories);
            var back = Decomposition.Of(histories.Select(history => history with { Before = history.After, After = history.Before }));

            (forth.Activity + forth.Factor + forth.Method + forth.Boundary).ShouldBe(forth.DifferenceKg);
            forth.AfterKg.ShouldBe(histories.Sum(history => history.After.Sum(month => month.CountedKg)));
            (back.Activity, back.Factor, back.Method, back.Boundary).ShouldBe((-forth.Activity, -forth.Factor, -forth.Method, -forth.Boundary));
        }
    }

    private static SourceHistory Random(Random random, int index)
    {
        var measure = random.Next(3) switch { 0 => "money", 1 => "energy", _ => "" };
        return new SourceHistory(new EmissionSource("E", "P" + (index / 3), "T" + (index % 2), 1 + random.Next(3), random.Next(2), measure), Side(), Side());

        List<SourceMonth> Side()
        {
            var (share, none, factor) = (random.Next(3) switch { 0 => 0m, 1 => 1m, _ => 0.37m }, random.Next(4) == 0, (decimal)random.NextDouble());
            return
            [
                .. Months.Select(_ =>
                {
                    var quantity = none || random.Next(3) == 0 ? 0m : Math.Round((decimal)random.NextDouble() * 1000m, 6);
                    var kg = Math.Round(quantity * factor, 12);
                    var part = random.Next(5) == 0 ? 0m : share;
                    return new SourceMonth(part, kg, Core.Quantities.Exact.Product(kg, part), measure.Length == 0 && random.Next(2) == 0 ? null : quantity);
                }),
            ];
        }
    }

    /// <summary>A year whose data lie in its first month, or in its last.</summary>
    private static SourceHistory History(
        string place, string type, int scope, int category, string measure, (decimal? Quantity, decimal Kg)? first, (decimal? Quantity, decimal Kg)? second, Func<int, decimal>? before = null,
        Func<int, decimal>? after = null, bool lastMonth = false)
    {
        return new SourceHistory(new EmissionSource("Company", place, type, scope, category, measure), Side(first, before), Side(second, after));

        List<SourceMonth> Side((decimal? Quantity, decimal Kg)? data, Func<int, decimal>? share) =>
        [
            .. Enumerable.Range(0, 12).Select(month =>
            {
                var part = share?.Invoke(month) ?? 1m;
                return data is { } there && month == (lastMonth ? 11 : 0) ? new SourceMonth(part, there.Kg, there.Kg * part, there.Quantity) : new SourceMonth(part, 0m, 0m, null);
            }),
        ];
    }
}
