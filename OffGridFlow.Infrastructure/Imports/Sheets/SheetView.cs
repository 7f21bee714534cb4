using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using OffGridFlow.Core.Imports.Sheets;
using OffGridFlow.Infrastructure.Imports.Sheets.Reading;

namespace OffGridFlow.Infrastructure.Imports.Sheets;

/// <summary>What a file shows under a plan: kept with the draft, so that looking at it again costs nothing.</summary>
internal sealed record SheetView(
    string Format, string FormatText, IReadOnlyList<SheetTab> Tabs, IReadOnlyList<SheetHeading> Headings, IReadOnlyList<SheetQuestion> Questions, bool CultureIsCertain,
    SheetShape Shape, SheetMemory? Memory, bool MonthsWithoutYear = false)
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() }, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>Merged areas beyond these are looked for again whenever the file is opened.</summary>
    private const int MostMergedKept = 2_000;

    public string ToJson() => JsonSerializer.Serialize(Shape.Merged.Count <= MostMergedKept ? this : this with { Shape = Shape with { Merged = [], Index = -1 } }, Json);

    public static SheetView Of(string json) => JsonSerializer.Deserialize<SheetView>(json, Json)!;

    public static string Write(SheetPlan plan) => JsonSerializer.Serialize(plan, Json);

    public static SheetPlan ReadPlan(string json) => JsonSerializer.Deserialize<SheetPlan>(json, Json)!;
}

/// <summary>How files with the same headings were read: columns by their headings, since files move them about.</summary>
internal sealed record SheetRemembered(
    string? Culture, bool ReadsHiddenRows, IReadOnlyList<RememberedColumn> Columns, IReadOnlyDictionary<SheetField, string> Fixed, IReadOnlyList<RememberedFix> Fixes)
{
    /// <summary>Names the set of headings; null where there are none.</summary>
    public static string? KeyOf(IReadOnlyList<SheetHeading> headings)
    {
        var names = headings.Select(heading => SheetHeadingText.Plain(heading.Heading)).Where(name => name.Length > 0).Order(StringComparer.Ordinal).ToList();
        return names.Count < 2 ? null : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', names))));
    }

    public static SheetRemembered Of(SheetPlan plan, IReadOnlyList<SheetHeading> headings)
    {
        string? NameOf(int? column) => column is { } index && index < headings.Count ? headings[index].Heading : null;
        return new SheetRemembered(
            plan.Culture, plan.ReadsHiddenRows,
            [.. plan.Columns.Where(use => !string.IsNullOrEmpty(NameOf(use.Column))).Select(use => new RememberedColumn(NameOf(use.Column)!, use.Field, use.With))],
            plan.Fixed, [.. plan.Fixes.Where(fix => fix.IsRemembered && fix.Line is null).Select(fix => new RememberedFix(NameOf(fix.Column), fix))]);
    }

    public SheetPlan On(SheetPlan plan, IReadOnlyList<SheetHeading> headings)
    {
        int? ColumnOf(string? name) => headings.FirstOrDefault(heading => name is not null && string.Equals(heading.Heading, name, StringComparison.OrdinalIgnoreCase))?.Index;
        return plan with
        {
            Culture = Culture, ReadsHiddenRows = ReadsHiddenRows, Fixed = Fixed,
            Columns = [.. Columns.Select(column => (column, at: ColumnOf(column.Heading))).Where(pair => pair.at is not null)
                .Select(pair => new SheetColumnUse(pair.at!.Value, pair.column.Field, pair.column.With))],
            Fixes = [.. Fixes.Select(fix => (fix, at: ColumnOf(fix.Heading))).Where(pair => pair.fix.Heading is null || pair.at is not null).Select(pair => pair.fix.Fix with { Column = pair.at })],
        };
    }

    public string ToJson() => JsonSerializer.Serialize(this, SheetView.Json);

    public static SheetRemembered Read(string json) => JsonSerializer.Deserialize<SheetRemembered>(json, SheetView.Json)!;
}

internal sealed record RememberedColumn(string Heading, SheetField Field, IReadOnlyDictionary<SheetField, string>? With);

internal sealed record RememberedFix(string? Heading, SheetFix Fix);
