using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Infrastructure.Reports.Excel;

namespace OffGridFlow.Infrastructure.Assurance;

/// <summary>A file of an evidence export as its manifest lists it.</summary>
/// <param name="Rows">Without the heads; null for what is no table.</param>
internal sealed record EvidenceFile(string Name, string Sha256, long Bytes, long? Rows);

/// <summary>Files written one after the other into a ZIP that leaves while it is written; the hash of each is taken on the way.</summary>
internal sealed class EvidenceZip(PipeStream stream, ZipArchive archive, DateTimeOffset at)
{
    public List<EvidenceFile> Files { get; } = [];

    /// <param name="rows">Cells of a line; null is empty.</param>
    public async Task WriteTableAsync(string name, string heads, IAsyncEnumerable<string?[]> rows, CancellationToken cancellationToken)
    {
        var columns = heads.Split(',').Length;
        await using var file = Open(name);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (bytes, count) = (0L, 0L);
        var line = new StringBuilder(heads).Append('\n');
        void Write()
        {
            var text = Encoding.UTF8.GetBytes(line.ToString());
            file.Write(text);
            hash.AppendData(text);
            bytes += text.Length;
            line.Clear();
        }

        Write();
        await foreach (var cells in rows.WithCancellation(cancellationToken))
        {
            if (cells.Length != columns)
            {
                throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{name} has {columns} columns and a line of {cells.Length} cells."));
            }

            Append(line, cells);
            Write();
            count++;
            await stream.FlushWhenFullAsync(cancellationToken);
        }

        Files.Add(new EvidenceFile(name, Convert.ToHexStringLower(hash.GetHashAndReset()), bytes, count));
    }

    public async Task WriteAsync(string name, byte[] content, CancellationToken cancellationToken)
    {
        await using (var file = Open(name))
        {
            file.Write(content);
        }

        Files.Add(new EvidenceFile(name, Convert.ToHexStringLower(SHA256.HashData(content)), content.Length, null));
        await stream.FlushWhenFullAsync(cancellationToken);
    }

    /// <summary>All digits, without the zeros that end a stored number.</summary>
    public static string? Number(decimal? value) => value?.Normalized().ToString(CultureInfo.InvariantCulture);

    public static string? Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static string Month(DateOnly month) => month.ToString("yyyy-MM", CultureInfo.InvariantCulture);

    public static string Instant(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    public static string Count(long value) => value.ToString(CultureInfo.InvariantCulture);

    public static string YesNo(bool value) => value ? "yes" : "no";

    public static string Lower(string name) => name.ToLowerInvariant();

    private Stream Open(string name)
    {
        var entry = archive.CreateEntry(name, CompressionLevel.Fastest);
        entry.LastWriteTime = at;
        return entry.Open();
    }

    /// <summary>RFC 4180, with a line feed alone.</summary>
    private static void Append(StringBuilder line, string?[] cells)
    {
        for (var i = 0; i < cells.Length; i++)
        {
            if (i > 0)
            {
                line.Append(',');
            }

            if (cells[i] is not { Length: > 0 } cell)
            {
                continue;
            }

            if (cell.AsSpan().IndexOfAny(",\"\r\n") >= 0)
            {
                line.Append('"').Append(cell.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
            }
            else
            {
                line.Append(cell);
            }
        }

        line.Append('\n');
    }
}
