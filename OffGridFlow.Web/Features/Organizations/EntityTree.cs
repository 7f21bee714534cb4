using OffGridFlow.Core.Organizations;

namespace OffGridFlow.Web.Features.Organizations;

/// <param name="Depth">0 for whom nobody holds.</param>
/// <param name="Held">By whom, the largest share first.</param>
public sealed record EntityNode(Organization Entity, int Depth, IReadOnlyList<Ownership> Held);

/// <summary>The entities of a group as a tree of one day.</summary>
internal static class EntityTree
{
    /// <summary>Each entity once, under whoever holds most of it; brothers by name.</summary>
    public static IReadOnlyList<EntityNode> Of(IReadOnlyList<Organization> entities, IReadOnlyList<Ownership> ownerships, DateOnly day)
    {
        var held = ownerships.Where(ownership => new DayRange(ownership.ValidFrom, ownership.ValidTo).Contains(day))
            .OrderByDescending(ownership => ownership.Share).ThenBy(ownership => ownership.Id).ToLookup(ownership => ownership.ChildId);
        var children = entities.ToLookup(entity => held[entity.Id].FirstOrDefault()?.ParentId);
        var nodes = new List<EntityNode>();
        Add(null, 0);
        return nodes;

        void Add(Guid? parent, int depth)
        {
            foreach (var entity in children[parent].OrderBy(entity => entity.Name, StringComparer.CurrentCultureIgnoreCase))
            {
                nodes.Add(new EntityNode(entity, depth, [.. held[entity.Id]]));
                Add(entity.Id, depth + 1);
            }
        }
    }
}
