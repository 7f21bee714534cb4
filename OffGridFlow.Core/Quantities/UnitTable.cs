using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using OffGridFlow.Core.EmissionFactors;

namespace OffGridFlow.Core.Quantities;

/// <summary>The units of <c>reference-data/units</c>, found by symbol or name. Money is not in the table: every currency and price year is a unit.</summary>
public sealed class UnitTable
{
    private const string Energy = "energy";
    private const string Data = "data";

    private static readonly Dictionary<CalorificBasis, string[]> Bases = new()
    {
        [CalorificBasis.Gross] = [" (Gross CV)", " (HHV)", " (gross)"],
        [CalorificBasis.Net] = [" (Net CV)", " (LHV)", " (net)"],
    };

    private readonly Dictionary<string, Unit> _exact = new(StringComparer.Ordinal);

    /// <summary>Null where two units differ in capitals only: <c>ml</c> and <c>ML</c>.</summary>
    private readonly Dictionary<string, Unit?> _anyCase = new(StringComparer.OrdinalIgnoreCase);

    private readonly HashSet<string> _currencies;

    private UnitTable(IEnumerable<string> currencies) => _currencies = new HashSet<string>(currencies, StringComparer.Ordinal);

    /// <summary>Each unit once, in the order of the table.</summary>
    public IReadOnlyList<Unit> All { get; private set; } = [];

    /// <param name="read">Gives the text of a file of the set.</param>
    /// <exception cref="ReferenceTableException">A row cannot be used, or a name means two units.</exception>
    public static UnitTable Parse(Func<string, string> read)
    {
        var table = new UnitTable(ReferenceTable.Parse("currencies.csv", read("currencies.csv")).Rows.Select(row => row.Text("code")));
        var all = new List<Unit>();
        foreach (var row in ReferenceTable.Parse("units.csv", read("units.csv")).Rows)
        {
            var group = row.Text("group");
            var factor = row.Number("factor");
            if (factor <= 0)
            {
                throw row.Fault("a factor is above zero");
            }

            var names = new[] { row.Text("unit") }.Concat(row.List("names")).ToList();
            all.Add(table.Add(row, names, new Unit(names[0], new UnitGroup(group), factor)));
            if (group == Energy)
            {
                all.AddRange(Bases.Select(basis => table.Add(
                    row, [.. basis.Value.SelectMany(suffix => names.Select(name => name + suffix))],
                    new Unit(names[0] + basis.Value[0], new UnitGroup(group, basis.Key), factor))));
            }
        }

        table.All = all;
        return table;
    }

    /// <summary>
    /// The unit of a symbol or name as people write it. Capitals matter only where they tell two units apart (<c>ml</c>, <c>ML</c>) and for
    /// amounts of data, where <c>Gb</c> would be bits. Money is written <c>USD 2022</c>, or <c>USD</c> for the year's own prices.
    /// </summary>
    public bool TryFind(string? name, [NotNullWhen(true)] out Unit? unit)
    {
        var text = string.Join(' ', (name ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return _exact.TryGetValue(text, out unit) || (_anyCase.TryGetValue(text, out unit) && unit is not null) || TryMoney(text, out unit);
    }

    /// <exception cref="UnknownUnitException">No unit has this name, or two have it in other capitals.</exception>
    public Unit Find(string? name) => TryFind(name, out var unit) ? unit : throw new UnknownUnitException(name ?? "", Near(name ?? ""));

    private Unit Add(ReferenceRow row, IEnumerable<string> names, Unit unit)
    {
        foreach (var name in names)
        {
            if (!_exact.TryAdd(name, unit))
            {
                throw row.Fault($"'{name}' is a name of {_exact[name]} already");
            }

            if (unit.Group.Name != Data || name.Length > 3)
            {
                _anyCase[name] = _anyCase.TryGetValue(name, out var other) && other != unit ? null : unit;
            }
        }

        return unit;
    }

    private bool TryMoney(string text, [NotNullWhen(true)] out Unit? unit)
    {
        unit = null;
        var parts = text.Split(' ');
        if (parts.Length > 2 || !_currencies.Contains(parts[0]))
        {
            return false;
        }

        var year = 0;
        if (parts.Length == 2 && !(int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out year) && year is >= 1900 and <= 2200))
        {
            return false;
        }

        unit = Unit.Money(parts[0], year);
        return true;
    }

    /// <summary>Symbols that people may have meant: the same letters in other capitals, then the same beginning.</summary>
    private IReadOnlyList<string> Near(string name)
    {
        var text = name.Trim();
        var alike = _exact.Where(entry => string.Equals(entry.Key, text, StringComparison.OrdinalIgnoreCase)).Select(entry => entry.Value.Symbol);
        var begin = text.Length < 2 ? [] : _exact.Where(entry => entry.Key.StartsWith(text[..2], StringComparison.OrdinalIgnoreCase)).Select(entry => entry.Value.Symbol);
        return [.. alike.Concat(begin).Distinct().Take(4)];
    }
}

/// <summary>A unit is written in a way that the product does not know.</summary>
public sealed class UnknownUnitException(string name, IReadOnlyList<string> near) : Exception(
    near.Count == 0
        ? $"“{name}” is no unit that OffGridFlow knows. Write, for example, kWh, t, l, m3, km or t.km."
        : $"“{name}” is no unit that OffGridFlow knows. Did you mean {string.Join(", ", near)}?")
{
    public string Name { get; } = name;

    public IReadOnlyList<string> Near { get; } = near;
}
