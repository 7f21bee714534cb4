using System.Globalization;
using System.Text;
using static System.FormattableString;

namespace OffGridFlow.Tests.Imports.AwsCur;

/// <summary>The text around the values: quotes, line ends, ragged rows, encodings, cultures, chunks.</summary>
public sealed class AwsCurTextTests
{
    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public void Read_LineEndsMarkAndBlankLines_LinesCountAsInTheFile(string end)
    {
        var text = "\uFEFF" + CurText.Headings + end + CurText.Row() + end + end + "  " + end + CurText.Row();

        var read = CurText.Read(CurText.Bytes(text));

        read.Lines.Select(l => l.Line).ShouldBe([2, 5]);
        read.Rows.ShouldBe(2);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public void Read_QuotedLineEnds_LineIsWhereTheRecordStarts(string end)
    {
        var text = CurText.Headings + end +
            CurText.Row(("resourceTags/user:team", $"\"one{end}two{end}three\"")) + end +
            CurText.Row(("lineItem/UsageAmount", "x")) + end;

        var read = CurText.Read(CurText.Bytes(text));

        read.Lines.ShouldHaveSingleItem().Line.ShouldBe(2);
        read.Lines[0].Tags.ShouldBe($$"""{"user:team":"one{{end.Replace("\r", "\\r").Replace("\n", "\\n")}}two{{end.Replace("\r", "\\r").Replace("\n", "\\n")}}three"}""");
        read.Rejected.ShouldHaveSingleItem().Line.ShouldBe(5);
    }

    [Fact]
    public void Read_QuotedCommaAndQuotedNumbers_Read()
    {
        var read = CurText.Read(CurText.File(CurText.Row(
            ("lineItem/ResourceId", "\"a,b\""), ("lineItem/UnblendedCost", "\"1.5\""), ("lineItem/UsageStartDate", "\"2023-11-05\""))));

        read.Lines.ShouldHaveSingleItem().Resource.ShouldBe("a,b");
        read.Cost.ShouldBe(1.5m);
    }

    [Theory]
    [InlineData(",extra", 20)]
    [InlineData(null, 18)]
    public void Read_RaggedRow_RejectedWithBothCounts(string? more, int fields)
    {
        var row = more is null ? CurText.Row()[..CurText.Row().LastIndexOf(',')] : CurText.Row() + more;

        var read = CurText.Read(CurText.File(CurText.Row(), row));

        var rejected = read.Rejected.ShouldHaveSingleItem();
        rejected.Reason.ShouldContain(Invariant($"{fields} fields"));
        rejected.Reason.ShouldContain("headings has 19");
        rejected.Fix.ShouldContain("as many fields");
        rejected.Column.ShouldBeNull();
        rejected.Raw.ShouldBe(row);
        read.Lines.Count.ShouldBe(1);
    }

    [Fact]
    public void Read_TextCutInTheLastRow_ThatRowIsRejected()
    {
        var text = CurText.Headings + "\n" + CurText.Row() + "\n" + CurText.Row()[..60];

        var read = CurText.Read(CurText.Bytes(text));

        read.Lines.Count.ShouldBe(1);
        read.Rejected.ShouldHaveSingleItem().Line.ShouldBe(3);
    }

    [Fact]
    public void Read_TextAfterClosingQuote_Rejected()
    {
        var read = CurText.Read(CurText.File(CurText.Row(("lineItem/ResourceId", "\"a\"b")), CurText.Row()));

        read.Rejected.ShouldHaveSingleItem().Reason.ShouldContain("follows a closing quote");
        read.Lines.Count.ShouldBe(1);
    }

    [Fact]
    public void Read_QuoteInsideUnquotedText_KeptAsText() =>
        CurText.Read(CurText.File(CurText.Row(("lineItem/ResourceId", "5\" disk")))).Lines.ShouldHaveSingleItem().Resource.ShouldBe("5\" disk");

    [Fact]
    public void Read_BytesThatAreNotUtf8_RowRejectedWithReplacementShown()
    {
        var file = Encoding.Latin1.GetBytes(CurText.Headings + "\n" + CurText.Row(("lineItem/ResourceId", "caf\u00E9")) + "\n" + CurText.Row() + "\n");

        var read = CurText.Read(file);

        var rejected = read.Rejected.ShouldHaveSingleItem();
        rejected.Column.ShouldBe("lineItem/ResourceId");
        rejected.Value.ShouldBe("caf\uFFFD");
        rejected.Raw.ShouldContain("caf\uFFFD");
        rejected.Fix.ShouldContain("UTF-8");
        read.Lines.Count.ShouldBe(1);
    }

    [Fact]
    public void Read_NulByteFarInTheFile_RowRejected()
    {
        var rows = Enumerable.Repeat(CurText.Row(), 500).Append(CurText.Row(("lineItem/ResourceId", "a\0b"))).ToArray();

        var read = CurText.Read(CurText.File(rows));

        read.Rejected.ShouldHaveSingleItem().Value.ShouldBe("a\uFFFDb");
        read.Lines.Count.ShouldBe(500);
    }

    [Theory]
    [InlineData("de-DE")]
    [InlineData("tr-TR")]
    [InlineData("fa-IR")]
    public void Read_AnyCulture_SameValuesAndWords(string culture)
    {
        var file = CurText.File(
            CurText.Row(("lineItem/UnblendedCost", "-1234.5"), ("lineItem/LineItemType", "Tax")), CurText.Row(("lineItem/CurrencyCode", "inr")),
            CurText.Row(("lineItem/UsageStartDate", "2040-01-01")), CurText.Row() + ",x");
        var expected = CurText.Read(file);
        var before = CultureInfo.CurrentCulture;

        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
        var read = CurText.Read(file);
        CultureInfo.CurrentCulture = before;

        read.Lines.ShouldBe(expected.Lines);
        read.Kinds.ShouldBe(expected.Kinds);
        read.Kinds[1].Currency.ShouldBe("INR");
        read.Rejected.ShouldBe(expected.Rejected);
        read.Lines[0].Cost.ShouldBe(-1234.5m);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(7, false)]
    [InlineData(4096, false)]
    [InlineData(1, true)]
    [InlineData(13, true)]
    public void Read_AnyChunks_SameResult(int chunk, bool gzip)
    {
        var file = CurText.File([.. Enumerable.Range(0, 300).Select(i => CurText.Row(
            ("lineItem/UnblendedCost", Invariant($"{i}.{i:000}")), ("resourceTags/user:team", Invariant($"\"t\n{i % 7}\"")),
            ("lineItem/UsageAmount", i % 10 == 0 ? "?" : "1"), ("lineItem/UsageAccountId", Invariant($"00{i % 3}"))))]);
        var whole = CurText.Read(file);

        var read = CurText.Read(new ChunkedStream(gzip ? CurText.Gzip(file) : file, chunk));

        read.Lines.ShouldBe(whole.Lines);
        read.Rejected.ShouldBe(whole.Rejected);
        read.Kinds.ShouldBe(whole.Kinds);
        read.Rows.ShouldBe(read.Lines.Count + read.Rejected.Count);
        read.Rejected.Count.ShouldBe(30);
    }

    [Fact]
    public void Inspect_MixedRows_CountsAllAndPairsThoseThatHaveBoth()
    {
        var inspection = CurText.Inspect(CurText.File(
            CurText.Row(), CurText.Row(("lineItem/UsageAmount", "bad")), CurText.Row(("lineItem/UsageAccountId", "")),
            CurText.Row(("bill/BillingPeriodStartDate", "2023-12-01 00:00:00")), CurText.Row(("bill/BillingPeriodStartDate", "2023-12-01T00:00:00Z")),
            CurText.Row(("bill/BillingPeriodStartDate", "?")), CurText.Row() + ","));

        inspection.Rows.ShouldBe(7);
        inspection.Periods.ShouldBe(
            new Dictionary<Infrastructure.Imports.BillPeriod, long> { [new("aws", "012345678901", new(2023, 11, 1))] = 2, [new("aws", "012345678901", new(2023, 12, 1))] = 2 },
            ignoreOrder: true);
    }

    [Fact]
    public void Read_Cancelled_Stops()
    {
        using var reader = new Infrastructure.Imports.AwsCur.AwsCurFormat(Infrastructure.Imports.AwsCur.AwsCurEdition.Legacy, new()).Open(
            Infrastructure.Imports.BillPart.Whole(new MemoryStream(CurText.File(CurText.Row()))));

        Should.Throw<OperationCanceledException>(() => reader.Read(new CancellationToken(canceled: true)));
    }

    /// <summary>A file that comes a few bytes at a time, as from a network.</summary>
    private sealed class ChunkedStream(byte[] bytes, int chunk) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, chunk)]);

        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, chunk));
    }
}
