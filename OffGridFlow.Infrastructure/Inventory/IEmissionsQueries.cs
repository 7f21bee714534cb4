using System.Text.Json.Serialization;
using OffGridFlow.Core.ActivityData;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.CloudUsage;
using OffGridFlow.Core.EmissionFactors;

namespace OffGridFlow.Infrastructure.Inventory;

/// <summary>By what a total can be broken down. Written in URLs and the API in lower case (<c>usageClass</c> for two words).</summary>
public enum EmissionsDimension
{
    Scope,
    Category,
    Month,
    Site,
    Service,
    Region,
    Account,
    UsageClass,
}

/// <summary>Which emissions are asked for; a null member does not restrict.</summary>
public sealed record EmissionsFilter
{
    public static readonly EmissionsFilter All = new();

    /// <summary>First day, inclusive.</summary>
    public DateOnly? From { get; init; }

    /// <summary>Last day, inclusive.</summary>
    public DateOnly? To { get; init; }

    public int? Scope { get; init; }

    /// <summary>Scope 3 category; 0 for what has none.</summary>
    public int? Category { get; init; }

    /// <summary>Which view of purchased energy: there is no answer with both in one sum, and none without either.</summary>
    public Scope2Method Scope2Method { get; init; }

    /// <summary>Name of a site; empty text for what belongs to none: cloud usage.</summary>
    public string? Site { get; init; }
    public string? Service { get; init; }
    public string? Region { get; init; }
    public string? Account { get; init; }
    public UsageClass? UsageClass { get; init; }

    /// <summary>Free text, matched against service, region and account.</summary>
    public string? Search { get; init; }

    /// <summary>One of <see cref="Qualities"/>.</summary>
    public string? Quality { get; init; }

    /// <summary>In which order rows are listed; totals know none. Null: newest month first, then the largest mass.</summary>
    public EmissionsOrder? Order { get; init; }

    /// <summary>How good a result is, as the API writes it.</summary>
    public static readonly IReadOnlyList<string> Qualities = ["measured", "estimated", "defaulted", "missing"];
}

/// <summary>By what rows are ordered.</summary>
public enum EmissionsMeasure
{
    Month,
    KgCo2e,
    KilowattHours,
    OperationalKgCo2e,
    EmbodiedKgCo2e,
}

/// <summary>An order of rows. Those without a figure come last, whichever way the others go.</summary>
public sealed record EmissionsOrder(EmissionsMeasure By, bool Ascending);

/// <summary>Sums over emission records. Masses in kg CO2e, electricity in kWh.</summary>
public sealed record EmissionsFigures
{
    public decimal KgCo2e { get; init; }
    public decimal OperationalKgCo2e { get; init; }
    public decimal EmbodiedKgCo2e { get; init; }
    public decimal KilowattHours { get; init; }

    /// <summary>Activities, with and without a result.</summary>
    public long Activities { get; init; }

    /// <summary>Activities that have no result (unknown usage, unknown size): their cost is <see cref="UnmappedCost"/>.</summary>
    public long ActivitiesWithoutResult { get; init; }

    /// <summary>Share of the mass by data quality, in kg CO2e; the three add up to <see cref="KgCo2e"/>.</summary>
    public decimal MeasuredKgCo2e { get; init; }
    public decimal EstimatedKgCo2e { get; init; }
    public decimal DefaultedKgCo2e { get; init; }

    /// <summary>The part of <see cref="KgCo2e"/> from entries that a second person has not approved yet.</summary>
    public decimal SubmittedKgCo2e { get; init; }

    /// <summary>kg of CO2 from living matter: beside the total, never in it.</summary>
    public decimal BiogenicKgCo2 { get; init; }

    /// <summary>The part of <see cref="KgCo2e"/> that is not divided into operational and embodied: entered activities.</summary>
    [JsonIgnore]
    public decimal UndividedKgCo2e => KgCo2e - OperationalKgCo2e - EmbodiedKgCo2e;

