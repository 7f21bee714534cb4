using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using OffGridFlow.Core.Identity;
using OffGridFlow.Tests.ActivityData;
using OffGridFlow.Tests.Auditing;
using OffGridFlow.Tests.Identity;
using OffGridFlow.Tests.Imports;
using OffGridFlow.Tests.Rules;

namespace OffGridFlow.Tests.Assurance;

/// <summary>An auditor's work through the API with the real database.</summary>
public sealed class AssuranceApiTests(SharedApp shared) : IClassFixture<SharedApp>
{
    private readonly TestApp _app = shared.App;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sample_IsDrawnAgain_TheSame_WhateverIsPublishedSince()
    {
        var (client, period, auditor) = await YearAsync();
        var (status, sample) = await client.SendAsync(HttpMethod.Post, "assurance/samples", new { periodId = period, method = "monetaryUnit", tolerableKg = 600, confidencePercent = 95, seed = "2025" }, by: auditor);
        status.ShouldBe(201, sample.ToString());
        sample.GetProperty("intervalKg").GetDecimal().ShouldBe(200m);
        var detail = (await client.SendAsync(HttpMethod.Get, "assurance/samples/" + sample.GetProperty("id").GetGuid(), by: auditor)).Body;
        var items = detail.GetProperty("items").EnumerateArray().ToList();
        items.ShouldNotBeEmpty();
        items.ShouldContain(item => item.Text("stratum") == "high");

        (await RedrawAsync(client, sample, auditor)).ShouldBe((true, true, 0, 0));

        // One entry is corrected and another comes in: the sample stays, and says what moved.
        var entry = items[0].GetProperty("entryId").GetGuid();
        var (changed, _) = await client.SendAsync(HttpMethod.Put, $"activities/{entry}", client.Gas(other: ("quantity", 900m)), 2);
        changed.ShouldBe(200);
        await client.DoAsync(await client.CreateAsync(client.Gas("2025-11-01", "2025-11-30")), "submit");
        var again = await RedrawAsync(client, sample, auditor);
        again.Population.ShouldBeTrue();
        again.Items.ShouldBeTrue();
        again.Ended.ShouldBeGreaterThan(0);
        again.Begun.ShouldBeGreaterThan(again.Ended);
        (await client.SendAsync(HttpMethod.Get, "assurance/samples/" + sample.GetProperty("id").GetGuid())).Body.GetProperty("items").EnumerateArray()
            .Where(item => item.GetProperty("entryId").GetGuid() == entry).ShouldAllBe(item => item.GetProperty("endedLedger").ValueKind == JsonValueKind.Number);
    }

    [Fact]
    public async Task Sample_AfterARunReplacedWhatWasDrawn_SaysSinceWhen_AndNoLongerOnceTheRunIsTakenBack()
    {
        var (client, period, auditor) = await YearAsync();
        var (status, sample) = await client.SendAsync(HttpMethod.Post, "assurance/samples", new { periodId = period, method = "monetaryUnit", tolerableKg = 600, confidencePercent = 95, seed = "2025" }, by: auditor);
        status.ShouldBe(201, sample.ToString());
        var (proposer, admin) = (await client.ColleagueAsync(TenantRole.Admin), await client.ColleagueAsync(TenantRole.Admin));

        var first = await CountRunAsync(client, proposer, admin, "ar6");
        (await EndedAsync(client, sample)).ShouldBe([await LedgerNumberAsync(client)]);
        (await RedrawAsync(client, sample, auditor)).ShouldSatisfyAllConditions(
            again => again.Population.ShouldBeTrue(), again => again.Items.ShouldBeTrue(), again => again.Ended.ShouldBeGreaterThan(0), again => again.Begun.ShouldBe(again.Ended));

        (await client.SendAsync(HttpMethod.Post, $"calculation-runs/{first}/rollback", new { reason = "It was wrong" }, by: admin)).Status.ShouldBe(200);
        (await EndedAsync(client, sample)).ShouldBe([null]);
        (await RedrawAsync(client, sample, auditor)).Population.ShouldBeTrue();

        await CountRunAsync(client, proposer, admin, "ar4");
        (await EndedAsync(client, sample)).ShouldBe([await LedgerNumberAsync(client)]);
    }

