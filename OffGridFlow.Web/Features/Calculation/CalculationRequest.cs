using System.Globalization;
using System.Text.Json;
using OffGridFlow.Core.ActivityData;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Core.Quantities;

namespace OffGridFlow.Web.Features.Calculation;

/// <summary>An activity as a caller sends it.</summary>
/// <param name="ActivityType">Key or name of an activity type, or a publisher's activity; may be left out where <paramref name="FactorId"/> names a factor.</param>
/// <param name="Region">Country or grid region.</param>
/// <param name="Date">The day, <c>yyyy-MM-dd</c>; or a month or a year: <c>2025-03</c>, <c>2025</c>.</param>
/// <param name="From">First day, in place of <paramref name="Date"/>.</param>
/// <param name="To">Last day, inclusive.</param>
/// <param name="Scope2Method"><c>location</c> (default) or <c>market</c>: which view is the result; the other is among the lines.</param>
/// <param name="Gwp">Set of potentials, e.g. <c>AR6</c>; the organization's unless given.</param>
/// <param name="Category">Of scope 3, where the type serves several or belongs to others.</param>
/// <param name="Worksheet">Gives the quantity, which is left out then.</param>
/// <param name="Quality"><c>measured</c> (default), <c>estimated</c> or <c>defaulted</c>.</param>
public sealed record CalculationItem(
    string? Id, string? ActivityType, decimal? Quantity, string? Unit, string? Region, string? Date, string? From, string? To, string? Gas, string? FactorId,
    string? Site, string? Scope2Method, string? Gwp, string? Quality, decimal? UncertaintyPercent, ConversionItem? Conversion,
    int? Category = null, Worksheet? Worksheet = null);

/// <summary>What leads to a unit of another group.</summary>
public sealed record ConversionItem(string? Name, decimal? Value, string? From, string? To, string? Source);

/// <summary>A contractual instrument as a caller sends it, for the market-based view of the activities beside it.</summary>
/// <param name="Kind">One of <see cref="InstrumentKind"/>.</param>
/// <param name="Sites">Names as in the activities; empty: all of them.</param>
public sealed record InstrumentItem(
    string? Id, string? Kind, decimal? MegawattHours, string? From, string? To, decimal? KgCo2ePerKwh, IReadOnlyList<string>? Sites);

/// <summary>What an item is, once it is understood; else the fault that says why it is not.</summary>
internal sealed record UnderstoodItem(ActivityInput? Input, Scope2Method Method, GwpSet? Gwp, CalculationFault? Fault);

