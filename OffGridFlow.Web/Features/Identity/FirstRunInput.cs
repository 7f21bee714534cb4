using System.ComponentModel.DataAnnotations;

namespace OffGridFlow.Web.Features.Identity;

public sealed class FirstRunInput
{
    [Required(ErrorMessage = "Enter the token that the server printed to its log.")]
    [StringLength(200, ErrorMessage = "The token is shorter than that.")]
    public string Token { get; set; } = "";

    [Required(ErrorMessage = "Enter the name of your organization.")]
    [StringLength(200, ErrorMessage = "A name has at most 200 characters.")]
    public string OrganizationName { get; set; } = "";

    [Required(ErrorMessage = "Enter your name.")]
    [StringLength(200, ErrorMessage = "A name has at most 200 characters.")]
    public string DisplayName { get; set; } = "";

    [Required(ErrorMessage = "Enter your e-mail address.")]
    [EmailAddress(ErrorMessage = "An e-mail address has the form name@company.example.")]
    [StringLength(254, ErrorMessage = "An e-mail address has at most 254 characters.")]
    public string Email { get; set; } = "";

    [Required(ErrorMessage = "Choose a password.")]
    [StringLength(200, MinimumLength = 8, ErrorMessage = "A password has 8 to 200 characters.")]
    public string Password { get; set; } = "";
}
