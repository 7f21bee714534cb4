using System.Globalization;

namespace OffGridFlow.Web.Shared;

/// <summary>Days, months and instants as text for people. Instants are shown in UTC, which the page's footer says once.</summary>
public static class Dates
{
    /// <summary>E.g. <c>November 2023</c>.</summary>
    public static string Month(DateOnly month) => month.ToString("MMMM yyyy", CultureInfo.CurrentCulture);

    /// <summary>E.g. <c>Nov 2023</c>: columns and axes.</summary>
    public static string ShortMonth(DateOnly month) => month.ToString("MMM yyyy", CultureInfo.CurrentCulture);

    /// <summary><c>November 2023</c>, <c>March to May 2024</c> or <c>November 2023 to March 2024</c>.</summary>
    public static string Months(DateOnly first, DateOnly last)
    {
        if (first.Year != last.Year) return Month(first) + " to " + Month(last);
        return first.Month == last.Month ? Month(first) : first.ToString("MMMM", CultureInfo.CurrentCulture) + " to " + Month(last);
    }

    public static string Day(DateOnly day) => day.ToString("d MMM yyyy", CultureInfo.CurrentCulture);

    public static string Instant(DateTimeOffset instant) => instant.UtcDateTime.ToString("d MMM yyyy, HH:mm", CultureInfo.CurrentCulture);

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
    public static string Recent(DateTimeOffset instant, DateTimeOffset now)
    {
        var days = (now.UtcDateTime.Date - instant.UtcDateTime.Date).TotalDays;
        var format = days < 1 ? "HH:mm" : days < 7 ? "ddd HH:mm" : instant.UtcDateTime.Year == now.UtcDateTime.Year ? "d MMM HH:mm" : "d MMM yyyy, HH:mm";
        return instant.UtcDateTime.ToString(format, CultureInfo.CurrentCulture);
    }

    /// <summary>E.g. <c>12 s</c>, <c>4 min 10 s</c>, <c>2 h 5 min</c>.</summary>
    public static string Duration(TimeSpan duration) => duration switch
    {
        { TotalSeconds: < 1 } => "less than 1 s",
        { TotalMinutes: < 1 } => string.Create(CultureInfo.CurrentCulture, $"{duration.Seconds} s"),
        { TotalHours: < 1 } => string.Create(CultureInfo.CurrentCulture, $"{duration.Minutes} min {duration.Seconds} s"),
        _ => string.Create(CultureInfo.CurrentCulture, $"{(int)duration.TotalHours} h {duration.Minutes} min"),
    };
}
