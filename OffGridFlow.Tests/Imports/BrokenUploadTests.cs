using System.Net;
using System.Net.Sockets;
using System.Text;
using OffGridFlow.Benchmarks.Kills;
using OffGridFlow.Infrastructure.Imports;
using OffGridFlow.Tests.Identity;

namespace OffGridFlow.Tests.Imports;

/// <summary>Uploads that end on their way: cut off, or by somebody who may no longer do it. Nothing of them stays.</summary>
public sealed class BrokenUploadTests(AppFixture apps) : IClassFixture<AppFixture>
{
    private static readonly byte[] Bill = TestBill.Generate(new() { Rows = 2000, Seed = 3, Accounts = 1, Months = 1 }).File;

    [Theory]
    [InlineData("kind first")]
    [InlineData("file first")]
    public async Task Upload_BrokenOffByTheClient_LeavesNothing(string order)
    {
        using var client = await apps.NewTenantAsync();
        var kind = order == "kind first" ? "--b\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\naws-cur\r\n" : "";
        using (var socket = new TcpClient())
        {
            await socket.ConnectAsync(apps.App.Address.Host, apps.App.Address.Port, TestContext.Current.CancellationToken);
            await using var stream = socket.GetStream();
            await stream.WriteAsync(
                Encoding.ASCII.GetBytes(
                    $"POST /api/v1/imports HTTP/1.1\r\nHost: {apps.App.Address.Authority}\r\nAuthorization: {client.Http.DefaultRequestHeaders.Authorization}\r\n"
                    + $"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 10000000\r\n\r\n{kind}"
                    + "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"bill.csv\"\r\n\r\n"),
                TestContext.Current.CancellationToken);
            await stream.WriteAsync(Bill, TestContext.Current.CancellationToken);
            if (order == "kind first")
                await Eventually.BeAsync(() => Task.FromResult(Stored(client).Exists(path => path.EndsWith(".part", StringComparison.Ordinal))), "the first bytes on disk");
        }

        await Eventually.BeAsync(() => Task.FromResult(Stored(client).Count == 0), "nothing left on disk");
        (await client.Ledger.CountAsync("imports")).ShouldBe(0);
        (await client.ImportAsync(Bill)).Text("status").ShouldBe("succeeded");
    }

    [Theory]
    [InlineData("signed out", "update sessions set ended_at = now() where user_id = (select id from users where email = $2) and tenant_id = $1", HttpStatusCode.Unauthorized)]
    [InlineData("expired", "update sessions set expires_at = now() where user_id = (select id from users where email = $2) and tenant_id = $1", HttpStatusCode.Unauthorized)]
    [InlineData("removed", "delete from memberships where user_id = (select id from users where email = $2) and tenant_id = $1", HttpStatusCode.Unauthorized)]
    [InlineData("made a viewer", "update memberships set role = 'Viewer' where user_id = (select id from users where email = $2) and tenant_id = $1", HttpStatusCode.Forbidden)]
    public async Task Upload_SessionEndsOnTheWay_IsRefusedAndNothingKept(string what, string end, HttpStatusCode expected)
    {
        var email = $"{Guid.NewGuid():N}@upload.example";
        var ledger = new Ledger(apps.App.ConnectionString, await apps.App.AddTenantAsync(what, email));
        using var browser = await Browser.SignedInAsync(apps.App, email);
        using var client = new ImportClient(await apps.App.SignInAsync(email), ledger);
        var token = await browser.AntiforgeryTokenAsync();
        var (fromPage, fromApi) = (new PacedUpload(0.5), new PacedUpload(0.5));
        using var page = PageUpload(token, fromPage);
        using var api = Form(fromApi);

        var answers = Task.WhenAll(browser.SendAsync(page), client.Http.PostAsync("/api/v1/imports", api, TestContext.Current.CancellationToken));
        await Task.WhenAll(fromPage.Reached, fromApi.Reached);
        await Eventually.BeAsync(() => Task.FromResult(Stored(client).Count == 2), "both under way");
        await ledger.ExecuteAsync(end, email);
        fromPage.Continue();
        fromApi.Continue();

        foreach (var answer in await answers)
        {
            var problem = await ImportClient.ProblemAsync(answer, expected);
            problem.Text("detail").ShouldNotBeNullOrWhiteSpace();
            answer.Dispose();
        }

        Stored(client).ShouldBeEmpty();
        (await ledger.CountAsync("imports")).ShouldBe(0);
        (await ledger.CountAsync("source_documents")).ShouldBe(0);
    }

    [Fact]
    public async Task Upload_AfterSigningInAgain_IsTakenWithTheTokenOfThePageThatIsStillOpen()
    {
        var email = $"{Guid.NewGuid():N}@upload.example";
        var ledger = new Ledger(apps.App.ConnectionString, await apps.App.AddTenantAsync("Again", email));
        using var browser = await Browser.SignedInAsync(apps.App, email);
        var token = await browser.AntiforgeryTokenAsync();
        await ledger.ExecuteAsync("update sessions set ended_at = now() where tenant_id = $1");
        using var first = PageUpload(token, new PacedUpload());
        using var refused = await browser.SendAsync(first);
        await ImportClient.ProblemAsync(refused, HttpStatusCode.Unauthorized);

        (await browser.SignInAsync(email, TestApp.AdminPassword)).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        using var second = PageUpload(token, new PacedUpload());
        using var taken = await browser.SendAsync(second);

        taken.StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task Store_AfterAKill_DropsWhatNobodyHoldsAndKeepsTheRest()
    {
        var folder = Directory.CreateTempSubdirectory("offgridflow-store-").FullName;
        try
        {
            var tenant = Guid.NewGuid();
            var store = new DocumentStore(folder);
            using var underWay = await store.ReceiveAsync(tenant, new MemoryStream([1, 2, 3]), TestContext.Current.CancellationToken);
            using (var kept = await store.ReceiveAsync(tenant, new MemoryStream([4, 5, 6]), TestContext.Current.CancellationToken))
                kept.Keep();
            var left = Path.Combine(folder, tenant.ToString(), "0123456789abcdef.part");
            await File.WriteAllTextAsync(left, "half a bill", TestContext.Current.CancellationToken);

            new DocumentStore(folder).DeleteAbandoned();

            File.Exists(left).ShouldBeFalse();
            underWay.Keep();
            foreach (var (hash, bytes) in new[] { (underWay.Sha256, new byte[] { 1, 2, 3 }), (Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData([4, 5, 6])), [4, 5, 6]) })
            {
                await using var content = store.OpenRead(tenant, hash);
                var read = new byte[3];
                await content.ReadExactlyAsync(read, TestContext.Current.CancellationToken);
                read.ShouldBe(bytes);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static MultipartFormDataContent Form(PacedUpload pace) =>
        new() { { new StringContent("aws-cur"), "kind" }, { new StringContent("none"), "mode" }, { pace.Of(Bill), "file", "bill.csv" } };

    private static HttpRequestMessage PageUpload(string token, PacedUpload pace) =>
        new(HttpMethod.Post, "/app/imports") { Content = Form(pace), Headers = { { "RequestVerificationToken", token }, { "Accept", "application/json" } } };

    private List<string> Stored(ImportClient client)
    {
        var folder = Path.Combine(apps.App.DataDirectory, "documents", client.Ledger.Tenant.ToString());
        return Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)] : [];
    }
}
