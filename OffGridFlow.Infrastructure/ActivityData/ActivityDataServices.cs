using Microsoft.Extensions.DependencyInjection;
using OffGridFlow.Infrastructure.Calculation;

namespace OffGridFlow.Infrastructure.ActivityData;

public static class ActivityDataServices
{
    /// <summary>Takes the tables of <see cref="CalculationReference"/> when the first entry is looked at.</summary>
    public static IServiceCollection AddActivityData(this IServiceCollection services)
    {
        services.AddSingleton(provider =>
        {
            var library = provider.GetRequiredService<CalculationReference>().Library;
            return new EntryVocabulary(library.Units, library.Types, library.Gwp, library.Factors);
        });
        services.AddScoped<IActivityEntries, ActivityEntries>();
        services.AddScoped<IActivityEntryQueries, ActivityEntryQueries>();
        services.AddScoped<IEntryFactors, EntryFactorQueries>();
        services.AddScoped<IEntryEvidence, EntryEvidence>();
        services.AddScoped<CollectionPlan>();
        services.AddScoped<CompletenessService>();
        services.AddScoped<AccountMapService>();
        return services;
    }
}
