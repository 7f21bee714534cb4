using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using OffGridFlow.Tests.Imports.AwsCur;

namespace OffGridFlow.Tests.Imports;

/// <summary>What is not taken: the words say why and what to do, and nothing of it stays.</summary>
public sealed class RefusedUploadTests(AppFixture apps) : IClassFixture<AppFixture>
{
    public static TheoryData<string, byte[], string> Files()
    {
        var whole = CurText.Gzip(TestBill.File([.. Enumerable.Range(0, 3000).Select(i => TestBill.Line(FormattableString.Invariant($"l{i}"), FormattableString.Invariant($"0.{i * 7919 % 100_003}")))]));
        return new()
        {
            { "empty", [], "0 bytes" },
            { "HTML", CurText.Bytes("<!DOCTYPE html><html>"), "HTML" },
            { "Parquet", CurText.Bytes("PAR1\u0015\u0004..."), "Parquet" },
            { "zip", CurText.Bytes("PK\u0003\u0004\u0014\0\0\0report.csv"), "ZIP" },
            { "binary", [1, 2, 3, 4, 0, 0, 0, 9], "NUL" },
            { "truncated gzip", whole[..(whole.Length * 2 / 3)], "stops before its end" },
            { "FOCUS", CurText.Bytes("AvailabilityZone,BilledCost,BillingAccountId,ChargeCategory,ChargePeriodStart\n"), "FOCUS" },
            { "bomb", Bomb(), "times" },
        };
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Upload_FileThatIsNoBill_RefusedWithReasonAndFixAndNothingKept(string name, byte[] file, string reason)
    {
        using var client = await apps.NewTenantAsync();

        using var answer = await client.UploadAsync(file, name);

        var problem = await ImportClient.ProblemAsync(answer, HttpStatusCode.UnprocessableEntity);
        problem.Text("reason").ShouldContain(reason);
        problem.Text("fix").ShouldNotBeNullOrWhiteSpace();
        problem.Text("detail").ShouldBe($"{problem.Text("reason")} {problem.Text("fix")}");
        (await client.Ledger.CountAsync("imports")).ShouldBe(0);
        (await client.Ledger.CountAsync("job_runs")).ShouldBe(0);
        StoredFiles(client).ShouldBeEmpty();
    }

    /// <summary>What nothing marks as a bill may be a table of activity data; a bill that a spreadsheet program has changed is told what is wrong with it.</summary>
    [Theory]
    [InlineData("Standort;Menge;Einheit\nWerk;5;kWh\n", true)]
    [InlineData("Site,Quantity,Unit\nLeeds,5,kWh\n", true)]
    [InlineData("identity/LineItemId;lineItem/UsageType;bill/BillingEntity\na;b;c\n", false)]
    [InlineData("<!DOCTYPE html><html></html>", false)]
    public async Task Upload_OfNoKnownKind_SaysWhetherItMayBeATable(string text, bool mayBe)
    {
        using var client = await apps.NewTenantAsync();

        using var answer = await client.UploadAsync(CurText.Bytes(text), "a.csv", kind: "auto");

        var problem = await ImportClient.ProblemAsync(answer, HttpStatusCode.UnprocessableEntity);
        problem.GetProperty("mayBeTable").GetBoolean().ShouldBe(mayBe, problem.ToString());
    }

    [Fact]
    public async Task Upload_BadRequests_RefusedWithWhatToSend()
    {
        using var client = await apps.NewTenantAsync();
        var file = TestBill.File(TestBill.Line("a"));
        Task<HttpResponseMessage> Post(HttpContent content) => client.Http.PostAsync("/api/v1/imports", content, TestContext.Current.CancellationToken);

        var unknownKind = await ImportClient.ProblemAsync(await client.UploadAsync(file, kind: "gcp-billing"), HttpStatusCode.UnprocessableEntity);
        var noKind = await ImportClient.ProblemAsync(await client.UploadAsync(file, kind: null), HttpStatusCode.UnprocessableEntity);
        var unknownMode = await ImportClient.ProblemAsync(await client.UploadAsync(file, mode: "merge"), HttpStatusCode.UnprocessableEntity);
        var notMultipart = await ImportClient.ProblemAsync(await Post(new ByteArrayContent(file)), HttpStatusCode.UnprocessableEntity);
        var noFile = await ImportClient.ProblemAsync(
            await Post(new MultipartFormDataContent { { new StringContent("aws-cur"), "kind" } }), HttpStatusCode.UnprocessableEntity);
        var brokenOff = await ImportClient.ProblemAsync(await Post(Raw("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\nhalf of")), HttpStatusCode.UnprocessableEntity);
        var longHeader = await ImportClient.ProblemAsync(await Post(Raw($"--b\r\nX: {new string('x', 40_000)}\r\n\r\n\r\n--b--\r\n")), HttpStatusCode.UnprocessableEntity);
        var longField = await ImportClient.ProblemAsync(await client.UploadAsync(file, kind: new string('k', 5000)), HttpStatusCode.UnprocessableEntity);

        unknownKind.Text("fix").ShouldContain("aws-cur");
        noKind.Text("reason").ShouldContain("kind");
        unknownMode.Text("fix").ShouldContain("mode=replace");
        notMultipart.Text("reason").ShouldContain("multipart/form-data");
        noFile.Text("reason").ShouldContain("no file");
        brokenOff.Text("reason").ShouldContain("breaks off");
        longHeader.Text("reason").ShouldContain("damaged");
        longField.Text("reason").ShouldContain("4096");
        (await client.Ledger.CountAsync("imports")).ShouldBe(0);
        StoredFiles(client).ShouldBeEmpty();
    }

    [Fact]
    public async Task Upload_ModeAndKindInTheQuery_AreTaken()
    {
        using var client = await apps.NewTenantAsync();
        await client.ImportAsync(TestBill.File(TestBill.Line("a", "1")));

        using var answer = await client.UploadAsync(TestBill.File(TestBill.Line("a", "2")), kind: null, query: "?kind=aws-cur&mode=replace");

        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await client.EndedAsync(await ImportClient.IdAsync(answer))).Text("mode").ShouldBe("replace");
    }

