namespace OffGridFlow.Web.Features.Imports.Sheets;

/// <summary>Which files are tables of activity data by their name alone. A CSV file may be that or a cloud bill: there, the headings tell.</summary>
internal static class SheetFiles
{
    /// <summary>Without the point. Old and foreign workbooks are sent too: the answer says how to save them.</summary>
    public const string Endings = "xlsx xlsm xls xlsb ods tsv tab txt";

    public const string Action = "/app/imports/activity";

    public const string Accept = ".xlsx,.csv,.tsv,.txt,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet,text/csv";

    /// <summary>True for what may be a table although it was read as a bill.</summary>
    public static bool MayBeTable(string fileName) => Path.GetExtension(fileName).Equals(".csv", StringComparison.OrdinalIgnoreCase);
}
