using OffGridFlow.Core.CloudUsage;
using OffGridFlow.Core.Tenancy;

namespace OffGridFlow.Core.ActivityData;

/// <summary>
/// One version of an activity: a measured or modelled quantity that causes emissions in a period. Append-only: a change is a new version.
/// Cloud usage has one activity per account, service, region, usage class, month and currency. Of an entry, the service is the name of its
/// activity type and the account that of its site.
/// </summary>
public sealed class ActivityRecord : ITenantOwned
{
    public required Guid Id { get; init; }
    public required Guid TenantId { get; init; }

    /// <summary>Names the activity over all its versions, e.g. <c>cloud/aws/0123…/AmazonEC2/eu-west-1/Compute/2023-11/USD</c>.</summary>
    public required string Key { get; init; }
    public required int Version { get; init; }
    public required string Provider { get; init; }
    public required string Account { get; init; }
    public required string Service { get; init; }
    public required string Region { get; init; }
    public required UsageClass UsageClass { get; init; }

    /// <summary>First day, inclusive.</summary>
    public required DateOnly PeriodStart { get; init; }

    /// <summary>Last day, inclusive.</summary>
    public required DateOnly PeriodEnd { get; init; }

    /// <summary>In class units; null where the class has none.</summary>
    public decimal? Quantity { get; init; }
    public string? Unit { get; init; }
    public required long LineCount { get; init; }

    /// <summary>In <see cref="Currency"/>. A bill in two currencies makes two activities, so that no sum mixes them.</summary>
    public required decimal Cost { get; init; }
    public required string Currency { get; init; }

    /// <summary>The entry it was made from and that entry's version and status; null for cloud usage.</summary>
    public Guid? EntryId { get; init; }
    public int? EntryVersion { get; init; }
    public EntryStatus? EntryStatus { get; init; }

    /// <summary>Null for cloud usage.</summary>
    public Guid? SiteId { get; init; }
    public required DateTimeOffset RecordedAt { get; init; }
}