    /// <summary>True when all of it is from entered activities.</summary>
    [JsonIgnore]
    public bool IsUndivided => OperationalKgCo2e == 0 && EmbodiedKgCo2e == 0 && KgCo2e != 0;

    /// <summary>Cost of all usage by currency: never summed across currencies.</summary>
    public IReadOnlyDictionary<string, decimal> Cost { get; init; } = new Dictionary<string, decimal>();

    /// <summary>Cost of the usage that has no result, by currency.</summary>
    public IReadOnlyDictionary<string, decimal> UnmappedCost { get; init; } = new Dictionary<string, decimal>();

    public decimal TonnesCo2e => KgCo2e / 1000m;
}

/// <param name="Keys">One per asked dimension, in the order asked: <c>3</c>, <c>1</c>, <c>2023-11</c>, <c>AmazonEC2</c>, <c>eu-west-1</c>; empty text = the bill does not say.</param>
public sealed record EmissionsGroup(IReadOnlyList<string> Keys, EmissionsFigures Figures);

/// <param name="Groups">Ordered by mass, largest first; by month when month is the only dimension.</param>
/// <param name="Methods">Names of the estimation methods in the total.</param>
/// <param name="ComparisonOnly">True when any of them is not for disclosure.</param>
public sealed record EmissionsSummary(
    IReadOnlyList<EmissionsGroup> Groups, EmissionsFigures Total, IReadOnlyList<string> Methods, bool ComparisonOnly)
{
    /// <summary>Those of <see cref="Methods"/> that are for comparison only.</summary>
    public IReadOnlyList<string> ComparisonMethods { get; init; } = [];
}

/// <summary>The spread of a total at 95 %, as far as anybody has stated one.</summary>
/// <param name="KgCo2e">Half of the interval of <paramref name="StatedKgCo2e"/>, in kg CO2e; see <see cref="Core.Calculation.Uncertainty"/>.</param>
/// <param name="StatedKgCo2e">The part of the total whose quantity or factor has a stated uncertainty; of the rest nothing is said, which is not zero.</param>
public sealed record TotalUncertainty(decimal KgCo2e, decimal StatedKgCo2e)
{
    /// <summary>Half of the interval as a share of the part it is stated for; null where that is zero.</summary>
    public decimal? Share => StatedKgCo2e == 0 ? null : KgCo2e / Math.Abs(StatedKgCo2e);
}

/// <summary>One current emission record with the activity it belongs to.</summary>
public sealed record EmissionRow
{
    public required Guid Id { get; init; }
    public required DateOnly Month { get; init; }
    public required int Scope { get; init; }
    public required int? Category { get; init; }
    public required string Provider { get; init; }
    public required string Account { get; init; }
    public required string Service { get; init; }
    public required string Region { get; init; }
    public required UsageClass UsageClass { get; init; }

    /// <summary>Sum in class units (vCPU-hours, TB-hours, …); null where the class has none.</summary>
    public decimal? Quantity { get; init; }
    public string? Unit { get; init; }
    public decimal? KilowattHours { get; init; }
    public decimal? OperationalKgCo2e { get; init; }
    public decimal? EmbodiedKgCo2e { get; init; }

    /// <summary>All of it; operational plus embodied for cloud usage. Null = no result.</summary>
    public decimal? KgCo2e { get; init; }

    /// <summary><c>location</c> or <c>market</c>; null for all but scope 2.</summary>
    public string? Scope2Method { get; init; }

    /// <summary>What of an entered activity's causes it covers; null for cloud usage.</summary>
    public FactorPart? Part { get; init; }

    /// <summary>kg of CO2 from living matter, beside <see cref="KgCo2e"/>.</summary>
    public decimal? BiogenicKgCo2 { get; init; }

    /// <summary>The entry that it was calculated from, and whether that is approved; null for cloud usage.</summary>
    public Guid? EntryId { get; init; }
    public EntryStatus? EntryStatus { get; init; }

