using System.Globalization;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace OffGridFlow.Infrastructure.Persistence.Embedded;

/// <summary>
/// A PostgreSQL server of our own, for a machine that has none: started with the app, stopped with the app, restarted when it dies.
/// When the app is killed the server goes on, and the next start in the same folder adopts it.
/// </summary>
public sealed partial class EmbeddedPostgres : IAsyncDisposable
{
    public const string DatabaseName = "offgridflow";
    public const string SuperuserName = "postgres";

    private static readonly TimeSpan WatchInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly PostgresFolder folder;
    private readonly PostgresServer server;
    private readonly ILogger logger;
    private readonly CancellationTokenSource watching = new();
    private Task watch = Task.CompletedTask;
    private int ended;
    private volatile int processId;

    private EmbeddedPostgres(PostgresFolder folder, PostgresServer server, Postmaster postmaster, string connectionString, Version serverVersion, ILogger logger)
    {
        (this.folder, this.server, this.logger) = (folder, server, logger);
        (processId, Port, ConnectionString, ServerVersion) = (postmaster.ProcessId, postmaster.Port, connectionString, serverVersion);
    }

    /// <summary>For the superuser, in <see cref="DatabaseName"/>. Stays valid when the server is restarted.</summary>
    public string ConnectionString { get; }

    public Version ServerVersion { get; }
    public int Port { get; }

    /// <summary>Of the server's main process; another one after a restart.</summary>
    public int ProcessId => processId;

    /// <exception cref="EmbeddedPostgresException">No server can be had; the message says what to do.</exception>
    public static async Task<EmbeddedPostgres> StartAsync(EmbeddedPostgresOptions options, ILogger logger, CancellationToken cancellationToken)
    {
        var home = PostgresFolder.Open(options.DataDirectory);
        PostgresServer? programs = null;
        var started = false;
        try
        {
            var account = await ServiceAccount.ChooseAsync(home, cancellationToken);
            if (!home.HasCluster) await account.TakeOverAsync([home.Root], cancellationToken);
            if (!await account.ReachesAsync(home.Root, cancellationToken))
                throw new EmbeddedPostgresException(EmbeddedPostgresFault.NoAccess,
                    $"PostgreSQL refuses to run as root, and the account it runs as instead cannot enter {await account.FirstClosedAsync(home.Root, cancellationToken)}. "
                    + "Set OFFGRIDFLOW_DATA_DIR to a folder outside of it (for example /var/lib/offgridflow), or run OffGridFlow as an ordinary user.");
            var binaries = await PostgresBinaries.LocateAsync(options, home, account, cancellationToken);
            if (account.LentCapability is { } capability) Log.CapabilityLent(logger, capability, home.Root, binaries.Directory);
            programs = new PostgresServer(home, binaries, account, options);

            if (home.HasCluster)
            {
                home.CheckVersion(binaries);
            }
            else
            {
                Log.Creating(logger, home.Root, binaries.Version);
                await programs.CreateClusterAsync(cancellationToken);
            }

            var postmaster = programs.Running() is { } running ? await AdoptAsync(programs, running, home.ReadPassword(), options.StartTimeout, cancellationToken) : null;
            if (postmaster is not null)
            {
                Log.Adopted(logger, postmaster.ProcessId, postmaster.Port);
            }
            else
            {
                started = true;
                postmaster = await programs.StartAsync(options.Port, cancellationToken);
                Log.Started(logger, binaries.Version, postmaster.ProcessId, postmaster.Port);
            }
            var (connectionString, version) = await EnsureDatabaseAsync(postmaster.Port, home.ReadPassword(), cancellationToken);
            var embedded = new EmbeddedPostgres(home, programs, postmaster, connectionString, version, logger);
            embedded.watch = embedded.WatchAsync(embedded.watching.Token);
            return embedded;
        }
        catch
        {
            if (started) await programs!.StopAsync(CancellationToken.None);
            home.Dispose();
            throw;
        }
    }

    /// <summary>The server that another process runs in the folder; null when none does.</summary>
    internal static string? FindRunning(string dataDirectory)
    {
        using var home = PostgresFolder.Visit(dataDirectory);
        return Postmaster.Read(home.PostmasterFile) is { } running && running.IsRunning() ? Connection(running.Port, home.ReadPassword(), DatabaseName) : null;
    }

    /// <summary>Stops the server and gives the data folder free. Only the first call does anything.</summary>
    public async Task StopAsync()
    {
        if (Interlocked.Exchange(ref ended, 1) != 0) return;
        await watching.CancelAsync();
        await watch;
        try
        {
            // Not to be cancelled: an app that gives up waiting would leave the server behind.
            await server.StopAsync(CancellationToken.None);
            Log.Stopped(logger, ProcessId);
        }
        finally
        {
            folder.Dispose();
            watching.Dispose();
        }
    }

