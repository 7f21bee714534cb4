using Microsoft.Extensions.DependencyInjection;
using OffGridFlow.Infrastructure.Jobs;

namespace OffGridFlow.Infrastructure.Imports.Samples.Year;

public static class SampleYearServices
{
    /// <summary>The job that fills the demo organization.</summary>
    /// <param name="password">Of the second person, asked for when that person is made.</param>
    public static IServiceCollection AddSampleYear(this IServiceCollection services, Func<string> password)
    {
        services.AddSingleton(new SampleYearOptions(password));
        services.AddScoped<SampleYearPeople>();
        services.AddScoped<SampleYearGroup>();
        services.AddScoped<SampleYearImports>();
        services.AddScoped<SampleYearReview>();
        services.AddScoped<SampleYearDecisions>();
        services.AddScoped<SampleYearOffer>();
        services.AddScoped<IJobHandler, SampleYearJob>();
        return services;
    }
}
