using OffGridFlow.Core.Tenancy;

namespace OffGridFlow.Core.Identity;

/// <summary>What a person has chosen for themselves in one tenant, by name: how numbers are written, which columns are shown.</summary>
public sealed class PersonalSetting : ITenantOwned
{
    public const int NameLength = 60;
    public const int ValueLength = 400;

    /// <summary>Name of the culture in which figures and dates are written, e.g. <c>de-DE</c>.</summary>
    public const string Formats = "formats";

    /// <summary>The explorer's columns, as they stand in its address.</summary>
    public const string EmissionsColumns = "emissions.columns";

    public required Guid TenantId { get; init; }
    public required Guid UserId { get; init; }
    public required string Name { get; init; }
    public required string Value { get; set; }
}

/// <summary>A page as a person wants to find it again: the query of its address, under a name of their own.</summary>
public sealed class SavedView : ITenantOwned
{
    public const int NameLength = 60;
    public const int PageLength = 40;
    public const int QueryLength = 2000;

    public required Guid Id { get; init; }
    public required Guid TenantId { get; init; }
    public required Guid UserId { get; init; }

    /// <summary>The page's path without its slash, e.g. <c>emissions</c>.</summary>
    public required string Page { get; init; }

    public required string Name { get; init; }

    /// <summary>The name in upper case: unique per person and page.</summary>
    public required string NormalizedName { get; init; }

    /// <summary>What follows the question mark; empty for the page as it is.</summary>
    public required string Query { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }

    public static string Normalize(string name) => name.ToUpperInvariant();
}
