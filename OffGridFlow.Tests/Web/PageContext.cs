using System.Globalization;
using Bunit;
using Bunit.TestDoubles;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.Extensions.DependencyInjection;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Identity;
using OffGridFlow.Infrastructure.Imports;
using OffGridFlow.Infrastructure.Imports.Sheets;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Infrastructure.Targets;
using OffGridFlow.Infrastructure.Jobs;
using OffGridFlow.Infrastructure.Search;
using OffGridFlow.Web;
using OffGridFlow.Web.Features.Imports;
using OffGridFlow.Web.Features.Overview;

namespace OffGridFlow.Tests.Web;

/// <summary>Renders pages as a circuit does: interactive, signed in, in US English, over the fakes.</summary>
public abstract class PageContext : BunitContext
{
    private readonly CultureInfo _before = CultureInfo.CurrentCulture;

    protected PageContext()
    {
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("en-US");
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddPageServices();
        Services.AddSingleton<AntiforgeryStateProvider, NoAntiforgery>();
        // The layout's menu counts running jobs; a test that is about jobs brings its own.
        Services.AddSingleton<IJobConsole>(new FakeJobs());
        Services.AddSingleton<IPersonalSettings>(Personal);
        Services.AddSingleton<ISavedViews>(Personal);
        Services.AddSingleton<ISearchQueries>(new FakeSearch());
        Services.AddSingleton<IOverviewWork>(new FakeOverviewWork());
        User = AddAuthorization().SetAuthorized("Mara Okafor");
        Allow(Permissions.DashboardsRead, Permissions.TrailsRead, Permissions.ActivityDataRead, Permissions.ActivityDataWrite);
    }

    protected BunitAuthorizationContext User { get; }

    internal FakePersonalSettings Personal { get; } = new();

    protected NavigationManager Navigation => Services.GetRequiredService<NavigationManager>();

    protected void Allow(params string[] permissions) => User.SetPolicies(permissions);

    /// <summary>As on a circuit. Said at the first rendering, because it closes the list of services.</summary>
    protected new IRenderedComponent<T> Render<T>(Action<ComponentParameterCollectionBuilder<T>>? parameters = null)
        where T : IComponent
    {
        SetRendererInfo(new RendererInfo("Server", isInteractive: true));
        return base.Render(parameters);
    }

    internal FakeEmissions With(FakeEmissions emissions)
    {
        Services.AddSingleton<IEmissionsQueries>(emissions);
        Services.AddSingleton<IDecompositionQueries>(new FakeYears());
        return emissions;
    }

    internal FakeImports With(FakeImports imports)
    {
        Services.AddSingleton<IImportService>(imports);
        // The list names files that are not loaded yet; a test that is about them brings its own.
        Services.AddSingleton<ISheetImports>(new FakeSheets());
        Services.AddSingleton<ISampleBillOffer>(imports);
        return imports;
    }

    internal FakeJobs With(FakeJobs jobs)
    {
        Services.AddSingleton<IJobConsole>(jobs);
        return jobs;
    }

    protected override void Dispose(bool disposing)
    {
        CultureInfo.CurrentCulture = _before;
        base.Dispose(disposing);
    }

    private sealed class NoAntiforgery : AntiforgeryStateProvider
    {
        public override AntiforgeryRequestToken? GetAntiforgeryToken() => new("token", "__RequestVerificationToken");
    }
}
