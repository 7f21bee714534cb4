using OffGridFlow.Core.Imports;
using OffGridFlow.Infrastructure.Imports.Sheets;

namespace OffGridFlow.Infrastructure.Imports.Samples.Year;

/// <summary>Brings the files of the sample year in, one after the other, each by a job of its own.</summary>
internal sealed class SampleYearImports(ISheetImports sheets, IImportService imports)
{
    private const string BillName = "sample-bill-nordwerk-2024.csv.gz";

    /// <summary>Of the first year: a period with estimates for comparison is not laid beside the year before, and the second year is.</summary>
    private static readonly SampleBillOptions Bill = SampleBill.Demo with { FirstMonth = new DateOnly(SampleYear.First, 1, 1), Months = 12 };

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    public async Task ImportAsync(SampleSheet sheet, CancellationToken cancellationToken)
    {
        Guid draftId;
        await using (var content = sheet.Open())
        {
            switch (await sheets.OpenAsync(content, sheet.FileName, cancellationToken))
            {
                case SheetOpening.ExistingImport existing:
                    await EndAsync(existing.ImportId, sheet.FileName, cancellationToken);
                    return;
                case SheetOpening.Opened opened:
                    draftId = opened.DraftId;
                    break;
                case SheetOpening.ExistingDraft existing:
                    draftId = existing.DraftId;
                    break;
                case var other:
                    throw SampleYear.Stopped($"{sheet.FileName} was not taken: {other}");
            }
        }

        var draft = await sheets.FindAsync(draftId, cancellationToken) ?? throw SampleYear.Stopped($"{sheet.FileName} was discarded");
        if (draft.State == SheetDraftState.Open)
        {
            var plan = draft.Plan with { Culture = sheet.Culture, Columns = sheet.Columns, Fixed = sheet.Fixed };
            draft = SampleYear.Of<SheetChange.Changed>(await sheets.ChangeAsync(draft.Id, draft.Version, plan, cancellationToken), $"{sheet.FileName} was not mapped").Draft;
            await sheets.CheckAsync(draft.Id, cancellationToken);
        }

        var loading = SampleYear.Of<SheetLoad.Accepted>(await sheets.LoadAsync(draft.Id, draft.Version, SheetLoadMode.Good, cancellationToken), $"{sheet.FileName} was not loaded");
        await EndAsync(loading.ImportId, sheet.FileName, cancellationToken);
    }

    /// <summary>The generated cloud bill: its estimates are for comparison and stand in no inventory.</summary>
    public async Task ImportBillAsync(CancellationToken cancellationToken)
    {
        using var bill = new MemoryStream();
        await Task.Run(() => SampleBill.WriteGzip(bill, Bill, cancellationToken), cancellationToken);
        bill.Position = 0;
        var started = await imports.StartAsync(bill, BillName, "aws-cur", ImportMode.None, cancellationToken);
        await EndAsync(
            started switch
            {
                ImportStart.Accepted accepted => accepted.Id,
                ImportStart.Existing existing => existing.Id,
                _ => throw SampleYear.Stopped($"{BillName} was not taken: {started}"),
            },
            BillName, cancellationToken);
    }

    /// <summary>The import runs as a job of its own beside this one: a worker has two places.</summary>
    private async Task EndAsync(Guid id, string fileName, CancellationToken cancellationToken)
    {
        while (true)
        {
            var import = await imports.FindAsync(id, cancellationToken) ?? throw SampleYear.Stopped($"the import of {fileName} is not there");
            switch (import.Status)
            {
                case ImportStatus.Queued or ImportStatus.Running:
                    await Task.Delay(Look, cancellationToken);
                    continue;
                case ImportStatus.Succeeded or ImportStatus.CompletedWithErrors:
                    return;
                default:
                    throw SampleYear.Stopped($"the import of {fileName} ended as {import.Status}. {import.Error}");
            }
        }
    }
}
