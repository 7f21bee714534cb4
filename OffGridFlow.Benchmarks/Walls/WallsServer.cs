using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Web.Startup;

namespace OffGridFlow.Benchmarks.Walls;

/// <summary>The whole application in this process, on a free port of loopback.</summary>
internal sealed class WallsServer : IAsyncDisposable
{
    private WallsServer(WebApplication app)
    {
        App = app;
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        Database = app.Services.GetRequiredService<Database>();
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, MaxConnectionsPerServer = 32 }) { BaseAddress = Address };
    }

    public WebApplication App { get; }

    public Uri Address { get; }

    public Database Database { get; }

    /// <summary>Knows nobody: each request brings its own session.</summary>
    public HttpClient Http { get; }

    public bool FilterIsBroken => BrokenFilter.IsBroken(App.Services);

    /// <param name="connectionString">Null: PostgreSQL is started in the data folder.</param>
    /// <param name="breakFilter">Whether the tenant filter of EF Core is taken away, so that row security stands alone.</param>
    public static async Task<WallsServer> StartAsync(string dataFolder, string? connectionString, bool breakFilter, CancellationToken cancellationToken)
    {
        string[] settings =
        [
            "--urls=http://127.0.0.1:0", $"--OFFGRIDFLOW_DATA_DIR={dataFolder}", "--OFFGRIDFLOW_DEMO=false", "--Logging:LogLevel:Default=Warning",
            "--OFFGRIDFLOW_ADMIN_EMAIL=operator@walls.example", "--OFFGRIDFLOW_ADMIN_PASSWORD=correct horse battery", "--OFFGRIDFLOW_ADMIN_ORGANIZATION=Operator",
            // A campaign asks faster than people do.
            "--OFFGRIDFLOW_RATE_PER_CALLER=0", "--OFFGRIDFLOW_RATE_PER_TENANT=0", "--OFFGRIDFLOW_RATE_PER_ADDRESS=0",
            .. connectionString is null ? Array.Empty<string>() : [$"--ConnectionStrings:OffGridFlow={connectionString}"],
        ];
        var app = await Host.BuildAsync(settings, HostRole.Web, breakFilter ? BrokenFilter.Break : null);
        await app.StartAsync(cancellationToken);
        return new WallsServer(app);
    }

    /// <summary>Connections that start under a role of the application, as its own do.</summary>
    public NpgsqlDataSource As(string role) =>
        new NpgsqlDataSourceBuilder(new NpgsqlConnectionStringBuilder(Database.ConnectionString) { Options = $"-c role={role}", MaxPoolSize = 8 }.ConnectionString).Build();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await App.StopAsync(CancellationToken.None);
        await App.DisposeAsync();
    }
}
