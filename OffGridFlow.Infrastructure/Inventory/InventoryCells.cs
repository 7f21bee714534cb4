using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Core.Quantities;
using OffGridFlow.Infrastructure.Persistence;

namespace OffGridFlow.Infrastructure.Inventory;

/// <summary>What cells of the ledger are told apart by, as it is written there: an answer is grouped by no more than it needs.</summary>
[Flags]
internal enum CellKeys
{
    None = 0,
    Month = 1,
    Scope = 2,
    Category = 4,
    Service = 8,
    Method = 16,
    View = 32,
}

/// <summary>Sums of the ledger at one place over days that count alike.</summary>
/// <param name="Row">The place, its days and how they count.</param>
/// <param name="IsInvested">True of the part that stands in category 15 for it, which is beside its own.</param>
/// <param name="Month">Its first day; not set where it was not asked for.</param>
/// <param name="Kind">As entered. What was not asked for is empty, the scope 0.</param>
/// <param name="Counted">What of it is the group's.</param>
/// <param name="WholeKgCo2e">All of it, of these days.</param>
internal sealed record InventoryCell(BoundaryRow Row, bool IsInvested, DateOnly Month, TotalsKind Kind, InventoryFigures Counted, decimal WholeKgCo2e)
{
    /// <summary>The scope it counts in, after leases and holdings.</summary>
    public int CountedScope => Moves ? 3 : Kind.Scope;

    public int CountedCategory => !Moves ? Kind.Category : IsInvested ? 15 : Row.Treatment.LeasedCategory!.Value;

    /// <summary>True of what a lease or an investment takes out of scopes 1 and 2.</summary>
    public bool Moves => Kind.Scope < 3 && (IsInvested || Row.Treatment.LeasedCategory is not null);

    /// <summary>What the approach leaves out; below zero for what stands in category 15, which its own row holds to be outside.</summary>
    public decimal OutsideKgCo2e => IsInvested ? -Counted.KgCo2e : Row.Treatment.Share == 1 ? 0 : WholeKgCo2e - Counted.KgCo2e;
}

/// <summary>
/// Adds up what counts, place by place, from what the process remembers of each. The share of each figure of each cell is rounded by itself, and so is its part by
/// days (<c>docs/methods/inventory.md</c>), to the digit as <c>round</c> of the database.
/// </summary>
internal static class InventoryCells
{
    /// <param name="months">Those that are asked for, of the boundary.</param>
    /// <param name="parts">The same.</param>
    /// <param name="views">Of Scope 2; with several, <see cref="CellKeys.View"/> is to be among the keys.</param>
    public static async Task<List<InventoryCell>> ReadAsync(
        TenantUnit unit, MonthlyTotalsCache totals, IEnumerable<BoundaryRow> months, IEnumerable<BoundaryRow> parts, IReadOnlyList<Scope2Method> views, CellKeys keys,
        CancellationToken cancellationToken)
    {
        var (ofMonths, ofParts) = (months.ToList(), parts.ToList());
        var (cells, results) = await totals.ReadAsync(unit, ofMonths.SelectMany(YearsOf).ToHashSet(), ofParts.Select(MonthOf).ToHashSet(), cancellationToken);
        string[] methods = ["", .. views.Select(view => view.ToString())];
        bool Counts(in TotalsCell cell, bool isInvested) => (!isInvested || cell.Kind.Scope < 3) && methods.Contains(cell.Kind.View);

        var sums = new List<InventoryCell>();
        void Add(BoundaryRow row, Func<bool, IEnumerable<TotalsCell>> held)
        {
            sums.AddRange(Sums(row, isInvested: false, held(false), keys));
            if (row.Treatment.Invested > 0)
            {
                sums.AddRange(Sums(row, isInvested: true, held(true), keys));
            }
        }

        foreach (var row in ofMonths)
        {
            // Usage of a month has no days of its own: of a part of the month it counts over the month evenly.
            Add(row, isInvested => YearsOf(row).SelectMany(year => cells.GetValueOrDefault(year, [])).Where(cell => cell.Days.Last >= row.From && cell.Days.First <= row.To && Counts(cell, isInvested)));
        }

        foreach (var row in ofParts)
        {
            Add(row, isInvested => results.GetValueOrDefault(MonthOf(row), []).Where(result => result.Days.Last >= row.From && result.Days.First <= row.To && Counts(result, isInvested)));
        }

        return sums;
    }

