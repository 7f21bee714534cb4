using System.Security.Claims;
using Bunit;
using Microsoft.AspNetCore.Components;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Web.Layout;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Tests.Web;

public sealed class LayoutTests : PageContext
{
    [Fact]
    public void Layout_SignedIn_ShowsTenantDemoMarkAndSignOut()
    {
        User.SetClaims(new Claim("tenant_name", "Nordwerk Components"), new Claim("tenant_demo", "true"), new Claim(ClaimTypes.Role, "ComplianceManager"));

        var page = Render<MainLayout>();

        page.Find(".og-tenant").TextContent.ShouldBe("Nordwerk Components");
        page.Find(".og-chip.is-demo").TextContent.Trim().ShouldBe("Demo data");
        page.Find(".og-user form").GetAttribute("action").ShouldBe("/app/sign-out");
        page.Find(".og-user form").GetAttribute("method").ShouldBe("post");
        page.Find(".og-user [name=__RequestVerificationToken]").ShouldNotBeNull();
        page.Find(".og-user").TextContent.ShouldContain("Compliance manager");
        page.Find(".og-skip").TextContent.ShouldBe("Skip to content");
    }

    [Fact]
    public void Layout_WithoutTheRightToActivityData_OffersNoImports()
    {
        Allow(Permissions.DashboardsRead);

        Render<MainLayout>().FindAll(".og-sidebar nav a").Select(a => a.TextContent.Trim()).ShouldBe(["Overview", "Emissions", "Inventory", "Targets & scenarios", "Base year"]);
    }

    [Fact]
    public void ErrorBoundary_PageThrows_ShowsAReferenceAndRecoversOnNavigation()
    {
        var broken = true;
        var page = Render<PageErrorBoundary>(p => p.Add(b => b.ChildContent, builder =>
        {
            builder.OpenComponent<Sometimes>(0);
            builder.AddAttribute(1, nameof(Sometimes.Broken), broken);
            builder.CloseComponent();
        }));
        page.Find("[role=alert] code").TextContent.ShouldStartWith("OGF-");
        page.Markup.ShouldNotContain("planted");

        broken = false;
        Navigation.NavigateTo("/imports");

        page.WaitForAssertion(() => page.Markup.ShouldContain("fine"));
    }

    [Theory]
    [InlineData("Mara Okafor", "MO")]
    [InlineData("mara@nordwerk.example", "MN")]
    [InlineData("Mara", "M")]
    public void Person_Initials(string name, string expected) => new Person(name, "", "", "", Demo: false).Initials.ShouldBe(expected);

    [Fact]
    public void Coverage_InWords_NamesAllFourShares() =>
        Coverage.Of(new EmissionsFigures
        {
            KgCo2e = 10,
            EstimatedKgCo2e = 7.5m,
            DefaultedKgCo2e = 2.5m,
            Activities = 3,
            ActivitiesWithoutResult = 1,
            Cost = new Dictionary<string, decimal> { ["USD"] = 100 },
            UnmappedCost = new Dictionary<string, decimal> { ["USD"] = 4 },
        }).InWords.ShouldBe("0.0\u00a0% measured, 75.0\u00a0% estimated, 25.0\u00a0% defaulted; 4.0\u00a0% of the cost has no figure");

    [Fact]
    public void Csv_TextThatWouldBeAFormula_IsKeptAText() =>
        Csv.Write(["a", "b"], [["=1+1", -2.5m], ["x,y", null]]).ShouldBe("a,b\r\n'=1+1,-2.5\r\n\"x,y\",\r\n");

    private sealed class Sometimes : ComponentBase
    {
        [Parameter] public bool Broken { get; set; }

        protected override void BuildRenderTree(Microsoft.AspNetCore.Components.Rendering.RenderTreeBuilder builder) =>
            builder.AddContent(0, Broken ? throw new InvalidOperationException("planted") : "fine");
    }
}
