using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OffGridFlow.Infrastructure.Identity;
using OffGridFlow.Tests.Persistence;

namespace OffGridFlow.Tests.Identity;

/// <summary>How the first person comes into being.</summary>
public sealed class FirstRunTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Page_FromTheFirstVisitToTheFirstSession()
    {
        await using var app = await StartWithoutPeopleAsync();
        using var browser = new Browser(app);
        using var first = await browser.GetAsync("/");
        first.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        first.Headers.Location!.ToString().ShouldBe("/account/first-run");

        using var wrong = await browser.SubmitAsync("/account/first-run", Form("not-the-token"));
        (await wrong.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("This is not the token in the log");
        (await app.OwnerAsync<long>("select count(*) from users")).ShouldBe(0);

        using var right = await browser.SubmitAsync("/account/first-run", Form(TokenOf(app)));
        right.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        using var page = await browser.GetAsync("/");
        page.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("The first company");
    }

    [Fact]
    public async Task Page_SentASecondTime_ChangesNothing()
    {
        await using var app = await StartWithoutPeopleAsync();
        using var browser = new Browser(app);
        using var late = new Browser(app);
        using var lateForm = await late.GetAsync("/account/first-run");
        var html = await lateForm.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        using var right = await browser.SubmitAsync("/account/first-run", Form(TokenOf(app)));

        var fields = Form(TokenOf(app));
        fields["Input.Email"] = "second@first.example";
        fields["_handler"] = "first-run";
        fields["__RequestVerificationToken"] = System.Text.RegularExpressions.Regex.Match(
            html, "__RequestVerificationToken\" value=\"([^\"]+)\"", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)).Groups[1].Value;
        using var second = await late.PostAsync("/account/first-run", fields);

        second.StatusCode.ShouldNotBe(HttpStatusCode.Redirect);
        ((int)second.StatusCode).ShouldBeLessThan(500);
        late.SessionCookie.ShouldBeNull();
        (await app.OwnerAsync<long>("select count(*) from users")).ShouldBe(1);
        using var again = await browser.GetAsync("/account/first-run");
        (await again.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("This installation is set up");
    }

    [Fact]
    public async Task Create_ByManyAtOnce_MakesOneAdministrator()
    {
        await using var app = await StartWithoutPeopleAsync();
        var setUp = app.App.Services.GetRequiredService<SetUpService>();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => setUp.CreateAsync(
            new FirstAdministrator("A company", "A person", new string((char)('a' + i), 3) + "@first.example", TestApp.AdminPassword), TestContext.Current.CancellationToken)));

        outcomes.Count(outcome => outcome.Done).ShouldBe(1);
        (await app.OwnerAsync<long>("select count(*) from tenants")).ShouldBe(1);
    }

    [Fact]
    public async Task Health_IsAskedWithoutPeopleToo()
    {
        await using var app = await StartWithoutPeopleAsync();
        using var browser = new Browser(app);

        foreach (var path in new[] { "/health", "/healthz", "/readyz", "/livez", "/og.css" })
        {
            (await browser.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.OK, path);
        }
    }

    [Fact]
    public async Task Variables_CreateOnce_AndNeverOverwrite()
    {
        await using var first = await TestApp.StartAsync(postgres);

        await using var second = await TestApp.StartAsync(
            postgres, $"--ConnectionStrings:OffGridFlow={first.ConnectionString}", $"--OFFGRIDFLOW_DATA_DIR={first.DataDirectory}",
            "--OFFGRIDFLOW_ADMIN_PASSWORD=another long password", "--OFFGRIDFLOW_ADMIN_ORGANIZATION=Another name");

        (await first.OwnerAsync<long>("select count(*) from users")).ShouldBe(1);
        (await first.OwnerAsync<string>("select name from tenants")).ShouldBe("First Company");
        using var client = await second.SignInAsync();
        client.DefaultRequestHeaders.Authorization.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("short", TestApp.AdminEmail, "8 characters")]
    [InlineData(TestApp.AdminPassword, "no address", "is not an e-mail address")]
    public async Task Variables_ThatCannotBe_StopTheStartWithTheReason(string password, string email, string reason)
    {
        var failure = await Should.ThrowAsync<InvalidOperationException>(() =>
            TestApp.StartAsync(postgres, $"--OFFGRIDFLOW_ADMIN_PASSWORD={password}", $"--OFFGRIDFLOW_ADMIN_EMAIL={email}"));

        failure.Message.ShouldContain("OFFGRIDFLOW_ADMIN_PASSWORD");
        failure.Message.ShouldContain(reason);
        failure.Message.ShouldNotContain("short");
    }

    private Task<TestApp> StartWithoutPeopleAsync() => TestApp.StartAsync(postgres, "--OFFGRIDFLOW_ADMIN_EMAIL=", "--OFFGRIDFLOW_ADMIN_PASSWORD=");

    private static string TokenOf(TestApp app) => app.App.Services.GetRequiredService<SetUpService>().Token;

    private static Dictionary<string, string> Form(string token) => new()
    {
        ["Input.Token"] = token, ["Input.OrganizationName"] = "The first company", ["Input.DisplayName"] = "A person", ["Input.Email"] = "person@first.example",
        ["Input.Password"] = TestApp.AdminPassword,
    };
}
