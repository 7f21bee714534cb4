using System.IO.Compression;
using System.Text;
using OffGridFlow.Infrastructure.Imports;
using OffGridFlow.Infrastructure.Imports.Archives;
using OffGridFlow.Infrastructure.Imports.AwsCur;
using OffGridFlow.Tests.Imports.AwsCur;

namespace OffGridFlow.Tests.Imports.Archives;

public sealed class BillArchiveTests
{
    private const string Period = "cur/daily/20231101-20231201/";

    private static readonly AwsCurFormat Format = new(AwsCurEdition.Legacy, new BillOptions { Clock = CurText.Clock });

    [Fact]
    public void Read_FilesPackedByHand_InTheOrderOfTheirNamesAsOneBill()
    {
        var zip = Zip(
            ("b/part-2.csv", CurText.File(CurText.Row(("lineItem/UnblendedCost", "3")), "short")),
            ("__MACOSX/._part-1.csv", [0, 1, 2]),
            ("part-1.csv.gz", CurText.Gzip(CurText.File(CurText.Row(("lineItem/UnblendedCost", "1")), CurText.Row(("lineItem/UnblendedCost", "2"))))),
            ("notes.txt", CurText.Bytes("read me")),
            ("b/", []));

        using var document = Open(zip);
        document.Parts.Select(part => part.Entry).ShouldBe(["b/part-2.csv", "part-1.csv.gz"]);
        document.RecognizeKind(new BillFileLimits()).ShouldBe("aws-cur");
        document.Inspect(Format, TestContext.Current.CancellationToken).Sum(part => part.Rows).ShouldBe(4);

        using var reader = document.Read(Format);
        var read = ReadFile.Of(reader);
        read.Rows.ShouldBe(4);
        read.Lines.Select(line => (line.Line, line.Cost)).ShouldBe([(2, 3), (2, 1), (3, 2)]);
        read.Kinds.Count.ShouldBe(1);
        var rejected = read.Rejected.ShouldHaveSingleItem();
        (rejected.Entry, rejected.Line).ShouldBe(("b/part-2.csv", 3));
    }

    [Fact]
    public void Read_FoldersWithManifests_OnlyWhatTheNewestNames()
    {
        var zip = Zip(
            ("bucket/" + Period + "daily-Manifest.json", Manifest($"{Period}new/daily-00001.csv.gz", $"{Period}new/daily-00002.csv.gz")),
            ("bucket/" + Period + "new/daily-Manifest.json", Manifest($"{Period}new/daily-00001.csv.gz", $"{Period}new/daily-00002.csv.gz")),
            ("bucket/" + Period + "old/daily-Manifest.json", Manifest($"{Period}old/daily-00001.csv.gz")),
            ("bucket/" + Period + "old/daily-00001.csv.gz", CurText.Gzip(CurText.File(CurText.Row(("lineItem/UnblendedCost", "99"))))),
            ("bucket/" + Period + "new/daily-00002.csv.gz", CurText.Gzip(CurText.File(CurText.Row(("lineItem/UnblendedCost", "2"))))),
            ("bucket/" + Period + "new/daily-00001.csv.gz", CurText.Gzip(CurText.File(CurText.Row(("lineItem/UnblendedCost", "1"))))));

        Costs(zip).ShouldBe([1, 2]);
    }

    [Theory]
    [InlineData("{\"dataFiles\":[\"s3://my-bucket/exports/e/data/BILLING_PERIOD=2024-05/e-00001.csv\"]}")]
    [InlineData("\uFEFF{\"dataFiles\":[\"exports/e/data/BILLING_PERIOD=2024-05/e-00001.csv\"],\"columns\":[]}")]
    [InlineData("{\"reportKeys\":[\"/exports/e/data/BILLING_PERIOD=2024-05/e-00001.csv\"],\"bucket\":\"\"}")]
    public void Read_ManifestOfDataExports_KeysInAnyFormAreFound(string manifest)
    {
        var zip = Zip(
            ("e/metadata/BILLING_PERIOD=2024-05/e-Manifest.json", Encoding.UTF8.GetBytes(manifest)),
            ("e/data/BILLING_PERIOD=2024-05/e-00001.csv", CurText.File(CurText.Row(("lineItem/UnblendedCost", "7")))),
            ("e/data/BILLING_PERIOD=2024-05/older/e-00001.csv", CurText.File(CurText.Row(("lineItem/UnblendedCost", "99")))));

        Costs(zip).ShouldBe([7]);
    }

