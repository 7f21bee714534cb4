using Microsoft.Extensions.DependencyInjection;
using OffGridFlow.Infrastructure.Imports.AwsCur;
using OffGridFlow.Infrastructure.Imports.Focus;
using OffGridFlow.Infrastructure.Imports.Sheets.Templates;
using OffGridFlow.Infrastructure.Imports.Sheets;
using OffGridFlow.Infrastructure.Imports.Sheets.Reading;
using OffGridFlow.Infrastructure.Jobs;

namespace OffGridFlow.Infrastructure.Imports;

public static class ImportsServices
{
    /// <param name="documentsFolder">Where the bytes of source documents are kept.</param>
    public static IServiceCollection AddImports(this IServiceCollection services, string documentsFolder)
    {
        services.AddSingleton(_ => new DocumentStore(documentsFolder));
        services.AddSingleton<BillFileLimits>();
        services.AddSingleton(services => new BillOptions { Clock = services.GetRequiredService<TimeProvider>(), Limits = services.GetRequiredService<BillFileLimits>() });
        services.AddSingleton<IBillFormat>(services => new AwsCurFormat(AwsCurEdition.Legacy, services.GetRequiredService<BillOptions>()));
        services.AddSingleton<IBillFormat>(services => new AwsCurFormat(AwsCurEdition.Second, services.GetRequiredService<BillOptions>()));
        services.AddSingleton<IBillFormat, FocusFormat>();
        services.AddSingleton<SheetLimits>();
        services.AddSingleton<SheetDesk>();
        services.AddScoped<IJobHandler, ImportJob>();
        services.AddScoped<IJobHandler, SheetLoadJob>();
        services.AddScoped<IJobHandler, SheetCheckJob>();
        services.AddScoped<SheetReception>();
        services.AddScoped<SheetChanges>();
        services.AddScoped<SheetChecks>();
        services.AddScoped<ISheetImports, SheetImports>();
        services.AddScoped<ISystemJob, UnfinishedUploads>();
        services.AddScoped<IImportService, ImportService>();
        services.AddScoped<ISheetTemplates, SheetTemplates>();
        return services;
    }
}
