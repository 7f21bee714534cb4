using System.Runtime.CompilerServices;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Infrastructure.Calculation;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;
using static OffGridFlow.Infrastructure.Assurance.EvidenceZip;

namespace OffGridFlow.Infrastructure.Assurance;

/// <summary>What was calculated from entries: the rows of <c>results.csv</c>, <c>steps.csv</c> and <c>gases.csv</c>.</summary>
internal sealed class EvidenceResults(EvidenceReader reader, EvidenceScope scope, EvidenceReferences references)
{
    public const string ResultHeads =
        "result_id,entry_id,entry_version,in_period,month,scope,category,scope2_method,part,basis,from,to,quantity,unit,loss_share,loss_unit,lost,factor_quantity,factor_unit,factor_key,instrument_id,gas,gwp_basis,kg_co2e,biogenic_kg_co2,non_kyoto_kg_co2e,kilowatt_hours,quality,step,flags,method_version";

    public const string StepHeads = "result_id,kind,number,name,operation,operand,operand_value,operand_unit,of_step,inverse,source,result,unit";

    public const string GasHeads = "result_id,gas,per_unit,kg,potential_of,potential,kg_co2e,counts";

    /// <summary>Also gathers what the results name, so that it comes before the rows of <see cref="EvidenceReferences"/>.</summary>
    public IAsyncEnumerable<string?[]> ResultsAsync(CancellationToken cancellationToken) => reader.ReadAsync<string?[]>(
        $"""
        select e.id, a.entry_id, a.entry_version, e.month, e.scope, e.category, e.scope2_method, e.part, {StoredDerivation.Whole}::text, e.kilowatt_hours, e.quality, e.flags, e.method_version,
          a.unit, a.period_start
        from evidence_entries t
        join activity_records a on a.id = t.activity_id
        join emission_records e on e.activity_id = a.id
        join {reader.Intervals} i on i.activity_id = e.activity_id and i.proposal_id is not distinct from e.proposal_id and {reader.Counts}
        {StoredDerivation.Join}
        order by a.entry_id, e.id
        """,
        row =>
        {
            var derivation = row.OptionalText(8) is { } json ? StoredDerivation.Read(json) : null;
            if (derivation is not null)
            {
                references.Keep(derivation);
            }

            var month = row.GetFieldValue<DateOnly>(3);
            var loss = derivation?.Loss;
            return
            [
                row.GetGuid(0).ToString(), row.GetGuid(1).ToString(), Count(row.GetInt32(2)), YesNo(scope.Holds(month)), Month(month), Count(row.GetInt32(4)),
                row.Optional<int>(5) is { } category ? Count(category) : null, row.OptionalText(6) is { } method ? Lower(method) : null, row.OptionalText(7),
                derivation is null ? (row.GetString(10) == nameof(DataQuality.Excluded) ? "excluded" : "missing") : BasisOf(derivation), Day(derivation?.From ?? row.GetFieldValue<DateOnly>(14)), Day(derivation?.To), Number(derivation?.Quantity),
                derivation?.Unit.Symbol ?? row.GetString(13), Number(loss?.Share), loss?.Unit.Symbol, Number(derivation is null ? null : LostOf(derivation)),
                Number(derivation?.FactorQuantity), derivation?.FactorUnit.Symbol, derivation?.Factor is null ? null : references.KeyOf(derivation), derivation?.Instrument?.Id, derivation?.Gas,
                derivation?.GwpBasis, Number(derivation?.KgCo2e), Number(derivation?.BiogenicKgCo2), Number(derivation?.NonKyotoKgCo2e), Number(row.Optional<decimal>(9)),
                Lower(row.GetString(10)), derivation is null ? null : StepWords(derivation.Step), string.Join('|', row.GetFieldValue<string[]>(11)), row.GetString(12),
            ];
        },
        cancellationToken);

    /// <summary>How an entry's quantity came about (<c>worksheet</c>) and how money became that of the factor (<c>money</c>): a row for each operand of each step.</summary>
    public async IAsyncEnumerable<string?[]> StepsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var (id, derivation) in DerivationsAsync("and (e.derivation -> 'worksheet' is not null or e.derivation -> 'money' is not null)", cancellationToken))
        {
            foreach (var (kind, steps) in new[] { ("worksheet", derivation.Worksheet ?? []), ("money", derivation.Money ?? []) })
            {
                for (var number = 0; number < steps.Count; number++)
                {
                    foreach (var operand in steps[number].Operands)
                    {
                        yield return
                        [
                            id, kind, Count(number), steps[number].Name, Lower(steps[number].Operation.ToString()), operand.Name, Number(operand.Value), operand.Unit,
                            operand.Step is { } earlier ? Count(earlier) : null, YesNo(operand.IsInverse), operand.Source, Number(steps[number].Result), steps[number].Unit,
                        ];
                    }
                }
            }
        }
    }

    public async IAsyncEnumerable<string?[]> GasesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var (id, derivation) in DerivationsAsync("", cancellationToken))
        {
            foreach (var gas in derivation.Gases)
            {
                yield return [id, gas.Gas, Number(gas.PerUnit), Number(gas.Kg), gas.PotentialOf, Number(gas.Potential), Number(gas.KgCo2e), YesNo(gas.Counts)];
            }
        }
    }

    /// <param name="condition">A further condition of ours; no text of a caller.</param>
    private IAsyncEnumerable<(string Id, Derivation Derivation)> DerivationsAsync(string condition, CancellationToken cancellationToken) => reader.ReadAsync(
        $"""
        select e.id, {StoredDerivation.Whole}::text
        from evidence_entries t
        join activity_records a on a.id = t.activity_id
        join emission_records e on e.activity_id = a.id
        join {reader.Intervals} i on i.activity_id = e.activity_id and i.proposal_id is not distinct from e.proposal_id and {reader.Counts}
        {StoredDerivation.Join}
        where e.derivation is not null {condition}
        order by a.entry_id, e.id
        """,
        row => (Id: row.GetGuid(0).ToString(), Derivation: StoredDerivation.Read(row.GetString(1))), cancellationToken);

    private static string BasisOf(Derivation derivation) => derivation switch
    {
        { Instrument: not null } => "instrument",
        { Part: FactorPart.OutsideScopes } => "memo",
        { Step: SelectionStep.Reported } => "reported",
        { Step: SelectionStep.NoEmission } => "none",
        { Factor: null } => "release",
        _ => Lower(derivation.Factor.Basis.ToString()),
    };

    private static decimal? LostOf(Derivation derivation) => derivation.Loss is { } loss
        ? Core.Quantities.Exact.Ratio(derivation.Unit.Convert(derivation.Quantity, loss.Unit), loss.Share, 1m - loss.Share)
        : null;

    private static string StepWords(SelectionStep step) => step == SelectionStep.GridRegion ? "grid-region" : Lower(step.ToString());
}
