using System.Collections.Concurrent;
using System.Globalization;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Core.Quantities;

namespace OffGridFlow.Core.Calculation;

/// <summary>Which figure of an activity a factor is looked for.</summary>
internal enum Wanted
{
    /// <summary>What the activity itself causes.</summary>
    Principal,

    /// <summary>Average of the grid: location-based.</summary>
    GridAverage,

    /// <summary>Supplier's rate, then residual mix, then grid average: market-based.</summary>
    MarketRate,
    Upstream,
    Losses,
    LossesUpstream,
    OutsideScopes,

    /// <summary>Whatever part a publisher's own row is.</summary>
    AsPublished,
}

/// <summary>What a factor is looked for.</summary>
/// <param name="From">First day, inclusive.</param>
/// <param name="To">Last day, inclusive, of the same year.</param>
internal readonly record struct Question(ResolvedType Type, Wanted Wanted, Unit Unit, Region Region, DateOnly From, DateOnly To);

/// <summary>The answer: the winner with the step that decided, or why there is none.</summary>
internal sealed record Selection(
    EmissionFactor? Winner, SelectionStep Step, IReadOnlyList<LosingFactor> Losers, IReadOnlyList<CalculationFlag> Flags, CalculationFault? Fault);

/// <summary>
/// First filters, then ranks (<c>docs/methods/factor-selection.md</c>). Filter: part and use, unit, year, region. Rank: own before published;
/// supplier before residual mix before grid average; the narrower region; direct before life-cycle; the preferred set; the later data; the unit that
/// needs no conversion. Two that are equal in all of it are a tie, never a coin toss.
/// </summary>
internal sealed class FactorSelection(FactorLibrary library, CalculationPolicy policy)
{
    /// <summary>At most so many losers are kept with a result: those that came closest.</summary>
    private const int LosersKept = 12;

    /// <summary>How many years data may lag behind consumption (invariant 4).</summary>
    private const int LongestLag = 3;

    private static readonly string[] RankReasons = ["published-after-own", "supply", "wider-region", "life-cycle", "set-order", "older-data", "unit"];

    private readonly ConcurrentDictionary<(string Type, Wanted Wanted, string Unit, string Region, int Year, DateOnly From, DateOnly To), Selection> _known = new();
    private readonly ConcurrentDictionary<(string Type, Wanted Wanted), (IReadOnlyList<EmissionFactor> Factors, bool ByDays)> _candidates = new();
    private readonly Dictionary<string, int> _familyOrder = Order(library, policy);

    public Selection Select(Question question)
    {
        var (candidates, byDays) = CandidatesOf(question.Type, question.Wanted);
        var (from, to) = byDays ? (question.From, question.To) : (new DateOnly(question.From.Year, 1, 1), new DateOnly(question.From.Year, 12, 31));
        var key = (question.Type.Type.Key, question.Wanted, question.Unit.Symbol, question.Region.Code, question.From.Year, from, to);
        return _known.TryGetValue(key, out var known) ? known : _known.GetOrAdd(key, Work(question, candidates));
    }

    /// <summary>First days at which a factor of the type begins or has ended, by which an activity is cut.</summary>
    public IEnumerable<DateOnly> Bounds(ResolvedType type)
    {
        var (candidates, byDays) = CandidatesOf(type, type.IsPublished ? Wanted.AsPublished : type.Type.Scope == 2 ? Wanted.MarketRate : Wanted.Principal);
        return !byDays ? [] : candidates.Where(factor => factor.Set.Vintage == Vintage.Days)
            .SelectMany(factor => new[] { factor.DataFrom, factor.DataTo?.AddDays(1) }).OfType<DateOnly>();
    }

    /// <summary>Symbols of the units in which the type can be entered, as its factors have them.</summary>
    private IReadOnlyList<string> UnitsOf(ResolvedType type, Wanted wanted) =>
        [.. CandidatesOf(type, wanted).Factors.Select(factor => factor.Unit.Symbol).Distinct().Take(6)];

    private (IReadOnlyList<EmissionFactor> Factors, bool ByDays) CandidatesOf(ResolvedType type, Wanted wanted) => _candidates.GetOrAdd(
        (type.Type.Key, wanted), _ =>
        {
            var factors = type.Activities.SelectMany(library.FactorsOf).Where(factor => Serves(factor, wanted)).ToList();
            return (factors, factors.Exists(factor => factor.Set.Vintage == Vintage.Days));
        });

