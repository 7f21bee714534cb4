namespace OffGridFlow.Core.Calculation.Runs;

/// <summary>Why figures would change.</summary>
public enum RunKind
{
    /// <summary>New editions, own factors, the order of sets, fixed editions.</summary>
    Factors,

    /// <summary>How an amount becomes emissions.</summary>
    Method,

    /// <summary>The set of global warming potentials.</summary>
    Gwp,

    /// <summary>Which entities and sources count.</summary>
    Boundary,

    /// <summary>The activity data.</summary>
    Data,

    /// <summary>An approved run is taken back.</summary>
    Rollback,
}

/// <summary>Where a run stands on its way into the figures. Nothing of it counts before <see cref="Approved"/>.</summary>
public enum RunState
{
    /// <summary>The difference is being worked out, the first time or anew because the figures below it moved; or it is there, and the results that it tells of are being written.</summary>
    Calculating,

    /// <summary>The difference and its results are there; a second person decides.</summary>
    Proposed,
    Approved,
    Rejected,

    /// <summary>It was approved and then taken back by another run.</summary>
    RolledBack,

    /// <summary>It was stopped before the difference was there.</summary>
    Cancelled,
    Failed,
}
