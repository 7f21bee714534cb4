using Microsoft.Extensions.DependencyInjection;

namespace OffGridFlow.Infrastructure.Auditing;

public static class AuditingServices
{
    public static IServiceCollection AddAuditing(this IServiceCollection services)
    {
        services.AddScoped<IAuditQueries, AuditQueries>();
        return services;
    }
}
