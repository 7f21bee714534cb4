using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Inventory;

namespace OffGridFlow.Infrastructure.Calculation.Runs;

/// <summary>A result as far as a difference needs it; before from the ledger, after from the engine.</summary>
/// <param name="Factor">Id; an instrument's with <c>instrument/</c> before it, <c>""</c> where neither is.</param>
/// <param name="Kg">kg CO2e; null where the figure is missing.</param>
internal readonly record struct RunResult(
    int Scope, int Category, int Year, DateOnly Month, Scope2Method? Method, string Part, string Factor, decimal? Kg, DataQuality Quality);

internal readonly record struct RunCellKey(
    int Year, string Account, string Service, int Scope, int Category, string Method, string Part, string FactorBefore, string FactorAfter);

internal sealed class RunCell
{
    public long Entries { get; set; }
    public long ResultsBefore { get; set; }
    public long ResultsAfter { get; set; }
    public decimal KgBefore { get; set; }
    public decimal KgAfter { get; set; }
    public decimal MeasuredBefore { get; set; }
    public decimal MeasuredAfter { get; set; }
}

/// <summary>kg CO2e of an entry, all scopes, with one view of scope 2 each.</summary>
internal readonly record struct RunEntrySums(decimal LocationBefore, decimal LocationAfter, decimal MarketBefore, decimal MarketAfter)
{
    public decimal Magnitude => Math.Max(Math.Abs(LocationAfter - LocationBefore), Math.Abs(MarketAfter - MarketBefore));
}

/// <summary>Adds changed entries up by all that a difference is shown by. Grows with sites, types and factors, not with entries; not for two threads.</summary>
internal sealed class RunSums
{
    private readonly Dictionary<RunCellKey, RunCell> _cells = [];

    public IReadOnlyDictionary<RunCellKey, RunCell> Cells => _cells;

    public RunEntrySums Add(string account, string service, IReadOnlyList<RunResult> before, IReadOnlyList<RunResult> after)
    {
        var sums = default(RunEntrySums);
        var parts = before.Select(result => (Result: result, After: false)).Concat(after.Select(result => (Result: result, After: true)))
            .GroupBy(part => (part.Result.Year, part.Result.Scope, part.Result.Category, part.Result.Method, part.Result.Part));
        foreach (var part in parts)
        {
            var key = new RunCellKey(
                part.Key.Year, account, service, part.Key.Scope, part.Key.Category, part.Key.Method?.ToString() ?? "", part.Key.Part, Factors(part, after: false), Factors(part, after: true));
            if (!_cells.TryGetValue(key, out var cell))
            {
                _cells[key] = cell = new RunCell();
            }

            cell.Entries++;
            foreach (var (result, isAfter) in part)
            {
                var kg = result.Kg ?? 0m;
                var measured = result.Quality == DataQuality.Measured ? kg : 0m;
                if (isAfter)
                {
                    (cell.ResultsAfter, cell.KgAfter, cell.MeasuredAfter) = (cell.ResultsAfter + 1, cell.KgAfter + kg, cell.MeasuredAfter + measured);
                }
                else
                {
                    (cell.ResultsBefore, cell.KgBefore, cell.MeasuredBefore) = (cell.ResultsBefore + 1, cell.KgBefore + kg, cell.MeasuredBefore + measured);
                }

                sums = Add(sums, result.Method, kg, isAfter);
            }
        }

        return sums;
    }

    public void Add(RunSums other)
    {
        foreach (var (key, more) in other._cells)
        {
            if (!_cells.TryGetValue(key, out var cell))
            {
                _cells[key] = cell = new RunCell();
            }

            cell.Entries += more.Entries;
            (cell.ResultsBefore, cell.ResultsAfter) = (cell.ResultsBefore + more.ResultsBefore, cell.ResultsAfter + more.ResultsAfter);
            (cell.KgBefore, cell.KgAfter) = (cell.KgBefore + more.KgBefore, cell.KgAfter + more.KgAfter);
            (cell.MeasuredBefore, cell.MeasuredAfter) = (cell.MeasuredBefore + more.MeasuredBefore, cell.MeasuredAfter + more.MeasuredAfter);
        }
    }

    private static RunEntrySums Add(RunEntrySums sums, Scope2Method? method, decimal kg, bool after)
    {
        var (location, market) = (method == Scope2Method.Market ? 0m : kg, method == Scope2Method.Location ? 0m : kg);
        return after
            ? sums with { LocationAfter = sums.LocationAfter + location, MarketAfter = sums.MarketAfter + market }
            : sums with { LocationBefore = sums.LocationBefore + location, MarketBefore = sums.MarketBefore + market };
    }

    /// <summary>Mostly one; several where an edition ends in the middle, or an instrument covers a part.</summary>
    private static string Factors(IEnumerable<(RunResult Result, bool After)> parts, bool after) => string.Join(
        " + ", parts.Where(part => part.After == after && part.Result.Factor.Length > 0).Select(part => part.Result.Factor).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
}
