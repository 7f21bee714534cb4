using System.Diagnostics.CodeAnalysis;
using OffGridFlow.Core.ActivityData;
using OffGridFlow.Core.Imports.Sheets;
using OffGridFlow.Infrastructure.ActivityData;

namespace OffGridFlow.Infrastructure.Imports.Sheets;

/// <summary>The words of a tenant: its sites, vendors and accounts, and the types, units and gases of the product.</summary>
internal sealed class SheetWords : ISheetWords
{
    private const int MostNear = 3;
    private const int MostWords = 8;
    private const int MostOfAWord = 100;

    private readonly EntryVocabulary _vocabulary;
    private readonly Dictionary<string, EntrySite?> _byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<Guid, EntrySite> _byId;

    /// <param name="years">First days of the reporting periods of twelve months.</param>
    /// <param name="accounts">What spending with vendors and on accounts is.</param>
    public SheetWords(EntryVocabulary vocabulary, IReadOnlyList<EntrySite> sites, IReadOnlyList<DateOnly> years, AccountMaps accounts)
    {
        (_vocabulary, Sites, Years, Accounts) = (vocabulary, sites, years, accounts);
        _byId = sites.ToDictionary(site => site.Id);
        foreach (var site in sites)
        {
            foreach (var name in new[] { site.Name.Trim(), SheetHeadingText.Plain(site.Name) }.Distinct(StringComparer.OrdinalIgnoreCase))
            {
                // Two sites of one name: then the name says nothing.
                _byName[name] = _byName.TryGetValue(name, out var other) && other?.Id != site.Id ? null : site;
            }
        }
    }

    public IReadOnlyList<EntrySite> Sites { get; }

    public IReadOnlyList<DateOnly> Years { get; }

    public AccountMaps Accounts { get; }

    public EntryVocabulary Vocabulary => _vocabulary;

    /// <summary>“Unit” counts pieces where it stands beside a figure; in a sheet it is far more often the heading of the units.</summary>
    public bool IsUnit(string text) => text.Length is > 0 and <= 40 && _vocabulary.Units.TryFind(text, out _)
        && !text.Equals("unit", StringComparison.OrdinalIgnoreCase) && !text.Equals("units", StringComparison.OrdinalIgnoreCase);

    public bool IsSite(string text) => TryFindSite(text, out _);

    public string? TypeOf(string text) => _vocabulary.TryFind(text, out var choice) ? choice.Key : SheetTypeWords.Find(text);

    public bool IsGas(string text) => text.Length is > 1 and <= 60 && _vocabulary.FindGas(text) is not null;

    public bool TryFindSite(string text, [NotNullWhen(true)] out EntrySite? site)
    {
        var name = text.Trim();
        return (Guid.TryParse(name, out var id) ? _byId.TryGetValue(id, out site) : _byName.TryGetValue(name, out site) || _byName.TryGetValue(SheetHeadingText.Plain(name), out site))
            && site is not null;
    }

    /// <summary>Sites whose names are near to the text, the nearest first; all where there are few.</summary>
    public IReadOnlyList<EntrySite> SitesNear(string text)
    {
        var words = SheetHeadingText.Plain(text).Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(word => word.Length > 1).ToList();
        var near = Sites.Select(site => (site, score: words.Count(word => SheetHeadingText.Plain(site.Name).Contains(word, StringComparison.Ordinal))))
            .Where(pair => pair.score > 0).OrderByDescending(pair => pair.score).ThenBy(pair => pair.site.Name, StringComparer.OrdinalIgnoreCase).Select(pair => pair.site).Take(MostNear).ToList();
        return near.Count > 0 ? near : Sites.Count <= MostNear ? Sites : [];
    }

    /// <summary>Types that the text may mean: all of it, else those that most of its words lead to, the plainest name first.</summary>
    public IReadOnlyList<ActivityChoice> TypesNear(string text)
    {
        var found = Known(text, MostNear);
        if (found.Count > 0)
        {
            return found;
        }

        var words = SheetHeadingText.Plain(text).Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(word => word.Length > 2).Distinct(StringComparer.Ordinal).Take(MostWords).ToList();
        return [.. words.SelectMany(word => Known(word, MostOfAWord)).GroupBy(choice => choice.Key, StringComparer.Ordinal).Where(same => same.Count() * 2 >= words.Count)
            .OrderByDescending(same => same.Count()).ThenBy(same => same.First().Name.Length).ThenBy(same => same.Key, StringComparer.Ordinal).Select(same => same.First()).Take(MostNear)];
    }

    private List<ActivityChoice> Known(string text, int most) => [.. _vocabulary.Search(text, most).Where(choice => !choice.IsPublished)];
}
