using System.Globalization;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Core.Quantities;

namespace OffGridFlow.Core.Calculation;

/// <summary>
/// From activities to emissions: pure, without memory of what it calculated but for the factors it has already looked up. One serves many threads.
/// Methods: <c>docs/methods</c>.
/// </summary>
public sealed partial class Calculator(FactorLibrary library, CalculationPolicy policy)
{
    private const int EnergyCategory = 3;
    private const int ValueChain = 3;

    private readonly FactorSelection _selection = new(library, policy);

    /// <summary>All figures of an activity: of scopes 1 to 3, of both views of scope 2, and the memo lines; or the reason why there are none.</summary>
    /// <param name="input">The activity.</param>
    /// <param name="shares">What contractual instruments cover of it, from <see cref="InstrumentAllocation"/>; those of other activities are passed over.</param>
    public CalculationOutcome Calculate(ActivityInput input, IReadOnlyList<InstrumentShare>? shares = null)
    {
        try
        {
            if (Prepare(input, out var fault) is not { } work || (fault = Fill(work, shares ?? [])) is not null)
            {
                return new CalculationOutcome([], fault);
            }

            return new CalculationOutcome(
                work.Category is null ? EnergyAccount.Of(work.Type, work.Quantity.Unit, work.Emissions, shares ?? [], library) : work.Emissions, null);
        }
        catch (QuantityOverflowException)
        {
            return new CalculationOutcome([], Faults.Overflow());
        }
    }

    /// <summary>The purchased energy of an activity by month, for <see cref="InstrumentAllocation"/>; empty for all else and for what cannot be calculated.</summary>
    public IReadOnlyList<EnergyUse> EnergyUses(ActivityInput input)
    {
        try
        {
            if (Prepare(input, out _) is not { Category: null } work || work.Type.Type.Scope != 2 || work.Type.IsPublished || work.Quantity.Unit.Group != library.KilowattHour.Group || work.Quantity.Value <= 0)
            {
                return [];
            }

            return
            [
                .. Proration.ByMonth(work.Quantity.Value, input.From, input.To).Select(part => new EnergyUse(
                    input.Id, input.Site, work.Type.Type.Family, part.From, part.To, new Quantity(part.Quantity, work.Quantity.Unit).To(library.KilowattHour).Value)),
            ];
        }
        catch (QuantityOverflowException)
        {
            return [];
        }
    }

    private Work? Prepare(ActivityInput input, out CalculationFault? fault)
    {
        if (library.Resolve(input.Type, out fault) is not { } type)
        {
            return null;
        }

        if (!library.Regions.TryFind(input.Region, out var region))
        {
            fault = Faults.UnknownRegion(input.Region);
            return null;
        }

        var chosen = input.FactorId is { } id ? library.FindFactor(id) : null;
        if (chosen is { Part: not (FactorPart.Direct or FactorPart.LifeCycle) })
        {
            // A part that stands beside an activity's own emissions: whoever chose it wants that row alone.
            type = FactorLibrary.RowOf(chosen);
        }

        fault = input.To < input.From ? Faults.PeriodReversed(input.From, input.To)
            : input.Quantity.Value < 0 && !input.IsReversal ? Faults.Negative(input.Quantity.Value)
            : input.FactorId is { } wanted && chosen is null ? Faults.UnknownFactor(wanted)
            : input.Category is { } category && !type.Type.Allows(category) ? Faults.CategoryNotAllowed(type.Type, category)
            : null;
        if (fault is not null)
        {
            return null;
        }

        if (input.Conversion is { } conversion
            && (conversion.From.Group != input.Quantity.Unit.Group || conversion.Value <= 0 || string.IsNullOrWhiteSpace(conversion.Source)))
        {
            fault = Faults.ConversionMismatch(conversion, input.Quantity.Unit);
            return null;
        }

        return new Work(input, type, region, input.Counted(), chosen);
    }

