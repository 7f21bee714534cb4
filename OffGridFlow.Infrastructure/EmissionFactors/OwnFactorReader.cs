using System.Globalization;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Core.Quantities;

namespace OffGridFlow.Infrastructure.EmissionFactors;

/// <summary>Makes factors of what somebody wrote, and says of each value that cannot be used where it stands and what to write instead.</summary>
/// <param name="published">The shipped factors of an activity; what a row may refer to beside the product's own activity types.</param>
internal sealed class OwnFactorReader(FactorReference reference, IReadOnlyDictionary<string, IReadOnlyList<EmissionFactor>> published)
{
    private const int LongestName = 200;
    private const int LongestNote = 1000;
    private const decimal LargestFigure = 1_000_000_000m;

    private static readonly FactorPart[] Parts = [FactorPart.Direct, FactorPart.Upstream, FactorPart.Losses, FactorPart.LossesUpstream, FactorPart.LifeCycle];
    private static readonly SupplyKind[] Supplies = [SupplyKind.Supplier, SupplyKind.ResidualMix, SupplyKind.GridAverage];

    /// <returns>The factor, or null when <paramref name="faults"/> has become longer.</returns>
    public EmissionFactor? Read(OwnFactorInput row, FactorSet set, List<OwnFactorFault> faults)
    {
        var before = faults.Count;
        void Fault(string column, string value, string reason, string fix) => faults.Add(new OwnFactorFault(row.Line, column, value, reason, fix));

        var target = TargetOf(row, Fault);
        var unit = UnitOf(row, target, Fault);
        var region = RegionOf(row, Fault);
        var (co2e, co2, ch4, n2o, biogenic) = (
            Figure("co2e", row.Co2e, Fault), Figure("co2", row.Co2, Fault), Figure("ch4", row.Ch4, Fault), Figure("n2o", row.N2o, Fault), Figure("biogenic_co2", row.BiogenicCo2, Fault));
        var hasMasses = new[] { row.Co2, row.Ch4, row.N2o }.Any(text => text.Length > 0);
        if (row.Co2e.Length > 0 && hasMasses)
        {
            Fault("co2e", row.Co2e, "The row gives CO2e and masses of gases as well, and one of them would be counted twice.", "Leave co2e empty, or co2, ch4 and n2o.");
        }
        else if (row.Co2e.Length == 0 && !hasMasses)
        {
            Fault("co2e", "", "The row gives no figure.", "Write kg CO2e per unit into co2e, or the masses in kg into co2, ch4 and n2o. Zero is written 0.");
        }

        var from = Day("valid_from", row.ValidFrom, Fault);
        var to = Day("valid_to", row.ValidTo, Fault);
        if (from > to)
        {
            Fault("valid_to", row.ValidTo, "The last day lies before the first.", "Exchange valid_from and valid_to; both days count.");
        }

        var part = Name("part", row.Part, FactorPart.Direct, Parts, Fault);
        var supply = SupplyOf(row, target, Fault);
        var uncertainty = Figure("uncertainty_percent", row.UncertaintyPercent, Fault);
        if (row.Name.Length > LongestName)
        {
            Fault("name", row.Name[..40] + "…", $"The name is longer than {LongestName} characters.", "Shorten it, and put the rest into note.");
        }

        if (row.Note.Length > LongestNote)
        {
            Fault("note", row.Note[..40] + "…", $"The note is longer than {LongestNote} characters.", "Shorten it.");
        }

        if (faults.Count > before || target is null || unit is null || region is null || from is not { } first || to is not { } last)
        {
            return null;
        }

        return new EmissionFactor
        {
            Id = string.Create(CultureInfo.InvariantCulture, $"{set.Id}-{row.Line}"), Set = set, Activity = target.Activity, Name = row.Name.Length > 0 ? row.Name : target.Name,
            Category = "Own factors > " + target.Category, Unit = unit, Basis = row.Co2e.Length > 0 ? GasBasis.Co2e : GasBasis.Mass, Co2e = co2e, Co2 = co2, Ch4 = ch4, N2o = n2o,
            BiogenicCo2 = biogenic, Region = region.Code, Year = first.Year, DataFrom = first, DataTo = last, Part = part, Supply = supply, Scopes = target.Scopes,
            UncertaintyPercent = uncertainty, SourceTable = FormattableString.Invariant($"Line {row.Line}"), Note = row.Note.Length > 0 ? row.Note : null,
        };
    }

