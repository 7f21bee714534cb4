using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Identity;

/// <summary>The first tenant with its administrator.</summary>
public sealed record FirstAdministrator(string TenantName, string DisplayName, string Email, string Password);

/// <summary>The organization of the demo.</summary>
/// <param name="AdministratorId">The person that it was made with.</param>
public sealed record DemoOrganization(Guid TenantId, Guid AdministratorId);

/// <summary>What became of the set-up; <see cref="Problems"/> is empty when it was done.</summary>
public sealed record SetUpOutcome(IReadOnlyList<string> Problems)
{
    public bool Done => Problems.Count == 0;
}

/// <summary>
/// Sets up the first administrator: by the variables at the first start, or by the first-run page with a one-time token that only
/// the log of this process shows, so that a stranger who finds the address first cannot take the installation.
/// </summary>
public sealed class SetUpService(Database database, IServiceScopeFactory scopes, TimeProvider time)
{
    /// <summary>The one-time token of this process.</summary>
    public string Token { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12));

    /// <summary>True until there is a person of a real organization; those of the demo company do not count.</summary>
    public async Task<bool> IsNeededAsync(CancellationToken cancellationToken) => await StateAsync(cancellationToken) != "done";

    /// <summary>True when nobody at all can sign in.</summary>
    public async Task<bool> IsEmptyAsync(CancellationToken cancellationToken) => await StateAsync(cancellationToken) == "empty";

    /// <summary>Whether this is the one-time token in the log.</summary>
    public bool IsToken(string token) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token.Trim()), Encoding.UTF8.GetBytes(Token));

    /// <summary>Creates tenant and administrator, unless there are people already. The caller has checked the token, or is the operator.</summary>
    public async Task<SetUpOutcome> CreateAsync(FirstAdministrator administrator, CancellationToken cancellationToken)
    {
        var (user, problems) = await PrepareAsync(administrator);
        if (problems.Count > 0)
        {
            return new SetUpOutcome(problems);
        }

        await using var connection = await database.App.OpenConnectionAsync(cancellationToken);
        var created = await connection.ScalarAsync<bool>(
            "select create_first_administrator($1, $2, $3, $4, $5, $6, $7, $8)", cancellationToken,
            Guid.CreateVersion7(time.GetUtcNow()), administrator.TenantName.Trim(), user.Id, user.Email, user.NormalizedEmail, user.DisplayName,
            user.PasswordHash, user.SecurityStamp);
        return new SetUpOutcome(created ? [] : ["OffGridFlow is set up already. Sign in, or ask its administrator for an invitation."]);
    }

    /// <summary>The fictional company of the demo, in a tenant of its own. Does nothing when its administrator exists.</summary>
    /// <returns>The demo organization; null where the person administers none, or not any more.</returns>
    public async Task<DemoOrganization?> CreateDemoAsync(FirstAdministrator administrator, CancellationToken cancellationToken)
    {
        var (user, problems) = await PrepareAsync(administrator);
        if (problems.Count > 0)
        {
            throw new InvalidOperationException(string.Join(' ', problems));
        }

        await using var connection = await database.Owner.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(
            "select create_tenant($1, $2, true, $3, $4, $5, $6, $7, $8) where not exists (select from users where normalized_email = $5)",
            cancellationToken,
            Guid.CreateVersion7(time.GetUtcNow()), administrator.TenantName, user.Id, user.Email, user.NormalizedEmail, user.DisplayName,
            user.PasswordHash, user.SecurityStamp);
        return (await connection.ListAsync(
            """
            select t.id, u.id from users u join memberships m on m.user_id = u.id join tenants t on t.id = m.tenant_id
            where u.normalized_email = $1 and t.is_demo and m.role = 'Admin' and m.state = 'Active'
            """,
            row => new DemoOrganization(row.GetGuid(0), row.GetGuid(1)), cancellationToken, user.NormalizedEmail)).FirstOrDefault();
    }

    private async Task<string?> StateAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.App.OpenConnectionAsync(cancellationToken);
        return await connection.ScalarAsync<string>("select set_up_state()", cancellationToken);
    }

    private async Task<(User User, List<string> Problems)> PrepareAsync(FirstAdministrator administrator)
    {
        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        var email = administrator.Email.Trim();
        var user = new User
        {
            Id = Guid.CreateVersion7(time.GetUtcNow()),
            Email = email,
            NormalizedEmail = users.NormalizeEmail(email),
            DisplayName = administrator.DisplayName.Trim(),
            SecurityStamp = Guid.NewGuid().ToString("N"),
            CreatedAt = time.GetUtcNow(),
        };
        var problems = new List<string>();
        if (!System.Net.Mail.MailAddress.TryCreate(email, out _))
        {
            problems.Add($"“{email}” is not an e-mail address. Write it as name@example.com.");
        }

        if (string.IsNullOrWhiteSpace(administrator.TenantName))
        {
            problems.Add("The organization has no name. Enter the company's name.");
        }

        foreach (var validator in users.PasswordValidators)
        {
            problems.AddRange((await validator.ValidateAsync(users, user, administrator.Password)).Errors.Select(error => error.Description));
        }

        user.PasswordHash = users.PasswordHasher.HashPassword(user, administrator.Password);
        return (user, problems);
    }
}
