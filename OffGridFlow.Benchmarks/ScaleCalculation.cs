using System.Diagnostics;
using System.Globalization;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Quantities;
using OffGridFlow.Infrastructure.Calculation;

namespace OffGridFlow.Benchmarks;

/// <summary>The engine at a size: activities of a year, of many kinds and places, calculated one after the other without a database.</summary>
internal sealed class ScaleCalculation(Arguments arguments)
{
    private static readonly (string Type, string Unit, string Region, string? Gas)[] Kinds =
    [
        ("natural-gas", "kWh (Gross CV)", "GB", null), ("natural-gas", "mmBtu (HHV)", "US", null), ("electricity", "kWh", "GB", null), ("electricity", "MWh", "US-CAMX", null),
        ("electricity", "kWh", "DE", null), ("diesel", "l", "DE", null), ("refrigerant-leak", "kg", "FR", "R-410A"),
    ];

    public void Run(CancellationToken cancellationToken)
    {
        var count = arguments.WordOrNull(2) is null ? 1_000_000 : arguments.Rows(2);
        var watch = Stopwatch.StartNew();
        var library = new CalculationReference().Library;
        Print($"library     {library.Factors.Count:N0} factors read in {watch.Elapsed.TotalSeconds:F2} s");
        var calculator = new Calculator(library, CalculationPolicy.Default);
        var kinds = Kinds.Select(kind => (kind.Type, Unit: library.Units.Find(kind.Unit), kind.Region, kind.Gas)).ToList();
        foreach (var kind in kinds)
        {
            var outcome = calculator.Calculate(Activity(0, kind.Type, kind.Unit, kind.Region, kind.Gas));
            Print($"            {kind.Type} in {kind.Region}: {outcome.Emissions.Count} figures, {outcome.Emissions.Sum(line => line.KgCo2e)} kg {outcome.Fault?.Message}");
        }

        watch.Restart();
        var (figures, faults, kg) = (0L, 0L, 0m);
        long highest = 0;
        for (long i = 0; i < count; i++)
        {
            var (type, unit, region, gas) = kinds[(int)(i % kinds.Count)];
            var outcome = calculator.Calculate(Activity(i, type, unit, region, gas));
            figures += outcome.Emissions.Count;
            faults += outcome.Fault is null ? 0 : 1;
            foreach (var line in outcome.Emissions)
            {
                kg += line.KgCo2e;
            }

            if (i % 100_000 == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                highest = Math.Max(highest, Environment.WorkingSet);
            }
        }

        var seconds = watch.Elapsed.TotalSeconds;
        Print($"calculated  {count:N0} activities in {seconds:F1} s on one core, {count / seconds:N0} a second, {figures:N0} figures, {faults:N0} faults, {kg:F3} kg CO2e");
        Print($"memory      {highest / 1048576.0:F0} MiB resident at most");
    }

    /// <summary>A month of 2025 or, every tenth, a quarter.</summary>
    private static ActivityInput Activity(long i, string type, Unit unit, string region, string? gas)
    {
        var month = new DateOnly(2025, (int)((i % 10) + 1), 1);
        return new ActivityInput
        {
            Id = i.ToString(CultureInfo.InvariantCulture), Type = type, Quantity = new Quantity(1 + ((i * 7919) % 1_000_003 / 100m), unit), Region = region, Gas = gas,
            From = month, To = month.AddMonths(i % 10 == 9 ? 3 : 1).AddDays(-1),
        };
    }

    private static void Print(FormattableString text) => Console.WriteLine(FormattableString.Invariant(text));
}
