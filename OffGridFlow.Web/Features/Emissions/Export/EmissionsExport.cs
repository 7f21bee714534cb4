using OffGridFlow.Core.Reports;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Infrastructure.Reports.Excel;

namespace OffGridFlow.Web.Features.Emissions.Export;

/// <summary>What the explorer shows, as a workbook. Its rows come from the snapshot while they are written.</summary>
internal static class EmissionsExport
{
    /// <param name="sheetRows">Rows of a sheet, heads included; further activities go to a further sheet.</param>
    /// <param name="mostLines">Groups of the summary; smaller ones share a line.</param>
    public static Workbook Build(
        EmissionsSnapshot snapshot, ExportRequest request, int sheetRows = ExcelWriter.MostRows, int mostLines = ExportGroups.MostLines)
    {
        var groups = new ExportGroups(request.GroupBy, snapshot.Summary.Groups, mostLines);
        var activities = new ActivitySheets(snapshot, groups, request.Site, sheetRows);
        return new Workbook
        {
            Title = "Emissions of " + snapshot.Facts.Company,
            Creator = request.ExportedBy,
            CreatedAt = request.ExportedAt,
            Sheets =
            [
                new SummarySheet(snapshot, request, groups, activities).Build(), .. activities.Build(),
                NotesSheet.Build(request, snapshot.Summary.ComparisonOnly),
            ],
        };
    }
}