    public ValueTask DisposeAsync() => new(StopAsync());

    /// <summary>For tests: leaves everything as a kill -9 of the app would, the server running and the folder unlocked.</summary>
    internal async Task AbandonAsync()
    {
        Interlocked.Exchange(ref ended, 1);
        await watching.CancelAsync();
        await watch;
        folder.Dispose();
        watching.Dispose();
    }

    // A server found running may still be recovering from a crash, or be on its way down because its owner has just been stopped.
    private static async Task<Postmaster?> AdoptAsync(PostgresServer server, Postmaster running, string password, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(patience);
        try
        {
            while (true)
            {
                try
                {
                    await using var connection = new NpgsqlConnection(Connection(running.Port, password, "postgres"));
                    await connection.OpenAsync(timeout.Token);
                    return running;
                }
                catch (NpgsqlException error) when (error is not PostgresException || error.IsTransient)
                {
                    await Task.Delay(WatchInterval, timeout.Token);
                    if (server.Running() is not { } still) return null;
                    running = still;
                }
            }
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new EmbeddedPostgresException(EmbeddedPostgresFault.Server, string.Create(CultureInfo.InvariantCulture, $"A PostgreSQL server (process {running.ProcessId}) runs in the data folder but does not answer on port {running.Port}."), error);
        }
    }

    private static async Task<(string ConnectionString, Version Version)> EnsureDatabaseAsync(int port, string password, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(Connection(port, password, "postgres"));
        await connection.OpenAsync(cancellationToken);
        await using var exists = new NpgsqlCommand("SELECT count(*) FROM pg_database WHERE datname = $1", connection) { Parameters = { new() { Value = DatabaseName } } };
        if (await exists.ExecuteScalarAsync(cancellationToken) is 0L)
        {
            await using var create = new NpgsqlCommand($"CREATE DATABASE {DatabaseName}", connection);
            await create.ExecuteNonQueryAsync(cancellationToken);
        }
        var pooled = new NpgsqlConnectionStringBuilder(Connection(port, password, DatabaseName)) { Pooling = true };
        return (pooled.ConnectionString, connection.PostgreSqlVersion);
    }

    // On the loopback interface encryption only costs round trips.
    private static string Connection(int port, string password, string database) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = port,
        Username = SuperuserName,
        Password = password,
        Database = database,
        SslMode = SslMode.Disable,
        GssEncryptionMode = GssEncryptionMode.Disable,
        Pooling = false,
    }.ConnectionString;

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        // The server is not our child (pg_ctl let go of it, or we adopted it), so nobody tells us of its end.
        var pause = WatchInterval;
        while (true)
        {
            try
            {
                await Task.Delay(pause, cancellationToken);
                if (Postmaster.IsAlive(processId))
                {
                    pause = WatchInterval;
                    continue;
                }
                Log.Died(logger, processId);
                processId = (await server.StartAsync(Port, cancellationToken)).ProcessId;
                Log.Restarted(logger, processId, Port);
                pause = WatchInterval;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Whatever keeps the server from starting (disk full, port taken) may pass; the app cannot work without it, so it tries on.
            catch (Exception error)
#pragma warning restore CA1031
            {
                Log.RestartFailed(logger, error);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(7100, LogLevel.Information, "Creating a PostgreSQL {Version} database in {Folder}")]
        internal static partial void Creating(ILogger logger, string folder, Version version);

        [LoggerMessage(7101, LogLevel.Information, "PostgreSQL {Version} started: process {ProcessId}, port {Port}")]
        internal static partial void Started(ILogger logger, Version version, int processId, int port);

        [LoggerMessage(7102, LogLevel.Information, "PostgreSQL was still running: process {ProcessId}, port {Port}")]
        internal static partial void Adopted(ILogger logger, int processId, int port);

        [LoggerMessage(7103, LogLevel.Information, "PostgreSQL stopped: process {ProcessId}")]
        internal static partial void Stopped(ILogger logger, int processId);

        [LoggerMessage(7104, LogLevel.Warning, "A parent of {Folder} or {Binaries} is closed to the account PostgreSQL runs as: the server was lent the capability {Capability}. Folders outside /root need no such loan.")]
        internal static partial void CapabilityLent(ILogger logger, string capability, string folder, string binaries);

        [LoggerMessage(7105, LogLevel.Critical, "PostgreSQL (process {ProcessId}) has ended unasked; starting it again")]
        internal static partial void Died(ILogger logger, int processId);

        [LoggerMessage(7106, LogLevel.Warning, "PostgreSQL runs again: process {ProcessId}, port {Port}")]
        internal static partial void Restarted(ILogger logger, int processId, int port);

        [LoggerMessage(7107, LogLevel.Critical, "PostgreSQL could not be started again; trying on")]
        internal static partial void RestartFailed(ILogger logger, Exception error);
    }
}
