using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Identity;
using OffGridFlow.Web.Features.Identity;

namespace OffGridFlow.Web.Features.Imports;

/// <summary>
/// An upload may take an hour, and the session was checked before its first byte. It is checked again behind the last one, so that a
/// sign-out, a removal, another role or a revoked key that came between them is in force before anything is stored.
/// </summary>
internal sealed class StandingSession(Stream content, HttpContext context) : Stream
{
    private bool _checked;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="NotSignedInException">The session ended, or the key was revoked or expired, while the content was on its way.</exception>
    /// <exception cref="ForbiddenException">The person's role changed while the content was on its way.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await content.ReadAsync(buffer, cancellationToken);
        if (read == 0 && buffer.Length > 0 && !_checked)
        {
            await CheckAsync(cancellationToken);
            _checked = true;
        }

        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Uploads are read asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private async Task CheckAsync(CancellationToken cancellationToken)
    {
        if (context.User.ToApiKeyId() is { } keyId)
        {
            // Its scopes do not change; whether it stands does.
            var key = await context.RequestServices.GetRequiredService<ApiKeyStore>().FindAsync(keyId, cancellationToken);
            if (key?.Stands != true)
            {
                throw new NotSignedInException();
            }

            return;
        }

        var id = context.User.ToSessionId() ?? throw new NotSignedInException();
        var session = await context.RequestServices.GetRequiredService<SessionStore>().FindAsync(id, cancellationToken) ?? throw new NotSignedInException();
        if (!session.Role.Allows(Permissions.ActivityDataWrite))
        {
            throw new ForbiddenException(Permissions.ActivityDataWrite, session.Role);
        }
    }
}