    /// <summary><c>measured</c>, <c>estimated</c>, <c>defaulted</c> or <c>missing</c>; modelled cloud usage is never <c>measured</c>.</summary>
    public required string Quality { get; init; }
    public required string Method { get; init; }
    public required string MethodVersion { get; init; }
    public required bool ComparisonOnly { get; init; }
    public IReadOnlyList<string> Flags { get; init; } = [];
    public IReadOnlyDictionary<string, decimal> Cost { get; init; } = new Dictionary<string, decimal>();
}

public sealed record EmissionsPage(IReadOnlyList<EmissionRow> Rows, string? NextCursor);

/// <summary>One usage kind inside an activity: its amount and the steps that made its figures.</summary>
public sealed record TrailComponent
{
    public required string UsageType { get; init; }
    public required string Unit { get; init; }
    public required decimal Amount { get; init; }
    public required long LineCount { get; init; }
    public decimal? KilowattHours { get; init; }
    public decimal? OperationalKgCo2e { get; init; }
    public decimal? EmbodiedKgCo2e { get; init; }
    public IReadOnlyList<EstimateStep> Steps { get; init; } = [];
    public IReadOnlyList<EstimateFlag> Flags { get; init; } = [];

    /// <summary>True when recomputing from the stored amount and coefficients gave the stored digits.</summary>
    public required bool Replayed { get; init; }
}

/// <param name="Number">1-based line in the file (or in the archive entry).</param>
public sealed record SourceLine(long Number, decimal? Amount, string Unit, decimal Cost, string Currency, string UsageType, string? Resource);

public sealed record TrailDocument(
    Guid DocumentId, string FileName, string? Entry, string Sha256, long Length, long LineCount, IReadOnlyList<SourceLine> Lines, string? NextCursor);

public sealed record TrailActivity(
    Guid Id, string Key, int Version, DateOnly PeriodStart, DateOnly PeriodEnd, decimal? Quantity, string? Unit, string Quality, DateTimeOffset RecordedAt);

public sealed record EmissionTrail(
    EmissionRow Emission, TrailActivity Activity, GridFactor? Factor, string Formula, IReadOnlyList<TrailComponent> Components, IReadOnlyList<TrailDocument> Documents)
{
    /// <summary>The entry behind the result; null for cloud usage.</summary>
    public EntryTrail? Entry { get; init; }
}

/// <summary>What the filters offer: values that occur in the tenant's current ledger, sorted.</summary>
public sealed record EmissionsChoices(
    IReadOnlyList<DateOnly> Months, IReadOnlyList<string> Services, IReadOnlyList<string> Regions, IReadOnlyList<string> Accounts)
{
    /// <summary>Sites with entered activities.</summary>
    public IReadOnlyList<string> Sites { get; init; } = [];
}

/// <summary>Reads the current ledger of the signed-in tenant. Set-based: never walks usage lines for a total.</summary>
public interface IEmissionsQueries
{
    Task<EmissionsSummary> SummarizeAsync(EmissionsFilter filter, IReadOnlyList<EmissionsDimension> groupBy, CancellationToken cancellationToken);

    /// <summary>How far the total may be off. Figures of one entry share the error of its quantity, figures of one factor that of the factor.</summary>
    Task<TotalUncertainty> FindUncertaintyAsync(EmissionsFilter filter, CancellationToken cancellationToken);

    /// <summary>Rows ordered by month (newest first), then mass; at most <paramref name="limit"/> (1 to 500).</summary>
    Task<EmissionsPage> ListAsync(EmissionsFilter filter, string? cursor, int limit, CancellationToken cancellationToken);

    /// <summary>Null when the id is not one of this tenant's.</summary>
    Task<EmissionTrail?> FindTrailAsync(Guid emissionId, CancellationToken cancellationToken);

    /// <summary>The next lines of one document behind an emission.</summary>
    Task<TrailDocument?> ListSourceLinesAsync(Guid emissionId, Guid documentId, string? cursor, CancellationToken cancellationToken);

    Task<EmissionsChoices> ListChoicesAsync(CancellationToken cancellationToken);
}
