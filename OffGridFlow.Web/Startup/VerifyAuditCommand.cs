using System.Globalization;
using System.Text.Json;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Auditing;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.Embedded;

namespace OffGridFlow.Web.Startup;

/// <summary>The command <c>verify-audit</c>: the audit logs of all organizations, beside a running OffGridFlow or without one. Changes nothing.</summary>
internal static class VerifyAuditCommand
{
    private const int ShownDigits = 12;

    /// <returns>0 when all are intact, 1 when one is broken, 2 when there is no such organization.</returns>
    public static async Task<int> RunAsync(Guid? tenant, TextWriter output, TextWriter errors, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = Host.ContentRoot });
        using var logs = LoggerFactory.Create(logging => logging.AddConfiguration(builder.Configuration.GetSection("Logging")).AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace));
        var settings = AppSettings.Read(builder.Configuration, builder.Environment);
        await using var endpoint = await DatabaseEndpoint.StartOrJoinAsync(builder.Configuration, settings.DataDirectory, logs, cancellationToken);
        await using var services = new ServiceCollection().AddSingleton(TimeProvider.System).AddScoped<CurrentUser>()
            .AddSingleton(logs).AddLogging().AddPersistence(endpoint.ConnectionString).AddAuditing(settings.AuditHeadsDirectory, settings.AuditKeyFile).BuildServiceProvider();

        var (checkedLogs, broken) = (0, 0);
        await foreach (var inspection in services.GetRequiredService<AuditInspector>().InspectAsync(tenant, cancellationToken))
        {
            await output.WriteLineAsync(Describe(inspection));
            checkedLogs++;
            broken += inspection.Found.Intact ? 0 : 1;
        }

        if (tenant is not null && checkedLogs == 0)
        {
            await errors.WriteLineAsync($"There is no organization {tenant}. Without --tenant all are checked.");
            return 2;
        }

        return broken == 0 ? 0 : 1;
    }

    private static string Describe(AuditInspection inspection)
    {
        var found = inspection.Found;
        var name = inspection.Name ?? $"Organization {inspection.TenantId}, which the table of organizations does not hold";
        var head = found.HeadHash is { } hash ? string.Create(CultureInfo.InvariantCulture, $"head {found.HeadSequence} {hash[..ShownDigits]}…") : "no head";
        var seconds = string.Create(CultureInfo.InvariantCulture, $"{found.Duration.TotalSeconds:0.0} s");
        if (found.Break is { } broken)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{name}: {found.Entries:N0} entries, BROKEN ({JsonNamingPolicy.KebabCaseLower.ConvertName(broken.Kind.ToString())}): {broken.Sentence}");
        }

        var notYet = found.Unsealed + found.EntriesAfterLastHead == 0
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $"; {found.Unsealed:N0} wait for their seal, {found.EntriesAfterLastHead:N0} for a signed head");
        return string.Create(CultureInfo.InvariantCulture, $"{name}: {found.Entries:N0} entries, {head}, {found.HeadsChecked:N0} signed heads, intact ({seconds}){notYet}");
    }
}
