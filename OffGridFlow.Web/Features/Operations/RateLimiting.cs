using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using OffGridFlow.Web.Features.Identity;

namespace OffGridFlow.Web.Features.Operations;

/// <summary>
/// Limits of the API, and of the forms that sign in. Two moments: at the door, before a query is made or a body read, and again once it
/// is known who asks. Pages and their scripts have a session of a browser and are not limited; health never is.
/// </summary>
internal static partial class RateLimiting
{
    public static IServiceCollection AddRateLimits(this IServiceCollection services, RateSettings settings)
    {
        services.AddSingleton(_ => new RateLimits(settings));
        services.AddSingleton<KnownCallers>();
        services.AddSingleton<RefusalCount>();
        return services;
    }

    /// <summary>Comes after routing, which tells what is open to everybody, and before authentication, which asks the database.</summary>
    public static void UseRateLimitsAtTheDoor(this WebApplication app) => app.Use((context, next) =>
        IsApi(context) ? AtTheDoorOfTheApiAsync(context, next)
        : HttpMethods.IsPost(context.Request.Method) && context.Request.Path.StartsWithSegments("/account", StringComparison.OrdinalIgnoreCase) ? AtAFormAsync(context, next)
        : next(context));

    /// <summary>Comes after authorization: counts those who were not known at the door.</summary>
    public static void UseRateLimitsOfCallers(this WebApplication app) => app.Use((context, next) =>
    {
        if (!IsApi(context) || IsOpen(context) || CredentialOf(context) is not { } credential || context.Items.ContainsKey(typeof(KnownCaller))
            || CallerOf(context) is not { } caller)
        {
            return next(context);
        }

        context.RequestServices.GetRequiredService<KnownCallers>().Remember(credential, caller);
        return CountAsync(context, caller, next);
    });

    private static async Task AtTheDoorOfTheApiAsync(HttpContext context, RequestDelegate next)
    {
        // Counted like any other: what is refused costs a line of the log.
        if (context.Request.Headers.ContainsKey(ApiKeyAuthentication.Header) && context.Request.Headers.Authorization.Count > 0)
        {
            next = RefuseTwoSignInsAsync;
        }

        var limits = context.RequestServices.GetRequiredService<RateLimits>();
        var callers = context.RequestServices.GetRequiredService<KnownCallers>();
        var address = ClientAddress.NetworkOf(context);
        var credential = IsOpen(context) ? null : CredentialOf(context);
        if (credential is null || callers.Find(credential) is not { } known)
        {
            // Nobody who is known: counted before it costs a query. One that turns out to be valid is known from here on.
            await (limits.Take(address) is { } refusal ? RefuseAsync(context, refusal) : next(context));
            return;
        }

        context.Items[typeof(KnownCaller)] = known;
        await CountAsync(context, known, next);
        if (context.Response.StatusCode == StatusCodes.Status401Unauthorized)
        {
            callers.Forget(credential);
        }
    }

    /// <summary>A person is shown the form again, with the words; what they sent is not looked at.</summary>
    private static Task AtAFormAsync(HttpContext context, RequestDelegate next)
    {
        if (context.RequestServices.GetRequiredService<RateLimits>().Take(ClientAddress.NetworkOf(context)) is { } refusal)
        {
            Tell(context, refusal);
            context.Items[typeof(RateRefusal)] = refusal;
            context.Request.Method = HttpMethods.Get;
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            context.Response.Headers.RetryAfter = refusal.WaitSeconds.ToString(CultureInfo.InvariantCulture);
        }

        return next(context);
    }

    private static Task CountAsync(HttpContext context, KnownCaller caller, RequestDelegate next)
    {
        var limits = context.RequestServices.GetRequiredService<RateLimits>();
        var refusal = limits.Take(caller.Id, caller.TenantId);
        if (limits.ShareOf(caller.Id) is { } share)
        {
            var headers = context.Response.Headers;
            headers["RateLimit-Limit"] = share.PerMinute.ToString(CultureInfo.InvariantCulture);
            headers["RateLimit-Remaining"] = share.Left.ToString(CultureInfo.InvariantCulture);
            headers["RateLimit-Reset"] = ((long)Math.Ceiling(share.Reset.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        return refusal is null ? next(context) : RefuseAsync(context, refusal);
    }

    private static Task RefuseTwoSignInsAsync(HttpContext context) => Results.Problem(
        statusCode: StatusCodes.Status400BadRequest, title: "Two sign-ins",
        detail: "The request holds X-Api-Key and Authorization. Send one of them: the key of a machine, or the token of a person.").ExecuteAsync(context);

    private static Task RefuseAsync(HttpContext context, RateRefusal refusal)
    {
        Tell(context, refusal);
        context.Response.Headers.RetryAfter = refusal.WaitSeconds.ToString(CultureInfo.InvariantCulture);
        return Results.Problem(statusCode: StatusCodes.Status429TooManyRequests, title: "Too many requests", detail: refusal.Words).ExecuteAsync(context);
    }

    /// <summary>A flood must not fill the log: one line in ten seconds says how many there were, and the last of whom.</summary>
    private static void Tell(HttpContext context, RateRefusal refusal)
    {
        if (context.RequestServices.GetRequiredService<RefusalCount>().Add() is { } refused)
        {
            Log.Refused(context.RequestServices.GetRequiredService<ILogger<RateLimits>>(), refused, refusal.Whom, ClientAddress.Of(context));
        }
    }

    private static bool IsApi(HttpContext context) => context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase);

    private static bool IsOpen(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null;

    private static string? CredentialOf(HttpContext context) =>
        context.Request.Headers[ApiKeyAuthentication.Header] is { Count: > 0 } key ? key.ToString()
        : context.Request.Headers.Authorization is { Count: > 0 } token ? token.ToString()
        : null;

    private static KnownCaller? CallerOf(HttpContext context) =>
        context.User.ToActor() is { } actor && (actor.ApiKeyId ?? context.User.ToSessionId()) is { } id ? new KnownCaller(id, actor.TenantId) : null;

    private static partial class Log
    {
        [LoggerMessage(EventId = 4401, Level = LogLevel.Warning, Message = "{Refused} requests were refused by rate limits since the last such line; the last one: {Whom} at {Address}")]
        public static partial void Refused(ILogger logger, long refused, string whom, string? address);
    }
}

/// <summary>Counts refusals between two lines of the log.</summary>
internal sealed class RefusalCount(TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private long _refused;
    private long _told;

    /// <summary>How many there were since the last line, when it is time for the next; null otherwise.</summary>
    public long? Add()
    {
        Interlocked.Increment(ref _refused);
        var (told, now) = (Interlocked.Read(ref _told), time.GetTimestamp());
        return (told == 0 || time.GetElapsedTime(told, now) > Pause) && Interlocked.CompareExchange(ref _told, now, told) == told ? Interlocked.Exchange(ref _refused, 0) : null;
    }
}
