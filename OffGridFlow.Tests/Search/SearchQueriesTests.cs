using Microsoft.Extensions.DependencyInjection;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;
using OffGridFlow.Infrastructure.Search;
using OffGridFlow.Tests.Identity;
using OffGridFlow.Tests.Persistence;

namespace OffGridFlow.Tests.Search;

public sealed class SearchQueriesTests(SharedApp shared) : IClassFixture<SharedApp>
{
    private readonly TestApp _app = shared.App;

    [Fact]
    public async Task Names_AreFoundByAPart_OnceEach_BeginningsFirst_AndOfTheOwnTenantOnly()
    {
        var (mine, other) = (await NewAsync(), await NewAsync());
        await FillAsync(mine, ("100", "AmazonS3"), ("100", "S3Glacier"), ("200", "AmazonS3"), ("300", "amazon_x%y"));
        await FillAsync(other, ("100999", "S3Theirs"));

        (await FindAsync(mine, "s3")).Services.ShouldBe(["S3Glacier", "AmazonS3"]);
        (await FindAsync(mine, "00")).Accounts.ShouldBe(["100", "200", "300"]);
        (await FindAsync(mine, "n_x%")).Services.ShouldBe(["amazon_x%y"]);
        (await FindAsync(mine, "%")).Services.ShouldBe(["amazon_x%y"]);
        (await FindAsync(other, "s3")).Services.ShouldBe(["S3Theirs"]);
        (await FindAsync(mine, "amazon", limit: 1)).Services.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("\0")]
    [InlineData("\\")]
    [InlineData("'; drop table imports; --")]
    public async Task Text_OfAnyKind_IsOnlyLookedFor(string text)
    {
        var mine = await NewAsync();
        await FillAsync(mine, ("100", "AmazonS3"));

        var hits = await FindAsync(mine, text);

        (hits.Accounts.Count, hits.Services.Count, hits.Imports.Count).ShouldBe((0, 0, 0));
    }

    [Fact]
    public async Task Imports_AreFoundByFileNameAndId_ByThoseWhoMaySeeThem()
    {
        var (mine, other) = (await NewAsync(), await NewAsync());
        var import = await AddImportAsync(mine, "november-2023.csv.gz");
        await AddImportAsync(other, "november-theirs.csv.gz");

        (await FindAsync(mine, "NOVEMBER")).Imports.ShouldHaveSingleItem().ShouldSatisfyAllConditions(hit => hit.Id.ShouldBe(import), hit => hit.FileName.ShouldBe("november-2023.csv.gz"));
        (await FindAsync(mine, import.ToString()[..13].ToUpperInvariant())).Imports.ShouldHaveSingleItem().Id.ShouldBe(import);
        (await FindAsync(mine with { Role = TenantRole.Viewer }, "november")).Imports.ShouldBeEmpty();
    }

    [Fact]
    public async Task Search_WithoutASession_IsRefused()
    {
        await using var scope = _app.App.Services.CreateAsyncScope();

        await Should.ThrowAsync<NotSignedInException>(() => scope.ServiceProvider.GetRequiredService<ISearchQueries>().FindAsync("a", 5, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("account")]
    [InlineData("service")]
    public async Task Names_OfALargeLedger_AreReadOffTheIndex(string column)
    {
        var mine = await NewAsync();
        await _app.OwnerAsync<object>(Filling("select (i % 40)::text, 'Service' || i % 60 from generate_series(1, 20000) i"), mine.TenantId);
        await _app.OwnerAsync<object>("analyze monthly_totals");
        await using var connection = await _app.App.Services.GetRequiredService<Database>().App.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await connection.ExecuteAsync("select set_config('offgridflow.tenant_id', $1, true)", TestContext.Current.CancellationToken, mine.TenantId.ToString());

        var plan = string.Join('\n', await connection.ListAsync(
            "explain " + SearchQueries.NamesOf(column), row => row.GetString(0), TestContext.Current.CancellationToken, "%1%", "1%", 6));

        plan.ShouldContain("ix_monthly_totals_tenant_id_" + column);
        plan.ShouldNotContain("Seq Scan on monthly_totals");
    }

    private async Task<SearchHits> FindAsync(Actor actor, string text, int limit = 6)
    {
        await using var scope = _app.App.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentUser>().Become(actor);
        return await scope.ServiceProvider.GetRequiredService<ISearchQueries>().FindAsync(text, limit, TestContext.Current.CancellationToken);
    }

    private async Task FillAsync(Actor actor, params (string Account, string Service)[] names)
    {
        foreach (var (account, service) in names)
        {
            await _app.OwnerAsync<object>(Filling("select $2, $3 from generate_series(1, 3)"), actor.TenantId, account, service);
        }
    }

    /// <summary>Months of totals under the names that a query gives.</summary>
    private static string Filling(string names) =>
        $"""
        insert into monthly_totals (tenant_id, month, scope, category, provider, account, service, region, usage_class, method, comparison_only, currency,
          activities, activities_without_result, kilowatt_hours, operational_kg_co2e, embodied_kg_co2e, defaulted_kg_co2e, cost, unmapped_cost)
        select $1, date '2000-01-01' + row_number() over ()::int, 3, 1, 'aws', n.account, n.service, 'eu-west-1', 'Compute', 'ccf', true, 'USD', 1, 0, 1, 1, 1, 0, 1, 0
        from ({names}) as n (account, service)
        """;

    private async Task<Guid> AddImportAsync(Actor actor, string fileName)
    {
        await using var owner = await _app.App.Services.GetRequiredService<Database>().Owner.OpenConnectionAsync(TestContext.Current.CancellationToken);
        // Without its document and job: the search asks for neither.
        await owner.ExecuteAsync("set session_replication_role = replica", TestContext.Current.CancellationToken);
        await owner.ExecuteAsync(await TenantWorld.InsertStatementAsync(owner, "imports", actor.TenantId), TestContext.Current.CancellationToken);
        await owner.ExecuteAsync("set session_replication_role = origin", TestContext.Current.CancellationToken);
        return await owner.ScalarAsync<Guid>(
            "update imports set file_name = $2 where tenant_id = $1 returning id", TestContext.Current.CancellationToken, actor.TenantId, fileName);
    }

    private async Task<Actor> NewAsync() => new(await _app.AddTenantAsync("A company", $"{Guid.NewGuid():N}@search.example"), Guid.NewGuid(), "Ada", TenantRole.Analyst);
}