    /// <summary>The shipped factors that stand for the same activity, by which a figure is judged.</summary>
    public IReadOnlyList<EmissionFactor> NeighborsOf(EmissionFactor own) => [.. ActivitiesOf(own.Activity)
        .SelectMany(activity => published.GetValueOrDefault(activity, []))
        .Where(factor => factor.Part == own.Part && factor.Unit.Group == own.Unit.Group && factor.Basis != GasBasis.Energy && factor.Supply != SupplyKind.Marginal)];

    /// <summary>Activities of publishers that stand for an activity as a row may name it.</summary>
    public static IEnumerable<string> ActivitiesOf(string name, ActivityTypes types) => types.TryFind(name, out var type) ? types.ActivitiesOf(type) : [name.Trim()];

    private IEnumerable<string> ActivitiesOf(string name) => ActivitiesOf(name, reference.Types);

    private Target? TargetOf(OwnFactorInput row, Action<string, string, string, string> fault)
    {
        if (reference.Types.TryFind(row.Activity, out var type))
        {
            var scopes = string.Create(CultureInfo.InvariantCulture, $"{type.Scope}{(type.Category is { } category ? "." + category.ToString(CultureInfo.InvariantCulture) : "")}");
            var units = type.Units.Select(symbol => reference.Units.TryFind(symbol, out var known) ? known : null).OfType<Unit>()
                .Concat(ActivitiesOf(type.Key).SelectMany(activity => published.GetValueOrDefault(activity, [])).Select(factor => factor.Unit));
            return new Target(type.Key, type.Name, Words(type.Family), scopes, type.Scope == 2, [.. units.DistinctBy(unit => unit.Symbol)]);
        }

        if (published.TryGetValue(row.Activity, out var rows) && rows.Count > 0)
        {
            var first = rows[0];
            return new Target(first.Activity, first.Name, first.Category, first.Scopes, first.Supply != SupplyKind.None, [.. rows.Select(factor => factor.Unit).DistinctBy(unit => unit.Symbol)]);
        }

        fault("activity", row.Activity, row.Activity.Length == 0 ? "The activity is missing." : "No activity has this name.",
            "Write the key of an activity type, such as electricity or natural-gas, or the activity of a published factor, which its details show.");
        return null;
    }

    private Unit? UnitOf(OwnFactorInput row, Target? target, Action<string, string, string, string> fault)
    {
        if (row.Unit.Length == 0)
        {
            fault("unit", "", "The unit is missing.", "Write the unit that one figure is for, such as kWh, l, t or t.km.");
            return null;
        }

        Unit unit;
        try
        {
            unit = reference.Units.Find(row.Unit);
        }
        catch (UnknownUnitException unknown)
        {
            fault("unit", row.Unit, "OffGridFlow does not know the unit.", unknown.Near.Count == 0 ? "Write, for example, kWh, t, l, m3, km or t.km." : $"Write one of: {string.Join(", ", unknown.Near)}.");
            return null;
        }

        if (target is { Units.Count: > 0 } && target.Units.All(usual => usual.Group != unit.Group))
        {
            fault("unit", row.Unit, $"{unit} measures {unit.Group}, and the activity is not measured so.", $"Use one of: {string.Join(", ", target.Units.Select(usual => usual.Symbol).Take(6))}.");
        }

        return unit;
    }

