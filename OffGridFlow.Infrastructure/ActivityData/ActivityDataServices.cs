using Microsoft.Extensions.DependencyInjection;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Core.Quantities;
using OffGridFlow.Infrastructure.EmissionFactors;

namespace OffGridFlow.Infrastructure.ActivityData;

public static class ActivityDataServices
{
    public static IServiceCollection AddActivityData(this IServiceCollection services)
    {
        services.AddSingleton(_ => new EntryVocabulary(
            ReferenceSet.Open("units").Parse(UnitTable.Parse), ReferenceSet.Open("activity-types").Parse(ActivityTypes.Parse), ReferenceSet.Open("gwp").Parse(GwpTable.Parse), []));
        services.AddScoped<IActivityEntries, ActivityEntries>();
        services.AddScoped<IActivityEntryQueries, ActivityEntryQueries>();
        services.AddScoped<IEntryEvidence, EntryEvidence>();
        return services;
    }
}