    private static bool Serves(EmissionFactor factor, Wanted wanted) => wanted switch
    {
        Wanted.Principal => factor is { Supply: SupplyKind.None, Part: FactorPart.Direct or FactorPart.LifeCycle } && factor.Basis != GasBasis.Energy,
        Wanted.GridAverage => factor is { Supply: SupplyKind.GridAverage, Part: FactorPart.Direct or FactorPart.LifeCycle },
        Wanted.MarketRate => factor is
        {
            Supply: SupplyKind.Supplier or SupplyKind.ResidualMix or SupplyKind.GridAverage, Part: FactorPart.Direct or FactorPart.LifeCycle,
        },
        Wanted.Upstream => factor.Part == FactorPart.Upstream,
        Wanted.Losses => factor.Part == FactorPart.Losses,
        Wanted.LossesUpstream => factor.Part == FactorPart.LossesUpstream,
        Wanted.OutsideScopes => factor.Part == FactorPart.OutsideScopes,
        _ => true,
    };

    private Selection Work(Question question, IReadOnlyList<EmissionFactor> candidates)
    {
        var path = library.Regions.Path(question.Region);
        var passed = new List<Ranked>();
        var failed = new List<(EmissionFactor Factor, string Reason)>();
        foreach (var factor in candidates)
        {
            var place = Place(factor, path, question.Type.Type.Scope == 2);
            if (Fails(factor, question, place) is { } reason)
            {
                failed.Add((factor, reason));
            }
            else
            {
                passed.Add(new Ranked(factor, place!.Value.Step, RankOf(factor, place.Value.Distance, question)));
            }
        }

        passed.Sort((one, other) => one.Against(other));
        if (passed.Count == 0)
        {
            return new Selection(null, SelectionStep.Country, [], [], Explain(question, failed));
        }

        if (passed.Count > 1 && passed[0].Against(passed[1]) == 0)
        {
            return new Selection(null, SelectionStep.Country, [], [], Faults.Tie(question.Type.Type, passed[0].Factor, passed[1].Factor));
        }

        var winner = passed[0];
        var losers = passed.Skip(1).Select(loser => new LosingFactor(loser.Factor.Id, loser.Factor.Set.Id, RankReasons[loser.Differs(winner)]))
            .Concat(failed.OrderBy(loser => loser.Reason == "year" ? 0 : 1).ThenByDescending(loser => loser.Factor.Year)
                .Select(loser => new LosingFactor(loser.Factor.Id, loser.Factor.Set.Id, loser.Reason)))
            .Take(LosersKept).ToList();
        return new Selection(winner.Factor, winner.Step, losers, [.. FlagsOf(winner, question)], null);
    }

    private string? Fails(EmissionFactor factor, Question question, (SelectionStep Step, int Distance)? place)
    {
        if (!MoneyTables.CanLead(question.Unit, factor.Unit))
        {
            return "unit";
        }

        return !FitsTime(factor, question) ? "year" : place is null ? "region" : null;
    }

    private bool FitsTime(EmissionFactor factor, Question question)
    {
        var year = question.From.Year;
        if (policy.FixedEditions.TryGetValue((factor.Set.Family, year), out var edition) && factor.Set.Vintage != Vintage.Days)
        {
            return factor.Year == edition;
        }

        return factor.Set.Vintage switch
        {
            Vintage.EditionYear => factor.Year == year,
            Vintage.DataYear => factor.Year <= year && year - factor.Year <= LongestLag,
            _ => (factor.DataFrom is not { } from || from <= question.From) && (factor.DataTo is not { } to || to >= question.To),
        };
    }

    /// <summary>How far the factor's region is from the site, and the step's name; null where it must not be used.</summary>
    private (SelectionStep Step, int Distance)? Place(EmissionFactor factor, IReadOnlyList<Region> path, bool isEnergy)
    {
        for (var i = 0; i < path.Count; i++)
        {
            if (string.Equals(path[i].Code, factor.Region, StringComparison.Ordinal))
            {
                return isEnergy && path[i].Kind > RegionKind.Country ? null
                    : (factor.Set.IsOwn ? SelectionStep.Own : StepOf(path[i].Kind), i);
            }
        }

        return isEnergy || !policy.AllowsProxy || factor.Set.IsOwn ? null : (SelectionStep.Proxy, path.Count);
    }

    private static SelectionStep StepOf(RegionKind kind) => kind switch
    {
        RegionKind.GridRegion => SelectionStep.GridRegion,
        RegionKind.Province => SelectionStep.Province,
        RegionKind.Country => SelectionStep.Country,
        RegionKind.Continent => SelectionStep.Continent,
        _ => SelectionStep.World,
    };

    private int[] RankOf(EmissionFactor factor, int distance, Question question) =>
    [
        factor.Set.IsOwn ? 0 : 1,
        question.Wanted == Wanted.MarketRate ? factor.Supply switch { SupplyKind.Supplier => 0, SupplyKind.ResidualMix => 1, _ => 2 } : 0,
        distance,
        factor.Part == FactorPart.LifeCycle && question.Wanted != Wanted.AsPublished ? 1 : 0,
        _familyOrder[factor.Set.Family],
        -factor.Year,
        factor.Unit == question.Unit ? 0 : factor.Unit.Factor == 1m ? 1 : 2,
    ];

