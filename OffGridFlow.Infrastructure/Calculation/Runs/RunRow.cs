using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Calculation.Runs;

namespace OffGridFlow.Infrastructure.Calculation.Runs;

/// <summary>What somebody wants to be worked out.</summary>
/// <param name="Policy">How the organization would calculate; null: as it does now, with the library as it is now.</param>
/// <param name="Years">Years of consumption; empty: all.</param>
/// <param name="ActivityTypes">Keys; empty: all.</param>
/// <param name="Note">Why, for whoever decides.</param>
public sealed record RunInput(RunKind Kind, string Title, string? Note, CalculationPolicy? Policy, IReadOnlyList<int> Years, IReadOnlyList<string> ActivityTypes);

/// <summary>kg CO2e by which a run moves a year, all scopes, with each view of scope 2.</summary>
public sealed record RunMove(int Year, decimal LocationKg, decimal MarketKg);

/// <param name="Number">Counts a tenant's runs from 1.</param>
/// <param name="PolicyBefore">What it was worked out against; null until it is.</param>
/// <param name="BaseSequence">The ledger number that the difference rests on.</param>
/// <param name="ApprovedSequence">From which on it counts.</param>
/// <param name="InverseOf">The run that this one takes back.</param>
/// <param name="Entries">Looked at.</param>
/// <param name="Changed">Entries that come out otherwise.</param>
/// <param name="NewExceptions">Of these, those that had figures and would have none.</param>
public sealed record RunRow(
    Guid Id, int Number, RunKind Kind, string Title, string? Note, RunState State, CalculationPolicy? Policy, CalculationPolicy? PolicyBefore, IReadOnlyList<int> Years,
    IReadOnlyList<string> ActivityTypes, long? BaseSequence, long? ApprovedSequence, Guid? InverseOf, Guid? JobId, long Entries, long Changed, long NewExceptions,
    long ClearedExceptions, decimal? Seconds, Guid? ProposedById, string ProposedBy, DateTimeOffset ProposedAt, string? DecidedBy, DateTimeOffset? DecidedAt, string? Decision,
    string? Error)
{
    /// <summary>The attempt whose difference it is; null until there is one.</summary>
    internal Guid? ProposalId { get; init; }

    /// <summary>The difference can be read. While the run is <see cref="RunState.Calculating"/>, the results that it would bring are still being written.</summary>
    public bool HasDifference => ProposalId is not null;

    internal int? PolicyVersion { get; init; }

    internal byte[]? BaseStamp { get; init; }

    /// <summary>Entries in its reach that it leaves as they are, because they touch a locked month.</summary>
    public long FrozenEntries { get; init; }

    /// <summary>Results of these.</summary>
    public long FrozenResults { get; init; }

    /// <summary>By year, those that it moves.</summary>
    public IReadOnlyList<RunMove> Moves { get; init; } = [];
}

public sealed record RunPage(IReadOnlyList<RunRow> Rows, string? NextCursor);

/// <summary>What became of a request about a run.</summary>
public abstract record RunOutcomeOf
{
    public sealed record Done(RunRow Run) : RunOutcomeOf;

    /// <param name="Reason">Why not, and what can be done instead.</param>
    public sealed record Refused(string Reason) : RunOutcomeOf;

    /// <summary>Figures below it have moved: the difference is being worked out anew, and nothing was decided.</summary>
    public sealed record Moved(RunRow Run) : RunOutcomeOf;

    /// <param name="Reason">What is wrong with what was asked for.</param>
    public sealed record Invalid(string Reason) : RunOutcomeOf;

    public sealed record Missing : RunOutcomeOf;
}

/// <summary>By what a difference is shown.</summary>
public enum RunGrouping
{
    Scope,
    Category,
    Entity,
    Site,
    Year,
    Type,
    Factor,
}

/// <param name="Keys">By name: the fields that the group has.</param>
/// <param name="BeforeKg">kg CO2e of everything that counts in the group; by type and factor, of the changed entries alone.</param>
/// <param name="Entries">Changed entries in it.</param>
public sealed record RunGroup(IReadOnlyDictionary<string, string> Keys, decimal BeforeKg, decimal AfterKg, long Entries)
{
    public decimal DifferenceKg => AfterKg - BeforeKg;

    /// <summary>Set where the groups are factors.</summary>
    public RunFactor? FactorBefore { get; init; }

    public RunFactor? FactorAfter { get; init; }
}

/// <summary>A factor or an instrument as far as a list names it.</summary>
public sealed record RunFactor(string Id, string Name, string Edition, string Region, decimal? KgCo2ePerUnit, string Unit);

/// <param name="Total">All of it, with the view of scope 2 that was asked for.</param>
/// <param name="MeasuredBefore">kg CO2e of the total that rest on measured activities with a fitting factor.</param>
public sealed record RunDifference(IReadOnlyList<RunGroup> Groups, RunGroup Total, decimal MeasuredBefore, decimal MeasuredAfter);

/// <summary>A changed entry. kg CO2e of all scopes with each view of scope 2.</summary>
public sealed record RunEntryRow(
    Guid EntryId, string Site, string ActivityType, DateOnly From, DateOnly To, decimal LocationBefore, decimal LocationAfter, decimal MarketBefore, decimal MarketAfter,
    string? FaultBefore, string? FaultAfter);

public sealed record RunEntryPage(IReadOnlyList<RunEntryRow> Rows, string? NextCursor);

/// <param name="Results">Figures that counted.</param>
public sealed record PeriodTotal(int Year, int Scope, string? Scope2Method, decimal KgCo2e, long Results);

/// <param name="Hash">SHA-256 of all results of the year that counted, by <c>docs/methods/calculation-runs.md</c>.</param>
public sealed record PeriodHash(int Year, string Hash, long Results);

/// <summary>What counted at a ledger number.</summary>
/// <param name="At">When the ledger came to the number; null where that was not kept.</param>
public sealed record LedgerState(long Sequence, DateTimeOffset? At, IReadOnlyList<PeriodTotal> Totals, IReadOnlyList<PeriodHash> Hashes);
