using Microsoft.Extensions.DependencyInjection;
using OffGridFlow.Infrastructure.Jobs;

namespace OffGridFlow.Infrastructure.Inventory;

public static class InventoryServices
{
    public static IServiceCollection AddInventory(this IServiceCollection services)
    {
        services.AddSingleton<LedgerCache>();
        services.AddScoped<IEmissionsQueries, EmissionsQueries>();
        services.AddScoped<IInventoryQueries, InventoryQueries>();
        services.AddScoped<InventoryReports>();
        services.AddScoped<EmissionsSnapshots>();
        services.AddScoped<BoundaryDecisions>();
        services.AddScoped<PortfolioQueries>();
        services.AddScoped<ISystemJob, MonthlyTotalsProof>();
        return services;
    }
}
