namespace OffGridFlow.Infrastructure.Imports;

/// <summary>One text of an uploaded document: the document itself, or an entry of an archive.</summary>
/// <param name="entry">Path within the archive; null when the document is no archive.</param>
/// <param name="open">Opens the bytes from their beginning, packed as they are; called for each pass over them.</param>
internal sealed class BillPart(string? entry, Func<Stream> open)
{
    public string? Entry { get; } = entry;

    /// <summary>The document itself.</summary>
    /// <param name="content">Seekable; stays open.</param>
    public static BillPart Whole(Stream content) => new(null, () =>
    {
        content.Position = 0;
        return new BorrowedStream(content);
    });

    /// <exception cref="UnreadableFileException">The entry cannot be unpacked.</exception>
    public Stream OpenRead() => open();
}

/// <summary>Lets a reader close what it was lent without closing it for the lender.</summary>
internal sealed class BorrowedStream(Stream inner) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

    public override int Read(Span<byte> buffer) => inner.Read(buffer);

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
