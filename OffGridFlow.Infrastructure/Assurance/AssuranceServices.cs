using Microsoft.Extensions.DependencyInjection;

namespace OffGridFlow.Infrastructure.Assurance;

public static class AssuranceServices
{
    public static IServiceCollection AddAssurance(this IServiceCollection services)
    {
        services.AddScoped<EvidencePacks>();
        services.AddScoped<AuditSamples>();
        services.AddScoped<AuditFindings>();
        services.AddScoped<AssuranceStanding>();
        services.AddScoped<AssurancePapers>();
        return services;
    }
}
