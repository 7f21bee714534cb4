using System.Globalization;
using OffGridFlow.Core.ActivityData;
using OffGridFlow.Core.Imports.Sheets;
using OffGridFlow.Infrastructure.ActivityData;
using OffGridFlow.Infrastructure.Calculation;
using OffGridFlow.Infrastructure.Imports;
using OffGridFlow.Infrastructure.Imports.Sheets;
using OffGridFlow.Infrastructure.Imports.Sheets.Interpreting;
using OffGridFlow.Infrastructure.Imports.Sheets.Reading;

namespace OffGridFlow.Tests.Imports.Sheets.Corpus;

/// <summary>Hostile and careless files, each with its outcome, read by the plan that they suggest.</summary>
public sealed class SheetCorpusTests
{
    private static readonly Lazy<SheetWords> Words = new(() =>
    {
        var library = new CalculationReference().Library;
        return new SheetWords(
            new EntryVocabulary(library.Units, library.Types, library.Gwp, library.Factors),
            [new EntrySite(Guid.CreateVersion7(), "Leeds", "GB", null, null), new EntrySite(Guid.CreateVersion7(), "Werk Gdańsk", "PL", null, null)], [new DateOnly(2025, 1, 1)],
            new AccountMaps([
                Map(vendor: "Stadtwerke", isCountedPhysically: true), Map(account: "6520", isCountedPhysically: true), Map(account: "4711", activityType: "spend-legal"),
            ]));
    });

    /// <summary>As the product has them, but that a bomb need not be large.</summary>
    private static readonly SheetLimits Limits = new() { Text = new SheetLimits().Text with { RatioFreeBytes = 1 << 20 } };

