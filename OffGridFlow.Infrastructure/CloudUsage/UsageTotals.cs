using System.Globalization;
using OffGridFlow.Core.Imports;
using OffGridFlow.Infrastructure.Jobs;

namespace OffGridFlow.Infrastructure.CloudUsage;

/// <summary>What a summary is about.</summary>
internal readonly record struct UsageTotalKey(long BatchNumber, int Kind, DateOnly UsageMonth, ChargeKind Charge);

/// <summary>Lines summed on the way through; memory grows with the distinct kinds, not with the lines.</summary>
internal sealed class UsageTotal
{
    public decimal Amount { get; set; }
    public decimal Cost { get; set; }
    public long LineCount { get; set; }
    public required long FirstLine { get; init; }
    public long LastLine { get; set; }
}

internal sealed class UsageTotals
{
    /// <summary>What numeric(28,12) holds.</summary>
    private const decimal LargestSum = 1e16m;

    private readonly Dictionary<UsageTotalKey, UsageTotal> _totals = [];
    private UsageTotalKey _lastKey;
    private UsageTotal? _last;

    public IReadOnlyDictionary<UsageTotalKey, UsageTotal> All => _totals;

    public void Add(long batchNumber, in BillLine line)
    {
        var key = new UsageTotalKey(batchNumber, line.Kind, line.UsageMonth, line.Charge);
        // Neighbouring lines of a bill are often of one kind.
        if (_last is null || key != _lastKey)
        {
            if (!_totals.TryGetValue(key, out _last))
            {
                _totals[key] = _last = new UsageTotal { FirstLine = line.Line };
            }

            _lastKey = key;
        }

        _last.Amount += line.Amount ?? decimal.Zero;
        _last.Cost += line.Cost;
        if (Math.Abs(_last.Amount) >= LargestSum || Math.Abs(_last.Cost) >= LargestSum)
        {
            throw new JobFailedException(string.Create(
                CultureInfo.InvariantCulture,
                $"With line {line.Line} the amounts or costs of one usage type in one month add up to more than a figure can hold (16 digits before the point). Nothing of this file was loaded. Check the amounts at that line and export the report again."));
        }

        _last.LineCount++;
        _last.LastLine = line.Line;
    }
}
