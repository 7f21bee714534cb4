using System.Globalization;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Core.Quantities;

namespace OffGridFlow.Infrastructure.Calculation;

/// <summary>Reads a table of rates or indices as people send it, and says line by line what does not do.</summary>
internal static class MoneyTable
{
    public static List<ReferenceRow> Read(string csv, string head, List<MoneyFault> faults)
    {
        try
        {
            var table = ReferenceTable.Parse("table", csv.TrimStart('\uFEFF').ReplaceLineEndings("\n").TrimEnd());
            foreach (var column in head.Split(','))
            {
                table.Column(column);
            }

            var rows = table.Rows.ToList();
            if (rows.Count is 0 or > MoneyRows.MostRows)
            {
                faults.Add(new MoneyFault(1, "", string.Create(CultureInfo.InvariantCulture, $"The table has {rows.Count} rows; send 1 to {MoneyRows.MostRows}.")));
            }

            return rows;
        }
        catch (ReferenceTableException exception)
        {
            faults.Add(new MoneyFault(exception.Line, "", $"The table cannot be read: {exception.Message} Its head is {head}, divided by commas."));
            return [];
        }
    }

    public static string CurrencyOf(UnitTable units, ReferenceRow row, string column, List<MoneyFault> faults)
    {
        var code = row.Text(column).Trim().ToUpperInvariant();
        if (code.Length != 3 || !units.TryFind(code, out var unit) || unit.Group.Money != code)
        {
            faults.Add(new MoneyFault(row.Line, column, $"“{row.Text(column)}” is no currency. Write its three letters (ISO 4217), for example EUR."));
        }

        return code;
    }

    /// <summary>In the place of a value: the figure that is there is taken back.</summary>
    public const string Withdrawn = "withdrawn";

    public static bool IsWithdrawn(ReferenceRow row) => row.Text("value").Trim().Equals(Withdrawn, StringComparison.OrdinalIgnoreCase);

    /// <summary>1 where the row withdraws, which is not kept.</summary>
    public static decimal ValueOf(ReferenceRow row, List<MoneyFault> faults)
    {
        if (IsWithdrawn(row))
        {
            return 1m;
        }

        var text = row.Text("value").Trim();
        try
        {
            if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value > 0 && Exact.Round(value) == value)
            {
                return Exact.Round(value);
            }
        }
        catch (QuantityOverflowException)
        {
            // Said below, with all else that is no figure.
        }

        faults.Add(new MoneyFault(row.Line, "value", $"“{text}” cannot be used. Write a number above zero with a point and at most twelve decimals."));
        return 1m;
    }

    public static string SourceOf(ReferenceRow row, List<MoneyFault> faults)
    {
        var source = row.Text("source").Trim();
        if (IsWithdrawn(row))
        {
            return source;
        }

        if (source.Length is 0 or > MoneyRows.SourceLength || source.Contains('\0', StringComparison.Ordinal))
        {
            faults.Add(new MoneyFault(row.Line, "source", string.Create(CultureInfo.InvariantCulture, $"Say who publishes the figure and where, in at most {MoneyRows.SourceLength} characters.")));
        }

        return source;
    }

    public static void Keep<TKey, TRow>(Dictionary<TKey, (TRow Row, int Line)> rows, TKey key, TRow made, ReferenceRow row, List<MoneyFault> faults)
        where TKey : notnull
    {
        if (!rows.TryAdd(key, (made, row.Line)))
        {
            faults.Add(new MoneyFault(row.Line, "", string.Create(CultureInfo.InvariantCulture, $"Line {rows[key].Line} is for the same. Keep one of them.")));
        }
    }
}
