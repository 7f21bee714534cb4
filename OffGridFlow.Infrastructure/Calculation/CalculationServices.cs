using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OffGridFlow.Infrastructure.Calculation.Runs;
using OffGridFlow.Infrastructure.EmissionFactors;
using OffGridFlow.Infrastructure.Jobs;

namespace OffGridFlow.Infrastructure.Calculation;

public static class CalculationServices
{
    /// <summary>Registers what turns activities into emissions. Its tables are read when first asked for.</summary>
    public static IServiceCollection AddCalculation(this IServiceCollection services)
    {
        services.AddSingleton<CalculationReference>(_ => new CalculationReference());
        services.TryAddSingleton(provider =>
        {
            var library = provider.GetRequiredService<CalculationReference>().Library;
            return new FactorReference(library.Units, library.Regions, library.Gwp, library.Types);
        });
        services.TryAddScoped<TenantFactors>();
        services.TryAddScoped<ICalculationPolicies, CalculationPolicies>();
        services.AddScoped<ICalculationInputs, CalculationInputsReader>();
        services.AddScoped<EntryLedger>();
        services.AddScoped<CalculationPreview>();
        services.AddScoped<MoneyRows>();
        services.AddScoped<MoneyUses>();
        services.AddScoped<ICalculationRuns, CalculationRuns>();
        services.AddScoped<RunQueries>();
        services.AddScoped<IJobHandler, RunJob>();
        return services;
    }
}
