using System.Globalization;
using OffGridFlow.Core.Quantities;

namespace OffGridFlow.Core.Calculation;

/// <summary>A rate of exchange over one calendar month.</summary>
/// <param name="From">Three letters of ISO 4217.</param>
/// <param name="Month">Its first day.</param>
/// <param name="Value">How many <paramref name="To"/> one <paramref name="From"/> is, above zero.</param>
/// <param name="Source">Who says so.</param>
public sealed record MonthlyRate(string From, string To, DateOnly Month, decimal Value, string Source);

/// <summary>The level of prices in a currency.</summary>
/// <param name="Month">1 to 12; null for the mean of the year.</param>
/// <param name="Value">Above zero, on whatever base its series has.</param>
/// <param name="Source">The series and who publishes it; one series for a currency.</param>
public sealed record PriceLevel(string Currency, int Year, int? Month, decimal Value, string Source);

/// <summary>
/// Brings money to the currency and the price year of a factor: at the rate of exchange of the month in which it was spent, then × level of the price year ÷
/// level of the month or, without one, of the year of the spending. What is not in the tables is a fault and never a guess. <c>docs/methods/scope3-spend.md</c>.
/// </summary>
public sealed class MoneyTables
{
    public static readonly MoneyTables Empty = new([], []);

    private readonly Dictionary<(string From, string To, DateOnly Month), MonthlyRate> _rates;
    private readonly Dictionary<(string Currency, int Year, int Month), PriceLevel> _levels;

    public MoneyTables(IEnumerable<MonthlyRate> rates, IEnumerable<PriceLevel> levels)
    {
        _rates = rates.ToDictionary(rate => (rate.From, rate.To, rate.Month));
        _levels = levels.ToDictionary(level => (level.Currency, level.Year, level.Month ?? 0));
    }

    /// <summary>Whether money of the one unit can be told in the other, rates and levels given: the same, or from a currency as it was paid.</summary>
    public static bool CanLead(Unit from, Unit to) => from.Group == to.Group || (IsMoney(from) && IsMoney(to) && Parts(from).Year == 0);

    /// <summary>The steps from the amount to the factor's unit, the first of which takes the amount first; null with the fault where a rate or a level is missing.</summary>
    /// <param name="amount">In <paramref name="from"/>; below zero for what is taken back.</param>
    /// <param name="to">A unit of money that <see cref="CanLead"/> to.</param>
    /// <param name="day">A day of the month in which it was spent.</param>
    public IReadOnlyList<NamedStep>? Convert(decimal amount, Unit from, Unit to, DateOnly day, out CalculationFault? fault)
    {
        var (currency, _) = Parts(from);
        var (wanted, year) = Parts(to);
        var steps = new List<NamedStep>();
        if (currency != wanted && (fault = Exchange(steps, amount, currency, wanted, day)) is not null)
        {
            return null;
        }

        fault = year == 0 || year == day.Year ? null : Deflate(steps, amount, wanted, to, day);
        if (fault is null && steps.Count == 0)
        {
            // Spent in the currency and the year of the factor.
            steps.Add(NamedStep.Of($"{from.Symbol} as {to.Symbol}", StepOperation.Sum, to.Symbol, new StepOperand("Spent", amount, from.Symbol)));
        }

        return fault is null ? steps : null;
    }

    private CalculationFault? Exchange(List<NamedStep> steps, decimal amount, string from, string to, DateOnly day)
    {
        var month = new DateOnly(day.Year, day.Month, 1);
        var spent = new StepOperand("Spent", amount, from);
        var name = string.Create(CultureInfo.InvariantCulture, $"{from} to {to} at the rate of {month:yyyy-MM}");
        if (_rates.TryGetValue((from, to, month), out var rate))
        {
            steps.Add(NamedStep.Of(name, StepOperation.Product, to, spent, Operand(rate, false)));
        }
        else if (_rates.TryGetValue((to, from, month), out rate))
        {
            steps.Add(NamedStep.Of(name, StepOperation.Product, to, spent, Operand(rate, true)));
        }
        else if (Crossed(from, to, month) is var (mine, theirs))
        {
            steps.Add(NamedStep.Of(name, StepOperation.Product, to, spent, Operand(theirs, false), Operand(mine, true)));
        }
        else
        {
            return Faults.NoExchangeRate(from, to, month);
        }

        return null;
    }

    /// <summary>The rates of a third currency to both, as central banks publish them; the first by the alphabet where there are several.</summary>
    private (MonthlyRate Mine, MonthlyRate Theirs)? Crossed(string from, string to, DateOnly month) => _rates.Values
        .Where(rate => rate.Month == month && rate.To == from && _rates.ContainsKey((rate.From, to, month))).OrderBy(rate => rate.From, StringComparer.Ordinal)
        .Select(rate => ((MonthlyRate, MonthlyRate)?)(rate, _rates[(rate.From, to, month)])).FirstOrDefault();

    private CalculationFault? Deflate(List<NamedStep> steps, decimal amount, string currency, Unit to, DateOnly day)
    {
        var year = Parts(to).Year;
        if (!_levels.TryGetValue((currency, year, 0), out var then))
        {
            return Faults.NoPriceIndex(currency, year);
        }

        if (!_levels.TryGetValue((currency, day.Year, day.Month), out var now) && !_levels.TryGetValue((currency, day.Year, 0), out now))
        {
            return Faults.NoPriceIndex(currency, day.Year);
        }

        var spent = steps.Count == 0 ? new StepOperand("Spent", amount, currency) : new StepOperand(steps[0].Name, steps[0].Result, currency, Step: 0);
        steps.Add(NamedStep.Of(
            string.Create(CultureInfo.InvariantCulture, $"To the prices of {year}"), StepOperation.Product, to.Symbol, spent, Operand(then, false), Operand(now, true)));
        return null;
    }

    private static StepOperand Operand(MonthlyRate rate, bool isInverse) => new("Rate of exchange", rate.Value, $"{rate.To} per {rate.From}", rate.Source, IsInverse: isInverse);

    private static StepOperand Operand(PriceLevel level, bool isInverse) => new(
        string.Create(CultureInfo.InvariantCulture, $"Price index of {level.Year}{(level.Month is { } month ? $"-{month:00}" : "")}"), level.Value, "index", level.Source, IsInverse: isInverse);

    private static bool IsMoney(Unit unit) => unit.Group.Money is not null;

    private static (string Currency, int Year) Parts(Unit unit)
    {
        var parts = unit.Group.Money!.Split(' ');
        return (parts[0], parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0);
    }
}
