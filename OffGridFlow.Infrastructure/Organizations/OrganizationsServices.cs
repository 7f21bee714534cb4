using Microsoft.Extensions.DependencyInjection;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Infrastructure.Calculation;
using OffGridFlow.Infrastructure.EmissionFactors;

namespace OffGridFlow.Infrastructure.Organizations;

public static class OrganizationsServices
{
    public static IServiceCollection AddOrganizations(this IServiceCollection services)
    {
        services.AddSingleton(_ => new SiteRegions(ReferenceSet.Open("regions").Parse(RegionTable.Parse)));
        services.AddScoped<OrganizationService>();
        services.AddScoped<SiteService>();
        services.AddScoped<OwnershipService>();
        services.AddScoped<LeaseService>();
        services.AddScoped<AccountMappingService>();
        services.AddScoped<PeriodService>();
        services.AddScoped<FigureService>();
        services.AddScoped<InstrumentService>();
        return services;
    }
}
