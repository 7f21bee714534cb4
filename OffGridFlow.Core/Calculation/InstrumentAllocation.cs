using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Core.Quantities;

namespace OffGridFlow.Core.Calculation;

/// <summary>Purchased energy that an activity used in one month.</summary>
/// <param name="From">First day of the part, as <see cref="Proration.ByMonth"/> makes it.</param>
public sealed record EnergyUse(string ActivityId, string? Site, ActivityFamily Energy, DateOnly From, DateOnly To, decimal KilowattHours);

/// <summary>What an instrument covers of the energy that an activity used in a month.</summary>
/// <param name="From">First day of the part that it covers, the <see cref="EnergyUse.From"/>.</param>
public sealed record InstrumentShare(string ActivityId, DateOnly From, ContractualInstrument Instrument, decimal KilowattHours);

/// <param name="Used">kWh of the instrument that cover a use.</param>
/// <param name="Unused">kWh left over; null for an instrument without an amount.</param>
/// <param name="FailedCriteria">Quality criteria that are not met; then nothing of it is used.</param>
public sealed record InstrumentUse(ContractualInstrument Instrument, decimal Used, decimal? Unused, QualityCriteria FailedCriteria);

/// <param name="Shares">In the order of the instruments, then of the uses.</param>
public sealed record Allocation(IReadOnlyList<InstrumentShare> Shares, IReadOnlyList<InstrumentUse> Instruments);

/// <summary>Shares contractual instruments out over the energy that was used: never more than was used, never more than the instrument holds.</summary>
public static class InstrumentAllocation
{
    private const decimal KilowattHoursPerMegawattHour = 1000m;

    /// <summary>
    /// Certificates come first, then contracts, tariffs and rates, in each kind the older first. An instrument covers the uses of its sites on
    /// its days, what is left of them after the instruments before it, in proportion when it does not reach for all; the last takes the remainder of the
    /// division. One that fails a quality criterion covers nothing.
    /// </summary>
    /// <param name="taken">kWh of instruments that uses of locked periods have, which are not among the uses: only what is left is shared out.</param>
    /// <exception cref="QuantityOverflowException">A sum has more than 16 digits before the point.</exception>
    public static Allocation Allocate(IEnumerable<ContractualInstrument> instruments, IEnumerable<EnergyUse> uses, IReadOnlyDictionary<string, decimal>? taken = null)
    {
        var open = uses.OrderBy(use => use.From).ThenBy(use => use.ActivityId, StringComparer.Ordinal).Select(use => new OpenUse(use)).ToList();
        var shares = new List<InstrumentShare>();
        var results = new List<InstrumentUse>();
        var ordered = instruments.OrderBy(instrument => instrument.Kind).ThenBy(instrument => instrument.From)
            .ThenBy(instrument => instrument.Id, StringComparer.Ordinal);
        foreach (var instrument in ordered)
        {
            var amount = instrument.MegawattHours * KilowattHoursPerMegawattHour;
            if (amount is not null && taken?.TryGetValue(instrument.Id, out var gone) == true)
            {
                amount = Math.Max(0m, amount.Value - gone);
            }

            var failed = QualityCriteria.All & ~instrument.Criteria;
            var used = failed == QualityCriteria.None ? Cover(instrument, amount, open, shares) : 0m;
            results.Add(new InstrumentUse(instrument, used, amount - used, failed));
        }

        return new Allocation(shares, results);
    }

    private static decimal Cover(ContractualInstrument instrument, decimal? amount, List<OpenUse> open, List<InstrumentShare> shares)
    {
        var eligible = open.Select(use => (Use: use, KilowattHours: use.Within(instrument))).Where(use => use.KilowattHours > 0).ToList();
        var total = eligible.Sum(use => use.KilowattHours);
        var left = amount is { } limit && limit < total ? limit : total;
        var used = left;
        for (var i = 0; i < eligible.Count && left > 0; i++)
        {
            var (use, wanted) = eligible[i];
            var share = used == total ? wanted : i == eligible.Count - 1 ? Math.Min(left, wanted) : Math.Min(left, Exact.Ratio(used, wanted, total));
            if (share > 0)
            {
                use.Left -= share;
                left -= share;
                shares.Add(new InstrumentShare(use.Use.ActivityId, use.Use.From, instrument, share));
            }
        }

        return used - left;
    }

    private sealed class OpenUse(EnergyUse use)
    {
        public EnergyUse Use => use;

        public decimal Left { get; set; } = use.KilowattHours;

        /// <summary>What is left of the use on the instrument's days at its sites, kWh.</summary>
        public decimal Within(ContractualInstrument instrument)
        {
            var from = use.From > instrument.From ? use.From : instrument.From;
            var to = use.To < instrument.To ? use.To : instrument.To;
            if (instrument.Energy != use.Energy || from > to || (instrument.Sites.Count > 0 && (use.Site is null || !instrument.Sites.Contains(use.Site))))
            {
                return 0;
            }

            var ofDays = Proration.Days(from, to) == Proration.Days(use.From, use.To)
                ? use.KilowattHours
                : Exact.Ratio(use.KilowattHours, Proration.Days(from, to), Proration.Days(use.From, use.To));
            return Math.Min(ofDays, Left);
        }
    }
}
