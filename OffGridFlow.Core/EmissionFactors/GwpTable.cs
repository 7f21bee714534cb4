namespace OffGridFlow.Core.EmissionFactors;

/// <summary>Assessment reports of the IPCC whose 100-year global warming potentials an inventory may use. One set for a whole inventory.</summary>
public enum GwpSet
{
    Sar,
    Ar4,
    Ar5,

    /// <summary>AR5 with climate-carbon feedback.</summary>
    Ar5Feedback,
    Ar6,
}

/// <summary>A part of a refrigerant blend.</summary>
/// <param name="Gas">Name in <see cref="GwpTable"/>, or a hydrocarbon that has no potential there.</param>
/// <param name="Share">Of the mass, 0 to 1.</param>
public sealed record BlendPart(string Gas, decimal Share);

/// <summary>A gas with its 100-year potentials. A potential that a report does not give is null.</summary>
/// <param name="IsKyoto">One of the seven gases of the Kyoto Protocol; others stand outside the totals.</param>
public sealed record GreenhouseGas(string Name, IReadOnlyList<string> Names, bool IsKyoto, IReadOnlyDictionary<GwpSet, decimal> Potentials, string? Caution);

/// <summary>Global warming potentials and compositions of blends, from <c>reference-data/gwp</c>.</summary>
public sealed class GwpTable
{
    public const string Co2 = "CO2";
    public const string Ch4 = "CH4";

    /// <summary>Methane of fossil and of living origin: apart in AR6 only, elsewhere <see cref="Ch4"/>.</summary>
    public const string FossilCh4 = "CH4 (fossil)";
    public const string BiogenicCh4 = "CH4 (non-fossil)";
    public const string N2o = "N2O";

    private static readonly (GwpSet Set, string Column)[] Columns =
        [(GwpSet.Sar, "sar"), (GwpSet.Ar4, "ar4"), (GwpSet.Ar5, "ar5"), (GwpSet.Ar5Feedback, "ar5_feedback"), (GwpSet.Ar6, "ar6")];

    private readonly Dictionary<string, GreenhouseGas> _gases = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, IReadOnlyList<BlendPart>> _blends = new(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyList<GreenhouseGas> Gases { get; private init; } = [];

    /// <summary>Blends by name, e.g. <c>R-410A</c>.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<BlendPart>> Blends => _blends;

    /// <param name="read">Gives the text of <c>gases.csv</c> (<c>name,names,kyoto,sar,ar4,ar5,ar5_feedback,ar6,caution</c>) and of
    /// <c>blends.csv</c> (<c>name,names,composition</c>: <c>HFC-32=0.5|HFC-125=0.5</c>).</param>
    /// <exception cref="ReferenceTableException">A row cannot be used.</exception>
    public static GwpTable Parse(Func<string, string> read)
    {
        var gases = new List<GreenhouseGas>();
        foreach (var row in ReferenceTable.Parse("gases.csv", read("gases.csv")).Rows)
        {
            var potentials = Columns.Where(column => row.OptionalNumber(column.Column) is not null).ToDictionary(column => column.Set, column => row.Number(column.Column));
            gases.Add(new GreenhouseGas(row.Text("name"), row.List("names"), row.Text("kyoto") == "yes", potentials, row.Text("caution") is { Length: > 0 } caution ? caution : null));
        }

        var table = new GwpTable { Gases = gases };
        foreach (var gas in gases)
        {
            foreach (var name in gas.Names.Prepend(gas.Name))
            {
                table._gases.TryAdd(name, gas);
            }
        }

        foreach (var row in ReferenceTable.Parse("blends.csv", read("blends.csv")).Rows)
        {
            IReadOnlyList<BlendPart> parts = [.. row.List("composition").Select(part => Part(row, part))];
            if (parts.Sum(part => part.Share) != 1m)
            {
                throw row.Fault("the shares of a blend add up to 1");
            }

            foreach (var name in row.List("names").Prepend(row.Text("name")))
            {
                table._blends.TryAdd(name, parts);
            }
        }

        return table;
    }

    /// <summary>The gas of a name, formula or ASHRAE number (<c>HFC-134a</c>, <c>R-134a</c>); null when it is none.</summary>
    public GreenhouseGas? Find(string name) => _gases.GetValueOrDefault(name);

    /// <summary>kg CO2e per kg of the gas; null when the table or the report has none.</summary>
    public decimal? Potential(GwpSet set, string gas)
    {
        if (Find(gas) is not { } found)
        {
            return null;
        }

        return found.Potentials.TryGetValue(set, out var potential)
            ? potential
            : gas is FossilCh4 or BiogenicCh4 ? Potential(set, Ch4) : null;
    }

    private static BlendPart Part(ReferenceRow row, string text) =>
        text.Split('=') is [{ Length: > 0 } gas, var share] && decimal.TryParse(share, System.Globalization.NumberStyles.AllowDecimalPoint, System.Globalization.CultureInfo.InvariantCulture, out var value)
            ? new BlendPart(gas, value)
            : throw row.Fault($"'{text}' is not gas=share");
}