    private static async Task<Guid> CountRunAsync(EntryClient client, HttpClient proposer, HttpClient admin, string gwp)
    {
        var id = (await client.SendAsync(HttpMethod.Post, "calculation-runs", new { title = gwp, policy = new { gwp } }, by: proposer)).Body.GetProperty("id").GetGuid();
        await Eventually.BeAsync(
            async () => (await client.SendAsync(HttpMethod.Get, $"calculation-runs/{id}", by: admin)).Body.GetProperty("state").GetString() == "proposed", $"the difference of run {id}");
        (await client.SendAsync(HttpMethod.Post, $"calculation-runs/{id}/approve", new { }, by: admin)).Status.ShouldBe(200);
        return id;
    }

    private static async Task<long?> LedgerNumberAsync(EntryClient client) => (await client.SendAsync(HttpMethod.Get, "ledger")).Body.GetProperty("ledgerNumber").GetInt64();

    /// <summary>The ledger numbers at which what was drawn ended, each once; null for what counts still.</summary>
    private static async Task<List<long?>> EndedAsync(EntryClient client, JsonElement sample) =>
        [.. (await client.SendAsync(HttpMethod.Get, "assurance/samples/" + sample.GetProperty("id").GetGuid())).Body.GetProperty("items").EnumerateArray()
            .Select(item => item.TryGetProperty("endedLedger", out var ended) && ended.ValueKind == JsonValueKind.Number ? ended.GetInt64() : (long?)null).Distinct()];

    [Theory]
    [InlineData("monetaryUnit")]
    [InlineData("random")]
    [InlineData("all")]
    public async Task Pack_IsRedrawnByTheScript_AndAChangedOneIsNot(string method)
    {
        var python = new[] { "/usr/bin/python3", "/usr/local/bin/python3" }.FirstOrDefault(File.Exists);
        Assert.SkipWhen(python is null, "python3 is not on this machine.");
        var (client, period, auditor) = await YearAsync();
        var (_, sample) = await client.SendAsync(HttpMethod.Post, "assurance/samples", new { periodId = period, method, tolerableKg = 300, expectedKg = 12.5m, confidencePercent = 90, count = 5 }, by: auditor);
        var pack = await auditor.GetByteArrayAsync($"/api/v1/assurance/samples/{sample.GetProperty("id").GetGuid()}/pack", Stop);

        var intact = await RunAsync(python!, pack);
        intact.ExitCode.ShouldBe(0, intact.Output);
        intact.Output.ShouldContain("redrawn: ");

        // One digit of one mass is another.
        using var changed = new MemoryStream();
        changed.Write(pack);
        using (var archive = new ZipArchive(changed, ZipArchiveMode.Update, leaveOpen: true))
        {
            var entry = archive.GetEntry("population.csv")!;
            string text;
            using (var reader = new StreamReader(entry.Open()))
            {
                text = await reader.ReadToEndAsync(Stop);
            }

            entry.Delete();
            await using var writer = new StreamWriter(archive.CreateEntry("population.csv").Open());
            await writer.WriteAsync(text.TrimEnd('\n') + (text.TrimEnd('\n').EndsWith('1') ? "2\n" : "1\n"));
        }

        (await RunAsync(python!, changed.ToArray())).ExitCode.ShouldBe(1);
    }