/// <summary>Understands what callers send; never throws for what is in an item.</summary>
internal static class CalculationRequestReader
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    /// <summary>One activity as an object, many as an array, or <c>{"activities":[…],"instruments":[…]}</c>.</summary>
    /// <exception cref="JsonException">It is none of them, or a member has another type.</exception>
    public static (IReadOnlyList<CalculationItem?> Items, IReadOnlyList<InstrumentItem> Instruments) Read(JsonElement body) => body.ValueKind switch
    {
        JsonValueKind.Array => (body.Deserialize<List<CalculationItem?>>(Options)!, []),
        JsonValueKind.Object when body.TryGetProperty("activities", out var activities) && activities.ValueKind == JsonValueKind.Array => (
            activities.Deserialize<List<CalculationItem?>>(Options)!,
            body.TryGetProperty("instruments", out var instruments) ? instruments.Deserialize<List<InstrumentItem>>(Options) ?? [] : []),
        JsonValueKind.Object => ([body.Deserialize<CalculationItem>(Options)], []),
        _ => throw new JsonException("The body is an activity, an array of activities, or an object with activities."),
    };

    public static UnderstoodItem Understand(CalculationItem? item, int index, FactorLibrary library)
    {
        UnderstoodItem Fault(string code, string message, string mend) => new(null, default, null, new CalculationFault(code, message, mend));

        var units = library.Units;
        var type = string.IsNullOrWhiteSpace(item?.ActivityType) ? library.FindFactor(item?.FactorId ?? "")?.Activity : item.ActivityType;
        if (item is null || type is null)
        {
            return Fault("activity-type-missing", "activityType is missing.", "Name the activity, for example natural-gas, diesel or electricity.");
        }

        IReadOnlyList<NamedStep> steps = [];
        if (item.Worksheet is not null)
        {
            if (Work(item, units, out var fault) is not { } worked)
            {
                return new UnderstoodItem(null, default, null, fault);
            }

            (item, steps) = (item with { Quantity = worked.Quantity }, worked.Steps);
        }

        if (item.Quantity is not { } quantity)
        {
            return Fault("quantity-missing", "quantity is missing.", "Send the quantity in the unit beside it.");
        }

        if (string.IsNullOrWhiteSpace(item.Region))
        {
            return Fault("region-missing", "region is missing.", "Send a country code such as DE, or a grid region such as US-CAMX.");
        }

        var (from, to) = DaysOf(item);
        if (from is not { } first || to is not { } last)
        {
            return Fault("date-missing", "The day or period is missing or cannot be read.", "Send date as yyyy-MM-dd, yyyy-MM or yyyy, or from and to as yyyy-MM-dd.");
        }

        var method = Core.Calculation.Scope2Method.Location;
        if (item.Scope2Method is { Length: > 0 } view && !Parse(view, out method))
        {
            return Fault("scope2-method", $"“{view}” is no view of scope 2.", "Send location or market.");
        }

        GwpSet? gwp = null;
        if (item.Gwp is { Length: > 0 } name)
        {
            if (!Parse<GwpSet>(name, out var set))
            {
                return Fault("gwp", $"“{name}” is no set of potentials.", $"Send one of {string.Join(", ", Enum.GetNames<GwpSet>())}.");
            }

            gwp = set;
        }

        var quality = DataQuality.Measured;
        if (item.Quality is { Length: > 0 } sure && (!Parse(sure, out quality) || quality > DataQuality.Defaulted))
        {
            return Fault("quality", $"“{sure}” is no data quality.", "Send measured, estimated or defaulted.");
        }

        try
        {
            var conversion = item.Conversion is { } between
                ? new QuantityConversion(between.Name ?? "conversion", between.Value ?? 0, units.Find(between.From), units.Find(between.To), between.Source ?? "")
                : null;
            return new UnderstoodItem(
                new ActivityInput
                {
                    Id = index.ToString(CultureInfo.InvariantCulture), Type = type, Quantity = new Quantity(quantity, units.Find(item.Unit)), Conversion = conversion,
                    From = first, To = last, Region = item.Region, Gas = item.Gas, FactorId = string.IsNullOrWhiteSpace(item.FactorId) ? null : item.FactorId.Trim(),
                    Quality = quality, UncertaintyPercent = item.UncertaintyPercent, Site = item.Site, Category = item.Category, Worksheet = steps,
                },
                method, gwp, null);
        }
        catch (UnknownUnitException unknown)
        {
            return new UnderstoodItem(null, default, null, UnknownUnit(unknown));
        }
    }

    /// <summary>What the worksheet of an item gives; null where it gives nothing, and then the fault says why.</summary>
    private static WorksheetOutcome? Work(CalculationItem item, UnitTable units, out CalculationFault? fault)
    {
        fault = null;
        if (WorksheetMethod.Find(item.Worksheet!.Method) is not { } method)
        {
            fault = new CalculationFault(
                "worksheet-method", $"“{item.Worksheet.Method}” is no method of a worksheet.", $"Send one of {string.Join(", ", WorksheetMethod.All.Select(known => known.Key))}.");
            return null;
        }

        try
        {
            var unit = units.Find(item.Unit);
            var outcome = method.Compute(method.InUnit(item.Worksheet, unit), unit, units);
            fault = outcome.Faults.Count == 0 ? null : new CalculationFault(
                outcome.Faults[0].Code, outcome.Faults[0].Message, $"GET /api/v1/worksheets says what {method.Key} asks for.");
            return outcome.Faults.Count == 0 ? outcome : null;
        }
        catch (UnknownUnitException unknown)
        {
            fault = UnknownUnit(unknown);
            return null;
        }
    }

    private static CalculationFault UnknownUnit(UnknownUnitException fault) => new(
        "unknown-unit", $"“{fault.Name}” is no unit that OffGridFlow knows.", fault.Near.Count == 0 ? "Write, for example, kWh, t, l, m3, km or t.km." : $"Did you mean {string.Join(", ", fault.Near)}?");

    /// <summary>Null where it cannot be understood; <paramref name="problem"/> says why.</summary>
    public static ContractualInstrument? Understand(InstrumentItem item, int index, IReadOnlyList<string> sites, out string? problem)
    {
        problem = !Parse<InstrumentKind>((item.Kind ?? "").Replace("-", "", StringComparison.Ordinal), out var kind) ? $"kind is one of {string.Join(", ", Enum.GetNames<InstrumentKind>())}"
            : Day(item.From) is null || Day(item.To) is null ? "from and to are days, yyyy-MM-dd"
            : item.KgCo2ePerKwh is null or < 0 ? "kgCo2ePerKwh is zero or more"
            : item.MegawattHours is < 0 ? "megawattHours is zero or more"
            : null;
        return problem is not null ? null : new ContractualInstrument
        {
            Id = item.Id ?? index.ToString(CultureInfo.InvariantCulture), Kind = kind, Name = item.Id ?? "", MegawattHours = item.MegawattHours, From = Day(item.From)!.Value,
            To = Day(item.To)!.Value, Sites = item.Sites ?? sites, KgCo2ePerKwh = item.KgCo2ePerKwh!.Value, Criteria = QualityCriteria.All,
        };
    }

    private static (DateOnly? From, DateOnly? To) DaysOf(CalculationItem item)
    {
        if (item.From is not null || item.To is not null)
        {
            return (Day(item.From), Day(item.To));
        }

        var text = item.Date?.Trim() ?? "";
        if (text.Length == 4 && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var year) && year > 1900)
        {
            return (new DateOnly(year, 1, 1), new DateOnly(year, 12, 31));
        }

        if (DateOnly.TryParseExact(text, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var month))
        {
            return (month, month.AddMonths(1).AddDays(-1));
        }

        var day = Day(text);
        return (day, day);
    }

    /// <summary>A day; of an instant its date as written.</summary>
    private static DateOnly? Day(string? text) =>
        DateOnly.TryParseExact(text is { Length: > 10 } && text[10] == 'T' ? text[..10] : text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    private static bool Parse<TEnum>(string text, out TEnum value)
        where TEnum : struct, Enum => Enum.TryParse(text, ignoreCase: true, out value) && Enum.IsDefined(value) && !char.IsAsciiDigit(text[0]);
}
