using Microsoft.EntityFrameworkCore;
using OffGridFlow.Core.ActivityData;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Imports;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.ActivityData;

/// <inheritdoc cref="IEntryEvidence"/>
internal sealed class EntryEvidence(TenantDatabase database, CurrentUser user, DocumentStore documents, TimeProvider time) : IEntryEvidence
{
    private const int FileNameLength = 400;

    /// <summary>By the ending of the name. Whatever it is, a browser is told to save it and never to show it.</summary>
    private static readonly Dictionary<string, string> MediaTypes = new(StringComparer.OrdinalIgnoreCase)
    {
        [".pdf"] = "application/pdf", [".png"] = "image/png", [".jpg"] = "image/jpeg", [".jpeg"] = "image/jpeg", [".csv"] = "text/csv", [".txt"] = "text/plain",
        [".xlsx"] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", [".docx"] = "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        [".zip"] = "application/zip", [".eml"] = "message/rfc822",
    };

    public async Task<bool> MayAttachAsync(Guid entryId, CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataWrite);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await unit.Context.ActivityEntries.AnyAsync(entry => entry.Id == entryId, cancellationToken);
    }

    public async Task<IReadOnlyList<EntryCommentRow>> ListCommentsAsync(Guid entryId, CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await unit.Context.EntryComments.Where(comment => comment.EntryId == entryId).OrderBy(comment => comment.At).ThenBy(comment => comment.Id)
            .Select(comment => new EntryCommentRow(comment.Id, comment.Text, comment.Author, comment.At)).ToListAsync(cancellationToken);
    }

    public async Task<EntryCommentRow?> CommentAsync(Guid entryId, string text, CancellationToken cancellationToken)
    {
        var actor = user.Require(Permissions.ActivityDataWrite);
        text = text.Trim().Replace("\0", "", StringComparison.Ordinal);
        if (text.Length is 0 or > EntryComment.TextLength)
        {
            throw new ArgumentException("A comment has 1 to 2,000 characters.", nameof(text));
        }

        await using var unit = await database.OpenAsync(cancellationToken);
        if (!await unit.Context.ActivityEntries.AnyAsync(entry => entry.Id == entryId, cancellationToken))
        {
            return null;
        }

        var now = time.GetUtcNow();
        var comment = new EntryComment
        {
            Id = Guid.CreateVersion7(now), TenantId = actor.TenantId, EntryId = entryId, Text = text, AuthorId = actor.Id, Author = actor.DisplayName, At = now,
        };
        unit.Context.EntryComments.Add(comment);
        unit.Audit("activity.commented", $"activity/{entryId}", new { comment.Id });
        await unit.CommitAsync(cancellationToken);
        return new EntryCommentRow(comment.Id, comment.Text, comment.Author, comment.At);
    }

    public async Task<IReadOnlyList<EntryDocumentRow>> ListDocumentsAsync(Guid entryId, CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await Rows(unit, entryId).ToListAsync(cancellationToken);
    }

    public async Task<AttachOutcome> AttachAsync(Guid entryId, Stream content, string fileName, CancellationToken cancellationToken)
    {
        var actor = user.Require(Permissions.ActivityDataWrite);
        if (!await MayAttachAsync(entryId, cancellationToken))
        {
            return new AttachOutcome.Gone();
        }

        using var received = await documents.ReceiveAsync(actor.TenantId, new CappedStream(content, IEntryEvidence.LargestDocument + 1), cancellationToken);
        switch (received.Length)
        {
            case 0:
                return new AttachOutcome.Refused("The file is empty.", "Choose the document again.");
            case > IEntryEvidence.LargestDocument:
                return new AttachOutcome.Refused("The file is larger than 25 MB.", "Make it smaller, for example by scanning at 200 dots per inch, or add its pages one by one.");
        }

        await using var unit = await database.OpenAsync(cancellationToken);
        // Two uploads to one entry at the same moment: the second waits and then counts the first.
        await unit.Connection.ExecuteAsync("select from activity_entries where id = $1 for update", cancellationToken, entryId);
        var name = NameOf(fileName);
        var now = time.GetUtcNow();
        await unit.Connection.ExecuteAsync(
            """
            insert into source_documents (id, tenant_id, sha256, length, file_name, media_type, created_at) values ($1, current_tenant(), $2, $3, $4, $5, $6)
            on conflict (tenant_id, sha256) do nothing
            """,
            cancellationToken, Guid.CreateVersion7(now), received.Sha256, received.Length, name, MediaTypes.GetValueOrDefault(Path.GetExtension(name), "application/octet-stream"), now);
        var document = await unit.Context.SourceDocuments.SingleAsync(row => row.Sha256 == received.Sha256, cancellationToken);
        if (await Rows(unit, entryId).ToListAsync(cancellationToken) is var present && present.Find(row => row.DocumentId == document.Id) is { } already)
        {
            return new AttachOutcome.Attached(already);
        }

        if (present.Count >= IEntryEvidence.MostDocuments)
        {
            return new AttachOutcome.Refused("The entry has 20 documents already.", "Put several into one PDF or ZIP, or remove one.");
        }

        received.Keep();
        unit.Context.EntryDocuments.Add(new EntryDocument
        {
            TenantId = actor.TenantId, EntryId = entryId, DocumentId = document.Id, FileName = name, AddedById = actor.Id, AddedBy = actor.DisplayName, AddedAt = now,
        });
        unit.Audit("activity.document-added", $"activity/{entryId}", new { FileName = name, received.Sha256, received.Length });
        await unit.CommitAsync(cancellationToken);
        return new AttachOutcome.Attached(new EntryDocumentRow(document.Id, name, received.Sha256, received.Length, actor.DisplayName, now));
    }

    public async Task<bool> DetachAsync(Guid entryId, Guid documentId, CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataWrite);
        await using var unit = await database.OpenAsync(cancellationToken);
        if (await unit.Context.EntryDocuments.SingleOrDefaultAsync(row => row.EntryId == entryId && row.DocumentId == documentId, cancellationToken) is not { } link)
        {
            return false;
        }

        unit.Context.EntryDocuments.Remove(link);
        unit.Audit("activity.document-removed", $"activity/{entryId}", new { link.FileName, link.DocumentId });
        await unit.CommitAsync(cancellationToken);
        return true;
    }

    public async Task<OpenedDocument?> OpenAsync(Guid entryId, Guid documentId, CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        var found = await (
            from link in unit.Context.EntryDocuments
            join document in unit.Context.SourceDocuments on link.DocumentId equals document.Id
            where link.EntryId == entryId && link.DocumentId == documentId
            select new { link.FileName, document.Sha256, document.MediaType, document.Length }).SingleOrDefaultAsync(cancellationToken);
        return found is null ? null : new OpenedDocument(documents.OpenRead(unit.Actor.TenantId, found.Sha256), found.FileName, found.MediaType, found.Length);
    }

    private static IQueryable<EntryDocumentRow> Rows(TenantUnit unit, Guid entryId) =>
        from link in unit.Context.EntryDocuments
        join document in unit.Context.SourceDocuments on link.DocumentId equals document.Id
        where link.EntryId == entryId
        orderby link.AddedAt, link.DocumentId
        select new EntryDocumentRow(link.DocumentId, link.FileName, document.Sha256, document.Length, link.AddedBy, link.AddedAt);

    private static string NameOf(string fileName)
    {
        var name = new string(Path.GetFileName(fileName.Replace('\\', '/')).Where(character => !char.IsControl(character)).ToArray());
        return name.Length == 0 ? "unnamed" : name.Length <= FileNameLength ? name : name[..FileNameLength];
    }

    /// <summary>Ends after a number of bytes: what is longer is refused without being read to its end.</summary>
    private sealed class CappedStream(Stream inner, long most) : Stream
    {
        private long _left = most;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await inner.ReadAsync(buffer[..(int)Math.Min(buffer.Length, _left)], cancellationToken);
            _left -= read;
            return read;
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
