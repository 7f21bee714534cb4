using System.IO.Compression;
using System.Net;
using System.Text;
using OffGridFlow.Tests.ActivityData;
using OffGridFlow.Tests.Identity;
using OffGridFlow.Tests.Reports;

namespace OffGridFlow.Tests.Imports.Sheets;

/// <summary>The file on its way in and, with remarks, on its way out, as the pages of the import ask for it.</summary>
public sealed class SheetPageEndpointsTests(SharedApp shared) : IClassFixture<SharedApp>
{
    private const string Head = "Site,Activity type,From,To,Quantity,Unit,Note";
    private const string Formula = "=HYPERLINK(\"http://evil.example\")";

    private readonly TestApp _app = shared.App;

    [Fact]
    public async Task Upload_MakesADraft_AndTheSameBytesLeadToIt()
    {
        var client = await EntryClient.NewAsync(_app);
        using var browser = await Browser.SignedInAsync(_app, client.Company.AdminEmail);
        var bytes = Encoding.UTF8.GetBytes(Head + "\r\nLeeds office,Natural gas,2025-01-01,2025-01-31,100,kWh (Gross CV),\r\n");

        using var first = await SheetUploads.SendAsync(browser, "meters.csv", bytes);
        using var second = await SheetUploads.SendAsync(browser, "another name.csv", bytes);

        (first.StatusCode, second.StatusCode).ShouldBe((HttpStatusCode.Created, HttpStatusCode.OK));
        var draft = (await SheetUploads.ReadAsync(first)).GetProperty("draftId").GetGuid();
        (await SheetUploads.ReadAsync(second)).GetProperty("draftId").GetGuid().ShouldBe(draft);
    }

    [Fact]
    public async Task Upload_WithoutTheFormsToken_StoresNothing()
    {
        var client = await EntryClient.NewAsync(_app);
        using var browser = await Browser.SignedInAsync(_app, client.Company.AdminEmail);

        using var answer = await SheetUploads.SendAsync(browser, "meters.csv", Encoding.UTF8.GetBytes(Head), token: "made-up");

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await _app.OwnerAsync<long>("select count(*) from source_documents where tenant_id = $1", client.Company.Tenant)).ShouldBe(0);
    }

    [Fact]
    public async Task Upload_OfWhatIsNoTable_SaysWhyAndWhatToDo()
    {
        var client = await EntryClient.NewAsync(_app);
        using var browser = await Browser.SignedInAsync(_app, client.Company.AdminEmail);

        using var answer = await SheetUploads.SendAsync(browser, "photo.xlsx", [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10, 0, 0, 0, 0]);

        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var problem = await SheetUploads.ReadAsync(answer);
        problem.GetProperty("reason").GetString().ShouldNotBeNullOrWhiteSpace();
        problem.GetProperty("fix").GetString().ShouldNotBeNullOrWhiteSpace();
    }

    [Fact]
    public async Task Annotated_HoldsEveryRowWithItsReason_AndNoFormula()
    {
        var client = await EntryClient.NewAsync(_app);
        var draft = await SheetUploads.OpenAsync(
            _app, client.Company.AdminEmail, "meters.csv", Head, "Leeds office,Natural gas,2025-01-01,2025-01-31,100,kWh (Gross CV)," + Csv(Formula), "Nowhere,Natural gas,2025-02-01,2025-02-28,90,kWh (Gross CV),kept");
        using var browser = await Browser.SignedInAsync(_app, client.Company.AdminEmail);

        using var answer = await browser.GetAsync($"/app/imports/activity/{draft}/annotated");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
        var workbook = Xlsx.Read(await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        var cells = workbook.AllCells.Select(cell => cell.Cell).ToList();
        cells.ShouldAllBe(cell => cell.Formula == null);
        cells.ShouldContain(cell => cell.Text == Formula && cell.Quoted);
        cells.ShouldContain(cell => cell.Text == "kept");
        cells.ShouldContain(cell => cell.Text.Contains("Nowhere", StringComparison.Ordinal) && cell.Text != "Nowhere", "the reason names what is wrong");
    }

    [Fact]
    public async Task Template_FilledIn_IsReadWithoutAQuestion()
    {
        var client = await EntryClient.NewAsync(_app);
        using var browser = await Browser.SignedInAsync(_app, client.Company.AdminEmail);
        using var template = await browser.GetAsync("/app/imports/template.xlsx");
        var filled = Fill(await template.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken), "Leeds office", "Natural gas", 45658, 45688, 1200.5m, "kWh (Gross CV)");

        using var opened = await SheetUploads.SendAsync(browser, "filled.xlsx", filled);
        opened.StatusCode.ShouldBe(HttpStatusCode.Created);
        var draft = (await SheetUploads.ReadAsync(opened)).GetProperty("draftId").GetGuid();
        using var annotated = await browser.GetAsync($"/app/imports/activity/{draft}/annotated");

        var rows = Xlsx.Read(await annotated.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        var cells = rows.AllCells.Select(cell => cell.Cell.Text).ToList();
        cells.ShouldContain("Leeds office");
        cells.ShouldNotContain(text => text.Contains("How to fill", StringComparison.Ordinal));
        cells.ShouldNotContain("Rejected");
    }

    private static string Csv(string text) => '"' + text.Replace("\"", "\"\"", StringComparison.Ordinal) + '"';

    /// <summary>Writes a row below the headings, as a spreadsheet program would.</summary>
    private static byte[] Fill(byte[] template, string site, string type, int from, int to, decimal quantity, string unit)
    {
        using var stream = new MemoryStream();
        stream.Write(template);
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Update, leaveOpen: true))
        {
            var entry = archive.GetEntry("xl/worksheets/sheet1.xml")!;
            string xml;
            using (var reader = new StreamReader(entry.Open()))
            {
                xml = reader.ReadToEnd();
            }

            var prefix = xml.Contains("<x:sheetData", StringComparison.Ordinal) ? "x:" : "";
            string Text(string column, string text) => $"<{prefix}c r=\"{column}2\" t=\"inlineStr\"><{prefix}is><{prefix}t>{text}</{prefix}t></{prefix}is></{prefix}c>";
            string Number(string column, FormattableString number) => $"<{prefix}c r=\"{column}2\"><{prefix}v>{FormattableString.Invariant(number)}</{prefix}v></{prefix}c>";
            var row = $"<{prefix}row r=\"2\">{Text("A", site)}{Text("B", type)}{Number("C", $"{from}")}{Number("D", $"{to}")}{Number("E", $"{quantity}")}{Text("F", unit)}</{prefix}row>";
            entry.Delete();
            using var writer = new StreamWriter(archive.CreateEntry("xl/worksheets/sheet1.xml").Open());
            writer.Write(xml.Replace($"</{prefix}sheetData>", row + $"</{prefix}sheetData>", StringComparison.Ordinal));
        }

        return stream.ToArray();
    }
}
