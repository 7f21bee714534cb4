using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Web.Features.Operations;

/// <summary>Live: the process answers. Ready: it can work, so send it people.</summary>
internal static class HealthEndpoints
{
    private const string Ready = "ready";

    public static void AddHealth(this IServiceCollection services) =>
        services.AddHealthChecks().AddCheck<DatabaseCheck>("database", tags: [Ready]);

    public static void MapHealth(this WebApplication app)
    {
        foreach (var path in new[] { "/health", "/health/ready", "/healthz", "/readyz" })
        {
            app.MapHealthChecks(path, Options(check => check.Tags.Contains(Ready))).AllowAnonymous();
        }

        foreach (var path in new[] { "/health/live", "/livez" })
        {
            app.MapHealthChecks(path, Options(_ => false)).AllowAnonymous();
        }
    }

    private static HealthCheckOptions Options(Func<HealthCheckRegistration, bool> predicate) => new()
    {
        Predicate = predicate,
        ResponseWriter = (context, report) => context.Response.WriteAsJsonAsync(
            new { status = report.Status.ToString(), checks = report.Entries.ToDictionary(entry => entry.Key, entry => entry.Value.Status.ToString()) },
            context.RequestAborted),
    };

    private sealed class DatabaseCheck(Database database) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            try
            {
                await using var connection = await database.App.OpenConnectionAsync(cancellationToken);
                await connection.ExecuteAsync("select 1", cancellationToken);
                return HealthCheckResult.Healthy();
            }
            catch (Exception exception) when (exception is Npgsql.NpgsqlException or TimeoutException)
            {
                return HealthCheckResult.Unhealthy("The database does not answer.", exception);
            }
        }
    }
}
