using System.Text.Json;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Infrastructure.Calculation;
using static OffGridFlow.Infrastructure.Assurance.EvidenceZip;

namespace OffGridFlow.Infrastructure.Assurance;

/// <summary>What the results of an export name, each once: the rows of <c>factors.csv</c>, <c>gwp.csv</c>, <c>blends.csv</c>, <c>units.csv</c> and <c>instruments.csv</c>.</summary>
/// <param name="kilowattHour">In which purchased energy is stated.</param>
internal sealed class EvidenceReferences(DerivedUnit kilowattHour)
{
    public const string FactorHeads =
        "factor_key,set_id,set_checksum,factor_id,publisher,title,edition,licence,source,source_table,activity,name,unit,basis,co2,ch4,n2o,co2e,biogenic_co2,biogenic_methane,other_gases,gwp_basis,region,year,data_from,data_to,part,supply,loss_share,uncertainty_percent,note,caution";

    public const string InstrumentHeads = "instrument_id,kind,name,from,to,megawatt_hours,kg_co2e_per_kwh,criteria,sites";

    private readonly SortedDictionary<string, (string Json, DerivedFactor Factor, DerivedUnit Unit)> _factors = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Basis, string Gas), decimal> _potentials = [];
    private readonly Dictionary<(string Blend, string Gas), decimal> _blends = [];
    private readonly SortedDictionary<string, DerivedUnit> _units = new(StringComparer.Ordinal) { [kilowattHour.Symbol] = kilowattHour };
    private readonly SortedDictionary<string, DerivedInstrument> _instruments = new(StringComparer.Ordinal);

    /// <summary>Takes what a result names.</summary>
    public void Keep(Derivation derivation)
    {
        foreach (var used in new[] { derivation.Unit, derivation.FactorUnit, derivation.Loss?.Unit, derivation.Conversion?.Unit, derivation.Conversion?.Per }.OfType<DerivedUnit>())
        {
            _units[used.Symbol] = used;
        }

        if (derivation.Factor is { } factor)
        {
            _factors[KeyOf(derivation)] = (JsonSerializer.Serialize(factor, StoredDerivation.Json), factor, derivation.FactorUnit);
        }

        if (derivation.Instrument is { } instrument)
        {
            _instruments[instrument.Id] = instrument;
        }

        foreach (var gas in derivation.Gases)
        {
            if (gas.Potential is { } potential)
            {
                _potentials[(derivation.GwpBasis, gas.PotentialOf)] = potential;
            }

            if (derivation.Factor is null && derivation.Gas is { } blend)
            {
                _blends[(blend, gas.Gas)] = gas.PerUnit;
            }
        }
    }

    /// <summary>Set, factor and the set's checksum, which names the digits; two that differ all the same are told apart by a number.</summary>
    public string KeyOf(Derivation derivation)
    {
        var factor = derivation.Factor!;
        var key = $"{factor.Set.Id}/{factor.Id}@{factor.Set.Checksum[..Math.Min(12, factor.Set.Checksum.Length)]}";
        var json = JsonSerializer.Serialize(factor, StoredDerivation.Json);
        for (var number = 1; ; number++)
        {
            var name = number == 1 ? key : key + "#" + Count(number);
            if (!_factors.TryGetValue(name, out var known) || (known.Json == json && known.Unit == derivation.FactorUnit))
            {
                return name;
            }
        }
    }

    public IEnumerable<string?[]> Factors() => _factors.Select(row =>
    {
        var factor = row.Value.Factor;
        return new[]
        {
            row.Key, factor.Set.Id, factor.Set.Checksum, factor.Id, factor.Set.Publisher, factor.Set.Title, factor.Set.Edition, factor.Set.License, factor.Set.Source,
            factor.SourceTable, factor.Activity, factor.Name, row.Value.Unit.Symbol, factor.Basis.ToString(), Number(factor.Co2), Number(factor.Ch4), Number(factor.N2o),
            Number(factor.Co2e), Number(factor.BiogenicCo2), factor.BiogenicMethane ? "yes" : null,
            factor.OtherGases is null ? null : string.Join('|', factor.OtherGases.OrderBy(gas => gas.Key, StringComparer.Ordinal).Select(gas => gas.Key + "=" + Number(gas.Value))),
            factor.Set.GwpBasis, factor.Region, Count(factor.Year), Day(factor.DataFrom), Day(factor.DataTo), factor.Part.ToString(), factor.Supply.ToString(),
            Number(factor.LossShare), Number(factor.UncertaintyPercent), factor.Note, factor.Caution,
        };
    });

    public IEnumerable<string?[]> Potentials() => Pairs(_potentials);

    public IEnumerable<string?[]> Blends() => Pairs(_blends);

    public IEnumerable<string?[]> Units() => _units.Values.Select(row => new[] { row.Symbol, row.Group, Number(row.Factor) });

    public IEnumerable<string?[]> Instruments() => _instruments.Values.Select(row => new[]
    {
        row.Id, row.Kind.ToString(), row.Name, Day(row.From), Day(row.To), Number(row.MegawattHours), Number(row.KgCo2ePerKwh), row.Criteria.ToString(),
        string.Join('|', row.Sites),
    });

    private static IEnumerable<string?[]> Pairs(Dictionary<(string First, string Second), decimal> rows) =>
        rows.OrderBy(row => row.Key.First, StringComparer.Ordinal).ThenBy(row => row.Key.Second, StringComparer.Ordinal)
            .Select(row => new[] { row.Key.First, row.Key.Second, Number(row.Value) });
}
