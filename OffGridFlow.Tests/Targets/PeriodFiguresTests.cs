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
        var (first, last) = (new DateOnly(2025, 1, 1), new DateOnly(2025, 12, 31));
        List<BaseYearFigure> figures = [];
        await world.ChangeAsync(async (unit, _) =>
        {
            var boundary = new GroupBoundary(approach, await PeriodLedger.StructureAsync(unit, approach, first, last, TestContext.Current.CancellationToken));
            figures = PeriodFigures.Of(await PeriodLedger.CellsAsync(unit, first, last, withTypes: false, TestContext.Current.CancellationToken), boundary);
        });

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
}
