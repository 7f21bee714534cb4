using System.Globalization;

namespace OffGridFlow.Benchmarks.Kills;

/// <summary>
/// Asks for the totals every 50 ms while things die. Each answer must be the totals of one of the states that the round may go
/// through, never of something between two of them; and the same state must always have the same emissions.
/// </summary>
internal sealed class SummaryReader(KillClient client)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private readonly Lock guard = new();
    private readonly Dictionary<int, HashSet<decimal>> possible = [];
    private readonly Dictionary<decimal, KillSummary> known = [];
    private CancellationTokenSource? stop;
    private Task reading = Task.CompletedTask;

    public long Answers { get; private set; }

    public long Unanswered { get; private set; }

    /// <summary>From here on the state of each group is the model's, and what <see cref="Allow"/> adds.</summary>
    public void Start(KillModel model, IEnumerable<int> groups, CancellationToken cancellationToken)
    {
        possible.Clear();
        foreach (var group in groups)
            possible[group] = [model.UsageCost(group)];
        stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        reading = Task.Run(() => ReadAsync(stop.Token), CancellationToken.None);
    }

    /// <summary>To be called before the request is sent that may lead to it.</summary>
    public void Allow(int group, decimal usageCost)
    {
        lock (guard)
            possible[group].Add(usageCost);
    }

    /// <exception cref="KillViolationException">A reader saw what it must not see.</exception>
    public async Task StopAsync()
    {
        await stop!.CancelAsync();
        await reading;
        stop.Dispose();
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval);
        try
        {
            do
            {
                if (await client.SummaryAsync(cancellationToken) is not { } summary)
                {
                    Unanswered++;
                    continue;
                }

                Answers++;
                Check(summary);
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
    }

    private void Check(KillSummary summary)
    {
        lock (guard)
        {
            IEnumerable<decimal> sums = [0m];
            foreach (var costs in possible.Values)
                sums = sums.SelectMany(sum => costs.Select(cost => sum + cost));
            var allowed = sums.ToHashSet();
            if (!allowed.Contains(summary.UsageCost))
            {
                throw new KillViolationException(string.Create(
                    CultureInfo.InvariantCulture, $"A reader saw a usage cost of {summary.UsageCost}; possible were {string.Join(", ", allowed)}."));
            }

            if (!known.TryAdd(summary.UsageCost, summary) && known[summary.UsageCost] != summary)
                throw new KillViolationException($"A reader saw {summary}, and for the same state before {known[summary.UsageCost]}.");
        }
    }
}
