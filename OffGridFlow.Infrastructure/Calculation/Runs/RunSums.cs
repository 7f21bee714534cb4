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

    public RunEntrySums Add(string account, string service, List<RunResult> before, List<RunResult> after)
    {
        var sums = default(RunEntrySums);
        // An entry has a handful of results: to look through them anew for each part takes less than to group millions of handfuls.
        for (var i = 0; i < before.Count + after.Count; i++)
        {
            var part = i < before.Count ? before[i] : after[i - before.Count];
            if (!IsFirst(part, i, before, after))
            {
                continue;
            }

            var key = new RunCellKey(
                part.Year, account, service, part.Scope, part.Category, part.Method?.ToString() ?? "", part.Part, Factors(part, before), Factors(part, after));
            if (!_cells.TryGetValue(key, out var cell))
            {
                _cells[key] = cell = new RunCell();
            }

            cell.Entries++;
            foreach (var result in before)
            {
                if (IsSamePart(result, part))
                {
                    var (kg, measured) = Kilograms(result);
                    (cell.ResultsBefore, cell.KgBefore, cell.MeasuredBefore) = (cell.ResultsBefore + 1, cell.KgBefore + kg, cell.MeasuredBefore + measured);
                    sums = Add(sums, result.Method, kg, after: false);
                }
            }

            foreach (var result in after)
            {
                if (IsSamePart(result, part))
                {
                    var (kg, measured) = Kilograms(result);
                    (cell.ResultsAfter, cell.KgAfter, cell.MeasuredAfter) = (cell.ResultsAfter + 1, cell.KgAfter + kg, cell.MeasuredAfter + measured);
                    sums = Add(sums, result.Method, kg, after: true);
                }
            }
        }

        return sums;
    }

    private static RunEntrySums Add(RunEntrySums sums, Scope2Method? method, decimal kg, bool after)
    {
        var (location, market) = (method == Scope2Method.Market ? 0m : kg, method == Scope2Method.Location ? 0m : kg);
        return after
            ? sums with { LocationAfter = sums.LocationAfter + location, MarketAfter = sums.MarketAfter + market }
            : sums with { LocationBefore = sums.LocationBefore + location, MarketBefore = sums.MarketBefore + market };
    }

    private static bool IsSamePart(in RunResult one, in RunResult other) =>
        one.Year == other.Year && one.Scope == other.Scope && one.Category == other.Category && one.Method == other.Method && one.Part == other.Part;

    /// <param name="index">Of the part among those before and after together.</param>
    private static bool IsFirst(in RunResult part, int index, List<RunResult> before, List<RunResult> after)
    {
        for (var i = 0; i < index; i++)
        {
            if (IsSamePart(i < before.Count ? before[i] : after[i - before.Count], part))
            {
                return false;
            }
        }

        return true;
    }

    private static (decimal All, decimal Measured) Kilograms(in RunResult result) =>
        result.Kg is not { } kg ? (0m, 0m) : (kg, result.Quality == DataQuality.Measured ? kg : 0m);

    /// <summary>Mostly one; several where an edition ends in the middle, or an instrument covers a part.</summary>
    private static string Factors(in RunResult part, List<RunResult> results)
    {
        string? only = null;
        foreach (var result in results)
        {
            if (result.Factor.Length > 0 && IsSamePart(result, part) && result.Factor != only)
            {
                if (only is not null)
                {
                    return AllFactors(part, results);
                }

                only = result.Factor;
            }
        }

        return only ?? "";
    }

    private static string AllFactors(RunResult part, List<RunResult> results) => string.Join(
        " + ", results.Where(result => result.Factor.Length > 0 && IsSamePart(result, part)).Select(result => result.Factor).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
}
