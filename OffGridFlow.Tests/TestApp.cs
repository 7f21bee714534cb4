using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OffGridFlow.Core.CloudUsage;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Calculation;
using OffGridFlow.Infrastructure.EmissionFactors;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Tests.CloudUsage;
using OffGridFlow.Tests.Persistence;
using OffGridFlow.Web.Startup;

namespace OffGridFlow.Tests;

/// <summary>
/// The whole application on a free port, with a database of its own. Two tenants are there: the first through the set-up variables,
/// the second made by <see cref="AddTenantAsync"/> when a test needs it.
/// </summary>
public sealed class TestApp : IAsyncDisposable
{
    public const string AdminEmail = "admin@first.example";
    public const string AdminPassword = "correct horse battery";

    /// <summary>The tables of the program's own files, which nothing changes: read once for all applications of a run.</summary>
    private static readonly CalculationReference Reference = new();

    private readonly PostgresFixture? _postgres;
    private readonly string _connectionString;
    private readonly string _dataDirectory;

    private TestApp(PostgresFixture? postgres, string connectionString, string dataDirectory, WebApplication app)
    {
        (_postgres, _connectionString, _dataDirectory, App) = (postgres, connectionString, dataDirectory, app);
        // Asked by IPv4 also where the socket listens for both families.
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()
            .Replace("[::]", "127.0.0.1", StringComparison.Ordinal));
    }

    public WebApplication App { get; }

    public Uri Address { get; }

    /// <summary>The owner's login.</summary>
    public string ConnectionString => _connectionString;

    public string DataDirectory => _dataDirectory;

    /// <summary>A database that is migrated once is the template of all others.</summary>
    [ModuleInitializer]
    internal static void UseMigratedTemplate() => PostgresFixture.PrepareTemplate = async connectionString =>
    {
        await using var database = new Database(connectionString);
        await new DatabaseMigrator(database, NullLogger<DatabaseMigrator>.Instance).MigrateAsync(null, CancellationToken.None);
        // What every start would load: thousands of rows that no test has to wait for.
        await new FactorSetLoader(database, FactorReference.Load(), TimeProvider.System, NullLogger<FactorSetLoader>.Instance)
            .LoadAsync(Reference.Sets, CancellationToken.None);
    };

    /// <summary>Of <see cref="AdminPassword"/>.</summary>
    public static string PasswordHash { get; } = new PasswordHasher<User>(Options.Create(Quick(new()))).HashPassword(null!, AdminPassword);

    public static async Task<TestApp> StartAsync(PostgresFixture postgres, params string[] settings)
    {
        var connectionString = await postgres.CreateDatabaseAsync();
        try
        {
            return await StartAsync(postgres, connectionString, settings);
        }
        catch
        {
            await postgres.DropDatabaseAsync(connectionString);
            throw;
        }
    }

    /// <summary>On a server that the test itself starts and stops.</summary>
    public static Task<TestApp> StartOnAsync(string connectionString) => StartAsync(null, connectionString, []);

    private static async Task<TestApp> StartAsync(PostgresFixture? postgres, string connectionString, string[] settings)
    {
        var data = Directory.CreateTempSubdirectory("offgridflow-app-").FullName;
        try
        {
            var app = await Host.BuildAsync(
                [
                    "--urls=http://127.0.0.1:0", $"--ConnectionStrings:OffGridFlow={connectionString}", $"--OFFGRIDFLOW_DATA_DIR={data}",
                    "--OFFGRIDFLOW_DEMO=false", $"--OFFGRIDFLOW_ADMIN_EMAIL={AdminEmail}", $"--OFFGRIDFLOW_ADMIN_PASSWORD={AdminPassword}",
                    "--OFFGRIDFLOW_ADMIN_ORGANIZATION=First Company",
                    // Tests ask in loops from one address. Those of the limits switch them on.
                    "--OFFGRIDFLOW_RATE_PER_CALLER=0", "--OFFGRIDFLOW_RATE_PER_TENANT=0", "--OFFGRIDFLOW_RATE_PER_ADDRESS=0", "--Logging:LogLevel:Default=Warning", .. settings,
                ],
                HostRole.Web, ShareTables);
            await app.StartAsync();
            return new TestApp(postgres, connectionString, data, app);
        }
        catch
        {
            Directory.Delete(data, recursive: true);
            throw;
        }
    }

    private static void ShareTables(IServiceCollection services)
    {
        services.Replace(ServiceDescriptor.Singleton(Reference));
        services.Replace(ServiceDescriptor.Singleton<ICloudEstimator>(CcfAws.Estimator));
        services.Configure<PasswordHasherOptions>(options => Quick(options));
    }

    /// <summary>A password that is known to everybody needs no protection against guessing. SignInTests sees to what people's have.</summary>
    private static PasswordHasherOptions Quick(PasswordHasherOptions options)
    {
        options.IterationCount = 1000;
        return options;
    }

    /// <summary>A client without a session.</summary>
    public HttpClient CreateClient() => new(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = Address };

    /// <summary>A client of the API with a bearer token.</summary>
    public async Task<HttpClient> SignInAsync(string email = AdminEmail, string password = AdminPassword)
    {
        var client = CreateClient();
        using var answer = await client.PostAsJsonAsync("/api/v1/auth/login", new { email, password });
        answer.EnsureSuccessStatusCode();
        var token = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("accessToken").GetString();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    /// <summary>Another tenant, with a person of the given role (password <see cref="AdminPassword"/>).</summary>
    public async Task<Guid> AddTenantAsync(string name, string email, TenantRole role = TenantRole.Admin)
    {
        var tenant = Guid.CreateVersion7();
        var user = Guid.CreateVersion7();
        await using var connection = await App.Services.GetRequiredService<Database>().Owner.OpenConnectionAsync();
        await using var command = new Npgsql.NpgsqlCommand(
            "select create_tenant($1, $2, false, $3, $4, upper($4), $4, $5, 'stamp')", connection)
        {
            Parameters = { new() { Value = tenant }, new() { Value = name }, new() { Value = user }, new() { Value = email }, new() { Value = PasswordHash } },
        };
        await command.ExecuteNonQueryAsync();
        await SetRoleAsync(email, role);
        return tenant;
    }

    /// <summary>Gives a person another role in their tenant.</summary>
    public async Task SetRoleAsync(string email, TenantRole role)
    {
        await using var connection = await App.Services.GetRequiredService<Database>().Owner.OpenConnectionAsync();
        await using var command = new Npgsql.NpgsqlCommand(
            "update memberships set role = $2 where user_id = (select id from users where normalized_email = upper($1))", connection)
        {
            Parameters = { new() { Value = email }, new() { Value = role.ToString() } },
        };
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await App.StopAsync();
        await App.DisposeAsync();
        if (_postgres is not null)
        {
            await _postgres.DropDatabaseAsync(_connectionString);
        }

        Directory.Delete(_dataDirectory, recursive: true);
    }
}
