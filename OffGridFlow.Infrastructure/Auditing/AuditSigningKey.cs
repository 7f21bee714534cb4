using System.Security.Cryptography;
using OffGridFlow.Infrastructure.Identity;

namespace OffGridFlow.Infrastructure.Auditing;

/// <summary>
/// The key outside the database that signs the heads of the audit chain (ECDSA, P-256, SHA-256). Whoever owns the database alone cannot
/// sign. The public half lies beside it as <c>.pub</c>, for those who check.
/// </summary>
/// <param name="path">Of the private key, PEM. Made with mode 0600 when something is first signed.</param>
public sealed class AuditSigningKey(string path)
{
    private readonly Lock _gate = new();
    private ECDsa? _private;

    public string PublicKeyFile { get; } = Path.ChangeExtension(path, ".pub");

    /// <summary>Signs; makes the key if there is none.</summary>
    /// <returns>The signature in base64: r and s, 32 bytes each (IEEE P1363).</returns>
    /// <exception cref="InvalidOperationException">The file holds no such key.</exception>
    public string Sign(ReadOnlySpan<byte> data)
    {
        lock (_gate)
        {
            _private ??= LoadOrCreate();
            return Convert.ToBase64String(_private.SignData(data, HashAlgorithmName.SHA256));
        }
    }

    /// <summary>The key to check signatures with, which the caller disposes; null when neither half of it is there.</summary>
    /// <exception cref="InvalidOperationException">The file holds no such key.</exception>
    public ECDsa? OpenForCheck() => File.Exists(path) ? Read(path) : File.Exists(PublicKeyFile) ? Read(PublicKeyFile) : null;

    private ECDsa LoadOrCreate()
    {
        KeyFile.CreateUnlessThere(path, () =>
        {
            using var made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            return made.ExportPkcs8PrivateKeyPem();
        });
        var key = Read(path);
        if (!File.Exists(PublicKeyFile))
        {
            // Aside first: two processes that start at once write the same, and nobody reads a half.
            var aside = $"{PublicKeyFile}.{Guid.NewGuid():N}";
            File.WriteAllText(aside, key.ExportSubjectPublicKeyInfoPem() + "\n");
            File.Move(aside, PublicKeyFile, overwrite: true);
        }

        return key;
    }

    private static ECDsa Read(string file)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(File.ReadAllText(file));
            return key;
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            key.Dispose();
            throw new InvalidOperationException(
                $"{file} does not hold the key of the audit log (ECDSA P-256, PEM). Restore it from your backup: heads signed with another key cannot be checked.", exception);
        }
    }
}
