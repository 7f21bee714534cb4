namespace OffGridFlow.Web.Features.Identity.People;

/// <summary>Paths that carry a secret. Whoever has one can use it, so the browser must not tell it to anybody.</summary>
internal static class PeopleLinks
{
    private const string Invitations = "/account/invitation";
    private const string Resets = "/account/reset";

    public static string Invitation(string token) => $"{Invitations}/{token}";

    public static string Reset(string token) => $"{Resets}/{token}";

    /// <summary>Whether the address of a page is a secret.</summary>
    public static bool IsSecret(PathString path) =>
        path.StartsWithSegments(Invitations, StringComparison.OrdinalIgnoreCase) || path.StartsWithSegments(Resets, StringComparison.OrdinalIgnoreCase);
}
