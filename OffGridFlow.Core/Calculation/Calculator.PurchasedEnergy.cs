using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Core.Quantities;

namespace OffGridFlow.Core.Calculation;

/// <summary>Electricity, heat, steam and cooling: both views of scope 2, and category 3 (<c>docs/methods/purchased-energy.md</c>).</summary>
public sealed partial class Calculator
{
    /// <summary>Adds the market-based figures that instruments cover and returns the month with what is left.</summary>
    private DayShare Cover(Work work, DayShare month, IReadOnlyList<InstrumentShare> shares)
    {
        var left = month.Quantity;
        if (shares.Count == 0 || work.Quantity.Unit.Group != library.KilowattHour.Group)
        {
            return month;
        }

        var open = new Quantity(month.Quantity, work.Quantity.Unit).To(library.KilowattHour).Value;
        foreach (var share in shares.Where(share => share.ActivityId == work.Input.Id && share.From == month.From))
        {
            // What covers all that is left takes all of it: no remainder of a conversion stays behind.
            var covered = share.KilowattHours == open ? left : new Quantity(share.KilowattHours, library.KilowattHour).To(work.Quantity.Unit).Value;
            left -= covered;
            open -= share.KilowattHours;
            var kg = Exact.Product(share.KilowattHours, share.Instrument.KgCo2ePerKwh);
            work.Emissions.Add(new CalculatedEmission
            {
                Scope = 2,
                Scope2Method = Scope2Method.Market,
                Part = FactorPart.Direct,
                From = month.From,
                To = month.To,
                Quantity = covered,
                FactorQuantity = share.KilowattHours,
                Instrument = share.Instrument.Id,
                KgCo2ePerUnit = share.Instrument.KgCo2ePerKwh,
                KgCo2e = kg,
                Gases = [],
                KilowattHours = share.KilowattHours,
                Step = SelectionStep.Instrument,
                Quality = work.Input.Quality,
                GwpBasis = "as contracted",
            });
        }

        return month with { Quantity = left };
    }

    /// <param name="part">The whole, for location-based and category 3.</param>
    /// <param name="rest">What no instrument covers, for market-based.</param>
    private CalculationFault? PurchasedEnergy(Work work, DayShare part, DayShare rest)
    {
        var average = Choose(work, Wanted.GridAverage, part);
        if (Add(work, part, average, Scope2Method.Location) is { } fault)
        {
            return fault;
        }

        if ((rest.Quantity != 0 || part.Quantity == 0) && Add(work, rest, Choose(work, Wanted.MarketRate, rest), Scope2Method.Market) is { } marketFault)
        {
            return marketFault;
        }

        AddMemo(work, part, average.Winner!);
        return average.Winner!.Part == FactorPart.LifeCycle ? null : Upstream(work, part, average);
    }

    /// <summary>Energy that others use: its generation by the average of the grid, and what comes before it, all in the category that the entry names.</summary>
    private CalculationFault? EnergyOfOthers(Work work, DayShare part)
    {
        var average = Choose(work, Wanted.GridAverage, part);
        if (Add(work, part, average, null) is { } fault)
        {
            return fault;
        }

        AddMemo(work, part, average.Winner!);
        return average.Winner!.Part == FactorPart.LifeCycle ? null : Upstream(work, part, average);
    }

    /// <summary>What is made or sold: nothing is emitted by it, and the energy ledger has its kWh month by month.</summary>
    private CalculationFault? OwnEnergy(Work work)
    {
        if (work.Chosen is { } chosen)
        {
            return Faults.FactorDoesNotFit(work.Type.Type, chosen);
        }

        if (work.Quantity.Unit.Group != library.KilowattHour.Group)
        {
            return Faults.UnitOfAnotherGroup(work.Type.Type, work.Quantity.Unit, work.Type.Type.Units);
        }

        foreach (var part in Proration.ByMonth(work.Quantity.Value, work.Input.From, work.Input.To))
        {
            work.Emissions.Add(new CalculatedEmission
            {
                Scope = work.Type.Type.Scope,
                Part = FactorPart.Direct,
                From = part.From,
                To = part.To,
                Quantity = part.Quantity,
                FactorQuantity = new Quantity(part.Quantity, work.Quantity.Unit).To(library.KilowattHour).Value,
                KgCo2e = 0m,
                Gases = [],
                Step = SelectionStep.NoEmission,
                Quality = work.Input.Quality,
                GwpBasis = "none",
            });
        }

        return null;
    }

    /// <summary>
    /// Category 3: fuels of generation, and what is lost on the way. Losses are kWh × L ÷ (1 − L) × (generation + upstream), L the share of generation that
    /// is lost; a publisher's own figure per kWh consumed goes first.
    /// </summary>
    private CalculationFault? Upstream(Work work, DayShare part, Selection average)
    {
        var upstream = _selection.Select(new Question(work.Type, Wanted.Upstream, work.Quantity.Unit, work.Region, part.From, part.To));
        if (upstream.Winner is not null && Add(work, part, upstream, null) is { } fault)
        {
            return fault;
        }

        if (AddIfFound(work, part, Wanted.Losses))
        {
            AddIfFound(work, part, Wanted.LossesUpstream);
        }
        else if (average.Winner!.LossShare is { } share)
        {
            var arrived = new Quantity(part.Quantity, work.Quantity.Unit).To(average.Winner.Unit).Value;
            var lost = Exact.Ratio(arrived, share, 1m - share);
            if (Add(work, part, average, null, (lost, FactorPart.Losses)) is { } lossFault)
            {
                return lossFault;
            }

            if (upstream.Winner is { } before)
            {
                var inItsUnit = new Quantity(lost, average.Winner.Unit).To(before.Unit).Value;
                return Add(work, part, upstream, null, (inItsUnit, FactorPart.LossesUpstream));
            }
        }

        return null;
    }
}
