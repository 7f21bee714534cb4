using System.Globalization;

namespace OffGridFlow.Web.Shared;

/// <summary>
/// Days, months and instants as text for people, in the order and with the signs of the reader's choice (<see cref="Formats"/>); names
/// of months are words and stay English. Instants are shown in UTC, which the page's footer says once.
/// </summary>
public static class Dates
{
    private static readonly CultureInfo Words = CultureInfo.GetCultureInfo("en-US");

    private static (string Day, string Time, string Seconds) Patterns => CultureInfo.CurrentCulture.Name switch
    {
        "en-US" => ("MMM d, yyyy", "h:mm\u00A0tt", "h:mm:ss\u00A0tt"),
        "de-DE" => ("dd.MM.yyyy", "HH:mm", "HH:mm:ss"),
        "fr-FR" => ("dd/MM/yyyy", "HH:mm", "HH:mm:ss"),
        _ => ("d MMM yyyy", "HH:mm", "HH:mm:ss"),
    };

    /// <summary>E.g. <c>November 2023</c>.</summary>
    public static string Month(DateOnly month) => month.ToString("MMMM yyyy", Words);

    /// <summary>E.g. <c>Nov 2023</c>: columns.</summary>
    public static string ShortMonth(DateOnly month) => month.ToString("MMM yyyy", Words);

    /// <summary>E.g. <c>Nov</c>: axes.</summary>
    public static string MonthName(DateOnly month) => month.ToString("MMM", Words);

    /// <summary><c>November 2023</c>, <c>March to May 2024</c> or <c>November 2023 to March 2024</c>.</summary>
    public static string Months(DateOnly first, DateOnly last)
    {
        if (first.Year != last.Year) return Month(first) + " to " + Month(last);
        return first.Month == last.Month ? Month(first) : first.ToString("MMMM", Words) + " to " + Month(last);
    }

    /// <summary>Whole months by their names, e.g. <c>Mar 2026</c>; other days by both ends.</summary>
    /// <param name="last">Inclusive.</param>
    public static string Days(DateOnly first, DateOnly last) => first == last ? Day(first)
        : first.Day != 1 || last.AddDays(1).Day != 1 ? $"{Day(first)} to {Day(last)}"
        : first.AddMonths(1) > last ? ShortMonth(first) : $"{ShortMonth(first)} to {ShortMonth(last)}";

    /// <summary>E.g. <c>Mar 31, 2026</c>, <c>31 Mar 2026</c>, <c>31.03.2026</c>, <c>31/03/2026</c>.</summary>
    public static string Day(DateOnly day) => day.ToString(Patterns.Day, Words);

    /// <summary>Day and minute in UTC, without saying so.</summary>
    public static string Instant(DateTimeOffset instant) => instant.UtcDateTime.ToString(Patterns.Day + ", " + Patterns.Time, Words);

    /// <summary>Day and second with the zone: where one instant stands alone.</summary>
    public static string Exact(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString(Patterns.Day + ", " + Patterns.Seconds, Words) + Format.NoBreakSpace + "UTC";

    /// <summary>A month as it stands in URLs and keys: <c>2023-11</c>.</summary>
    public static string Key(DateOnly month) => month.ToString("yyyy-MM", CultureInfo.InvariantCulture);

    public static DateOnly? ParseMonth(string? key) =>
        DateOnly.TryParseExact(key, ["yyyy-MM", "yyyy-MM-dd"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? new DateOnly(day.Year, day.Month, 1) : null;

    public static DateOnly LastDay(DateOnly month) => new(month.Year, month.Month, DateTime.DaysInMonth(month.Year, month.Month));

    /// <summary>What took less than ten seconds is told with tenths: <c>0.3 s</c>, <c>6 min 12 s</c>.</summary>
    public static string Brief(TimeSpan duration) => duration.TotalSeconds < 10
        ? Format.Number((decimal)Math.Max(0, duration.TotalSeconds), 1) + Format.NoBreakSpace + "s"
        : Duration(duration);

    /// <summary>Columns of what has just been: <c>09:05</c> today, <c>Thu 16:20</c> within a week, <c>3 Nov 16:20</c> within the year, else with the year too.</summary>
    public static string Recent(DateTimeOffset instant, DateTimeOffset now) => Recent(instant, now, "HH:mm");

    /// <summary>The same to the second.</summary>
    public static string RecentExact(DateTimeOffset instant, DateTimeOffset now) => Recent(instant, now, "HH:mm:ss");

    private static string Recent(DateTimeOffset instant, DateTimeOffset now, string time)
    {
        var days = (now.UtcDateTime.Date - instant.UtcDateTime.Date).TotalDays;
        var day = days < 1 ? "" : days < 7 ? "ddd " : instant.UtcDateTime.Year == now.UtcDateTime.Year ? "d MMM " : "d MMM yyyy, ";
        return instant.UtcDateTime.ToString(day + time, CultureInfo.CurrentCulture);
    }

    /// <summary>E.g. <c>12 s</c>, <c>4 min 10 s</c>, <c>2 h 5 min</c>.</summary>
    public static string Duration(TimeSpan duration) => duration switch
    {
        { TotalSeconds: < 1 } => "less than 1 s",
        { TotalMinutes: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{duration.Seconds} s"),
        { TotalHours: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{duration.Minutes} min {duration.Seconds} s"),
        _ => string.Create(CultureInfo.CurrentCulture, $"{(int)duration.TotalHours} h {duration.Minutes} min"),
    };
}
