using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace OffGridFlow.Infrastructure.Imports;

/// <summary>
/// Columns that hold a flat JSON object, such as tags. Written anew instead of handed on: the database refuses texts that JSON allows
/// (<c>\u0000</c>, half a surrogate pair, numbers of any size), and with one such text the whole load.
/// </summary>
internal sealed class JsonMap
{
    private const int MaxMaps = 10_000;
    private const int MaxBytes = 2 << 20;

    /// <summary>What stands for a map that cannot be read; no object is written so.</summary>
    private const string Unreadable = "";

    private readonly Utf8Texts _maps = new(MaxMaps, MaxBytes);

    /// <summary>The map as JSON text, null when it is empty; or why it cannot be read.</summary>
    public RowFault? Read(ReadOnlySpan<byte> value, int column, string heading, out string? json)
    {
        json = null;
        if (value.IsEmpty || value.SequenceEqual("{}"u8))
            return null;
        json = _maps.Get(value, Write);
        if (json != Unreadable)
            return null;
        json = null;
        return new RowFault($"{heading} is not a JSON object.", "Write it as {\"key\": \"value\"}, or leave it empty; better export the report again.", column);
    }

    /// <summary>The text or number of one key as its bytes; empty when there is none.</summary>
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> value, ReadOnlySpan<byte> key)
    {
        if (value.IsEmpty || value[0] != '{')
            return default;
        try
        {
            var reader = new Utf8JsonReader(value);
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var found = reader.ValueTextEquals(key);
                reader.Read();
                if (found && reader.TokenType is JsonTokenType.String or JsonTokenType.Number && !reader.ValueIsEscaped)
                    return reader.ValueSpan;
                reader.Skip();
            }
        }
        catch (JsonException)
        {
            // A help for the estimate, not worth a rejected row.
        }

        return default;
    }

    private static string Write(ReadOnlySpan<byte> value)
    {
        try
        {
            var reader = new Utf8JsonReader(value, new JsonReaderOptions { MaxDepth = 8 });
            using var map = JsonDocument.ParseValue(ref reader);
            if (reader.BytesConsumed != value.Length || map.RootElement.ValueKind != JsonValueKind.Object)
                return Unreadable;
            using var buffer = new MemoryStream();
            using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            {
                writer.WriteStartObject();
                foreach (var property in map.RootElement.EnumerateObject())
                    writer.WriteString(Clean(property.Name), Clean(TextOf(property.Value)));
                writer.WriteEndObject();
            }

            return Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException)
        {
            // InvalidOperationException: half a surrogate pair.
            return Unreadable;
        }
    }

    private static string TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Null => "",
        _ => value.GetRawText(),
    };

    private static string Clean(string text) => text.Replace('\0', '\uFFFD');
}
