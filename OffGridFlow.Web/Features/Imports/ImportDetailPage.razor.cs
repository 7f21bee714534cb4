using Microsoft.AspNetCore.Components;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Infrastructure.Imports;
using OffGridFlow.Web.Features.Emissions;
using OffGridFlow.Web.Shared;
using Radzen;

namespace OffGridFlow.Web.Features.Imports;

public sealed partial class ImportDetailPage
{
    /// <summary>Milliseconds; a day, because an error leaves only when the reader closes it.</summary>
    private const double ErrorStays = 86_400_000;

    private ImportRow? _import;
    private bool _busy;

    /// <summary>What an undo would change is worked out, which takes some seconds for millions of rows.</summary>
    private bool _workingOut;

    [Inject] private IImportService Imports { get; set; } = default!;
    [Inject] private DialogService Dialogs { get; set; } = default!;
    [Inject] private NotificationService Notifications { get; set; } = default!;

    [Parameter] public Guid Id { get; set; }

    /// <summary>True when the reader came here by uploading bytes that were already there.</summary>
    [SupplyParameterFromQuery] public bool Same { get; set; }

    protected override string Asked => "Import " + Id.ToString("D");

    protected override bool Running => _import?.IsRunning() == true;

    private string Short => _import!.Sha256.Length > 12 ? $"{_import.Sha256[..4]}…{_import.Sha256[^4..]}" : _import.Sha256;

    /// <summary>The explorer has no filter by file: it opens at this file's months, and its account when there is only one.</summary>
    private string EmissionsLink
    {
        get
        {
            var batches = _import!.Batches;
            if (batches.Count == 0) return "/emissions";
            var accounts = batches.Select(b => b.Account).Distinct().ToList();
            return new EmissionsAddress
            {
                From = batches.Min(b => b.BillingMonth),
                To = Dates.LastDay(batches.Max(b => b.BillingMonth)),
                Account = accounts.Count == 1 ? accounts[0] : null,
            }.ToUrl();
        }
    }

    protected override Task OnParametersSetAsync() => ReloadAsync(quietly: _import?.Id == Id);

    protected override async Task LoadAsync(CancellationToken cancellationToken) => _import = await Imports.FindAsync(Id, cancellationToken);

    private Task CancelAsync() => DoAsync(
        "Cancel this import?",
        "Nothing of the file stays visible. It can be uploaded again at any time.",
        "Cancel import", "Keep running",
        Imports.CancelAsync, "Import cancelled", "The import had already ended");

    private async Task UndoAsync()
    {
        _busy = true;
        _workingOut = true;
        UndoAccount? account;
        try
        {
            account = await Imports.PreviewUndoAsync(Id, Stopped);
        }
        catch (PeriodLockedException locked)
        {
            Notifications.Notify(NotificationSeverity.Warning, "Nothing was changed", locked.Message, duration: ErrorStays);
            return;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            var failure = Failures.Report(exception, "What undoing would change");
            Notifications.Notify(NotificationSeverity.Error, "Nothing was changed", $"Reference {failure.Reference}", duration: ErrorStays);
            return;
        }
        finally
        {
            _busy = _workingOut = false;
        }

        if (account is null)
        {
            await ReloadAsync(quietly: true);
            return;
        }

        await DoAsync("Undo this import?", UndoWords(account), "Undo import", "Keep it", Imports.UndoAsync, "Import undone", "The import is no longer published");
    }

    private string UndoWords(UndoAccount account)
    {
        static string Of(long rows, IReadOnlyDictionary<string, decimal> cost) =>
            $"{(rows == 1 ? "1 row" : $"{Format.Count(rows)} rows")}{(cost.Count == 0 ? "" : $" ({Format.Money(cost)})")}";

        var files = string.Join(", ", _import!.Batches.Where(b => b.ReplacesFileName is not null).Select(b => b.ReplacesFileName).Distinct());
        var back = account.RowsBack == 0 ? "Nothing takes their place."
            : files.Length == 0 ? $"{(account.RowsBack == 1 ? "1 accrual" : $"{Format.Count(account.RowsBack)} accruals")} that they had replaced {(account.RowsBack == 1 ? "counts" : "count")} again." : $"{Of(account.RowsBack, account.CostBack)} of {files} count again.";
        var unit = Format.MassUnitFor(Math.Max(account.KgBefore, account.KgAfter));
        return $"{Of(account.RowsOut, account.CostOut)} leave the ledger. {back} Emissions in the ledger go from {Format.Mass(account.KgBefore, unit, 3)} to {Format.MassWithUnit(account.KgAfter, unit, 3)}."
            + " The file itself is kept, so this can be reversed by uploading it again.";
    }

    private async Task DoAsync(string title, string text, string yes, string no, Func<Guid, CancellationToken, Task<bool>> act, string done, string tooLate)
    {
        var options = new ConfirmOptions { OkButtonText = yes, CancelButtonText = no, Width = "min(520px, 94vw)", CloseDialogOnEsc = true };
        // As a fragment: Radzen takes a string for markup, and the words hold file names.
        if (await Dialogs.Confirm(builder => builder.AddContent(0, text), title, options) != true) return;
        _busy = true;
        try
        {
            var acted = await act(Id, Stopped);
            Notifications.Notify(acted ? NotificationSeverity.Success : NotificationSeverity.Info, acted ? done : tooLate, _import?.FileName ?? "", duration: 8000);
        }
        catch (PeriodLockedException locked)
        {
            Notifications.Notify(NotificationSeverity.Warning, "Nothing was changed", locked.Message, duration: ErrorStays);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            var failure = Failures.Report(exception, title);
            Notifications.Notify(NotificationSeverity.Error, "Nothing was changed", $"Reference {failure.Reference}", duration: ErrorStays);
        }
        _busy = false;
        await ReloadAsync(quietly: true);
    }
}
