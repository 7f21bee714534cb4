using OffGridFlow.Core.Reports;
using OffGridFlow.Infrastructure.Reports.Excel;

namespace OffGridFlow.Web.Features.Emissions.Export;

/// <summary>The last sheet: how the figures are to be read.</summary>
internal static class NotesSheet
{
    private const int Width = 110;

    /// <summary>Fewer than the width, because words do not end where lines do, and fonts differ.</summary>
    private const int CharactersPerLine = 105;

    public static Worksheet Build(ExportRequest request, bool comparisonOnly)
    {
        List<(string Topic, string Text)> notes =
        [
            ("What this is", "The activities of the ledger that the explorer showed with this filter, as they stood at the time of export. One row is one activity: a month's usage of one class in one account, service and region, in one currency."),
            ("Figures", "Masses are kg CO2e. Operational: the electricity used, times the grid factor of the region. Embodied: the share of making the hardware. Total = operational + embodied. Electricity is final energy in kWh with the data center's overhead and contains no embodied emissions. Quantities of different units are not added."),
            ("Scope", "Public cloud is Scope 3, category 1 (purchased goods and services) of the GHG Protocol. The provider's own split into scopes is not used."),
            ("Months", "Calendar months: of cloud usage in UTC, by its start; of entered activities in the site's own calendar, divided by days where they cross months. A month counts when it overlaps the days asked for."),
            ("Zero, missing, not applicable", "Three things. Zero is a figure and stands as 0. Missing has no figure: its cells are empty, the data quality is “missing”, and the column “Why there is no figure” says why; it stands outside every total, which shows how many activities and how much cost that concerns. What a named rule leaves out has the quality “excluded”; nothing is missing there. Where nothing in a group has a figure, “no data” stands in place of a zero, or a dash where a rule leaves all of it out."),
            ("Scope 2", "Purchased energy has two views, location-based and market-based, which are never added: an export holds one of them, and its summary names it."),
            ("Entered activities", "An entry has a row for each month, scope and part that it causes: fuels also what comes before them, electricity also what is lost on the way. Its service is the kind of activity, its account the site. It has neither operational and embodied parts nor a cost. CO2 from living matter stands in a column of its own and in no total."),
            ("Data quality", "measured: entered as measured, with a factor that fits place and time. estimated: modelled from usage. defaulted: every coefficient that mattered was a stand-in. The column “of which by default coefficients” gives the part of each mass that rests on stand-ins. Modelled cloud usage is never measured."),
            ("Totals", "Live formulas: change or filter a row and they follow. Row 1 of the activities adds the rows that the filter leaves (SUBTOTAL); the summary adds all rows. The results stored with the formulas are the exact sums of the ledger."),
            ("Groups", "Each activity names its line of the summary, and the summary adds by that number. Sorting and filtering the activities changes nothing there."),
            ("Rounding", "The ledger keeps twelve decimals, rounded once, half to even; totals add these values. Cells hold 15 significant digits, which is what spreadsheets calculate with; formats show three decimals, and what is smaller reads “< 0.001” instead of a zero that is none."),
            ("Cost", "The usage's cost as the bill states it, in the bill's currency. It is never added across currencies. Charges that are not usage (tax, fees, credits) are not part of it."),
            ("Flags", "Codes of facts that must be seen beside a figure. The trail of the figure explains each in a sentence."),
            ("Trail", request.Site is null
                ? "The links are left out: the role of the person who exported this cannot open trails."
                : "The link opens the way from the figure to its formula, its factor and the lines of the bill. It asks for a sign-in and for the right to open trails. After a bill was replaced, its activities have new ids and the old links say so."),
            ("Texts", $"Texts are stored as texts, also those that begin like a formula. Characters that no file of this kind can hold are written as _x and four digits; a text of more than {ExcelText.LongestCell} characters is cut."),
        ];
        if (comparisonOnly)
        {
            notes.Insert(1, ("Comparison only", SummaryResponse.ComparisonNotice + " The method reproduces a published tool with its known errors, so that results can be laid beside it; they can be neither locked nor filed."));
        }

        return new Worksheet
        {
            Name = "Notes",
            ColumnWidths = [30, Width],
            RowLines = notes.Index().ToDictionary(note => note.Index + 2, note => 1 + note.Item.Text.Length / CharactersPerLine + 1).Prepend(new(1, 2)).ToDictionary(),
            GridLines = false,
            Rows = notes.Select(note => new ReadOnlyMemory<Cell>([Cell.Of(note.Topic, CellStyle.Label), Cell.Of(note.Text, CellStyle.Wrapped)]))
                .Prepend(new([Cell.Of("How to read these figures", CellStyle.Title)])).ToAsyncEnumerable(),
        };
    }
}