    private CalculationFault? Fill(Work work, IReadOnlyList<InstrumentShare> shares)
    {
        var type = work.Type.Type;
        if (type.NeedsGas && work.Chosen is null)
        {
            return Release(work);
        }

        if (type.IsReported && work.Chosen is null)
        {
            return Reported(work);
        }

        if (type.Family == ActivityFamily.OwnEnergy)
        {
            return OwnEnergy(work);
        }

        // Energy that others use, such as tenants and customers, is no Scope 2 of the organization: it has no market-based view.
        var isPurchased = type.Scope == 2 && !work.Type.IsPublished;
        var isEnergy = isPurchased && work.Category is null;
        if (isPurchased && work.Chosen is { Supply: SupplyKind.None } chosen)
        {
            return Faults.FactorDoesNotFit(type, chosen);
        }

        var bounds = work.Chosen is null ? _selection.Bounds(work.Type).ToList() : [];
        foreach (var month in Proration.ByMonth(work.Quantity.Value, work.Input.From, work.Input.To))
        {
            var left = month;
            if (isEnergy)
            {
                left = Cover(work, month, shares);
            }

            // The market-based view has the rest after the instruments, everything else the whole month.
            var parts = Proration.Split(month.Quantity, month.From, month.To, bounds);
            var rests = Proration.Split(left.Quantity, month.From, month.To, bounds);
            for (var i = 0; i < parts.Count; i++)
            {
                var fault = isEnergy ? PurchasedEnergy(work, parts[i], rests[i])
                    : isPurchased ? EnergyOfOthers(work, parts[i])
                    : work.Type.IsPublished ? Add(work, parts[i], Choose(work, Wanted.AsPublished, parts[i]), null)
                    : Burned(work, parts[i]);
                if (fault is not null)
                {
                    return fault;
                }
            }
        }

        return null;
    }

    /// <summary>What burns, moves, is bought: its own emissions, what comes before, and the CO2 of living matter as a memo.</summary>
    private CalculationFault? Burned(Work work, DayShare part)
    {
        var principal = Choose(work, Wanted.Principal, part);
        if (Add(work, part, principal, null) is { } fault)
        {
            return fault;
        }

        var scope = work.Type.Type.Scope;
        if (principal.Winner!.Part == FactorPart.Direct && !AddIfFound(work, part, Wanted.Upstream) && scope < 3)
        {
            Flag(work, "no-upstream", string.Create(
                CultureInfo.InvariantCulture, $"No well-to-tank factor is in the library: category {work.Category ?? EnergyCategory} lacks this fuel."));
        }

        AddMemo(work, part, principal.Winner);
        return null;
    }

    /// <summary>The CO2 of living matter, from the publisher of the figure itself: how much is blended in differs from country to country.</summary>
    private void AddMemo(Work work, DayShare part, EmissionFactor principal)
    {
        var memo = _selection.Select(new Question(work.Type, Wanted.OutsideScopes, work.Quantity.Unit, work.Region, part.From, part.To));
        if (memo.Winner?.Set.Family == principal.Set.Family)
        {
            Add(work, part, memo, null);
        }
    }

    /// <summary>The factor that a person chose where it serves, else the one that the rules choose.</summary>
    private Selection Choose(Work work, Wanted wanted, DayShare part) => work.Chosen is { } chosen && Serves(chosen, wanted)
        ? Chosen(work, chosen)
        : _selection.Select(new Question(work.Type, wanted, work.Quantity.Unit, work.Region, part.From, part.To));

    /// <summary>A supplier's rate that a person chose is no grid average: the location-based view looks on for one.</summary>
    private static bool Serves(EmissionFactor chosen, Wanted wanted) => wanted == Wanted.GridAverage
        ? chosen.Supply == SupplyKind.GridAverage
        : wanted is Wanted.Principal or Wanted.AsPublished or Wanted.MarketRate;

