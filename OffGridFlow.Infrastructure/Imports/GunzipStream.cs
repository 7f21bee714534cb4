using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace OffGridFlow.Infrastructure.Imports;

/// <summary>
/// Unpacks gzip (one member or several) and refuses what <see cref="GZipStream"/> lets pass: a file that stops in the middle
/// reads there as if it had ended, and a small file may unpack to anything. Closes the packed stream with itself.
/// </summary>
/// <remarks>
/// How the end is proved: after the last byte of the file the inflater is given one more gzip member, which holds a secret.
/// If the secret comes out as the last bytes, the file's own last member was complete, checksum included.
/// </remarks>
internal sealed class GunzipStream : Stream
{
    private const string DamagedFix = "Download the file again and compare its size with the original, then upload it again.";

    private readonly BillFileLimits _limits;
    private readonly EndMarkedStream _packed;
    private readonly GZipStream _inflater;
    private MemoryStream? _tail;
    private long _unpacked;

    public GunzipStream(Stream packed, BillFileLimits limits)
    {
        _limits = limits;
        _packed = new EndMarkedStream(packed);
        _inflater = new GZipStream(_packed, CompressionMode.Decompress);
    }

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
        if (_tail is not null)
            return _tail.Read(buffer);

        var read = Inflate(buffer);
        if (!_packed.MarkServed)
        {
            Count(read);
            return read;
        }

        // All that comes from here on is the rest of the file followed by the secret, or rubbish: look before handing it out.
        _tail = Remainder(buffer[..read]);
        Count(_tail.Length);
        return _tail.Read(buffer);
    }

    private MemoryStream Remainder(ReadOnlySpan<byte> first)
    {
        var rest = new MemoryStream();
        rest.Write(first);
        Span<byte> chunk = stackalloc byte[1024];
        for (var read = first.Length; read > 0;)
        {
            read = Inflate(chunk);
            rest.Write(chunk[..read]);
        }

        var bytes = rest.GetBuffer().AsSpan(0, (int)rest.Length);
        if (!bytes.EndsWith(EndMarkedStream.Secret))
            throw Truncated();
        rest.SetLength(rest.Length - EndMarkedStream.Secret.Length);
        rest.Position = 0;
        return rest;
    }

    private int Inflate(Span<byte> buffer)
    {
        try
        {
            return _inflater.Read(buffer);
        }
        catch (InvalidDataException)
        {
            throw _packed.MarkServed ? Truncated() : new UnreadableFileException("The gzip file is damaged: its packed data do not unpack.", DamagedFix);
        }
    }

    private void Count(long bytes)
    {
        _unpacked += bytes;
        if (_unpacked > _limits.RatioFreeBytes && _unpacked / _limits.MaxRatio > _packed.BytesRead)
        {
            throw new UnreadableFileException(
                string.Create(CultureInfo.InvariantCulture, $"The gzip file unpacks to more than {_limits.MaxRatio} times its size, which no cost report does; reading stopped after {_unpacked >> 20:N0} MB."),
                "Check where the file comes from and export it again from the provider.");
        }

        if (_unpacked > _limits.MaxTextBytes)
        {
            throw new UnreadableFileException(
                string.Create(CultureInfo.InvariantCulture, $"The file holds more than {_limits.MaxTextBytes >> 30:N0} GB of text."),
                "Export the report in parts, one file per account or month, and import each part.");
        }
    }

    private static UnreadableFileException Truncated() =>
        new("The gzip file stops before its end: it was cut off, or bytes that are not gzip follow it.", DamagedFix);

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inflater.Dispose();
            _tail?.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>The packed bytes, then one more gzip member; counts the former and tells when the latter was served.</summary>
    private sealed class EndMarkedStream(Stream inner) : Stream
    {
        // Hexadecimal digits, so that deflate stores them as codes: bytes copied unpacked can then never show the secret.
        public static readonly byte[] Secret = Encoding.ASCII.GetBytes(RandomNumberGenerator.GetHexString(32));

        private static readonly byte[] Mark = Pack(Secret);

        private int _markPosition;

        public long BytesRead { get; private set; }

        public bool MarkServed => _markPosition > 0;

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
            if (!MarkServed)
            {
                var read = inner.Read(buffer);
                BytesRead += read;
                if (read > 0)
                    return read;
            }

            var part = Mark.AsSpan(_markPosition, Math.Min(buffer.Length, Mark.Length - _markPosition));
            part.CopyTo(buffer);
            _markPosition += part.Length;
            return part.Length;
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
                inner.Dispose();
            base.Dispose(disposing);
        }

        private static byte[] Pack(byte[] secret)
        {
            using var packed = new MemoryStream();
            using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize))
                gzip.Write(secret);
            return packed.ToArray();
        }
    }
}
