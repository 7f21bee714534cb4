using System.Globalization;
using System.Text;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.CloudUsage;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Core.Quantities;

namespace OffGridFlow.Infrastructure.Inventory;

/// <summary>A derivation in words and numbers: each named step with its expression. Says what <see cref="Derivation.Replay"/> computes.</summary>
public static class DerivationSteps
{
    private const string Co2eUnit = "kg CO2e";

    public static IReadOnlyList<EstimateStep> Of(Derivation derivation)
    {
        var steps = new List<EstimateStep>();
        var unit = derivation.Unit.Symbol;
        if (derivation.Conversion is { } by)
        {
            steps.Add(new EstimateStep(
                Sentence(by.Name), $"{N(by.Quantity)} {by.Unit.Symbol} × {N(by.Value)} {by.To.Symbol} per {by.Per.Symbol}", derivation.EntryQuantity, by.To.Symbol, by.Source));
        }

        AddNamed(steps, derivation.Worksheet);
        if (derivation.Quantity != derivation.EntryQuantity)
        {
            steps.Add(new EstimateStep("Share of the days", DaysOf(derivation), derivation.Quantity, unit, "Days from " + Day(derivation.From) + " to " + Day(derivation.To)));
        }

        AddConversion(steps, derivation);
        var source = derivation.Factor is { } factor ? $"{factor.Set.Title}, {factor.Id}" : derivation.Instrument?.Name ?? derivation.GwpBasis;
        AddGases(steps, derivation, source);
        if (derivation.Instrument is { } instrument)
        {
            steps.Add(new EstimateStep("Contracted rate", $"{N(derivation.FactorQuantity)} kWh × {N(instrument.KgCo2ePerKwh)} kg CO2e per kWh", derivation.KgCo2e, Co2eUnit, source));
        }
        else if (derivation.Step == SelectionStep.Reported)
        {
            steps.Add(new EstimateStep("Reported emissions", $"{N(derivation.FactorQuantity)} {derivation.FactorUnit.Symbol}, taken over", derivation.KgCo2e, Co2eUnit, derivation.GwpBasis));
        }
        else if (derivation is { Part: not FactorPart.OutsideScopes, Factor: { Basis: GasBasis.Co2e, Co2e: { } perUnit } })
        {
            steps.Add(new EstimateStep("Published sum", $"{N(derivation.FactorQuantity)} {derivation.FactorUnit.Symbol} × {N(perUnit)} kg CO2e per {derivation.FactorUnit.Symbol}", derivation.KgCo2e, Co2eUnit, source));
        }
        else if (derivation.Gases.Count(gas => gas.Counts) > 1)
        {
            steps.Add(new EstimateStep(
                "Sum of the gases", string.Join(" + ", derivation.Gases.Where(gas => gas.Counts).Select(gas => N(gas.KgCo2e))), derivation.KgCo2e, Co2eUnit, derivation.GwpBasis));
        }

        if (derivation.Factor?.BiogenicCo2 is { } living)
        {
            steps.Add(new EstimateStep(
                "CO2 of living matter, a memo beside the total", $"{N(derivation.FactorQuantity)} {derivation.FactorUnit.Symbol} × {N(living)} kg per {derivation.FactorUnit.Symbol}",
                derivation.BiogenicKgCo2, "kg CO2", source));
        }

        AddEnergy(steps, derivation);
        return steps;
    }

    /// <summary>The calculation on one line.</summary>
    public static string Formula(Derivation derivation)
    {
        var quantity = $"{N(derivation.FactorQuantity)} {derivation.FactorUnit.Symbol}";
        var terms = derivation switch
        {
            { Part: FactorPart.OutsideScopes } => "memo only: " + N(derivation.BiogenicKgCo2) + " kg of CO2 from living matter",
            { Step: SelectionStep.Reported } => quantity + " as reported",
            { Step: SelectionStep.NoEmission } => quantity + ", by which nothing is emitted",
            { Instrument: { } instrument } => $"{quantity} × {N(instrument.KgCo2ePerKwh)}",
            { Factor: { Basis: GasBasis.Co2e, Co2e: { } perUnit } } => $"{quantity} × {N(perUnit)}",
            _ => string.Join(" + ", derivation.Gases.Where(gas => gas.Counts).Select(gas => derivation.Factor?.Basis == GasBasis.Co2e
                ? $"{quantity} × {N(gas.PerUnit)} ({gas.Gas})"
                : $"{quantity} × {N(gas.PerUnit)} × {(gas.Potential is { } potential ? N(potential) : "0")} ({gas.Gas})")),
        };
        return derivation.Part == FactorPart.OutsideScopes ? terms : $"kg CO2e = {terms} = {N(derivation.KgCo2e)}";
    }

    private static string Sentence(string name) => char.ToUpper(name[0], CultureInfo.InvariantCulture) + name[1..];

