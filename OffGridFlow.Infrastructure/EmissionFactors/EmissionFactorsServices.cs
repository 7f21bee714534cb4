using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Infrastructure.Calculation;
using OffGridFlow.Infrastructure.Persistence;

namespace OffGridFlow.Infrastructure.EmissionFactors;

public static class EmissionFactorsServices
{
    /// <summary>The factor library: shipped sets, own factors, and what a tenant has decided about choosing among them.</summary>
    public static IServiceCollection AddEmissionFactors(this IServiceCollection services)
    {
        services.AddSingleton(_ => FactorReference.Load());
        services.AddSingleton(provider => new FactorSetLoader(
            provider.GetRequiredService<Database>(), provider.GetRequiredService<FactorReference>().Regions, provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<FactorSetLoader>>()));
        services.AddSingleton<TenantFactors>();
        services.AddSingleton<ICalculationPolicies, CalculationPolicies>();
        services.AddScoped<CalculationSettings>();
        services.AddScoped<FactorQueries>();
        services.AddScoped<OwnFactors>();
        return services;
    }
}
