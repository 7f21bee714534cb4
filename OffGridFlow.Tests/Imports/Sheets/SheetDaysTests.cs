using OffGridFlow.Core.Imports.Sheets;

namespace OffGridFlow.Tests.Imports.Sheets;

public sealed class SheetDaysTests
{
    [Theory]
    [InlineData("2025-03-31", null, "Read 2025-03-31 2025-03-31")]
    [InlineData("2025-03-31T00:00:00", null, "Read 2025-03-31 2025-03-31")]
    [InlineData("31.03.2025 00:00", null, "Read 2025-03-31 2025-03-31")]
    [InlineData("20250331", null, "Read 2025-03-31 2025-03-31")]
    [InlineData("2025/3/1", null, "Read 2025-03-01 2025-03-01")]
    [InlineData("31/03/2025", null, "Read 2025-03-31 2025-03-31")]
    [InlineData("03/31/2025", null, "Read 2025-03-31 2025-03-31")]
    [InlineData("03/04/2025", null, "Ambiguous 2025-04-03 2025-04-03")]
    [InlineData("03/03/2025", null, "Read 2025-03-03 2025-03-03")]
    [InlineData("03.04.2025", null, "Read 2025-04-03 2025-04-03")]
    [InlineData("03/04/2025", DateOrder.DayMonthYear, "Read 2025-04-03 2025-04-03")]
    [InlineData("03/04/2025", DateOrder.MonthDayYear, "Read 2025-03-04 2025-03-04")]
    [InlineData("31/03/2025", DateOrder.MonthDayYear, "OtherLocale 2025-03-31 2025-03-31")]
    [InlineData("31.12.24", null, "Read 2024-12-31 2024-12-31")]
    [InlineData("30.02.2025", null, "Unreadable 0001-01-01 0001-01-01")]
    [InlineData("29.02.2024", null, "Read 2024-02-29 2024-02-29")]
    [InlineData("2025-03", null, "Read 2025-03-01 2025-03-31")]
    [InlineData("03/2025", null, "Read 2025-03-01 2025-03-31")]
    [InlineData("202503", null, "Read 2025-03-01 2025-03-31")]
    [InlineData("Mar 2025", null, "Read 2025-03-01 2025-03-31")]
    [InlineData("März 2025", null, "Read 2025-03-01 2025-03-31")]
    [InlineData("mars 2025", null, "Read 2025-03-01 2025-03-31")]
    [InlineData("Dez. 2024", null, "Read 2024-12-01 2024-12-31")]
    [InlineData("Feb-24", null, "Read 2024-02-01 2024-02-29")]
    [InlineData("5 de marzo de 2025", null, "Read 2025-03-05 2025-03-05")]
    [InlineData("March 5th, 2025", null, "Read 2025-03-05 2025-03-05")]
    [InlineData("15 août 2025", null, "Read 2025-08-15 2025-08-15")]
    [InlineData("Q1 2025", null, "Read 2025-01-01 2025-03-31")]
    [InlineData("2025-Q4", null, "Read 2025-10-01 2025-12-31")]
    [InlineData("T3 2025", null, "Read 2025-07-01 2025-09-30")]
    [InlineData("4. Quartal 2024", null, "Read 2024-10-01 2024-12-31")]
    [InlineData("H2 2025", null, "Read 2025-07-01 2025-12-31")]
    [InlineData("Q5 2025", null, "Unreadable 0001-01-01 0001-01-01")]
    [InlineData("FY2025", null, "Read 2025-01-01 2025-12-31")]
    [InlineData("FY25", null, "Read 2025-01-01 2025-12-31")]
    [InlineData("2025", null, "Read 2025-01-01 2025-12-31")]
    [InlineData("2025-W01", null, "Read 2024-12-30 2025-01-05")]
    [InlineData("01.01.2025 - 31.01.2025", null, "Read 2025-01-01 2025-01-31")]
    [InlineData("01/02/2025 – 28/02/2025", null, "Read 2025-02-01 2025-02-28")]
    [InlineData("Tuesday", null, "Unreadable 0001-01-01 0001-01-01")]
    [InlineData("45658", null, "Unreadable 0001-01-01 0001-01-01")]
    public void Read_OfAText_IsThePeriodThatItNames(string text, DateOrder? order, string expected)
    {
        var read = SheetDays.Read(text, order);

        FormattableString.Invariant($"{read.Outcome} {read.From:yyyy-MM-dd} {read.To:yyyy-MM-dd}").ShouldBe(expected);
    }

    [Theory]
    [InlineData(1, false, "1900-01-01")]
    [InlineData(59, false, "1900-02-28")]
    [InlineData(60, false, null)]
    [InlineData(61, false, "1900-03-01")]
    [InlineData(45658, false, "2025-01-01")]
    [InlineData(45658.99, false, "2025-01-01")]
    [InlineData(44196, true, "2025-01-01")]
    [InlineData(0, true, "1904-01-01")]
    [InlineData(0, false, null)]
    [InlineData(2958465, false, "9999-12-31")]
    [InlineData(2958466, false, null)]
    [InlineData(-1, false, null)]
    public void FromSerial_OfBothSystems_KnowsTheDayThatNeverWas(double serial, bool is1904, string? expected) =>
        (SheetDays.FromSerial((decimal)serial, is1904) is { } day ? day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture) : null).ShouldBe(expected);
}
