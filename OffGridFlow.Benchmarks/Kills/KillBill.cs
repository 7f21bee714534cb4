using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using OffGridFlow.Infrastructure.Imports.Samples;

namespace OffGridFlow.Benchmarks.Kills;

/// <summary>An account and a month: a billing month, or that of a usage.</summary>
internal readonly record struct AccountMonth(string Account, DateOnly Month);

/// <summary>What a reader that shares nothing with the product's makes of one line of a bill.</summary>
/// <param name="LineId">Same line, same text: id and times of the line.</param>
internal sealed record KillRow(string LineId, AccountMonth Billed, DateOnly UsageMonth, bool IsUsage, decimal Cost);

/// <summary>A file that the campaign uploads, with its rows.</summary>
/// <param name="Group">Files of one group bill the same months, files of different groups never.</param>
internal sealed record KillBill(string Name, int Group, byte[] Bytes, IReadOnlyDictionary<AccountMonth, KillRow[]> Periods)
{
    private const int Groups = 3;

    public string Sha256 { get; } = Convert.ToHexStringLower(SHA256.HashData(Bytes));

    public int Rows { get; } = Periods.Values.Sum(rows => rows.Length);

    /// <summary>Five files for each group: small and large, plain and gzip, of all its months and of some, and one that shares lines with another.</summary>
    /// <param name="largest">Rows of the largest; the others are parts of it.</param>
    public static IReadOnlyList<KillBill> CreateAll(int seed, int largest)
    {
        var bills = new List<KillBill>();
        for (var group = 0; group < Groups; group++)
        {
            var first = new DateOnly(2023, 1 + (3 * group), 1);
            SampleBillOptions Options(int part, int number, int accounts, int months) => new()
            {
                Rows = largest / part, Seed = (seed * 31) + (group * 10) + number, Accounts = accounts, FirstMonth = first, Months = months,
            };
            var small = Text(Options(20, 1, 2, 2));
            bills.Add(Create("small.csv", group, small, gzip: false));
            bills.Add(Create("medium.csv.gz", group, Text(Options(3, 2, 3, 3)), gzip: true));
            bills.Add(Create("large.csv.gz", group, Text(Options(1, 3, 3, 3)), gzip: true));
            bills.Add(Create("part.csv", group, Text(Options(10, 4, 2, 1)), gzip: false));
            bills.Add(Create("overlap.csv", group, Overlap(small, Text(Options(30, 5, 2, 2))), gzip: false));
        }

        return bills;
    }

    private static string Text(SampleBillOptions options)
    {
        using var stream = new MemoryStream();
        SampleBill.WriteCsv(stream, options, CancellationToken.None);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>Every second line of one, then all lines of the other.</summary>
    private static string Overlap(string one, string other)
    {
        var lines = one.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return string.Join('\n', lines.Take(1).Concat(lines.Skip(1).Where((_, place) => place % 2 == 0)).Concat(other.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1))) + "\n";
    }

    private static KillBill Create(string name, int group, string text, bool gzip)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        if (gzip)
        {
            using var packed = new MemoryStream();
            using (var stream = new GZipStream(packed, CompressionLevel.Fastest))
                stream.Write(bytes);
            bytes = packed.ToArray();
        }

        var periods = Read(text).GroupBy(row => row.Billed).ToDictionary(rows => rows.Key, rows => rows.ToArray());
        return new KillBill(string.Create(CultureInfo.InvariantCulture, $"{(char)('a' + group)}-{name}"), group, bytes, periods);
    }

    private static IEnumerable<KillRow> Read(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var headings = Fields(lines[0]);
        int id = headings.IndexOf("identity/LineItemId"), account = headings.IndexOf("lineItem/UsageAccountId"), billed = headings.IndexOf("bill/BillingPeriodStartDate"),
            type = headings.IndexOf("lineItem/LineItemType"), start = headings.IndexOf("lineItem/UsageStartDate"), end = headings.IndexOf("lineItem/UsageEndDate"),
            cost = headings.IndexOf("lineItem/UnblendedCost");
        foreach (var line in lines.Skip(1))
        {
            var fields = Fields(line);
            yield return new KillRow(
                $"{fields[id]} {fields[start]} {fields[end]}", new AccountMonth(fields[account], Month(fields[billed])), Month(fields[start]),
                fields[type] is "Usage" or "DiscountedUsage" or "SavingsPlanCoveredUsage", decimal.Parse(fields[cost], NumberStyles.Float, CultureInfo.InvariantCulture));
        }
    }

    private static DateOnly Month(string time) => DateOnly.ParseExact(time.AsSpan(0, 7), "yyyy-MM", CultureInfo.InvariantCulture);

    /// <summary>The sample bills have quoted fields, but no quotation mark and no line break inside one.</summary>
    private static List<string> Fields(string line)
    {
        var fields = new List<string>(128);
        for (var at = 0; at <= line.Length;)
        {
            var quoted = at < line.Length && line[at] == '"';
            var stop = quoted ? line.IndexOf('"', at + 1) + 1 : line.IndexOf(',', at);
            stop = stop < 0 ? line.Length : stop;
            fields.Add(quoted ? line[(at + 1)..(stop - 1)] : line[at..stop]);
            at = stop + 1;
        }

        return fields;
    }
}
