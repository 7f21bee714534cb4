using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Core.Quantities;

namespace OffGridFlow.Infrastructure.ActivityData;

/// <summary>Something that can be entered: one of the product's types, or an activity of a publisher.</summary>
/// <param name="Key">Kept with the entry.</param>
/// <param name="Group">Heading under which it is offered: the family, or the publisher's own headings.</param>
/// <param name="Units">Symbols, the usual first; never empty.</param>
/// <param name="Hint">One sentence for whoever enters it; empty for a publisher's activity.</param>
public sealed record ActivityChoice(
    string Key, string Name, string Group, ActivityFamily Family, int? Scope, int? Category, IReadOnlyList<string> Units, bool NeedsGas, bool IsPublished, string Hint)
{
    /// <summary>The tenant's own factor that is chosen with it; null for all else.</summary>
    public OwnFactorChoice? Own { get; init; }

    /// <summary>Scope 3 categories to which an entry may put it, its own among them.</summary>
    public IReadOnlyList<int> Categories { get; init; } = [];

    /// <summary>Whether an entry may stand in the category.</summary>
    public bool Allows(int category) => Categories.Contains(category);
}

/// <summary>An own factor as something to enter.</summary>
/// <param name="FactorId">Kept with the entry as the chosen factor.</param>
/// <param name="Activity">Name of the activity that it is for.</param>
/// <param name="Set">Title of its set.</param>
/// <param name="Region">Code of the place that it holds for.</param>
/// <param name="From">First day on which it holds, inclusive.</param>
/// <param name="To">Last day, inclusive.</param>
public sealed record OwnFactorChoice(string FactorId, string Activity, string Set, string Region, DateOnly? From, DateOnly? To);

/// <summary>The words of which entries are made: activity types, units and gases, and what people may have meant by others.</summary>
internal sealed partial class EntryVocabulary
{
    private const int MostNear = 3;

    /// <summary>As it was paid, before the prices of a year: what an invoice says.</summary>
    private static readonly string[] Currencies = ["USD", "EUR", "GBP", "CHF", "CAD", "AUD", "JPY"];

    /// <summary>What stands between words, of names and of what is typed.</summary>
    private static readonly char[] Between = [' ', '/', '-', '>', '(', ')', ',', ';', ':', '"'];

    private readonly ActivityTypes _types;
    private readonly Dictionary<string, ActivityChoice> _choices;
    private readonly List<ActivityChoice> _published;

    /// <param name="factors">Of the library; grouped here by what they are for.</param>
    public EntryVocabulary(UnitTable units, ActivityTypes types, GwpTable gases, IEnumerable<EmissionFactor> factors)
    {
        (Units, _types, Gases) = (units, types, gases);
        Types = [.. types.All.Select(type => new ActivityChoice(
            type.Key, type.Name, type.Category is { } category ? CategoryNames.Of(category) : NameOf(type.Family), type.Family, type.Scope, type.Category, type.Units, type.NeedsGas,
            IsPublished: false, type.Hint)
        {
            Categories = CategoriesOf(type.Category, type.OtherCategories),
        })];
        _published = [.. factors.Where(factor => factor.Basis != GasBasis.Energy).GroupBy(factor => factor.Activity, StringComparer.Ordinal).Select(Published)
            .OrderBy(choice => choice.Name, StringComparer.OrdinalIgnoreCase).ThenBy(choice => choice.Key, StringComparer.Ordinal)];
        _choices = Types.Concat(_published).DistinctBy(choice => choice.Key).ToDictionary(choice => choice.Key, StringComparer.Ordinal);
    }

    public UnitTable Units { get; }

    public GwpTable Gases { get; }

    /// <summary>The product's own, in the order of the table.</summary>
    public IReadOnlyList<ActivityChoice> Types { get; }

    /// <summary>Of a key or of a name as people write it.</summary>
    public bool TryFind(string? name, [NotNullWhen(true)] out ActivityChoice? choice)
    {
        var text = (name ?? "").Trim();
        return _types.TryFind(text, out var type) ? _choices.TryGetValue(type.Key, out choice) : _choices.TryGetValue(text, out choice);
    }

    /// <summary>The gas or blend by its name in the tables.</summary>
    public string? FindGas(string name) => Named(name.Trim()) ?? (Refrigerant().Match(name.Trim()) is { Success: true } trade ? Named($"R-{trade.Groups["n"].Value}{trade.Groups["l"].Value}") : null);

