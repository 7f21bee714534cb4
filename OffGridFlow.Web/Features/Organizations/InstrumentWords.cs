using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Infrastructure.Calculation;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Web.Features.Organizations;

/// <summary>How contracts are spoken of.</summary>
internal static class InstrumentWords
{
    /// <summary>In the order of the Scope 2 Guidance, table 7.1.</summary>
    public static readonly IReadOnlyList<QualityCriteria> Criteria =
    [
        QualityCriteria.ConveysRate, QualityCriteria.SoleClaim, QualityCriteria.Retired, QualityCriteria.Vintage, QualityCriteria.SameMarket, QualityCriteria.DeliveredMix,
        QualityCriteria.DirectTransfer, QualityCriteria.ResidualMixKnown,
    ];

    public static readonly IReadOnlyList<ActivityFamily> Energies = [ActivityFamily.Electricity, ActivityFamily.Heat, ActivityFamily.Steam, ActivityFamily.Cooling];

    public static string Kind(InstrumentKind kind) => kind switch
    {
        InstrumentKind.Certificate => "Certificates",
        InstrumentKind.PowerPurchaseAgreement => "Power purchase agreement",
        InstrumentKind.GreenTariff => "Green tariff",
        _ => "Supplier’s rate",
    };

    public static string KindHint(InstrumentKind kind) => kind switch
    {
        InstrumentKind.Certificate => "Guarantees of origin, RECs, REGOs or I-RECs that were bought apart from the energy.",
        InstrumentKind.PowerPurchaseAgreement => "A contract with a wind, solar or other plant whose certificates come with it.",
        InstrumentKind.GreenTariff => "A tariff of the supplier with an energy mix of its own.",
        _ => "The rate that the supplier prints on the bill for all its customers.",
    };

    /// <summary>The criterion as a question that who has the contract can answer, number included.</summary>
    public static string Question(QualityCriteria criterion) => criterion switch
    {
        QualityCriteria.ConveysRate => "Does the contract or certificate say how the energy was made, or how much CO2 it caused?",
        QualityCriteria.SoleClaim => "Is it the only paper that claims this energy, so that nobody else counts it as well?",
        QualityCriteria.Retired => "Were the certificates canceled (retired, redeemed) for your company in the registry?",
        QualityCriteria.Vintage => "Was the energy made close to the time in which you used it, within the same year or as near as the market allows?",
        QualityCriteria.SameMarket => "Does it come from the same market as the site, such as the same country or the European system?",
        QualityCriteria.DeliveredMix => "Has the supplier worked the rate out from what it delivered, with certificates it sold to others left out?",
        QualityCriteria.DirectTransfer => "Do the certificates come to your company alone, so that the plant does not sell them to others?",
        _ => "Is there a residual mix for the market, or does your report say that there is none?",
    };

    public static int Number(QualityCriteria criterion) => Criteria.ToList().IndexOf(criterion) + 1;

    public static string Short(QualityCriteria criterion) => criterion switch
    {
        QualityCriteria.ConveysRate => "says how the energy was made",
        QualityCriteria.SoleClaim => "only claim",
        QualityCriteria.Retired => "canceled for the company",
        QualityCriteria.Vintage => "close in time",
        QualityCriteria.SameMarket => "same market",
        QualityCriteria.DeliveredMix => "delivered mix",
        QualityCriteria.DirectTransfer => "transferred to the company alone",
        _ => "residual mix known",
    };

    public static string Energy(ActivityFamily family) => family switch
    {
        ActivityFamily.Heat => "Heat",
        ActivityFamily.Steam => "Steam",
        ActivityFamily.Cooling => "Cooling",
        _ => "Electricity",
    };

    /// <summary>The criteria that are asked for and not answered with yes.</summary>
    public static IReadOnlyList<QualityCriteria> Lacking(StoredInstrument instrument) => [.. Criteria.Where(one => !instrument.Criteria.HasFlag(one))];

    /// <summary>Tone, icon and words of the state of a contract.</summary>
    public static (string Tone, string Icon, string Words) State(StoredInstrument instrument, decimal used, DateOnly today)
    {
        if (instrument.IsWithdrawn) return ("quiet", "circle-slash", "Withdrawn");
        var failed = Criteria.Count(one => instrument.CriteriaNotMet.HasFlag(one));
        if (failed > 0) return ("error", "octagon-x", $"Not used: {Format.Count(failed)} {(failed == 1 ? "criterion is" : "criteria are")} not met");
        var open = Lacking(instrument).Count;
        if (open > 0) return ("info", "user", $"Not used yet: {Format.Count(open)} {(open == 1 ? "question is" : "questions are")} open");
        if (used == 0) return ("warning", "triangle-alert", "Covers nothing: no energy on its days and sites");
        return instrument.MegawattHours > used && instrument.LastDay < today
            ? ("warning", "triangle-alert", "Over-allocated: more than was used")
            : ("good", "circle-check", "Used");
    }

    /// <summary>The heading of the page: what is covered, in the latest year that has any consumption.</summary>
    public static string Finding(IReadOnlyList<StoredInstrument> instruments, InstrumentUsage usage)
    {
        if (instruments.Count == 0) return "No contract is written down yet";
        var unused = instruments.Count(instrument => !instrument.IsUsed && !instrument.IsWithdrawn);
        if (usage.Sites.Count == 0) return unused == 0 ? "No energy is entered that the contracts could cover" : $"{Contracts(unused)} not used yet";
        var year = usage.Sites[0].Year;
        var (consumed, covered) = (usage.Sites.Where(site => site.Year == year).Sum(site => site.ConsumedMwh), usage.Sites.Where(site => site.Year == year).Sum(site => site.CoveredMwh));
        if (consumed == 0) return "No energy is entered that the contracts could cover";
        return FormattableString.Invariant($"Contracts cover {Format.Percent(covered / consumed, 0)} of the purchased energy of {year}");
    }

    private static string Contracts(int count) => count == 1 ? "1 contract is" : $"{Format.Count(count)} contracts are";
}
