using System.Globalization;
using System.Text;
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
