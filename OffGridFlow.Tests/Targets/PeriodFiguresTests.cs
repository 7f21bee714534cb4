using OffGridFlow.Core.Organizations;
using OffGridFlow.Core.Targets;
using OffGridFlow.Infrastructure.Targets;
using OffGridFlow.Tests.Inventory;

namespace OffGridFlow.Tests.Targets;

/// <summary>What base years, targets and causes count is what the inventory counts: its example in docs/methods/inventory.md, under each approach.</summary>
public sealed class PeriodFiguresTests(AppFixture apps) : IClassFixture<AppFixture>
{
    [Theory]
    [InlineData(ConsolidationApproach.EquityShare, "equity share")]
    [InlineData(ConsolidationApproach.FinancialControl, "financial control")]
    [InlineData(ConsolidationApproach.OperationalControl, "operational control")]
    public async Task Figures_AreThoseOfTheInventory(ConsolidationApproach approach, string row)
    {
        await using var world = await InventoryWorld.CreateAsync(apps);
        var figures = await FiguresAsync(world, approach);

        var printed = InventoryWorld.Printed(row);
        Sum(1, 0).ShouldBe(printed["Scope 1"]);
        Sum(2, 0).ShouldBe(printed["Scope 2"]);
        foreach (var category in new[] { 1, 3, 8, 15 })
        {
            Sum(3, category).ShouldBe(printed[FormattableString.Invariant($"category {category}")], row);
        }

        ScopeKilograms.Of(figures).Total(Core.Calculation.Scope2Method.Location).ShouldBe(printed["total"]);

        decimal Sum(int scope, int category) => figures
            .Where(figure => figure.Scope == scope && figure.Category == category && figure.Method != Core.Calculation.Scope2Method.Market).Sum(figure => figure.KgCo2e);
    }

    /// <summary>Mill releases 300 kg from 20 April to 19 May. Works joins on 11 May: 9 of those 30 days count, 90 kg; of a month that lay evenly it would be 190 × 21 ÷ 31.</summary>
    [Theory]
    [InlineData(ConsolidationApproach.EquityShare, 54)]
    [InlineData(ConsolidationApproach.FinancialControl, 90)]
    [InlineData(ConsolidationApproach.OperationalControl, 90)]
    public async Task Figures_WhereAnEntityJoinsWithinAMonth_CountTheDaysOfItsEntries(ConsolidationApproach approach, int kg)
    {
        await using var world = await InventoryWorld.CreateAsync(apps, joins: "2025-05-11");

        var figures = await FiguresAsync(world, approach);

        figures.Where(figure => figure.Entity == world.Works).ShouldBe([new BaseYearFigure(world.Works, 1, 0, null, kg)]);
        ScopeKilograms.Of(figures).Total(Core.Calculation.Scope2Method.Location).ShouldBe((await world.SummarizeAsync(approach)).Total.KgCo2e);
    }

    private static async Task<List<BaseYearFigure>> FiguresAsync(InventoryWorld world, ConsolidationApproach approach)
    {
        var (first, last) = (new DateOnly(2025, 1, 1), new DateOnly(2025, 12, 31));
        List<BaseYearFigure> figures = [];
        await world.ChangeAsync(async (unit, _) =>
        {
            var boundary = new GroupBoundary(approach, await PeriodLedger.StructureAsync(unit, approach, first, last, TestContext.Current.CancellationToken));
            figures = PeriodFigures.Of(await PeriodLedger.CellsAsync(unit, first, last, withTypes: false, boundary.Divided(first, last), TestContext.Current.CancellationToken), boundary);
        });
        return figures;
    }
}
