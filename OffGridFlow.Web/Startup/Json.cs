using System.Text.Json;
using System.Text.Json.Serialization;
using OffGridFlow.Infrastructure.Inventory;

namespace OffGridFlow.Web.Startup;

/// <summary>How the API writes JSON: camelCase, enums as words, numbers with all their digits and without the zeros that end them.</summary>
internal static class Json
{
    public static void Configure(JsonSerializerOptions options)
    {
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase));
        options.Converters.Add(new ExactDecimal());
    }

    private sealed class ExactDecimal : JsonConverter<decimal>
    {
        public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDecimal();

        public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Normalized());
    }
}
