using System.Globalization;
using System.Text;

namespace OffGridFlow.Infrastructure.Imports.Samples;

/// <summary>One billing month and its texts.</summary>
internal sealed class SampleMonth
{
    // Whole per cent, from January: quiet summers, a November of promotions.
    private static readonly int[] Season = [96, 90, 100, 98, 99, 101, 95, 93, 102, 106, 118, 110];

    private readonly byte[] prefix;
    private readonly byte[] nextDay;

    private SampleMonth(DateOnly first, long rows, bool isLast)
    {
        Rows = rows;
        Days = DateTime.DaysInMonth(first.Year, first.Month);
        var next = first.AddMonths(1);
        prefix = Encoding.ASCII.GetBytes(first.ToString("yyyy-MM-", CultureInfo.InvariantCulture));
        nextDay = Encoding.ASCII.GetBytes(next.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        InvoiceId = isLast ? [] : Encoding.ASCII.GetBytes(((first.Year * 100_000) + (first.Month * 1009)).ToString(CultureInfo.InvariantCulture));
    }

    public long Rows { get; }
    public int Days { get; }

    /// <summary>Empty in the last month, whose bill is not final yet.</summary>
    public byte[] InvoiceId { get; }

    /// <summary>Shares the rows out over the months: growth of 3 % of the first month each month, times the season.</summary>
    public static IEnumerable<SampleMonth> Create(SampleBillOptions options)
    {
        var weights = Enumerable.Range(0, options.Months)
            .Select(month => (100L + (3 * month)) * Season[options.FirstMonth.AddMonths(month).Month - 1]).ToArray();
        var all = weights.Sum();
        var one = options.Rows >= options.Months ? 1 : 0;
        var shared = options.Rows - (one * options.Months);
        var weightSoFar = 0L;
        var rowsSoFar = 0L;
        for (var month = 0; month < options.Months; month++)
        {
            weightSoFar += weights[month];
            // Differences of rounded running totals: the parts always add up to the whole.
            var rowsUpToHere = (long)((Int128)shared * weightSoFar / all);
            yield return new(options.FirstMonth.AddMonths(month), rowsUpToHere - rowsSoFar + one, month == options.Months - 1);
            rowsSoFar = rowsUpToHere;
        }
    }

    /// <param name="hour">From the start of the month; the month's last hour plus one is the next month.</param>
    /// <returns>Bytes written: 24 with milliseconds, 20 without.</returns>
    public int WriteTime(int hour, bool milliseconds, Span<byte> text)
    {
        var (day, hourOfDay) = Math.DivRem(hour, 24);
        if (day < Days)
        {
            prefix.CopyTo(text);
            WriteTwo(day + 1, text[8..]);
        }
        else
        {
            nextDay.CopyTo(text);
        }

        text[10] = (byte)'T';
        WriteTwo(hourOfDay, text[11..]);
        if (milliseconds)
        {
            ":00:00.000Z"u8.CopyTo(text[13..]);
            return 24;
        }

        ":00:00Z"u8.CopyTo(text[13..]);
        return 20;
    }

    private static void WriteTwo(int number, Span<byte> text)
    {
        var (tens, ones) = Math.DivRem(number, 10);
        text[0] = (byte)('0' + tens);
        text[1] = (byte)('0' + ones);
    }
}
