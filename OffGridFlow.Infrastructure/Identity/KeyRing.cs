using System.Security.Cryptography;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Identity;

/// <summary>
/// The key outside the database that encrypts the data-protection ring inside it. A copy of the database alone opens no cookie.
/// </summary>
public sealed class MasterKey
{
    public const int Length = 32;
    private readonly byte[] _key;

    private MasterKey(byte[] key) => _key = key;

    /// <summary>Reads the key, or makes one (mode 0600) where there is none. Back it up apart from the database.</summary>
    /// <exception cref="InvalidOperationException">The file holds no 32-byte key.</exception>
    public static MasterKey LoadOrCreate(string path)
    {
        KeyFile.CreateUnlessThere(path, () => Convert.ToBase64String(RandomNumberGenerator.GetBytes(Length)));
        var key = new byte[Length + 1];
        return Convert.TryFromBase64String(File.ReadAllText(path).Trim(), key, out var written) && written == Length
            ? new MasterKey(key[..Length])
            : throw new InvalidOperationException(
                $"{path} does not hold a master key (32 bytes in base64). Restore it from your backup; without it, everybody has to sign in again.");
    }

    /// <summary>AES-256-GCM: nonce, tag and cipher text in one.</summary>
    public byte[] Encrypt(byte[] plain)
    {
        var result = new byte[12 + 16 + plain.Length];
        RandomNumberGenerator.Fill(result.AsSpan(0, 12));
        using var aes = new AesGcm(_key, 16);
        aes.Encrypt(result.AsSpan(0, 12), plain, result.AsSpan(28), result.AsSpan(12, 16));
        return result;
    }

    /// <exception cref="CryptographicException">It was encrypted by another master key, or changed.</exception>
    public byte[] Decrypt(byte[] sealedBytes)
    {
        var plain = new byte[sealedBytes.Length - 28];
        using var aes = new AesGcm(_key, 16);
        aes.Decrypt(sealedBytes.AsSpan(0, 12), sealedBytes.AsSpan(28), sealedBytes.AsSpan(12, 16), plain);
        return plain;
    }
}

internal sealed class MasterKeyEncryptor(MasterKey masterKey) : IXmlEncryptor
{
    public const string ElementName = "masterKey";

    public EncryptedXmlInfo Encrypt(XElement plaintextElement) => new(
        new XElement(ElementName, Convert.ToBase64String(masterKey.Encrypt(System.Text.Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting))))),
        typeof(MasterKeyDecryptor));
}

/// <summary>Made by the framework from the type's name in the stored key; finds the master key among the services.</summary>
public sealed class MasterKeyDecryptor(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement) => XElement.Parse(System.Text.Encoding.UTF8.GetString(
        services.GetRequiredService<MasterKey>().Decrypt(Convert.FromBase64String(encryptedElement.Value))));
}

internal sealed class DatabaseKeyRepository(Database database) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var connection = database.App.OpenConnection();
        using var command = connection.Command("select xml from data_protection_keys");
        using var reader = command.ExecuteReader();
        var elements = new List<XElement>();
        while (reader.Read())
        {
            elements.Add(XElement.Parse(reader.GetString(0)));
        }

        return elements;
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var connection = database.App.OpenConnection();
        using var command = connection.Command(
            "insert into data_protection_keys (id, friendly_name, xml) values ($1, $2, $3)",
            Guid.NewGuid(), friendlyName, element.ToString(SaveOptions.DisableFormatting));
        command.ExecuteNonQuery();
    }
}

/// <summary>Whether this process holds the master key of the ring in the database.</summary>
public sealed class KeyRingCheck(MasterKey masterKey, Database database)
{
    /// <summary>False when a key of the ring was encrypted by another master key.</summary>
    public bool CanOpenAll() => new DatabaseKeyRepository(database).GetAllElements().SelectMany(key => key.Descendants(MasterKeyEncryptor.ElementName)).All(CanOpen);

    private bool CanOpen(XElement element)
    {
        try
        {
            masterKey.Decrypt(Convert.FromBase64String(element.Value));
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}

internal sealed class ConfigureKeyRing(MasterKey masterKey, Database database) : IConfigureOptions<KeyManagementOptions>
{
    public void Configure(KeyManagementOptions options)
    {
        options.XmlRepository = new DatabaseKeyRepository(database);
        options.XmlEncryptor = new MasterKeyEncryptor(masterKey);
    }
}
