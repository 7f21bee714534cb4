using System.Globalization;
using System.Text.RegularExpressions;

namespace OffGridFlow.Core.Imports.Sheets;

/// <summary>How long what a text names lasts.</summary>
public enum SheetSpan
{
    Day,
    Week,
    Month,
    Quarter,
    HalfYear,
    Year,

    /// <summary>A year of the organization's own.</summary>
    FiscalYear,

    /// <summary>From one day to another.</summary>
    Range,
}

/// <param name="From">First day, inclusive; of <see cref="SheetReading.Ambiguous"/> with the day first.</param>
/// <param name="To">Last day, inclusive.</param>
/// <param name="Other">Of <see cref="SheetReading.Ambiguous"/>: the first day with the month first.</param>
/// <param name="Order">The order by which it was read, where only one does.</param>
public readonly record struct DayReading(SheetReading Outcome, DateOnly From, DateOnly To, SheetSpan Span, DateOnly Other = default, DateOrder? Order = null);

/// <summary>Reads days and periods as people write them, and the serial numbers of spreadsheets.</summary>
public static partial class SheetDays
{
    private const int LongestText = 60;

    /// <summary>31 December 9999 in the system of 1900.</summary>
    private const int LastSerial = 2_958_465;

    /// <summary>Of 29 February 1900, which the system of 1900 has and the calendar has not.</summary>
    private const int NoSuchDay = 60;

    private static readonly DateOnly Of1904 = new(1904, 1, 1);
    private static readonly DateOnly BeforeNoSuchDay = new(1899, 12, 31);

    /// <summary>The day of a serial number; hours are cut off. Null where it is none.</summary>
    public static DateOnly? FromSerial(decimal serial, bool is1904)
    {
        if (serial < 0 || serial >= LastSerial + 1)
        {
            return null;
        }

        var day = (int)decimal.Floor(serial);
        if (is1904)
        {
            return day <= LastSerial - 1462 ? Of1904.AddDays(day) : null;
        }

        return day is 0 or NoSuchDay ? null : BeforeNoSuchDay.AddDays(day < NoSuchDay ? day : day - 1);
    }

    /// <summary>A number without the format of a day, in a column of days: a year, <c>202503</c>, <c>20250331</c> or a serial number. Their ranges do not meet.</summary>
    public static DayReading FromNumber(decimal number, bool is1904)
    {
        if (number is >= 1990 and < 2100 && number == decimal.Floor(number))
        {
            return Year((int)number);
        }

        if (number is >= 199001 and <= 209912 or >= 19900101 and <= 20991231 && number == decimal.Floor(number))
        {
            return Read(number.ToString("0", CultureInfo.InvariantCulture), DateOrder.YearMonthDay);
        }

        return number is >= 31000 and < 73500 && FromSerial(number, is1904) is { } day ? Single(day, null) : default(DayReading) with { Outcome = SheetReading.Unreadable };
    }

    /// <param name="order">Null: only what can be read one way.</param>
    public static DayReading Read(string text, DateOrder? order)
    {
        ArgumentNullException.ThrowIfNull(text);
        var body = text.Trim();
        if (body.Length == 0)
        {
            return default(DayReading) with { Outcome = SheetReading.Empty };
        }

        if (body.Length > LongestText)
        {
            return default(DayReading) with { Outcome = SheetReading.Unreadable };
        }

        body = Clock().Replace(body, "");
        if (One(body, order) is { } reading)
        {
            return reading;
        }

        var parts = Between().Split(body);
        if (parts.Length == 2 && One(parts[0].Trim(), order) is { } first && One(parts[1].Trim(), order) is { } last)
        {
            return (first.Outcome, last.Outcome) switch
            {
                (SheetReading.Read, SheetReading.Read) => new DayReading(SheetReading.Read, first.From, last.To, SheetSpan.Range, default, first.Order ?? last.Order),
                // One that can be read one way alone decides for the other.
                (SheetReading.Ambiguous, SheetReading.Read) when last.Order is { } known && order is null => Read(text, known),
                (SheetReading.Read, SheetReading.Ambiguous) when first.Order is { } known && order is null => Read(text, known),
                _ => first.Outcome == SheetReading.Read ? last : first,
            };
        }

        return default(DayReading) with { Outcome = SheetReading.Unreadable };
    }

