namespace OffGridFlow.Web.Features.Search;

/// <param name="Note">What tells it from others of its name: a day, what opening it does.</param>
public sealed record SearchItem(string Title, string Note, string Href, string Icon);

/// <param name="Title">E.g. <c>Accounts</c>.</param>
public sealed record SearchGroup(string Title, IReadOnlyList<SearchItem> Items);

/// <summary>What the person chose in this session, the last first: the circuit's memory, nothing is stored.</summary>
public sealed class RecentChoices
{
    private const int Kept = 5;
    private readonly List<SearchItem> _items = [];

    public IReadOnlyList<SearchItem> Items => _items;

    public void Add(SearchItem item)
    {
        _items.RemoveAll(known => known.Href == item.Href);
        _items.Insert(0, item);
        if (_items.Count > Kept) _items.RemoveAt(Kept);
    }
}
