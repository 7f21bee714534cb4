using CsvHelper;

namespace OffGridFlow.Infrastructure.Imports;

/// <summary>Small tables of <c>reference-data</c> that tell how files name things.</summary>
internal static class ReferenceRows
{
    /// <summary>The rows below the line of headings.</summary>
    public static List<string[]> Read(string path)
    {
        using var csv = CsvReader.Create(File.ReadAllBytes(path), CsvReaderOptions.Default with { Separator = ',' });
        var rows = new List<string[]>();
        while (csv.Read())
            rows.Add([.. Enumerable.Range(0, csv.FieldCount).Select(csv.GetString)]);
        return rows;
    }
}
