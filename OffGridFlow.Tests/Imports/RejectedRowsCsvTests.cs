using OffGridFlow.Core.Imports;
using OffGridFlow.Infrastructure.Imports;

namespace OffGridFlow.Tests.Imports;

public sealed class RejectedRowsCsvTests
{
    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\t=1", "'\t=1")]
    [InlineData("\r=1", "\"'\r=1\"")]
    [InlineData("a=1", "a=1")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("a \"b\"\nc", "\"a \"\"b\"\"\nc\"")]
    [InlineData("=HYPERLINK(\"x\",\"y\")", "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"")]
    [InlineData("", "")]
    public void Write_Value_NoFormulaAndQuotedWhereNeeded(string value, string expected)
    {
        using var writer = new StringWriter();

        RejectedRowsCsv.Write(writer, [new RejectedRow(7, "lineItem/UsageAmount", value, "Why.", "What to do.", "raw")]);

        writer.ToString().ShouldBe($"line,column,value,reason,fix,row\r\n7,lineItem/UsageAmount,{expected},Why.,What to do.,raw\r\n");
    }

    [Fact]
    public void Write_WholeRowAtFault_ColumnAndValueEmpty()
    {
        using var writer = new StringWriter();

        RejectedRowsCsv.Write(writer, [new RejectedRow(1_234_567, null, null, "Why.", "Do.", "=a,b")]);

        writer.ToString().ShouldEndWith("1234567,,,Why.,Do.,\"'=a,b\"\r\n");
    }
}
