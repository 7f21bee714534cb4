using Microsoft.Extensions.DependencyInjection;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Identity;

namespace OffGridFlow.Tests.Identity;

/// <summary>Saved views and personal settings belong to one person in one tenant: for anybody else they are not there.</summary>
public sealed class SavedViewsTests(SharedApp shared) : IClassFixture<SharedApp>
{
    private readonly TestApp _app = shared.App;

    [Fact]
    public async Task View_IsThereForItsPersonAlone()
    {
        var (mine, colleague, stranger) = await PeopleAsync();
        var saved = await SavedAsync(mine, "Compute", "usageClass=compute");

        (await AsAsync(mine, views => views.ListAsync("emissions", Token))).ShouldHaveSingleItem().ShouldBe(saved);
        foreach (var other in new[] { colleague, stranger })
        {
            (await AsAsync(other, views => views.ListAsync("emissions", Token))).ShouldBeEmpty();
            (await AsAsync(other, views => views.DeleteAsync(saved.Id, Token))).ShouldBeFalse();
            (await AsAsync(other, views => views.RenameAsync(saved.Id, "Taken over", Token))).ShouldBeOfType<SavedViewOutcome.Gone>();
            await SavedAsync(other, "Compute", "theirs");
        }

        (await AsAsync(mine, views => views.ListAsync("emissions", Token))).ShouldHaveSingleItem().ShouldBe(saved);
        (await AsAsync(mine, views => views.ListAsync("imports", Token))).ShouldBeEmpty();
    }

    [Fact]
    public async Task Name_ThatIsTaken_IsReplacedOnlyWhenAsked_WhateverItsCase()
    {
        var (mine, _, _) = await PeopleAsync();
        var first = await SavedAsync(mine, "Größe", "a=1");

        var refused = await AsAsync(mine, views => views.SaveAsync("emissions", "GRÖßE", "a=2", replace: false, Token));
        refused.ShouldBeOfType<SavedViewOutcome.NameTaken>().View.ShouldBe(first);
        await AsAsync(mine, views => views.SaveAsync("emissions", "GRÖßE", "a=2", replace: true, Token));

        (await AsAsync(mine, views => views.ListAsync("emissions", Token))).ShouldHaveSingleItem().ShouldBe(new SavedViewRow(first.Id, "GRÖßE", "a=2"));
    }

    [Fact]
    public async Task Rename_ToATakenName_ChangesNothing()
    {
        var (mine, _, _) = await PeopleAsync();
        var (a, b) = (await SavedAsync(mine, "A", "1"), await SavedAsync(mine, "B", "2"));

        (await AsAsync(mine, views => views.RenameAsync(a.Id, " b ", Token))).ShouldBeOfType<SavedViewOutcome.NameTaken>().View.ShouldBe(b);
        (await AsAsync(mine, views => views.RenameAsync(a.Id, "a2", Token))).ShouldBeOfType<SavedViewOutcome.Saved>();

        (await AsAsync(mine, views => views.ListAsync("emissions", Token))).Select(view => view.Name).ShouldBe(["a2", "B"]);
    }

    [Fact]
    public async Task SameName_SavedTwiceAtOnce_IsOneView()
    {
        var (mine, _, _) = await PeopleAsync();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => AsAsync(mine, views => views.SaveAsync("emissions", "Same", new string('n', i), replace: false, Token))));

        outcomes.OfType<SavedViewOutcome.Saved>().Count().ShouldBe(1);
        outcomes.OfType<SavedViewOutcome.NameTaken>().Count().ShouldBe(5);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("a\nb")]
    [InlineData("1234567890123456789012345678901234567890123456789012345678901")]
    public async Task Name_ThatDoesNotFit_IsRefused(string name)
    {
        var (mine, _, _) = await PeopleAsync();

        await Should.ThrowAsync<ArgumentException>(() => AsAsync(mine, views => views.SaveAsync("emissions", name, "", replace: false, Token)));
    }

    [Fact]
    public async Task View_OneTooMany_IsRefused()
    {
        var (mine, _, _) = await PeopleAsync();
        for (var i = 0; i < ISavedViews.Maximum; i++) await SavedAsync(mine, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"View {i}"), "");

        await Should.ThrowAsync<ArgumentException>(() => AsAsync(mine, views => views.SaveAsync("emissions", "One more", "", replace: false, Token)));
    }

    [Fact]
    public async Task Setting_IsThePersonsOwn()
    {
        var (mine, colleague, stranger) = await PeopleAsync();
        await SettingsAsync(mine, async settings =>
        {
            await settings.SaveAsync("formats", "fr-FR", Token);
            await settings.SaveAsync("formats", "de-DE", Token);
            return true;
        });

        (await SettingsAsync(mine, settings => settings.FindAsync("formats", Token))).ShouldBe("de-DE");
        (await SettingsAsync(colleague, settings => settings.FindAsync("formats", Token))).ShouldBeNull();
        (await SettingsAsync(stranger, settings => settings.FindAsync("formats", Token))).ShouldBeNull();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private async Task<SavedViewRow> SavedAsync(Actor actor, string name, string query) =>
        (await AsAsync(actor, views => views.SaveAsync("emissions", name, query, replace: false, Token))).ShouldBeOfType<SavedViewOutcome.Saved>().View;

    private Task<T> AsAsync<T>(Actor actor, Func<ISavedViews, Task<T>> work) => InScopeAsync(actor, work);

    private Task<T> SettingsAsync<T>(Actor actor, Func<IPersonalSettings, Task<T>> work) => InScopeAsync(actor, work);

    private async Task<T> InScopeAsync<TService, T>(Actor actor, Func<TService, Task<T>> work)
        where TService : notnull
    {
        await using var scope = _app.App.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentUser>().Become(actor);
        return await work(scope.ServiceProvider.GetRequiredService<TService>());
    }

    /// <summary>Two people of one tenant, and one of another.</summary>
    private async Task<(Actor Mine, Actor Colleague, Actor Stranger)> PeopleAsync()
    {
        var (mine, stranger) = (await NewAsync(), await NewAsync());
        var colleague = (await NewAsync()) with { TenantId = mine.TenantId };
        await _app.OwnerAsync<object>("insert into memberships (tenant_id, user_id, role) values ($1, $2, 'Viewer')", mine.TenantId, colleague.UserId);
        return (mine, colleague, stranger);
    }

    private async Task<Actor> NewAsync()
    {
        var email = $"{Guid.NewGuid():N}@views.example";
        var tenant = await _app.AddTenantAsync("A company", email);
        return new Actor(tenant, await _app.OwnerAsync<Guid>("select id from users where email = $1", email), email, TenantRole.Viewer);
    }
}
