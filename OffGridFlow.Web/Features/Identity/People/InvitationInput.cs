using System.ComponentModel.DataAnnotations;

namespace OffGridFlow.Web.Features.Identity.People;

/// <summary>What a link's page asks for; which of it, the page knows. The service has the rules.</summary>
public sealed class InvitationInput
{
    [StringLength(200, ErrorMessage = "A name has at most 200 characters.")]
    public string DisplayName { get; set; } = "";

    [StringLength(200, ErrorMessage = "A password has at most 200 characters.")]
    public string Password { get; set; } = "";
}
