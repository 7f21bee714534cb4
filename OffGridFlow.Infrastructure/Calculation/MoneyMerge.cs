using System.Globalization;
using OffGridFlow.Core.Calculation;

namespace OffGridFlow.Infrastructure.Calculation;

/// <summary>A table that was sent, laid over the figures that are there.</summary>
/// <param name="replaces">Whether a figure that is there may become another.</param>
internal sealed class MoneyMerge<TKey, TRow>(Dictionary<TKey, TRow> known, bool replaces, List<MoneyFault> faults)
    where TKey : notnull
    where TRow : class, IMoneyFigure
{
    public IEnumerable<TRow> Known => known.Values;

    public List<TRow> Added { get; } = [];

    public List<TRow> Changed { get; } = [];

    public int Unchanged { get; private set; }

    public void Put(TKey key, TRow row, int line)
    {
        if (!known.TryGetValue(key, out var there))
        {
            Added.Add(row);
        }
        else if (there.Value == row.Value && there.Source == row.Source)
        {
            Unchanged++;
        }
        else if (!replaces && there.Value != row.Value)
        {
            faults.Add(new MoneyFault(line, "value", string.Create(
                CultureInfo.InvariantCulture, $"The figure is {there.Value:0.############} so far ({there.Source}). Send the table with replace to change it; results follow at once.")));
        }
        else
        {
            (there.Value, there.Source, there.ChangedBy, there.ChangedAt) = (row.Value, row.Source, row.ChangedBy, row.ChangedAt);
            Changed.Add(there);
        }
    }
}
