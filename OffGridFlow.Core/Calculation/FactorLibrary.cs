using System.Globalization;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Core.Quantities;

namespace OffGridFlow.Core.Calculation;

/// <summary>An activity type with the publishers' activities that may stand for its parts.</summary>
/// <param name="IsPublished">True for a publisher's own row, which is calculated as it stands, without further parts.</param>
public sealed record ResolvedType(ActivityType Type, IReadOnlyList<string> Activities, bool IsPublished);

/// <summary>All that a calculation looks up: factors by activity, units, regions, potentials, activity types. Immutable; one serves many threads.</summary>
public sealed class FactorLibrary
{
    private const int Suggestions = 5;

    private static readonly int[] SpendCategories = [1, 2, 4, 5, 6, 8, 9];

    private readonly Dictionary<string, IReadOnlyList<EmissionFactor>> _byActivity = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, EmissionFactor> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<string>> _activitiesByName = new(StringComparer.OrdinalIgnoreCase);
    private readonly FactorLibrary? _shared;

    /// <param name="factors">Own ones have an activity type's key, or a publisher's activity, as their activity.</param>
    /// <param name="energy">For the energy ledger; without it fuels have a place in it and no figure.</param>
    public FactorLibrary(
        IEnumerable<EmissionFactor> factors, RegionTable regions, GwpTable gwp, ActivityTypes types, UnitTable units, EnergyContentTable? energy = null)
        : this([.. factors], regions, gwp, types, units, energy ?? EnergyContentTable.Empty, null)
    {
    }

    private FactorLibrary(
        IReadOnlyList<EmissionFactor> factors, RegionTable regions, GwpTable gwp, ActivityTypes types, UnitTable units, EnergyContentTable energy, FactorLibrary? shared)
    {
        (Regions, Gwp, Types, Units, Energy, Factors, _shared) = (regions, gwp, types, units, energy, factors, shared);
        KilowattHour = units.Find("kWh");
        KilowattHourNet = units.Find("kWh (Net CV)");
        Kilogram = units.Find("kg");
        KilogramCo2e = units.Find("kg CO2e");
        foreach (var group in factors.GroupBy(factor => factor.Activity, StringComparer.OrdinalIgnoreCase))
        {
            _byActivity[group.Key] = [.. group];
        }

        foreach (var factor in factors)
        {
            _byId.TryAdd(factor.Id, factor);
        }

        foreach (var group in factors.Where(factor => !factor.Set.IsOwn).GroupBy(factor => factor.Name, StringComparer.OrdinalIgnoreCase))
        {
            _activitiesByName[group.Key] = [.. group.Select(factor => factor.Activity).Distinct(StringComparer.OrdinalIgnoreCase)];
        }

        Families = [.. factors.Select(factor => factor.Set.Family).Concat(shared?.Families ?? []).Distinct().Order(StringComparer.Ordinal)];
    }

    public RegionTable Regions { get; }

    public GwpTable Gwp { get; }

    public ActivityTypes Types { get; }

    public UnitTable Units { get; }

    /// <summary>Calorific values and kinds of fuels.</summary>
    public EnergyContentTable Energy { get; }

    internal Unit KilowattHour { get; }

    internal Unit KilowattHourNet { get; }

    internal Unit Kilogram { get; }

    internal Unit KilogramCo2e { get; }

    /// <summary>Families of sets in alphabetical order, which decides where a policy names none.</summary>
    public IReadOnlyList<string> Families { get; }

    /// <summary>Without those that are shared with another library.</summary>
    public IReadOnlyList<EmissionFactor> Factors { get; }

    /// <summary>The library with a tenant's own factors in it; what is shared is not copied.</summary>
    public FactorLibrary With(IReadOnlyList<EmissionFactor> own) => own.Count == 0 ? this : new FactorLibrary(own, Regions, Gwp, Types, Units, Energy, this);

    public EmissionFactor? FindFactor(string id) => _byId.TryGetValue(id, out var factor) ? factor : _shared?.FindFactor(id);

