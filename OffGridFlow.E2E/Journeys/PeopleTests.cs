using System.Text.RegularExpressions;
using Microsoft.Playwright;
using OffGridFlow.E2E.Fixture;
using static Microsoft.Playwright.Assertions;

namespace OffGridFlow.E2E.Journeys;

/// <summary>An administrator and a colleague, in two browsers.</summary>
public sealed class PeopleTests(AppFixture fixture) : PageTest(fixture)
{
    [Fact]
    public async Task Colleague_InvitedAcceptsWorks_IsDemotedAndRemovedWhileThePageIsOpen()
    {
        var colleagueEmail = $"colleague-{Guid.NewGuid():N}@company.example";
        await SignInToEmptyTenantAsync("/users");
        await ExpectTitleAsync("1 person, an administrator");
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "You are alone here" })).ToBeVisibleAsync();
        await ScanAsync("users, alone");

        // Invited, with a link that is shown once.
        await Page.GetByRole(AriaRole.Button, new() { Name = "Invite a person" }).ClickAsync();
        await Page.GetByLabel("E-mail of the person").FillAsync(colleagueEmail);
        await Page.GetByRole(AriaRole.Radio, new() { Name = "Analyst Imports" }).CheckAsync();
        await ScanAsync("users, inviting");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Make the link" }).ClickAsync();
        var link = await Page.GetByLabel("The link", new() { Exact = true }).InputValueAsync();
        await ExpectTitleAsync("1 person, an administrator; 1 invitation is open");
        await ScanAsync("users, link shown");

        // Accepted in another browser.
        await using var otherContext = await NewContextAsync();
        var other = await otherContext.NewPageAsync();
        await other.GotoAsync(link);
        await Expect(other.GetByText("Ada Person invites you as analyst.")).ToBeVisibleAsync();
        await other.GetByLabel("Your name").FillAsync("Nils Berg");
        await other.GetByLabel("Choose a password").FillAsync(AppFixture.Password);
        await other.GetByRole(AriaRole.Button, new() { Name = "Create account and join" }).ClickAsync();
        await Expect(other.GetByLabel("account menu of Nils Berg, Analyst")).ToBeVisibleAsync();

        // Works.
        await other.GotoAsync("/imports");
        // Shown by the circuit, which a click needs.
        await Expect(other.GetByText("Nothing is here yet; that is not zero")).ToBeVisibleAsync();
        var choosing = other.WaitForFileChooserAsync();
        await other.GetByRole(AriaRole.Button, new() { Name = "Choose a file" }).ClickAsync();
        await (await choosing).SetFilesAsync(Bills.Month("november.csv", "2023-11", 5));
        await Expect(other).ToHaveURLAsync(new Regex("/imports/[0-9a-f-]{36}"));
        await other.GotoAsync("/imports");
        await Expect(other.GetByRole(AriaRole.Table, new() { Name = "Imports, newest first" })).ToContainTextAsync("Nils Berg");

        // Demoted while the page is open: it changes without being loaded again.
        await Page.ReloadAsync();
        await ExpectTitleAsync("2 people, 1 of them an administrator");
        await Page.GetByLabel("Role of Nils Berg").SelectOptionAsync("Viewer");
        await Expect(Page.GetByText("Nils Berg is viewer now.")).ToBeVisibleAsync();
        await Expect(other.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("This page needs a permission that you do not have");
        await Expect(other.GetByLabel("account menu of Nils Berg, Viewer")).ToBeVisibleAsync();
        await Expect(other.GetByRole(AriaRole.Navigation, new() { Name = "Pages" }).GetByRole(AriaRole.Link, new() { Name = "Imports" })).ToHaveCountAsync(0);
        await ScanAsync("users, role changed");

        // Taken back by the message's own button.
        await Page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Expect(other.GetByRole(AriaRole.Table, new() { Name = "Imports, newest first" })).ToBeVisibleAsync();

        // Changed behind the administrator's back: nothing is overwritten.
        await Fixture.App.ExecuteAsync(
            "update memberships set version = version + 1 where user_id = (select id from users where normalized_email = upper($1))", colleagueEmail);
        await Page.GetByLabel("Role of Nils Berg").SelectOptionAsync("Auditor");
        await Expect(Page.GetByText("Nothing was changed: somebody else was quicker.")).ToBeVisibleAsync();
        await Expect(Page.GetByLabel("Role of Nils Berg")).ToHaveValueAsync("Analyst");

        // The last administrator cannot go.
        await Page.GetByRole(AriaRole.Button, new() { Name = "Remove Ada Person" }).ClickAsync();
        await Page.GetByRole(AriaRole.Alertdialog).GetByRole(AriaRole.Button, new() { Name = "Remove", Exact = true }).ClickAsync();
        await Expect(Page.GetByText("This is the only active administrator")).ToBeVisibleAsync();

        // Removed while signed in: led to sign-in; the work keeps its name.
        await Page.GetByRole(AriaRole.Button, new() { Name = "Remove Nils Berg" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Alertdialog)).ToContainTextAsync("stays, under their name");
        await ScanAsync("users, asked before removing");
        await Page.GetByRole(AriaRole.Alertdialog).GetByRole(AriaRole.Button, new() { Name = "Remove", Exact = true }).ClickAsync();
        await Expect(other).ToHaveURLAsync(new Regex("/account/sign-in\\?.*ended=true"));
        await Expect(other.GetByText("Your session has ended.").First).ToBeVisibleAsync();
        await Page.GotoAsync("/imports");
        await Expect(Page.GetByRole(AriaRole.Table, new() { Name = "Imports, newest first" })).ToContainTextAsync("Nils Berg");
        await Page.GotoAsync("/users?show=removed");
        await Expect(Page.GetByRole(AriaRole.Table, new() { Name = "People with their roles" })).ToContainTextAsync("Nils Berg");
        await ScanAsync("users, removed");
    }

    [Fact]
    public async Task PersonOfTwoOrganizations_ChangesByTheMenu_AndRenamesThemselves()
    {
        var email = await SignInToEmptyTenantAsync();
        await ExpectTitleAsync("There are no emissions yet");
        var other = await Fixture.AddTenantAsync();
        await Fixture.App.ExecuteAsync(
            """
            insert into memberships (tenant_id, user_id, role)
            select m.tenant_id, (select id from users where normalized_email = upper($1)), 'Viewer'
            from memberships m join users u on u.id = m.user_id where u.normalized_email = upper($2)
            """,
            email, other);
        // The open page hears of it, and the company's name becomes a menu.
        await Page.Locator(".og-tenants > summary").ClickAsync();
        await ScanAsync("organization menu");
        await Page.Locator(".og-tenants button:not([disabled])").ClickAsync();
        await Expect(Page.GetByLabel("account menu of Ada Person, Viewer")).ToBeVisibleAsync();

        await Page.GotoAsync("/account");
        await Page.GetByLabel("Name", new() { Exact = true }).FillAsync("Ada Lund");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Save name" }).ClickAsync();
        await Expect(Page.GetByLabel("account menu of Ada Lund, Viewer")).ToBeVisibleAsync();
        await ScanAsync("account");

        await Page.GetByLabel("Present password").FillAsync("not the password");
        await Page.GetByLabel("New password").FillAsync("another sentence");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Change password" }).ClickAsync();
        await Expect(Page.GetByText("The present password is not right.")).ToBeVisibleAsync();
        await Page.GetByLabel("Present password").FillAsync(AppFixture.Password);
        await Page.GetByLabel("New password").FillAsync("another sentence");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Change password" }).ClickAsync();
        await Expect(Page.GetByText("Password changed")).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData("/account/invitation/", "This link leads nowhere any more")]
    [InlineData("/account/reset/", "This link leads nowhere any more")]
    public async Task LinkThatIsNone_SaysWhatToDo(string path, string title)
    {
        await Page.GotoAsync(path + new string('x', 43));

        await ExpectTitleAsync(title);
        await ScanAsync(path);
    }
}
