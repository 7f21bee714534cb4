namespace OffGridFlow.Core.Imports;

/// <summary>Whether a line of a bill is usage that causes emissions, or money alone (credit, refund, tax, fee, discount, negation, purchase).</summary>
public enum ChargeKind
{
    Usage,
    CostOnly,
}

/// <summary>One accepted line of a cloud bill.</summary>
/// <param name="Line">1-based physical line on which the record starts (a quoted field may hold line ends).</param>
/// <param name="Kind">Index into the reader's list of kinds.</param>
/// <param name="BillingMonth">First day of the month the bill belongs to.</param>
/// <param name="UsageMonth">First day of the UTC month of <paramref name="Start"/>.</param>
/// <param name="Charge">Usage, or cost without usage.</param>
/// <param name="Amount">In the kind's unit; null when the file gives none.</param>
/// <param name="Cost">In the kind's currency, unblended; may be negative.</param>
/// <param name="Start">UTC.</param>
/// <param name="End">UTC, exclusive; null when the file gives none.</param>
/// <param name="LineId">64 bits of the hash of the provider's line id, to recognize a line that is there already; null when the file gives none.</param>
/// <param name="Resource">The resource's id, or null.</param>
/// <param name="Tags">Tags as a JSON object, or null when there are none.</param>
public readonly record struct BillLine(
    long Line, int Kind, DateOnly BillingMonth, DateOnly UsageMonth, ChargeKind Charge, decimal? Amount, decimal Cost,
    DateTime Start, DateTime? End, long? LineId, string? Resource, string? Tags);

/// <summary>A row that was not loaded, with what a data owner needs to mend it.</summary>
/// <param name="Line">1-based physical line on which the record starts.</param>
/// <param name="Column">Heading of the column at fault; null when the whole row is.</param>
/// <param name="Value">The value found, cut at 200 characters; null when the whole row is at fault.</param>
/// <param name="Reason">What is wrong, in a sentence.</param>
/// <param name="Fix">What to do, in a sentence.</param>
/// <param name="Raw">The row as it stands in the file, cut at 16,000 characters.</param>
public sealed record RejectedRow(long Line, string? Column, string? Value, string Reason, string Fix, string Raw)
{
    /// <summary>The archive entry that the row stands in; null when the document is no archive.</summary>
    public string? Entry { get; init; }
}
