using System.Globalization;
using OffGridFlow.Core.Assurance;
using OffGridFlow.Core.Reports;

namespace OffGridFlow.Infrastructure.Assurance;

/// <summary>A sample as a workbook: its items with what was found, and how it was drawn.</summary>
internal static class SampleWorkbook
{
    private static readonly (string Head, double Width, bool Right)[] Columns =
    [
        ("Item", 8, true), ("Result", 38, false), ("Why", 12, false), ("Scope", 8, true), ("Category", 10, true), ("Scope 2 view", 14, false), ("Month", 10, false), ("Site or account", 26, false),
        ("Activity", 34, false), ("Ledger, kg CO2e", 18, true), ("Outcome", 14, false), ("Ought to be, kg CO2e", 20, true), ("Difference, kg CO2e", 20, true), ("Note", 50, false),
        ("Document seen", 34, false), ("Checked by", 22, false), ("Checked at (UTC)", 20, false), ("Version", 9, true),
    ];

    public static Workbook Of(SampleDetail detail, string creator, DateTimeOffset at) => new()
    {
        Title = FormattableString.Invariant($"Sample {detail.Sample.Number}, {detail.Period}"),
        Creator = creator,
        CreatedAt = at,
        Sheets =
        [
            new Worksheet
            {
                Name = "Sample", ColumnWidths = [.. Columns.Select(column => column.Width)], FrozenRows = 1, HeadRow = 1, LastRow = detail.Items.Count + 1,
                Rows = Items(detail).ToAsyncEnumerable(),
            },
            new Worksheet { Name = "How it was drawn", ColumnWidths = [34, 90], GridLines = false, Rows = Notes(detail).ToAsyncEnumerable() },
        ],
    };

    private static IEnumerable<ReadOnlyMemory<Cell>> Items(SampleDetail detail)
    {
        yield return Columns.Select(column => Cell.Of(column.Head, column.Right ? CellStyle.HeadRight : CellStyle.Head)).ToArray();
        foreach (var row in detail.Items)
        {
            var (item, check, found) = (row.Item, row.Check, row.ToChecked());
            yield return new[]
            {
                Cell.Of(item.Number, CellStyle.Count), Cell.Unique(item.ResultId.ToString("D")), Cell.Of(Why(item.Stratum)), Cell.Of(row.Scope, CellStyle.Count),
                row.Category == 0 ? Cell.Empty() : Cell.Of(row.Category, CellStyle.Count), row.View is { } view ? Cell.Of(view.ToString()) : Cell.Empty(), Cell.Of(row.Month, CellStyle.Month),
                Cell.Of(row.Account), Cell.Of(row.Activity), Cell.Of(item.Kg, CellStyle.Amount), check is null ? Cell.Of("Not checked") : Cell.Of(check.Outcome.ToString()),
                Cell.Of(found.AuditedKg, CellStyle.Amount), check is null ? Cell.Empty(CellStyle.Amount) : Cell.Of(found.FoundKg, CellStyle.Amount), Optional(check?.Note),
                Optional(check?.DocumentSeen), Optional(check?.Author), check is null ? Cell.Empty() : Cell.Of(check.At, CellStyle.Instant),
                check is null ? Cell.Empty() : Cell.Of(check.Version, CellStyle.Count),
            };
        }
    }

    private static IEnumerable<ReadOnlyMemory<Cell>> Notes(SampleDetail detail)
    {
        var (sample, projection) = (detail.Sample, detail.Projection);
        yield return new[] { Cell.Of(FormattableString.Invariant($"Sample {sample.Number}, {detail.Period}"), CellStyle.Title) };
        yield return Text("Purpose", sample.Purpose ?? "");
        yield return Text("Method", sample.Method switch
        {
            SampleMethod.MonetaryUnit => "Monetary-unit sampling on kg CO2e, fixed interval",
            SampleMethod.Random => "Random, each result with the same chance",
            _ => "All results",
        });
        yield return Text("Seed", sample.Seed);
        yield return Text("State of the ledger", sample.LedgerSequence.ToString(CultureInfo.InvariantCulture));
        yield return Text("Months", FormattableString.Invariant($"{sample.FirstMonth:yyyy-MM} to {sample.LastMonth:yyyy-MM}"));
        yield return Text("View of Scope 2", sample.View.ToString());
        yield return Text("Scope", sample.Scope?.ToString(CultureInfo.InvariantCulture) ?? "All");
        yield return Text("Category", sample.Category?.ToString(CultureInfo.InvariantCulture) ?? "All");
        yield return Text("Site", detail.Site ?? "All");
        yield return Text("Activity", sample.Activity ?? "All");
        yield return Amount("Results in the population", sample.PopulationCount, CellStyle.Count);
        yield return Amount("Their mass, kg CO2e", sample.PopulationKg, CellStyle.Amount);
        yield return Amount("Of zero or less, not drawn from", sample.OutsideCount, CellStyle.Count);
        yield return Amount("Results without a figure", sample.MissingCount, CellStyle.Count);
        yield return Text("SHA-256 of the population", sample.PopulationHash);
        yield return Amount("Confidence, %", sample.ConfidencePercent, CellStyle.Count);
        yield return Amount("Tolerable misstatement, kg CO2e", sample.TolerableKg, CellStyle.Amount);
        yield return Amount("Expected misstatement, kg CO2e", sample.ExpectedKg, CellStyle.Amount);
        yield return Amount("Sampling interval, kg CO2e", sample.IntervalKg, CellStyle.Amount);
        yield return Text("Drawn by", sample.Author);
        yield return new[] { Cell.Of("Drawn at (UTC)", CellStyle.Label), Cell.Of(sample.At, CellStyle.Instant) };
        yield return Amount("Items", projection.Items, CellStyle.Count);
        yield return Amount("Items checked", projection.Checked, CellStyle.Count);
        yield return Amount("Differences found, kg CO2e", projection.FoundKg, CellStyle.Amount);
        yield return Amount("Projected misstatement, kg CO2e", projection.ProjectedKg, CellStyle.Amount);
        yield return Amount("Upper limit of overstatement, kg CO2e", projection.UpperLimitKg, CellStyle.Amount);
        yield return Text("Signs", "A difference above zero: the ledger says too much. Nothing is projected before every item is checked.");
        if (sample.SetAsideAt is not null)
        {
            yield return Text("Set aside", $"{sample.SetAsideBy}: {sample.SetAsideReason}");
        }
    }

    private static string Why(SampleStratum stratum) => stratum switch
    {
        SampleStratum.High => "High value",
        SampleStratum.Hit => "Hit",
        _ => "Drawn",
    };

    private static Cell Optional(string? text) => text is null ? Cell.Empty() : Cell.Unique(text, CellStyle.Wrapped);

    private static ReadOnlyMemory<Cell> Text(string label, string text) => new[] { Cell.Of(label, CellStyle.Label), Cell.Unique(text, CellStyle.Wrapped) };

    private static ReadOnlyMemory<Cell> Amount(string label, decimal? number, CellStyle style) => new[] { Cell.Of(label, CellStyle.Label), Cell.Of(number, style) };
}
