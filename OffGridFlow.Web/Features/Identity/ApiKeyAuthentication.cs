using System.Text.Encodings.Web;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Identity;

namespace OffGridFlow.Web.Features.Identity;

/// <summary>Keys of machines, in the header <c>X-Api-Key</c>. Looked up at each request, so that revoking one takes effect at the next.</summary>
internal sealed partial class ApiKeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, ApiKeyStore keys, ApiKeyUses uses)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string Scheme_ = "ApiKey";
    public const string Header = "X-Api-Key";

    private string _refusal = "Send the key as it was shown when it was made, in the header X-Api-Key.";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Request.Headers[Header] is not { Count: > 0 } header)
        {
            return AuthenticateResult.NoResult();
        }

        var text = header.ToString().Trim();
        var key = Whole().IsMatch(text) ? await keys.FindAsync(text, Context.RequestAborted) : null;
        if (key is null)
        {
            return Refuse("The key is unknown: it has a typing error, or belongs to another installation. The page API keys lists the keys that there are.");
        }

        var address = ClientAddress.Of(Context);
        if (!key.Stands)
        {
            await keys.RefuseAsync(key, address, Context.RequestAborted);
            return Refuse(key.RevokedAt is { } revoked
                ? FormattableString.Invariant($"The key “{key.Name}” was revoked on {revoked.UtcDateTime:yyyy-MM-dd}. An administrator of your organization can make another one.")
                : FormattableString.Invariant($"The key “{key.Name}” expired on {key.ExpiresAt.UtcDateTime.AddTicks(-1):yyyy-MM-dd}. An administrator of your organization can make another one."));
        }

        uses.Note(key, address);
        return AuthenticateResult.Success(new AuthenticationTicket(key.ToPrincipal(Scheme.Name), Scheme.Name));
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = Scheme_;
        await Results.Problem(statusCode: StatusCodes.Status401Unauthorized, title: "The key is refused", detail: _refusal).ExecuteAsync(Context);
    }

    protected override async Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        var permission = Context.GetEndpoint()?.Metadata.GetMetadata<ApiPermission>()?.Name;
        await Results.Problem(
            statusCode: StatusCodes.Status403Forbidden, title: "Not allowed",
            detail: permission == Permissions.AdministrationWrite
                ? "This needs a person who is an administrator. No key can be given it."
                : ForbiddenException.OfKey(permission ?? "that this needs").Message).ExecuteAsync(Context);
    }

    private AuthenticateResult Refuse(string words)
    {
        _refusal = words;
        // Without the words in the failure: they hold the key's name, and the framework writes failures to the log.
        return AuthenticateResult.Fail("The API key is refused.");
    }

    [GeneratedRegex("^" + ApiKey.Pattern + "\\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Whole();
}

/// <summary>What an endpoint of the API asks for, for the words of a refusal.</summary>
internal sealed record ApiPermission(string Name);
