using OffGridFlow.Infrastructure.Inventory;

namespace OffGridFlow.Web.Features.Emissions;

/// <summary>Up to three different dimensions, outermost first; none lists the rows as they are.</summary>
public sealed class Grouping(IEnumerable<EmissionsDimension> levels) : IEquatable<Grouping>
{
    public IReadOnlyList<EmissionsDimension> Levels { get; } =
        [.. levels.Where(EmissionsAddress.Offered.Contains).Distinct().Take(EmissionsAddress.MaximumLevels)];

    public static Grouping Parse(string text) => new(
        text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(t => Enum.TryParse<EmissionsDimension>(t, ignoreCase: true, out var dimension) ? dimension : (EmissionsDimension?)null)
            .OfType<EmissionsDimension>());

    /// <summary>The same with one level changed; null removes it.</summary>
    public Grouping With(int level, EmissionsDimension? dimension)
    {
        var changed = Levels.ToList();
        if (level < changed.Count) changed.RemoveAt(level);
        if (dimension is { } chosen)
        {
            changed.Remove(chosen);
            changed.Insert(Math.Min(level, changed.Count), chosen);
        }
        return new Grouping(changed);
    }

    public bool Equals(Grouping? other) => other is not null && Levels.SequenceEqual(other.Levels);

    public override bool Equals(object? obj) => Equals(obj as Grouping);

    public override int GetHashCode() => Levels.Aggregate(17, (hash, level) => HashCode.Combine(hash, level));

    public override string ToString() => string.Join(',', Levels.Select(EmissionsWords.UrlName));

    public static bool operator ==(Grouping? left, Grouping? right) => Equals(left, right);

    public static bool operator !=(Grouping? left, Grouping? right) => !Equals(left, right);
}