    [Fact]
    public async Task Differences_AreProjected_AndHeldAgainstMateriality_WithoutCountingTwice()
    {
        var (client, period, auditor) = await YearAsync();
        var (status, levels) = await client.SendAsync(HttpMethod.Put, "assurance/materiality", new { periodId = period, basis = "mass", materialityKg = 400, reason = "Lenders rely on it" }, by: auditor);
        status.ShouldBe(200, levels.ToString());
        (levels.GetProperty("performanceKg").GetDecimal(), levels.GetProperty("trivialKg").GetDecimal(), levels.GetProperty("version").GetInt32()).ShouldBe((300m, 20m, 1));
        (await client.SendAsync(HttpMethod.Put, "assurance/materiality", new { periodId = period, reason = "Again" }, by: auditor)).Status.ShouldBe(412);

        // All of scope 1: each item stands for itself.
        var (_, sample) = await client.SendAsync(HttpMethod.Post, "assurance/samples", new { periodId = period, method = "all", scope = 1 }, by: auditor);
        var id = sample.GetProperty("id").GetGuid();
        var items = (await client.SendAsync(HttpMethod.Get, $"assurance/samples/{id}")).Body.GetProperty("items").EnumerateArray().ToList();
        (await SummaryAsync(client, period)).GetProperty("unfinishedSamples")[0].GetProperty("items").GetInt32().ShouldBe(items.Count);
        foreach (var item in items.Skip(1))
        {
            (await CheckAsync(client, id, new { number = item.GetProperty("number").GetInt32(), outcome = "agreed", documentSeen = "Invoice" }, auditor)).Status.ShouldBe(200);
        }

        var first = items[0].GetProperty("kg").GetDecimal();
        (await CheckAsync(client, id, new { number = 1, outcome = "difference", auditedKg = first - 350m, note = "Read twice" }, auditor)).Status.ShouldBe(200);
        var summary = await SummaryAsync(client, period);
        (summary.Text("standing"), summary.GetProperty("total").GetProperty("grossKg").GetDecimal(), summary.GetProperty("counted")[0].Text("name")).ShouldBe(("abovePerformance", 350m, "S-1"));

        // A finding tells the difference: it counts there, and nowhere else. What is found too little does not excuse it.
        var (recorded, finding) = await RecordAsync(client, period, new { kind = "factualMisstatement", title = "January is read twice", observation = "Two invoices", effectKg = 350m, scope = 1, resultId = items[0].GetProperty("resultId").GetGuid() }, auditor);
        recorded.ShouldBe(201, finding.ToString());
        await RecordAsync(client, period, new { kind = "judgmentalMisstatement", title = "A site is missing", observation = "Leased from March", effectKg = -60m, scope = 3 }, auditor);
        await RecordAsync(client, period, new { kind = "factualMisstatement", title = "Small", observation = "Rounded", effectKg = 19.99m, scope = 1 }, auditor);
        await RecordAsync(client, period, new { kind = "control", title = "Nobody approves", observation = "Standing approval", notQuantified = "A way of working" }, auditor);
        summary = await SummaryAsync(client, period);
        summary.Text("standing").ShouldBe("above");
        summary.GetProperty("counted").EnumerateArray().Select(row => row.Text("name")).ShouldBe(["F-1", "F-2"]);
        (summary.GetProperty("total").GetProperty("netKg").GetDecimal(), summary.GetProperty("total").GetProperty("grossKg").GetDecimal()).ShouldBe((290m, 410m));
        summary.GetProperty("trivial")[0].Text("name").ShouldBe("F-3");
        summary.GetProperty("notQuantified")[0].Text("number").ShouldBe("F-4");

        // Set aside, the sample counts no more; closed as corrected, neither does the finding.
        (await client.SendAsync(HttpMethod.Post, $"assurance/samples/{id}/set-aside", new { reason = "Drawn from a test" }, by: auditor)).Status.ShouldBe(200);
        (await client.SendAsync(HttpMethod.Post, $"assurance/samples/{id}/set-aside", new { reason = "Again" }, by: auditor)).Status.ShouldBe(409);
        (await CheckAsync(client, id, new { number = 1, outcome = "agreed", version = 1 }, auditor)).Status.ShouldBe(409);
        var entry = items[0].GetProperty("entryId").GetGuid();
        (await CloseAsync(client, finding, new { status = "corrected", correctedBy = $"entry/{entry}/99", version = 1 }, auditor)).Status.ShouldBe(422, "there is no such version");
        (await CloseAsync(client, finding, new { status = "corrected", correctedBy = $"entry/{entry}/1", version = 1 }, auditor)).Status.ShouldBe(200);
        (await SummaryAsync(client, period)).GetProperty("total").GetProperty("grossKg").GetDecimal().ShouldBe(60m);

        var papers = await auditor.GetByteArrayAsync($"/api/v1/assurance/papers?period={period}", Stop);
        using var archive = new ZipArchive(new MemoryStream(papers));
        archive.Entries.Select(file => file.Name).ShouldBe(
            ["assurance_materiality.csv", "assurance_samples.csv", "assurance_items.csv", "assurance_checks.csv", "assurance_findings.csv", "assurance_summary.csv"]);
        using var checks = new StreamReader(archive.GetEntry("assurance_checks.csv")!.Open());
        (await checks.ReadToEndAsync(Stop)).ShouldContain("Read twice");
        (await auditor.GetByteArrayAsync($"/api/v1/assurance/samples/{id}/workbook", Stop)).Length.ShouldBeGreaterThan(2000);
    }

