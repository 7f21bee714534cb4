using OffGridFlow.Core.Calculation;
using OffGridFlow.Tests.Calculation;
using OffGridFlow.Web.Features.Calculation;

namespace OffGridFlow.Tests.Web;

/// <summary>The way out of an exception of money leads to the form with what the exception says.</summary>
public sealed class MoneyWordsTests
{
    [Fact]
    public void Mend_OfWhatTheEngineSays_FillsTheForm()
    {
        var units = TestLibrary.Units;
        MoneyTables.Empty.Convert(1m, units.Find("EUR"), units.Find("USD 2022"), new DateOnly(2025, 3, 31), out var rate);
        MoneyTables.Empty.Convert(1m, units.Find("USD"), units.Find("USD 2022"), new DateOnly(2025, 3, 31), out var index);

        MoneyWords.Mend(rate!.Code, rate.Message).ShouldBe("/rates?from=EUR&to=USD&month=2025-03");
        MoneyWords.Mend(index!.Code, index.Message).ShouldBe("/rates?show=indices&currency=USD&year=2022");
        MoneyWords.Mend("tie", rate.Message).ShouldBeNull();
    }

    [Fact]
    public void MapOf_NamesWhatTheEntryNames()
    {
        MoneyWords.MapOf("Power & Co", null).ShouldBe("/rates?show=accounts&vendor=Power%20%26%20Co");
        MoneyWords.MapOf("Power", "6010").ShouldBe("/rates?show=accounts&vendor=Power&account=6010");
        MoneyWords.MapOf(null, null).ShouldBeNull();
    }

    [Fact]
    public void Csv_OfWhatSomebodyTyped_StaysOneRowOfFiveCells()
    {
        var input = new RateInput { From = "EUR", To = "USD", Month = "2025-03", Value = 1.0812m, Source = "Bank, \"means\"\nof the month" };

        input.ToCsv().ShouldBe("from,to,month,value,source\n\"EUR\",\"USD\",\"2025-03\",1.0812,\"Bank, \"\"means\"\" of the month\"\n");
        new IndexInput { Currency = "USD", Year = 2025, Value = 292.5m, Source = "CPI" }.ToCsv().ShouldBe("currency,year,month,value,source\n\"USD\",2025,,292.5,\"CPI\"\n");
    }
}
