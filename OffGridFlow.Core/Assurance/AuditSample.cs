using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Tenancy;

namespace OffGridFlow.Core.Assurance;

/// <summary>How results are chosen.</summary>
public enum SampleMethod
{
    /// <summary>Each kg CO2e has the same chance; results at or above the interval are all taken.</summary>
    MonetaryUnit,

    /// <summary>Each result has the same chance.</summary>
    Random,

    /// <summary>Every result.</summary>
    All,
}

/// <summary>Why a result is in a sample.</summary>
public enum SampleStratum
{
    /// <summary>Its mass is the interval or more.</summary>
    High,

    /// <summary>One of the kg chosen lies in it.</summary>
    Hit,

    /// <summary>It was drawn by number, or everything was taken.</summary>
    Drawn,
}

/// <summary>
/// Results of a period that an auditor drew to check (<c>docs/methods/sampling.md</c>). What is written here draws the same results again from the same state
/// of the ledger. Append-only, but for being set aside once.
/// </summary>
public sealed class AuditSample : ITenantOwned
{
    public required Guid Id { get; init; }
    public required Guid TenantId { get; init; }
    public required Guid PeriodId { get; init; }

    /// <summary>From 1 in its period.</summary>
    public required int Number { get; init; }
    public required SampleMethod Method { get; init; }

    /// <summary>From which all chance comes.</summary>
    public required string Seed { get; init; }

    /// <summary>The state of the ledger that it was drawn from.</summary>
    public required long LedgerSequence { get; init; }

    /// <summary>First day of the first and the last month, as the period's days were.</summary>
    public required DateOnly FirstMonth { get; init; }
    public required DateOnly LastMonth { get; init; }

    /// <summary>The view of Scope 2 in the population: never both.</summary>
    public required Scope2Method View { get; init; }

    /// <summary>What the population is narrowed to; null: nothing.</summary>
    public int? Scope { get; init; }
    public int? Category { get; init; }
    public Guid? SiteId { get; init; }

    /// <summary>Name of the activity type, or of the service of a cloud provider, as the ledger writes it.</summary>
    public string? Activity { get; init; }

    /// <summary>Results asked for; for <see cref="SampleMethod.Random"/>.</summary>
    public int? AskedCount { get; init; }

    /// <summary>80, 90 or 95; this and what follows for <see cref="SampleMethod.MonetaryUnit"/>.</summary>
    public int? ConfidencePercent { get; init; }
    public decimal? TolerableKg { get; init; }
    public decimal? ExpectedKg { get; init; }
    public decimal? IntervalKg { get; init; }

    /// <summary>Results with a figure, and their sum.</summary>
    public required long PopulationCount { get; init; }
    public required decimal PopulationKg { get; init; }

    /// <summary>Of them those of zero or less, which no kg can hit; zero for other methods.</summary>
    public required long OutsideCount { get; init; }
    public required decimal OutsideKg { get; init; }

    /// <summary>Results without a figure, which are in no population.</summary>
    public required long MissingCount { get; init; }

    /// <summary>SHA-256 of the population's lines, in hexadecimal.</summary>
    public required string PopulationHash { get; init; }
    public required int ItemCount { get; init; }
    public string? Purpose { get; init; }
    public required Guid? AuthorId { get; init; }
    public required string Author { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>Since when its differences count no more; null: they do.</summary>
    public DateTimeOffset? SetAsideAt { get; set; }
    public string? SetAsideBy { get; set; }
    public string? SetAsideReason { get; set; }
}

/// <summary>A result of a sample. Append-only.</summary>
public sealed class AuditSampleItem : ITenantOwned
{
    public required Guid TenantId { get; init; }
    public required Guid SampleId { get; init; }

    /// <summary>From 1, in the order of the population.</summary>
    public required int Number { get; init; }

    /// <summary>The emission record.</summary>
    public required Guid ResultId { get; init; }

    /// <summary>As it was drawn.</summary>
    public required decimal Kg { get; init; }
    public required SampleStratum Stratum { get; init; }
}

/// <summary>What the auditor found of an item.</summary>
public enum CheckOutcome
{
    Agreed,

    /// <summary>The figure ought to be another.</summary>
    Difference,
}

/// <summary>What an auditor wrote on an item. Append-only: another judgment is the next version, and the highest counts.</summary>
public sealed class ItemCheck : ITenantOwned
{
    public required Guid TenantId { get; init; }
    public required Guid SampleId { get; init; }
    public required int Number { get; init; }

    /// <summary>From 1.</summary>
    public required int Version { get; init; }
    public required CheckOutcome Outcome { get; init; }

    /// <summary>What it ought to be, kg CO2e; with <see cref="CheckOutcome.Difference"/>.</summary>
    public decimal? AuditedKg { get; init; }
    public string? Note { get; init; }

    /// <summary>What was looked at, e.g. an invoice and its number.</summary>
    public string? DocumentSeen { get; init; }
    public required Guid? AuthorId { get; init; }
    public required string Author { get; init; }
    public required DateTimeOffset At { get; init; }
}
