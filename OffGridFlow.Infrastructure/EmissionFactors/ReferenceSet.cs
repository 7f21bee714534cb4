using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using OffGridFlow.Core.EmissionFactors;

namespace OffGridFlow.Infrastructure.EmissionFactors;

/// <summary>A folder of <c>reference-data</c>: tables with the manifest that says whose they are and what each file's checksum is.</summary>
public sealed class ReferenceSet
{
    private static readonly JsonSerializerOptions ManifestJson = new(JsonSerializerDefaults.Web);

    private readonly string _folder;
    private readonly Dictionary<string, string> _checksums;

    private ReferenceSet(string folder, ReferenceManifest manifest, string checksum)
    {
        _folder = folder;
        _checksums = manifest.Files.ToDictionary(file => file.Name, file => file.Sha256);
        Manifest = manifest;
        Checksum = checksum;
    }

    /// <summary>The sets that come with the program, one folder each.</summary>
    public static string DefaultRoot => Path.Combine(AppContext.BaseDirectory, "reference-data");

    public ReferenceManifest Manifest { get; }

    /// <summary>SHA-256 of the manifest, and by the checksums in it of the whole set; hexadecimal.</summary>
    public string Checksum { get; }

    /// <param name="name">Name of the folder, e.g. <c>units</c>.</param>
    /// <param name="root">The folder that holds one folder per set; <see cref="DefaultRoot"/> unless given.</param>
    /// <exception cref="ReferenceDataException">The manifest is missing or unreadable; the message names it.</exception>
    public static ReferenceSet Open(string name, string? root = null)
    {
        var folder = Path.Combine(root ?? DefaultRoot, name);
        var path = Path.Combine(folder, "manifest.json");
        var bytes = Bytes(path);
        try
        {
            var manifest = JsonSerializer.Deserialize<ReferenceManifest>(bytes, ManifestJson);
            return manifest is { Id.Length: > 0, Publisher.Length: > 0, Files.Count: > 0 }
                ? new ReferenceSet(folder, manifest, Hash(bytes))
                : throw new ReferenceDataException(path, "lacks its id, its publisher or its files.");
        }
        catch (JsonException fault)
        {
            throw new ReferenceDataException(path, $"is not valid JSON: {fault.Message}", fault);
        }
    }

    /// <summary>The text of a file, once its checksum is that of the manifest.</summary>
    /// <exception cref="ReferenceDataException">The file is missing, altered or not in the manifest.</exception>
    public string Read(string file)
    {
        var path = Path.Combine(_folder, file);
        if (!_checksums.TryGetValue(file, out var expected))
        {
            throw new ReferenceDataException(path, "is not listed in manifest.json.");
        }

        var bytes = Bytes(path);
        return Hash(bytes) == expected
            ? Encoding.UTF8.GetString(bytes)
            : throw new ReferenceDataException(path, $"was changed: its sha256 is {Hash(bytes)}, the manifest has {expected}.");
    }

    /// <summary>Makes something of the set's files.</summary>
    /// <param name="parse">Takes the set's <see cref="Read"/>.</param>
    /// <exception cref="ReferenceDataException">A file is missing, altered or cannot be used; the message names file and line.</exception>
    public T Parse<T>(Func<Func<string, string>, T> parse)
    {
        try
        {
            return parse(Read);
        }
        catch (ReferenceTableException fault)
        {
            throw new ReferenceDataException(Path.Combine(_folder, fault.Table), $"cannot be used: {fault.Message}", fault);
        }
    }

    private static byte[] Bytes(string path)
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
}

/// <summary>What <c>manifest.json</c> says of a set.</summary>
/// <param name="Edition">Null for sets that the product compiles itself; those have a <paramref name="Version"/>.</param>
/// <param name="Family">Of a factor set what all editions share; this and what follows is null elsewhere.</param>
/// <param name="Vintage">A <see cref="Core.EmissionFactors.Vintage"/> in small letters with hyphens.</param>
/// <param name="Gwp">Potentials of a published CO2e, e.g. <c>AR5</c>.</param>
public sealed record ReferenceManifest(
    string Id, string Publisher, ReferenceEdition? Edition, string? Version, IReadOnlyList<ReferenceFile> Files, string? Family = null, string? Title = null,
    string? Vintage = null, string? Gwp = null, string? Boundary = null, string? Licence = null, string? Source = null, IReadOnlyList<string>? Cautions = null);

/// <summary>An edition as its publisher names it, or the place in a publisher's repository.</summary>
/// <param name="Commit">Of the publisher's repository; null for a name.</param>
/// <param name="Date">Day of the commit, <c>yyyy-MM-dd</c>; null for a name.</param>
/// <param name="Text">The name, e.g. <c>2025 v1</c>; null for a commit.</param>
[JsonConverter(typeof(ReferenceEditionConverter))]
public sealed record ReferenceEdition(string? Commit, string? Date, string? Text = null);

/// <summary>Reads <c>"2025 v1"</c> and <c>{"commit":"…","date":"…"}</c>.</summary>
internal sealed class ReferenceEditionConverter : JsonConverter<ReferenceEdition>
{
    public override ReferenceEdition? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return new ReferenceEdition(null, null, reader.GetString());
        }

        using var document = JsonDocument.ParseValue(ref reader);
        return document.RootElement.ValueKind == JsonValueKind.Object
            ? new ReferenceEdition(Text(document.RootElement, "commit"), Text(document.RootElement, "date"))
            : throw new JsonException("an edition is a name, or a commit and its date");
    }

    public override void Write(Utf8JsonWriter writer, ReferenceEdition value, JsonSerializerOptions options) => throw new NotSupportedException();

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

/// <param name="Rows">Rows below the headings, where the manifest counts them.</param>
/// <param name="Sha256">64 small hexadecimal digits.</param>
public sealed record ReferenceFile(string Name, string Sha256, int? Rows);
