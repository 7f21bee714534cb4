using System.Globalization;
using System.Net;
using System.Text;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using OffGridFlow.Tests.ActivityData;
using OffGridFlow.Tests.Identity;
using OffGridFlow.Tests.Reports;

namespace OffGridFlow.Tests.Imports.Sheets;

/// <summary>The template files, as the page's links give them.</summary>
public sealed class SheetTemplateTests(SharedApp shared) : IClassFixture<SharedApp>
{
    private static readonly string[] Headings = ["Site", "Activity type", "From", "To", "Quantity", "Unit", "Gas", "Quality", "Accrual", "Category", "Vendor", "Ledger account", "Reference", "Note", "External id"];

    private readonly TestApp _app = shared.App;

    [Fact]
    public async Task Workbook_OffersTheTenantsOwnSitesTypesAndUnits()
    {
        var client = await EntryClient.NewAsync(_app);
        await EntryClient.AddSiteAsync(_app, client.Company.Tenant, "=HYPERLINK(\"http://evil.example\",\"Hall\")");
        var other = await EntryClient.NewAsync(_app);
        await EntryClient.AddSiteAsync(_app, other.Company.Tenant, "Somebody else’s works");

        using var template = await Template.OpenAsync(_app, client.Company.AdminEmail);

        template.Values.SheetNames.ShouldBe(["Activity data", "How to fill it in", "Lists"]);
        template.Values["Activity data"].Single().Cells.Values.Select(cell => cell.Text).ShouldBe(Headings);
        template.ListOf("Site").ShouldBe(["=HYPERLINK(\"http://evil.example\",\"Hall\")", "Leeds office"]);
        template.ListOf("Activity type").ShouldContain("Natural gas");
        template.ListOf("Activity type").ShouldBeUnique();
        template.ListOf("Gas").ShouldContain("R-410A");
        template.ListOf("Quality").ShouldBe(["Measured", "Estimated", "Defaulted"]);
        template.ListOf("Accrual").ShouldBe(["Yes", "No"]);
        template.ListOf("Category").Count.ShouldBe(15);
        template.ListOf("Category")[6].ShouldBe("7 Employee commuting");
        template.Values.AllCells.Where(cell => cell.Cell.Formula is not null).ShouldBeEmpty();
        template.Values.AllCells.Where(cell => cell.Cell.Text.StartsWith('=')).ShouldAllBe(cell => cell.Cell.IsText && cell.Cell.Quoted);
        Encoding.UTF8.GetString(template.Values.Bytes).ShouldNotContain("Somebody else");
    }

    [Fact]
    public async Task Workbook_EveryTypeAndUnit_IsOneThatAnEntryTakes()
    {
        var client = await EntryClient.NewAsync(_app);
        using var template = await Template.OpenAsync(_app, client.Company.AdminEmail);
        var (types, units) = template.Pairs();

        types.Distinct().ShouldBe(template.ListOf("Activity type"));
        // A type's units are one piece of the column, or the drop-down would offer those of another.
        types.Zip(types.Skip(1)).Count(pair => pair.First != pair.Second).ShouldBe(types.Distinct().Count() - 1);
        foreach (var (type, unit) in types.Zip(units).DistinctBy(pair => pair.First))
        {
            var (status, body) = await client.SendAsync(HttpMethod.Post, "activities", client.Gas(other: [("activityType", type), ("unit", unit), ("gas", "R-410A"), ("reference", type)]));
            status.ShouldBe(201, $"{type} in {unit}: {body}");
        }
    }

    [Fact]
    public async Task Workbook_CellsOfAColumn_HaveItsRuleAndFormat()
    {
        var client = await EntryClient.NewAsync(_app);
        using var template = await Template.OpenAsync(_app, client.Company.AdminEmail);

        template.RuleOf("From").Type!.Value.ShouldBe(DataValidationValues.Date);
        template.RuleOf("To").Formula1!.Text.ShouldBe("MAX(DATE(1990,1,1),$C2)");
        template.RuleOf("Quantity").Type!.Value.ShouldBe(DataValidationValues.Decimal);
        template.RuleOf("Unit").Formula1!.Text.ShouldStartWith("IF(ISNUMBER(MATCH($B2,'Lists'!$C$2:$C$");
        template.Rules.ShouldAllBe(rule => rule.PromptTitle!.Value!.Length <= 32 && rule.Prompt!.Value!.Length <= 255 && rule.Error!.Value!.Length <= 225 && rule.Formula1!.Text.Length <= 8192);
        template.FormatOf("From").ShouldBe("yyyy\\-mm\\-dd");
        template.FormatOf("Reference").ShouldBe("@");
        template.IsHidden("Lists").ShouldBeTrue();
        template.IsHidden("Activity data").ShouldBeFalse();
    }

