using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.Extensions.Options;
using OffGridFlow.Core.Identity;

namespace OffGridFlow.Web.Features.Identity;

public static class IdentityWeb
{
    private const string CookieName = "offgridflow";

    /// <summary>Hands a request of the API to the one scheme that its headers ask for, so that one handler words the refusal.</summary>
    private const string ApiScheme = "Api";

    /// <summary>Cookie for pages, bearer tokens and keys for the API, one policy per permission.</summary>
    public static IServiceCollection AddSignIn(this IServiceCollection services)
    {
        services.AddSingleton<SessionTicketStore>();
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme)
            .AddCookie(options =>
            {
                options.Cookie.Name = CookieName;
                options.Cookie.HttpOnly = true;
                options.Cookie.SameSite = SameSiteMode.Lax;
                options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
                options.LoginPath = "/account/sign-in";
                options.AccessDeniedPath = "/account/denied";
                options.ReturnUrlParameter = "returnUrl";
                options.ExpireTimeSpan = TimeSpan.FromDays(7);
                options.Events.OnRedirectToLogin = context =>
                {
                    // Who comes with a cookie was signed in: the page says why it is asked for again.
                    context.RedirectUri += context.Request.Cookies.ContainsKey(CookieName) ? "&ended=true" : "";
                    return AnswerAsync(
                        context, StatusCodes.Status401Unauthorized, "Sign in first", "Your session has ended. Nothing was changed. Sign in and try again.");
                };
                options.Events.OnRedirectToAccessDenied = context => AnswerAsync(
                    context, StatusCodes.Status403Forbidden, "Not allowed",
                    "Your role does not carry the permission that this needs. An administrator of your organization can change roles.");
            })
            .AddPolicyScheme(ApiScheme, null, options => options.ForwardDefaultSelector = context =>
                context.Request.Headers.ContainsKey(ApiKeyAuthentication.Header) ? ApiKeyAuthentication.Scheme_ : BearerAuthentication.Scheme_)
            .AddScheme<AuthenticationSchemeOptions, BearerAuthentication>(BearerAuthentication.Scheme_, null)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyAuthentication>(ApiKeyAuthentication.Scheme_, null);
        services.AddSingleton<IPostConfigureOptions<CookieAuthenticationOptions>, UseSessionTickets>();

        var authorization = services.AddAuthorizationBuilder();
        foreach (var permission in Permissions.All)
        {
            authorization.AddPolicy(permission, policy => policy.RequireAssertion(context => context.User.ToActor()?.Allows(permission) == true));
        }

        services.AddCascadingAuthenticationState();
        services.AddScoped<AuthenticationStateProvider, ServerAuthenticationStateProvider>();
        services.AddSingleton<LiveSessions>();
        services.AddScoped<CookieSession>();
        services.AddScoped<TenantChange>();
        services.AddScoped<CircuitUser>();
        services.AddScoped<CircuitHandler>(provider => provider.GetRequiredService<CircuitUser>());
        return services;
    }

    /// <summary>People are led to a page; the scripts of a page, which ask below <c>/app</c>, are told the status.</summary>
    private static Task AnswerAsync(RedirectContext<CookieAuthenticationOptions> context, int status, string title, string detail)
    {
        if (context.Request.Path.StartsWithSegments("/app", StringComparison.OrdinalIgnoreCase))
        {
            return Results.Problem(statusCode: status, title: title, detail: detail).ExecuteAsync(context.HttpContext);
        }

        context.Response.Redirect(context.RedirectUri);
        return Task.CompletedTask;
    }

    /// <summary>Makes the signed-in person the request's current user. Comes after authorization, which settles who that is.</summary>
    public static void UseCurrentUser(this WebApplication app) => app.Use((context, next) =>
    {
        var address = ClientAddress.Of(context);
        var user = context.RequestServices.GetRequiredService<CurrentUser>();
        user.ComeFrom(address);
        user.Become(context.User.ToActor());
        if (address is not null && context.User.Identity is ClaimsIdentity { IsAuthenticated: true } identity)
        {
            identity.AddClaim(new Claim(SessionClaims.Address, address));
        }

        return next(context);
    });

    /// <summary>Requires a permission of the API: a bearer token or a key, whatever cookie comes along.</summary>
    public static TBuilder RequireApiPermission<TBuilder>(this TBuilder builder, string permission)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new ApiPermission(permission)).RequireAuthorization(policy => policy
            .AddAuthenticationSchemes(ApiScheme)
            .RequireAuthenticatedUser()
            .RequireAssertion(context => context.User.ToActor()?.Allows(permission) == true));

    /// <summary>Requires any signed-in person of the API, or any key.</summary>
    public static TBuilder RequireApiSignIn<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.RequireAuthorization(policy => policy
            .AddAuthenticationSchemes(ApiScheme).RequireAuthenticatedUser());

    private sealed class UseSessionTickets(SessionTicketStore store) : IPostConfigureOptions<CookieAuthenticationOptions>
    {
        public void PostConfigure(string? name, CookieAuthenticationOptions options) => options.SessionStore = store;
    }
}
