using System.Globalization;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Localization;
using Microsoft.AspNetCore.StaticAssets;
using Npgsql;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Identity;
using OffGridFlow.Web.Features.Identity;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Web.Startup;

/// <summary>
/// Gives each page, and the circuit that goes on with it, the reader's formats: what the signed-in person has chosen, else what this
/// browser has chosen, else what its languages come closest to. Only pages: the API is the same for everybody.
/// </summary>
internal static partial class ReaderFormats
{
    public const string Cookie = "offgridflow-formats";

    /// <summary>Comes after the current user is known.</summary>
    public static void UseReaderFormats(this WebApplication app)
    {
        var cultures = Formats.All.Select(choice => CultureInfo.GetCultureInfo(choice.Name)).ToList();
        var options = new RequestLocalizationOptions
        {
            DefaultRequestCulture = new RequestCulture(Formats.Default),
            SupportedCultures = cultures,
            SupportedUICultures = [CultureInfo.GetCultureInfo(Formats.Default)],
            RequestCultureProviders =
            [
                new CustomRequestCultureProvider(OfPersonAsync),
                new CookieRequestCultureProvider { CookieName = Cookie },
                new CustomRequestCultureProvider(context => Task.FromResult(ResultOf(Formats.FromBrowser(context.Request.Headers.AcceptLanguage)))),
            ],
        };
        app.UseWhen(
            context => !context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase) && !context.Request.Path.StartsWithSegments("/app", StringComparison.OrdinalIgnoreCase)
                && context.GetEndpoint()?.Metadata.GetMetadata<StaticAssetDescriptor>() is null,
            pages => pages.UseRequestLocalization(options));
    }

    /// <summary>Keeps a choice in the browser, for those who are not signed in.</summary>
    public static void MapReaderFormats(this WebApplication app) => app.MapPost("/app/formats", ChooseAsync).AllowAnonymous().ExcludeFromDescription();

    private static async Task<ProviderCultureResult?> OfPersonAsync(HttpContext context)
    {
        if (context.User.ToActor() is not { UserId: not null })
        {
            return null;
        }

        try
        {
            return ResultOf(await context.RequestServices.GetRequiredService<IPersonalSettings>().FindAsync(PersonalSetting.Formats, context.RequestAborted));
        }
        catch (NpgsqlException exception)
        {
            // The page itself will say what is wrong with the database; its figures need not be in the right formats for that.
            Log.Unread(context.RequestServices.GetRequiredService<ILogger<RequestLocalizationOptions>>(), exception);
            return null;
        }
    }

    private static ProviderCultureResult? ResultOf(string? name) => Formats.IsKnown(name) ? new ProviderCultureResult(name, Formats.Default) : null;

    private static async Task<IResult> ChooseAsync(HttpContext context, IAntiforgery antiforgery)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            return Results.Problem(statusCode: 400, title: "The page is out of date", detail: "Nothing was changed. Reload the page and choose again.");
        }

        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        if (form["formats"].ToString() is var name && Formats.IsKnown(name))
        {
            context.Response.Cookies.Append(
                Cookie, CookieRequestCultureProvider.MakeCookieValue(new RequestCulture(name, Formats.Default)),
                new CookieOptions { MaxAge = TimeSpan.FromDays(365), HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = context.Request.IsHttps, IsEssential = true });
        }

        return Results.LocalRedirect(ReturnUrl.Local(form["returnUrl"]));
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 4301, Level = LogLevel.Warning, Message = "The person's formats could not be read; the browser's are used")]
        public static partial void Unread(ILogger logger, Exception exception);
    }
}
