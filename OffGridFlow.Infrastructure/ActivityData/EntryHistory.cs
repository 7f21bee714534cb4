using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using OffGridFlow.Core.ActivityData;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Core.Quantities;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Infrastructure.Persistence;

namespace OffGridFlow.Infrastructure.ActivityData;

/// <summary>All that an entry says, as a version keeps it.</summary>
internal sealed record EntryContent(
    Guid SiteId, string ActivityType, decimal Quantity, string Unit, DateOnly PeriodStart, DateOnly PeriodEnd, string? Gas, string? FactorId, DataQuality Quality,
    string QualityIndicators, decimal? UncertaintyPercent, EntryStatus Status, bool IsAccrual, Guid? ReversesId, string? Reference, string? Note, string? ExternalId,
    RefrigerantBalance? Balance, ConvertedFrom? ConvertedFrom, GapMethod? GapMethod, string Confirmed, int? Category = null, Worksheet? Worksheet = null, string? Vendor = null, string? Account = null)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() }, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static EntryContent Of(ActivityEntry entry) => new(
        entry.SiteId, entry.ActivityType, Plain(entry.Quantity), entry.Unit, entry.PeriodStart, entry.PeriodEnd, entry.Gas, entry.FactorId, entry.Quality,
        string.Join(' ', entry.QualityIndicators), entry.UncertaintyPercent is { } percent ? Plain(percent) : null, entry.Status, entry.IsAccrual, entry.ReversesId, entry.Reference,
        entry.Note, entry.ExternalId, entry.Balance, Plain(entry.ConvertedFrom), entry.GapMethod, string.Join(' ', entry.Confirmed), entry.Category, entry.Worksheet, entry.Vendor, entry.Account);

    public static EntryContent Of(EntryStatus status, Guid? reverses, EntryInput input) => new(
        input.SiteId, input.ActivityType, Plain(input.Quantity!.Value), input.Unit, input.From, input.To, input.Gas, input.FactorId, input.Quality,
        string.Join(' ', input.QualityIndicators), input.UncertaintyPercent is { } percent ? Plain(percent) : null, status, input.IsAccrual, reverses, input.Reference, input.Note,
        input.ExternalId, input.Balance, Plain(input.ConvertedFrom), input.GapMethod, string.Join(' ', input.Confirmed), input.Category, input.Worksheet, input.Vendor, input.Account);

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>The fields in which this version differs from the one before, as they were and as they are.</summary>
    public (JsonObject Before, JsonObject After) DifferencesTo(EntryContent before)
    {
        var (old, now) = (Fields(before.ToJson()), Fields(ToJson()));
        var changed = old.Select(field => field.Key).Union(now.Select(field => field.Key)).Where(name => Text(old[name]) != Text(now[name])).ToList();
        return (Only(old, changed), Only(now, changed));
    }

    /// <summary>Names and values as text of what differs between two versions; the first has none before it.</summary>
    public static IReadOnlyList<EntryFieldChange> Differences(string? before, string after)
    {
        var (old, now) = (before is null ? [] : Fields(before), Fields(after));
        return [.. old.Select(field => field.Key).Union(now.Select(field => field.Key)).Where(name => Text(old[name]) != Text(now[name]))
            .Select(name => new EntryFieldChange(name, Text(old[name]), Text(now[name])))];
    }

    /// <summary>Without the zeros that end it, so that 12 and 12.000 are the same.</summary>
    private static decimal Plain(decimal value) => Exact.Round(value).Normalized();

    private static ConvertedFrom? Plain(ConvertedFrom? converted) =>
        converted is null ? null : converted with { Quantity = Plain(converted.Quantity), Value = Plain(converted.Value) };

    private static JsonObject Fields(string json) => JsonNode.Parse(json)!.AsObject();

    private static string? Text(JsonNode? node) => node switch
    {
        null => null,
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        JsonObject worksheet when worksheet.ContainsKey("method") => worksheet.Deserialize<Worksheet>(Json)!.ToText(),
        _ => node.ToJsonString(),
    };

    private static JsonObject Only(JsonObject fields, List<string> names) =>
        new(names.Where(fields.ContainsKey).Select(name => KeyValuePair.Create(name, fields[name]?.DeepClone())));
}

/// <summary>A field that a version has changed.</summary>
/// <param name="Field">E.g. <c>quantity</c>.</param>
/// <param name="Before">As it is written in JSON; null where it said nothing.</param>
public sealed record EntryFieldChange(string Field, string? Before, string? After);

internal static class EntryHistory
{
    /// <summary>Keeps the entry as it stands now.</summary>
    public static void Add(TenantUnit unit, ActivityEntry entry, string action, string? reason, DateTimeOffset at) =>
        unit.Context.ActivityEntryVersions.Add(new ActivityEntryVersion
        {
            TenantId = entry.TenantId, EntryId = entry.Id, Version = entry.Version, Action = action, Content = EntryContent.Of(entry).ToJson(), Reason = reason,
            AuthorId = unit.Actor.Id, Author = unit.Actor.DisplayName, At = at,
        });
}
