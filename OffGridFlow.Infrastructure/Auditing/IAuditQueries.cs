using OffGridFlow.Core.Identity;

namespace OffGridFlow.Infrastructure.Auditing;

/// <summary>Which entries are asked for; a null member does not restrict.</summary>
/// <param name="From">First instant, inclusive.</param>
/// <param name="To">Last instant, inclusive.</param>
/// <param name="Action">One action such as <c>import.published</c>, or all that begin so where it ends with a period: <c>import.</c>.</param>
/// <param name="ActorId">A person or an API key; <see cref="Product"/> for what the product did by itself.</param>
/// <param name="Subject">One subject such as <c>import/0198…</c>, or all that begin so where it ends with a slash: <c>import/</c>.</param>
/// <param name="Text">Free text, looked for in actor, address, action, subject, details, before and after, whatever the case of its letters.</param>
public sealed record AuditFilter(
    DateTimeOffset? From = null, DateTimeOffset? To = null, string? Action = null, Guid? ActorId = null, string? Subject = null, string? Text = null)
{
    public static readonly AuditFilter All = new();

    /// <summary>Stands for the product's own jobs, which have no id.</summary>
    public static readonly Guid Product = Guid.Empty;
}

/// <summary>An entry as lists show it. <paramref name="Details"/>, <paramref name="Before"/> and <paramref name="After"/> are JSON objects.</summary>
/// <param name="ActorId">Null for the product.</param>
/// <param name="Address">The network address that it was asked from; null for the product.</param>
/// <param name="Sequence">The place in the chain; null while the entry is not sealed, as are <paramref name="Hash"/> and <paramref name="SealedAt"/>.</param>
/// <param name="Hash">SHA-256, 64 small hexadecimal digits.</param>
public sealed record AuditRow(
    Guid Id, DateTimeOffset At, ActorKind ActorKind, Guid? ActorId, string ActorName, string? Address, string Action, string Subject, string Details,
    string? Before, string? After, long? Sequence, string? Hash, DateTimeOffset? SealedAt);

/// <param name="NextCursor">Null when this was the last page.</param>
public sealed record AuditPage(IReadOnlyList<AuditRow> Rows, string? NextCursor);

/// <param name="Id">Null for the product.</param>
/// <param name="Name">As it stands in the newest entry.</param>
public sealed record AuditActor(Guid? Id, ActorKind Kind, string Name);

/// <summary>What occurs in the log, for the menus of a filter.</summary>
/// <param name="Actions">Sorted.</param>
/// <param name="Actors">Sorted by name; the product last.</param>
public sealed record AuditFacets(IReadOnlyList<string> Actions, IReadOnlyList<AuditActor> Actors);

/// <summary>How far the log is sealed.</summary>
/// <param name="Sealed">Number of the newest sealed entry; 0 where none is.</param>
/// <param name="Head">Its hash; null where none is sealed.</param>
/// <param name="Unsealed">Entries that wait for the sealer; a moment ago at most.</param>
public sealed record AuditStatus(long Sealed, string? Head, DateTimeOffset? SealedAt, long Unsealed);

/// <summary>Reads the audit log of the current user's organization. Every method asks for <see cref="Permissions.AuditRead"/>.</summary>
public interface IAuditQueries
{
    /// <summary>Newest first.</summary>
    /// <param name="cursor">Of the page before; null for the first.</param>
    /// <param name="take">At most this many, 1 to 500.</param>
    /// <exception cref="Persistence.InvalidCursorException">No list gave the cursor out.</exception>
    Task<AuditPage> ListAsync(AuditFilter filter, string? cursor, int take, CancellationToken cancellationToken);

    /// <summary>Null when there is no such entry in the organization.</summary>
    Task<AuditRow?> FindAsync(Guid id, CancellationToken cancellationToken);

    Task<AuditFacets> FacetsAsync(CancellationToken cancellationToken);

    Task<AuditStatus> StatusAsync(CancellationToken cancellationToken);

    /// <summary>
    /// All entries of one state of the log, oldest first: the sealed ones in the order of the chain, then those without a seal.
    /// Memory does not grow with them.
    /// </summary>
    IAsyncEnumerable<AuditRow> StreamAsync(AuditFilter filter, CancellationToken cancellationToken);
}
