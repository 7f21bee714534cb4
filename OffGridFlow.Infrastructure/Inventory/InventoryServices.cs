using Microsoft.Extensions.DependencyInjection;
using OffGridFlow.Infrastructure.Jobs;

namespace OffGridFlow.Infrastructure.Inventory;

public static class InventoryServices
{
    public static IServiceCollection AddInventory(this IServiceCollection services)
    {
        services.AddSingleton<LedgerCache>();
        services.AddSingleton<MonthlyTotalsCache>();
        services.AddScoped<IEmissionsQueries, EmissionsQueries>();
        services.AddScoped<IInventoryQueries, InventoryQueries>();
        services.AddScoped<InventoryReports>();
        services.AddScoped<IEnergyQueries, EnergyQueries>();
        services.AddScoped<InventoryExports>();
        services.AddScoped<EmissionsSnapshots>();
        services.AddScoped<BoundaryDecisions>();
        services.AddScoped<SnapshotBuilder>();
        services.AddScoped<InventorySnapshots>();
        services.AddScoped<InventoryLocks>();
        services.AddScoped<PortfolioQueries>();
        services.AddScoped<WaitingWork>();
        services.AddScoped<ISystemJob, MonthlyTotalsProof>();
        return services;
    }
}
