using Microsoft.Extensions.DependencyInjection;

namespace OffGridFlow.Infrastructure.Inventory;

public static class InventoryServices
{
    public static IServiceCollection AddInventory(this IServiceCollection services) =>
        services.AddScoped<IEmissionsQueries, EmissionsQueries>().AddScoped<EmissionsSnapshots>();
}
