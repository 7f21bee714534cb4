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

/// <summary>Reads a bill from a stream, row by row, with memory that does not grow with the file (but for its distinct kinds).</summary>
internal interface IBillReader : IDisposable
{
    /// <summary>The kinds met so far; grows while reading, indexes never change.</summary>
    IReadOnlyList<UsageKind> Kinds { get; }

    /// <summary>Data rows met so far (header not counted): accepted plus rejected.</summary>
    long RowsRead { get; }

    BillLine Current { get; }

    RejectedRow Rejection { get; }

    /// <summary>Moves to the next row.</summary>
    /// <exception cref="UnreadableFileException">The file cannot be read on (truncated gzip, bomb, bytes that are not text).</exception>
    BillReadResult Read(CancellationToken cancellationToken);
}

/// <summary>What a first pass over an uploaded file found, before anything is loaded.</summary>
/// <param name="Rows">Data rows in the file.</param>
/// <param name="Periods">The (account, billing month) pairs of the file with their number of rows; rows without either are not counted here.</param>
internal sealed record BillInspection(long Rows, IReadOnlyDictionary<BillPeriod, long> Periods);

/// <param name="Account">Usage account, as text.</param>
/// <param name="BillingMonth">First day of the billing month.</param>
internal readonly record struct BillPeriod(string Account, DateOnly BillingMonth);

/// <summary>The file as a whole is refused: nothing of it is loaded.</summary>
internal sealed class UnreadableFileException(string reason, string fix, long? line = null) : Exception($"{reason} {fix}")
{
    /// <summary>What is wrong with the file, in a sentence.</summary>
    public string Reason { get; } = reason;

    /// <summary>What to do, in a sentence.</summary>
    public string Fix { get; } = fix;

    /// <summary>The line at which reading stopped, if it got that far.</summary>
    public long? Line { get; } = line;
}
