using System.Globalization;
using System.Text;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Infrastructure.Inventory;

namespace OffGridFlow.Web.Features.Emissions.Trail;

/// <summary>
/// The formula as a script that runs without us: standard library only, decimals with 60 digits, each component rounded half-even
/// to 12 decimals as the ledger does, and the stored sum asserted.
/// </summary>
internal static class TrailPython
{
    private const string MassPer = "kg CO2e per ";

    public static string Write(EmissionTrail trail)
    {
        var script = new StringBuilder()
            .AppendLine(Comment($"OffGridFlow trail of emission {trail.Emission.Id:D}"))
            .AppendLine(Comment($"{trail.Emission.Method} {trail.Emission.MethodVersion}: {trail.Formula}"))
            .AppendLine("from decimal import Decimal as D, ROUND_HALF_EVEN, getcontext")
            .AppendLine("getcontext().prec = 60")
            .AppendLine("def r(x): return x.quantize(D('1e-12'), ROUND_HALF_EVEN)")
            .AppendLine("kg = D(0)");
        foreach (var component in trail.Components) Write(script, component);
        if (trail.Emission.KgCo2e is { } total)
        {
            script.AppendLine("print(kg, 'kg CO2e')")
                .AppendLine(CultureInfo.InvariantCulture, $"assert r(kg) == r(D('{total}')), 'the ledger holds {total}'");
        }
        return script.ToString().ReplaceLineEndings("\n");
    }

    /// <summary>The same of an entered activity: days, units, losses, each gas, the sum.</summary>
    public static string WriteEntry(EmissionTrail trail)
    {
        if (trail.Entry?.Derivation is not { } derivation) return "";
        var script = new StringBuilder()
            .AppendLine(Comment($"OffGridFlow trail of emission {trail.Emission.Id:D}, entry {trail.Entry.Id:D}, version {trail.Entry.Version}"))
            .AppendLine(Comment($"{derivation.ActivityName}, {derivation.From:yyyy-MM-dd} to {derivation.To:yyyy-MM-dd}; {derivation.Factor?.Set.Title ?? derivation.Instrument?.Name ?? derivation.GwpBasis} {derivation.Factor?.Id}"))
            .AppendLine("from decimal import Decimal as D, ROUND_HALF_EVEN, getcontext")
            .AppendLine("getcontext().prec = 60")
            .AppendLine("def r(x): return x.quantize(D('1e-12'), ROUND_HALF_EVEN)");
        if (derivation.Conversion is { } conversion)
        {
            script.AppendLine(CultureInfo.InvariantCulture, $"measured = D('{conversion.Quantity}')  # {Line(conversion.Unit.Symbol)}")
                .AppendLine(CultureInfo.InvariantCulture, $"whole = r(r(measured * D('{conversion.Unit.Factor}') / D('{conversion.Per.Factor}')) * D('{conversion.Value}'))  # {Line(conversion.To.Symbol)} by {Line(conversion.Name)}; {Line(conversion.Source)}")
                .AppendLine(CultureInfo.InvariantCulture, $"assert whole == D('{derivation.EntryQuantity}'), 'the entry holds {derivation.EntryQuantity}'");
        }

        script.AppendLine(CultureInfo.InvariantCulture, $"quantity = D('{derivation.Quantity}')  # {Line(derivation.Unit.Symbol)} on these days, of {derivation.EntryQuantity} from {derivation.EntryFrom:yyyy-MM-dd} to {derivation.EntryTo:yyyy-MM-dd}");
        if (derivation.Instrument is not null)
        {
            script.AppendLine(CultureInfo.InvariantCulture, $"amount = D('{derivation.FactorQuantity}')  # kWh that the instrument covers");
        }
        else if (derivation.Loss is { } loss)
        {
            script.AppendLine(CultureInfo.InvariantCulture, $"arrived = r(quantity * D('{derivation.Unit.Factor}') / D('{loss.Unit.Factor}'))  # {Line(loss.Unit.Symbol)}")
                .AppendLine(CultureInfo.InvariantCulture, $"lost = r(arrived * D('{loss.Share}') / (1 - D('{loss.Share}')))")
                .AppendLine(CultureInfo.InvariantCulture, $"amount = r(lost * D('{loss.Unit.Factor}') / D('{derivation.FactorUnit.Factor}'))  # {Line(derivation.FactorUnit.Symbol)}");
        }
        else
        {
            script.AppendLine(CultureInfo.InvariantCulture, $"amount = r(quantity * D('{derivation.Unit.Factor}') / D('{derivation.FactorUnit.Factor}'))  # {Line(derivation.FactorUnit.Symbol)}");
        }

        script.AppendLine("kg = D(0)");
        if (derivation.Instrument is { } instrument)
        {
            script.AppendLine(CultureInfo.InvariantCulture, $"kg = r(amount * D('{instrument.KgCo2ePerKwh}'))  # kg CO2e per kWh");
        }
        else if (derivation is { Part: not FactorPart.OutsideScopes, Factor: { Basis: GasBasis.Co2e, Co2e: { } sum } })
        {
            script.AppendLine(CultureInfo.InvariantCulture, $"kg = r(amount * D('{sum}'))  # kg CO2e per {Line(derivation.FactorUnit.Symbol)}, as published");
        }
        else
        {
            foreach (var gas in derivation.Gases.Where(gas => gas.Counts))
            {
                script.AppendLine(derivation.Factor?.Basis == GasBasis.Co2e
                    ? string.Create(CultureInfo.InvariantCulture, $"kg += r(amount * D('{gas.PerUnit}'))  # {Line(gas.Gas)}")
                    : string.Create(CultureInfo.InvariantCulture, $"kg += r(r(amount * D('{gas.PerUnit}')) * D('{gas.Potential ?? 0}'))  # {Line(gas.Gas)}, {Line(derivation.GwpBasis)}"));
            }
        }

        script.AppendLine("print(kg, 'kg CO2e')").AppendLine(CultureInfo.InvariantCulture, $"assert kg == D('{derivation.KgCo2e}'), 'the ledger holds {derivation.KgCo2e}'");
        return script.ToString().ReplaceLineEndings("\n");
    }

    private static void Write(StringBuilder script, TrailComponent component)
    {
        script.AppendLine()
            .AppendLine(Comment($"{component.UsageType}, {component.LineCount} lines"))
            .AppendLine(CultureInfo.InvariantCulture, $"amount = D('{component.Amount}')  # {Line(component.Unit)}");
        var rates = 0;
        foreach (var step in component.Steps)
        {
            script.AppendLine(Comment($"{step.Name}: {step.Expression} = {step.Value} {step.Unit} ({step.Source})"));
            if (!step.Unit.Replace('₂', '2').StartsWith(MassPer, StringComparison.OrdinalIgnoreCase) || step.Unit.Contains("kWh", StringComparison.Ordinal)) continue;
            script.AppendLine(CultureInfo.InvariantCulture, $"kg += r(amount * D('{step.Value}'))");
            rates++;
        }
        // A component whose steps give no mass per unit is carried with its stored figures.
        if (rates == 0)
            script.AppendLine(CultureInfo.InvariantCulture, $"kg += D('{component.OperationalKgCo2e ?? 0}') + D('{component.EmbodiedKgCo2e ?? 0}')");
    }

    /// <summary>Texts come from bills: nothing of them may leave its comment.</summary>
    private static string Comment(FormattableString text) => "# " + Line(text.ToString(CultureInfo.InvariantCulture));

    private static string Line(string text) => text.ReplaceLineEndings(" ");
}