    [Fact]
    public async Task Workbook_WithoutASite_IsValidAllTheSame()
    {
        var company = await Company.NewAsync(_app);

        using var template = await Template.OpenAsync(_app, company.AdminEmail);

        template.Rules.ShouldNotContain(rule => rule.PromptTitle!.Value == "Site");
        template.Values["How to fill it in"].SelectMany(row => row.Cells.Values).ShouldContain(cell => cell.Text.Contains("with 0 sites", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Csv_HoldsTheHeadings()
    {
        using var browser = await Browser.SignedInAsync(_app);

        using var answer = await browser.GetAsync("/app/imports/template.csv");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentDisposition!.FileName.ShouldBe("activity-data-template.csv");
        var bytes = await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Encoding.UTF8.GetString(bytes).ShouldBe('\uFEFF' + string.Join(',', Headings) + "\r\n");
    }

    /// <summary>A downloaded workbook, seen through Microsoft's SDK.</summary>
    private sealed class Template : IDisposable
    {
        private readonly SpreadsheetDocument _document;

        private Template(byte[] bytes)
        {
            Values = Xlsx.Read(bytes);
            _document = SpreadsheetDocument.Open(new MemoryStream(bytes, writable: false), isEditable: false);
        }

        public Xlsx Values { get; }

        public List<DataValidation> Rules => Sheet("Activity data").Descendants<DataValidation>().ToList();

        public static async Task<Template> OpenAsync(TestApp app, string email)
        {
            using var browser = await Browser.SignedInAsync(app, email);
            using var answer = await browser.GetAsync("/app/imports/template.xlsx");
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
            return new Template(await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        }

        public DataValidation RuleOf(string heading) => Rules.Single(rule => rule.PromptTitle!.Value == heading);

        /// <summary>What the drop-down of a column holds: the cells that its rule names.</summary>
        public List<string> ListOf(string heading) => Range(RuleOf(heading).Formula1!.Text);

        public (List<string> Types, List<string> Units) Pairs()
        {
            var types = RuleOf("Unit").Formula1!.Text.Split(',')[1];
            return (Range(types), Range(types.Replace("$C", "$D", StringComparison.Ordinal)));
        }

        public string FormatOf(string heading)
        {
            var column = Sheet("Activity data").Descendants<Column>().ElementAt(Headings.IndexOf(heading));
            var styles = _document.WorkbookPart!.WorkbookStylesPart!.Stylesheet;
            var format = styles.CellFormats!.Elements<CellFormat>().ElementAt((int)column.Style!.Value).NumberFormatId!.Value;
            return format == 49 ? "@" : styles.NumberingFormats!.Elements<NumberingFormat>().Single(known => known.NumberFormatId!.Value == format).FormatCode!.Value!;
        }

        public bool IsHidden(string sheet) => Find(sheet).State is { } state && state.Value == SheetStateValues.Hidden;

        public void Dispose() => _document.Dispose();

        private List<string> Range(string formula)
        {
            // E.g. 'Lists'!$A$2:$A$9
            var parts = formula.Split('\'', '!', '$', ':').Where(part => part.Length > 0).ToList();
            var (first, last) = (int.Parse(parts[2], CultureInfo.InvariantCulture), int.Parse(parts[4], CultureInfo.InvariantCulture));
            return Values[parts[0]].Where(row => row.Number >= first && row.Number <= last).Select(row => row.At(parts[1])!.Text).ToList();
        }

        private Sheet Find(string name) => _document.WorkbookPart!.Workbook.Sheets!.Elements<Sheet>().Single(sheet => sheet.Name == name);

        private DocumentFormat.OpenXml.Spreadsheet.Worksheet Sheet(string name) => ((WorksheetPart)_document.WorkbookPart!.GetPartById(Find(name).Id!)).Worksheet;
    }
}
