using System.Globalization;
using System.Text.Json;

namespace OffGridFlow.Infrastructure.Inventory;

/// <summary>One figure of both states; kg CO2e, null where a state has no such group.</summary>
/// <param name="View"><c>location</c> or <c>market</c>.</param>
/// <param name="By"><c>total</c>, <c>scope</c>, <c>category</c>, <c>entity</c>, <c>site</c> or <c>activityType</c>.</param>
/// <param name="Key">As the snapshot names it: <c>1</c>, <c>3.4</c>, an id, a name.</param>
/// <param name="Name">In words.</param>
public sealed record SnapshotDifferenceRow(string View, string By, string Key, string Name, decimal? BeforeKg, decimal? AfterKg)
{
    public decimal ChangeKg => (AfterKg ?? 0m) - (BeforeKg ?? 0m);
}

/// <summary>What an inventory says otherwise than it was reported.</summary>
/// <param name="From">Number of the snapshot that was reported.</param>
/// <param name="To">Number of the later one; null: the ledger as it is.</param>
/// <param name="Rows">Totals and scopes of both views always; of the others those that differ, the largest change first.</param>
/// <param name="Months">Months whose results differ, by their hashes.</param>
public sealed record SnapshotDifference(int From, int? To, IReadOnlyList<SnapshotDifferenceRow> Rows, IReadOnlyList<string> Months)
{
    private static readonly string[] Groupings = ["total", "scope", "category", "entity", "site", "activityType"];

    public bool IsEmpty => Months.Count == 0 && Rows.All(row => row.ChangeKg == 0);

    /// <param name="before">Canonical content of the earlier state.</param>
    /// <param name="after">Of the later one.</param>
    public static SnapshotDifference Of(int from, string before, int? to, string after)
    {
        using var one = JsonDocument.Parse(before);
        using var other = JsonDocument.Parse(after);
        var rows = new List<SnapshotDifferenceRow>();
        foreach (var view in one.RootElement.GetProperty("totals").EnumerateObject().Select(property => property.Name))
        {
            foreach (var by in Groupings)
            {
                var (was, now) = (Read(one, view, by), Read(other, view, by));
                rows.AddRange(was.Keys.Union(now.Keys)
                    .Select(key => new SnapshotDifferenceRow(
                        view, by, key, (now.GetValueOrDefault(key) ?? was[key]).Name, was.GetValueOrDefault(key)?.Kg, now.GetValueOrDefault(key)?.Kg))
                    .Where(row => by is "total" or "scope" || row.ChangeKg != 0)
                    .OrderBy(row => by == "scope" ? row.Key : "", StringComparer.Ordinal).ThenByDescending(row => Math.Abs(row.ChangeKg)).ThenBy(row => row.Name, StringComparer.Ordinal));
            }
        }

        var (first, second) = (Hashes(one), Hashes(other));
        return new SnapshotDifference(
            from, to, rows, [.. first.Keys.Union(second.Keys).Where(month => first.GetValueOrDefault(month) != second.GetValueOrDefault(month)).Order(StringComparer.Ordinal)]);
    }

    private static Dictionary<string, string> Hashes(JsonDocument content) => content.RootElement.GetProperty("ledger").GetProperty("months").EnumerateArray()
        .ToDictionary(month => month.GetProperty("month").GetString()!, month => month.GetProperty("sha256").GetString()!);

    private static Dictionary<string, Figure> Read(JsonDocument content, string view, string by)
    {
        var groups = content.RootElement.GetProperty("totals").GetProperty(view).GetProperty(by);
        return by == "total"
            ? new() { [""] = new Figure("Total", Kg(groups)) }
            : groups.EnumerateArray().ToDictionary(group => KeyOf(group, by), group => new Figure(NameOf(group, by), Kg(group)));
    }

    private static string KeyOf(JsonElement group, string by) => by switch
    {
        "scope" => Whole(group, "scope"),
        "category" => Whole(group, "category") == "0" ? Whole(group, "scope") : $"{Whole(group, "scope")}.{Whole(group, "category")}",
        _ => group.GetProperty(by).GetString()!,
    };

    private static string NameOf(JsonElement group, string by) => by switch
    {
        "scope" => "Scope " + Whole(group, "scope"),
        "category" => Whole(group, "category") == "0"
            ? "Scope " + Whole(group, "scope")
            : $"Category {Whole(group, "category")}: {Core.Inventory.CategoryNames.Of(group.GetProperty("category").GetInt32())}",
        "entity" => group.GetProperty("name").GetString() is { Length: > 0 } name ? name : "Not assigned",
        "site" => group.GetProperty(by).GetString() is { Length: > 0 } site ? site : "Cloud usage",
        _ => group.GetProperty(by).GetString()!,
    };

    private static string Whole(JsonElement group, string name) => group.GetProperty(name).GetInt32().ToString(CultureInfo.InvariantCulture);

    private static decimal Kg(JsonElement group) => decimal.Parse(group.GetProperty("kgCo2e").GetString()!, CultureInfo.InvariantCulture);

    private sealed record Figure(string Name, decimal Kg);
}
