using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using OffGridFlow.Web.Features.Identity;

namespace OffGridFlow.Tests.Web;

public sealed class IdentityPagesTests : PageContext
{
    private readonly FakeIdentity _identity = new();

    public IdentityPagesTests()
    {
        Services.AddSingleton<ISignInService>(_identity);
        Services.AddSingleton<IFirstRunService>(_identity);
    }

    [Fact]
    public void SignIn_EmptyForm_SaysWhatToEnterBesideEachField()
    {
        var page = Render<SignInPage>();

        page.Find("form").Submit();

        page.Find("#email-error").TextContent.ShouldBe("Enter the e-mail address of your account.");
        page.Find("#password-error").TextContent.ShouldBe("Enter your password.");
        page.Find("label[for=email]").TextContent.ShouldBe("E-mail");
    }

    [Fact]
    public void SignIn_WrongPassword_TellsNotWhichOfTheTwoAndForgetsThePassword()
    {
        _identity.SignIn = SignInOutcome.WrongEmailOrPassword;
        var page = FilledSignIn();

        page.Find("form").Submit();

        page.Find("[role=alert]").TextContent.ShouldContain("E-mail and password do not belong together.");
        page.Find("#password").GetAttribute("value").ShouldBeNullOrEmpty();
    }

    [Theory]
    [InlineData("/emissions?service=AmazonEC2", "/emissions?service=AmazonEC2")]
    [InlineData("https://evil.example/", "/")]
    [InlineData("//evil.example", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData(null, "/")]
    public void ReturnUrl_OnlyOnThisServer(string? asked, string expected) => ReturnUrl.Local(asked).ShouldBe(expected);

    [Fact]
    public void SignIn_Right_GoesWhereThePersonWanted()
    {
        Navigation.NavigateTo("/account/sign-in?returnUrl=%2Fimports");
        var page = FilledSignIn();

        page.Find("form").Submit();

        Navigation.Uri.ShouldEndWith("/imports");
    }

    [Fact]
    public void FirstRun_NotNeeded_LeadsToSignIn()
    {
        _identity.Needed = false;

        var page = Render<FirstRunPage>();

        page.FindAll("form").ShouldBeEmpty();
        page.Find("a").GetAttribute("href").ShouldBe("/account/sign-in");
    }

    [Fact]
    public void FirstRun_WrongToken_IsSaidAtTheToken()
    {
        var page = Render<FirstRunPage>();
        page.Find("#token").Change("abc");
        page.Find("#organization").Change("Nordwerk");
        page.Find("#name").Change("Mara Okafor");
        page.Find("#email").Change("mara@nordwerk.example");
        page.Find("#password").Change("a long enough sentence");

        page.Find("form").Submit();

        page.Find("#token-help .validation-message").TextContent.ShouldStartWith("This is not the token in the log");
    }

    private IRenderedComponent<IComponent> FilledSignIn()
    {
        var page = Render<SignInPage>();
        page.Find("#email").Change("mara@nordwerk.example");
        page.Find("#password").Change("right");
        return page;
    }

    private sealed class FakeIdentity : ISignInService, IFirstRunService
    {
        public SignInOutcome SignIn { get; set; }
        public bool Needed { get; set; } = true;

        public Task<SignInOutcome> SignInAsync(string email, string password, CancellationToken cancellationToken) => Task.FromResult(SignIn);

        public Task<bool> IsNeededAsync(CancellationToken cancellationToken) => Task.FromResult(Needed);

        public Task<FirstRunOutcome> CreateAsync(FirstRunInput input, CancellationToken cancellationToken) => Task.FromResult<FirstRunOutcome>(new FirstRunOutcome.WrongToken());
    }
}