    private static IEnumerable<PlaceYear> YearsOf(BoundaryRow row) =>
        Enumerable.Range(row.From.Year, row.To.Year - row.From.Year + 1).Select(year => new PlaceYear(row.Provider, row.Account, year));

    private static SiteMonth MonthOf(BoundaryRow part) => new(part.Account, new DateOnly(part.From.Year, part.From.Month, 1));

    private static IEnumerable<InventoryCell> Sums(BoundaryRow row, bool isInvested, IEnumerable<TotalsCell> cells, CellKeys keys)
    {
        var share = isInvested ? row.Treatment.Invested : row.Treatment.Share;
        var sums = new Dictionary<(DateOnly Month, TotalsKind Kind), Sum>();
        // One kind comes after the other, so that nearly every cell goes where the one before it went.
        (TotalsKind? Kind, DateOnly Month) of = default;
        Sum? sum = null;
        foreach (var cell in cells)
        {
            var month = keys.HasFlag(CellKeys.Month) ? cell.Month : default;
            if (sum is null || !ReferenceEquals(of.Kind, cell.Kind) || of.Month != month)
            {
                of = (cell.Kind, month);
                var key = (month, Only(cell.Kind, keys));
                if (!sums.TryGetValue(key, out sum))
                {
                    sums[key] = sum = new Sum();
                }
            }

            sum.Add(cell, row, share);
        }

        return sums.Select(some => some.Value.Cell(row, isInvested, some.Key.Month, some.Key.Kind));
    }

    /// <summary>What was not asked for tells no cells apart.</summary>
    private static TotalsKind Only(TotalsKind kind, CellKeys keys) => new(
        keys.HasFlag(CellKeys.Scope) ? kind.Scope : 0, keys.HasFlag(CellKeys.Category) ? kind.Category : 0, keys.HasFlag(CellKeys.Service) ? kind.Service : "",
        keys.HasFlag(CellKeys.Method) ? kind.Method : "", keys.HasFlag(CellKeys.View) ? kind.View : "", kind.IsComparison);

    private sealed class Sum
    {
        private readonly decimal[] _counted = new decimal[PlaceTotals.Measures.Count];
        private decimal _wholeKg;
        private long _results;
        private long _withoutFigure;

        public void Add(in TotalsCell cell, BoundaryRow row, decimal share)
        {
            _results += cell.Results;
            _withoutFigure += cell.WithoutFigure;
            var days = cell.Days.Last.DayNumber - cell.Days.First.DayNumber + 1;
            var before = Math.Max(row.From.DayNumber - cell.Days.First.DayNumber, 0);
            var through = Math.Min(row.To.DayNumber - cell.Days.First.DayNumber + 1, days);
            var at = 0;
            for (var measure = 0; at < cell.Amounts.Length; measure++)
            {
                if ((cell.Held & (1 << measure)) == 0)
                {
                    continue;
                }

                var amount = cell.Amounts[at++];
                var part = through - before == days ? amount : Part(amount, before, through, days);
                _wholeKg += measure == 0 ? part : 0m;
                _counted[measure] += share == 1m ? part : share == 0m ? 0m : Exact.ProductHalfAway(part, share);
            }
        }

        /// <summary>What falls on some of its days; parts of a cell or result add up to it.</summary>
        /// <param name="before">Days before them.</param>
        /// <param name="through">Days up to the last of them.</param>
        private static decimal Part(decimal amount, int before, int through, int days)
        {
            decimal Through(int some) => some == 0 ? 0m : some == days ? amount : Exact.RatioHalfAway(amount, some, days);
            return Through(through) - Through(before);
        }

        public InventoryCell Cell(BoundaryRow row, bool isInvested, DateOnly month, TotalsKind kind)
        {
            var counts = !isInvested && row.Treatment.Share > 0;
            return new InventoryCell(
                row, isInvested, month, kind,
                new InventoryFigures
                {
                    Results = counts ? _results : 0,
                    ResultsWithoutFigure = counts ? _withoutFigure : 0,
                    KgCo2e = _counted[0],
                    Co2 = _counted[1],
                    Ch4 = _counted[2],
                    N2o = _counted[3],
                    Hfcs = _counted[4],
                    Pfcs = _counted[5],
                    Sf6 = _counted[6],
                    Nf3 = _counted[7],
                    BiogenicKgCo2 = _counted[8],
                    KilowattHours = _counted[9],
                    MeasuredKgCo2e = _counted[10],
                    DefaultedKgCo2e = _counted[11],
                    SubmittedKgCo2e = _counted[12],
                },
                _wholeKg);
        }
    }
}
