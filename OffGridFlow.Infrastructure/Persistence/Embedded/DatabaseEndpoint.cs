using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace OffGridFlow.Infrastructure.Persistence.Embedded;

/// <summary>
/// Where the database is: the server named by <c>ConnectionStrings:OffGridFlow</c>, else one of our own. Made before the services are
/// (migrations and options need the connection string), disposed after them.
/// </summary>
public sealed partial class DatabaseEndpoint : IAsyncDisposable
{
    /// <summary>Name of the connection string.</summary>
    public const string ConnectionName = "OffGridFlow";

    /// <summary>Compose and Kubernetes start the database beside the app, not before it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly EmbeddedPostgres? embedded;

    private DatabaseEndpoint(string connectionString, Version serverVersion, EmbeddedPostgres? embedded)
        => (ConnectionString, ServerVersion, this.embedded) = (connectionString, serverVersion, embedded);

    public string ConnectionString { get; }
    public Version ServerVersion { get; }

    /// <summary>True when the server is ours and stops with us.</summary>
    public bool IsEmbedded => embedded is not null;

    /// <param name="dataDirectory">The app's data folder; the embedded server lives in its <c>postgres/</c> unless configured otherwise.</param>
    /// <exception cref="EmbeddedPostgresException">No usable server; the message says what to do.</exception>
    public static async Task<DatabaseEndpoint> StartAsync(IConfiguration configuration, string dataDirectory, ILoggerFactory loggerFactory, CancellationToken cancellationToken)
    {
        if (configuration.GetConnectionString(ConnectionName) is { Length: > 0 } configured)
        {
            var version = await AskVersionAsync(configured, loggerFactory.CreateLogger<DatabaseEndpoint>(), cancellationToken);
            if (version.Major < PostgresBinaries.OldestMajor)
                throw new EmbeddedPostgresException(EmbeddedPostgresFault.WrongVersion,
                    $"ConnectionStrings:{ConnectionName} names a PostgreSQL {version} server. OffGridFlow needs PostgreSQL {PostgresBinaries.OldestMajor} or newer.");
            return new DatabaseEndpoint(configured, version, null);
        }

        var options = OptionsOf(configuration, dataDirectory);
        var started = await EmbeddedPostgres.StartAsync(options, loggerFactory.CreateLogger<EmbeddedPostgres>(), cancellationToken);
        return new DatabaseEndpoint(started.ConnectionString, started.ServerVersion, started);
    }

    /// <summary>The same; where OffGridFlow runs already with an embedded server, that one, which goes on afterwards.</summary>
    public static async Task<DatabaseEndpoint> StartOrJoinAsync(IConfiguration configuration, string dataDirectory, ILoggerFactory loggerFactory, CancellationToken cancellationToken)
    {
        try
        {
            return await StartAsync(configuration, dataDirectory, loggerFactory, cancellationToken);
        }
        catch (EmbeddedPostgresException error) when (error.Fault == EmbeddedPostgresFault.InUse)
        {
            var running = EmbeddedPostgres.FindRunning(OptionsOf(configuration, dataDirectory).DataDirectory);
            if (running is null) throw;
            return new DatabaseEndpoint(running, await AskVersionAsync(running, loggerFactory.CreateLogger<DatabaseEndpoint>(), cancellationToken), null);
        }
    }

    private static EmbeddedPostgresOptions OptionsOf(IConfiguration configuration, string dataDirectory)
    {
        var options = new EmbeddedPostgresOptions();
        configuration.GetSection(EmbeddedPostgresOptions.Section).Bind(options);
        if (options.DataDirectory.Length == 0) options.DataDirectory = Path.Combine(dataDirectory, "postgres");
        return options;
    }

    public ValueTask DisposeAsync() => embedded?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static async Task<Version> AskVersionAsync(string connectionString, ILogger logger, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        while (true)
        {
            try
            {
                await using var connection = new NpgsqlConnection(connectionString);
                await connection.OpenAsync(patience.Token);
                return connection.PostgreSqlVersion;
            }
            catch (NpgsqlException error) when (error.IsTransient && !patience.IsCancellationRequested)
            {
                Log.Waiting(logger, error);
                try
                {
                    await Task.Delay(TimeSpan.FromSeconds(1), patience.Token);
                }
                catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
                {
                    throw new EmbeddedPostgresException(EmbeddedPostgresFault.Server, $"The server of ConnectionStrings:{ConnectionName} did not answer within a minute: {error.Message}", error);
                }
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(7120, LogLevel.Warning, "The configured database does not answer yet")]
        internal static partial void Waiting(ILogger logger, Exception error);
    }
}

public static class DatabaseEndpointRegistration
{
    /// <summary>
    /// To be called before anything that uses the database is added. A container disposes what it has handed out in reverse order:
    /// the hosted service asks for the endpoint before any other does, so the server is stopped after all its users.
    /// </summary>
    public static IServiceCollection AddDatabaseEndpoint(this IServiceCollection services, DatabaseEndpoint endpoint)
        => services.AddSingleton(_ => endpoint).AddHostedService<EndpointHolder>();

    private sealed class EndpointHolder(DatabaseEndpoint endpoint) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            _ = endpoint;
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
