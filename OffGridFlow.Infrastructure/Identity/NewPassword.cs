using Microsoft.AspNetCore.Identity;
using OffGridFlow.Core.Identity;

namespace OffGridFlow.Infrastructure.Identity;

/// <summary>The rules for a password that somebody chooses: the same at set-up, by invitation, by a reset link and in one's account.</summary>
public sealed class NewPassword(UserManager<User> users)
{
    /// <summary>Hashing takes as long as the text is: nobody types more than this.</summary>
    public const int Longest = 200;

    /// <summary>What is wrong with it, in sentences; empty for a password that may be set.</summary>
    public async Task<IReadOnlyList<string>> FaultsAsync(User user, string password)
    {
        if (password.Length > Longest)
        {
            return ["A password has at most 200 characters."];
        }

        var faults = new List<string>();
        foreach (var validator in users.PasswordValidators)
        {
            faults.AddRange((await validator.ValidateAsync(users, user, password)).Errors.Select(error => error.Description));
        }

        return faults;
    }

    public string Hash(User user, string password) => users.PasswordHasher.HashPassword(user, password);

    public static string NewStamp() => Guid.NewGuid().ToString("N");
}