    [Fact]
    public async Task Finding_IsAnsweredByTheOrganization_AndClosedByTheAuditor_StepByStep()
    {
        var (client, period, auditor) = await YearAsync();
        var analyst = await client.ColleagueAsync();
        var (_, finding) = await RecordAsync(client, period, new { kind = "factualMisstatement", title = "Gas", observation = "Seen", effectKg = 5, scope = 1 }, auditor);

        (await StepAsync(client, finding, "answer", new { answer = "We will", version = 1 }, auditor)).Status.ShouldBe(403, "the auditor does not answer for the organization");
        (await CloseAsync(client, finding, new { status = "withdrawn", note = "No", version = 1 }, analyst)).Status.ShouldBe(403);
        (await StepAsync(client, finding, "answer", new { answer = " ", version = 1 }, analyst)).Status.ShouldBe(422);
        (await StepAsync(client, finding, "answer", new { answer = "We correct it by March", version = 1 }, analyst)).Status.ShouldBe(200);
        (await StepAsync(client, finding, "comments", new { text = "Which entry?" }, auditor)).Status.ShouldBe(200);
        (await CloseAsync(client, finding, new { status = "uncorrected", version = 3 }, auditor)).Status.ShouldBe(422, "a reason is asked for");
        (await CloseAsync(client, finding, new { status = "answered", note = "x", version = 3 }, auditor)).Status.ShouldBe(422);
        (await CloseAsync(client, finding, new { status = "uncorrected", note = "The organization judges otherwise", version = 2 }, auditor)).Status.ShouldBe(412);
        (await CloseAsync(client, finding, new { status = "uncorrected", note = "The organization judges otherwise", version = 3 }, auditor)).Status.ShouldBe(200);
        (await StepAsync(client, finding, "answer", new { answer = "Late", version = 4 }, analyst)).Status.ShouldBe(409);
        (await CloseAsync(client, finding, new { status = "open", note = "New figures came", version = 4 }, auditor)).Status.ShouldBe(200);

        var body = (await client.SendAsync(HttpMethod.Get, "assurance/findings/" + finding.GetProperty("id").GetGuid(), by: analyst)).Body;
        body.GetProperty("finding").Text("answer").ShouldBe("We correct it by March");
        body.GetProperty("versions").EnumerateArray().Select(version => version.Text("step")).ShouldBe(["reopened", "closed", "commented", "answered", "recorded"]);
        (await client.Company.App.OwnerAsync<string>("select string_agg(action, ' ' order by id) from audit_entries where subject = $1", "assurance-finding/" + finding.GetProperty("id").GetGuid()))
            .ShouldBe("assurance-finding.recorded assurance-finding.answered assurance-finding.commented assurance-finding.closed assurance-finding.reopened");
    }

    [Fact]
    public async Task Refusals_NameTheirField_AndStrangersSeeNothing()
    {
        var (client, period, auditor) = await YearAsync();
        var stranger = await EntryClient.NewAsync(_app);
        foreach (var (path, field, body) in new (string, string, object)[]
        {
            ("samples", "tolerableKg", new { periodId = period }), ("samples", "confidencePercent", new { periodId = period, confidencePercent = 99 }),
            ("samples", "expectedKg", new { periodId = period, tolerableKg = 100, expectedKg = 100 }), ("samples", "count", new { periodId = period, method = "random" }),
            ("samples", "scope", new { periodId = period, method = "all", scope = 2 }), ("samples", "category", new { periodId = period, method = "all", scope = 1, category = 3 }),
            ("samples", "siteId", new { periodId = period, method = "all", siteId = stranger.Site }), ("samples", "method", new { periodId = period, method = "some" }),
            ("samples", "tolerableKg", new { periodId = period, tolerableKg = 0.0000000000001m }), ("findings", "kind", new { periodId = period, title = "x", observation = "x", notQuantified = "x" }),
            ("findings", "notQuantified", new { periodId = period, kind = "control", title = "x", observation = "x" }),
            ("findings", "scope", new { periodId = period, kind = "factualMisstatement", title = "x", observation = "x", effectKg = 1 }),
            ("findings", "resultId", new { periodId = period, kind = "control", title = "x", observation = "x", notQuantified = "x", resultId = Guid.CreateVersion7() }),
        })
        {
            var (status, problem) = await client.SendAsync(HttpMethod.Post, "assurance/" + path, body, by: auditor);
            status.ShouldBe(422, problem.ToString());
            problem.GetProperty("errors").TryGetProperty(field, out _).ShouldBeTrue($"{path} {field}: {problem}");
        }

        (await client.SendAsync(HttpMethod.Put, "assurance/materiality", new { periodId = period, reason = " " }, by: auditor)).Body.GetProperty("errors").TryGetProperty("reason", out _).ShouldBeTrue();
        foreach (var path in new[] { $"assurance/summary?period={period}", $"assurance/materiality?period={period}", $"assurance/samples?period={period}", $"assurance/findings?period={period}", $"assurance/papers?period={period}" })
        {
            (await stranger.SendAsync(HttpMethod.Get, path)).Status.ShouldBe(404, path);
        }

        (await stranger.SendAsync(HttpMethod.Post, "assurance/samples", new { periodId = period, method = "nonsense" })).Status.ShouldBe(404);
    }