    /// <summary>1 to 12 of a month that is named without its year: “Januar”, “Jan.”; null where the text is none.</summary>
    public static int? MonthAlone(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var word = text.Trim();
        return word.Length is > 2 and <= LongestText && word.TrimEnd('.').All(char.IsLetter) ? SheetMonths.Find(word) : null;
    }

    /// <summary>The month among the twelve that begin with <paramref name="first"/>: March of those from April 2024 is March 2025.</summary>
    public static DayReading MonthAmong(int month, DateOnly first) => Month(first.Year + (month < first.Month ? 1 : 0), month) ?? default(DayReading) with { Outcome = SheetReading.Unreadable };

    private static DayReading? One(string body, DateOrder? order)
    {
        if (YearFirst().Match(body) is { Success: true } ymd)
        {
            return Day(Int(ymd, "y"), Int(ymd, "m"), Int(ymd, "d")) is { } day ? Single(day, null) : null;
        }

        if (Digits().Match(body) is { Success: true } digits)
        {
            return OfDigits(digits, order);
        }

        if (YearMonth().Match(body) is { Success: true } ym)
        {
            return Month(Int(ym, "y"), Int(ym, "m"));
        }

        if (body.Length == 4 && int.TryParse(body, NumberStyles.None, CultureInfo.InvariantCulture, out var year) && year is >= 1900 and < 2200)
        {
            return Year(year);
        }

        return OfWords(body) ?? OfParts(body);
    }

    private static DayReading? OfDigits(Match match, DateOrder? order)
    {
        var (a, b, c) = (Int(match, "a"), Int(match, "b"), Int(match, "c"));
        var isShort = match.Groups["c"].Length == 2;
        var year = isShort ? 2000 + c : c;
        if (order == DateOrder.YearMonthDay && isShort)
        {
            return Day(2000 + a, b, c) is { } yearFirst ? Single(yearFirst, DateOrder.YearMonthDay) : null;
        }

        var (dayFirst, monthFirst) = (Day(year, b, a), Day(year, a, b));
        switch (order)
        {
            case DateOrder.DayMonthYear or DateOrder.YearMonthDay:
                return dayFirst is { } asDay ? Single(asDay, null) : monthFirst is { } asMonth ? Foreign(asMonth, DateOrder.MonthDayYear) : null;
            case DateOrder.MonthDayYear:
                return monthFirst is { } fits ? Single(fits, null) : dayFirst is { } other ? Foreign(other, DateOrder.DayMonthYear) : null;
        }

        return (dayFirst, monthFirst) switch
        {
            (null, null) => null,
            ({ } day, null) => Single(day, DateOrder.DayMonthYear),
            (null, { } day) => Single(day, DateOrder.MonthDayYear),
            ({ } day, { } other) when day == other => Single(day, null),
            // Points are written by those alone who put the day first.
            ({ } day, _) when match.Groups["s"].Value == "." => Single(day, DateOrder.DayMonthYear),
            ({ } day, { } other) => new DayReading(SheetReading.Ambiguous, day, day, SheetSpan.Day, other),
        };
    }

    /// <summary>Quarters, halves, weeks and fiscal years.</summary>
    private static DayReading? OfParts(string body)
    {
        if (Fiscal().Match(body) is { Success: true } fiscal)
        {
            return Year(Century(Int(fiscal, "y"))) with { Span = SheetSpan.FiscalYear };
        }

        if (Week().Match(body) is { Success: true } week && Int(week, "y") is var weekYear && Int(week, "w") is var number && number >= 1
            && number <= ISOWeek.GetWeeksInYear(weekYear))
        {
            var monday = DateOnly.FromDateTime(ISOWeek.ToDateTime(weekYear, number, DayOfWeek.Monday));
            return new DayReading(SheetReading.Read, monday, monday.AddDays(6), SheetSpan.Week);
        }

        var match = Part().Match(body);
        if (!match.Success)
        {
            return null;
        }

        var (of, n) = (Century(Int(match, "y")), Int(match, "n"));
        var months = match.Groups["k"].Value is "H" or "h" or "S" or "s" ? 6 : 3;
        if (n < 1 || n > 12 / months)
        {
            return null;
        }

        var from = new DateOnly(of, ((n - 1) * months) + 1, 1);
        return new DayReading(SheetReading.Read, from, from.AddMonths(months).AddDays(-1), months == 3 ? SheetSpan.Quarter : SheetSpan.HalfYear);
    }

