using OffGridFlow.Core.Tenancy;

namespace OffGridFlow.Core.Identity;

/// <summary>
/// A machine's way into the HTTP API. It belongs to the organization, not to the person who made it: it goes on when that person
/// leaves. Of its secret only a hash is kept, in a column that the application may write and never read.
/// </summary>
public sealed class ApiKey : ITenantOwned
{
    public const int NameLength = 80;
    public const int PrefixLength = 8;

    /// <summary>What every key begins with, for scanners that look for secrets in files.</summary>
    public const string Mark = "ogf_";

    /// <summary>A whole key: its mark, its prefix (base 36) and 256 random bits (hexadecimal).</summary>
    public const string Pattern = "ogf_[0-9a-z]{8}_[0-9a-f]{64}";

    /// <summary>How far ahead the end of a key may lie.</summary>
    public const int LongestYears = 2;

    /// <summary>A key of which the last weeks have begun is shown with a warning.</summary>
    public const int SoonDays = 30;

    /// <summary>How many keys of an organization may be in use at a time.</summary>
    public const int MaximumInUse = 100;

    /// <summary>
    /// What a key can be given. Never <see cref="Permissions.AdministrationWrite"/>: a key must not make people or keys, else whoever
    /// finds one stays inside after it is revoked.
    /// </summary>
    public static readonly IReadOnlyList<string> Grantable = [.. Permissions.All.Where(permission => permission != Permissions.AdministrationWrite)];

    public required Guid Id { get; init; }
    public required Guid TenantId { get; init; }

    /// <summary>What the key is for, as its maker wrote it.</summary>
    public required string Name { get; init; }

    /// <summary>The eight characters behind the mark: shown in lists, so that a key in a configuration file can be recognized.</summary>
    public required string Prefix { get; init; }

    /// <summary>SHA-256 of the whole key.</summary>
    public required byte[] SecretHash { get; init; }

    /// <summary>Constants of <see cref="Permissions"/>.</summary>
    public required string[] Scopes { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required Guid? CreatedById { get; init; }

    /// <summary>The maker's name as it was then.</summary>
    public required string CreatedBy { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>To the minute: a use within a minute of the last is not written down.</summary>
    public DateTimeOffset? LastUsedAt { get; set; }
    public string? LastUsedFrom { get; set; }

    /// <summary>When it was last used after its end.</summary>
    public DateTimeOffset? RefusedAt { get; set; }
    public DateTimeOffset? RevokedAt { get; set; }
    public Guid? RevokedById { get; set; }
    public string? RevokedBy { get; set; }
}
