using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using OffGridFlow.Core.Calculation;

namespace OffGridFlow.Infrastructure.Calculation;

/// <summary>
/// How a <see cref="Derivation"/> stands in the database: what results that were made alike share in <c>derivations</c>, what is of one result alone beside it.
/// Results from before have all of it beside them, or of their own part what another key tells as well; whoever reads takes each form by <see cref="Whole"/>.
/// </summary>
internal static class StoredDerivation
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>All of it as JSON, of <c>emission_records e</c> with <see cref="Join"/>; null where there is none.</summary>
    public const string Whole = "whole_derivation(d.content, e.derivation)";

    public const string Join = "left join derivations d on d.tenant_id = e.tenant_id and d.id = e.derivation_id";

    private static readonly JsonSerializerOptions SharedJson = new(Json) { TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { LeaveOutOwn } } };

    public static Derivation Read(string json) => JsonSerializer.Deserialize<Derivation>(json, Json)!;

    /// <summary>What results that were made alike share.</summary>
    public static byte[] WriteShared(Derivation derivation) => JsonSerializer.SerializeToUtf8Bytes(derivation, SharedJson);

    private static void LeaveOutOwn(JsonTypeInfo type)
    {
        foreach (var property in type.Properties.Where(property => property.AttributeProvider?.IsDefined(typeof(OfOneResultAttribute), inherit: false) == true))
        {
            property.ShouldSerialize = (_, _) => false;
        }
    }
}

/// <summary>
/// Writes what is of one result alone, millions of times in a run: by hand, into one buffer. What another key tells to the digit is left out; <c>whole_derivation</c> puts it back.
/// Whoever asks for the days of a result without that function takes those of its activity in the month where there are none. Not for two threads.
/// </summary>
internal sealed class OwnDerivationWriter : IDisposable
{
    private static readonly JsonEncodedText EntryQuantity = JsonEncodedText.Encode("entryQuantity");
    private static readonly JsonEncodedText Conversion = JsonEncodedText.Encode("conversion");
    private static readonly JsonEncodedText EntryFrom = JsonEncodedText.Encode("entryFrom");
    private static readonly JsonEncodedText EntryTo = JsonEncodedText.Encode("entryTo");
    private static readonly JsonEncodedText Worksheet = JsonEncodedText.Encode("worksheet");
    private static readonly JsonEncodedText From = JsonEncodedText.Encode("from");
    private static readonly JsonEncodedText To = JsonEncodedText.Encode("to");
    private static readonly JsonEncodedText Quantity = JsonEncodedText.Encode("quantity");
    private static readonly JsonEncodedText Money = JsonEncodedText.Encode("money");
    private static readonly JsonEncodedText FactorQuantity = JsonEncodedText.Encode("factorQuantity");
    private static readonly JsonEncodedText Gases = JsonEncodedText.Encode("gases");
    private static readonly JsonEncodedText Kg = JsonEncodedText.Encode("kg");
    private static readonly JsonEncodedText KgCo2e = JsonEncodedText.Encode("kgCo2e");
    private static readonly JsonEncodedText BiogenicKgCo2 = JsonEncodedText.Encode("biogenicKgCo2");
    private static readonly JsonEncodedText NonKyotoKgCo2e = JsonEncodedText.Encode("nonKyotoKgCo2e");
    private static readonly JsonEncodedText UncertaintyPercent = JsonEncodedText.Encode("uncertaintyPercent");
    private static readonly JsonEncodedText Energy = JsonEncodedText.Encode("energy");
    private static readonly JsonEncodedText KilowattHours = JsonEncodedText.Encode("kilowattHours");
    private static readonly JsonEncodedText RenewableKilowattHours = JsonEncodedText.Encode("renewableKilowattHours");
    private static readonly JsonEncodedText NuclearKilowattHours = JsonEncodedText.Encode("nuclearKilowattHours");

    private readonly ArrayBufferWriter<byte> _buffer = new(1024);
    private readonly Utf8JsonWriter _json;

    public OwnDerivationWriter() => _json = new Utf8JsonWriter(_buffer, new JsonWriterOptions { Encoder = StoredDerivation.Json.Encoder, SkipValidation = true });

    /// <returns>JSON text, good until the next call.</returns>
    public ReadOnlySpan<byte> Write(Derivation derivation)
    {
        _buffer.ResetWrittenCount();
        _json.Reset();
        _json.WriteStartObject();
        _json.WriteNumber(EntryQuantity, derivation.EntryQuantity);
        Optional(Conversion, derivation.Conversion);
        Day(EntryFrom, derivation.EntryFrom);
        Day(EntryTo, derivation.EntryTo);
        Optional(Worksheet, derivation.Worksheet);
        if (derivation.From != derivation.EntryFrom)
        {
            Day(From, derivation.From);
        }

        if (derivation.To != derivation.EntryTo)
        {
            Day(To, derivation.To);
        }

        Unless(derivation.EntryQuantity, Quantity, derivation.Quantity);
        Optional(Money, derivation.Money);
        Unless(derivation.Quantity, FactorQuantity, derivation.FactorQuantity);
        WriteGases(derivation.Gases);
        _json.WriteNumber(KgCo2e, derivation.KgCo2e);
        Unless(0m, BiogenicKgCo2, derivation.BiogenicKgCo2);
        Unless(0m, NonKyotoKgCo2e, derivation.NonKyotoKgCo2e);
        Optional(UncertaintyPercent, derivation.UncertaintyPercent);
        if (derivation.Energy is { KilowattHours: not null } energy)
        {
            _json.WriteStartObject(Energy);
            Optional(KilowattHours, energy.KilowattHours);
            Optional(RenewableKilowattHours, energy.RenewableKilowattHours);
            Optional(NuclearKilowattHours, energy.NuclearKilowattHours);
            _json.WriteEndObject();
        }

        _json.WriteEndObject();
        _json.Flush();
        return _buffer.WrittenSpan;
    }

    public void Dispose() => _json.Dispose();

    private void WriteGases(IReadOnlyList<DerivedGas> gases)
    {
        if (gases.Count == 0)
        {
            return;
        }

        _json.WriteStartArray(Gases);
        foreach (var gas in gases)
        {
            _json.WriteStartObject();
            Optional(Kg, gas.Kg);
            _json.WriteNumber(KgCo2e, gas.KgCo2e);
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
    }

    /// <summary>Left out only where its text is that of what is put back: the same number with as many decimals.</summary>
    private void Unless(decimal putBack, JsonEncodedText name, decimal value)
    {
        if (value != putBack || value.Scale != putBack.Scale)
        {
            _json.WriteNumber(name, value);
        }
    }

    private void Day(JsonEncodedText name, DateOnly day)
    {
        Span<char> text = stackalloc char[10];
        day.TryFormat(text, out _, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        _json.WriteString(name, text);
    }

    private void Optional(JsonEncodedText name, decimal? value)
    {
        if (value is { } known)
        {
            _json.WriteNumber(name, known);
        }
    }

    private void Optional<T>(JsonEncodedText name, T? value)
        where T : class
    {
        if (value is not null)
        {
            _json.WritePropertyName(name);
            JsonSerializer.Serialize(_json, value, StoredDerivation.Json);
        }
    }
}
