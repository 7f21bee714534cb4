using System.Globalization;
using System.IO.Compression;
using System.Text.Json;

namespace OffGridFlow.Infrastructure.Imports.Archives;

/// <summary>
/// A zip archive with the parts of a bill: files packed by hand, or a copy of the folders that AWS writes to a bucket. Where there are
/// manifests they alone say what belongs to the bill, because older versions of a report stay in such folders.
/// </summary>
internal sealed class BillArchive : IDisposable
{
    private const int MaxEntries = 20_000;
    private const int MaxManifestBytes = 8 << 20;
    private const int MaxPath = 1000;
    private const int MostNamed = 3;
    private const string PackAgain = "Pack the folders as AWS wrote them, with each Manifest.json, or only the .csv or .csv.gz files of one report.";

    private readonly ZipArchive _zip;

    private BillArchive(ZipArchive zip, BillFileLimits limits)
    {
        _zip = zip;
        Parts = [.. Choose(zip).Select(entry => new BillPart(entry.FullName, () => new ZipEntryStream(entry, limits)))];
    }

    /// <summary>In the order in which they are read.</summary>
    public IReadOnlyList<BillPart> Parts { get; }

    /// <summary>Whether the bytes begin as those of a zip archive that is not an Excel workbook.</summary>
    public static bool IsArchive(Stream content)
    {
        var head = new byte[2048];
        content.Position = 0;
        var length = content.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        content.Position = 0;
        ReadOnlySpan<byte> start = head.AsSpan(0, length);
        return (start.StartsWith("PK\u0003\u0004"u8) || start.StartsWith("PK\u0005\u0006"u8))
            && start.IndexOf("[Content_Types].xml"u8) < 0 && start.IndexOf("xl/"u8) < 0;
    }

    /// <param name="content">Seekable; stays open.</param>
    /// <exception cref="UnreadableFileException">The archive is damaged, encrypted, holds no bill, or lacks parts that its manifest names.</exception>
    public static BillArchive Open(Stream content, BillFileLimits limits)
    {
        ZipArchive zip;
        try
        {
            zip = new ZipArchive(content, ZipArchiveMode.Read, leaveOpen: true);
            // The directory is read here; a broken one is only noticed now.
            _ = zip.Entries.Count;
        }
        catch (InvalidDataException)
        {
            throw new UnreadableFileException("The ZIP archive stops before its end or is damaged.", "Download or pack it again and compare its size with the original, then upload it again.");
        }

        try
        {
            return new BillArchive(zip, limits);
        }
        catch
        {
            zip.Dispose();
            throw;
        }
    }

    public void Dispose() => _zip.Dispose();

    private static List<ZipArchiveEntry> Choose(ZipArchive zip)
    {
        if (zip.Entries.Count > MaxEntries)
        {
            throw new UnreadableFileException(
                string.Create(CultureInfo.InvariantCulture, $"The ZIP archive holds {zip.Entries.Count:N0} entries; a bill has some dozens of parts."),
                "Pack only the files of the report, or import it month by month.");
        }

        var entries = zip.Entries.Where(entry => !IsLitter(entry.FullName)).ToList();
        if (entries.Find(entry => entry.IsEncrypted) is { } secret)
            throw new UnreadableFileException($"The ZIP archive is encrypted ({secret.FullName}).", "Pack the files without a password and upload the archive again.");
        if (entries.GroupBy(entry => entry.FullName, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new UnreadableFileException($"The ZIP archive holds {twice.Key} twice, so it is not clear which one counts.", PackAgain);

        var parts = ReadManifests(entries) is { Count: > 0 } manifests ? ByManifests(manifests, entries) : WithoutManifest(entries);
        if (parts.Find(part => part.FullName.Length > MaxPath) is { } deep)
            throw new UnreadableFileException($"The ZIP archive holds a file whose path is longer than {MaxPath} characters: {deep.FullName[..80]}…", "Pack the files with shorter paths.");
        return parts.Count > 0
            ? parts
            : throw new UnreadableFileException(
                entries.Count == 0 ? "The ZIP archive is empty." : $"The ZIP archive holds no CSV file, but {Some(entries.Select(entry => entry.FullName))}.", PackAgain);
    }

    /// <summary>What packing programs and systems add by themselves.</summary>
    private static bool IsLitter(string path) =>
        path.EndsWith('/') || path.StartsWith("__MACOSX/", StringComparison.Ordinal) || NameOf(path) is ".DS_Store" or "Thumbs.db" or "desktop.ini";

    private static bool IsCsv(ZipArchiveEntry entry) =>
        entry.FullName.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) || entry.FullName.EndsWith(".csv.gz", StringComparison.OrdinalIgnoreCase)
        || entry.FullName.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);

    private static List<Manifest> ReadManifests(List<ZipArchiveEntry> entries) =>
        [.. entries.Where(entry => entry.FullName.EndsWith("Manifest.json", StringComparison.OrdinalIgnoreCase)).Select(ReadManifest)];

