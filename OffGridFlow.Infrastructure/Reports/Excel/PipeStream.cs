using System.Buffers;
using System.IO.Pipelines;

namespace OffGridFlow.Infrastructure.Reports.Excel;

/// <summary>
/// Lets code that only writes synchronously, as ZIP and XML writers do, write to a pipe: the bytes wait in the pipe's buffer and
/// <see cref="FlushWhenFullAsync"/> sends them, waiting for a slow reader.
/// </summary>
internal sealed class PipeStream(PipeWriter output) : Stream
{
    private const int Full = 64 * 1024;
    private int _waiting;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        output.Write(buffer);
        _waiting += buffer.Length;
    }

    /// <summary>Nothing is sent here: that would block the thread.</summary>
    public override void Flush()
    {
    }

    public ValueTask FlushWhenFullAsync(CancellationToken cancellationToken) =>
        _waiting >= Full ? SendAsync(cancellationToken) : ValueTask.CompletedTask;

    /// <exception cref="IOException">Nobody reads any more.</exception>
    public async ValueTask SendAsync(CancellationToken cancellationToken)
    {
        _waiting = 0;
        var result = await output.FlushAsync(cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        if (result.IsCompleted)
        {
            throw new IOException("The reader of the file went away.");
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
