using Bunit;
using Microsoft.Extensions.DependencyInjection;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Web.Features.Inventory;

namespace OffGridFlow.Tests.Web;

/// <summary>The section of the inventory's page.</summary>
public sealed class EnergySectionTests : PageContext
{
    private static readonly Guid Contract = Guid.CreateVersion7();

    private static readonly ReportingPeriod Year = new()
    {
        Id = Guid.CreateVersion7(), TenantId = Guid.CreateVersion7(), Name = "FY2025", FirstDay = new DateOnly(2025, 1, 1), LastDay = new DateOnly(2025, 12, 31),
    };

    [Fact]
    public void Nothing_SaysWhatToDo()
    {
        var section = Show();

        section.Find("p.og-note").TextContent.ShouldContain("No fuel and no energy of own operations is in the ledger of FY2025");
        section.Find("a").GetAttribute("href").ShouldBe("/activities");
        section.FindAll("table").ShouldBeEmpty();
    }

    [Fact]
    public void Sources_HaveTheirLines_SharesAndTrails()
    {
        var section = Show(
            Sum(EnergyCarrier.NaturalGas, "Natural gas", 600_000), Sum(EnergyCarrier.Petroleum, "Diesel in vehicles", 200_000, renewable: 10_000),
            Sum(EnergyCarrier.Purchased, "Electricity", 190_000, renewable: 190_000, contract: Contract), Sum(EnergyCarrier.Purchased, "Electricity", 10_000),
            Sum(EnergyCarrier.Sold, "Energy sold to others", 5_000), new EnergySum(null, "Average car, diesel", null, false, EnergyGaps.Distance, 0, 0, 0, 15));

        var rows = section.FindAll("tbody tr").Select(row => string.Join('|', row.Children.Select(cell => cell.TextContent.Trim()))).ToList();
        rows.Count(row => row.StartsWith("Fossil|800.0|80.0", StringComparison.Ordinal)).ShouldBe(1, string.Join('\n', rows));
        rows.Count(row => row.StartsWith("Renewable|200.0|20.0", StringComparison.Ordinal)).ShouldBe(1, string.Join('\n', rows));
        section.Find("tfoot").TextContent.ShouldContain("1,000.0");
        var trails = section.FindAll("a.og-trail-number").Select(link => link.GetAttribute("href")!).ToList();
        trails.Count(href => href.Contains("scope=1&service=Natural%20gas", StringComparison.Ordinal)).ShouldBe(1, string.Join('\n', trails));
        trails.Count(href => href.Contains("scope=2&scope2Method=market&service=Electricity", StringComparison.Ordinal)).ShouldBe(2, string.Join('\n', trails));
        section.Markup.ShouldContain("60 of 75 results of fuel and energy have a figure");
        section.Markup.ShouldContain("Wind PPA");
        section.Markup.ShouldContain("Taken for fossil: nobody says what generated it");
        section.Markup.ShouldContain("Enter the fuel or the charged kWh instead of the distance.");
        section.Markup.ShouldContain("What was sold takes nothing off the consumption.");
    }

    [Fact]
    public void Panel_Loads_SaysWhenItFails_AndTriesAgain()
    {
        var queries = new FakeEnergy { Fails = true };
        Services.AddSingleton<IEnergyQueries>(queries);
        var panel = Render<EnergyPanel>(parameters => parameters.Add(panel => panel.Period, Year).Add(panel => panel.Approach, ConsolidationApproach.EquityShare));
        panel.Markup.ShouldContain("The energy ledger could not be loaded.");

        queries.Fails = false;
        panel.Find("button").Click();

        panel.Find("h2").TextContent.ShouldBe("Energy");
        queries.Asked!.Approach.ShouldBe(ConsolidationApproach.EquityShare);
        (queries.Asked.From, queries.Asked.To).ShouldBe((Year.FirstDay, Year.LastDay));
    }

    private IRenderedComponent<EnergySection> Show(params EnergySum[] sums)
    {
        var statement = Statement(sums);
        return Render<EnergySection>(parameters => parameters.Add(section => section.Statement, statement).Add(section => section.Period, Year));
    }

    private static EnergyStatement Statement(params EnergySum[] sums) => EnergyStatement.Of(
        new InventoryFilter { From = Year.FirstDay, To = Year.LastDay, Approach = ConsolidationApproach.OperationalControl }, 7, sums,
        new Dictionary<Guid, (string, InstrumentKind)> { [Contract] = ("Wind PPA", InstrumentKind.PowerPurchaseAgreement) });

    private static EnergySum Sum(EnergyCarrier carrier, string type, decimal kilowattHours, decimal renewable = 0, Guid? contract = null) =>
        new(carrier, type, contract, false, null, kilowattHours, renewable, 0, 12);

    private sealed class FakeEnergy : IEnergyQueries
    {
        public bool Fails { get; set; }

        public InventoryFilter? Asked { get; private set; }

        public Task<EnergyStatement> ReadAsync(InventoryFilter filter, CancellationToken cancellationToken)
        {
            Asked = filter;
            return Fails ? throw new InvalidOperationException("The database is away.") : Task.FromResult(Statement());
        }
    }
}
