using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using OffGridFlow.Core.ActivityData;
using OffGridFlow.Infrastructure.ActivityData;
using OffGridFlow.Infrastructure.Calculation;
using OffGridFlow.Infrastructure.Imports.Sheets;
using OffGridFlow.Infrastructure.Imports.Sheets.Interpreting;
using OffGridFlow.Infrastructure.Imports.Sheets.Reading;

namespace OffGridFlow.Benchmarks;

/// <summary>
/// How long a large spreadsheet takes to its first preview and to the ledger, and what memory the application needs for it. The preview is measured in this
/// process, where nothing else runs; the load through the application.
/// </summary>
internal sealed class ScaleSheets(Arguments arguments)
{
    private const string Site = "Scale works";
    private static readonly CultureInfo German = CultureInfo.GetCultureInfo("de-DE");
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>How the table is written: a text file, or a workbook with its texts in one table or in their cells.</summary>
    private static readonly string[] Formats = ["csv", "xlsx", "xlsx-inline"];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var rows = arguments.Rows(2);
        var format = arguments.Text("format") ?? "csv";
        if (!Formats.Contains(format))
            throw new UsageException($"--format must be one of {string.Join(", ", Formats)}, not \"{format}\".");
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + (format == "csv" ? ".csv" : ".xlsx"));
        try
        {
            if (format == "csv")
                Write(path, rows);
            else
                new ScaleWorkbook(shared: format == "xlsx").Write(path, ["Standort", "Energieträger", "Menge", "Einheit", "Von", "Bis", "Zählernummer", "Bemerkung"], Rows(rows));
            Line("file", $"{rows:N0} rows, {new FileInfo(path).Length / 1e6:N1} MB, {format}");
            // What was written for the measurement is no part of it.
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            var before = ProcessMemory.ResetPeak();
            var (suggested, interpreted) = Preview(path, rows);
            Line("preview", $"{suggested:F2} s to sheet, headings, mapping and locale; {interpreted:F2} s more to read every row as an entry with its faults");
            Line("peak memory", $"{before / 1e6:N0} MB before the preview, {ProcessMemory.Peak(Environment.ProcessId) / 1e6:N0} MB at its highest");
            if (arguments.Text("load") != "no")
            {
                await LoadAsync(path, rows, cancellationToken);
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Days of meters, each with its own reference: good rows, so that all of them reach the ledger.</summary>
    private static void Write(string path, long rows)
    {
        using var writer = new StreamWriter(path, append: false, new UTF8Encoding(false), 1 << 16);
        writer.Write("Standort;Energieträger;Menge;Einheit;Von;Bis;Zählernummer\n");
        foreach (var row in Rows(rows))
        {
            writer.Write(string.Create(German, $"{row[0]};{row[1]};{row[2]:0.0};{row[3]};{row[4]:dd.MM.yyyy};{row[5]:dd.MM.yyyy};{row[6]}\n"));
        }
    }

    private static IEnumerable<object[]> Rows(long rows)
    {
        var first = new DateOnly(2022, 1, 1);
        for (long row = 0; row < rows; row++)
        {
            var day = first.AddDays((int)(row % 1000));
            yield return
            [
                Site, "Strom", 1000 + (row % 977) + (row % 10 / 10m), "kWh", day, day, string.Create(CultureInfo.InvariantCulture, $"EL-{row / 1000:D6}"),
                string.Create(CultureInfo.InvariantCulture, $"Ablesung {row:D7}"),
            ];
        }
    }

    private static (double Suggested, double Interpreted) Preview(string path, long rows)
    {
        var library = new CalculationReference().Library;
        var words = new SheetWords(new EntryVocabulary(library.Units, library.Types, library.Gwp, library.Factors), [new EntrySite(Guid.CreateVersion7(), Site, "DE", null, null)], [], AccountMaps.None);
        var watch = Stopwatch.StartNew();
        using var content = File.OpenRead(path);
        using var file = SheetFile.Open(content, path, new SheetLimits());
        var (plan, _) = new SheetAnalysis(file, words, "scale").Suggest();
        var suggested = watch.Elapsed.TotalSeconds;
        watch.Restart();
        var interpreter = new SheetInterpreter(plan, words, new DateOnly(2026, 11, 22), file.Is1904, _ => null);
        var (entries, good) = (new List<SheetReadEntry>(), 0L);
        using var reader = file.Open(plan.Sheet);
        while (reader.Read())
        {
            if (reader.Line >= plan.HeadingRow + plan.HeadingRows)
            {
                interpreter.Read(reader, entries);
                good += entries.Count(entry => entry.Input is not null);
            }
        }

        return good == rows ? (suggested, watch.Elapsed.TotalSeconds)
            : throw new InvalidOperationException(FormattableString.Invariant($"{good:N0} of {rows:N0} rows were read as good: the times mean nothing."));
    }

    private async Task LoadAsync(string path, long rows, CancellationToken cancellationToken)
    {
        await using var application = await ChildApplication.StartAsync(arguments.Text("app") ?? Repository.WebApplication(), arguments.Text("connection"), cancellationToken);
        using var client = await ImportClient.SignInAsync(application, cancellationToken);
        await client.AddSiteAsync(Site, cancellationToken);
        await client.CountSummaryMonthsAsync(cancellationToken);
        var before = application.PeakMemory();
        var watch = Stopwatch.StartNew();
        var id = await client.UploadSheetAsync(path, cancellationToken);
        var uploaded = watch.Elapsed.TotalSeconds;
        var outcome = await client.WaitAsync(id, () => { }, cancellationToken);
        var loaded = watch.Elapsed.TotalSeconds;
        var after = application.PeakMemory();
        Line("upload", $"{uploaded:F2} s until it was accepted");
        Line("load", $"{loaded:F2} s until {outcome.Loaded:N0} entries were in the totals ({outcome.Loaded / loaded:N0} rows/s), {outcome.Rejected:N0} rejected");
        Line("peak memory of the app", $"{before / 1e6:N0} MB before, {after / 1e6:N0} MB after");
        Console.WriteLine(JsonSerializer.Serialize(new { rows, uploadSeconds = uploaded, loadSeconds = loaded, peakBeforeBytes = before, peakAfterBytes = after }, Json));
        if (outcome.Loaded != rows)
        {
            throw new InvalidOperationException(FormattableString.Invariant($"{outcome.Loaded:N0} of {rows:N0} rows were loaded: the times mean nothing."));
        }
    }

    private static void Line(string name, FormattableString text) => Console.WriteLine($"{name,-24}{text.ToString(CultureInfo.InvariantCulture)}");
}
