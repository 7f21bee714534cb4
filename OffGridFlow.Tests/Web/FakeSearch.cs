using OffGridFlow.Infrastructure.Search;

namespace OffGridFlow.Tests.Web;

/// <summary>A few names in memory. A gate holds an answer back until the test, or a newer question, ends the wait.</summary>
internal sealed class FakeSearch : ISearchQueries
{
    public string[] Accounts { get; init; } = ["004417982210", "617400283991"];
    public string[] Services { get; init; } = ["AmazonEC2", "AmazonS3"];
    public ImportHit[] Imports { get; init; } = [];
    public Exception? Failure { get; set; }
    public TaskCompletionSource? Gate { get; set; }
    public List<string> Asked { get; } = [];
    public int Cancelled { get; private set; }

    public async Task<SearchHits> FindAsync(string text, int limit, CancellationToken cancellationToken)
    {
        Asked.Add(text);
        if (Failure is not null) throw Failure;
        if (Gate is { } gate)
        {
            try
            {
                await gate.Task.WaitAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                Cancelled++;
                throw;
            }
        }
        bool Matches(string name) => name.Contains(text, StringComparison.OrdinalIgnoreCase);
        return new SearchHits([.. Accounts.Where(Matches)], [.. Services.Where(Matches)], [.. Imports.Where(i => Matches(i.FileName))]);
    }
}
