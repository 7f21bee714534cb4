using System.Globalization;
using OffGridFlow.Core.Quantities;

namespace OffGridFlow.Core.EmissionFactors;

/// <summary>Where a set is not as its publisher has it, or a row is no emission: never a silent change.</summary>
/// <param name="Id">Id of the row, in the set or left out of it.</param>
/// <param name="Column">Of <c>factors.csv</c>.</param>
/// <param name="Published">As published, null where nothing was.</param>
/// <param name="Used">As it stands in the set, null where it was taken out.</param>
/// <param name="Source">Where the reason is to be read.</param>
public sealed record FactorCorrection(string Id, string Column, string? Published, string? Used, string Reason, string Source);

/// <summary>The tables of a folder <c>reference-data/factors-…</c>, as <c>docs/reference-data.md</c> describes them.</summary>
public static class FactorTable
{
    public const string File = "factors.csv";
    public const string Corrections = "corrections.csv";

    private const int FirstYear = 1990;
    private const int LastYear = 2100;

    /// <param name="set">Whose rows they are.</param>
    /// <param name="csv">Text of <c>factors.csv</c>.</param>
    /// <param name="units">By which each row's unit is found.</param>
    /// <exception cref="ReferenceTableException">A row cannot be used: its unit, basis, part, year or a figure is none, it has no figure, or it is there twice.</exception>
    public static IReadOnlyList<EmissionFactor> Parse(FactorSet set, string csv, UnitTable units)
    {
        var factors = new List<EmissionFactor>();
        var ids = new HashSet<string>(StringComparer.Ordinal);
        var keys = new Dictionary<(string Activity, string Unit, string Region, int Year, FactorPart Part, SupplyKind Supply), string>();
        foreach (var row in ReferenceTable.Parse(File, csv).Rows)
        {
            var factor = Read(set, row, units);
            if (!ids.Add(factor.Id))
            {
                throw row.Fault($"the id '{factor.Id}' is there twice");
            }

            var key = (factor.Activity, factor.Unit.Symbol, factor.Region, factor.Year, factor.Part, factor.Supply);
            if (!keys.TryAdd(key, factor.Id))
            {
                throw row.Fault($"'{factor.Id}' has the activity, unit, region, year, part and supply of '{keys[key]}'");
            }

            factors.Add(factor);
        }

        return factors;
    }

    /// <param name="csv">Text of <c>corrections.csv</c>.</param>
    /// <exception cref="ReferenceTableException">A row cannot be used or gives no reason.</exception>
    public static IReadOnlyList<FactorCorrection> ParseCorrections(string csv) =>
    [
        .. ReferenceTable.Parse(Corrections, csv).Rows.Select(row => new FactorCorrection(
            Required(row, "id"), row.Text("column"), Optional(row, "published"), Optional(row, "used"), Required(row, "reason"), Required(row, "source"))),
    ];

    private static EmissionFactor Read(FactorSet set, ReferenceRow row, UnitTable units)
    {
        var factor = new EmissionFactor
        {
            Id = Required(row, "id"),
            Set = set,
            Activity = Required(row, "activity"),
            Name = Required(row, "name"),
            Category = Required(row, "category"),
            Unit = units.TryFind(row.Text("unit"), out var unit) ? unit : throw row.Fault($"'{row.Text("unit")}' is no unit of reference-data/units"),
            Basis = row.Enum<GasBasis>("basis"),
            Co2 = row.OptionalNumber("co2"),
            Ch4 = row.OptionalNumber("ch4"),
            N2o = row.OptionalNumber("n2o"),
            Co2e = row.OptionalNumber("co2e"),
            BiogenicCo2 = row.OptionalNumber("biogenic_co2"),
            BiogenicMethane = row.Text("biogenic_methane") switch
            {
                "" => false,
                "yes" => true,
                var other => throw row.Fault($"'biogenic_methane' holds '{other}', which is neither yes nor empty"),
            },
            OtherGases = Gases(row),
            Region = Required(row, "region"),
            Year = Year(row),
            DataFrom = Day(row, "data_from"),
            DataTo = Day(row, "data_to"),
            Part = row.Enum<FactorPart>("part"),
            Supply = row.Enum<SupplyKind>("supply"),
            Scopes = Required(row, "scopes"),
            LossShare = row.OptionalNumber("loss_share"),
            UncertaintyPercent = row.OptionalNumber("uncertainty_percent"),
            SourceTable = Optional(row, "source_table"),
            Note = Optional(row, "note"),
            Caution = Optional(row, "caution"),
        };
        return factor.LossShare is >= 1 ? throw row.Fault("'loss_share' is a share of generation, below 1")
            : factor.DataFrom > factor.DataTo ? throw row.Fault("'data_to' is before 'data_from'")
            : factor.Basis == GasBasis.Energy && factor.Co2e is null ? throw row.Fault("a row of energy has its kWh per unit in 'co2e'")
            : (factor.Co2 ?? factor.Ch4 ?? factor.N2o ?? factor.Co2e ?? factor.BiogenicCo2) is null && factor.OtherGases.Count == 0 ? throw row.Fault("the row has no figure")
            : factor;
    }

    private static int Year(ReferenceRow row) =>
        row.Number("year") is var year and >= FirstYear and <= LastYear && decimal.Truncate(year) == year
            ? (int)year
            : throw row.Fault($"'year' holds '{row.Text("year")}', which is no year from {FirstYear} to {LastYear}");

    private static Dictionary<string, decimal> Gases(ReferenceRow row)
    {
        var gases = new Dictionary<string, decimal>(StringComparer.Ordinal);
        foreach (var entry in row.List("other_gases"))
        {
            // The last sign of equality: a name may hold one.
            var cut = entry.LastIndexOf('=');
            if (cut < 1 || !decimal.TryParse(entry[(cut + 1)..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var kg) || !gases.TryAdd(entry[..cut], kg))
            {
                throw row.Fault($"'other_gases' holds '{entry}', which is not a gas of its own with its kg per unit");
            }
        }

        return gases;
    }

    private static DateOnly? Day(ReferenceRow row, string column) => row.Text(column) switch
    {
        "" => null,
        var text when DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) => day,
        var text => throw row.Fault($"'{column}' holds '{text}', which is no day (yyyy-MM-dd)"),
    };

    private static string Required(ReferenceRow row, string column) => Optional(row, column) ?? throw row.Fault($"'{column}' is empty");

    private static string? Optional(ReferenceRow row, string column) => row.Text(column) is { Length: > 0 } text ? text : null;
}
