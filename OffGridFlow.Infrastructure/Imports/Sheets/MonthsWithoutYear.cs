using System.Globalization;
using System.Text.RegularExpressions;
using OffGridFlow.Core.Imports.Sheets;

namespace OffGridFlow.Infrastructure.Imports.Sheets;

/// <summary>Months that a sheet names without their year, “Januar” over a column or in a cell: of which year they are is said by a title, the sheet's name, the file's name, or a person.</summary>
internal static partial class MonthsWithoutYear
{
    /// <summary>In the order of the sheet, 1 to 12; empty where each month has its year.</summary>
    public static IReadOnlyList<int> In(SheetPlan plan, IReadOnlyList<SheetColumnSample> columns)
    {
        var texts = plan.Columns.Where(use => use.Field == SheetField.Quantity).Select(use => use.With?.GetValueOrDefault(SheetField.Period))
            .Append(plan.Fixed.GetValueOrDefault(SheetField.Period))
            .Concat(plan.Columns.Where(use => use.Field is SheetField.Period or SheetField.From or SheetField.To && use.Column < columns.Count)
                .SelectMany(use => columns[use.Column].Values.Where(cell => cell.Kind == SheetCellKind.Text).Select(cell => cell.Text)));
        return [.. texts.OfType<string>().Select(SheetDays.MonthAlone).OfType<int>()];
    }

    /// <summary>The month that the twelve begin with, where the first of the sources that names a year leaves no doubt; null where somebody has to say it.</summary>
    /// <param name="months">As <see cref="In"/> gives them.</param>
    /// <param name="sources">Titles above the headings, the sheet's name, the file's name: each the texts of one source.</param>
    public static DateOnly? FirstOf(IReadOnlyList<int> months, IEnumerable<IEnumerable<string>> sources)
    {
        var years = sources.Select(YearsIn).FirstOrDefault(found => found.Count > 0) ?? [];
        if (months.Count == 0 || years.Count is 0 or > 2)
        {
            return null;
        }

        // April to March: the year of the first month is that of the title only where the title names both.
        var isTurned = months.Zip(months.Skip(1)).Any(pair => pair.Second < pair.First) && months.Distinct().Count() == months.Count;
        return (years.Count, isTurned) switch
        {
            (1, false) => new DateOnly(years.Min, 1, 1),
            (2, true) when years.Max == years.Min + 1 => new DateOnly(years.Min, months[0], 1),
            _ => null,
        };
    }

    /// <summary>Years that stand alone; <c>2024/25</c> are two. The year of a day says when a file was written rather than what it holds.</summary>
    private static SortedSet<int> YearsIn(IEnumerable<string> texts)
    {
        var years = new SortedSet<int>();
        foreach (var match in texts.SelectMany(text => Year().Matches(text)))
        {
            var first = int.Parse(match.Groups["y"].Value, CultureInfo.InvariantCulture);
            if (match.Groups["n"] is { Success: true, Value: var next })
            {
                // 2024/25 and 2024-2025; 2025-03 is a month.
                if (int.Parse(next, CultureInfo.InvariantCulture) != (next.Length == 4 ? first + 1 : (first + 1) % 100))
                {
                    continue;
                }

                years.Add(first + 1);
            }

            years.Add(first);
        }

        return years;
    }

    [GeneratedRegex(@"(?<![\d./\-])(?<y>20\d{2})(?:\s?[/\-\u2013]\s?(?<n>20\d{2}|\d{2}))?(?![\d./\-]\d|\d)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Year();
}
