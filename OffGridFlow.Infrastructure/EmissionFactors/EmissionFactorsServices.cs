using Microsoft.Extensions.DependencyInjection;
using OffGridFlow.Infrastructure.Calculation;

namespace OffGridFlow.Infrastructure.EmissionFactors;

public static class EmissionFactorsServices
{
    /// <summary>The factor library: shipped sets, own factors, and what a tenant has decided about choosing among them. Beside <c>AddCalculation</c>.</summary>
    public static IServiceCollection AddEmissionFactors(this IServiceCollection services)
    {
        services.AddSingleton<FactorSetLoader>();
        services.AddSingleton<FactorFacetTable>();
        services.AddScoped<CalculationSettings>();
        services.AddScoped<FactorQueries>();
        services.AddScoped<OwnFactors>();
        return services;
    }
}