    private Selection Chosen(Work work, EmissionFactor chosen)
    {
        var fault = !MoneyTables.CanLead(work.Quantity.Unit, chosen.Unit) ? Faults.UnitOfAnotherGroup(work.Type.Type, work.Quantity.Unit, [chosen.Unit.Symbol])
            : chosen.Supply == SupplyKind.Marginal ? Faults.NotForInventory(work.Type.Type)
            : null;
        return fault is null
            ? new Selection(chosen, SelectionStep.Chosen, [], [.. FactorSelection.CommonFlags(chosen, policy)], null)
            : new Selection(null, SelectionStep.Chosen, [], [], fault);
    }

    /// <summary>Adds the figure of a part that may be missing.</summary>
    private bool AddIfFound(Work work, DayShare part, Wanted wanted)
    {
        var selection = _selection.Select(new Question(work.Type, wanted, work.Quantity.Unit, work.Region, part.From, part.To));
        return selection.Winner is not null && Add(work, part, selection, null) is null;
    }

    /// <summary>Adds what a factor makes of a part of the quantity.</summary>
    /// <param name="method">Of purchased energy.</param>
    /// <param name="lost">Factor quantity of what is lost on the way, where the factor's own part is its generation.</param>
    private CalculationFault? Add(Work work, DayShare part, Selection selection, Scope2Method? method, (decimal Quantity, FactorPart Part)? lost = null)
    {
        if (selection.Winner is not { } factor)
        {
            return selection.Fault;
        }

        if (factor.Basis == GasBasis.Energy)
        {
            return Faults.EnergyOnly(work.Type.Type);
        }

        IReadOnlyList<NamedStep> money = [];
        if (work.Quantity.Unit.Group != factor.Unit.Group)
        {
            if (policy.Money.Convert(part.Quantity, work.Quantity.Unit, factor.Unit, part.From, out var missing) is not { } steps)
            {
                return missing;
            }

            money = steps;
        }

        var quantity = lost?.Quantity ?? (money.Count > 0 ? money[^1].Result : new Quantity(part.Quantity, work.Quantity.Unit).To(factor.Unit).Value);
        if (FactorArithmetic.Multiply(quantity, factor, library.Gwp, policy.Gwp, out var fault) is not { } masses)
        {
            return fault;
        }

        var (scope, category) = ScopeOf(work, lost?.Part ?? factor.Part);
        work.Emissions.Add(new CalculatedEmission
        {
            Scope = scope,
            Category = category,
            Scope2Method = scope == 2 ? method ?? (factor.Supply is SupplyKind.ResidualMix or SupplyKind.Supplier ? Scope2Method.Market : Scope2Method.Location) : null,
            Part = lost?.Part ?? factor.Part,
            From = part.From,
            To = part.To,
            Quantity = part.Quantity,
            FactorQuantity = quantity,
            Factor = factor,
            KgCo2ePerUnit = factor.Basis == GasBasis.Co2e ? factor.Co2e : null,
            KgCo2e = masses.KgCo2e,
            Gases = masses.Gases,
            BiogenicKgCo2 = masses.BiogenicKgCo2,
            NonKyotoKgCo2e = masses.NonKyotoKgCo2e,
            KilowattHours = scope == 2 && method is not null ? new Quantity(part.Quantity, work.Quantity.Unit).To(library.KilowattHour).Value : null,
            Money = money,
            Step = selection.Step,
            Losers = selection.Losers,
            Flags = selection.Flags,
            Quality = Weaker(work.Input.Quality, QualityOf(selection)),
            GwpBasis = masses.GwpBasis,
        });
        return null;
    }

