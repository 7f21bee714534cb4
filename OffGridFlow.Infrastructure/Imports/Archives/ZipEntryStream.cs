using System.Globalization;
using System.IO.Compression;

namespace OffGridFlow.Infrastructure.Imports.Archives;

/// <summary>
/// The bytes of one entry, refused where they are not what the archive promises: another length or checksum, or many times the size
/// that was packed.
/// </summary>
internal sealed class ZipEntryStream(ZipArchiveEntry entry, BillFileLimits limits) : Stream
{
    private const string DamagedFix = "Pack or download the archive again and upload it again.";

    private readonly Stream _unpacked = Open(entry);
    private Crc32 _checksum = new();
    private long _read;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
            return 0;
        int read;
        try
        {
            read = _unpacked.Read(buffer);
        }
        catch (InvalidDataException)
        {
            throw Damaged();
        }

        _checksum.Add(buffer[..read]);
        _read += read;
        if (_read > entry.Length || (read == 0 && (_read != entry.Length || _checksum.Value != entry.Crc32)))
            throw Damaged();
        if (_read > limits.RatioFreeBytes && _read / limits.MaxRatio > entry.CompressedLength)
        {
            throw new UnreadableFileException(
                string.Create(CultureInfo.InvariantCulture, $"It unpacks to more than {limits.MaxRatio} times its size, which no cost report does; reading stopped after {_read >> 20:N0} MB."),
                "Check where the archive comes from and export the report again from the provider.");
        }

        return _read > limits.MaxTextBytes
            ? throw new UnreadableFileException(
                string.Create(CultureInfo.InvariantCulture, $"It holds more than {limits.MaxTextBytes >> 30:N0} GB of text."),
                "Export the report in parts, one file per account or month, and import each part.")
            : read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _unpacked.Dispose();
        base.Dispose(disposing);
    }

    private static Stream Open(ZipArchiveEntry entry)
    {
        try
        {
            return entry.Open();
        }
        catch (InvalidDataException)
        {
            throw Damaged();
        }
    }

    private static UnreadableFileException Damaged() => new("The archive is damaged here: the bytes are not those that were packed.", DamagedFix);
}
