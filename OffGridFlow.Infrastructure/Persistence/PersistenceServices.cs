using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace OffGridFlow.Infrastructure.Persistence;

public static class PersistenceServices
{
    /// <param name="connectionString">The owner's login.</param>
    public static IServiceCollection AddPersistence(this IServiceCollection services, string connectionString)
    {
        services.AddSingleton(_ => new Database(connectionString));
        services.AddSingleton<DatabaseMigrator>();
        services.AddSingleton(provider => new DbContextOptionsBuilder<OffGridFlowDbContext>()
            .UseNpgsql(provider.GetRequiredService<Database>().App)
            .UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking)
            .AddInterceptors(new TenantWriteInterceptor(), new TenantTransactionInterceptor())
            .Options);
        services.AddScoped<TenantDatabase>();
        return services;
    }
}
