using System.Security.Cryptography;
using System.Text;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Calculation.Runs;

/// <summary>What a difference rests on besides the entries: factors, instruments, money, account maps, policy. If one of them is another when it is approved, it is worked out anew.</summary>
internal static class RunBasis
{
    /// <summary>Of the library and the instruments; the policy has a version of its own.</summary>
    public static async Task<byte[]> StampAsync(TenantUnit unit, CancellationToken cancellationToken)
    {
        var parts = await unit.Connection.ListAsync(
            $"""
            select 'method ' || '{EntryLedger.MethodVersion}'
            union all select concat_ws(' ', 'set', s.key, s.checksum, s.superseded_at) from factor_sets s
            union all select concat_ws(' ', 'retired', f.key) from emission_factors f where f.tenant_id = current_tenant() and f.retired_at is not null
            union all select 'instrument ' || c::text from contractual_instruments c
            union all select 'rate ' || r::text from exchange_rates r
            union all select 'price index ' || p::text from price_indices p
            union all select 'account map ' || m::text from account_maps m
            order by 1
            """,
            row => row.GetString(0), cancellationToken);
        return SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts)));
    }

    public static async Task<long> SequenceAsync(TenantUnit unit, CancellationToken cancellationToken) =>
        await unit.Connection.ScalarAsync<long>("select value from ledger_sequences where tenant_id = current_tenant()", cancellationToken);
}
