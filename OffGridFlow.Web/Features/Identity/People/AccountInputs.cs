using System.ComponentModel.DataAnnotations;

namespace OffGridFlow.Web.Features.Identity.People;

public sealed class NameInput
{
    [Required(ErrorMessage = "Enter your name.")]
    [StringLength(200, ErrorMessage = "A name has at most 200 characters.")]
    public string Name { get; set; } = "";
}

public sealed class PasswordInput
{
    [Required(ErrorMessage = "Enter your present password.")]
    [StringLength(200, ErrorMessage = "A password has at most 200 characters.")]
    public string Present { get; set; } = "";

    [Required(ErrorMessage = "Choose a new password.")]
    [StringLength(200, MinimumLength = 8, ErrorMessage = "A password has 8 to 200 characters.")]
    public string Chosen { get; set; } = "";
}
