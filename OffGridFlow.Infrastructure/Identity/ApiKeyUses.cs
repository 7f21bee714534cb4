using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace OffGridFlow.Infrastructure.Identity;

/// <summary>
/// Writes down when and from where keys were used, beside the requests: none waits for it. What comes while the queue is full, or
/// while the database is away, is left out; the key's next use writes again.
/// </summary>
public sealed partial class ApiKeyUses(ApiKeyStore keys, TimeProvider time, ILogger<ApiKeyUses> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly Channel<(Guid Key, string? Address)> _uses = Channel.CreateBounded<(Guid, string?)>(
        new BoundedChannelOptions(1000) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    /// <summary>Returns at once.</summary>
    public void Note(ApiKeyIdentity key, string? address)
    {
        if (key.LastUsedAt is null || time.GetUtcNow() - key.LastUsedAt > Pause)
        {
            _uses.Writer.TryWrite((key.Id, address));
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var (key, address) in _uses.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                await keys.NoteUseAsync(key, address, stoppingToken);
            }
            // Whatever it was, it must not end the process, and requests do not depend on it.
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Log.NotNoted(logger, key, exception);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1401, Level = LogLevel.Warning, Message = "The use of API key {Key} could not be written down")]
        public static partial void NotNoted(ILogger logger, Guid key, Exception exception);
    }
}