    /// <summary>The factors of an activity, empty when there are none.</summary>
    public IReadOnlyList<EmissionFactor> FactorsOf(string activity)
    {
        var here = _byActivity.GetValueOrDefault(activity, []);
        return _shared is null ? here : here.Count == 0 ? _shared.FactorsOf(activity) : [.. here, .. _shared.FactorsOf(activity)];
    }

    /// <summary>The type of a key or name of the product, of a publisher's activity, or of a publisher's name that only one activity has.</summary>
    public ResolvedType? Resolve(string name, out CalculationFault? fault)
    {
        fault = null;
        var text = name.Trim();
        if (Types.TryFind(text, out var type))
        {
            return new ResolvedType(type, [.. Types.ActivitiesOf(type), type.Key], IsPublished: false);
        }

        if (FactorsOf(text) is { Count: > 0 } factors)
        {
            return Published(factors);
        }

        var activities = (_shared ?? this)._activitiesByName.GetValueOrDefault(text, []);
        if (activities.Count == 1)
        {
            return Published(FactorsOf(activities[0]));
        }

        fault = activities.Count > 1
            ? Faults.AmbiguousType(text, [.. activities.Take(Suggestions)])
            : Faults.UnknownType(text, [.. Near(text)]);
        return null;
    }

    /// <summary>A factor's row alone, whatever part of its activity it is.</summary>
    internal static ResolvedType RowOf(EmissionFactor factor) => Published([factor]);

    private static ResolvedType Published(IReadOnlyList<EmissionFactor> factors)
    {
        var isEnergy = factors.Any(factor => factor is { Supply: not SupplyKind.None, Part: FactorPart.Direct or FactorPart.LifeCycle, Unit.Group.Name: "energy" });
        var first = isEnergy ? factors.First(factor => factor.Part is FactorPart.Direct or FactorPart.LifeCycle) : factors[0];
        var (scope, category) = ScopeOf(first);
        var type = new ActivityType(
            first.Activity, first.Name, isEnergy ? ActivityFamily.Electricity : scope == 1 ? ActivityFamily.Stationary : ActivityFamily.ValueChain, scope, category,
            [.. factors.Select(factor => factor.Unit.Symbol).Distinct()], NeedsGas: false, [], first.Category)
        {
            OtherCategories = OtherCategoriesOf(factors),
        };
        return new ResolvedType(type, [first.Activity], IsPublished: !isEnergy);
    }

    /// <summary>All categories that the publisher means the row for; of spending any that something is bought for, because a table by industry does not know.</summary>
    public static IReadOnlyList<int> OtherCategoriesOf(IReadOnlyList<EmissionFactor> factors) => factors[0].Unit.Group.Money is not null
        ? SpendCategories
        : [.. factors[0].Scopes.Split(';').Select(scope => scope.Trim().Split('.')).Where(parts => parts is ["3", _])
            .Select(parts => int.Parse(parts[1], CultureInfo.InvariantCulture)).Distinct()];

    /// <summary>Scope and category from the publisher's first one; biogenic CO2 goes beside scope 1, of electricity beside scope 2.</summary>
    private static (int Scope, int? Category) ScopeOf(EmissionFactor factor)
    {
        var first = factor.Scopes.Split(';')[0].Trim();
        var parts = first.Split('.');
        return parts.Length > 0 && int.TryParse(parts[0], CultureInfo.InvariantCulture, out var scope)
            ? (scope, parts.Length > 1 && int.TryParse(parts[1], CultureInfo.InvariantCulture, out var category) ? category : null)
            : (factor.Category.Contains("lectricity", StringComparison.Ordinal) ? 2 : 1, null);
    }

    /// <summary>Keys and names that contain the text or one of its words.</summary>
    private IEnumerable<string> Near(string text)
    {
        var words = text.Split([' ', '-', '/', '_'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(word => word.Length > 2).ToList();
        return Types.All.Select(type => (type.Key, Hits: words.Count(word => type.Key.Contains(word, StringComparison.OrdinalIgnoreCase)
                || type.Names.Prepend(type.Name).Any(name => name.Contains(word, StringComparison.OrdinalIgnoreCase)))))
            .Where(type => type.Hits > 0).OrderByDescending(type => type.Hits).ThenBy(type => type.Key, StringComparer.Ordinal).Select(type => type.Key).Take(Suggestions);
    }
}
