using static OffGridFlow.Infrastructure.ActivityData.EntryProblems;

namespace OffGridFlow.Infrastructure.ActivityData;

/// <summary>Whether the days of an entry can be: in order, over, no longer than a year, and while the site was open.</summary>
internal static class EntryDays
{
    private const int LongestDays = 366;

    public static void Check(EntryInput input, EntrySite? site, DateOnly today, List<EntryProblem> problems)
    {
        if (input.From == default || input.To == default)
        {
            problems.Error("days-missing", input.From == default ? "from" : "to", "Say the first and the last day of the period, both of which count.");
            return;
        }

        if (input.To < input.From)
        {
            problems.Error("days-reversed", "to", $"The last day, {Day(input.To)}, is before the first, {Day(input.From)}. Exchange them or correct one.");
            return;
        }

        if (input.From.Year < 1990)
        {
            problems.Error("too-early", "from", $"{Day(input.From)} is before 1990, the first year of greenhouse gas inventories. Check the year.");
        }

        if (input.To.DayNumber - input.From.DayNumber + 1 > LongestDays)
        {
            problems.Error("longer-than-a-year", "to", $"{Day(input.From)} to {Day(input.To)} is longer than a year. Enter one row for each year, or better for each bill.");
        }

        // The site may be a day ahead of the server's calendar.
        if (input.To > today.AddDays(1))
        {
            problems.Error("future-dates", "to", $"{Day(input.To)} lies ahead: what has not been used yet cannot be entered. Enter it when the period is over, or end the period today.");
        }

        if (site?.OpenedOn is { } opened && input.From < opened)
        {
            problems.Error("before-site-opened", "from", $"{site.Name} opened on {Day(opened)}; the entry begins on {Day(input.From)}. Correct the day here, or the opening of the site on the page Organization.");
        }

        if (site?.ClosedOn is { } closed && input.To > closed)
        {
            problems.Error("after-site-closed", "to", $"{site.Name} closed on {Day(closed)}; the entry ends on {Day(input.To)}. Correct the day here, or the closing of the site on the page Organization.");
        }
    }
}
