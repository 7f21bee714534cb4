namespace OffGridFlow.Infrastructure.Organizations;

/// <param name="Field">As the API calls it, e.g. <c>country</c>.</param>
/// <param name="Message">What does not do, and how to mend it.</param>
public sealed record FieldFault(string Field, string Message);

/// <summary>What became of a change.</summary>
public abstract record Edit<T>
{
    /// <param name="Item">As it stands now; as it was for one that was removed.</param>
    public sealed record Done(T Item) : Edit<T>;

    /// <summary>The values do not do; nothing was changed.</summary>
    public sealed record Refused(IReadOnlyList<FieldFault> Faults) : Edit<T>;

    /// <summary>Somebody else changed it first; nothing was changed now.</summary>
    public sealed record Stale : Edit<T>;

    /// <summary>There is no such thing in this organization.</summary>
    public sealed record Gone : Edit<T>;

    /// <summary>As it stands it cannot be changed or removed.</summary>
    /// <param name="Reason">What holds it, and what can be done instead.</param>
    public sealed record Held(string Reason) : Edit<T>;
}

/// <summary>Part of a list.</summary>
/// <param name="NextCursor">Null on the last page.</param>
public sealed record ListPage<T>(IReadOnlyList<T> Items, string? NextCursor);
