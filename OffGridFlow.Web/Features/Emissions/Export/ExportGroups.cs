using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Web.Features.Emissions.Export;

/// <param name="Number">By which the activities of the group refer to it, from 1.</param>
/// <param name="Keys">As in <see cref="EmissionsGroup.Keys"/>; null for the line that gathers all smaller groups.</param>
internal sealed record ExportLine(int Number, IReadOnlyList<string>? Keys, EmissionsFigures Figures);

/// <summary>
/// The numbered lines of the summary. Activities carry the number of their line, and formulas add by it: by the names themselves
/// a spreadsheet would take accounts for numbers, and stars and question marks for wildcards.
/// </summary>
internal sealed class ExportGroups
{
    /// <summary>Each line costs a look at all activities whenever the file is recalculated.</summary>
    public const int MostLines = 500;

    private const char Separator = '\u001f';
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<EmissionsDimension> _dimensions;
    private readonly int? _further;

    public ExportGroups(IReadOnlyList<EmissionsDimension> dimensions, IReadOnlyList<EmissionsGroup> groups, int mostLines = MostLines)
    {
        _dimensions = dimensions;
        if (dimensions.Count == 0)
        {
            Lines = [];
            return;
        }

        var largest = groups.OrderByDescending(group => group.Figures.KgCo2e).Take(mostLines).ToList();
        var lines = InOrder(largest, 0).Select((group, index) => new ExportLine(index + 1, group.Keys, group.Figures)).ToList();
        foreach (var line in lines)
        {
            _numbers.Add(string.Join(Separator, line.Keys!), line.Number);
        }

        if (groups.Count > mostLines)
        {
            _further = lines.Count + 1;
            FurtherGroups = groups.Count - mostLines;
            lines.Add(new ExportLine(_further.Value, null, Add(groups.Except(largest).Select(group => group.Figures))));
        }

        Lines = lines;
    }

    public IReadOnlyList<ExportLine> Lines { get; }

    /// <summary>How many groups the last line gathers.</summary>
    public int FurtherGroups { get; }

    /// <summary>Null without groups.</summary>
    /// <exception cref="InvalidOperationException">The row belongs to no line: summary and rows are not of one state of the ledger.</exception>
    public int? NumberOf(EmissionRow row)
    {
        if (_dimensions.Count == 0)
        {
            return null;
        }

        var key = _dimensions.Count == 1 ? KeyOf(_dimensions[0], row) : string.Join(Separator, _dimensions.Select(dimension => KeyOf(dimension, row)));
        return _numbers.TryGetValue(key, out var number) ? number
            : _further ?? throw new InvalidOperationException("A row belongs to no group of its own summary.");
    }

    /// <summary>As the explorer opens them, level by level: months in time, all else by mass.</summary>
    private IEnumerable<EmissionsGroup> InOrder(IEnumerable<EmissionsGroup> groups, int level)
    {
        var branches = groups.GroupBy(group => group.Keys[level]);
        var ordered = _dimensions[level] == EmissionsDimension.Month
            ? branches.OrderBy(branch => branch.Key, StringComparer.Ordinal)
            : branches.OrderByDescending(branch => branch.Sum(group => group.Figures.KgCo2e)).ThenBy(branch => branch.Key, StringComparer.Ordinal);
        return level == _dimensions.Count - 1 ? ordered.SelectMany(branch => branch) : ordered.SelectMany(branch => InOrder(branch, level + 1));
    }

    private static string KeyOf(EmissionsDimension dimension, EmissionRow row) => dimension switch
    {
        EmissionsDimension.Scope => row.Scope.ToString(System.Globalization.CultureInfo.InvariantCulture),
        EmissionsDimension.Category => (row.Category ?? 0).ToString(System.Globalization.CultureInfo.InvariantCulture),
        EmissionsDimension.Month => Dates.Key(row.Month),
        EmissionsDimension.Site => row.EntryId is null ? "" : row.Account,
        EmissionsDimension.Service => row.Service,
        EmissionsDimension.Region => row.Region,
        EmissionsDimension.Account => row.Account,
        EmissionsDimension.UsageClass => row.UsageClass.ToString(),
        _ => throw new ArgumentOutOfRangeException(nameof(dimension)),
    };

    private static EmissionsFigures Add(IEnumerable<EmissionsFigures> all)
    {
        var figures = all.ToList();
        Dictionary<string, decimal> ByCurrency(Func<EmissionsFigures, IReadOnlyDictionary<string, decimal>> amounts) =>
            figures.SelectMany(amounts).GroupBy(amount => amount.Key).ToDictionary(group => group.Key, group => group.Sum(amount => amount.Value));
        return new EmissionsFigures
        {
            KgCo2e = figures.Sum(f => f.KgCo2e),
            OperationalKgCo2e = figures.Sum(f => f.OperationalKgCo2e),
            EmbodiedKgCo2e = figures.Sum(f => f.EmbodiedKgCo2e),
            KilowattHours = figures.Sum(f => f.KilowattHours),
            Activities = figures.Sum(f => f.Activities),
            ActivitiesWithoutResult = figures.Sum(f => f.ActivitiesWithoutResult),
            MeasuredKgCo2e = figures.Sum(f => f.MeasuredKgCo2e),
            EstimatedKgCo2e = figures.Sum(f => f.EstimatedKgCo2e),
            DefaultedKgCo2e = figures.Sum(f => f.DefaultedKgCo2e),
            SubmittedKgCo2e = figures.Sum(f => f.SubmittedKgCo2e),
            BiogenicKgCo2 = figures.Sum(f => f.BiogenicKgCo2),
            Cost = ByCurrency(f => f.Cost),
            UnmappedCost = ByCurrency(f => f.UnmappedCost),
        };
    }
}
