using System.Globalization;
using OffGridFlow.Core.Calculation;

namespace OffGridFlow.Infrastructure.Calculation;

/// <summary>What is said to whoever sends a table.</summary>
internal static class MoneyWording
{
    /// <summary>How a figure that is there is changed.</summary>
    public const string Replacing = "Somebody who approves calculations corrects it: load the table so that its figures replace those that are there (over HTTP with replace=true). Results follow at once.";
}

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
        var there = known.GetValueOrDefault(key);
        if (row.IsWithdrawn)
        {
            Withdraw(there, row, line);
        }
        else if (there is null)
        {
            Added.Add(row);
        }
        else if (there.Value == row.Value && there.Source == row.Source && !there.IsWithdrawn)
        {
            Unchanged++;
        }
        else if (!replaces && there.IsWithdrawn)
        {
            faults.Add(new MoneyFault(line, "value", $"The figure was withdrawn by {there.ChangedBy}. {MoneyWording.Replacing}"));
        }
        else if (!replaces && there.Value != row.Value)
        {
            faults.Add(new MoneyFault(line, "value", string.Create(
                CultureInfo.InvariantCulture, $"The figure is {there.Value:0.############} so far ({there.Source}). {MoneyWording.Replacing}")));
        }
        else
        {
            (there.Value, there.Source, there.ChangedBy, there.ChangedAt, there.IsWithdrawn) = (row.Value, row.Source, row.ChangedBy, row.ChangedAt, false);
            Changed.Add(there);
        }
    }

    /// <summary>Value and source stay: they say what was wrong.</summary>
    private void Withdraw(TRow? there, TRow row, int line)
    {
        if (there is null)
        {
            faults.Add(new MoneyFault(line, "value", "There is no such figure to withdraw. Write its value, or leave the line out."));
        }
        else if (there.IsWithdrawn)
        {
            Unchanged++;
        }
        else if (!replaces)
        {
            faults.Add(new MoneyFault(line, "value", string.Create(CultureInfo.InvariantCulture, $"The figure is {there.Value:0.############} ({there.Source}), and results may rest on it. {MoneyWording.Replacing}")));
        }
        else
        {
            (there.ChangedBy, there.ChangedAt, there.IsWithdrawn) = (row.ChangedBy, row.ChangedAt, true);
            Changed.Add(there);
        }
    }
}