    private string? Named(string name) => Gases.Find(name)?.Name ?? Gases.Blends.Keys.FirstOrDefault(blend => string.Equals(blend, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>R134a and R 410 A are R-134a and R-410A.</summary>
    [GeneratedRegex(@"^R\s*[-\u2010-\u2013]?\s*(?<n>\d{2,4})\s?(?<l>[a-z]{0,3})$", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Refrigerant();

    /// <summary>Gases first, then blends.</summary>
    public IReadOnlyList<string> GasNames => [.. Gases.Gases.Select(gas => gas.Name), .. Gases.Blends.Keys.Order(StringComparer.OrdinalIgnoreCase)];

    /// <summary>What every word of the text begins a word of: the product's own types first.</summary>
    public IReadOnlyList<ActivityChoice> Search(string? text, int limit)
    {
        var words = (text ?? "").Split(Between, StringSplitOptions.RemoveEmptyEntries);
        var own = Types.Where(choice => words.All(word => Begins(choice, word)));
        return [.. (words.Length == 0 ? own : own.Concat(_published.Where(choice => words.All(word => Begins(choice, word))))).Take(limit)];
    }

    public string TypesNear(string name) => Near(name, Types.Select(choice => choice.Name));

    public string GasesNear(string name) => Near(name, GasNames);

    /// <summary>As a sentence: “ Did you mean …?”; empty where nothing is near.</summary>
    private static string Near(string name, IEnumerable<string> known)
    {
        var text = name.Trim().ToUpperInvariant();
        var near = known.Distinct(StringComparer.OrdinalIgnoreCase)
            .Select(candidate => (candidate, distance: Distance(text, candidate.ToUpperInvariant())))
            .Where(pair => text.Length > 1 && (pair.distance <= Math.Max(2, text.Length / 3) || pair.candidate.Contains(name.Trim(), StringComparison.OrdinalIgnoreCase)))
            .OrderBy(pair => pair.distance).ThenBy(pair => pair.candidate, StringComparer.Ordinal).Take(MostNear).Select(pair => pair.candidate).ToList();
        return near.Count == 0 ? "" : $" Did you mean {string.Join(" or ", near)}?";
    }

    /// <summary>Letters to change, add or leave out.</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[b.Length];
    }

    private bool Begins(ActivityChoice choice, string word) =>
        Words(choice).Any(candidate => candidate.StartsWith(word, StringComparison.OrdinalIgnoreCase));

    private IEnumerable<string> Words(ActivityChoice choice)
    {
        var names = choice.IsPublished ? [choice.Name, choice.Group, choice.Key] : new[] { choice.Name, choice.Group, choice.Key }.Concat(NamesOf(choice.Key));
        return names.SelectMany(name => name.Split(Between, StringSplitOptions.RemoveEmptyEntries));
    }

    private IReadOnlyList<string> NamesOf(string key) => _types.TryFind(key, out var type) ? type.Names : [];

    private static ActivityChoice Published(IGrouping<string, EmissionFactor> activity)
    {
        var factors = activity.OrderBy(factor => factor.Part).ThenByDescending(factor => factor.Year).ToList();
        var first = factors[0];
        return new ActivityChoice(
            activity.Key, first.Name, first.Category, FamilyOf(activity.Key, factors), ScopeOf(first), null,
            first.Unit.Group.Money is null ? [.. factors.Select(factor => factor.Unit.Symbol).Distinct()] : [.. Currencies, .. factors.Select(factor => factor.Unit.Symbol).Distinct()],
            NeedsGas: false, IsPublished: true, "")
        {
            Categories = ScopeOf(first) == 3 ? CategoriesOf(null, FactorLibrary.OtherCategoriesOf(factors)) : [],
        };
    }

    private static IReadOnlyList<int> CategoriesOf(int? own, IReadOnlyList<int> others) => [.. (own is { } category ? others.Prepend(category) : others).Distinct().Order()];

    private static int? ScopeOf(EmissionFactor factor) => factor.Scopes.Length > 0 && factor.Scopes[0] is >= '1' and <= '3' ? factor.Scopes[0] - '0' : null;

    private static ActivityFamily FamilyOf(string activity, List<EmissionFactor> factors) =>
        activity.EndsWith("/electricity", StringComparison.Ordinal) ? ActivityFamily.Electricity
        : factors.Any(factor => factor.Unit.Group is { Name: "energy", Basis: not CalorificBasis.None }) ? ActivityFamily.Stationary
        : ActivityFamily.ValueChain;

    private static string NameOf(ActivityFamily family) => family switch
    {
        ActivityFamily.Stationary => "Stationary combustion",
        ActivityFamily.Mobile => "Mobile combustion",
        ActivityFamily.Process => "Process emissions",
        ActivityFamily.Fugitive => "Refrigerants and other leaks",
        ActivityFamily.OwnEnergy => "Own generation and energy sold",
        ActivityFamily.ValueChain => "Value chain",
        _ => family.ToString(),
    };
}
