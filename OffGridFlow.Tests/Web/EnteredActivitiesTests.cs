using Bunit;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Web.Features.Emissions;
using OffGridFlow.Web.Features.Overview;

namespace OffGridFlow.Tests.Web;

/// <summary>Entered activities beside cloud usage: on Overview, in the explorer, in the drawer.</summary>
public sealed class EnteredActivitiesTests : PageContext
{
    [Fact]
    public void Overview_HasBothViewsOfScope2_AndOneOfThemInTheTotal()
    {
        With(new FakeEmissions(SampleRows.Entered()));

        var page = Render<OverviewPage>();

        var rows = page.FindAll("table.is-statement tbody tr").Select(row => string.Join('|', row.QuerySelectorAll("th, td").Take(2).Select(cell => cell.TextContent.Trim()))).ToList();
        rows.Single(row => row.StartsWith("location-based", StringComparison.Ordinal)).ShouldEndWith("|5.00");
        rows.Single(row => row.StartsWith("market-based", StringComparison.Ordinal)).ShouldEndWith("|0.70");
        page.Find("table.is-statement tfoot td").TextContent.Trim().ShouldBe("6.50");
        page.Markup.ShouldContain("Not approved yet");
        page.Markup.ShouldContain("Memo: living matter");
        // What was entered has no operational part; the cloud's stays divided.
        rows.Count(row => row.StartsWith("of it operational", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public void Explorer_TheSwitch_ChangesTheViewAndStaysInTheAddress()
    {
        With(new FakeEmissions(SampleRows.Entered()));
        Navigation.NavigateTo("/emissions?groupBy=scope,site");
        var page = Render<EmissionsExplorerPage>();
        page.Find("tfoot strong, tfoot td").ShouldNotBeNull();

        page.FindAll("[role=radiogroup] input")[1].Change(true);

        Navigation.Uri.ShouldContain("scope2Method=market");
        EmissionsAddress.Parse(Navigation.Uri).Filter.Scope2Method.ShouldBe(Core.Calculation.Scope2Method.Market);
        EmissionsAddress.Parse(Navigation.Uri).IsRestricted.ShouldBeFalse();
    }

    [Fact]
    public void Explorer_Groups_NameScopesAndClassesInWords_AndShowNoPartThatIsNotThere()
    {
        With(new FakeEmissions(SampleRows.Entered()));
        Navigation.NavigateTo("/emissions?groupBy=usageclass&columns=operational,embodied");

        var page = Render<EmissionsExplorerPage>();

        var entered = page.FindAll("tr.is-group").Single(row => row.TextContent.Contains("Entered activity", StringComparison.Ordinal));
        entered.QuerySelectorAll("td").Select(cell => cell.TextContent.Trim()).Count(text => text == "–").ShouldBe(2);
        page.Find(".og-page-note").TextContent.ShouldContain("5 results make");
    }

    [Fact]
    public void Drawer_OfAnEntry_ShowsEntryDocumentsFactorStepsAndWhatLost()
    {
        var rows = SampleRows.Entered();
        With(new FakeEmissions(rows));
        Navigation.NavigateTo("/emissions?groupBy=scope&trail=" + rows[1].Id);

        var page = Render<EmissionsExplorerPage>();

        var drawer = page.Find(".og-drawer").TextContent;
        foreach (var text in new[]
            { "Replayed, same digits", "400.6", "Leeds", "F/07/8812", "by Pia Nowak", "invoice-07.pdf", "DESNZ", "2025 v1", "OGL v3.0", "Fuels, row 31", "country of the site", "of another year", "data-lag.", "Scope 1", "technology 1" })
        {
            drawer.ShouldContain(text);
        }

        page.FindAll(".og-drawer h3").Select(head => head.TextContent).ShouldBe(["Result", "Activity", "Documents", "Emission factor", "Formula", "Asked for by"]);
    }

    [Fact]
    public void Drawer_OfAnEntryWhoseReplayDiffers_SaysSo()
    {
        var rows = SampleRows.Entered();
        With(new FakeEmissions(rows) { Replayed = false });
        Navigation.NavigateTo("/emissions?groupBy=scope&trail=" + rows[1].Id);

        Render<EmissionsExplorerPage>().Find(".og-drawer").TextContent.ShouldContain("Replay gives other digits");
    }

    [Fact]
    public void EvidenceButton_IsForWhoMaySeeTheAuditLog_AndKeepsTheMonths()
    {
        Allow(Permissions.DashboardsRead, Permissions.AuditRead);
        With(new FakeEmissions(SampleRows.Entered()));
        Navigation.NavigateTo("/emissions?from=2025-03&to=2025-03&service=Electricity");

        Render<EmissionsExplorerPage>().Find("a[href^='/app/evidence.zip']").GetAttribute("href").ShouldBe("/app/evidence.zip?from=2025-03-01&to=2025-03-31");
    }

    [Fact]
    public void EvidenceButton_OfAReader_IsNotThere()
    {
        Allow(Permissions.DashboardsRead);
        With(new FakeEmissions(SampleRows.Entered()));

        Render<EmissionsExplorerPage>().FindAll("a[href^='/app/evidence.zip']").ShouldBeEmpty();
    }

    [Fact]
    public void Steps_OfADerivation_LeadToItsDigits()
    {
        var derivation = SampleTrail.OfEntry(SampleRows.Entered()[1]).Entry!.Derivation!;

        DerivationSteps.Of(derivation)[^1].Expression.ShouldBe("2000 kWh (Gross CV) × 0.2003 kg CO2e per kWh (Gross CV)");
        DerivationSteps.Formula(derivation).ShouldBe("kg CO2e = 2000 kWh (Gross CV) × 0.2003 = 400.6");
        derivation.IsReplayed().ShouldBeTrue();
        (derivation with { Quantity = 2001 }).IsReplayed().ShouldBeFalse();
    }
}
