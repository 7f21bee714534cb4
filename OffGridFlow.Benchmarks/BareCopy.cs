using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using Npgsql;
using NpgsqlTypes;

namespace OffGridFlow.Benchmarks;

/// <param name="ParseAndCopySeconds">Unpack, split and binary COPY in one thread.</param>
/// <param name="CopySeconds">Binary COPY of the same lines from bytes already made: the server's share, which no import can undercut.</param>
internal sealed record BareCopyResult(double ParseAndCopySeconds, double CopySeconds);

/// <summary>Loads the columns of a bill line into a plain logged table without indexes.</summary>
internal static class BareCopy
{
    private const string Table = "offgridflow_bare_copy";
    private const string Columns = "line, kind, billing_month, usage_month, charge, amount, cost, usage_start, usage_end, resource, tags";

    public static async Task<BareCopyResult> MeasureAsync(string connectionString, string bill, string bytesFile, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        await ExecuteAsync(connection, $"drop table if exists {Table}", cancellationToken);
        await ExecuteAsync(connection, $"""
            create table {Table} (line bigint, kind int, billing_month date, usage_month date, charge text, amount numeric, cost numeric,
                usage_start timestamptz, usage_end timestamptz, resource text, tags text)
            """, cancellationToken);
        try
        {
            var watch = Stopwatch.StartNew();
            await LoadAsync(connection, bill, cancellationToken);
            var parseAndCopy = watch.Elapsed.TotalSeconds;

            await using (var from = await connection.BeginRawBinaryCopyAsync($"copy {Table} ({Columns}) to stdout (format binary)", cancellationToken))
            await using (var file = File.Create(bytesFile))
                await from.CopyToAsync(file, cancellationToken);
            await ExecuteAsync(connection, $"truncate {Table}", cancellationToken);
            await ExecuteAsync(connection, "checkpoint", cancellationToken);

            watch.Restart();
            await using (var file = File.OpenRead(bytesFile))
            await using (var to = await connection.BeginRawBinaryCopyAsync($"copy {Table} ({Columns}) from stdin (format binary)", cancellationToken))
                await file.CopyToAsync(to, 1 << 20, cancellationToken);
            return new(parseAndCopy, watch.Elapsed.TotalSeconds);
        }
        finally
        {
            await ExecuteAsync(connection, $"drop table {Table}", CancellationToken.None);
        }
    }

    private static async Task LoadAsync(NpgsqlConnection connection, string bill, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(bill);
        await using var gzip = new GZipStream(file, CompressionMode.Decompress);
        using var reader = new StreamReader(gzip, Encoding.UTF8, false, 1 << 20);
        var header = (await reader.ReadLineAsync(cancellationToken))!.Split(',');
        var wanted = new Fields(header);
        var kinds = new Dictionary<string, int>();
        await using var writer = await connection.BeginBinaryImportAsync($"copy {Table} ({Columns}) from stdin (format binary)", cancellationToken);
        var number = 1L;
        var bounds = new Range[header.Length];
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            Split(line, bounds);
            wanted.Write(writer, ++number, line, bounds, kinds);
        }

        await writer.CompleteAsync(cancellationToken);
    }

    /// <summary>Our bills have no line ends within fields, which keeps this to one pass over a line.</summary>
    private static void Split(ReadOnlySpan<char> line, Range[] bounds)
    {
        var field = 0;
        var start = 0;
        var quoted = false;
        for (var at = 0; at < line.Length; at++)
        {
            if (line[at] == '"')
                quoted = !quoted;
            else if (line[at] == ',' && !quoted)
            {
                bounds[field++] = start..at;
                start = at + 1;
            }
        }

        bounds[field] = start..line.Length;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private sealed class Fields(string[] header)
    {
        private static readonly string[] KindColumns =
            ["lineItem/UsageAccountId", "lineItem/ProductCode", "product/region", "product/regionCode", "lineItem/UsageType", "pricing/unit", "product/instanceType", "lineItem/CurrencyCode"];

        private readonly int[] kind = [.. KindColumns.Select(column => Array.IndexOf(header, column))];
        private readonly int billingMonth = Array.IndexOf(header, "bill/BillingPeriodStartDate");
        private readonly int type = Array.IndexOf(header, "lineItem/LineItemType");
        private readonly int start = Array.IndexOf(header, "lineItem/UsageStartDate");
        private readonly int end = Array.IndexOf(header, "lineItem/UsageEndDate");
        private readonly int amount = Array.IndexOf(header, "lineItem/UsageAmount");
        private readonly int cost = Array.IndexOf(header, "lineItem/UnblendedCost");
        private readonly int resource = Array.IndexOf(header, "lineItem/ResourceId");
        private readonly int firstTag = Array.FindIndex(header, column => column.StartsWith("resourceTags/", StringComparison.Ordinal));
        private readonly StringBuilder key = new();

        public void Write(NpgsqlBinaryImporter writer, long number, string line, Range[] bounds, Dictionary<string, int> kinds)
        {
            key.Clear();
            foreach (var column in kind)
                key.Append(line.AsSpan(bounds[column])).Append('\u001f');
            var text = key.ToString();
            if (!kinds.TryGetValue(text, out var index))
                kinds[text] = index = kinds.Count;
            var usageStart = Time(line.AsSpan(bounds[start]));
            writer.StartRow();
            writer.Write(number, NpgsqlDbType.Bigint);
            writer.Write(index, NpgsqlDbType.Integer);
            writer.Write(DateOnly.FromDateTime(Time(line.AsSpan(bounds[billingMonth]))), NpgsqlDbType.Date);
            writer.Write(new DateOnly(usageStart.Year, usageStart.Month, 1), NpgsqlDbType.Date);
            writer.Write(line[bounds[type]], NpgsqlDbType.Text);
            WriteNumber(writer, line.AsSpan(bounds[amount]));
            WriteNumber(writer, line.AsSpan(bounds[cost]));
            writer.Write(usageStart, NpgsqlDbType.TimestampTz);
            writer.Write(Time(line.AsSpan(bounds[end])), NpgsqlDbType.TimestampTz);
            writer.Write(line[bounds[resource]], NpgsqlDbType.Text);
            writer.Write(line[bounds[firstTag].Start..], NpgsqlDbType.Text);
        }

        private static void WriteNumber(NpgsqlBinaryImporter writer, ReadOnlySpan<char> text)
        {
            if (text.IsEmpty)
                writer.WriteNull();
            else
                writer.Write(decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture), NpgsqlDbType.Numeric);
        }

        private static DateTime Time(ReadOnlySpan<char> text) => DateTime.ParseExact(
            text, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
    }
}
