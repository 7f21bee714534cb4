using System.Globalization;
using OffGridFlow.Infrastructure.EmissionFactors;
using OffGridFlow.Infrastructure.Identity;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.Embedded;

namespace OffGridFlow.Web.Startup;

/// <summary>The commands of the one executable. Without a command it serves.</summary>
internal static class CommandLine
{
    private const string Usage =
        """
        Usage: OffGridFlow.Web [command]
          serve                                    pages, API and jobs (the default)
          worker                                   jobs only, with health endpoints
          migrate up                               bring the database to this version, and the shipped emission factors into it
          migrate down N                           take back the last N migrations
          migrate script                           print all migrations as SQL
          create-admin EMAIL ORGANIZATION          first administrator; the password is read from OFFGRIDFLOW_ADMIN_PASSWORD
          verify-audit [--tenant ID]               check the audit logs; names the first entry of each that was tampered with
                                                   ends with 0: all intact, 1: broken, 2: called wrongly, 3: could not be checked
        """;

    public static async Task<int> RunAsync(string[] args)
    {
        // Options such as --urls are the host's; a command comes first and has no dashes.
        var words = args.TakeWhile(argument => !argument.StartsWith('-')).ToArray();
        try
        {
            switch (words)
            {
                case [] or ["serve"]:
                    await using (var host = await Host.BuildAsync(args[words.Length..], HostRole.Web))
                    {
                        await host.RunAsync();
                    }

                    return 0;
                case ["worker"]:
                    await using (var host = await Host.BuildAsync(args[1..], HostRole.Worker))
                    {
                        await host.RunAsync();
                    }

                    return 0;
                case ["migrate", "up"]:
                    return await WithDatabaseAsync(args, async (database, logs) =>
                    {
                        await new DatabaseMigrator(database, logs.CreateLogger<DatabaseMigrator>()).MigrateAsync(null, CancellationToken.None);
                        var reference = FactorReference.Load();
                        await new FactorSetLoader(database, reference, TimeProvider.System, logs.CreateLogger<FactorSetLoader>())
                            .LoadAsync(FactorSets.ReadAll(null, reference.Units), CancellationToken.None);
                    });
                case ["migrate", "down", var steps] when int.TryParse(steps, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0:
                    return await WithDatabaseAsync(args, async (database, logs) =>
                        await new DatabaseMigrator(database, logs.CreateLogger<DatabaseMigrator>()).MigrateDownAsync(count, CancellationToken.None));
                case ["migrate", "script"]:
                    return await WithDatabaseAsync(args, async (database, logs) =>
                        await Console.Out.WriteLineAsync(new DatabaseMigrator(database, logs.CreateLogger<DatabaseMigrator>()).Script()));
                case ["create-admin", var email, var organization]:
                    return await CreateAdministratorAsync(args, email, organization);
                case ["verify-audit"]:
                    return await VerifyAuditAsync(args[1..]);
                default:
                    await Console.Error.WriteLineAsync($"“{string.Join(' ', words)}” is not a command.\n{Usage}");
                    return 2;
            }
        }
        catch (Exception exception) when (exception is EmbeddedPostgresException or InvalidOperationException or Npgsql.NpgsqlException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
    }

    private static async Task<int> CreateAdministratorAsync(string[] args, string email, string organization)
    {
        await using var host = await Host.BuildAsync(args[3..], HostRole.Worker);
        var password = host.Configuration["OFFGRIDFLOW_ADMIN_PASSWORD"] ?? "";
        var outcome = await host.Services.GetRequiredService<SetUpService>()
            .CreateAsync(new FirstAdministrator(organization, email, email, password), CancellationToken.None);
        foreach (var problem in outcome.Problems)
        {
            await Console.Error.WriteLineAsync(problem);
        }

        return outcome.Done ? 0 : 1;
    }

    private static async Task<int> VerifyAuditAsync(string[] options)
    {
        Guid? tenant = null;
        if (options.Length > 0)
        {
            if (options is not ["--tenant", var text] || !Guid.TryParse(text, out var id))
            {
                await Console.Error.WriteLineAsync($"verify-audit takes --tenant and the id of an organization, or nothing.\n{Usage}");
                return 2;
            }

            tenant = id;
        }

        try
        {
            return await VerifyAuditCommand.RunAsync(tenant, Console.Out, Console.Error, CancellationToken.None);
        }
        catch (Exception exception) when (exception is EmbeddedPostgresException or InvalidOperationException or Npgsql.NpgsqlException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"The audit logs could not be checked: {exception.Message}");
            return 3;
        }
    }

    private static async Task<int> WithDatabaseAsync(string[] args, Func<Database, ILoggerFactory, Task> work)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = Host.ContentRoot });
        using var logs = LoggerFactory.Create(logging => logging.AddConfiguration(builder.Configuration.GetSection("Logging")).AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace));
        var settings = AppSettings.Read(builder.Configuration, builder.Environment);
        await using var endpoint = await DatabaseEndpoint.StartAsync(builder.Configuration, settings.DataDirectory, logs, CancellationToken.None);
        await using var database = new Database(endpoint.ConnectionString);
        await work(database, logs);
        return 0;
    }
}
