using Microsoft.Extensions.DependencyInjection;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Auditing;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;
using OffGridFlow.Tests.Identity;

namespace OffGridFlow.Tests.Auditing;

public sealed class AuditQueriesTests(SharedApp shared) : IClassFixture<SharedApp>
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid Mara = Guid.CreateVersion7();
    private static readonly Guid Key = Guid.CreateVersion7();
    private readonly TestApp _app = shared.App;

    [Fact]
    public async Task List_IsNewestFirst_AndPagesWithoutGapOrRepetition()
    {
        var mine = await NewAsync();
        for (var i = 0; i < 7; i++)
        {
            // Three at one instant: the id decides.
            await AddAsync(mine, Noon.AddSeconds(i / 3), "import.queued", "import/" + "abcdefg"[i]);
        }

        var read = new List<AuditRow>();
        string? cursor = null;
        do
        {
            var page = await AskAsync(mine, log => log.ListAsync(AuditFilter.All, cursor, 2, TestContext.Current.CancellationToken));
            page.Rows.Count.ShouldBeLessThanOrEqualTo(2);
            read.AddRange(page.Rows);
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        read.Select(row => row.Subject).Order().ShouldBe("abcdefg".Select(letter => "import/" + letter));
        read.Select(row => (row.At, row.Id)).ShouldBe(read.OrderByDescending(row => row.At).ThenByDescending(row => row.Id.ToString(), StringComparer.Ordinal).Select(row => (row.At, row.Id)));
    }

    [Fact]
    public async Task List_FiltersByEachOfItsQuestions()
    {
        var mine = await NewAsync();
        await AddAsync(mine, Noon, "import.queued", "import/1", Mara, "Mara Okafor", """{"fileName":"november_2023.csv"}""");
        await AddAsync(mine, Noon.AddMinutes(1), "import.published", "import/1");
        await AddAsync(mine, Noon.AddMinutes(2), "imports.counted", "imports", Key, "Nightly export", kind: ActorKind.ApiKey);
        await AddAsync(mine, Noon.AddMinutes(3), "job.failed", "job/1");

        (await ActionsAsync(mine, new AuditFilter(Action: "import."))).ShouldBe(["import.published", "import.queued"]);
        (await ActionsAsync(mine, new AuditFilter(Action: "import.queued"))).ShouldBe(["import.queued"]);
        (await ActionsAsync(mine, new AuditFilter(Action: "import"))).ShouldBeEmpty();
        (await ActionsAsync(mine, new AuditFilter(Subject: "import/"))).ShouldBe(["import.published", "import.queued"]);
        (await ActionsAsync(mine, new AuditFilter(Subject: "imports"))).ShouldBe(["imports.counted"]);
        (await ActionsAsync(mine, new AuditFilter(ActorId: Mara))).ShouldBe(["import.queued"]);
        (await ActionsAsync(mine, new AuditFilter(ActorId: AuditFilter.Product))).ShouldBe(["job.failed", "import.published"]);
        (await ActionsAsync(mine, new AuditFilter(From: Noon.AddMinutes(1), To: Noon.AddMinutes(2)))).ShouldBe(["imports.counted", "import.published"]);
        (await ActionsAsync(mine, new AuditFilter(Text: "OKAFOR"))).ShouldBe(["import.queued"]);
        (await ActionsAsync(mine, new AuditFilter(Text: "r_2"))).ShouldBe(["import.queued"]);
        (await ActionsAsync(mine, new AuditFilter(Text: "%"))).ShouldBeEmpty();
        (await ActionsAsync(mine, new AuditFilter(Action: "import.", Text: "counted"))).ShouldBeEmpty();
    }

    [Fact]
    public async Task Facets_NameWhatOccurs_OnceEach_UnderTheNewestName()
    {
        var (mine, other) = (await NewAsync(), await NewAsync());
        await AddAsync(mine, Noon, "import.queued", "import/1", Mara, "Mara Old");
        await AddAsync(mine, Noon.AddMinutes(1), "import.queued", "import/2", Mara, "Mara Okafor");
        await AddAsync(mine, Noon.AddMinutes(2), "emissions.exported", "emissions", Key, "An export key", kind: ActorKind.ApiKey);
        await AddAsync(mine, Noon.AddMinutes(3), "import.published", "import/2");
        await AddAsync(other, Noon, "job.failed", "job/1", Guid.CreateVersion7(), "Somebody else");

        var facets = await AskAsync(mine, log => log.FacetsAsync(TestContext.Current.CancellationToken));

        facets.Actions.ShouldBe(["emissions.exported", "import.published", "import.queued"]);
        facets.Actors.ShouldBe(
            [new AuditActor(Key, ActorKind.ApiKey, "An export key"), new AuditActor(Mara, ActorKind.Person, "Mara Okafor"), new AuditActor(null, ActorKind.Product, "OffGridFlow")]);
        (await AskAsync(await NewAsync(), log => log.FacetsAsync(TestContext.Current.CancellationToken))).Actors.ShouldBeEmpty();
    }

    [Fact]
    public async Task AnotherTenantsEntry_IsNotFound()
    {
        var (mine, other) = (await NewAsync(), await NewAsync());
        await AddAsync(mine, Noon, "import.queued", "import/1");
        var id = (await AskAsync(mine, log => log.ListAsync(AuditFilter.All, null, 1, TestContext.Current.CancellationToken))).Rows.Single().Id;

        (await AskAsync(mine, log => log.FindAsync(id, TestContext.Current.CancellationToken))).ShouldNotBeNull();
        (await AskAsync(other, log => log.FindAsync(id, TestContext.Current.CancellationToken))).ShouldBeNull();
    }

    [Theory]
    [InlineData(TenantRole.Viewer)]
    [InlineData(TenantRole.Analyst)]
    [InlineData(TenantRole.ComplianceManager)]
    public async Task EveryMethod_WithoutThePermission_IsRefused(TenantRole role)
    {
        var mine = await NewAsync() with { Role = role };

        await Should.ThrowAsync<ForbiddenException>(() => AskAsync(mine, log => log.ListAsync(AuditFilter.All, null, 1, TestContext.Current.CancellationToken)));
        await Should.ThrowAsync<ForbiddenException>(() => AskAsync(mine, log => log.FindAsync(Guid.CreateVersion7(), TestContext.Current.CancellationToken)));
        await Should.ThrowAsync<ForbiddenException>(() => AskAsync(mine, log => log.FacetsAsync(TestContext.Current.CancellationToken)));
        await Should.ThrowAsync<ForbiddenException>(() => AskAsync(mine, async log => await log.StreamAsync(AuditFilter.All, TestContext.Current.CancellationToken).ToListAsync()));
    }

    private async Task<List<string>> ActionsAsync(Actor actor, AuditFilter filter)
    {
        var listed = (await AskAsync(actor, log => log.ListAsync(filter, null, 100, TestContext.Current.CancellationToken))).Rows;
        var streamed = await AskAsync(actor, async log => await log.StreamAsync(filter, TestContext.Current.CancellationToken).ToListAsync());
        streamed.Select(row => row.Id).ShouldBe(listed.Select(row => row.Id), ignoreOrder: true);
        return listed.Select(row => row.Action).ToList();
    }

    private async Task<T> AskAsync<T>(Actor actor, Func<IAuditQueries, Task<T>> ask)
    {
        await using var scope = _app.App.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentUser>().Become(actor);
        return await ask(scope.ServiceProvider.GetRequiredService<IAuditQueries>());
    }

    private static Task<Actor> NewAsync() => Task.FromResult(new Actor(Guid.CreateVersion7(), Guid.CreateVersion7(), "A test", TenantRole.Auditor));

    private async Task AddAsync(
        Actor owner, DateTimeOffset at, string action, string subject, Guid? actor = null, string name = "OffGridFlow", string details = "{}", ActorKind? kind = null)
    {
        await using var connection = await _app.App.Services.GetRequiredService<Database>().Owner.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await connection.ExecuteAsync(
            """
            insert into audit_entries (id, tenant_id, at, actor_kind, actor_id, actor_name, action, subject, details)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb)
            """,
            TestContext.Current.CancellationToken, Guid.CreateVersion7(), owner.TenantId, at,
            (kind ?? (actor is null ? ActorKind.Product : ActorKind.Person)).ToString(), Sql.Uuid(actor), name, action, subject, Sql.Text(details));
    }
}
