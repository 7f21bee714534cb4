using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Identity;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.Embedded;
using OffGridFlow.Tests.Identity;
using OffGridFlow.Tests.Imports;
using OffGridFlow.Web.Features.Identity;

namespace OffGridFlow.Tests.Operations;

/// <summary>A database that is restarted while people and jobs work: they are told so, and what was under way goes on.</summary>
public sealed class DatabaseAwayTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("offgridflow-away-").FullName;
    private EmbeddedPostgres _server = null!;
    private TestApp _app = null!;
    private ImportClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await StartServerAsync(port: 0);
        _app = await TestApp.StartOnAsync(_server.ConnectionString);
        var http = await _app.SignInAsync();
        // Without a pool: its sessions would be those of the server that is gone.
        var direct = new NpgsqlConnectionStringBuilder(_app.ConnectionString) { Pooling = false }.ConnectionString;
        _client = new ImportClient(http, new Ledger(direct, (await new ImportClient(http, null!).GetAsync("/api/v1/auth/me")).GetProperty("tenantId").GetGuid()));
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Restart_DuringAnImport_IsToldInWords_AndTheImportEndsWithItsTotals()
    {
        var (file, totals) = TestBill.Generate(new() { Rows = 120_000, Seed = 31, Accounts = 3, Months = 3 }, gzip: true);
        using var browser = await Browser.SignedInAsync(_app);
        using var answer = await _client.UploadAsync(file);
        var id = await ImportClient.IdAsync(answer);
        await Eventually.BeAsync(
            async () => await _client.Ledger.ScalarAsync<long>("select count(*) from pg_stat_activity where application_name = 'OffGridFlow loader' and state = 'active' and query ilike 'copy%'") > 0,
            "a load under way");

        await _server.StopAsync();

        await ShouldBeToldAsync(await _client.Http.GetAsync($"/api/v1/imports/{id}", TestContext.Current.CancellationToken));
        await ShouldBeToldAsync(await _client.UploadAsync(TestBill.File(TestBill.Line("a"))));
        await ShouldBeToldAsync(await _client.Http.DeleteAsync($"/api/v1/imports/{id}", TestContext.Current.CancellationToken));
        using (var ready = await _client.Http.GetAsync("/health/ready", TestContext.Current.CancellationToken))
            ready.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        using (var page = await browser.GetAsync($"/imports/{id}"))
        {
            page.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            page.Headers.RetryAfter.ShouldNotBeNull();
            var text = await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            text.ShouldContain("The database does not answer");
            text.ShouldContain("Imports under way go on by themselves");
            text.ShouldContain("data-reload");
        }

        _server = await StartServerAsync(_server.Port);

        await Eventually.BeAsync(
            async () =>
            {
                using var ready = await _client.Http.GetAsync("/health/ready", TestContext.Current.CancellationToken);
                return ready.IsSuccessStatusCode;
            },
            "readiness", 10);
        var import = await _client.EndedAsync(id);
        import.Text("status").ShouldBe("succeeded", import.ToString());
        import.Usd().ShouldBe(totals.Cost);
        (await _client.Ledger.UsageLinesAsync()).ShouldBe(totals.Rows);
        (await _client.Ledger.CountAsync("import_batches", "state <> 'Current'")).ShouldBe(0);
        (await _client.Ledger.AuditAsync($"import/{id}")).ShouldBe(["import.queued", "import.published"]);
        // The refused upload left nothing, and the same page is itself again.
        (await _client.Ledger.CountAsync("imports")).ShouldBe(1);
        Directory.EnumerateFiles(Path.Combine(_app.DataDirectory, "documents"), "*", SearchOption.AllDirectories).Count().ShouldBe(1);
        using var again = await browser.GetAsync($"/imports/{id}");
        again.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Circuit_WhoseSessionIsLookedAtMeanwhile_StaysSignedIn()
    {
        await using var database = new Database(_server.ConnectionString);
        var sessions = new SessionStore(database, TimeProvider.System);
        using var live = new LiveSessions(sessions, TimeProvider.System, NullLogger<LiveSessions>.Instance);
        var token = _client.Http.DefaultRequestHeaders.Authorization!.Parameter!;
        var session = (await sessions.FindAsync(token, SessionKind.Bearer, TestContext.Current.CancellationToken))!;
        var told = new List<SessionIdentity?>();
        using var watch = live.Watch(session.SessionId, told.Add);
        await live.LookAsync(TestContext.Current.CancellationToken);
        told.ShouldHaveSingleItem().ShouldBe(session);

        await _server.StopAsync();
        await live.LookAsync(TestContext.Current.CancellationToken);
        var meanwhile = told.Count;
        _server = await StartServerAsync(_server.Port);
        await _client.Ledger.ExecuteAsync("update sessions set ended_at = now() where tenant_id = $1");

        meanwhile.ShouldBe(1);
        await Eventually.BeAsync(
            async () =>
            {
                await live.LookAsync(TestContext.Current.CancellationToken);
                return told[^1] is null;
            },
            "the end of the session");
    }

    private Task<EmbeddedPostgres> StartServerAsync(int port) => EmbeddedPostgres.StartAsync(
        new EmbeddedPostgresOptions { DataDirectory = Path.Combine(_folder, "postgres"), FastUnsafe = true, Port = port }, NullLogger.Instance, CancellationToken.None);

    private static async Task ShouldBeToldAsync(HttpResponseMessage answer)
    {
        using (answer)
        {
            var problem = await ImportClient.ProblemAsync(answer, HttpStatusCode.ServiceUnavailable);
            problem.Text("detail").ShouldContain("Try again");
            answer.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(5));
        }
    }
}