    /// <summary>A year with gas in six months, submitted, its period, and an auditor.</summary>
    private async Task<(EntryClient Client, Guid Period, HttpClient Auditor)> YearAsync()
    {
        var client = await EntryClient.NewAsync(_app);
        foreach (var month in Enumerable.Range(1, 6))
        {
            var from = new DateOnly(2025, month, 1);
            var gas = client.Gas(Day(from), Day(from.AddMonths(1).AddDays(-1)), ("quantity", month == 1 ? 20_000m : 300m + (100m * month)));
            await client.DoAsync(await client.CreateAsync(gas), "submit");
        }

        var (status, body) = await client.SendAsync(HttpMethod.Post, "reporting-periods", new { name = "FY2025", firstDay = "2025-01-01", lastDay = "2025-12-31" });
        status.ShouldBe(201, body.ToString());
        return (client, body.GetProperty("id").GetGuid(), await client.ColleagueAsync(TenantRole.Auditor));
    }

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static async Task<(bool Population, bool Items, long Ended, long Begun)> RedrawAsync(EntryClient client, JsonElement sample, HttpClient by)
    {
        var (_, body) = await client.SendAsync(HttpMethod.Get, $"assurance/samples/{sample.GetProperty("id").GetGuid()}/redraw", by: by);
        return (body.GetProperty("samePopulation").GetBoolean(), body.GetProperty("sameItems").GetBoolean(), body.GetProperty("ended").GetInt64(), body.GetProperty("begun").GetInt64());
    }

    private static Task<(int Status, JsonElement Body)> CheckAsync(EntryClient client, Guid sample, object body, HttpClient by) =>
        client.SendAsync(HttpMethod.Put, $"assurance/samples/{sample}/items", body, by: by);

    private static Task<(int Status, JsonElement Body)> RecordAsync(EntryClient client, Guid period, object body, HttpClient by)
    {
        var fields = JsonSerializer.SerializeToNode(body)!.AsObject();
        fields["periodId"] = period;
        return client.SendAsync(HttpMethod.Post, "assurance/findings", fields, by: by);
    }

    private static Task<(int Status, JsonElement Body)> CloseAsync(EntryClient client, JsonElement finding, object body, HttpClient by) => StepAsync(client, finding, "close", body, by);

    private static Task<(int Status, JsonElement Body)> StepAsync(EntryClient client, JsonElement finding, string step, object body, HttpClient by) =>
        client.SendAsync(HttpMethod.Post, $"assurance/findings/{finding.GetProperty("id").GetGuid()}/{step}", body, by: by);

    private static async Task<JsonElement> SummaryAsync(EntryClient client, Guid period) => (await client.SendAsync(HttpMethod.Get, $"assurance/summary?period={period}")).Body;

    private static async Task<OtherProgram> RunAsync(string python, byte[] pack)
    {
        var folder = Directory.CreateTempSubdirectory("offgridflow-sample-").FullName;
        try
        {
            var path = Path.Combine(folder, "sample.zip");
            await File.WriteAllBytesAsync(path, pack, Stop);
            return await OtherProgram.RunAsync(python, [Path.Combine(Repository.Root, "docs", "methods", "redraw_sample.py"), path]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
