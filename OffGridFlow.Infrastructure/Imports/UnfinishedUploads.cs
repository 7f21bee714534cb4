using OffGridFlow.Infrastructure.Jobs;

namespace OffGridFlow.Infrastructure.Imports;

/// <summary>Removes what uploads left behind that were broken off by the end of the process: nothing refers to it, and it takes up disk space.</summary>
internal sealed class UnfinishedUploads(DocumentStore documents, TimeProvider time) : ISystemJob
{
    /// <summary>The longest upload there may be, with much to spare.</summary>
    private static readonly TimeSpan Age = TimeSpan.FromHours(24);

    public string Kind => SystemSchedules.UnfinishedUploads;

    public Task<SystemJobOutcome> RunAsync(SystemJobContext job, CancellationToken cancellationToken)
    {
        var abandoned = documents.ListAbandoned(time.GetUtcNow() - Age);
        long files = 0, bytes = 0, seen = 0;
        foreach (var file in abandoned)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (DocumentStore.TryRemove(file) is { } length)
            {
                files++;
                bytes += length;
            }

            job.Report(++seen, abandoned.Count);
        }

        return Task.FromResult(new SystemJobOutcome(new Dictionary<string, long> { ["files"] = files, ["bytes"] = bytes }));
    }
}
