using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using OffGridFlow.Core.ActivityData;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Tests.Auditing;
using OffGridFlow.Tests.Calculation;
using OffGridFlow.Tests.Imports;
using OffGridFlow.Tests.Inventory;
using OffGridFlow.Tests.Rules;

namespace OffGridFlow.Tests.Assurance;

public sealed class EvidencePackTests(AppFixture apps) : IClassFixture<AppFixture>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>The export of a year, judged by the script that knows nothing of our code; then with one thing changed, found by the checksums and without them.</summary>
    [Fact]
    public async Task Export_IsRecomputedByTheScript_AndAnyChangedDigitOrMissingRowIsFound()
    {
        var python = Python();
        await using var world = await YearAsync();
        var pack = Read(await world.Client.Http.GetByteArrayAsync("/api/v1/evidence?from=2025-01-01&to=2025-12-31", Stop));

        var intact = await CheckAsync(python, pack);
        intact.ExitCode.ShouldBe(0, intact.Output);
        intact.Output.ShouldMatch("^verified: 14 entries, [0-9]+ results recomputed with [0-9]+ gases and [0-9]+ factors, 2 cloud results summed, [0-9]+ totals, of .*, 2025-01 to 2025-12");

        // One digit in each file: the checksum says so.
        foreach (var name in pack.Keys)
        {
            var found = await CheckAsync(python, With(pack, name, OneDigit(Encoding.UTF8.GetString(pack[name]))));
            found.ExitCode.ShouldBe(1, name);
            found.Output.ShouldStartWith("DIFFERENT " + name);
        }

        // The same by somebody who makes the checksums fit again: the calculation says so.
        foreach (var (name, column, where) in Cells)
        {
            var changed = ChangeCell(Encoding.UTF8.GetString(pack[name]), column, where);
            var found = await CheckAsync(python, Signed(With(pack, name, changed)));
            found.ExitCode.ShouldBe(1, $"{name} {column}: {found.Output}");
            found.Output.ShouldStartWith("DIFFERENT ");
        }

        // A row that is gone, of each table, checksums and counts made to fit.
        foreach (var name in new[] { "entries.csv", "results.csv", "steps.csv", "gases.csv", "factors.csv", "gwp.csv", "blends.csv", "units.csv", "instruments.csv", "cloud.csv", "totals.csv" })
        {
            var lines = Encoding.UTF8.GetString(pack[name]).Split('\n');
            var found = await CheckAsync(python, Signed(With(pack, name, string.Join('\n', lines[..1].Concat(lines[2..])))));
            found.ExitCode.ShouldBe(1, $"{name}: {found.Output}");
        }

        (await CheckAsync(python, pack.Where(file => file.Key != "gwp.csv").ToDictionary())).ExitCode.ShouldBe(1);
    }

    [Fact]
    public async Task Export_OfPartOfTheTime_HoldsWholeEntries_AndTheTotalsOfItsMonths()
    {
        var python = Python();
        await using var world = await YearAsync();

        foreach (var query in new[] { "?from=2025-02-10&to=2025-02-11", "?from=2030-01-01", "?to=2024-12-31", "" })
        {
            var pack = Read(await world.Client.Http.GetByteArrayAsync("/api/v1/evidence" + query, Stop));
            var checkedPack = await CheckAsync(python, pack);
            checkedPack.ExitCode.ShouldBe(0, query + checkedPack.Output);
        }

        (await world.Client.Ledger.AuditAsync("evidence")).ShouldBe(["evidence.exported", "evidence.exported", "evidence.exported", "evidence.exported"]);
    }

    /// <summary>The evidence of a locked inventory, under shares that change within a month: every figure of its document is recomputed, every changed digit is named.</summary>
    [Fact]
    public async Task Export_OfALockedInventory_LeadsToItsDocument_AndAnyChangedDigitIsFound()
    {
        var python = Python();
        await using var world = await EntryWorld.CreateAsync(apps);
        await world.AddInstrumentAsync(30, 0.011m, "2025-03-10", "2025-09-20", world.Leeds);
        await world.LoadMoneyAsync();
        var diesel = world.Entry(world.Gdansk, "diesel", 77, "l", "2025-05-01", "2025-05-31");
        // The company holds itself 60 % of a venture from 11 May on, which has the site Gdańsk.
        await world.ChangeAsync(async (unit, _) =>
        {
            var company = await unit.Context.Organizations.SingleAsync(Stop);
            var venture = new Organization { Id = Guid.CreateVersion7(), TenantId = unit.Actor.TenantId, Name = "Venture", Country = "PL" };
            unit.Context.Add(venture);
            unit.Context.Add(new Ownership { Id = Guid.CreateVersion7(), TenantId = unit.Actor.TenantId, ParentId = company.Id, ChildId = venture.Id, Share = 0.6m, FinancialControl = false, OperationalControl = false, ValidFrom = new DateOnly(2025, 5, 11) });
            await unit.Context.SaveChangesAsync(Stop);
            await unit.Context.Sites.Where(site => site.Id == world.Gdansk).ExecuteUpdateAsync(set => set.SetProperty(site => site.OrganizationId, venture.Id), Stop);
        });
        await world.SaveAsync([
            .. world.AYear().Where(entry => entry.Unit != "l" || entry.SiteId == world.Leeds).Select(entry => { entry.Status = EntryStatus.Approved; return entry; }), .. world.AValueChain(),
            diesel,
        ]);
        await world.Client.ImportAsync(TestBill.File(TestBill.Line("a", month: "2025-03"), TestBill.Line("b", month: "2025-04")));
        var period = await LockSteps.PeriodAsync(world.Client.Http);
        await world.Client.Ledger.ExecuteAsync("update reporting_periods set approach = 'EquityShare' where tenant_id = $1");
        await LockSteps.DecideAsync(world.Client.Http, period);
        var hash = (await LockSteps.LockAsync(world.Client.Http, period)).GetProperty("snapshots")[0].Text("sha256");
        await LockSteps.ReopenAsync(world.Client.Http, period);
        // Everything that the first snapshot rests on becomes another: an entry, its site's name, the holding, a decision.
        diesel.Quantity = 78;
        await world.SaveAsync(diesel, world.Entry(world.Leeds, "diesel", 12, "l", "2025-06-01", "2025-06-30"));
        await world.ChangeAsync(async (unit, ledger) =>
        {
            await unit.Context.Ownerships.ExecuteUpdateAsync(set => set.SetProperty(ownership => ownership.Share, 0.5m), Stop);
            await unit.Context.Sites.Where(site => site.Id == world.Gdansk).ExecuteUpdateAsync(set => set.SetProperty(site => site.Name, "Shipyard"), Stop);
            await ledger.ApplySitesAsync(unit, [world.Gdansk], Stop);
        });
        var decided = await LockSteps.SendAsync(
            world.Client.Http, HttpMethod.Put, $"reporting-periods/{period}/categories", new { category = 10, decision = "excluded", reason = "Two answer", estimatedTonnes = 11m, version = 2 });
        decided.Status.ShouldBe(200, decided.Body.ToString());
        var approved = await LockSteps.SendAsync(world.Client.Http, HttpMethod.Post, $"reporting-periods/{period}/categories/approve", new { category = 10, version = 3 });
        approved.Status.ShouldBe(200, approved.Body.ToString());
        var whileOpen = Read(await world.Client.Http.GetByteArrayAsync($"/api/v1/evidence?period={period}&snapshot=1", Stop));
        await LockSteps.LockAsync(world.Client.Http, period, "Again, with an invoice");
        await world.Client.GetProblemAsync($"/api/v1/evidence?period={period}&snapshot=3", HttpStatusCode.NotFound);
        await world.Client.GetProblemAsync($"/api/v1/evidence?period={period}", HttpStatusCode.UnprocessableEntity);

        var first = Read(await world.Client.Http.GetByteArrayAsync($"/api/v1/evidence?period={period}&snapshot=1", Stop));
        var pack = Read(await world.Client.Http.GetByteArrayAsync($"/api/v1/evidence?period={period}&snapshot=2", Stop));

        foreach (var reported in new[] { whileOpen, first })
        {
            var checkedFirst = await CheckAsync(python, reported);
            checkedFirst.ExitCode.ShouldBe(0, checkedFirst.Output);
            checkedFirst.Output.ShouldContain("inventory.json is snapshot 1, SHA-256 " + hash);
        }

        foreach (var name in first.Keys.Except(["manifest.json", "README.txt"]))
        {
            first[name].ShouldBe(whileOpen[name], name);
        }

        foreach (var (file, then, now) in new[] { ("entries.csv", ",77,l,", ",78,l,"), ("ledger.csv", ",Gdańsk,", ",Shipyard,"), ("boundary.csv", ",0.6,", ",0.5,"), ("decisions.csv", ",12.5,", ",11,") })
        {
            Encoding.UTF8.GetString(first[file]).ShouldContain(then, Case.Sensitive, file);
            Encoding.UTF8.GetString(first[file]).ShouldNotContain(now, Case.Sensitive, file);
            Encoding.UTF8.GetString(pack[file]).ShouldContain(now, Case.Sensitive, file);
        }

        Convert.ToHexStringLower(SHA256.HashData(pack["previous.json"])).ShouldBe(hash);
        var intact = await CheckAsync(python, pack);
        intact.ExitCode.ShouldBe(0, intact.Output);
        intact.Output.ShouldContain("inventory.json is snapshot 2, SHA-256 " + Convert.ToHexStringLower(SHA256.HashData(pack["inventory.json"])));
        foreach (var name in pack.Keys)
        {
            var found = await CheckAsync(python, With(pack, name, OneDigit(Encoding.UTF8.GetString(pack[name]))));
            found.ExitCode.ShouldBe(1, name);
            found.Output.ShouldStartWith("DIFFERENT " + name);
        }

        foreach (var (name, column, where) in new[]
        {
            ("ledger.csv", "kg_co2e", "entry/"), ("ledger.csv", "quantity", "entry/"), ("ledger.csv", "co2", "entry/"), ("ledger.csv", "factor_id", "entry/"), ("ledger.csv", "to", "entry/"),
            ("boundary.csv", "share", ",0.5,"), ("boundary.csv", "from", "days"), ("decisions.csv", "estimated_tonnes", "10,4,excluded"), ("difference.csv", "change_kg_co2e", "location,scope"),
            ("difference.csv", "reported_kg_co2e", "market,site"),
        })
        {
            var found = await CheckAsync(python, Signed(With(pack, name, ChangeCell(Encoding.UTF8.GetString(pack[name]), column, where))));
            found.ExitCode.ShouldBe(1, $"{name} {column}: {found.Output}");
        }

        // The document by somebody who makes its hash fit everywhere: each figure is recomputed.
        foreach (var figure in new[] { "\"kgCo2e\": \"", "\"ch4\": \"", "\"measuredKgCo2e\": \"", "\"kilowattHours\": \"", "\"results\": " })
        {
            var text = Encoding.UTF8.GetString(pack["inventory.json"]);
            var at = text.IndexOf(figure, text.IndexOf("\"market\"", StringComparison.Ordinal), StringComparison.Ordinal) + figure.Length;
            var forged = text[..at] + (text[at] == '9' ? '8' : (char)(text[at] + 1)) + text[(at + 1)..];
            var found = await CheckAsync(python, Signed(With(pack, "inventory.json", forged)));
            found.ExitCode.ShouldBe(1, figure);
            found.Output.ShouldStartWith("DIFFERENT inventory.json, row totals.market");
        }

        // Locked before shares and decisions were kept with it: the present ones would be passed off as those of then.
        await world.Client.Ledger.ExecuteAsync("update inventory_snapshots set papers = null where tenant_id = $1");
        await world.Client.GetProblemAsync($"/api/v1/evidence?period={period}&snapshot=1", HttpStatusCode.Conflict);
        Read(await world.Client.Http.GetByteArrayAsync($"/api/v1/evidence?period={period}&snapshot=2", Stop))["boundary.csv"].ShouldBe(pack["boundary.csv"]);
        await LockSteps.ReopenAsync(world.Client.Http, period);
        await world.Client.GetProblemAsync($"/api/v1/evidence?period={period}&snapshot=2", HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Export_QueryThatIsNotUnderstood_Is422()
    {
        using var client = await apps.NewTenantAsync();

        foreach (var query in new[] { "?form=2025-01-01", "?from=January", "?from=2025-02-01&to=2025-01-01" })
        {
            await client.GetProblemAsync("/api/v1/evidence" + query, HttpStatusCode.UnprocessableEntity);
        }
    }

    [Fact]
    public async Task Export_ByAnAnalyst_IsRefused()
    {
        using var client = await apps.NewTenantAsync(TenantRole.Analyst);

        await client.GetProblemAsync("/api/v1/evidence", HttpStatusCode.Forbidden);
    }

    /// <summary>Numbers that each step of the calculation hangs on: file, column, and what a line has to hold to be the one that is changed.</summary>
    private static readonly (string File, string Column, string Where)[] Cells =
    [
        ("entries.csv", "quantity", "natural-gas"), ("entries.csv", "from", "natural-gas"),
        ("entries.csv", "quantity", "density"), ("entries.csv", "measured_quantity", "density"), ("entries.csv", "conversion_value", "density"), ("units.csv", "factor", "volume"),
        ("results.csv", "quantity", ",co2e,"), ("results.csv", "factor_quantity", ",co2e,"), ("results.csv", "kg_co2e", ",co2e,"), ("results.csv", "kg_co2e", ",mass,"),
        ("results.csv", "kg_co2e", ",release,"), ("results.csv", "kg_co2e", ",instrument,"), ("results.csv", "factor_quantity", ",instrument,"),
        ("results.csv", "kilowatt_hours", ",location,"), ("results.csv", "biogenic_kg_co2", ",OutsideScopes,"),
        ("results.csv", "kg_co2e", ",reported,"), ("entries.csv", "category", "Leeds"), ("entries.csv", "quantity", "commuting-survey"), ("entries.csv", "quantity", "spend-legal"),
        ("steps.csv", "operand_value", ",worksheet,"), ("steps.csv", "result", ",worksheet,"), ("steps.csv", "operand_value", ",money,"), ("steps.csv", "result", ",money,"),
        ("steps.csv", "of_step", "worksheet"), ("steps.csv", "number", "money"),
        ("gases.csv", "per_unit", ",CH4,"), ("gases.csv", "kg", ",HFC-32,"), ("gases.csv", "potential", ",HFC-125,"), ("gases.csv", "kg_co2e", ",CO2,"),
        ("factors.csv", "co2e", ",Direct,"), ("factors.csv", "biogenic_co2", ",OutsideScopes,"),
        ("gwp.csv", "potential", "HFC-32"), ("blends.csv", "share", "HFC-125"), ("units.csv", "factor", "MWh"),
        ("instruments.csv", "kg_co2e_per_kwh", "Wind"),
        ("cloud.csv", "kg_co2e", "aws"), ("cloud.csv", "embodied_kg_co2e", "aws"),
        ("totals.csv", "kg_co2e", ",1,,"), ("totals.csv", "kilowatt_hours", ",location,"), ("totals.csv", "results", ",market,"), ("totals.csv", "submitted_kg_co2e", "2025-02,1,"),
    ];

    private async Task<EntryWorld> YearAsync()
    {
        var world = await EntryWorld.CreateAsync(apps);
        await world.AddInstrumentAsync(30, 0.011m, "2025-03-10", "2025-09-20", world.Leeds);
        await world.AddInstrumentAsync(null, 0.4m, "2025-07-10", "2025-12-31", world.Gdansk);
        await world.LoadMoneyAsync();
        await world.SaveAsync([.. world.AYear(), .. world.AValueChain()]);
        var weighed = world.Entry(world.Leeds, "diesel", 416, "kg", "2025-10-01", "2025-11-12");
        weighed.ConvertedFrom = new ConvertedFrom(0.5m, "m3", "density", 0.832m, "kg", "l", "Delivery note 12");
        await world.SaveAsync(weighed);
        await world.Client.ImportAsync(TestBill.File(
            TestBill.Line("a", month: "2025-03"), TestBill.Line("b", month: "2025-04")));
        return world;
    }

    private static string Python()
    {
        var python = new[] { "/usr/bin/python3", "/usr/local/bin/python3" }.FirstOrDefault(File.Exists);
        Assert.SkipWhen(python is null, "python3 is not on this machine.");
        return python!;
    }

    private static async Task<OtherProgram> CheckAsync(string python, IReadOnlyDictionary<string, byte[]> pack)
    {
        var folder = Directory.CreateTempSubdirectory("offgridflow-evidence-").FullName;
        try
        {
            var path = Path.Combine(folder, "evidence.zip");
            await using (var archive = await ZipFile.OpenAsync(path, ZipArchiveMode.Create, Stop))
            {
                foreach (var (name, content) in pack)
                {
                    await using var stream = await archive.CreateEntry(name).OpenAsync(Stop);
                    await stream.WriteAsync(content, Stop);
                }
            }

            return await OtherProgram.RunAsync(python, [Path.Combine(Repository.Root, "docs", "methods", "verify_evidence.py"), path]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Dictionary<string, byte[]> Read(byte[] zip)
    {
        using var archive = new ZipArchive(new MemoryStream(zip));
        return archive.Entries.ToDictionary(entry => entry.FullName, entry =>
        {
            using var content = new MemoryStream();
            using var stream = entry.Open();
            stream.CopyTo(content);
            return content.ToArray();
        });
    }

    private static Dictionary<string, byte[]> With(IReadOnlyDictionary<string, byte[]> pack, string name, string content) =>
        new(pack) { [name] = Encoding.UTF8.GetBytes(content) };

    /// <summary>The last digit there is, one higher.</summary>
    private static string OneDigit(string text)
    {
        var at = text.LastIndexOfAny([.. "0123456789"]);
        return text[..at] + (char)('0' + (text[at] - '0' + 1) % 10) + text[(at + 1)..];
    }

    /// <summary>The last digit of a cell, in the first line that holds the words and has that cell.</summary>
    private static string ChangeCell(string table, string column, string where)
    {
        var lines = table.Split('\n');
        var index = Array.IndexOf(lines[0].Split(','), column);
        for (var i = 1; i < lines.Length; i++)
        {
            var cells = Cut(lines[i]);
            if (lines[i].Contains(where, StringComparison.Ordinal) && cells.Count > index && cells[index].Any(char.IsAsciiDigit))
            {
                cells[index] = OneDigit(cells[index]);
                lines[i] = string.Join(',', cells);
                return string.Join('\n', lines);
            }
        }

        throw new InvalidOperationException($"No line holds “{where}” with a number in {column}.");
    }

    /// <summary>Cells as they are written, with their quotes.</summary>
    private static List<string> Cut(string line)
    {
        var cells = new List<string> { "" };
        var quoted = false;
        foreach (var character in line)
        {
            quoted ^= character == '"';
            if (character == ',' && !quoted)
            {
                cells.Add("");
            }
            else
            {
                cells[^1] += character;
            }
        }

        return cells;
    }

    /// <summary>The manifest made to fit the files again.</summary>
    private static Dictionary<string, byte[]> Signed(Dictionary<string, byte[]> pack)
    {
        var manifest = JsonNode.Parse(pack["manifest.json"])!;
        foreach (var file in manifest["files"]!.AsArray())
        {
            var content = pack[(string)file!["name"]!];
            file["sha256"] = Convert.ToHexStringLower(SHA256.HashData(content));
            file["bytes"] = content.Length;
            if (file["rows"] is not null)
            {
                file["rows"] = Encoding.UTF8.GetString(content).Count(character => character == '\n') - 1;
            }
        }

        if (manifest["inventory"] is { } inventory)
        {
            inventory["sha256"] = Convert.ToHexStringLower(SHA256.HashData(pack["inventory.json"]));
        }

        manifest["checksum"] = new string('0', 64);
        var text = manifest.ToJsonString();
        return With(pack, "manifest.json", text.Replace(new string('0', 64), Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))), StringComparison.Ordinal));
    }
}
