using OffGridFlow.Core.Tenancy;

namespace OffGridFlow.Core.ActivityData;

/// <summary>
/// What spending with a vendor, or on a ledger account, is: an activity type for entries that name none, and whether it is counted by its physical amount
/// elsewhere (electricity by kWh, flights by passenger-km), so that it leaves the spend-based figures.
/// </summary>
public sealed class AccountMap : IVersioned
{
    public required Guid Id { get; init; }
    public required Guid TenantId { get; init; }

    /// <summary>As in the entries, whatever its capitals; null: every vendor.</summary>
    public string? Vendor { get; set; }

    /// <summary>As in the entries, whatever its capitals; null: every account. One of the two is given.</summary>
    public string? Account { get; set; }

    /// <summary>Key of the type that an entry without one gets; null: it has to name its own.</summary>
    public string? ActivityType { get; set; }

    /// <summary>True: entries in money that fit are in no total.</summary>
    public bool IsCountedPhysically { get; set; }

    /// <summary>Why, where it is counted physically: which entries hold the amount.</summary>
    public string? Reason { get; set; }

    /// <summary>First day, inclusive; null: always.</summary>
    public DateOnly? ValidFrom { get; set; }

    /// <summary>Last day, inclusive; null: still.</summary>
    public DateOnly? ValidTo { get; set; }

    /// <summary>Counts the changes, for <c>If-Match</c>.</summary>
    public int Version { get; set; } = 1;
}

/// <summary>What the maps of a tenant say of an entry.</summary>
/// <param name="Map">The one that holds on all its days; null: none does.</param>
/// <param name="ChangesOn">A day of the entry on which it begins or ceases to be counted physically; null: on none.</param>
public readonly record struct AccountVerdict(AccountMap? Map, DateOnly? ChangesOn);

/// <summary>The maps of a tenant. Vendor and account together go before the vendor, the vendor before the account.</summary>
public sealed class AccountMaps(IReadOnlyList<AccountMap> maps)
{
    public static readonly AccountMaps None = new([]);

    /// <summary>Whether any of them gives a type to entries that name none.</summary>
    public bool GiveTypes { get; } = maps.Any(map => map.ActivityType is not null);

    /// <param name="from">First day of the entry, inclusive.</param>
    /// <param name="to">Last day, inclusive.</param>
    public AccountVerdict Find(string? vendor, string? account, DateOnly from, DateOnly to)
    {
        if (vendor is null && account is null)
        {
            return default;
        }

        var fitting = maps.Where(map => Fits(map.Vendor, vendor) && Fits(map.Account, account))
            .OrderByDescending(map => (map.Vendor is null ? 0 : 2) + (map.Account is null ? 0 : 1)).ToList();
        var first = On(fitting, from);
        var days = fitting.SelectMany(map => new[] { map.ValidFrom, map.ValidTo?.AddDays(1) }).OfType<DateOnly>().Where(day => day > from && day <= to).Order();
        return new AccountVerdict(first, days.Where(day => IsPhysical(On(fitting, day)) != IsPhysical(first)).Select(day => (DateOnly?)day).FirstOrDefault());
    }

    private static AccountMap? On(List<AccountMap> fitting, DateOnly day) =>
        fitting.Find(map => (map.ValidFrom is not { } from || from <= day) && (map.ValidTo is not { } to || to >= day));

    private static bool IsPhysical(AccountMap? map) => map?.IsCountedPhysically == true;

    private static bool Fits(string? asked, string? said) => asked is null || string.Equals(asked.Trim(), said?.Trim(), StringComparison.OrdinalIgnoreCase);
}