    private CalculationFault? Release(Work work)
    {
        if (work.Input.Gas is not { Length: > 0 } gas)
        {
            return Faults.GasMissing(work.Type.Type);
        }

        if (work.Quantity.Unit.Group != library.Kilogram.Group)
        {
            return Faults.UnitOfAnotherGroup(work.Type.Type, work.Quantity.Unit, work.Type.Type.Units);
        }

        foreach (var part in Proration.ByMonth(work.Quantity.Value, work.Input.From, work.Input.To))
        {
            var kilograms = new Quantity(part.Quantity, work.Quantity.Unit).To(library.Kilogram).Value;
            if (FactorArithmetic.Release(kilograms, gas.Trim(), library.Gwp, policy.Gwp, out var fault) is not { } masses)
            {
                return fault;
            }

            work.Emissions.Add(new CalculatedEmission
            {
                Scope = work.Category is null ? work.Type.Type.Scope : ValueChain,
                Category = work.Category ?? work.Type.Type.Category,
                Part = FactorPart.Direct,
                From = part.From,
                To = part.To,
                Quantity = part.Quantity,
                FactorQuantity = kilograms,
                KgCo2e = masses.KgCo2e,
                Gases = masses.Gases,
                NonKyotoKgCo2e = masses.NonKyotoKgCo2e,
                Step = SelectionStep.Gwp,
                Flags = masses.NonKyotoKgCo2e != 0
                    ? [new CalculationFlag("non-kyoto", "Gases outside the Kyoto Protocol stand beside the total, as a memo.")]
                    : [],
                Quality = work.Input.Quality,
                GwpBasis = masses.GwpBasis,
            });
        }

        return null;
    }

    /// <summary>What somebody else has calculated and reported: taken over month by month, without a factor.</summary>
    private CalculationFault? Reported(Work work)
    {
        if (work.Quantity.Unit.Group != library.KilogramCo2e.Group)
        {
            return Faults.UnitOfAnotherGroup(work.Type.Type, work.Quantity.Unit, work.Type.Type.Units);
        }

        foreach (var part in Proration.ByMonth(work.Quantity.Value, work.Input.From, work.Input.To))
        {
            var kilograms = new Quantity(part.Quantity, work.Quantity.Unit).To(library.KilogramCo2e).Value;
            work.Emissions.Add(new CalculatedEmission
            {
                Scope = ValueChain,
                Category = work.Category ?? work.Type.Type.Category,
                Part = FactorPart.LifeCycle,
                From = part.From,
                To = part.To,
                Quantity = part.Quantity,
                FactorQuantity = kilograms,
                KgCo2e = kilograms,
                Gases = [],
                Step = SelectionStep.Reported,
                Quality = work.Input.Quality,
                GwpBasis = "as reported",
            });
        }

        return null;
    }

    /// <summary>
    /// What comes before a fuel or electricity of scopes 1 and 2 is category 3; before what is bought it stays in the bought thing's category, and before
    /// what others burn and use in the category in which that stands.
    /// </summary>
    private static (int Scope, int? Category) ScopeOf(Work work, FactorPart part) => work.Category is { } stated ? (ValueChain, stated)
        : work.Type is { IsPublished: false, Type.Scope: < ValueChain } && part is (FactorPart.Upstream or FactorPart.Losses or FactorPart.LossesUpstream)
            ? (ValueChain, EnergyCategory)
            : (work.Type.Type.Scope, work.Type.Type.Category);

    private static DataQuality QualityOf(Selection selection) => selection.Step is SelectionStep.Proxy or SelectionStep.Continent or SelectionStep.World
        ? DataQuality.Defaulted
        : selection.Flags.Any(flag => flag.Code == "grid-average-in-market") ? DataQuality.Estimated : DataQuality.Measured;

    private static DataQuality Weaker(DataQuality one, DataQuality other) => one > other ? one : other;

    /// <summary>Marks the figure that was added last.</summary>
    private static void Flag(Work work, string code, string text)
    {
        var last = work.Emissions[^1];
        work.Emissions[^1] = last with { Flags = [.. last.Flags, new CalculationFlag(code, text)] };
    }

    /// <param name="Quantity">After a conversion to another group, where the activity names one.</param>
    /// <param name="Chosen">The factor that a person named.</param>
    private sealed record Work(ActivityInput Input, ResolvedType Type, Region Region, Quantity Quantity, EmissionFactor? Chosen)
    {
        public List<CalculatedEmission> Emissions { get; } = [];

        /// <summary>The category that the activity names; null: where its type stands.</summary>
        public int? Category => Input.Category;
    }
}
