using OffGridFlow.Infrastructure.Identity;
using OffGridFlow.Infrastructure.Persistence;

namespace OffGridFlow.Web.Features.Identity;

/// <summary>
/// The one poller of a process for the sessions behind open pages: it asks the database every few seconds for all of them together,
/// and each page is told what is true of its own.
/// </summary>
internal sealed partial class LiveSessions(SessionStore sessions, TimeProvider time, ILogger<LiveSessions> logger) : IDisposable
{
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly List<Watcher> _watchers = [];
    private CancellationTokenSource? _polling;

    /// <summary>Looks begin with the first watcher and end with the last.</summary>
    /// <param name="looked">Called after each look, with null when the session has ended.</param>
    public IDisposable Watch(Guid sessionId, Action<SessionIdentity?> looked)
    {
        var watcher = new Watcher(this, sessionId, looked);
        lock (_gate)
        {
            _watchers.Add(watcher);
            if (_polling is null)
            {
                _polling = new CancellationTokenSource();
                _ = PollAsync(_polling);
            }
        }

        return watcher;
    }

    /// <summary>
    /// Looks now, as the poller does. While the database does not answer nobody is told anything: without it nobody reads anything either,
    /// and the next look decides.
    /// </summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        Watcher[] watchers;
        lock (_gate)
        {
            watchers = [.. _watchers];
        }

        Dictionary<Guid, SessionIdentity> standing = [];
        try
        {
            var ids = watchers.Select(watcher => watcher.SessionId).Distinct().ToList();
            standing = (await sessions.FindAsync(ids, cancellationToken)).ToDictionary(session => session.SessionId);
        }
        catch (Exception exception) when (DatabaseOutage.Is(exception))
        {
            Log.NotRead(logger, exception);
            return;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // What cannot be looked at for a reason that nobody foresaw must not go on unchecked: all are led to sign-in.
            Log.NotUnderstood(logger, exception);
        }

        foreach (var watcher in watchers)
        {
            try
            {
                watcher.Looked(standing.GetValueOrDefault(watcher.SessionId));
            }
            catch (Exception exception)
            {
                // One page that is going away must not keep the others from hearing.
                Log.NotTold(logger, exception);
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _watchers.Clear();
            StopPolling();
        }
    }

    private void Leave(Watcher watcher)
    {
        lock (_gate)
        {
            if (_watchers.Remove(watcher) && _watchers.Count == 0)
            {
                StopPolling();
            }
        }
    }

    /// <summary>The poller disposes of its own token source when it ends.</summary>
    private void StopPolling()
    {
        _polling?.Cancel();
        _polling = null;
    }

    private async Task PollAsync(CancellationTokenSource polling)
    {
        try
        {
            using var timer = new PeriodicTimer(Pause, time);
            while (await timer.WaitForNextTickAsync(polling.Token))
            {
                await LookAsync(polling.Token);
            }
        }
        catch (OperationCanceledException) when (polling.IsCancellationRequested)
        {
            // Nobody watches any more.
        }
        finally
        {
            polling.Dispose();
        }
    }

    private sealed class Watcher(LiveSessions sessions, Guid sessionId, Action<SessionIdentity?> looked) : IDisposable
    {
        public Guid SessionId => sessionId;

        public void Looked(SessionIdentity? session) => looked(session);

        public void Dispose() => sessions.Leave(this);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 4511, Level = LogLevel.Warning, Message = "The database did not say which sessions stand; trying again")]
        public static partial void NotRead(ILogger logger, Exception exception);

        [LoggerMessage(EventId = 4512, Level = LogLevel.Warning, Message = "A page could not be told what became of its session")]
        public static partial void NotTold(ILogger logger, Exception exception);

        [LoggerMessage(EventId = 4513, Level = LogLevel.Error, Message = "The sessions of open pages could not be looked at; all of them are led to sign-in")]
        public static partial void NotUnderstood(ILogger logger, Exception exception);
    }
}
