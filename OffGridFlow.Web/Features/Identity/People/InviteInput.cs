using System.ComponentModel.DataAnnotations;
using OffGridFlow.Core.Identity;

namespace OffGridFlow.Web.Features.Identity.People;

public sealed class InviteInput
{
    [Required(ErrorMessage = "Enter the e-mail address of the person.")]
    [EmailAddress(ErrorMessage = "An e-mail address has the form name@company.example.")]
    [StringLength(254, ErrorMessage = "An e-mail address has at most 254 characters.")]
    public string Email { get; set; } = "";

    /// <summary>Nobody gets more than they need by oversight.</summary>
    public TenantRole Role { get; set; } = TenantRole.Viewer;
}
