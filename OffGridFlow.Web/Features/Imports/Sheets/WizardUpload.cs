using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using OffGridFlow.Infrastructure.Imports.Sheets;

namespace OffGridFlow.Web.Features.Imports.Sheets;

/// <summary>Reads a multipart upload of a spreadsheet as it arrives and hands the file on without holding it in memory.</summary>
internal static class WizardUpload
{
    /// <summary>COR_E_IO: an <see cref="IOException"/> that no system call caused.</summary>
    private const int MalformedContent = unchecked((int)0x80131620);

    public static async Task<SheetOpening> OpenAsync(HttpContext context, ISheetImports sheets, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(context, sheets, cancellationToken);
        }
        // The multipart reader's own words for bytes that break off or do not follow the format; a full disk has the system's code.
        catch (Exception exception) when (exception is InvalidDataException || (exception.GetType() == typeof(IOException) && exception.HResult == MalformedContent))
        {
            return new SheetOpening.Refused("The upload is damaged or breaks off.", "Nothing was stored. Send the file again.", null);
        }
    }

    private static async Task<SheetOpening> ReadAsync(HttpContext context, ISheetImports sheets, CancellationToken cancellationToken)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = UploadReader.LargestUpload;
        }

        if (MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type) && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            && HeaderUtilities.RemoveQuotes(type.Boundary).Value is { Length: > 0 } boundary)
        {
            var reader = new MultipartReader(boundary, context.Request.Body) { BodyLengthLimit = UploadReader.LargestUpload };
            while (await reader.ReadNextSectionAsync(cancellationToken) is { } section)
            {
                if (ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition) && disposition.IsFileDisposition())
                {
                    var fileName = disposition.FileNameStar.HasValue ? disposition.FileNameStar.Value! : HeaderUtilities.RemoveQuotes(disposition.FileName).Value ?? "";
                    await using var content = new StandingSession(section.Body, context);
                    return await sheets.OpenAsync(content, fileName, cancellationToken);
                }
            }
        }

        return new SheetOpening.Refused("The request holds no file.", "Send the file as the field “file” of multipart/form-data.", null);
    }
}
