using System.ComponentModel.DataAnnotations;

namespace OffGridFlow.Web.Features.Identity;

public sealed class SignInInput
{
    [Required(ErrorMessage = "Enter the e-mail address of your account.")]
    [EmailAddress(ErrorMessage = "An e-mail address has the form name@company.example.")]
    [StringLength(254, ErrorMessage = "An e-mail address has at most 254 characters.")]
    public string Email { get; set; } = "";

    [Required(ErrorMessage = "Enter your password.")]
    [StringLength(200, ErrorMessage = "A password has at most 200 characters.")]
    public string Password { get; set; } = "";
}
