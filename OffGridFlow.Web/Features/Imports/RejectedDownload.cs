using System.Text;
using OffGridFlow.Core.Imports;
using OffGridFlow.Infrastructure.Imports;

namespace OffGridFlow.Web.Features.Imports;

/// <summary>Writes an import's rejected rows page by page, however many there are.</summary>
internal static class RejectedDownload
{
    private const int RowsAtOnce = 1000;

    public static async Task WriteAsync(Stream output, IImportService service, Guid importId, CancellationToken cancellationToken)
    {
        var skip = 0;
        while (true)
        {
            var page = await service.ListRejectedAsync(importId, skip, RowsAtOnce, cancellationToken);
            var text = new StringWriter(new StringBuilder(), System.Globalization.CultureInfo.InvariantCulture);
            RejectedRowsCsv.Write(text, page.Rows.Select(row => new RejectedRow(row.Line, row.Column, row.Value, row.Reason, row.Fix, row.Raw)), withHeadings: skip == 0);
            await output.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), cancellationToken);
            if (page.Rows.Count < RowsAtOnce)
            {
                return;
            }

            skip += RowsAtOnce;
        }
    }
}