    private Region? RegionOf(OwnFactorInput row, Action<string, string, string, string> fault)
    {
        if (reference.Regions.TryFind(row.Region, out var region))
        {
            return region;
        }

        fault("region", row.Region, row.Region.Length == 0 ? "The region is missing." : "No region has this name.", "Write a country such as DE, a grid region such as US-CAMX, or world.");
        return null;
    }

    private static decimal? Figure(string column, string text, Action<string, string, string, string> fault)
    {
        if (text.Length == 0)
        {
            return null;
        }

        if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var figure))
        {
            fault(column, text, "This is not a number.", text.Contains(',', StringComparison.Ordinal) ? "Write decimals with a point and no thousands separator: 0.213." : "Write a plain decimal such as 0.213, without a unit and without an exponent.");
            return null;
        }

        if (figure is < 0 or > LargestFigure)
        {
            fault(column, text, "The figure is below zero or absurdly large.", "Removals and credits are no factors. Check the unit and the point.");
            return null;
        }

        if (Exact.Round(figure) != figure)
        {
            fault(column, text, "The figure has more than twelve decimals, and a stored one has twelve.", "Round it to twelve decimals, or choose a larger unit.");
            return null;
        }

        return figure;
    }

    private static DateOnly? Day(string column, string text, Action<string, string, string, string> fault)
    {
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is >= 1990 and <= 2100)
        {
            return day;
        }

        fault(column, text, text.Length == 0 ? "The day is missing." : "This is no day between 1990 and 2100.", "Write it as 2025-12-31.");
        return null;
    }

    private static TEnum Name<TEnum>(string column, string text, TEnum usual, TEnum[] allowed, Action<string, string, string, string> fault)
        where TEnum : struct, Enum
    {
        if (text.Length == 0)
        {
            return usual;
        }

        if (!char.IsDigit(text[0]) && Enum.TryParse<TEnum>(text.Replace("-", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal), ignoreCase: true, out var value) && allowed.Contains(value))
        {
            return value;
        }

        fault(column, text, "This is none of the words that may stand here.", $"Write one of: {string.Join(", ", allowed)}.");
        return usual;
    }

    private static SupplyKind SupplyOf(OwnFactorInput row, Target? target, Action<string, string, string, string> fault)
    {
        if (target is null)
        {
            return SupplyKind.None;
        }

        if (target.IsPurchasedEnergy && row.Supply.Length == 0)
        {
            fault("supply", "", "Purchased energy needs to say what the figure is, because the two Scope 2 methods admit different ones.", $"Write one of: {string.Join(", ", Supplies)}.");
            return SupplyKind.None;
        }

        if (!target.IsPurchasedEnergy && row.Supply.Length > 0 && !string.Equals(row.Supply, nameof(SupplyKind.None), StringComparison.OrdinalIgnoreCase))
        {
            fault("supply", row.Supply, "Only purchased electricity, heat, steam and cooling have a supply.", "Leave the cell empty.");
            return SupplyKind.None;
        }

        return target.IsPurchasedEnergy ? Name("supply", row.Supply, SupplyKind.None, Supplies, fault) : SupplyKind.None;
    }

    private static string Words(ActivityFamily family) => family switch
    {
        ActivityFamily.Stationary => "Stationary combustion",
        ActivityFamily.Mobile => "Mobile combustion",
        ActivityFamily.Process => "Process emissions",
        ActivityFamily.Fugitive => "Fugitive emissions",
        ActivityFamily.OwnEnergy => "Own generation and energy sold",
        ActivityFamily.ValueChain => "Value chain",
        _ => family.ToString(),
    };

    /// <summary>What a row's activity is.</summary>
    /// <param name="Units">In which it is measured; a unit of another group would never be chosen.</param>
    private sealed record Target(string Activity, string Name, string Category, string Scopes, bool IsPurchasedEnergy, IReadOnlyList<Unit> Units);
}
