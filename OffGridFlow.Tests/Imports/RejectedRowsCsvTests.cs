using OffGridFlow.Core.Imports;
using OffGridFlow.Infrastructure.Imports;

namespace OffGridFlow.Tests.Imports;

public sealed class RejectedRowsCsvTests
{
    [Theory]
    [InlineData("=1+1", "'=1+1")]
        [InlineData("-1", "-1")]
    [InlineData("-1+cmd", "'-1+cmd")]
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

        RejectedRowsCsv.Write(writer, [new RejectedRow(7, "lineItem/UsageAmount", value, "Why.", "What to do.", "a,b") { Entry = "part.csv" }]);

        writer.ToString().ShouldBe($"7,lineItem/UsageAmount,{expected},Why.,What to do.,part.csv,a,b\r\n");
    }

    [Fact]
    public void Write_Row_StandsUnderItsHeadingsAndRunsNothing()
    {
        using var writer = new StringWriter();

        RejectedRowsCsv.WriteHeadings(writer, ["id", "note, long", "cost"]);
        RejectedRowsCsv.Write(writer, [new RejectedRow(1_234_567, null, null, "Why.", "Do.", "=a,\"b, \"\"c\"\"\",-0.5\r\n")]);

        writer.ToString().ShouldBe("line,column,value,reason,fix,entry,id,\"note, long\",cost\r\n1234567,,,Why.,Do.,,'=a,\"b, \"\"c\"\"\",-0.5\r\n");
    }

    [Theory]
    [InlineData("only,two", "only,two")]
    [InlineData("one,two,three,four", "one,two,three,four")]
    [InlineData("", "")]
    public void Write_RaggedRow_KeepsItsFieldsAsTheyStand(string raw, string written)
    {
        using var writer = new StringWriter();

        RejectedRowsCsv.Write(writer, [new RejectedRow(2, null, null, "Why.", "Do.", raw)]);

        writer.ToString().ShouldBe($"2,,,Why.,Do.,{(written.Length == 0 ? "" : "," + written)}\r\n");
    }
}
