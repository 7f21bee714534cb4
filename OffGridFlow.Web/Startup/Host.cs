using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Components.Endpoints;
using OffGridFlow.Infrastructure.ActivityData;
using OffGridFlow.Infrastructure.Assurance;
using OffGridFlow.Infrastructure.Auditing;
using OffGridFlow.Infrastructure.Calculation;
using OffGridFlow.Infrastructure.CloudUsage;
using OffGridFlow.Infrastructure.EmissionFactors;
using OffGridFlow.Infrastructure.Identity;
using OffGridFlow.Infrastructure.Imports;
using OffGridFlow.Infrastructure.Imports.Samples.Year;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Infrastructure.Jobs;
using OffGridFlow.Infrastructure.Organizations;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.Embedded;
using OffGridFlow.Infrastructure.Search;
using OffGridFlow.Infrastructure.Targets;
using OffGridFlow.Web.Features.ActivityData;
using OffGridFlow.Web.Features.Assurance;
using OffGridFlow.Web.Features.Auditing;
using OffGridFlow.Web.Features.Calculation;
using OffGridFlow.Web.Features.CloudUsage;
using OffGridFlow.Web.Features.EmissionFactors;
using OffGridFlow.Web.Features.Emissions;
using OffGridFlow.Web.Features.Emissions.Export;
using OffGridFlow.Web.Features.Identity;
using OffGridFlow.Web.Features.Identity.People;
using OffGridFlow.Web.Features.Imports;
using OffGridFlow.Web.Features.Imports.Sheets;
using OffGridFlow.Web.Features.Inventory;
using OffGridFlow.Web.Features.Inventory.Export;
using OffGridFlow.Web.Features.Jobs;
using OffGridFlow.Web.Features.Operations;
using OffGridFlow.Web.Features.Organizations;
using OffGridFlow.Web.Features.Targets;
using OffGridFlow.Web.Layout;

namespace OffGridFlow.Web.Startup;

public enum HostRole
{
    /// <summary>Pages, API and jobs.</summary>
    Web,

    /// <summary>Jobs and health only.</summary>
    Worker,
}

/// <summary>Puts the features together.</summary>
public static partial class Host
{
    /// <summary>Where the program's own files lie, whatever folder it was started from.</summary>
    internal static string ContentRoot =>
        Directory.Exists(Path.Combine(Directory.GetCurrentDirectory(), "wwwroot")) ? Directory.GetCurrentDirectory() : AppContext.BaseDirectory;

    /// <summary>A host that is ready to run: its database is up and migrated.</summary>
    public static Task<WebApplication> BuildAsync(string[] args, HostRole role) => BuildAsync(args, role, null);

