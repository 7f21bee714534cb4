using System.Text;

namespace OffGridFlow.Infrastructure.Imports.Sheets.Reading;

/// <summary>What a file is by its first bytes, whatever its name says.</summary>
internal static class FileKinds
{
    private const string SaveAsXlsx = "Open it in your spreadsheet program and save it as Excel workbook (.xlsx), or as CSV.";

    /// <summary>How much of a compound file is searched for the name of an encrypted package.</summary>
    private const int Searched = 4 << 20;

    public static bool IsZip(ReadOnlySpan<byte> head) => head.StartsWith("PK\u0003\u0004"u8) || head.StartsWith("PK\u0005\u0006"u8);

    /// <summary>Null where it may be a workbook or a text.</summary>
    public static UnreadableFileException? Refusal(ReadOnlySpan<byte> head, Stream content, string fileName)
    {
        if (head.IsEmpty)
        {
            return new("The file is empty.", "Export it again and check its size before you upload it.");
        }

        if (head.StartsWith((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0]))
        {
            return Contains(content, Encoding.Unicode.GetBytes("EncryptedPackage"))
                ? new("The workbook is protected with a password, so nobody can read it without it.", "Open it, choose File, Info, Protect workbook, Encrypt with password, delete the password, save it and upload it again.")
                : new("This is a workbook of Excel 97 to 2003 (.xls).", SaveAsXlsx);
        }

        if (head.StartsWith("%PDF"u8))
        {
            return new("This is a PDF document, not a spreadsheet.", "Ask for the data as Excel workbook or CSV, or type the figures in on the page Activity data and add the PDF as evidence there.");
        }

        if (head.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]))
        {
            return new("This is a compressed file (gzip).", "Unpack it and upload the spreadsheet inside it.");
        }

        if (head.StartsWith("Rar!"u8) || head.StartsWith((ReadOnlySpan<byte>)[0x37, 0x7A, 0xBC, 0xAF]))
        {
            return new("This is a compressed archive.", "Unpack it and upload the spreadsheet inside it.");
        }

        if (head.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47]) || head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]))
        {
            return new("This is a picture, not a spreadsheet.", "Upload the table itself as Excel workbook or CSV.");
        }

        if (head.StartsWith("PAR1"u8))
        {
            return new("This is a Parquet file.", "Export the table as Excel workbook or CSV.");
        }

        var text = Encoding.UTF8.GetString(head[..Math.Min(head.Length, 1024)]).TrimStart('\uFEFF', ' ', '\t', '\r', '\n');
        if (text.StartsWith('<') && (text.Contains("<html", StringComparison.OrdinalIgnoreCase) || text.Contains("<table", StringComparison.OrdinalIgnoreCase) || text.StartsWith("<!DOCTYPE", StringComparison.OrdinalIgnoreCase)))
        {
            return new($"This is a web page that is named “{Path.GetExtension(fileName)}”.", SaveAsXlsx);
        }

        if (text.StartsWith("<?xml", StringComparison.OrdinalIgnoreCase))
        {
            return new("This is an XML document, not a spreadsheet.", SaveAsXlsx);
        }

        return text.StartsWith('{') || text.StartsWith("[{", StringComparison.Ordinal)
            ? new("This is JSON, not a spreadsheet.", "Send it to POST /api/v1/activities, or save the table as CSV.") : null;
    }

    /// <summary>Reads with an overlap, so that nothing is missed between two blocks.</summary>
    private static bool Contains(Stream content, byte[] wanted)
    {
        var buffer = new byte[1 << 16];
        var (kept, total) = (0, 0);
        content.Position = 0;
        try
        {
            for (int read; total < Searched && (read = content.Read(buffer, kept, buffer.Length - kept)) > 0; total += read)
            {
                var length = kept + read;
                if (buffer.AsSpan(0, length).IndexOf(wanted) >= 0)
                {
                    return true;
                }

                kept = Math.Min(wanted.Length - 1, length);
                buffer.AsSpan(length - kept, kept).CopyTo(buffer);
            }

            return false;
        }
        finally
        {
            content.Position = 0;
        }
    }
}
