using OffGridFlow.Core.Inventory;

namespace OffGridFlow.Infrastructure.Inventory;

/// <summary>Inventories under each consolidation approach, read from the roll-up (<c>docs/methods/inventory.md</c>).</summary>
public interface IInventoryQueries
{
    /// <param name="groupBy">In the order of the keys; empty: the total alone.</param>
    Task<InventorySummary> SummarizeAsync(InventoryFilter filter, IReadOnlyList<InventoryDimension> groupBy, CancellationToken cancellationToken);

    /// <summary>Both views of Scope 2, of one state of the ledger and by one question: what they share is read once.</summary>
    /// <param name="filter">Its view does not matter.</param>
    Task<InventoryViews> SummarizeViewsAsync(InventoryFilter filter, IReadOnlyList<InventoryDimension> groupBy, CancellationToken cancellationToken);
}

public sealed record InventoryViews(InventorySummary Location, InventorySummary Market);

/// <param name="Keys">
/// In the order that was asked for. Months as <c>yyyy-MM</c>; organizations by id, empty text for what is assigned to none; sites by name, empty text for cloud
/// usage; activity types by name; categories 0 for none; methods in lower case with hyphens, of scope 2 <c>location-based</c> or <c>market-based</c>.
/// </param>
public sealed record InventoryGroup(IReadOnlyList<string> Keys, InventoryFigures Figures);

/// <summary>What an entity causes and the approach leaves out, of what was asked for.</summary>
/// <param name="KgCo2e">Neither in the inventory nor in its category 15.</param>
/// <param name="InvestedKgCo2e">Its share of scope 1 and 2 that stands in category 15 of the inventory.</param>
/// <param name="IsEntered">True where entries of category 15 name it, so that its own figures are not counted there a second time.</param>
public sealed record InventoryOutside(Guid OrganizationId, decimal KgCo2e, decimal InvestedKgCo2e, bool IsEntered);

/// <summary>A cloud account of which nobody has said whose it is, on some of the days: it counts whole.</summary>
public sealed record UnassignedAccount(string Provider, string Account);

public sealed record InventorySummary
{
    public required InventoryFilter Filter { get; init; }

    /// <summary>The state of the ledger that it was read from.</summary>
    public required long LedgerNumber { get; init; }

    /// <summary>By mass, the largest first; by month where that is asked for alone. They add up to <see cref="Total"/> to the digit.</summary>
    public required IReadOnlyList<InventoryGroup> Groups { get; init; }
    public required InventoryFigures Total { get; init; }

    /// <summary>Results of a method for comparison only: never in a total.</summary>
    public required InventoryFigures ComparisonOnly { get; init; }

    /// <summary>By entity, the largest first.</summary>
    public required IReadOnlyList<InventoryOutside> Outside { get; init; }
    public required IReadOnlyList<UnassignedAccount> Unassigned { get; init; }

    /// <summary>Names of the group's entities, by id.</summary>
    public required IReadOnlyDictionary<Guid, string> Organizations { get; init; }

    /// <summary>Entities in the boundary on some of the days, by id, with their share on the last of those.</summary>
    public required IReadOnlyDictionary<Guid, decimal> Shares { get; init; }

    /// <summary>By some of the keys, which are there by their place: no question of its own.</summary>
    public IReadOnlyList<InventoryGroup> By(params IReadOnlyList<int> places) =>
    [
        .. Groups.GroupBy(group => string.Join('\u001f', places.Select(place => group.Keys[place])))
            .Select(some => new InventoryGroup([.. places.Select(place => some.First().Keys[place])], some.Aggregate(InventoryFigures.Zero, (sum, group) => sum + group.Figures)))
            .OrderByDescending(group => group.Figures.KgCo2e).ThenBy(group => string.Join('\u001f', group.Keys), StringComparer.Ordinal),
    ];

    /// <summary>kg CO2e that the approach leaves out.</summary>
    public decimal OutsideKgCo2e => Outside.Sum(entity => entity.KgCo2e);
}
