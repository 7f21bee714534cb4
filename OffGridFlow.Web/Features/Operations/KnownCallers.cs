using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Caching.Memory;

namespace OffGridFlow.Web.Features.Operations;

/// <param name="Id">The session's or the key's id.</param>
internal sealed record KnownCaller(Guid Id, Guid TenantId);

/// <summary>
/// Whose tokens and keys were valid a short while ago. It lets nobody in: each request is still looked up in the database. It only
/// says whose share a request counts against before that look-up, so that a flood costs no query, and keeps callers apart from
/// strangers who share their network address.
/// </summary>
internal sealed class KnownCallers : IDisposable
{
    /// <summary>Sessions and keys in use at a time on one node; beyond it some are counted after the look-up.</summary>
    private const int Most = 20_000;

    private static readonly MemoryCacheEntryOptions Options = new() { Size = 1, SlidingExpiration = TimeSpan.FromMinutes(10) };

    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = Most });

    public KnownCaller? Find(string credential) => _cache.Get<KnownCaller>(KeyOf(credential));

    public void Remember(string credential, KnownCaller caller) => _cache.Set(KeyOf(credential), caller, Options);

    public void Forget(string credential) => _cache.Remove(KeyOf(credential));

    public void Dispose() => _cache.Dispose();

    /// <summary>128 bits of SHA-256: the secret itself stays out of memory that lasts.</summary>
    private static Guid KeyOf(string credential) => new(SHA256.HashData(Encoding.UTF8.GetBytes(credential)).AsSpan(0, 16));
}
