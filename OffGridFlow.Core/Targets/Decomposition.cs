using OffGridFlow.Core.Quantities;

namespace OffGridFlow.Core.Targets;

/// <summary>
/// The difference between two periods by its causes (docs/methods/decomposition.md). Each cause is its mean over both orders in which two causes can be
/// told, so that nothing is left over, no order has to be chosen, and with the periods exchanged every cause changes its sign and nothing else.
/// </summary>
public sealed record Decomposition(IReadOnlyList<SourceChange> Sources)
{
    public decimal BeforeKg { get; } = Sources.Sum(source => source.BeforeKg);

    public decimal AfterKg { get; } = Sources.Sum(source => source.AfterKg);

    public decimal Activity { get; } = Sources.Sum(source => source.Activity);

    public decimal Factor { get; } = Sources.Sum(source => source.Factor);

    public decimal Method { get; } = Sources.Sum(source => source.Method);

    public decimal Boundary { get; } = Sources.Sum(source => source.Boundary);

    /// <summary>Part of <see cref="Activity"/>, as a sum of magnitudes: what no quantity parts from its factor.</summary>
    public decimal Unsplit { get; } = Sources.Sum(source => Math.Abs(source.Unsplit));

    public decimal DifferenceKg => AfterKg - BeforeKg;

    /// <param name="histories">Each source once.</param>
    public static Decomposition Of(IEnumerable<SourceHistory> histories)
    {
        var sides = histories.Select(history => new Sides(history)).ToList();
        var changed = MeasuredOtherwise(sides);
        return new Decomposition([.. sides.Select(side => side.Split(changed.Contains(side)))]);
    }

    /// <summary>
    /// Sources that ended, and those that began, at one place in one scope and category, where the one is measured by another kind of thing than the other. In
    /// scopes 1 and 2 it has to be the same activity type: there another measure of another fuel is another fuel, not another method.
    /// </summary>
    private static HashSet<Sides> MeasuredOtherwise(List<Sides> sides)
    {
        var changed = new HashSet<Sides>();
        foreach (var place in sides.Where(side => side.Began || side.Ended).GroupBy(side => side.Source with
        {
            Measure = "", ActivityType = side.Source.Scope == 3 ? "" : side.Source.ActivityType,
        }))
        {
            foreach (var (ended, began) in place.Where(side => side.Ended).SelectMany(ended => place.Where(side => side.Began).Select(began => (ended, began))))
            {
                if (ended.Source.Measure != began.Source.Measure)
                {
                    changed.Add(ended);
                    changed.Add(began);
                }
            }
        }

        return changed;
    }

    /// <summary>A source, apart: the months that count in one period alone, and those that count in both.</summary>
    private sealed class Sides
    {
        private readonly decimal _joined;
        private readonly Side _before = new();
        private readonly Side _after = new();

        public Sides(SourceHistory history)
        {
            Source = history.Source;
            for (var month = 0; month < Math.Max(history.Before.Count, history.After.Count); month++)
            {
                var (before, after) = (At(history.Before, month), At(history.After, month));
                BeforeKg += before?.CountedKg ?? 0m;
                AfterKg += after?.CountedKg ?? 0m;
                // A month that the other period has not is no change of boundary: a longer year holds more activity.
                if (before is { } first && after is { } second && first.Share > 0 != second.Share > 0)
                {
                    _joined += second.CountedKg - first.CountedKg;
                    continue;
                }

                _before.Add(before);
                _after.Add(after);
            }
        }

        public EmissionSource Source { get; }

        public bool Ended => _before.Is && !_after.Is;

        public bool Began => _after.Is && !_before.Is;

        private decimal BeforeKg { get; }

        private decimal AfterKg { get; }

        public SourceChange Split(bool otherwise)
        {
            var shared = ShareChange();
            var inner = _after.Counted - _before.Counted - shared;
            var change = new SourceChange(Source, BeforeKg, AfterKg, inner, 0m, 0m, _joined + shared);
            if (!_before.Is || !_after.Is)
            {
                return otherwise ? change with { Activity = 0m, Method = inner } : change;
            }

            if (_before.Quantity is not { } was || _after.Quantity is not { } now || was == 0 || now == 0)
            {
                return change with { Unsplit = inner };
            }

            // Mean of (q1 − q0) f0 and (q1 − q0) f1, with f = e / q: (e1 − e0 + q1 e0 / q0 − q0 e1 / q1) / 2, times the mean share.
            var twice = _after.Whole - _before.Whole + Exact.Ratio(now, _before.Whole, was) - Exact.Ratio(was, _after.Whole, now);
            var activity = Exact.Ratio(twice, _before.Weight + _after.Weight, 4m);
            return change with { Activity = activity, Factor = inner - activity };
        }

        /// <summary>Mean of (w1 − w0) e0 and (w1 − w0) e1 in the months that count in both.</summary>
        private decimal ShareChange()
        {
            if (!_before.Is || !_after.Is || _before.Weight == _after.Weight)
            {
                return 0m;
            }

            return Exact.Ratio(_after.Weight - _before.Weight, _before.Whole + _after.Whole, 2m);
        }

        private static SourceMonth? At(IReadOnlyList<SourceMonth> months, int month) => month < months.Count ? months[month] : null;
    }

    private sealed class Side
    {
        private decimal _shares;
        private int _months;
        private bool _unknown;

        public decimal Whole { get; private set; }

        public decimal Counted { get; private set; }

        /// <summary>Null where a month with emissions has none.</summary>
        public decimal? Quantity => _unknown ? null : Sum;

        /// <summary>Whether there are data.</summary>
        public bool Is => Whole != 0 || Sum != 0;

        /// <summary>The share of the mass that counts; of what has no mass, of the months.</summary>
        public decimal Weight => Whole != 0 ? Exact.Ratio(Counted, 1m, Whole) : _months == 0 ? 1m : Exact.Ratio(_shares, 1m, _months);

        private decimal Sum { get; set; }

        public void Add(SourceMonth? month)
        {
            if (month is not { } found)
            {
                return;
            }

            (_shares, _months, Whole, Counted, Sum) = (_shares + found.Share, _months + 1, Whole + found.WholeKg, Counted + found.CountedKg, Sum + (found.Quantity ?? 0m));
            _unknown |= found is { Quantity: null, WholeKg: not 0 };
        }
    }
}