    public static TheoryData<string, byte[], string, string> Refused => new()
    {
        { "empty", Zip(), "is empty", "Pack the folders" },
        { "no csv", Zip(("data.parquet", [1]), ("readme.md", [2])), "holds no CSV file, but data.parquet, readme.md", "Pack the folders" },
        { "part missing", Zip(("x-Manifest.json", Manifest("a/x-1.csv", "a/x-2.csv")), ("a/x-1.csv", CurText.File())), "names 1 of 2 data files that are not in the archive: a/x-2.csv", "Copy the whole folder" },
        { "manifest of nothing", Zip(("x-Manifest.json", CurText.Bytes("{}")), ("x.csv", CurText.File())), "names no data files", "Copy it again" },
        { "manifest that is no JSON", Zip(("x-Manifest.json", CurText.Bytes("{")), ("x.csv", CurText.File())), "names no data files", "Copy it again" },
        { "manifest of Parquet", Zip(("x-Manifest.json", Manifest("x-1.snappy.parquet")), ("x-1.snappy.parquet", [1])), "which is not CSV", "format to CSV" },
        { "versions without manifest", Zip(("a/x-1.csv", CurText.File()), ("b/x-1.csv", CurText.File())), "in 2 folders and no manifest", "Pack the folders" },
        { "same name twice", Zip(("x.csv", CurText.File()), ("x.csv", CurText.File())), "holds x.csv twice", "Pack the folders" },
        { "cut off", Zip(("x.csv", CurText.File(CurText.Row())))[..^30], "stops before its end", "Download or pack it again" },
        { "changed byte", Damaged(), "bytes are not those that were packed", "upload it again" },
        { "zip in zip", Zip(("inner.csv", Zip(("x.csv", CurText.File())))), "inner.csv: The file is not CSV text: it is a ZIP archive", "Unpack the inner archive" },
        { "html inside", Zip(("x.csv", CurText.Bytes("<html>"))), "x.csv: The file is not CSV text: it is an HTML", "signed-in browser" },
        { "other bill inside", Zip(("x.csv", CurText.Bytes("BilledCost,ChargeCategory\n"))), "x.csv: This is a FOCUS cost file", "kind focus" },
        { "bomb", Zip(CompressionLevel.SmallestSize, ("x.csv", CurText.File([.. Enumerable.Repeat(CurText.Row(), 400_000)]))), "unpacks to more than 200 times", "Check where" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Read_BadArchive_RefusedWithTheEntryAndAWayOut(string name, byte[] zip, string reason, string fix)
    {
        var refusal = Should.Throw<UnreadableFileException>(() => Costs(zip));

        refusal.Reason.ShouldContain(reason, Case.Sensitive, name);
        refusal.Fix.ShouldContain(fix, Case.Sensitive, name);
    }

    [Fact]
    public void IsArchive_ExcelWorkbook_IsNone()
    {
        BillArchive.IsArchive(new MemoryStream(Zip(("[Content_Types].xml", [1]), ("xl/workbook.xml", [2])))).ShouldBeFalse();
        BillArchive.IsArchive(new MemoryStream(Zip(("a.csv", [1])))).ShouldBeTrue();
        BillArchive.IsArchive(new MemoryStream(CurText.File())).ShouldBeFalse();
    }

    /// <summary>Check values of CRC-32/ISO-HDLC (RevEng catalogue; "123456789").</summary>
    [Theory]
    [InlineData("", 0u)]
    [InlineData("123456789", 0xCBF43926u)]
    [InlineData("The quick brown fox jumps over the lazy dog", 0x414FA339u)]
    public void Crc32_KnownTexts_KnownValues(string text, uint expected)
    {
        var whole = new Crc32();
        whole.Add(CurText.Bytes(text));
        var byteByByte = new Crc32();
        foreach (var value in CurText.Bytes(text))
            byteByByte.Add([value]);

        whole.Value.ShouldBe(expected);
        byteByByte.Value.ShouldBe(expected);
    }

    private static List<decimal> Costs(byte[] zip)
    {
        using var document = Open(zip);
        document.Inspect(Format, TestContext.Current.CancellationToken);
        using var reader = document.Read(Format);
        return [.. ReadFile.Of(reader).Lines.Select(line => line.Cost)];
    }

    private static BillDocument Open(byte[] zip) => BillDocument.Open(new MemoryStream(zip), new BillFileLimits());

    private static byte[] Manifest(params string[] keys) =>
        CurText.Bytes($$"""{"assemblyId":"1","reportKeys":[{{string.Join(',', keys.Select(key => $"\"{key}\""))}}]}""");

    /// <summary>A stored entry with one byte changed after packing.</summary>
    private static byte[] Damaged()
    {
        var zip = Zip(CompressionLevel.NoCompression, ("x.csv", CurText.File(CurText.Row())));
        zip[zip.AsSpan().IndexOf("0.107"u8)] = (byte)'9';
        return zip;
    }

    internal static byte[] Zip(params (string Path, byte[] Bytes)[] entries) => Zip(CompressionLevel.Fastest, entries);

    private static byte[] Zip(CompressionLevel level, params (string Path, byte[] Bytes)[] entries)
    {
        using var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (path, bytes) in entries)
            {
                using var entry = zip.CreateEntry(path, level).Open();
                entry.Write(bytes);
            }
        }

        return packed.ToArray();
    }
}
