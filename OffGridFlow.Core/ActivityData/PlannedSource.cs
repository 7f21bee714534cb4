using OffGridFlow.Core.Tenancy;

namespace OffGridFlow.Core.ActivityData;

/// <summary>How often the data of a source arrive.</summary>
public enum CollectionFrequency
{
    Monthly,

    /// <summary>By calendar quarters.</summary>
    Quarterly,

    /// <summary>By calendar years.</summary>
    Yearly,

    /// <summary>Only when something happens, a leak or a delivery: no day is expected.</summary>
    WhenItHappens,
}

/// <summary>A source of activity data that the collection plan expects: one activity type at one site.</summary>
public sealed class PlannedSource : IVersioned
{
    public required Guid Id { get; init; }
    public required Guid TenantId { get; init; }
    public required Guid SiteId { get; set; }

    /// <summary>Key of an activity type, or a publisher's activity.</summary>
    public required string ActivityType { get; set; }
    public required CollectionFrequency Frequency { get; set; }

    /// <summary>Months of the year, 1 to 12, in which something is used; empty: all. A boiler that is off in summer is not missing there.</summary>
    public int[] Months { get; set; } = [];

    /// <summary>Inclusive.</summary>
    public required DateOnly FirstDay { get; set; }

    /// <summary>Inclusive; null: no end.</summary>
    public DateOnly? LastDay { get; set; }

    /// <summary>Days after the end of a month, quarter or year until its data should be there.</summary>
    public required int DueDays { get; set; }

    /// <summary>Who brings the data, in the words of the tenant: a person, a department, a supplier.</summary>
    public string? Owner { get; set; }
    public string? Note { get; set; }

    /// <summary>Counts the changes, for <c>If-Match</c>.</summary>
    public int Version { get; set; } = 1;
}
