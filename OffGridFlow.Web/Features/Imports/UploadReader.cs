using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using OffGridFlow.Core.Imports;
using OffGridFlow.Infrastructure.Imports;
using OffGridFlow.Infrastructure.Imports.Sheets;

namespace OffGridFlow.Web.Features.Imports;

/// <summary>
/// Reads a multipart upload as it arrives and hands the file on without holding it in memory. Fields may stand before the file, or in
/// the query string; the file comes last.
/// </summary>
internal static class UploadReader
{
    public const long LargestUpload = 5L * 1024 * 1024 * 1024;
    private const int LargestField = 4096;

    /// <summary>Of the mapping of a spreadsheet.</summary>
    private const int LargestMapping = 256 << 10;

    /// <summary>COR_E_IO: an <see cref="IOException"/> that no system call caused.</summary>
    private const int MalformedContent = unchecked((int)0x80131620);

    public static async Task<ImportStart> StartAsync(HttpContext context, IImportService imports, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(context, imports, cancellationToken);
        }
        // The multipart reader's own words for bytes that break off or do not follow the format; a full disk has the system's code.
        catch (Exception exception) when (exception is InvalidDataException || (exception.GetType() == typeof(IOException) && exception.HResult == MalformedContent))
        {
            return Refused("The multipart/form-data of the request is damaged or breaks off.", "Nothing was stored. Send the file again.");
        }
    }

    private static async Task<ImportStart> ReadAsync(HttpContext context, IImportService imports, CancellationToken cancellationToken)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = LargestUpload;
        }

        if (!MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type) || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            || HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 } boundary)
        {
            return Refused("The request is not multipart/form-data.", "Send the fields “file” and “kind” as multipart/form-data.");
        }

        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in context.Request.Query)
        {
            fields[name] = value.ToString();
        }

        var reader = new MultipartReader(boundary, context.Request.Body) { BodyLengthLimit = LargestUpload };
        while (await reader.ReadNextSectionAsync(cancellationToken) is { } section)
        {
            if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition))
            {
                continue;
            }

            var name = HeaderUtilities.RemoveQuotes(disposition.Name).Value ?? "";
            if (disposition.IsFileDisposition())
            {
                var fileName = disposition.FileNameStar.HasValue ? disposition.FileNameStar.Value! : HeaderUtilities.RemoveQuotes(disposition.FileName).Value ?? "";
                return await StartAsync(context, section.Body, fileName, fields, reader, imports, cancellationToken);
            }

            if (await ReadFieldAsync(section.Body, name, cancellationToken) is not { } text)
            {
                return Refused(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"The field “{name}” is longer than {LimitOf(name)} bytes."), "Send only the fields “kind”, “mode” and “file”.");
            }

            fields[name] = text;
        }

        return Refused("The request holds no file.", "Send the file as the field “file”, after “kind” and “mode”.");
    }

    private static async Task<ImportStart> StartAsync(
        HttpContext context, Stream body, string fileName, Dictionary<string, string> fields, MultipartReader reader, IImportService imports,
        CancellationToken cancellationToken)
    {
        if (fields.ContainsKey("kind"))
        {
            return await StartAsync(context, body, fileName, fields, imports, cancellationToken);
        }

        // Many clients write the fields in no order that they promise: keep the file aside until the kind is known.
        var aside = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        await using var file = new FileStream(
            aside, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 17, FileOptions.DeleteOnClose | FileOptions.Asynchronous);
        if (!OperatingSystem.IsWindows())
        {
            // Without a name from here on, so that it goes with the process however that ends.
            File.Delete(aside);
        }

        await body.CopyToAsync(file, cancellationToken);
        while (await reader.ReadNextSectionAsync(cancellationToken) is { } section)
        {
            if (ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition) && !disposition.IsFileDisposition()
                && HeaderUtilities.RemoveQuotes(disposition.Name).Value is { } name && await ReadFieldAsync(section.Body, name, cancellationToken) is { } text)
            {
                fields[name] = text;
            }
        }

        file.Position = 0;
        return await StartAsync(context, file, fileName, fields, imports, cancellationToken);
    }

    private static async Task<ImportStart> StartAsync(
        HttpContext context, Stream content, string fileName, Dictionary<string, string> fields, IImportService imports, CancellationToken cancellationToken)
    {
        await using var checkedContent = new StandingSession(content, context);
        if (!fields.TryGetValue("kind", out var kind) || kind.Length == 0)
        {
            return Refused("The field “kind” is missing.", "Say what the file is, e.g. kind=aws-cur, or kind=auto to tell it by the headings.");
        }

        if (kind == SheetApiUpload.Kind)
        {
            return await SheetApiUpload.StartAsync(checkedContent, fileName, fields, context.RequestServices.GetRequiredService<ISheetImports>(), cancellationToken);
        }

        if (kind == "auto")
        {
            kind = "";
        }

        return fields.GetValueOrDefault("mode") switch
        {
            null or "" or "none" => await imports.StartAsync(checkedContent, fileName, kind, ImportMode.None, cancellationToken),
            "replace" => await imports.StartAsync(checkedContent, fileName, kind, ImportMode.Replace, cancellationToken),
            "append" => await imports.StartAsync(checkedContent, fileName, kind, ImportMode.Append, cancellationToken),
            var mode => Refused($"The mode “{mode}” is not known.", "Leave it out, or use mode=replace or mode=append."),
        };
    }

    private static int LimitOf(string name) => name == SheetApiUpload.MappingField ? LargestMapping : LargestField;

    private static async Task<string?> ReadFieldAsync(Stream body, string name, CancellationToken cancellationToken)
    {
        var buffer = new byte[LimitOf(name) + 1];
        var read = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return read >= buffer.Length ? null : System.Text.Encoding.UTF8.GetString(buffer, 0, read).Trim();
    }

    private static ImportStart.Refused Refused(string reason, string fix) => new(reason, fix, null);
}
