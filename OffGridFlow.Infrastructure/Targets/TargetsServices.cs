using Microsoft.Extensions.DependencyInjection;

namespace OffGridFlow.Infrastructure.Targets;

public static class TargetsServices
{
    public static IServiceCollection AddTargets(this IServiceCollection services)
    {
        services.AddScoped<BaseYearService>();
        services.AddScoped<TargetService>();
        services.AddScoped<ScenarioService>();
        services.AddScoped<TargetQueries>();
        services.AddScoped<IDecompositionQueries, DecompositionQueries>();
        return services;
    }
}
