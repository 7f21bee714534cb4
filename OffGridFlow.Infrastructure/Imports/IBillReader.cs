using OffGridFlow.Core.CloudUsage;
using OffGridFlow.Core.Imports;

namespace OffGridFlow.Infrastructure.Imports;

internal enum BillReadResult
{
    /// <summary><see cref="IBillReader.Current"/> holds an accepted line.</summary>
    Line,

    /// <summary><see cref="IBillReader.Rejection"/> holds a rejected row.</summary>
    Rejected,

    /// <summary>The file ended as it should.</summary>
    End,
}

/// <summary>Reads a part of a bill, row by row, with memory that does not grow with the file (but for its distinct kinds).</summary>
internal interface IBillReader : IDisposable
{
    /// <summary>The kinds met so far; grows while reading, indexes never change.</summary>
    IReadOnlyList<UsageKind> Kinds { get; }

    /// <summary>Data rows met so far (header not counted): accepted plus rejected.</summary>
    long RowsRead { get; }

    /// <summary>The archive entry that the current row stands in; null when the document is no archive.</summary>
    string? Entry { get; }

    BillLine Current { get; }

    RejectedRow Rejection { get; }

    /// <summary>Moves to the next row.</summary>
    /// <exception cref="UnreadableFileException">The file cannot be read on (truncated gzip, bomb, bytes that are not text).</exception>
    BillReadResult Read(CancellationToken cancellationToken);
}

/// <summary>What a first pass over one part found, before anything is loaded.</summary>
/// <param name="Entry">Path within the archive, or null.</param>
/// <param name="Rows">Data rows in the part.</param>
/// <param name="Periods">Its periods with their number of rows; rows that name none are not counted here.</param>
internal sealed record PartInspection(string? Entry, long Rows, IReadOnlyDictionary<BillPeriod, long> Periods);

/// <summary>What is replaced as a whole: one account's usage in one billing month, whatever the format it came in.</summary>
/// <param name="Provider">E.g. <c>aws</c>.</param>
/// <param name="Account">Usage account, as text.</param>
/// <param name="BillingMonth">First day of the billing month.</param>
internal readonly record struct BillPeriod(string Provider, string Account, DateOnly BillingMonth);

/// <summary>The lines of one part for one period: what becomes one batch.</summary>
internal readonly record struct PartPeriod(string? Entry, BillPeriod Period);

/// <summary>The file as a whole is refused: nothing of it is loaded.</summary>
internal sealed class UnreadableFileException(string reason, string fix, long? line = null) : Exception($"{reason} {fix}")
{
    /// <summary>What is wrong with the file, in a sentence.</summary>
    public string Reason { get; } = reason;

    /// <summary>What to do, in a sentence.</summary>
    public string Fix { get; } = fix;

    /// <summary>The line at which reading stopped, if it got that far.</summary>
    public long? Line { get; } = line;

    /// <summary>True where nothing of it says bill: it may be a table of activity data.</summary>
    public bool MayBeTable { get; init; }
}
