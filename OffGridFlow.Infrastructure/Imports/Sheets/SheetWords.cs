using System.Diagnostics.CodeAnalysis;
using OffGridFlow.Core.Imports.Sheets;
using OffGridFlow.Infrastructure.ActivityData;

namespace OffGridFlow.Infrastructure.Imports.Sheets;

/// <summary>The words of a tenant: its sites, and the types, units and gases of the product.</summary>
internal sealed class SheetWords : ISheetWords
{
    private const int MostNear = 3;

    private readonly EntryVocabulary _vocabulary;
    private readonly Dictionary<string, EntrySite?> _byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<Guid, EntrySite> _byId;

    public SheetWords(EntryVocabulary vocabulary, IReadOnlyList<EntrySite> sites)
    {
        (_vocabulary, Sites) = (vocabulary, sites);
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

    public IReadOnlyList<ActivityChoice> TypesNear(string text)
    {
        var plain = SheetHeadingText.Plain(text);
        var found = _vocabulary.Search(text, MostNear).Where(choice => !choice.IsPublished).ToList();
        return found.Count > 0 ? found : [.. _vocabulary.Types.Where(choice => plain.Length > 3 && SheetHeadingText.Plain(choice.Name) is var name
            && (name.Contains(plain, StringComparison.Ordinal) || plain.Contains(name, StringComparison.Ordinal))).Take(MostNear)];
    }
}
