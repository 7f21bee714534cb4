namespace OffGridFlow.Infrastructure.EmissionFactors;

/// <summary>A factor as somebody wrote it into the template or the form: texts, which are read and checked together.</summary>
/// <param name="Line">Of the file, the headings being line 1; of a list, the place from 1 on.</param>
public sealed record OwnFactorInput(int Line)
{
    /// <summary>Key or name of an activity type, or a publisher's activity.</summary>
    public string Activity { get; init; } = "";
    public string Name { get; init; } = "";
    public string Unit { get; init; } = "";

    /// <summary>kg CO2e per unit as the source states it; either this or masses.</summary>
    public string Co2e { get; init; } = "";
    public string Co2 { get; init; } = "";
    public string Ch4 { get; init; } = "";
    public string N2o { get; init; } = "";
    public string BiogenicCo2 { get; init; } = "";
    public string Region { get; init; } = "";

    /// <summary>First and last day of use, both inclusive: <c>yyyy-MM-dd</c>.</summary>
    public string ValidFrom { get; init; } = "";
    public string ValidTo { get; init; } = "";
    public string Part { get; init; } = "";

    /// <summary>Of purchased energy: Supplier, ResidualMix or GridAverage.</summary>
    public string Supply { get; init; } = "";
    public string UncertaintyPercent { get; init; } = "";
    public string Note { get; init; } = "";
}

/// <summary>What is said of a set as a whole.</summary>
/// <param name="Source">Title and address or page of what the figures were taken from.</param>
/// <param name="License">by what right the organization uses them: a license, a contract, a permission.</param>
/// <param name="GwpBasis">Which potentials a stated CO2e was made with, e.g. <c>AR5</c>; null where the source does not say.</param>
public sealed record OwnFactorSetInput(string Title, string Publisher, string Source, string License, string? GwpBasis = null);

/// <summary>What is wrong, or doubtful, with one value.</summary>
/// <param name="Line">0 where it is said of the set.</param>
/// <param name="Column">Heading of the template.</param>
/// <param name="Fix">What to write instead.</param>
public sealed record OwnFactorFault(int Line, string Column, string Value, string Reason, string Fix);

/// <summary>What became of factors that somebody wanted to load. All are loaded or none.</summary>
public abstract record OwnFactorOutcome
{
    public sealed record Loaded(OwnFactorSetRow Set) : OwnFactorOutcome;

    /// <summary>Nothing was loaded.</summary>
    public sealed record Refused(IReadOnlyList<OwnFactorFault> Faults) : OwnFactorOutcome;

    /// <summary>Nothing was loaded: the figures lie far from published ones. They are loaded when the same is sent with a confirmation.</summary>
    public sealed record Doubtful(IReadOnlyList<OwnFactorFault> Doubts) : OwnFactorOutcome;
}

/// <summary>A set that the organization has loaded.</summary>
/// <param name="InUse">Factors of it that are not retired.</param>
/// <param name="RetiredAt">When the set as a whole was retired.</param>
/// <param name="Version">To be given back with a change.</param>
public sealed record OwnFactorSetRow(
    Guid Key, string Id, string Title, string Publisher, string Source, string License, string? GwpBasis, string Checksum, int Factors, int InUse, DateTimeOffset LoadedAt,
    string CreatedBy, DateTimeOffset? RetiredAt, int Version);

/// <summary>What became of a change of an own set.</summary>
public abstract record OwnFactorSetChange
{
    public sealed record Changed(OwnFactorSetRow Set) : OwnFactorSetChange;

    public sealed record Gone : OwnFactorSetChange;

    /// <summary>Somebody else changed it first; nothing was changed now.</summary>
    public sealed record Stale : OwnFactorSetChange;

    public sealed record Refused(IReadOnlyList<OwnFactorFault> Faults) : OwnFactorSetChange;
}
