using System.Globalization;

namespace OffGridFlow.Infrastructure.ActivityData;

/// <summary>How problems of an entry are written down, and how days and amounts stand in their sentences.</summary>
internal static class EntryProblems
{
    public static void Error(this List<EntryProblem> problems, string code, string field, string message) => problems.Add(new(code, field, message, EntrySeverity.Error));

    public static void Ask(this List<EntryProblem> problems, string code, string field, string message) => problems.Add(new(code, field, message, EntrySeverity.Question));

    public static void Notice(this List<EntryProblem> problems, string code, string field, string message) => problems.Add(new(code, field, message, EntrySeverity.Notice));

    public static void Fitting(this List<EntryProblem> problems, string? text, int longest, string field, string name)
    {
        if (text is not null && (text.Length > longest || text.Contains('\0', StringComparison.Ordinal)))
        {
            problems.Error("text-too-long", field, string.Create(CultureInfo.InvariantCulture, $"The {name} has at most {longest} characters that can be printed. Shorten it."));
        }
    }

    public static string Day(DateOnly day) => day.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);

    public static string Text(decimal value) => value.ToString("#,0.############", CultureInfo.InvariantCulture);
}
