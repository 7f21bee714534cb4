using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using OffGridFlow.Core.Imports;
using OffGridFlow.Infrastructure.Imports.Sheets;
using OffGridFlow.Infrastructure.Persistence;

namespace OffGridFlow.Infrastructure.Imports;

/// <summary>Writes an import's rejected rows page by page, however many there are.</summary>
internal sealed class RejectedRowsWriter(TenantDatabase database, DocumentStore documents, BillFileLimits limits)
{
    private const int RowsAtOnce = 1000;

    /// <exception cref="InvalidOperationException">There is no such import.</exception>
    public async Task WriteAsync(Guid importId, Stream output, CancellationToken cancellationToken)
    {
        var place = await FindAsync(importId, cancellationToken);
        await using var content = documents.OpenRead(place.TenantId, place.Sha256);
        using var document = BillDocument.Open(content, limits);
        IReadOnlyList<string> headings = [];
        string? entry = null;
        var first = true;
        for (var last = 0; ;)
        {
            var rows = await ListAsync(importId, last, cancellationToken);
            var text = new StringWriter(new StringBuilder(), CultureInfo.InvariantCulture);
            foreach (var ofEntry in rows.GroupBy(row => row.Entry))
            {
                if (first || ofEntry.Key != entry)
                {
                    var found = HeadingsOf(document, ofEntry.Key);
                    // The parts of a report mostly have the same headings.
                    if (first || !found.SequenceEqual(headings))
                        RejectedRowsCsv.WriteHeadings(text, found);
                    (headings, entry, first) = (found, ofEntry.Key, false);
                }

                RejectedRowsCsv.Write(text, ofEntry.Select(row => new RejectedRow(row.Line, row.Column, row.Value, row.Reason, row.Fix, row.Raw) { Entry = row.Entry }));
            }

            if (first)
                RejectedRowsCsv.WriteHeadings(text, HeadingsOf(document, document.Parts[0].Entry));
            await output.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), cancellationToken);
            if (rows.Count < RowsAtOnce)
                return;
            last = rows[^1].Number;
        }
    }

    /// <summary>Of a spreadsheet: under the headings of its sheet.</summary>
    public async Task WriteSheetAsync(Guid importId, Stream output, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> headings = [];
        await using (var unit = await database.OpenAsync(cancellationToken))
        {
            var order = SheetOrder.Read(await unit.Context.Imports.Where(import => import.Id == importId).Select(import => import.Periods).SingleAsync(cancellationToken));
            if (await SheetDesk.FindAsync(unit, order.Draft, cancellationToken) is { } draft)
            {
                headings = [.. draft.View.Headings.Select(heading => heading.Heading)];
            }
        }

        var head = new StringWriter(new StringBuilder(), CultureInfo.InvariantCulture);
        RejectedRowsCsv.WriteHeadings(head, headings);
        await output.WriteAsync(Encoding.UTF8.GetBytes(head.ToString()), cancellationToken);
        for (var last = 0; ;)
        {
            var rows = await ListAsync(importId, last, cancellationToken);
            var text = new StringWriter(new StringBuilder(), CultureInfo.InvariantCulture);
            RejectedRowsCsv.Write(text, rows.Select(row => new RejectedRow(row.Line, row.Column, row.Value, row.Reason, row.Fix, row.Raw) { Entry = row.Entry }));
            await output.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), cancellationToken);
            if (rows.Count < RowsAtOnce)
                return;
            last = rows[^1].Number;
        }
    }

    private async Task<(Guid TenantId, string Sha256)> FindAsync(Guid importId, CancellationToken cancellationToken)
    {
        await using var unit = await database.OpenAsync(cancellationToken);
        var document = await unit.Context.Imports.Where(import => import.Id == importId)
            .Join(unit.Context.SourceDocuments, import => import.DocumentId, document => document.Id, (import, document) => document).SingleAsync(cancellationToken);
        return (document.TenantId, document.Sha256);
    }

    private async Task<List<StoredRejectedRow>> ListAsync(Guid importId, int after, CancellationToken cancellationToken)
    {
        await using var unit = await database.OpenAsync(cancellationToken);
        return await unit.Context.RejectedRows.AsNoTracking().Where(row => row.ImportId == importId && row.Number > after)
            .OrderBy(row => row.Number).Take(RowsAtOnce).ToListAsync(cancellationToken);
    }

    private IReadOnlyList<string> HeadingsOf(BillDocument document, string? entry)
    {
        using var records = new CsvRecords(document.Parts.Single(part => part.Entry == entry), limits);
        return records.ReadHeadings();
    }
}
