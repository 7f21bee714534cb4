using System.Security.Claims;

namespace OffGridFlow.Web.Layout;

/// <summary>What the shell shows of the signed-in person, read from the claims of the session.</summary>
public sealed record Person(string Name, string Email, string Role, string Tenant, bool Demo)
{
    public static Person Of(ClaimsPrincipal user)
    {
        var email = user.FindFirstValue(ClaimTypes.Email) ?? "";
        return new Person(
            user.FindFirstValue(ClaimTypes.Name) is { Length: > 0 } name ? name : email,
            email,
            InWords(user.FindFirstValue(ClaimTypes.Role) ?? ""),
            user.FindFirstValue("tenant_name") ?? "",
            string.Equals(user.FindFirstValue("tenant_demo"), "true", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>At most two letters: first and last name.</summary>
    public string Initials
    {
        get
        {
            var words = Name.Split([' ', '.', '@'], StringSplitOptions.RemoveEmptyEntries);
            return words.Length switch
            {
                0 => "–",
                1 => words[0][..1].ToUpperInvariant(),
                _ => (words[0][..1] + (Name.Contains('@', StringComparison.Ordinal) ? words[1] : words[^1])[..1]).ToUpperInvariant(),
            };
        }
    }

    private static string InWords(string role) => role switch
    {
        "ComplianceManager" => "Compliance manager",
        "Admin" => "Administrator",
        _ => role,
    };
}
