using System.Buffers;
using System.Security.Cryptography;

namespace OffGridFlow.Infrastructure.Imports;

/// <summary>Bytes that have arrived and are kept only when <see cref="Keep"/> says so; until then they lie aside, under no name that anything refers to.</summary>
/// <param name="Sha256">Lower-case hexadecimal.</param>
/// <param name="Hold">Open as long as somebody may still keep the bytes: what nobody holds is left over from a process that was killed.</param>
internal sealed record ReceivedDocument(string Sha256, long Length, string TemporaryPath, string Path, FileStream Hold) : IDisposable
{
    /// <exception cref="FileNotFoundException">It was kept or disposed of.</exception>
    public FileStream OpenRead() => DocumentStore.OpenRead(TemporaryPath);

    /// <summary>Puts the bytes under their hash, durably. The same bytes being there already changes nothing.</summary>
    public void Keep()
    {
        DocumentStore.CreateForOwner(System.IO.Path.GetDirectoryName(Path)!);
        File.Move(TemporaryPath, Path, overwrite: true);
    }

    public void Dispose()
    {
        Hold.Dispose();
        File.Delete(TemporaryPath);
    }
}

/// <summary>The bytes of source documents, in a folder per tenant, each under its hash. Written once, never changed.</summary>
internal sealed class DocumentStore(string folder)
{
    private const string Unfinished = ".part";
    private const int FileTooLarge = 27;

    /// <summary>
    /// Removes what uploads left that were cut off by the end of their process. Several processes may share the folder: what another one
    /// is still receiving is open there, hence locked, and stays.
    /// </summary>
    public void DeleteAbandoned() => ListAbandoned(DateTimeOffset.MaxValue).ForEach(file => TryRemove(file));

    /// <summary>Streams the content to disk; it is durable (flushed to the device) when this returns.</summary>
    /// <exception cref="IOException">The disk is full or not writable; nothing is left behind.</exception>
    public async Task<ReceivedDocument> ReceiveAsync(Guid tenantId, Stream content, CancellationToken cancellationToken)
    {
        var tenantFolder = Path.Combine(folder, tenantId.ToString());
        CreateForOwner(tenantFolder);
        var temporary = Path.Combine(tenantFolder, $"{Guid.NewGuid():N}{Unfinished}");
        var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.Read | FileShare.Delete, bufferSize: 1);
        try
        {
            var (sha256, length) = await CopyAsync(content, file, cancellationToken);
            file.Flush(flushToDisk: true);
            return new ReceivedDocument(sha256, length, temporary, PathOf(tenantId, sha256), file);
        }
        catch
        {
            await file.DisposeAsync();
            File.Delete(temporary);
            throw;
        }
    }

    /// <exception cref="FileNotFoundException">The document is not in the store.</exception>
    public FileStream OpenRead(Guid tenantId, string sha256) => OpenRead(PathOf(tenantId, sha256));

    public bool Contains(Guid tenantId, string sha256) => File.Exists(PathOf(tenantId, sha256));

    /// <summary>Unfinished files of all tenants that were last written to before the given time: what a killed upload left, or one that is under way.</summary>
    public List<FileInfo> ListAbandoned(DateTimeOffset before) => !Directory.Exists(folder)
        ? []
        : [.. Directory.EnumerateDirectories(folder).SelectMany(tenant => Directory.EnumerateFiles(tenant, "*" + Unfinished))
            .Select(path => new FileInfo(path)).Where(file => file.LastWriteTimeUtc < before.UtcDateTime)];

    /// <summary>Deletes an unfinished file, unless this process or another one has it open.</summary>
    /// <returns>Its length; null when it was left alone.</returns>
    public static long? TryRemove(FileInfo abandoned)
    {
        try
        {
            using var alone = new FileStream(
                abandoned.FullName, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
            return alone.Length;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // In use, or gone meanwhile.
            return null;
        }
    }

    /// <summary>Beside the one who has just received it and still holds it.</summary>
    internal static FileStream OpenRead(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 17, FileOptions.SequentialScan);

    private string PathOf(Guid tenantId, string sha256) => Path.Combine(folder, tenantId.ToString(), sha256[..2], sha256);

    /// <summary>Bills are nobody's business but the ledger's.</summary>
    internal static void CreateForOwner(string path)
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

    private static async ValueTask WriteAsync(FileStream file, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            await file.WriteAsync(bytes, cancellationToken);
        }
        catch (ArgumentOutOfRangeException exception)
        {
            // The runtime's word for EFBIG: the file system, or a limit on the process, lets no file grow so large.
            throw new IOException(exception.Message, FileTooLarge);
        }
    }

    private static async Task<(string Sha256, long Length)> CopyAsync(Stream content, FileStream file, CancellationToken cancellationToken)
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
                await WriteAsync(file, buffer.AsMemory(0, read), cancellationToken);
                length += read;
            }

            return (Convert.ToHexStringLower(hash.GetHashAndReset()), length);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
