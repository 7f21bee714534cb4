using Microsoft.Extensions.DependencyInjection;
using OffGridFlow.Infrastructure.Jobs;
using OffGridFlow.Infrastructure.Persistence;

namespace OffGridFlow.Infrastructure.Auditing;

public static class AuditingServices
{
    /// <summary>Reading and checking the audit log.</summary>
    /// <param name="headsFolder">Where the daily files of signed heads lie.</param>
    /// <param name="signingKeyFile">Where the key that signs them lies or will be made; outside the database.</param>
    public static IServiceCollection AddAuditing(this IServiceCollection services, string headsFolder, string signingKeyFile)
    {
        services.AddSingleton(_ => new AuditSigningKey(signingKeyFile));
        services.AddSingleton(provider => new AuditHeadFiles(headsFolder, provider.GetRequiredService<AuditSigningKey>()));
        services.AddScoped<IAuditQueries, AuditQueries>();
        services.AddScoped<ISystemJob, AuditChainCheck>();
        services.AddScoped<IAuditVerifier, AuditVerifier>();
        services.AddScoped<AuditExports>();
        services.AddSingleton(provider => new AuditInspector(
            provider.GetRequiredService<Database>(), provider.GetRequiredService<AuditHeadFiles>(), provider.GetRequiredService<IServiceScopeFactory>()));
        return services;
    }

    /// <summary>The sealer, in every process that works for long.</summary>
    public static IServiceCollection AddAuditSealer(this IServiceCollection services)
    {
        services.AddSingleton<AuditSealer>();
        services.AddHostedService(provider => provider.GetRequiredService<AuditSealer>());
        return services;
    }
}
