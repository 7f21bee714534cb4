namespace OffGridFlow.Infrastructure.ActivityData;

public sealed record EntryCommentRow(Guid Id, string Text, string Author, DateTimeOffset At);

public sealed record EntryDocumentRow(Guid DocumentId, string FileName, string Sha256, long Length, string AddedBy, DateTimeOffset AddedAt);

/// <summary>What became of a document that was sent.</summary>
public abstract record AttachOutcome
{
    /// <param name="Document">It supports the entry now, or did before.</param>
    public sealed record Attached(EntryDocumentRow Document) : AttachOutcome;

    /// <summary>There is no such entry.</summary>
    public sealed record Gone : AttachOutcome;

    public sealed record Refused(string Reason, string Fix) : AttachOutcome;
}

/// <summary>The bytes of a document with the name under which it was put to the entry.</summary>
public sealed record OpenedDocument(Stream Content, string FileName, string MediaType, long Length) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Content.DisposeAsync();
}

/// <summary>What supports an entry and what people said about it.</summary>
public interface IEntryEvidence
{
    /// <summary>Bytes of one document.</summary>
    const long LargestDocument = 25L * 1024 * 1024;

    /// <summary>Documents of one entry.</summary>
    const int MostDocuments = 20;

    /// <summary>Whether there is such an entry: asked before a file is read for it.</summary>
    Task<bool> MayAttachAsync(Guid entryId, CancellationToken cancellationToken);

    /// <summary>Oldest first.</summary>
    Task<IReadOnlyList<EntryCommentRow>> ListCommentsAsync(Guid entryId, CancellationToken cancellationToken);

    /// <summary>Null for an entry that is not there.</summary>
    /// <exception cref="ArgumentException">The text is empty or too long.</exception>
    Task<EntryCommentRow?> CommentAsync(Guid entryId, string text, CancellationToken cancellationToken);

    /// <summary>Oldest first.</summary>
    Task<IReadOnlyList<EntryDocumentRow>> ListDocumentsAsync(Guid entryId, CancellationToken cancellationToken);

    Task<AttachOutcome> AttachAsync(Guid entryId, Stream content, string fileName, CancellationToken cancellationToken);

    /// <summary>Takes the document from the entry; its bytes stay. False when it was not there.</summary>
    Task<bool> DetachAsync(Guid entryId, Guid documentId, CancellationToken cancellationToken);

    /// <summary>Null when the entry has no such document.</summary>
    Task<OpenedDocument?> OpenAsync(Guid entryId, Guid documentId, CancellationToken cancellationToken);
}
