using System.Threading.Channels;

namespace OffGridFlow.Infrastructure.Calculation.Runs;

/// <summary>Reads entries one after the other while workers calculate those that were read, a thousand at a time.</summary>
internal static class RunWorkers
{
    private const int AtOnce = 1000;

    /// <param name="workAsync">What a worker does with the batches that it gets.</param>
    public static async Task RunAsync<T>(IAsyncEnumerable<T> entries, Func<IAsyncEnumerable<T[]>, CancellationToken, Task> workAsync, CancellationToken cancellationToken)
    {
        var batches = Channel.CreateBounded<T[]>(new BoundedChannelOptions(4) { SingleWriter = true });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // Twice as many as processors: half of them are waiting for the database.
        var workers = Enumerable.Range(0, Math.Clamp(2 * Environment.ProcessorCount, 2, 8))
            .Select(_ => Task.Run(() => workAsync(batches.Reader.ReadAllAsync(stop.Token), stop.Token), stop.Token)).ToList();
        var reading = ReadAsync(entries, batches.Writer, stop.Token);
        try
        {
            // The first that fails stops the others, which would wait for it.
            var open = workers.Append(reading).ToList();
            while (open.Count > 0)
            {
                var done = await Task.WhenAny(open);
                await done;
                open.Remove(done);
            }
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(workers.Append(reading)).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    private static async Task ReadAsync<T>(IAsyncEnumerable<T> entries, ChannelWriter<T[]> writer, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var batch in entries.Chunk(AtOnce).WithCancellation(cancellationToken))
            {
                await writer.WriteAsync(batch, cancellationToken);
            }
        }
        finally
        {
            writer.TryComplete();
        }
    }
}
