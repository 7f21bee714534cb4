using System.Globalization;
using OffGridFlow.Core.CloudUsage;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Web.Features.Emissions;

/// <summary>The explorer's data: a tree that is read level by level as it is opened.</summary>
/// <param name="Outside">What has no figure, by usage class.</param>
public sealed record ExplorerTree(
    ExplorerNode Root, Grouping GroupBy, IReadOnlyList<string> Methods, bool ComparisonOnly, IReadOnlyList<OutsideTotal> Outside, EmissionsChoices Choices,
    ExplorerSort? Sort = null)
{
    /// <summary>Those of <see cref="Methods"/> that are for comparison only.</summary>
    public IReadOnlyList<string> ComparisonMethods { get; init; } = [];

    /// <summary>Ids of the rows on screen, from top to bottom: what the drawer's arrows step through.</summary>
    public IEnumerable<Guid> VisibleRows() => Visible(Root);

    private static IEnumerable<Guid> Visible(ExplorerNode node) => !node.Open
        ? []
        : node.Groups.Take(node.Shown).SelectMany(Visible).Concat(node.Rows.Where(r => r.KgCo2e is not null).Select(r => r.Id));
}

public sealed record OutsideTotal(UsageClass UsageClass, EmissionsFigures Figures);

public sealed class ExplorerService(IEmissionsQueries emissions)
{
    public const int PageSize = 100;

    public async Task<ExplorerTree> LoadAsync(EmissionsAddress address, CancellationToken cancellationToken)
    {
        var choices = await emissions.ListChoicesAsync(cancellationToken);
        var byClass = await emissions.SummarizeAsync(address.Filter, [EmissionsDimension.UsageClass], cancellationToken);
        var root = new ExplorerNode(null, null, "", address.Filter, byClass.Total);
        var outside = byClass.Groups
            .Where(g => g.Figures.ActivitiesWithoutResult > 0 && Enum.TryParse<UsageClass>(g.Keys[0], ignoreCase: true, out _))
            .Select(g => new OutsideTotal(Enum.Parse<UsageClass>(g.Keys[0], ignoreCase: true), g.Figures))
            .OrderByDescending(o => o.Figures.ActivitiesWithoutResult)
            .ToList();
        var tree = new ExplorerTree(root, address.GroupBy, byClass.Methods, byClass.ComparisonOnly, outside, choices, address.Sort) { ComparisonMethods = byClass.ComparisonMethods };
        if (byClass.Total.Activities > 0) await OpenAsync(tree, root, cancellationToken);
        return tree;
    }

    public async Task OpenAsync(ExplorerTree tree, ExplorerNode node, CancellationToken cancellationToken)
    {
        if (!node.Loaded)
        {
            var level = node.Depth + 1;
            if (level < tree.GroupBy.Levels.Count) await LoadGroupsAsync(node, tree.GroupBy.Levels[level], tree.Sort, cancellationToken);
            else await LoadRowsAsync(node, cancellationToken);
            node.Loaded = true;
        }
        node.Open = true;
    }

    /// <summary>The next rows of a group on the last level.</summary>
    public async Task LoadRowsAsync(ExplorerNode node, CancellationToken cancellationToken)
    {
        var page = await emissions.ListAsync(node.Filter, node.NextCursor, PageSize, cancellationToken);
        node.Rows.AddRange(page.Rows);
        node.NextCursor = page.NextCursor;
    }

    /// <summary>Opens the groups that lead to a row, so that the drawer and the grid show the same.</summary>
    public async Task RevealAsync(ExplorerTree tree, EmissionRow row, CancellationToken cancellationToken)
    {
        var node = tree.Root;
        foreach (var dimension in tree.GroupBy.Levels)
        {
            var key = KeyOf(dimension, row);
            var next = node.Groups.Find(g => string.Equals(g.Key, key, StringComparison.OrdinalIgnoreCase));
            if (next is null) return;
            await OpenAsync(tree, next, cancellationToken);
            node = next;
        }
    }

    private async Task LoadGroupsAsync(ExplorerNode node, EmissionsDimension dimension, ExplorerSort? sort, CancellationToken cancellationToken)
    {
        var summary = await emissions.SummarizeAsync(node.Filter, [dimension], cancellationToken);
        node.Groups.AddRange((sort?.Apply(summary.Groups) ?? summary.Groups).Select(g => new ExplorerNode(node, dimension, g.Keys[0], Narrow(node.Filter, dimension, g.Keys[0]), g.Figures)));
    }

    internal static EmissionsFilter Narrow(EmissionsFilter filter, EmissionsDimension dimension, string key)
    {
        switch (dimension)
        {
            case EmissionsDimension.Service: return filter with { Service = key };
            case EmissionsDimension.Region: return filter with { Region = key };
            case EmissionsDimension.Account: return filter with { Account = key };
            case EmissionsDimension.Scope: return filter with { Scope = int.Parse(key, CultureInfo.InvariantCulture) };
            case EmissionsDimension.Category: return filter with { Category = int.Parse(key, CultureInfo.InvariantCulture) };
            case EmissionsDimension.Site: return filter with { Site = key };
            case EmissionsDimension.UsageClass: return filter with { UsageClass = Enum.Parse<UsageClass>(key, ignoreCase: true) };
            case EmissionsDimension.Month:
                var month = Dates.ParseMonth(key) ?? throw new FormatException($"“{key}” is not a month");
                // A filter may begin or end inside the month.
                var (from, to) = (month, Dates.LastDay(month));
                return filter with { From = filter.From > from ? filter.From : from, To = filter.To < to ? filter.To : to };
            default: throw new ArgumentOutOfRangeException(nameof(dimension), dimension, "The explorer cannot narrow by this dimension.");
        }
    }

    private static string KeyOf(EmissionsDimension dimension, EmissionRow row) => dimension switch
    {
        EmissionsDimension.Service => row.Service,
        EmissionsDimension.Region => row.Region,
        EmissionsDimension.Account => row.Account,
        EmissionsDimension.UsageClass => row.UsageClass.ToString(),
        EmissionsDimension.Scope => row.Scope.ToString(CultureInfo.InvariantCulture),
        EmissionsDimension.Category => (row.Category ?? 0).ToString(CultureInfo.InvariantCulture),
        EmissionsDimension.Site => row.EntryId is null ? "" : row.Account,
        _ => Dates.Key(row.Month),
    };
}
