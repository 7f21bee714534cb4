using Microsoft.Extensions.Caching.Memory;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Inventory;

/// <summary>
/// Remembers answers over a tenant's ledger. Everything that moves a figure takes the tenant's next ledger number in its own
/// transaction, so an answer holds for as long as the number it was worked out under; nothing has to be thrown away by hand, in this
/// process or another.
/// </summary>
internal sealed class LedgerCache : IDisposable
{
    /// <summary>Groups and rows of all remembered answers: some tens of megabytes.</summary>
    private const long MostRows = 100_000;

    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(20);

    private readonly MemoryCache _answers = new(new MemoryCacheOptions { SizeLimit = MostRows });

    /// <param name="question">Compared by value.</param>
    /// <param name="rows">How many rows or groups an answer holds.</param>
    public async Task<T> GetAsync<T>(TenantUnit unit, object question, Func<Task<T>> ask, Func<T, int> rows, CancellationToken cancellationToken)
        where T : class
    {
        // Read first: what is published between here and the question only makes the answer newer than its number says.
        var number = await unit.Connection.ScalarAsync<long>("select value from ledger_sequences where tenant_id = current_tenant()", cancellationToken);
        var key = (unit.Actor.TenantId, number, question);
        if (_answers.TryGetValue(key, out T? known) && known is not null)
        {
            return known;
        }

        var answer = await ask();
        using var entry = _answers.CreateEntry(key);
        entry.Value = answer;
        entry.Size = 1 + rows(answer);
        entry.SlidingExpiration = Idle;
        return answer;
    }

    public void Dispose() => _answers.Dispose();
}
