using OffGridFlow.Infrastructure.Inventory;

namespace OffGridFlow.Web.Features.Emissions;

/// <summary>A group of the explorer: its figures, and once opened its sub-groups or, on the last level, its rows.</summary>
public sealed class ExplorerNode(ExplorerNode? parent, EmissionsDimension? dimension, string key, EmissionsFilter filter, EmissionsFigures figures)
{
    private const int Step = 100;

    public ExplorerNode? Parent { get; } = parent;

    /// <summary>Null for the root.</summary>
    public EmissionsDimension? Dimension { get; } = dimension;
    public string Key { get; } = key;

    /// <summary>Selects what is in this group.</summary>
    public EmissionsFilter Filter { get; } = filter;
    public EmissionsFigures Figures { get; } = figures;

    /// <summary>0 for the outermost groups, −1 for the root.</summary>
    public int Depth { get; } = parent is null ? -1 : parent.Depth + 1;

    public bool Open { get; set; }
    public bool Busy { get; set; }
    public bool Loaded { get; set; }
    public List<ExplorerNode> Groups { get; } = [];
    public List<EmissionRow> Rows { get; } = [];
    public string? NextCursor { get; set; }

    /// <summary>How many of <see cref="Groups"/> are shown.</summary>
    public int Shown { get; private set; } = Step;

    public void ShowMoreGroups() => Shown += Step;

    public string Path => Parent is null ? "" : Parent.Path + "/" + Key;
}