    [Fact]
    public async Task Upload_LargerThanTheLimit_IsRefusedBeforeItIsSent()
    {
        using var client = await apps.NewTenantAsync();
        using var socket = new TcpClient();
        await socket.ConnectAsync(apps.App.Address.Host, apps.App.Address.Port, TestContext.Current.CancellationToken);
        await using var stream = socket.GetStream();

        await stream.WriteAsync(
            Encoding.ASCII.GetBytes(
                $"POST /api/v1/imports HTTP/1.1\r\nHost: {apps.App.Address.Authority}\r\nAuthorization: {client.Http.DefaultRequestHeaders.Authorization}\r\n"
                + "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 6000000000\r\n\r\n"),
            TestContext.Current.CancellationToken);

        using var reader = new StreamReader(stream);
        (await reader.ReadLineAsync(TestContext.Current.CancellationToken))!.ShouldContain(" 413 ");
    }

    [Fact]
    public async Task Upload_WithoutAToken_IsRefused()
    {
        using var client = new ImportClient(apps.App.CreateClient(), new Ledger(apps.App.ConnectionString, Guid.Empty));

        using var answer = await client.UploadAsync(TestBill.File(TestBill.Line("a")));

        await ImportClient.ProblemAsync(answer, HttpStatusCode.Unauthorized);
    }

    private List<string> StoredFiles(ImportClient client)
    {
        var folder = Path.Combine(apps.App.DataDirectory, "documents", client.Ledger.Tenant.ToString());
        return Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)] : [];
    }

    private static ByteArrayContent Raw(string body)
    {
        var content = new ByteArrayContent(CurText.Bytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=b");
        return content;
    }

    /// <summary>Some hundred kilobytes that unpack to more than the ratio allows.</summary>
    private static byte[] Bomb()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
        {
            gzip.Write(CurText.Bytes(TestBill.Headings + "\n"));
            var rows = CurText.Bytes(new string('a', 1 << 19) + "\n");
            for (var written = 0; written < 100 << 20; written += rows.Length)
                gzip.Write(rows);
        }

        return packed.ToArray();
    }
}
