namespace OffGridFlow.Web.Features.Emissions;

/// <summary>What the grid can show beside name and mass, which always stay. The order here is the order on screen.</summary>
public enum ExplorerColumn
{
    Activities,
    Electricity,
    Operational,
    Embodied,
    Share,
    Cost,
    Coverage,
}

/// <summary>A choice of columns, as it stands in the address: names parted by commas; empty for name and mass alone.</summary>
public sealed class ExplorerColumns(IEnumerable<ExplorerColumn> shown) : IEquatable<ExplorerColumns>
{
    public static readonly IReadOnlyList<ExplorerColumn> Offered = Enum.GetValues<ExplorerColumn>();

    public static readonly ExplorerColumns Ordinary =
        new([ExplorerColumn.Activities, ExplorerColumn.Electricity, ExplorerColumn.Share, ExplorerColumn.Cost, ExplorerColumn.Coverage]);

    public IReadOnlyList<ExplorerColumn> Shown { get; } = [.. shown.Where(Offered.Contains).Distinct().Order()];

    /// <summary>What it does not know is left out.</summary>
    public static ExplorerColumns Parse(string text) => new(
        text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(t => Enum.TryParse<ExplorerColumn>(t, ignoreCase: true, out var column) ? column : (ExplorerColumn?)null)
            .OfType<ExplorerColumn>());

    /// <summary>The same with one column put in, or taken out.</summary>
    public ExplorerColumns With(ExplorerColumn column, bool shown) => new(shown ? Shown.Append(column) : Shown.Where(c => c != column));

    public bool Equals(ExplorerColumns? other) => other is not null && Shown.SequenceEqual(other.Shown);

    public override bool Equals(object? obj) => Equals(obj as ExplorerColumns);

    public override int GetHashCode() => Shown.Aggregate(17, (hash, column) => HashCode.Combine(hash, column));

    public override string ToString() => string.Join(',', Shown.Select(column => column.ToString().ToLowerInvariant()));

    public static bool operator ==(ExplorerColumns? left, ExplorerColumns? right) => Equals(left, right);

    public static bool operator !=(ExplorerColumns? left, ExplorerColumns? right) => !Equals(left, right);
}
