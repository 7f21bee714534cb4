using OffGridFlow.Infrastructure.Persistence;

namespace OffGridFlow.Infrastructure.Calculation.Runs;

/// <summary>
/// The way of a change of factors or methods into the figures: proposed with its difference, approved by a second person in one step, and taken back in one
/// step. Between the two nothing of it counts.
/// </summary>
public interface ICalculationRuns
{
    /// <summary>Queues the work; the difference is there once the job is done.</summary>
    Task<RunOutcomeOf> ProposeAsync(RunInput input, CancellationToken cancellationToken);

    /// <summary>Newest first.</summary>
    /// <exception cref="InvalidCursorException">The cursor is not one of ours.</exception>
    Task<RunPage> ListAsync(string? cursor, int limit, CancellationToken cancellationToken);

    /// <summary>Null for an unknown id.</summary>
    Task<RunRow?> FindAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Why the current user may not approve it; null where they may.</summary>
    Task<string?> FindObstacleAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>
    /// Lets the run count, all of it in one transaction with the policy that it proposes. Where what it rests on has moved, the difference is worked out anew
    /// instead: nobody approves what they have not seen.
    /// </summary>
    Task<RunOutcomeOf> ApproveAsync(Guid id, string? note, CancellationToken cancellationToken);

    /// <summary>Ends the proposal; what it would have written goes, its difference stays to be read.</summary>
    /// <param name="reason">Why; asked for.</param>
    Task<RunOutcomeOf> RejectAsync(Guid id, string? reason, CancellationToken cancellationToken);

    /// <summary>
    /// Takes an approved run back by another one that is its inverse: the former results count again, with their digits, and the former policy. What was
    /// entered or changed since is calculated with that policy.
    /// </summary>
    /// <param name="reason">Why; asked for.</param>
    /// <returns>The inverse run.</returns>
    Task<RunOutcomeOf> RollBackAsync(Guid id, string? reason, CancellationToken cancellationToken);
}