    private static Manifest ReadManifest(ZipArchiveEntry entry)
    {
        var problem = new UnreadableFileException(
            $"The manifest {entry.FullName} names no data files: it has neither reportKeys nor dataFiles.",
            "Copy it again from the bucket, or leave it out and pack only the data files of one report.");
        if (entry.Length > MaxManifestBytes)
            throw problem;
        try
        {
            using var stream = new MemoryStream();
            using (var packed = entry.Open())
                packed.CopyTo(stream);
            // Some deliveries begin with a byte order mark.
            var text = stream.GetBuffer().AsMemory(0, (int)stream.Length);
            using var json = JsonDocument.Parse(text.Span.StartsWith("\uFEFF"u8) ? text[3..] : text);
            if (json.RootElement.ValueKind != JsonValueKind.Object
                || (!json.RootElement.TryGetProperty("reportKeys", out var keys) && !json.RootElement.TryGetProperty("dataFiles", out keys))
                || keys.ValueKind != JsonValueKind.Array)
            {
                throw problem;
            }

            return new Manifest(entry.FullName, [.. keys.EnumerateArray().Select(key => KeyOf(key.GetString() ?? throw problem))]);
        }
        catch (Exception exception) when (exception is JsonException or InvalidDataException or InvalidOperationException)
        {
            throw problem;
        }
    }

    /// <summary><c>s3://bucket/key</c>, <c>/key</c> and <c>key</c> are met.</summary>
    private static string KeyOf(string key)
    {
        const string scheme = "s3://";
        if (key.StartsWith(scheme, StringComparison.Ordinal) && key.IndexOf('/', scheme.Length) is > 0 and var slash)
            key = key[(slash + 1)..];
        return key.TrimStart('/');
    }

    /// <summary>
    /// The manifest of a period names the parts of its newest version. Beside it lie one in each version's folder: those whose keys a
    /// manifest further up names too are copies of it, those that none names are versions that were replaced.
    /// </summary>
    private static List<ZipArchiveEntry> ByManifests(List<Manifest> manifests, List<ZipArchiveEntry> entries)
    {
        var counted = manifests.Where(manifest => !manifests.Exists(other => other != manifest && other.IsAbove(manifest))).ToList();
        var parts = new List<ZipArchiveEntry>();
        foreach (var manifest in counted.OrderBy(manifest => manifest.Path, StringComparer.Ordinal))
        {
            var found = manifest.Keys.ConvertAll(key => (Key: key, Entry: entries.Find(entry => SamePath(entry.FullName, key))));
            var missing = found.Where(part => part.Entry is null).Select(part => part.Key).ToList();
            if (missing.Count > 0)
            {
                throw new UnreadableFileException(
                    string.Create(CultureInfo.InvariantCulture, $"The manifest {manifest.Path} names {missing.Count:N0} of {found.Count:N0} data files that are not in the archive: {Some(missing)}."),
                    "Copy the whole folder of the billing period from the bucket and pack it again.");
            }

            parts.AddRange(found.Select(part => part.Entry!).Where(entry => !parts.Contains(entry)));
        }

        if (parts.Find(part => !IsCsv(part)) is { } other)
        {
            throw new UnreadableFileException(
                $"The manifest names {other.FullName}, which is not CSV.", "Set the report's format to CSV (gzip or plain) at the provider and upload those files.");
        }

        return parts;
    }

    private static List<ZipArchiveEntry> WithoutManifest(List<ZipArchiveEntry> entries)
    {
        var parts = entries.Where(IsCsv).OrderBy(entry => entry.FullName, StringComparer.Ordinal).ToList();
        var twice = parts.GroupBy(entry => NameOf(entry.FullName), StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1);
        return twice is null
            ? parts
            : throw new UnreadableFileException(
                $"The ZIP archive holds the file {twice.Key} in {twice.Count()} folders and no manifest that says which one counts: they may be versions of one report.",
                PackAgain);
    }

    /// <summary>The archive may begin anywhere in the bucket: below the prefix, or with folders around it.</summary>
    private static bool SamePath(string path, string key) =>
        path == key || key.EndsWith("/" + path, StringComparison.Ordinal) || path.EndsWith("/" + key, StringComparison.Ordinal);

    private static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];

    private static string Some(IEnumerable<string> names)
    {
        var all = names.ToList();
        return string.Join(", ", all.Take(MostNamed)) + (all.Count > MostNamed ? string.Create(CultureInfo.InvariantCulture, $" and {all.Count - MostNamed:N0} more") : "");
    }

    private sealed record Manifest(string Path, List<string> Keys)
    {
        private string Folder => Path[..(Path.LastIndexOf('/') + 1)];

        /// <summary>Whether this one speaks for a version whose manifest lies in a folder below.</summary>
        public bool IsAbove(Manifest other) =>
            other.Folder.Length > Folder.Length && other.Folder.StartsWith(Folder, StringComparison.Ordinal) && NameOf(other.Path) == NameOf(Path);
    }
}
