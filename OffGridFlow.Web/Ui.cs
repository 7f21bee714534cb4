using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OffGridFlow.Web.Features.Emissions;
using OffGridFlow.Web.Features.Identity;
using OffGridFlow.Web.Features.Organizations;
using OffGridFlow.Web.Features.Overview;
using OffGridFlow.Web.Features.Search;
using OffGridFlow.Web.Layout;
using OffGridFlow.Web.Shared;
using Radzen;

namespace OffGridFlow.Web;

/// <summary>The pages: components, layout and what they need beside the features' services.</summary>
public static class Ui
{
    public static IServiceCollection AddUi(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddHttpContextAccessor();
        return services.AddPageServices();
    }

    /// <summary>What pages inject, apart from the framework: tests render pages with these alone.</summary>
    internal static IServiceCollection AddPageServices(this IServiceCollection services)
    {
        services.AddRadzenComponents();
        services.TryAddSingleton(TimeProvider.System);
        services.AddScoped<Failures>();
        services.AddScoped<CircuitReference>();
        services.AddScoped<HeldWork>();
        services.AddScoped<CircuitHandler>(provider => provider.GetRequiredService<CircuitReference>());
        services.AddScoped<OverviewService>();
        services.AddScoped<IOverviewWork, OverviewWork>();
        services.AddScoped<ExplorerService>();
        services.AddScoped<RecentChoices>();
        services.AddScoped<SearchService>();
        services.AddScoped<EditDesk>();
        return services;
    }

    /// <summary>Assets and pages. Sign-in, antiforgery and status-code pages are the host's to put before.</summary>
    public static WebApplication MapUi(this WebApplication app)
    {
        app.MapStaticAssets();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode();
        return app;
    }
}
