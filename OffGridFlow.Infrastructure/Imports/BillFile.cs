using System.Buffers.Binary;
using System.Text;

namespace OffGridFlow.Infrastructure.Imports;

/// <summary>Opens a part of an uploaded document as UTF-8 text, told by its content and never by its name.</summary>
internal static class BillFile
{
    private const int HeadBytes = 64 << 10;

    /// <summary>The text of a part from its beginning, unpacked if it is packed with gzip.</summary>
    /// <exception cref="UnreadableFileException">The part is empty or not text.</exception>
    public static Stream OpenText(BillPart part, BillFileLimits limits)
    {
        var head = ReadHead(part.OpenRead());
        if (head.Length == 0)
            throw new UnreadableFileException("The file is empty: it has 0 bytes.", "Download the report again; an export without usage still has a line of headings.");
        if (!IsGzip(head))
        {
            RefuseOther(head, unpacked: false);
            return part.OpenRead();
        }

        head = ReadHead(new GunzipStream(part.OpenRead(), limits));
        if (head.Length == 0)
            throw new UnreadableFileException("The file is empty: the gzip file holds 0 bytes of text.", "Download the report again; an export without usage still has a line of headings.");
        if (IsGzip(head))
            throw new UnreadableFileException("The file is packed twice: gzip inside gzip.", "Unpack it once and upload the .csv.gz file inside.");
        RefuseOther(head, unpacked: true);
        return new GunzipStream(part.OpenRead(), limits);
    }

    private static bool IsGzip(ReadOnlySpan<byte> head) => head.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]);

    /// <summary>The first bytes of a stream, which it closes.</summary>
    private static byte[] ReadHead(Stream stream)
    {
        using var closing = stream;
        var head = new byte[HeadBytes];
        var filled = 0;
        try
        {
            for (int read; filled < head.Length && (read = stream.Read(head, filled, head.Length - filled)) > 0;)
                filled += read;
        }
        catch (UnreadableFileException) when (filled > 0)
        {
            // A short file cut off inside the head: what is there decides what it is; the reader will say which row it reached.
        }

        return head[..filled];
    }

    private static void RefuseOther(ReadOnlySpan<byte> head, bool unpacked)
    {
        var (what, fix) = Recognize(head);
        if (what is null || fix is null)
            return;
        throw new UnreadableFileException(unpacked ? $"The gzip file does not hold CSV text: {what}" : $"The file is not CSV text: {what}", fix);
    }

    private static (string? What, string? Fix) Recognize(ReadOnlySpan<byte> head)
    {
        const string exportCsv = "Set the report's format to CSV (gzip or plain) at the provider and upload that file.";
        const string saveUtf8 = "Save it as UTF-8 (in Excel: CSV UTF-8), or better upload the file as the provider delivered it.";

        if (head.StartsWith("PAR1"u8))
            return ("it is a Parquet file.", exportCsv);
        if (head.StartsWith("PK\u0003\u0004"u8) || head.StartsWith("PK\u0005\u0006"u8))
        {
            return head.IndexOf("[Content_Types].xml"u8) >= 0 || head.IndexOf("xl/"u8) >= 0
                ? ("it is an Excel workbook.", "Upload the CSV file that the provider delivered; a workbook may have changed numbers and dates.")
                : ("it is a ZIP archive inside the archive.", "Unpack the inner archive, and pack the .csv or .csv.gz files themselves.");
        }

        if (head.StartsWith((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0]))
            return ("it is an old Excel workbook.", "Upload the CSV file that the provider delivered; a workbook may have changed numbers and dates.");
        if (head.StartsWith("%PDF"u8))
            return ("it is a PDF document.", exportCsv);
        if (head.StartsWith("BZh"u8) || head.StartsWith((ReadOnlySpan<byte>)[0xFD, 0x37, 0x7A, 0x58, 0x5A]) ||
            head.StartsWith((ReadOnlySpan<byte>)[0x28, 0xB5, 0x2F, 0xFD]) || head.StartsWith((ReadOnlySpan<byte>)[0x37, 0x7A, 0xBC, 0xAF]))
        {
            return ("it is packed with another program than gzip (bzip2, xz, zstd or 7-Zip).", "Unpack it and upload the CSV file inside, plain or packed with gzip.");
        }

        if (IsUtf16(head))
            return ("it is text in UTF-16, not UTF-8.", saveUtf8);
        if (head.Contains((byte)0))
            return ("it holds NUL bytes, so it is binary data of a kind that is not known here.", exportCsv);

        var text = head.TrimStart(Encoding.UTF8.Preamble).TrimStart(" \t\r\n"u8);
        if (text.IsEmpty)
            return ("it holds blank lines only.", "Download the report again; an export without usage still has a line of headings.");
        return text[0] switch
        {
            (byte)'<' => ("it is an HTML or XML page, often a sign-in or error page saved in place of the report.", "Open the download link in a signed-in browser, or copy the file from the storage bucket, and upload that."),
            (byte)'{' or (byte)'[' => ("it is JSON.", exportCsv),
            _ => (null, null),
        };
    }

    private static bool IsUtf16(ReadOnlySpan<byte> head)
    {
        if (head.Length < 4)
            return false;
        var mark = BinaryPrimitives.ReadUInt16LittleEndian(head);
        if (mark is 0xFEFF or 0xFFFE || head.StartsWith((ReadOnlySpan<byte>)[0, 0, 0xFE, 0xFF]))
            return true;

        // Without a mark: headings are ASCII, so every second byte is NUL and the others are letters.
        var sample = head[..(Math.Min(head.Length, 64) & ~1)];
        return IsEverySecondNul(sample, letters: 0) || IsEverySecondNul(sample, letters: 1);
    }

    private static bool IsEverySecondNul(ReadOnlySpan<byte> sample, int letters)
    {
        for (var i = 0; i < sample.Length; i += 2)
        {
            if (sample[i + letters] is < (byte)'\t' or > (byte)'~' || sample[i + 1 - letters] != 0)
                return false;
        }

        return true;
    }
}
