using System.Globalization;
using System.Text;

namespace OffGridFlow.Core.EmissionFactors;

/// <summary>A small comma-separated table with a header line, as the reference data is kept: quoted cells may hold commas and doubled quotes.</summary>
public sealed class ReferenceTable
{
    private readonly Dictionary<string, int> columns;
    private readonly List<string[]> rows = [];

    private ReferenceTable(string name, string[] header)
    {
        Name = name;
        columns = header.Select((column, index) => (column, index)).ToDictionary(c => c.column, c => c.index);
    }

    public string Name { get; }

    public IEnumerable<ReferenceRow> Rows => rows.Select((cells, index) => new ReferenceRow(this, cells, index + 2));

    /// <exception cref="ReferenceTableException">The text has no header, or a line has another number of cells.</exception>
    public static ReferenceTable Parse(string name, string text)
    {
        ReferenceTable? table = null;
        var line = 0;
        using var reader = new StringReader(text);
        while (reader.ReadLine() is { } content)
        {
            line++;
            var cells = Split(content);
            if (table is null)
                table = new ReferenceTable(name, cells);
            else if (cells.Length == table.columns.Count)
                table.rows.Add(cells);
            else
                throw new ReferenceTableException(name, line, $"{cells.Length} cells where the header has {table.columns.Count}");
        }
        return table ?? throw new ReferenceTableException(name, 1, "the file is empty");
    }

    public int Column(string column) =>
        columns.TryGetValue(column, out var index) ? index : throw new ReferenceTableException(Name, 1, $"column '{column}' is missing");

    private static string[] Split(string line)
    {
        var cells = new List<string>();
        var cell = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (quoted && c == '"' && i + 1 < line.Length && line[i + 1] == '"')
            {
                cell.Append('"');
                i++;
            }
            else if (c == '"')
            {
                quoted = !quoted;
            }
            else if (c == ',' && !quoted)
            {
                cells.Add(cell.ToString());
                cell.Clear();
            }
            else
            {
                cell.Append(c);
            }
        }
        cells.Add(cell.ToString());
        return [.. cells];
    }
}

/// <summary>One row of a <see cref="ReferenceTable"/>; numbers are written with a point in every culture.</summary>
public readonly record struct ReferenceRow(ReferenceTable Table, string[] Cells, int Line)
{
    public string Text(string column) => Cells[Table.Column(column)];

    public string[] List(string column, char separator = '|') =>
        Text(column).Split(separator, StringSplitOptions.RemoveEmptyEntries);

    public decimal Number(string column) => OptionalNumber(column) ?? throw Fault($"'{column}' is empty");

    public decimal? OptionalNumber(string column)
    {
        var text = Text(column);
        if (text.Length == 0)
            return null;
        return decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Fault($"'{column}' holds '{text}', which is not a number");
    }

    public TEnum Enum<TEnum>(string column) where TEnum : struct, Enum =>
        System.Enum.TryParse<TEnum>(Text(column).Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var value) && System.Enum.IsDefined(value)
            ? value
            : throw Fault($"'{column}' holds '{Text(column)}', which is none of {string.Join(", ", System.Enum.GetNames<TEnum>())}");

    public ReferenceTableException Fault(string message) => new(Table.Name, Line, message);
}
