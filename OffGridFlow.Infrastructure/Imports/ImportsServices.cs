using Microsoft.Extensions.DependencyInjection;
using OffGridFlow.Infrastructure.Imports.AwsCur;
using OffGridFlow.Infrastructure.Jobs;

namespace OffGridFlow.Infrastructure.Imports;

public static class ImportsServices
{
    /// <param name="documentsFolder">Where the bytes of source documents are kept.</param>
    public static IServiceCollection AddImports(this IServiceCollection services, string documentsFolder)
    {
        services.AddSingleton(_ => new DocumentStore(documentsFolder));
        services.AddSingleton<IBillFormat, AwsCurBillFormat>();
        services.AddScoped<IJobHandler, ImportJob>();
        services.AddScoped<ISystemJob, UnfinishedUploads>();
        services.AddScoped<IImportService, ImportService>();
        return services;
    }
}
