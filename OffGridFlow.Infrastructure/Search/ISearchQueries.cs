namespace OffGridFlow.Infrastructure.Search;

public sealed record ImportHit(Guid Id, string FileName, DateTimeOffset CreatedAt);

/// <param name="Imports">Newest first; empty for those who may not see imports.</param>
public sealed record SearchHits(IReadOnlyList<string> Accounts, IReadOnlyList<string> Services, IReadOnlyList<ImportHit> Imports);

/// <summary>Finds by a part of a name in what the signed-in tenant has.</summary>
public interface ISearchQueries
{
    /// <param name="text">A part of an account, a service or a file name, or the beginning of an import's id. Case does not count.</param>
    /// <param name="limit">At most so many of each; names that begin with the text come first.</param>
    Task<SearchHits> FindAsync(string text, int limit, CancellationToken cancellationToken);
}
