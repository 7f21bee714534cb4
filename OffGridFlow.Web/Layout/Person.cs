using System.Security.Claims;
using OffGridFlow.Core.Identity;
using OffGridFlow.Web.Features.Identity;

namespace OffGridFlow.Web.Layout;

/// <summary>What the shell shows of the signed-in person, read from the claims of the session.</summary>
public sealed record Person(string Name, string Email, string Role, string Tenant, bool Demo)
{
    /// <summary>Null where nobody is signed in.</summary>
    public Guid? Id { get; init; }

    public Guid? TenantId { get; init; }

    /// <summary>Whether there is another organization to change to.</summary>
    public bool HasOtherTenants { get; init; }

    public static Person Of(ClaimsPrincipal user)
    {
        var email = user.FindFirstValue(ClaimTypes.Email) ?? "";
        return new Person(
            user.FindFirstValue(ClaimTypes.Name) is { Length: > 0 } name ? name : email,
            email,
            InWords(user.FindFirstValue(ClaimTypes.Role) ?? ""),
            user.FindFirstValue("tenant_name") ?? "",
            string.Equals(user.FindFirstValue("tenant_demo"), "true", StringComparison.OrdinalIgnoreCase))
        {
            Id = user.ToActor()?.UserId,
            TenantId = user.ToActor()?.TenantId,
            HasOtherTenants = string.Equals(user.FindFirstValue(SessionClaims.OtherTenants), "true", StringComparison.OrdinalIgnoreCase),
        };
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

    private static string InWords(string role) => Enum.TryParse<TenantRole>(role, out var known) ? RoleWords.Name(known) : role;
}
