using System.Diagnostics.CodeAnalysis;

namespace OffGridFlow.Core.EmissionFactors;

/// <summary>What an activity does, by which it is calculated and grouped.</summary>
public enum ActivityFamily
{
    Stationary,
    Mobile,
    Process,
    Fugitive,
    Electricity,
    Heat,
    Steam,
    Cooling,

    /// <summary>Energy that the organization makes or sells: no emission of its own, kept for the energy ledger.</summary>
    OwnEnergy,

    /// <summary>All the rest: what is bought, moved, thrown away.</summary>
    ValueChain,
}

/// <summary>A kind of activity that people enter, e.g. natural gas burned in boilers.</summary>
/// <param name="Key">E.g. <c>natural-gas</c>; of a publisher's row its <see cref="EmissionFactor.Activity"/>.</param>
/// <param name="Scope">1 to 3.</param>
/// <param name="Category">Scope 3 category; null for scopes 1 and 2.</param>
/// <param name="Units">Symbols of the units offered, the usual first.</param>
/// <param name="NeedsGas">A gas or blend has to be named: leaks of refrigerants, process gases.</param>
/// <param name="Hint">One sentence for whoever enters it.</param>
public sealed record ActivityType(
    string Key, string Name, ActivityFamily Family, int Scope, int? Category, IReadOnlyList<string> Units, bool NeedsGas, IReadOnlyList<string> Names, string Hint)
{
    /// <summary>Scope 3 categories to which an entry may put it: of scopes 1 and 2 where it belongs to others, of scope 3 beside <see cref="Category"/>.</summary>
    public IReadOnlyList<int> OtherCategories { get; init; } = [];

    /// <summary>True where the quantity is an emission already, as a supplier or an investee reports it.</summary>
    public bool IsReported { get; init; }

    /// <summary>Whether an entry may stand in the category.</summary>
    public bool Allows(int category) => category == Category || OtherCategories.Contains(category);
}

/// <summary>A row of a publisher that stands for a part of an activity type.</summary>
/// <param name="Type">Key of the activity type.</param>
/// <param name="Activity">An <see cref="EmissionFactor.Activity"/>.</param>
public sealed record ActivityFactor(string Type, string Activity);

/// <summary>The product's own activity types and the publishers' rows behind each, from <c>reference-data/activity-types</c>.</summary>
public sealed class ActivityTypes
{
    private readonly Dictionary<string, ActivityType> _byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, IReadOnlyList<string>> _activities = [];

    public IReadOnlyList<ActivityType> All { get; private init; } = [];

    /// <param name="read">Gives the text of <c>types.csv</c> (<c>key,name,family,scope,category,categories,units,needs_gas,reported,names,hint</c>) and of
    /// <c>factors.csv</c> (<c>type,activity</c>).</param>
    /// <exception cref="ReferenceTableException">A row cannot be used.</exception>
    public static ActivityTypes Parse(Func<string, string> read)
    {
        var types = new List<ActivityType>();
        var result = new ActivityTypes { All = types };
        foreach (var row in ReferenceTable.Parse("types.csv", read("types.csv")).Rows)
        {
            var type = new ActivityType(
                row.Text("key"), row.Text("name"), row.Enum<ActivityFamily>("family"), (int)row.Number("scope"), (int?)row.OptionalNumber("category"),
                row.List("units"), row.Text("needs_gas") == "yes", row.List("names"), row.Text("hint"))
            {
                OtherCategories = [.. row.List("categories").Select(category => CategoryOf(row, category))],
                IsReported = row.Text("reported") == "yes",
            };
            types.Add(type);
            foreach (var name in type.Names.Prepend(type.Name).Prepend(type.Key))
            {
                if (!result._byName.TryAdd(name, type) && result._byName[name] != type)
                {
                    throw row.Fault($"'{name}' is a name of {result._byName[name].Key} already");
                }
            }
        }

        foreach (var group in ReferenceTable.Parse("factors.csv", read("factors.csv")).Rows.GroupBy(row => row.Text("type")))
        {
            if (!result._byName.TryGetValue(group.Key, out var type) || type.Key != group.Key)
            {
                throw group.First().Fault($"'{group.Key}' is no activity type");
            }

            result._activities[group.Key] = [.. group.Select(row => row.Text("activity"))];
        }

        return result;
    }

    /// <summary>The type of a key or a name as people write it, whatever its capitals.</summary>
    public bool TryFind(string? name, [NotNullWhen(true)] out ActivityType? type) => _byName.TryGetValue((name ?? "").Trim(), out type);

    /// <summary>The publishers' activities that stand for a part of the type.</summary>
    public IReadOnlyList<string> ActivitiesOf(ActivityType type) => _activities.GetValueOrDefault(type.Key, []);

    private static int CategoryOf(ReferenceRow row, string text) =>
        int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var category) && category is >= 1 and <= 15 ? category : throw row.Fault($"'{text}' is no category of scope 3");
}