    private IEnumerable<CalculationFlag> FlagsOf(Ranked winner, Question question)
    {
        var factor = winner.Factor;
        var year = question.From.Year;
        if (winner.Step == SelectionStep.Proxy)
        {
            var region = library.Regions.TryFind(factor.Region, out var found) ? found.Name : factor.Region;
            yield return new CalculationFlag("proxy", $"No factor of {question.Region.Name} fits; the one of {region} stands in.");
        }

        if (factor.Set.Vintage != Vintage.Days && factor.Year != year)
        {
            yield return policy.FixedEditions.ContainsKey((factor.Set.Family, year))
                ? new CalculationFlag("fixed-edition", string.Create(CultureInfo.InvariantCulture, $"The edition of {factor.Year} is fixed for consumption in {year}."))
                : new CalculationFlag("data-lag", string.Create(
                    CultureInfo.InvariantCulture, $"Data of {factor.Year} for consumption in {year}: nothing later up to {year} is in the library."));
        }

        foreach (var flag in CommonFlags(factor, policy))
        {
            yield return flag;
        }

        if (question.Wanted == Wanted.MarketRate && factor.Supply == SupplyKind.GridAverage)
        {
            yield return new CalculationFlag("grid-average-in-market", "No residual mix is in the library; the average of the grid stands in, which may count claimed electricity twice.");
        }
    }

    /// <summary>Flags that a factor carries however it was chosen.</summary>
    public static IEnumerable<CalculationFlag> CommonFlags(EmissionFactor factor, CalculationPolicy policy)
    {
        if (factor.Basis == GasBasis.Co2e && factor.Set.GwpBasis is { } basis && !string.Equals(basis, policy.Gwp.ToString(), StringComparison.OrdinalIgnoreCase))
        {
            yield return new CalculationFlag("publishers-potentials", $"CO2e as published with {basis}; the inventory uses {policy.Gwp.ToString().ToUpperInvariant()}.");
        }

        if (factor is { Part: FactorPart.LifeCycle, Supply: not SupplyKind.None })
        {
            yield return new CalculationFlag("life-cycle", "The factor covers the whole life cycle of generation; nothing is added to category 3 for it.");
        }

        if (factor.Caution is { } caution)
        {
            yield return new CalculationFlag("caution", caution);
        }
    }

    private CalculationFault Explain(Question question, List<(EmissionFactor Factor, string Reason)> failed)
    {
        var type = question.Type.Type;
        if (failed.Count == 0)
        {
            return question.Type.Activities.SelectMany(library.FactorsOf).Any(factor => factor.Supply == SupplyKind.Marginal) && question.Type.Type.Scope == 2
                ? Faults.NotForInventory(type)
                : Faults.NoFactor(type);
        }

        if (failed.TrueForAll(loser => loser.Reason == "unit"))
        {
            return question.Unit.Group is { Name: "energy", Basis: CalorificBasis.None }
                && failed.Exists(loser => loser.Factor.Unit.Group is { Name: "energy", Basis: not CalorificBasis.None })
                ? Faults.ChooseCalorificBasis(type, question.Unit)
                : Faults.UnitOfAnotherGroup(type, question.Unit, UnitsOf(question.Type, question.Wanted));
        }

        // The years that would do in this place.
        var path = library.Regions.Path(question.Region);
        var here = failed.Where(loser => loser.Reason == "year" && Place(loser.Factor, path, type.Scope == 2) is not null).Select(loser => loser.Factor.Year).Distinct().Order().ToList();
        return here.Count > 0 ? Faults.NoFactorForYear(type, question.From.Year, here) : Faults.NoFactorForRegion(type, question.Region);
    }

    private static Dictionary<string, int> Order(FactorLibrary library, CalculationPolicy policy) =>
        policy.SetOrder.Concat(library.Families).Distinct().Select((family, index) => (family, index)).ToDictionary(entry => entry.family, entry => entry.index, StringComparer.Ordinal);

    private sealed record Ranked(EmissionFactor Factor, SelectionStep Step, int[] Rank)
    {
        public int Against(Ranked other)
        {
            var place = Differs(other);
            return place < 0 ? 0 : Rank[place].CompareTo(other.Rank[place]);
        }

        /// <summary>The first criterion in which the two differ; -1 when there is none.</summary>
        public int Differs(Ranked other) => Array.FindIndex([.. Rank.Zip(other.Rank, (one, two) => one != two)], differs => differs);
    }
}
