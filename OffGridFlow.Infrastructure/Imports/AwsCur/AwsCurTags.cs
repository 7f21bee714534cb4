using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace OffGridFlow.Infrastructure.Imports.AwsCur;

/// <summary>The tag columns of a report (<c>resourceTags/user:team</c>, in Athena copies <c>resource_tags_user_team</c>) as one JSON object.</summary>
internal sealed class AwsCurTags
{
    private const int MaxSets = 10_000;
    private const int MaxBytes = 2 << 20;

    private readonly List<(int Column, JsonEncodedText Key)> _columns = [];
    private readonly Utf8Key _key = new();
    private readonly Utf8Texts _sets = new(MaxSets, MaxBytes);

    public AwsCurTags(IReadOnlyList<string> headings)
    {
        for (var i = 0; i < headings.Count; i++)
        {
            if (KeyOf(headings[i]) is { } key)
                _columns.Add((i, JsonEncodedText.Encode(key, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)));
        }
    }

    /// <summary>The row's tags that have a value, or null when none has. A key that occurs twice keeps its first value.</summary>
    public string? Read(CsvRecords row)
    {
        _key.Clear();
        var any = false;
        foreach (var (column, _) in _columns)
        {
            var value = row[column];
            any |= !value.IsEmpty;
            _key.Add(value);
        }

        return any ? _sets.Get(_key.Bytes, _ => Write(row)) : null;
    }

    private string Write(CsvRecords row)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            var written = new HashSet<JsonEncodedText>();
            json.WriteStartObject();
            foreach (var (column, key) in _columns)
            {
                var value = row[column];
                if (!value.IsEmpty && written.Add(key))
                    json.WriteString(key, value);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    private static string? KeyOf(string heading)
    {
        const string category = "resourceTags/";
        const string snake = "resource_tags_";
        if (heading.StartsWith(category, StringComparison.Ordinal))
            return heading[category.Length..];
        if (!heading.StartsWith(snake, StringComparison.Ordinal))
            return null;

        var key = heading[snake.Length..];
        foreach (var owner in new[] { "user", "aws" })
        {
            if (key.StartsWith(owner + "_", StringComparison.Ordinal))
                return owner + ":" + key[(owner.Length + 1)..];
        }

        return key;
    }
}
