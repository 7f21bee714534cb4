using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OffGridFlow.Core.CloudUsage;

namespace OffGridFlow.Infrastructure.CloudUsage;

/// <summary>Loads the coefficient tables of cloud methods and holds each file against the checksum in its manifest.</summary>
public static class CloudReferenceData
{
    private const string AwsCcfSet = "cloud-aws-ccf";
    private static readonly JsonSerializerOptions ManifestJson = new(JsonSerializerDefaults.Web);

    /// <summary>The folder beside the application.</summary>
    public static string DefaultRoot => Path.Combine(AppContext.BaseDirectory, "reference-data");

    /// <summary>Reads the tables of the method <c>ccf</c> for AWS.</summary>
    /// <param name="root">The folder that holds one folder per set.</param>
    /// <exception cref="ReferenceDataException">A file is missing, altered or unreadable; the message names it.</exception>
    public static CcfAwsTables LoadAwsCcf(string root)
    {
        var folder = Path.Combine(root, AwsCcfSet);
        var manifestPath = Path.Combine(folder, "manifest.json");
        var manifestBytes = Read(manifestPath);
        var manifest = ParseManifest(manifestPath, manifestBytes);
        var checksums = manifest.Files.ToDictionary(f => f.Name, f => f.Sha256);
        var edition = new CcfEdition(
            manifest.Id, $"{manifest.Edition.Commit[..7]} ({manifest.Edition.Date})", Hash(manifestBytes)[..8], manifest.Publisher);
        try
        {
            return CcfAwsTables.Parse(edition, ReadChecked);
        }
        catch (ReferenceTableException fault)
        {
            throw new ReferenceDataException(Path.Combine(folder, fault.Table), $"cannot be used: {fault.Message}", fault);
        }

        string ReadChecked(string name)
        {
            var path = Path.Combine(folder, name);
            if (!checksums.TryGetValue(name, out var expected))
                throw new ReferenceDataException(path, "is not listed in manifest.json.");
            var bytes = Read(path);
            return Hash(bytes) == expected
                ? Encoding.UTF8.GetString(bytes)
                : throw new ReferenceDataException(path, $"was changed: its sha256 is {Hash(bytes)}, the manifest has {expected}.");
        }
    }

    private static Manifest ParseManifest(string path, byte[] bytes)
    {
        try
        {
            var manifest = JsonSerializer.Deserialize<Manifest>(bytes, ManifestJson);
            return manifest is { Files: not null, Edition.Commit.Length: >= 7 }
                ? manifest
                : throw new ReferenceDataException(path, "lacks its files or its edition.");
        }
        catch (JsonException fault)
        {
            throw new ReferenceDataException(path, $"is not valid JSON: {fault.Message}", fault);
        }
    }

    private static byte[] Read(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ReferenceDataException(path, $"cannot be read: {fault.Message}", fault);
        }
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private sealed record Manifest(string Id, string Publisher, ManifestEdition Edition, IReadOnlyList<ManifestFile> Files);

    private sealed record ManifestEdition(string Commit, string Date);

    private sealed record ManifestFile(string Name, string Sha256);
}
