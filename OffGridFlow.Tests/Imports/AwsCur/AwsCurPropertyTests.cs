using System.Globalization;
using System.Text;
using OffGridFlow.Infrastructure.Imports;
using static System.FormattableString;

namespace OffGridFlow.Tests.Imports.AwsCur;

/// <summary>What holds for any file: tried on files damaged at random, from fixed seeds so that a failure can be repeated.</summary>
public sealed class AwsCurPropertyTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Read_DamagedText_EveryRowIsALineOrARejectionOrTheFileIsRefused(int seed)
    {
        var random = new Random(seed);
        var good = CurText.File([.. Enumerable.Range(0, 12).Select(i => CurText.Row(("lineItem/UnblendedCost", Invariant($"{i}.25")), ("lineItem/ResourceId", "\"a,b\"")))]);
        var headings = CurText.Headings.Length + 1;

        for (var round = 0; round < 400; round++)
        {
            var file = good.ToArray();
            for (var i = 0; i <= round % 5; i++)
                file[random.Next(round % 4 == 0 ? 0 : headings, file.Length)] = (byte)random.Next(256);

            try
            {
                var read = CurText.Read(file);
                var inspection = CurText.Inspect(file);

                read.Rows.ShouldBe(read.Lines.Count + read.Rejected.Count);
                inspection.Rows.ShouldBe(read.Rows);
                inspection.Periods.Values.Sum().ShouldBeInRange(read.Lines.Count, read.Rows);
                read.Lines.ShouldAllBe(l => l.Kind >= 0 && l.Kind < read.Kinds.Count);
                read.Rejected.ShouldAllBe(r => r.Reason.Length > 0 && r.Fix.Length > 0 && r.Raw.Length > 0);
            }
            catch (UnreadableFileException refusal)
            {
                refusal.Reason.ShouldNotBeNullOrWhiteSpace();
                refusal.Fix.ShouldNotBeNullOrWhiteSpace();
            }
        }
    }

    [Fact]
    public void Read_GzipWithAnyByteChanged_SameLinesOrRefused()
    {
        var random = new Random(4);
        var packed = CurText.Gzip(CurText.File([.. Enumerable.Range(0, 50).Select(i => CurText.Row(("lineItem/ResourceId", Invariant($"i-{i * 7919L:x}"))))]));
        var expected = CurText.Read(packed).Lines;

        for (var at = 2; at < packed.Length; at++)
        {
            var file = packed.ToArray();
            file[at] ^= (byte)(1 << random.Next(8));
            try
            {
                CurText.Read(file).Lines.ShouldBe(expected, Invariant($"byte {at}"));
            }
            catch (UnreadableFileException refusal)
            {
                refusal.Fix.ShouldNotBeNullOrWhiteSpace();
            }
        }
    }

    [Fact]
    public void ReadDecimal_AnyNumber_AsTheFrameworkReadsIt()
    {
        var random = new Random(5);
        for (var round = 0; round < 20_000; round++)
        {
            var text = new StringBuilder(random.Next(3) == 0 ? "-" : "");
            for (var i = random.Next(0, 12); i > 0; i--)
                text.Append((char)('0' + random.Next(10)));
            if (random.Next(2) == 0)
                text.Append('.');
            for (var i = random.Next(0, 12); i > 0; i--)
                text.Append((char)('0' + random.Next(10)));
            if (random.Next(2) == 0)
                text.Append(random.Next(2) == 0 ? "E" : "e").Append(random.Next(3) switch { 0 => "-", 1 => "+", _ => "" }).Append(random.Next(0, 30));

            var expected = decimal.TryParse(text.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && Math.Abs(number) < 1e15m;
            var reading = BillValues.ReadDecimal(Encoding.UTF8.GetBytes(text.ToString()), out var read);

            if (!expected)
                continue;
            reading.ShouldBe(NumberReading.Number, text.ToString());
            read.ShouldBe(number, text.ToString());
        }
    }

    [Fact]
    public void Utf8Table_ManyTexts_KeepTheirNumbers()
    {
        var table = new Utf8Table();
        var expected = new Dictionary<string, int>();
        var random = new Random(6);
        for (var i = 0; i < 50_000; i++)
        {
            var text = new string((char)('a' + random.Next(26)), random.Next(0, 40)) + random.Next(3_000).ToString(CultureInfo.InvariantCulture);
            var known = expected.TryGetValue(text, out var number);

            table.Find(Encoding.UTF8.GetBytes(text), out var added).ShouldBe(known ? number : expected.Count);

            added.ShouldBe(!known);
            expected.TryAdd(text, expected.Count);
        }

        table.Count.ShouldBe(expected.Count);
    }

    [Fact]
    public void Utf8Texts_MoreThanItRemembers_StillTheRightTexts()
    {
        var texts = new Utf8Texts(maxTexts: 10, maxBytes: 100);

        for (var i = 0; i < 1_000; i++)
        {
            var text = new string('x', i % 60) + (i % 37).ToString(CultureInfo.InvariantCulture);
            texts.Get(Encoding.UTF8.GetBytes(text)).ShouldBe(text);
        }
    }
}
