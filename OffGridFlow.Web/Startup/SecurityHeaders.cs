using OffGridFlow.Web.Features.Identity.People;

namespace OffGridFlow.Web.Startup;

internal static class SecurityHeaders
{
    /// <summary>Scripts only from here and never evaluated from text; style attributes are allowed because the component library sets them.</summary>
    private const string ContentSecurityPolicy =
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
        + "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    private const string ReferrerPolicy = "Referrer-Policy";

    /// <summary>Set when the answer starts: the handler of errors empties the headers before it writes its own answer.</summary>
    public static void UseSecurityHeaders(this WebApplication app) => app.Use((context, next) =>
    {
        // The path as it was asked: an answer in its place has another.
        var isSecret = PeopleLinks.IsSecret(context.Request.Path);
        context.Response.OnStarting(Set, context.Response.Headers);
        if (isSecret)
        {
            context.Response.OnStarting(KeepSecret, context.Response.Headers);
        }

        return next(context);
    });

    /// <summary>
    /// The circuit of a page takes no connection that another site's page opened: browsers send cookies along with those, and the
    /// same-origin policy does not cover WebSockets. A proxy in front must pass the Host header on.
    /// </summary>
    public static void UseHubOrigin(this WebApplication app) => app.Use((context, next) =>
    {
        var origin = context.Request.Headers.Origin.ToString();
        return !context.Request.Path.StartsWithSegments("/_blazor", StringComparison.OrdinalIgnoreCase) || origin.Length == 0
            || (Uri.TryCreate(origin, UriKind.Absolute, out var uri) && string.Equals(uri.Authority, context.Request.Host.Value, StringComparison.OrdinalIgnoreCase))
            ? next(context)
            : Results.Problem(
                statusCode: StatusCodes.Status403Forbidden, title: "Another site’s page", detail: "Open this server’s own address. Behind a proxy, let it pass the Host header on.").ExecuteAsync(context);
    });

    /// <summary>The address carries a secret. Run before <see cref="Set"/>: what was registered last runs first.</summary>
    private static Task KeepSecret(object state)
    {
        var headers = (IHeaderDictionary)state;
        headers[ReferrerPolicy] = "no-referrer";
        headers.CacheControl = "no-store";
        return Task.CompletedTask;
    }

    private static Task Set(object state)
    {
        var headers = (IHeaderDictionary)state;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers.TryAdd(ReferrerPolicy, "same-origin");
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=()";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        return Task.CompletedTask;
    }
}
