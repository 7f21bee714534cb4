namespace OffGridFlow.Core.Imports.Sheets;

/// <summary>In which order the parts of a day stand that is written in digits.</summary>
public enum DateOrder
{
    DayMonthYear,
    MonthDayYear,
    YearMonthDay,
}

/// <summary>How a country writes numbers and days.</summary>
/// <param name="Code">E.g. <c>de-DE</c>.</param>
/// <param name="Name">For people.</param>
/// <param name="DecimalMark">Stands before the fraction.</param>
/// <param name="GroupMarks">Each may stand between thousands.</param>
/// <param name="Order">Of days in digits; a day that begins with a year of four digits is always year, month, day.</param>
public sealed record SheetLocale(string Code, string Name, char DecimalMark, string GroupMarks, DateOrder Order)
{
    /// <summary>Space, no-break space, narrow no-break space, thin space.</summary>
    private const string Spaces = " \u00A0\u202F\u2009";

    /// <summary>Straight and typographic.</summary>
    private const string Apostrophes = "'\u2019";

    /// <summary>In the order in which they are offered.</summary>
    public static IReadOnlyList<SheetLocale> All { get; } =
    [
        new("en-US", "English (United States)", '.', "," + Spaces + Apostrophes, DateOrder.MonthDayYear),
        new("en-GB", "English (United Kingdom)", '.', "," + Spaces + Apostrophes, DateOrder.DayMonthYear),
        new("de-DE", "German (Germany)", ',', "." + Spaces + Apostrophes, DateOrder.DayMonthYear),
        new("de-CH", "German (Switzerland)", '.', Apostrophes + Spaces, DateOrder.DayMonthYear),
        new("fr-FR", "French (France)", ',', Spaces + ".", DateOrder.DayMonthYear),
        new("es-ES", "Spanish (Spain)", ',', "." + Spaces, DateOrder.DayMonthYear),
        new("it-IT", "Italian (Italy)", ',', "." + Spaces + Apostrophes, DateOrder.DayMonthYear),
        new("nl-NL", "Dutch (Netherlands)", ',', "." + Spaces, DateOrder.DayMonthYear),
        new("pl-PL", "Polish (Poland)", ',', Spaces + ".", DateOrder.DayMonthYear),
        new("pt-BR", "Portuguese (Brazil)", ',', "." + Spaces, DateOrder.DayMonthYear),
        new("sv-SE", "Swedish (Sweden)", ',', Spaces + ".", DateOrder.YearMonthDay),
        new("iso", "ISO 8601 (2025-12-31, 1234.5)", '.', Spaces, DateOrder.YearMonthDay),
    ];

    /// <summary>Null where there is none of this code.</summary>
    public static SheetLocale? Find(string? code) => All.FirstOrDefault(locale => string.Equals(locale.Code, code, StringComparison.OrdinalIgnoreCase));
}
