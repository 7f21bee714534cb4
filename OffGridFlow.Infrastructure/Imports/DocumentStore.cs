using System.Buffers;
using System.Security.Cryptography;

namespace OffGridFlow.Infrastructure.Imports;

/// <param name="Sha256">Lower-case hexadecimal.</param>
internal sealed record StoredBytes(string Sha256, long Length);

/// <summary>The bytes of source documents, in a folder per tenant, each under its hash. Written once, never changed.</summary>
internal sealed class DocumentStore(string folder)
{
    /// <summary>Streams the content to disk; it is durable (flushed to the device) when this returns.</summary>
    /// <exception cref="IOException">The disk is full or not writable; nothing is left behind.</exception>
    public async Task<StoredBytes> SaveAsync(Guid tenantId, Stream content, CancellationToken cancellationToken)
    {
        var tenantFolder = Path.Combine(folder, tenantId.ToString());
        CreateForOwner(tenantFolder);
        var temporary = Path.Combine(tenantFolder, $"{Guid.NewGuid():N}.part");
        try
        {
            StoredBytes stored;
            await using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1))
            {
                stored = await CopyAsync(content, file, cancellationToken);
                file.Flush(flushToDisk: true);
            }

            var path = PathOf(tenantId, stored.Sha256);
            CreateForOwner(Path.GetDirectoryName(path)!);
            File.Move(temporary, path, overwrite: true);
            return stored;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <exception cref="FileNotFoundException">The document is not in the store.</exception>
    public FileStream OpenRead(Guid tenantId, string sha256) =>
        new(PathOf(tenantId, sha256), FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 17, FileOptions.SequentialScan);

    public void Delete(Guid tenantId, string sha256) => File.Delete(PathOf(tenantId, sha256));

    private string PathOf(Guid tenantId, string sha256) => Path.Combine(folder, tenantId.ToString(), sha256[..2], sha256);

    /// <summary>Bills are nobody's business but the ledger's.</summary>
    private static void CreateForOwner(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static async Task<StoredBytes> CopyAsync(Stream content, FileStream file, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 18);
        try
        {
            long length = 0;
            int read;
            while ((read = await content.ReadAsync(buffer, cancellationToken)) > 0)
            {
                hash.AppendData(buffer, 0, read);
                await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                length += read;
            }

            return new StoredBytes(Convert.ToHexStringLower(hash.GetHashAndReset()), length);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
