using OffGridFlow.Core.Reports;

namespace OffGridFlow.Infrastructure.Imports.Sheets.Templates;

/// <summary>Files to fill in, whose headings the import knows.</summary>
public interface ISheetTemplates
{
    /// <summary>A workbook whose cells offer the sites, activity types and units of the present organization.</summary>
    Task<Workbook> BuildWorkbookAsync(CancellationToken cancellationToken);

    /// <summary>The headings alone, as CSV.</summary>
    string BuildCsv();
}
