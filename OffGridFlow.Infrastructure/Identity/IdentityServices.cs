using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OffGridFlow.Core.Identity;

namespace OffGridFlow.Infrastructure.Identity;

public static class IdentityServices
{
    public const int PasswordLength = 8;

    /// <summary>People, passwords, sessions and the key ring.</summary>
    /// <param name="masterKeyFile">Where the master key lies or will be made.</param>
    public static IServiceCollection AddPeople(this IServiceCollection services, string masterKeyFile)
    {
        services.AddSingleton(_ => MasterKey.LoadOrCreate(masterKeyFile));
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>, ConfigureKeyRing>();
        services.AddSingleton<KeyRingCheck>();
        services.AddDataProtection().SetApplicationName("OffGridFlow");

        services.AddIdentityCore<User>(options =>
        {
            // Length instead of character classes: NIST SP 800-63B, 3.1.1.2.
            options.Password.RequiredLength = PasswordLength;
            options.Password.RequireDigit = false;
            options.Password.RequireLowercase = false;
            options.Password.RequireUppercase = false;
            options.Password.RequireNonAlphanumeric = false;
            options.User.RequireUniqueEmail = true;
        });
        services.AddScoped<IUserStore<User>, UserStore>();
        services.AddScoped<CurrentUser>();
        services.AddScoped<PasswordVerifier>();
        services.AddScoped<SessionService>();
        services.AddScoped<IPersonalSettings, PersonalSettings>();
        services.AddScoped<ISavedViews, SavedViews>();
        services.AddScoped<NewPassword>();
        services.AddScoped<PeopleService>();
        services.AddScoped<InvitationService>();
        services.AddScoped<PasswordResetService>();
        services.AddScoped<AccountService>();
        services.AddSingleton<SessionStore>();
        services.AddScoped<IApiKeys, ApiKeys>();
        services.AddSingleton<ApiKeyStore>();
        services.AddSingleton<ApiKeyUses>();
        services.AddHostedService(provider => provider.GetRequiredService<ApiKeyUses>());
        services.AddSingleton<SetUpService>();
        return services;
    }
}