    private static void AddConversion(List<EstimateStep> steps, Derivation derivation)
    {
        var from = derivation.Unit;
        if (derivation.Loss is { } loss)
        {
            var arrived = from.Convert(derivation.Quantity, loss.Unit);
            var lost = Exact.Ratio(arrived, loss.Share, 1m - loss.Share);
            AddUnits(steps, derivation.Quantity, from, arrived, loss.Unit);
            steps.Add(new EstimateStep(
                "Lost on the way", $"{N(arrived)} {loss.Unit.Symbol} × {N(loss.Share)} ÷ (1 − {N(loss.Share)})", lost, loss.Unit.Symbol, "Share of generation that is lost, with the factor of generation"));
            AddUnits(steps, lost, loss.Unit, derivation.FactorQuantity, derivation.FactorUnit);
        }
        else if (derivation.Money is { } money)
        {
            AddNamed(steps, money);
        }
        else
        {
            AddUnits(steps, derivation.Quantity, from, derivation.FactorQuantity, derivation.FactorUnit);
        }
    }

    private static void AddNamed(List<EstimateStep> steps, IReadOnlyList<NamedStep>? named)
    {
        foreach (var step in named ?? [])
        {
            var (sign, inverse) = step.Operation == StepOperation.Sum ? (" + ", " − ") : (" × ", " ÷ ");
            var expression = new StringBuilder();
            foreach (var operand in step.Operands.OrderBy(operand => operand.IsInverse))
            {
                expression.Append(expression.Length > 0 ? operand.IsInverse ? inverse : sign : operand.IsInverse ? inverse.TrimStart() : "").Append(N(operand.Value));
                expression.Append(operand.Unit.Length > 0 ? " " + operand.Unit : "");
            }

            steps.Add(new EstimateStep(
                step.Name, expression.ToString(), step.Result, step.Unit,
                string.Join("; ", step.Operands.Select(operand => operand.Source is null ? operand.Name : $"{operand.Name}: {operand.Source}").Distinct())));
        }
    }

    private static void AddUnits(List<EstimateStep> steps, decimal value, DerivedUnit from, decimal result, DerivedUnit to)
    {
        if (from.Symbol != to.Symbol)
        {
            steps.Add(new EstimateStep(
                $"{from.Symbol} to {to.Symbol}", $"{N(value)} {from.Symbol} × {N(from.Factor)} ÷ {N(to.Factor)}", result, to.Symbol, "Units of " + to.Group));
        }
    }

    private static void AddGases(List<EstimateStep> steps, Derivation derivation, string source)
    {
        var quantity = $"{N(derivation.FactorQuantity)} {derivation.FactorUnit.Symbol}";
        foreach (var gas in derivation.Gases)
        {
            if (derivation.Factor?.Basis == GasBasis.Co2e)
            {
                steps.Add(new EstimateStep(gas.Gas, $"{quantity} × {N(gas.PerUnit)} kg CO2e per {derivation.FactorUnit.Symbol}", gas.KgCo2e, Co2eUnit, source));
                continue;
            }

            var per = derivation.Factor is null ? $"{N(gas.PerUnit)} of it" : $"{N(gas.PerUnit)} kg per {derivation.FactorUnit.Symbol}";
            if (gas.Kg is { } kg)
            {
                steps.Add(new EstimateStep(gas.Gas, $"{quantity} × {per}", kg, "kg", source));
                steps.Add(new EstimateStep(
                    gas.Gas + (gas.Counts ? " as CO2e" : " as CO2e, beside the total"),
                    gas.Potential is { } potential ? $"{N(kg)} kg × {N(potential)}" : "no potential is known", gas.KgCo2e, Co2eUnit, derivation.GwpBasis + ", " + gas.PotentialOf));
            }
        }
    }

    /// <summary>The place of the result in the energy ledger.</summary>
    private static void AddEnergy(List<EstimateStep> steps, Derivation derivation)
    {
        if (derivation.Energy is not { KilowattHours: { } kilowattHours, Unit: { } unit, PerUnit: { } per } energy)
        {
            return;
        }

        var (quantity, from) = derivation.Instrument is null ? (derivation.Quantity, derivation.Unit) : (derivation.FactorQuantity, derivation.FactorUnit);
        steps.Add(new EstimateStep(
            "Energy at net calorific value", $"{N(from.Convert(quantity, unit))} {unit.Symbol} × {N(per)} kWh per {unit.Symbol}", kilowattHours, "kWh", energy.Source ?? ""));
        foreach (var (name, share, part) in new[] { ("renewable", energy.RenewableShare, energy.RenewableKilowattHours), ("nuclear", energy.NuclearShare, energy.NuclearKilowattHours) })
        {
            if (share is { } known && part is { } some)
            {
                steps.Add(new EstimateStep($"Of it {name}", $"{N(kilowattHours)} kWh × {N(known)}", some, "kWh", energy.Source ?? ""));
            }
        }
    }

    private static string DaysOf(Derivation derivation)
    {
        var (days, all) = (Proration.Days(derivation.From, derivation.To), Proration.Days(derivation.EntryFrom, derivation.EntryTo));
        var part = Exact.Ratio(derivation.EntryQuantity, days, all);
        var expression = string.Create(CultureInfo.InvariantCulture, $"{N(derivation.EntryQuantity)} {derivation.Unit.Symbol} × {days} ÷ {all} days");
        return part == derivation.Quantity ? expression
            : derivation.Instrument is not null ? expression + ", of it what the instrument covers"
            : derivation.IsMarketBased ? expression + ", less what instruments cover"
            : "What the other parts leave of " + N(derivation.EntryQuantity) + " " + derivation.Unit.Symbol;
    }

    private static string N(decimal value) => value.Normalized().ToString(CultureInfo.InvariantCulture);

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
