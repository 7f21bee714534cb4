namespace OffGridFlow.Web.Features.Identity;

internal static class ReturnUrl
{
    /// <summary>A page of this server, else Overview: a link must not lead a person who just signed in elsewhere, nor to what only forms and scripts ask.</summary>
    public static string Local(string? url) =>
        url is ['/', ..] && !url.StartsWith("//", StringComparison.Ordinal) && !url.Contains('\\', StringComparison.Ordinal) && !url.Any(char.IsControl)
        && !url.StartsWith("/app/", StringComparison.OrdinalIgnoreCase) ? url : "/";
}
