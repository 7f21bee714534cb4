using System.Text;

namespace OffGridFlow.Infrastructure.EmissionFactors;

/// <summary>The table that an organization's own factors come in: a line of headings, then a line for each factor; commas, semicolons or tabs between.</summary>
public static class OwnFactorTemplate
{
    public const int MostRows = 5000;

    public static readonly IReadOnlyList<string> Headings =
    [
        "activity", "name", "unit", "co2e", "co2", "ch4", "n2o", "biogenic_co2", "region", "valid_from", "valid_to", "part", "supply", "uncertainty_percent", "note",
    ];

    private static readonly char[] Separators = [',', ';', '\t'];
    private static readonly string[] Needed = ["activity", "unit", "region", "valid_from", "valid_to"];

    /// <summary>With one line of each kind to overwrite: a supplier's rate, a residual mix, a fuel by its gases. The figures are made up and named so.</summary>
    public static string Text => string.Join("\r\n", string.Join(',', Headings),
        "electricity,EXAMPLE supplier's rate (overwrite),kWh,0.123,,,,,DE,2025-01-01,2025-12-31,Direct,Supplier,,Example figure",
        "electricity,EXAMPLE residual mix (overwrite),kWh,0.456,,,,,FR,2025-01-01,2025-12-31,Direct,ResidualMix,,Example figure",
        "natural-gas,EXAMPLE fuel by its gases (overwrite),kWh (Gross CV),,0.18,0.00001,0.000001,,GB,2025-01-01,2025-12-31,Direct,,5,Example figure") + "\r\n";

    /// <summary>The rows of a file, or why it cannot be read as a table.</summary>
    public static IReadOnlyList<OwnFactorInput> Read(string text, List<OwnFactorFault> faults)
    {
        var records = Records(text.TrimStart('\uFEFF'));
        if (records.Count == 0)
        {
            faults.Add(new OwnFactorFault(1, "", "", "The file is empty.", "Download the template, fill it in and send that."));
            return [];
        }

        var head = records[0].Cells.Select(cell => cell.Trim().ToLowerInvariant()).ToList();
        foreach (var unknown in head.Where(heading => !Headings.Contains(heading)))
        {
            faults.Add(new OwnFactorFault(records[0].Line, unknown, unknown, "The heading is not one of the template.", "Use: " + string.Join(", ", Headings) + "."));
        }

        foreach (var missing in Needed.Where(heading => !head.Contains(heading)))
        {
            faults.Add(new OwnFactorFault(records[0].Line, missing, "", "The heading is missing.", "Add the column, or start from the template."));
        }

        foreach (var twice in head.GroupBy(heading => heading).Where(heading => heading.Count() > 1))
        {
            faults.Add(new OwnFactorFault(records[0].Line, twice.Key, twice.Key, "The heading stands there twice.", "Leave one of the two columns."));
        }

        if (faults.Count > 0)
        {
            return [];
        }

        var rows = new List<OwnFactorInput>();
        foreach (var (line, cells) in records.Skip(1).Where(record => record.Cells.Exists(cell => cell.Trim().Length > 0)))
        {
            if (cells.Count != head.Count)
            {
                faults.Add(new OwnFactorFault(
                    line, "", string.Join(',', cells), FormattableString.Invariant($"The line has {cells.Count} cells, the headings are {head.Count}."),
                    "Put a text that holds the separator into quotation marks."));
                continue;
            }

            string Cell(string heading) => head.IndexOf(heading) is >= 0 and var index ? cells[index].Trim() : "";
            rows.Add(new OwnFactorInput(line)
            {
                Activity = Cell("activity"), Name = Cell("name"), Unit = Cell("unit"), Co2e = Cell("co2e"), Co2 = Cell("co2"), Ch4 = Cell("ch4"), N2o = Cell("n2o"),
                BiogenicCo2 = Cell("biogenic_co2"), Region = Cell("region"), ValidFrom = Cell("valid_from"), ValidTo = Cell("valid_to"), Part = Cell("part"),
                Supply = Cell("supply"), UncertaintyPercent = Cell("uncertainty_percent"), Note = Cell("note"),
            });
        }

        return rows;
    }

    /// <summary>The cells of each record with the line where it begins; a quoted cell may hold separators, doubled quotes and line ends.</summary>
    private static List<(int Line, List<string> Cells)> Records(string text)
    {
        var first = text.Split('\n', 2)[0];
        var separator = Separators.MaxBy(candidate => first.Count(character => character == candidate));
        List<(int, List<string>)> records = [];
        List<string> cells = [];
        var cell = new StringBuilder();
        var (line, began, quoted) = (1, 1, false);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (quoted)
            {
                if (c == '"' && i + 1 < text.Length && text[i + 1] == '"')
                {
                    cell.Append('"');
                    i++;
                }
                else if (c == '"')
                {
                    quoted = false;
                }
                else
                {
                    line += c == '\n' ? 1 : 0;
                    cell.Append(c);
                }
            }
            else if (c == '"' && cell.Length == 0)
            {
                quoted = true;
            }
            else if (c == separator)
            {
                cells.Add(cell.ToString());
                cell.Clear();
            }
            else if (c == '\n')
            {
                EndRecord();
                began = ++line;
            }
            else if (c != '\r')
            {
                cell.Append(c);
            }
        }

        if (cell.Length > 0 || cells.Count > 0)
        {
            EndRecord();
        }

        return records;

        void EndRecord()
        {
            cells.Add(cell.ToString());
            cell.Clear();
            if (cells.Count > 1 || cells[0].Length > 0)
            {
                records.Add((began, cells));
            }

            cells = [];
        }
    }
}