    public static TheoryData<string> Names => [.. SheetCorpus.All.Select(item => item.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Read_OfAFile_HasItsOutcome(string name)
    {
        var item = SheetCorpus.All.Single(other => other.Name == name);

        var outcome = OutcomeOf(item.Bytes(), item.FileName, item.Culture);

        if (item.Expected.StartsWith("refused", StringComparison.Ordinal))
        {
            outcome.ShouldStartWith(item.Expected);
        }
        else
        {
            outcome.ShouldBe(item.Expected);
        }
    }

    [Theory]
    [InlineData("months as first days, a total below", "2025-01-01 to 2025-01-31, 2025-02-01 to 2025-02-28")]
    [InlineData("months as columns, the year in a title", "2025-01-01 to 2025-01-31, 2025-02-01 to 2025-02-28, 2025-03-01 to 2025-03-31")]
    [InlineData("months as columns of a fiscal year", "2024-04-01 to 2024-04-30, 2024-05-01 to 2024-05-31, 2024-12-01 to 2024-12-31, 2025-01-01 to 2025-01-31, 2025-03-01 to 2025-03-31")]
    [InlineData("months as columns, the year in the sheet's name", "2025-01-01 to 2025-01-31, 2025-02-01 to 2025-02-28")]
    [InlineData("months in cells, the year in the title", "2025-01-01 to 2025-01-31, 2025-02-01 to 2025-02-28")]
    [InlineData("months in cells, the year in the file's name", "2025-01-01 to 2025-01-31, 2025-02-01 to 2025-02-28")]
    public void Read_OfMonths_CoversThem(string name, string days)
    {
        var item = SheetCorpus.All.Single(other => other.Name == name);

        var read = Entries(item.Bytes(), item.FileName, item.Culture, out _);

        string.Join(", ", read.Where(entry => entry.Input is not null).Select(entry => string.Create(CultureInfo.InvariantCulture, $"{entry.Input!.From:yyyy-MM-dd} to {entry.Input.To:yyyy-MM-dd}"))).ShouldBe(days);
    }

    [Theory]
    [InlineData("categories as people write them", "7, 7, 7, 7, 7, 6, -, 7, 7")]
    [InlineData("categories in German", "7, 6, 7")]
    [InlineData("category of the activity under a heading that says no more", "-")]
    [InlineData("category of a grouping of one's own", "-")]
    public void Read_OfCategories_HasThem(string name, string categories)
    {
        var item = SheetCorpus.All.Single(other => other.Name == name);

        var read = Entries(item.Bytes(), item.FileName, item.Culture, out _);

        string.Join(", ", read.Where(entry => entry.Input is not null).Select(entry => entry.Input!.Category?.ToString(CultureInfo.InvariantCulture) ?? "-")).ShouldBe(categories);
    }

    [Fact]
    public void Corpus_HasAtLeastSixtyFilesOfDifferentNames() => SheetCorpus.All.Select(item => item.Name).Distinct().Count().ShouldBeGreaterThanOrEqualTo(60);

    [Fact]
    public void Read_OfAnyTableInAnyLocale_ReadsBackEqual()
    {
        // The seed is written down: what fails once fails again.
        var random = new Random(20261122);
        for (var round = 0; round < 120; round++)
        {
            var locale = SheetLocale.All[round % SheetLocale.All.Count];
            var delimiter = ";\t|"[round % 3];
            var rows = Enumerable.Range(0, 20).Select(_ => (
                Value: Math.Round((decimal)(random.NextDouble() * Math.Pow(10, random.Next(0, 9))), random.Next(0, 5)),
                Day: new DateOnly(2020, 1, 1).AddDays(random.Next(0, 1800)))).ToList();
            var text = string.Join('\n', rows.Select(row => string.Join(delimiter, "Leeds", "Electricity", Number(row.Value, locale, random), "kWh", Day(row.Day, locale), Day(row.Day, locale)))
                .Prepend(string.Join(delimiter, "Site", "Activity type", "Quantity", "Unit", "From", "To")));

            var read = Entries(System.Text.Encoding.UTF8.GetBytes(text), "a.csv", locale.Code, out _);

            read.ShouldAllBe(entry => entry.Input != null, $"round {round.ToString(CultureInfo.InvariantCulture)}, {locale.Code}");
            read.Select(entry => (entry.Input!.Quantity!.Value, entry.Input.From)).ShouldBe(rows.Select(row => (row.Value, row.Day)), locale.Code);
        }
    }

    private static string Number(decimal value, SheetLocale locale, Random random)
    {
        var plain = value.ToString(random.Next(2) == 0 ? "#,##0.#####" : "0.#####", CultureInfo.InvariantCulture);
        return plain.Replace(',', '\u0001').Replace('.', locale.DecimalMark).Replace('\u0001', locale.GroupMarks[random.Next(locale.GroupMarks.Length)]);
    }

    private static string Day(DateOnly day, SheetLocale locale) => day.ToString(locale.Order switch
    {
        DateOrder.DayMonthYear => "dd/MM/yyyy", DateOrder.MonthDayYear => "MM/dd/yyyy", _ => "yyyy-MM-dd",
    }, CultureInfo.InvariantCulture);

    private static AccountMap Map(string? vendor = null, string? account = null, string? activityType = null, bool isCountedPhysically = false) => new()
    {
        Id = Guid.CreateVersion7(), TenantId = Guid.Empty, Vendor = vendor, Account = account, ActivityType = activityType, IsCountedPhysically = isCountedPhysically,
        Reason = isCountedPhysically ? "kWh by meter" : null,
    };

    private static List<SheetReadEntry> Entries(byte[] bytes, string fileName, string? culture, out (SheetView View, int Hidden) seen)
    {
        using var content = new MemoryStream(bytes);
        using var file = SheetFile.Open(content, fileName, Limits);
        var analysis = new SheetAnalysis(file, Words.Value, fileName);
        var (plan, _) = analysis.Suggest();
        plan = plan with { Culture = culture ?? plan.Culture };
        var interpreter = new SheetInterpreter(plan, Words.Value, new DateOnly(2026, 3, 10), file.Is1904, _ => null);
        var (all, some, hidden) = (new List<SheetReadEntry>(), new List<SheetReadEntry>(), 0);
        using var reader = file.Open(plan.Sheet);
        while (reader.Read())
        {
            if (reader.Line < plan.HeadingRow + plan.HeadingRows && plan.HeadingRow > 0)
            {
                continue;
            }

            if (reader.IsHidden)
            {
                hidden++;
                continue;
            }

            interpreter.Read(reader, some, []);
            all.AddRange(some);
        }

        seen = (analysis.Look(plan), hidden);
        return all;
    }

    private static string OutcomeOf(byte[] bytes, string fileName, string? culture)
    {
        try
        {
            var entries = Entries(bytes, fileName, culture, out var seen);
            var good = entries.Where(entry => entry.Input is not null).ToList();
            var parts = new List<string> { string.Create(CultureInfo.InvariantCulture, $"{good.Count} good = {good.Sum(entry => entry.Input!.Quantity!.Value):0.#####}") };
            parts.AddRange(entries.SelectMany(entry => entry.Faults).GroupBy(fault => fault.Code).OrderBy(codes => codes.Key, StringComparer.Ordinal)
                .Select(codes => string.Create(CultureInfo.InvariantCulture, $"{codes.Key}×{codes.Count()}")));
            parts.AddRange(good.Where(entry => entry.Notice is not null).GroupBy(entry => entry.Notice!.Split(':')[^1]).Select(told => string.Create(CultureInfo.InvariantCulture, $"told×{told.Count()}:{told.Key}")));
            parts.AddRange(seen.View.Questions.Select(question => $"asks {question.Field?.ToString() ?? question.Code}"));
            if (seen.Hidden > 0)
            {
                parts.Add(string.Create(CultureInfo.InvariantCulture, $"{seen.Hidden} hidden"));
            }

            return string.Join("; ", parts);
        }
        catch (UnreadableFileException exception)
        {
            return "refused: " + exception.Message;
        }
    }
}
