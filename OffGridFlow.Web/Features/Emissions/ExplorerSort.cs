using OffGridFlow.Infrastructure.Inventory;

namespace OffGridFlow.Web.Features.Emissions;

/// <summary>By what groups and rows can be sorted. Cost is not among them: currencies do not compare.</summary>
public enum ExplorerSortKey
{
    Name,
    Activities,
    Electricity,
    Mass,
    Operational,
    Embodied,
}

/// <summary>In which order the grid stands. In the address: the key, with a minus before it when the largest comes first.</summary>
public sealed record ExplorerSort(ExplorerSortKey Key, bool Descending)
{
    public static ExplorerSort? Parse(string? text) =>
        text is { Length: > 0 } && char.IsAsciiLetter(text.TrimStart('-').FirstOrDefault()) && Enum.TryParse<ExplorerSortKey>(text.TrimStart('-'), ignoreCase: true, out var key) && Enum.IsDefined(key)
            ? new ExplorerSort(key, text[0] == '-')
            : null;

    /// <summary>The order that stands when none is asked for: the largest mass first, months in their order, rows by month.</summary>
    public static ExplorerSort? Ordinary(Grouping groupBy) => groupBy.Levels switch
    {
        [] => null,
        [EmissionsDimension.Month, ..] => new ExplorerSort(ExplorerSortKey.Name, Descending: false),
        _ => new ExplorerSort(ExplorerSortKey.Mass, Descending: true),
    };

    /// <summary>What a click on the head of a column asks for: names from A, figures from the largest; then the other way round.</summary>
    public static ExplorerSort Next(ExplorerSort? present, ExplorerSortKey key) =>
        new(key, present?.Key == key ? !present.Descending : key != ExplorerSortKey.Name);

    /// <summary>Rows have no name and count one activity each: by those they stay in the order of their months.</summary>
    public EmissionsOrder Order => new(
        Key switch
        {
            ExplorerSortKey.Electricity => EmissionsMeasure.KilowattHours,
            ExplorerSortKey.Mass => EmissionsMeasure.KgCo2e,
            ExplorerSortKey.Operational => EmissionsMeasure.OperationalKgCo2e,
            ExplorerSortKey.Embodied => EmissionsMeasure.EmbodiedKgCo2e,
            _ => EmissionsMeasure.Month,
        },
        Ascending: !Descending && Key != ExplorerSortKey.Activities);

    /// <summary>Groups without a figure stand last, whichever way the others go.</summary>
    public IEnumerable<EmissionsGroup> Apply(IEnumerable<EmissionsGroup> groups)
    {
        if (Key == ExplorerSortKey.Name)
        {
            return Descending
                ? groups.OrderByDescending(g => g.Keys[0], StringComparer.OrdinalIgnoreCase)
                : groups.OrderBy(g => g.Keys[0], StringComparer.OrdinalIgnoreCase);
        }

        var filled = groups.OrderBy(g => Key != ExplorerSortKey.Activities && !EmissionsWords.HasResult(g.Figures));
        return (Descending ? filled.ThenByDescending(Figure) : filled.ThenBy(Figure)).ThenBy(g => g.Keys[0], StringComparer.Ordinal);
    }

    public override string ToString() => (Descending ? "-" : "") + Key.ToString().ToLowerInvariant();

    private decimal Figure(EmissionsGroup group) => Key switch
    {
        ExplorerSortKey.Activities => group.Figures.Activities,
        ExplorerSortKey.Electricity => group.Figures.KilowattHours,
        ExplorerSortKey.Operational => group.Figures.OperationalKgCo2e,
        ExplorerSortKey.Embodied => group.Figures.EmbodiedKgCo2e,
        _ => group.Figures.KgCo2e,
    };
}
