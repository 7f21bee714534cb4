using System.Globalization;
using System.Text.Json;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Web.Features.Auditing;

/// <summary>One field of an audit entry: what it was and what it is, or (with <see cref="Changed"/> false) a fact that stands beside.</summary>
/// <param name="Field">The field's name in words; parts of a nested object after a comma.</param>
/// <param name="Before">Null where there was nothing.</param>
/// <param name="After">Null where nothing is left.</param>
public sealed record AuditChange(string Field, string? Before, string? After, bool Changed)
{
    /// <summary>Names whose words their letters do not tell.</summary>
    private static readonly Dictionary<string, string> Known = new(StringComparer.Ordinal)
    {
        ["sha256"] = "SHA-256", ["kgCo2e"] = "kg CO₂e", ["length"] = "Bytes", ["fileName"] = "File", ["email"] = "E-mail",
    };

    /// <summary>Told by the details only.</summary>
    private static readonly string[] Minor = ["SHA-256", "Bytes"];

    /// <summary>Names by which people know a subject, the first that an entry has.</summary>
    private static readonly string[] Names = ["Name", "File", "E-mail"];

    /// <summary>Characters of a value that still stands on one line among others.</summary>
    private const int BriefLength = 60;

    /// <summary>Whether the field says something on one line among others.</summary>
    public bool IsBrief => !Minor.Contains(Field) && !Names.Contains(Field) && (Before?.Length ?? 0) <= BriefLength && (After?.Length ?? 0) <= BriefLength
        && (Changed || After is not ("none" or "None" or "empty"));

    /// <summary>What people call the subject, where the facts say so.</summary>
    public static string? NameIn(IReadOnlyList<AuditChange> changes) =>
        Names.Select(name => changes.FirstOrDefault(change => change.Field == name && change.After is not (null or "empty"))?.After).FirstOrDefault(name => name is not null);

    /// <summary>The fields of an entry in the order in which they were written: first what changed, then the other facts.</summary>
    public static IReadOnlyList<AuditChange> Of(string details, string? before, string? after)
    {
        var old = Fields(before);
        var present = Fields(after);
        var changes = old.Keys.Concat(present.Keys).Distinct(StringComparer.Ordinal)
            .Select(field => new AuditChange(InWords(field), old.GetValueOrDefault(field), present.GetValueOrDefault(field), Changed: true))
            .Where(change => change.Before != change.After);
        return [.. changes, .. Fields(details).Select(fact => new AuditChange(InWords(fact.Key), null, fact.Value, Changed: false))];
    }

    /// <summary>Names and values of a JSON object in its own order; nested objects are written out, lists of values stand on one line.</summary>
    private static Dictionary<string, string> Fields(string? json)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        if (json is null) return fields;
        using var document = JsonDocument.Parse(json);
        Add(fields, "", document.RootElement);
        return fields;
    }

    private static void Add(Dictionary<string, string> fields, string path, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in value.EnumerateObject()) Add(fields, path.Length == 0 ? property.Name : path + "." + property.Name, property.Value);
                break;
            case JsonValueKind.Array when value.EnumerateArray().Any(item => item.ValueKind is JsonValueKind.Object or JsonValueKind.Array):
                foreach (var (item, index) in value.EnumerateArray().Select((item, index) => (item, index)))
                {
                    Add(fields, string.Create(CultureInfo.InvariantCulture, $"{path}.{index + 1}"), item);
                }

                break;
            case JsonValueKind.Array:
                fields[path] = value.GetArrayLength() == 0 ? "none" : string.Join(", ", value.EnumerateArray().Select(Text));
                break;
            default:
                fields[path] = Text(value);
                break;
        }
    }

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => "none",
        JsonValueKind.True => "yes",
        JsonValueKind.False => "no",
        JsonValueKind.String when value.GetString() is [_, _, _, _, '-', _, _, '-', _, _, 'T', ..] text && value.TryGetDateTimeOffset(out var instant) => Dates.Exact(instant),
        JsonValueKind.String => value.GetString() is { Length: > 0 } text ? text : "empty",
        // With all digits, in the reader's own signs.
        _ => value.TryGetInt64(out var count) ? Format.Count(count) : value.TryGetDecimal(out var number) ? Format.Digits(number) : value.GetRawText(),
    };

    /// <summary><c>rowsRead</c> becomes “Rows read”, <c>cost.USD</c> “Cost, USD”.</summary>
    private static string InWords(string path) => string.Join(", ", path.Split('.').Select((part, index) => Word(part, first: index == 0)));

    private static string Word(string name, bool first)
    {
        if (name.Length == 0) return "Value";
        if (Known.TryGetValue(name, out var words)) return first ? words : char.ToLowerInvariant(words[0]) + words[1..];
        // Currencies and other codes stay as they are.
        if (name.All(letter => char.IsUpper(letter) || char.IsDigit(letter) || letter is '-' or '_')) return name;
        var text = new System.Text.StringBuilder(name.Length + 4);
        foreach (var letter in name)
        {
            if (char.IsUpper(letter) && text.Length > 0) text.Append(' ');
            text.Append(char.ToLowerInvariant(letter));
        }

        if (first) text[0] = char.ToUpperInvariant(text[0]);
        return text.ToString();
    }
}