    /// <summary>With the name of a month.</summary>
    private static DayReading? OfWords(string body)
    {
        var words = Separators().Split(body).Where(word => word.Length > 0).ToList();
        var named = words.FindIndex(word => SheetMonths.Find(word) is not null);
        if (named < 0 || words.Count is < 2 or > 5)
        {
            return null;
        }

        var month = SheetMonths.Find(words[named])!.Value;
        // “5 de marzo de 2025”; “March 5th”.
        var numbers = words.Where((word, index) => index != named && !(word is "de" or "of" or "den")).Select(word => Ordinal().Replace(word, "$1")).ToList();
        if (numbers.Exists(number => !number.All(char.IsAsciiDigit) || number.Length is 0 or > 4))
        {
            return null;
        }

        return numbers switch
        {
            [{ Length: 4 or 2 } year] => Month(Century(Int(year)), month),
            [{ Length: <= 2 } day, { Length: 4 } year] when Day(Int(year), month, Int(day)) is { } found => Single(found, null),
            [{ Length: 4 } year, { Length: <= 2 } day] when Day(Int(year), month, Int(day)) is { } found => Single(found, null),
            [{ Length: <= 2 } day, { Length: 2 } year] when Day(2000 + Int(year), month, Int(day)) is { } found => Single(found, null),
            _ => null,
        };
    }

    private static DayReading Single(DateOnly day, DateOrder? order) => new(SheetReading.Read, day, day, SheetSpan.Day, default, order);

    private static DayReading Foreign(DateOnly day, DateOrder order) => new(SheetReading.OtherLocale, day, day, SheetSpan.Day, default, order);

    private static DayReading? Month(int year, int month) => year is >= 1900 and < 2200 && month is >= 1 and <= 12
        ? new DayReading(SheetReading.Read, new DateOnly(year, month, 1), new DateOnly(year, month, DateTime.DaysInMonth(year, month)), SheetSpan.Month) : null;

    private static DayReading Year(int year) => new(SheetReading.Read, new DateOnly(year, 1, 1), new DateOnly(year, 12, 31), SheetSpan.Year);

    private static DateOnly? Day(int year, int month, int day) =>
        year is >= 1900 and < 2200 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month) ? new DateOnly(year, month, day) : null;

    private static int Century(int year) => year < 100 ? 2000 + year : year;

    private static int Int(Match match, string group) => Int(match.Groups[group].Value);

    private static int Int(string digits) => int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(?<y>\d{4})(?:(?<s>[-/.])(?<m>\d{1,2})\k<s>(?<d>\d{1,2})|(?<m>\d{2})(?<d>\d{2}))$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex YearFirst();

    [GeneratedRegex(@"^(?<a>\d{1,2})\s*(?<s>[-/.])\s*(?<b>\d{1,2})\s*\k<s>\s*(?<c>\d{4}|\d{2})$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Digits();

    [GeneratedRegex(@"^(?:(?<y>\d{4})[-/.](?<m>\d{1,2})|(?<m>\d{1,2})[-/.](?<y>\d{4})|(?<y>(?:19|20)\d{2})(?<m>0[1-9]|1[0-2]))$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex YearMonth();

    [GeneratedRegex(@"^(?:FY|GJ|EX)\s*[-/']?\s*(?<y>\d{4}|\d{2})$", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Fiscal();

    [GeneratedRegex(@"^(?<y>(?:19|20)\d{2})[-\s]?[WK]W?(?<w>\d{1,2})$", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Week();

    [GeneratedRegex(@"^(?:(?<k>[QTHS])\s*(?<n>\d)[\s/\-']*(?<y>\d{4}|\d{2})|(?<y>\d{4})[\s/-]*(?<k>[QTHS])\s*(?<n>\d)|(?<n>\d)\s*(?<k>[QTHS])[\s/\-']*(?<y>\d{4}|\d{2})|(?<n>\d)\.?\s*(?<k>Q)uartal\s*(?<y>\d{4}))$", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Part();

    [GeneratedRegex(@"[T\s]+\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:AM|PM|Z|[+-]\d{2}:?\d{2})?$", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Clock();

    [GeneratedRegex(@"\s+-\s+|\s*[\u2013\u2014]\s*|\s+(?:to|bis|au|a|al|until|through)\s+", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Between();

    [GeneratedRegex(@"[\s,./\-'\u2019\u00A0]+", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Separators();

    [GeneratedRegex(@"^(\d{1,2})(?:st|nd|rd|th|er|º|ª)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Ordinal();
}