    /// <param name="change">Puts other services in the place of the product's. For tests and campaigns: no setting leads here.</param>
    internal static async Task<WebApplication> BuildAsync(string[] args, HostRole role, Action<IServiceCollection>? change)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = args, ContentRootPath = ContentRoot, ApplicationName = typeof(Host).Assembly.GetName().Name,
        });
        var settings = AppSettings.Read(builder.Configuration, builder.Environment);
        using var startLogs = LoggerFactory.Create(logging => logging.AddConfiguration(builder.Configuration.GetSection("Logging")).AddConsole());
        var endpoint = await DatabaseEndpoint.StartAsync(builder.Configuration, settings.DataDirectory, startLogs, CancellationToken.None);
        try
        {
            AddServices(builder, settings, endpoint, role);
            change?.Invoke(builder.Services);
            var app = builder.Build();
            Configure(app, settings, role);
            await FirstStart.RunAsync(app.Services, settings, app.Logger, CancellationToken.None);
            app.Lifetime.ApplicationStarted.Register(() => Announce(app, settings));
            return app;
        }
        catch
        {
            await endpoint.DisposeAsync();
            throw;
        }
    }

    private static void AddServices(WebApplicationBuilder builder, AppSettings settings, DatabaseEndpoint endpoint, HostRole role)
    {
        var services = builder.Services;
        services.AddDatabaseEndpoint(endpoint);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(settings);
        services.AddPersistence(endpoint.ConnectionString);
        services.AddPeople(settings.MasterKeyFile);
        services.AddAuditing(settings.AuditHeadsDirectory, settings.AuditKeyFile);
        // Services stop in the reverse order: the last entries of jobs are sealed too.
        services.AddAuditSealer();
        services.AddJobs(Database.JobsConnectionStringOf(endpoint.ConnectionString));
        services.AddCloudUsage();
        services.AddImports(settings.DocumentsDirectory);
        services.AddSampleYear(() => FirstStart.DemoPassword(settings));
        services.AddInventory();
        services.AddTargets();
        services.AddActivityData();
        services.AddCalculation();
        services.AddAssurance();
        services.AddEmissionFactors();
        services.AddOrganizations();
        services.AddSearch();
        services.AddHealth();
        services.AddProblemDetails(options => options.CustomizeProblemDetails = Problems.Sign);
        services.AddExceptionHandler<Problems>();
        services.ConfigureHttpJsonOptions(options => Json.Configure(options.SerializerOptions));
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        if (role == HostRole.Worker)
        {
            return;
        }

        services.AddSignIn();
        services.AddRateLimits(settings.Rates);
        services.AddScoped<ISignInService, CookieSignIn>();
        services.AddScoped<IFirstRunService, FirstRun>();
        services.AddSingleton<FirstRunRedirect>();
        services.AddScoped<ISampleBillOffer, SampleBillOffer>();
        services.AddScoped<ExportEndpoints.Exporter>();
        services.AddScoped<AuditExporter>();
        services.AddScoped<EvidencePackEndpoints.EvidenceSender>();
        services.AddScoped<AssuranceSender>();
        services.AddUi();
        services.AddAntiforgery(options => options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest);
        services.AddOpenApi("v1", options => options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "OffGridFlow";
            document.Info.Version = "v1";
            return Task.CompletedTask;
        }));
    }

    private static void Configure(WebApplication app, AppSettings settings, HostRole role)
    {
        app.UseTrustedProxies(settings.TrustedProxies);
        if (!app.Environment.IsDevelopment())
        {
            app.UseHsts();
        }

        app.UseSecurityHeaders();
        app.UseHubOrigin();
        app.UseExceptionHandler("/error", createScopeForErrors: true);
        if (role == HostRole.Worker)
        {
            app.MapHealth();
            return;
        }

        app.UseWhen(
            context => !context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase) && !context.Request.Path.StartsWithSegments("/app", StringComparison.OrdinalIgnoreCase),
            pages => pages.UseStatusCodePagesWithReExecute("/not-found"));
        app.UseWhen(context => context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase), api => api.UseStatusCodePages());
        app.UseRouting();
        app.UseRateLimitsAtTheDoor();
        app.UseFirstRun();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseCurrentUser();
        app.UseRateLimitsOfCallers();
        app.UseReaderFormats();
        app.UseAntiforgery();

        app.MapHealth();
        app.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();
        var api = app.MapGroup("/api/v1").DisableAntiforgery();
        api.MapAuth();
        api.MapApiKeys();
        api.MapImports();
        api.MapEmissions();
        api.MapEmissionsExport();
        api.MapEstimates();
        api.MapCalculations();
        api.MapMoney();
        api.MapCalculationRuns();
        api.MapRunExport();
        api.MapJobs();
        api.MapAudit();
        api.MapEvidence();
        api.MapAssurance();
        api.MapPeople();
        api.MapActivities();
        api.MapCompleteness();
        api.MapBoundaryDecisions();
        api.MapInventoryLocks();
        api.MapTargets();
        api.MapScenarios();
        api.MapBaseYear();
        api.MapDecomposition();
        api.MapInventory();
        api.MapEnergy();
        api.MapInventoryExport();
        api.MapEntryEvidence();
        api.MapSpend();
        api.MapFactors();
        api.MapOrganizations();
        app.MapImportPages();
        app.MapSheetPages();
        app.MapEntryEvidencePages();
        app.MapEmissionsExportPage();
        app.MapRunExportPage();
        app.MapInventoryExportPage();
        app.MapAuditPages();
        app.MapEvidencePage();
        app.MapAssurancePages();
        app.MapFactorPages();
        app.MapMoneyPages();
        // Anonymous: a session that has ended already leads to the same place.
        app.MapPost("/app/sign-out", SignOutAsync).AllowAnonymous().ExcludeFromDescription();
        app.MapReaderFormats();
        app.MapTenantChange();
        app.MapUi();
    }

    private static async Task<IResult> SignOutAsync(HttpContext context, IAntiforgery antiforgery)
    {
        if (context.User.Identity?.IsAuthenticated == true)
        {
            if (!await antiforgery.IsRequestValidAsync(context))
            {
                return Results.Problem(statusCode: 400, title: "The page is out of date", detail: "You are still signed in. Reload the page and sign out again.");
            }

            if (context.User.ToSessionId() is { } session)
            {
                await context.RequestServices.GetRequiredService<SessionService>().SignOutAsync(session, context.RequestAborted);
            }

            await context.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        }

        return Results.LocalRedirect("/account/sign-in");
    }

    private static void UseFirstRun(this WebApplication app) => app.Use(async (context, next) =>
    {
        var page = context.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>()?.Type;
        if (page is not null && page != typeof(FirstRunPage) && page != typeof(ErrorPage) && HttpMethods.IsGet(context.Request.Method) && await context.RequestServices.GetRequiredService<FirstRunRedirect>().IsNeededAsync(context.RequestAborted))
        {
            context.Response.Redirect("/account/first-run");
            return;
        }

        await next(context);
    });

    private static void Announce(WebApplication app, AppSettings settings)
    {
        if (settings.Demo != DemoContent.None && app.Environment.IsDevelopment())
        {
            Log.Demo(app.Logger, string.Join(", ", app.Urls), FirstStart.DemoEmail, FirstStart.DemoPassword(settings));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 4201, Level = LogLevel.Information, Message = "Open {Address} and sign in as {Email} with the password {Password}")]
        public static partial void Demo(ILogger logger, string address, string email, string password);
    }
}
