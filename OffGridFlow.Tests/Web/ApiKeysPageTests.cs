using Bunit;
using Microsoft.Extensions.DependencyInjection;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Identity;
using OffGridFlow.Web.Features.Identity;

namespace OffGridFlow.Tests.Web;

public sealed class ApiKeysPageTests : PageContext
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 9, 40, 0, TimeSpan.Zero);

    public static ApiKeyRow Key(string name, string prefix, int days) => new(
        Guid.CreateVersion7(), name, prefix, [Permissions.ActivityDataRead, Permissions.ActivityDataWrite], Now.AddDays(-10), "Mara Okafor",
        new DateTimeOffset(Now.UtcDateTime.Date.AddDays(days + 1), TimeSpan.Zero), Now.AddMinutes(-5), "192.0.2.7", null, null);

    private IRenderedComponent<ApiKeysPage> Page(FakeApiKeys keys)
    {
        Services.AddSingleton<TimeProvider>(new Clock());
        Services.AddSingleton<IApiKeys>(keys);
        Allow([.. Permissions.All]);
        return Render<ApiKeysPage>();
    }

    [Fact]
    public void None_Yet_SaysWhatAKeyIsForAndOffersOne()
    {
        var page = Page(new FakeApiKeys());

        page.Find("h1").TextContent.ShouldBe("No key is in use");
        page.Find(".og-empty h2").TextContent.ShouldBe("No key has been made yet");
        page.FindAll("table").ShouldBeEmpty();
        page.FindAll("button").Count(button => button.TextContent.Contains("New key", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public void ServiceFails_ShowsAReference()
    {
        var page = Page(new FakeApiKeys { Failure = new InvalidOperationException("planted") });

        page.Find(".og-error code").TextContent.ShouldStartWith("OGF-");
        page.Markup.ShouldNotContain("planted");
    }

    [Fact]
    public void Heading_CountsThoseInUse_AndThoseThatEndSoon()
    {
        var page = Page(new FakeApiKeys(
            Key("a", "aaaaaaaa", 90), Key("b", "bbbbbbbb", 12), Key("c", "cccccccc", 200), Key("d", "dddddddd", -1),
            Key("e", "eeeeeeee", 90) with { RevokedAt = Now, RevokedBy = "Mara Okafor" }));

        page.Find("h1").TextContent.ShouldBe("3 keys are in use, 1 expires within 30 days");
        var rows = page.FindAll("tbody tr");
        rows[0].TextContent.ShouldContain("In use");
        rows[1].TextContent.ShouldContain("Expires soon");
        rows[1].QuerySelector(".og-state")!.ClassList.ShouldContain("is-warning");
        rows[1].TextContent.ShouldContain("Mar 13, 2026, in 12 days");
        rows[3].TextContent.ShouldContain("Expired");
        rows[4].TextContent.ShouldContain("Revoked");
        rows.Select(row => row.QuerySelectorAll("button").Length).ShouldBe([1, 1, 1, 0, 0]);
    }

    [Theory]
    [InlineData(1, 90, "1 key is in use")]
    [InlineData(1, 5, "1 key is in use, and it expires within 30 days")]
    [InlineData(2, 90, "2 keys are in use, none expires within 30 days")]
    [InlineData(2, 0, "2 keys are in use, 2 expire within 30 days")]
    public void Heading_InWords(int keys, int days, string finding) =>
        Page(new FakeApiKeys([.. Enumerable.Range(0, keys).Select(_ => Key("A key", "aaaaaaaa", days))])).Find("h1").TextContent.ShouldBe(finding);

    [Fact]
    public void Row_SaysPrefixScopesMakerAndLastUse()
    {
        var row = Page(new FakeApiKeys(Key("Nightly upload", "k3f9a2bc", 90))).Find("tbody tr").TextContent;

        row.ShouldContain("ogf_k3f9a2bc_");
        row.ShouldContain("Read activity data, write activity data");
        row.ShouldContain("Mara Okafor");
        row.ShouldContain("from 192.0.2.7");
    }

    [Fact]
    public void Make_ByPreset_ShowsTheKeyOnceWithAnExampleThatFitsItsScopes()
    {
        var keys = new FakeApiKeys();
        var page = Page(keys);
        page.FindAll("button").Single(button => button.TextContent.Contains("New key", StringComparison.Ordinal)).Click();
        page.Find("#key-name").Change("Nightly upload");
        page.FindAll(".og-key-presets button")[1].Click();
        page.FindAll("input[type=radio]")[0].Change(true);

        page.Find("form").Submit();

        var asked = keys.Asked.ShouldNotBeNull();
        asked.Name.ShouldBe("Nightly upload");
        asked.Scopes.ShouldBe([Permissions.ActivityDataRead, Permissions.ActivityDataWrite], ignoreOrder: true);
        asked.LastDay.ShouldBe(new DateOnly(2026, 3, 31));
        page.Find("[data-testid=key]").TextContent.ShouldBe(FakeApiKeys.Secret);
        page.Find(".og-key-made").TextContent.ShouldContain("it will not be shown again");
        page.Find(".og-key-made").TextContent.ShouldContain($"curl -H \"X-Api-Key: {FakeApiKeys.Secret}\" -F kind=auto -F file=@bill.csv.gz \"http://localhost/api/v1/imports\"");

        page.FindAll("button").Single(button => button.TextContent == "I have stored it").Click();
        page.Markup.ShouldNotContain(FakeApiKeys.Secret);
    }

    [Fact]
    public void Make_OnADayOfOnesChoice_AsksForThatDay()
    {
        var keys = new FakeApiKeys();
        var page = Page(keys);
        page.FindAll("button").Single(button => button.TextContent.Contains("New key", StringComparison.Ordinal)).Click();
        page.FindAll("input[type=radio]")[3].Change(true);
        page.Find("#key-day").Change("2026-07-31");
        page.FindAll("input[type=checkbox]")[0].Change(true);

        page.Find("form").Submit();

        keys.Asked.ShouldNotBeNull().LastDay.ShouldBe(new DateOnly(2026, 7, 31));
        keys.Asked.Scopes.ShouldBe([Permissions.DashboardsRead]);
    }

    [Fact]
    public void Make_Refused_ShowsEachFaultAtItsField()
    {
        var page = Page(new FakeApiKeys { Faults = [new("name", "Give it a name."), new("scopes", "Choose one.")] });
        page.FindAll("button").Single(button => button.TextContent.Contains("New key", StringComparison.Ordinal)).Click();

        page.Find("form").Submit();

        page.Find("#key-name-error").TextContent.Trim().ShouldBe("Give it a name.");
        page.Find("#key-name").GetAttribute("aria-invalid").ShouldBe("true");
        page.Find("#key-scopes-error").TextContent.Trim().ShouldBe("Choose one.");
        page.Find("#key-day-error").TextContent.Trim().ShouldBe("");
    }

    [Fact]
    public void EveryScope_HasItsWords()
    {
        foreach (var scope in ApiKey.Grantable)
        {
            ApiKeyWords.Scope(scope).ShouldNotBe(scope);
            ApiKeyWords.Allows(scope).ShouldEndWith(".");
        }
    }

    private sealed class Clock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }
}
