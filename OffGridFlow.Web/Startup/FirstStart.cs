using System.Security.Cryptography;
using OffGridFlow.Core.CloudUsage;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Calculation;
using OffGridFlow.Infrastructure.EmissionFactors;
using OffGridFlow.Infrastructure.Identity;
using OffGridFlow.Infrastructure.Imports;
using OffGridFlow.Infrastructure.Imports.AwsCur;
using OffGridFlow.Infrastructure.Imports.Samples.Year;
using OffGridFlow.Infrastructure.Persistence;

namespace OffGridFlow.Web.Startup;

/// <summary>What happens before the first request: the database is brought up to date, and the first people come into being.</summary>
internal static partial class FirstStart
{
    public const string DemoEmail = "demo@nordwerk.example";

    public static async Task RunAsync(IServiceProvider services, AppSettings settings, ILogger logger, CancellationToken cancellationToken)
    {
        await services.GetRequiredService<DatabaseMigrator>().MigrateAsync(null, cancellationToken);
        await LoadFactorsAsync(services, cancellationToken);
        services.GetRequiredService<DocumentStore>().DeleteAbandoned();
        // Damaged reference data stops the start, not the first import.
        _ = services.GetRequiredService<ICloudEstimator>();
        _ = AwsRegionTable.Shared;
        if (!services.GetRequiredService<KeyRingCheck>().CanOpenAll())
        {
            Log.OtherMasterKey(logger, settings.MasterKeyFile);
        }

        var firstRun = services.GetRequiredService<SetUpService>();

        if (settings is { AdminEmail.Length: > 0, AdminPassword.Length: > 0 } && await firstRun.IsNeededAsync(cancellationToken))
        {
            var outcome = await firstRun.CreateAsync(
                new FirstAdministrator(settings.AdminOrganization ?? "My organization", settings.AdminEmail, settings.AdminEmail, settings.AdminPassword), cancellationToken);
            if (!outcome.Done)
            {
                throw new InvalidOperationException(
                    $"The administrator of OFFGRIDFLOW_ADMIN_EMAIL and OFFGRIDFLOW_ADMIN_PASSWORD cannot be created: {string.Join(' ', outcome.Problems)}");
            }
        }

        if (settings.Demo != DemoContent.None)
        {
            var demo = await firstRun.CreateDemoAsync(
                new FirstAdministrator("Nordwerk Components", "Mara Okafor", DemoEmail, DemoPassword(settings)), cancellationToken);
            if (settings.Demo == DemoContent.Filled && demo is not null)
            {
                await QueueSampleYearAsync(services, demo, cancellationToken);
            }
        }

        if (await firstRun.IsEmptyAsync(cancellationToken))
        {
            Log.FirstRun(logger, firstRun.Token);
        }
    }

    /// <summary>Brings the shipped factor sets into the database, where they are not there yet.</summary>
    internal static Task LoadFactorsAsync(IServiceProvider services, CancellationToken cancellationToken) => services.GetRequiredService<FactorSetLoader>()
        .LoadAsync(services.GetRequiredService<CalculationReference>().Sets, cancellationToken);

    /// <summary>Only queued: sign-in does not wait for the data.</summary>
    private static async Task QueueSampleYearAsync(IServiceProvider services, DemoOrganization demo, CancellationToken cancellationToken)
    {
        await using var scope = services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentUser>().Become(new Actor(demo.TenantId, null, "OffGridFlow", TenantRole.Admin));
        await scope.ServiceProvider.GetRequiredService<SampleYearOffer>().QueueAsync(demo.AdministratorId, cancellationToken);
    }

    /// <summary>Made at random for this installation; the file is for its owner only.</summary>
    public static string DemoPassword(AppSettings settings)
    {
        var path = Path.Combine(settings.DataDirectory, "demo-password");
        if (!File.Exists(path))
        {
            Directory.CreateDirectory(settings.DataDirectory);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using var file = new StreamWriter(path, options);
            file.Write($"demo-{RandomNumberGenerator.GetHexString(10, lowercase: true)}");
        }

        return File.ReadAllText(path).Trim();
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 4102, Level = LogLevel.Error, Message = "{Path} is not the master key that this database was used with. Restore that key from your backup and start again; with this one everybody has to sign in again, and what the other one encrypted cannot be read")]
        public static partial void OtherMasterKey(ILogger logger, string path);

        [LoggerMessage(EventId = 4101, Level = LogLevel.Warning, Message = "Nobody can sign in yet. Open /account/first-run and enter the one-time token {Token}")]
        public static partial void FirstRun(ILogger logger, string token);
    }
}
