using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using OffGridFlow.Infrastructure.Imports;
using OffGridFlow.Web.Features.Identity;
using OffGridFlow.Web.Features.Imports.Sheets;
using Radzen;

namespace OffGridFlow.Web.Features.Imports;

public sealed partial class DropZone : IDisposable
{
    private ElementReference _zone;
    private DotNetObjectReference<DropZone>? _self;
    private string? _fileName;
    private long _sent;
    private long _length;
    private bool _cancelled;
    private ImportStart.Refused? _refused;
    private string? _note;

    /// <summary>The file that the browser still has, when sending it once more may do.</summary>
    private string? _kept;
    private bool _signedOut;

    /// <summary>Refused as a bill, and perhaps a table: the browser still has the file.</summary>
    private bool _mayBeTable;
    private bool _asSheet;

    [Inject] private IJSRuntime Js { get; set; } = default!;
    [Inject] private DialogService Dialogs { get; set; } = default!;
    [Inject] private NavigationManager Navigation { get; set; } = default!;
    [Inject] private HeldWork Work { get; set; } = default!;

    /// <summary>True where cloud bills are not asked for.</summary>
    [Parameter] public bool OnlySheets { get; set; }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender) return;
        _self = DotNetObjectReference.Create(this);
        await Js.InvokeVoidAsync("OffGridFlow.upload.attach", _zone, _self);
    }

    [JSInvokable]
    public Task OnStart(string fileName, long length) => InvokeAsync(() =>
    {
        (_fileName, _sent, _length, _cancelled, _refused, _note, _kept, _mayBeTable) = (fileName, 0, length, false, null, null, null, false);
        Work.IsHeld = true;
        StateHasChanged();
    });

    [JSInvokable]
    public Task OnProgress(long sent, long length) => InvokeAsync(() =>
    {
        (_sent, _length) = (sent, length);
        StateHasChanged();
    });

    [JSInvokable]
    public Task OnAnswer(int status, string body) => InvokeAsync(async () =>
    {
        var fileName = _fileName ?? "The file";
        _fileName = null;
        if (UploadAnswer.ReadDraft(status, body) is { } draft)
        {
            Work.IsHeld = false;
            Go(WizardAddress.Of(draft));
            return;
        }

        switch (UploadAnswer.Read(status, body))
        {
            case ImportStart.Accepted accepted:
                Go("/imports/" + accepted.Id.ToString("D"));
                break;
            case ImportStart.Existing existing:
                Go($"/imports/{existing.Id:D}?same=true");
                break;
            case ImportStart.Conflict conflict:
                StateHasChanged();
                await AskAsync(fileName, conflict);
                break;
            case ImportStart.Refused { MayBeTable: true } when !OnlySheets && !_asSheet && SheetFiles.MayBeTable(fileName):
                // No bill, by its headings: what else a CSV file can be, the wizard finds out.
                await AsSheetAsync();
                return;
            case ImportStart.Refused refused:
                _refused = refused;
                _mayBeTable = status == 422 && !OnlySheets && !_asSheet && SheetFiles.MayBeTable(fileName);
                _signedOut = status == 401;
                _kept = status is 401 or 503 or 507 ? fileName : null;
                break;
            default:
                if (_cancelled) _note = $"Upload of {fileName} cancelled; nothing was loaded.";
                else (_refused, _kept, _signedOut) = (new ImportStart.Refused("The connection broke during the upload.", "Check the network, then upload the file again. It is never loaded twice.", null), fileName, false);
                break;
        }
        _asSheet = false;
        Work.IsHeld = _kept is not null;
        StateHasChanged();
    });

    private async Task AsSheetAsync()
    {
        _asSheet = true;
        await Js.InvokeVoidAsync("OffGridFlow.upload.sendAsSheet", _zone);
    }

    /// <summary>Who signed in anew beside a page whose session has ended needs a circuit of the new session.</summary>
    private void Go(string address) => Navigation.NavigateTo(address, forceLoad: Work.SessionHasEnded);

    private async Task AskAsync(string fileName, ImportStart.Conflict conflict)
    {
        var parameters = new Dictionary<string, object?> { [nameof(ConflictDialog.FileName)] = fileName, [nameof(ConflictDialog.Conflict)] = conflict };
        var options = new DialogOptions { Width = "min(640px, 94vw)", AutoFocusFirstElement = true, CloseDialogOnEsc = true };
        if (await Dialogs.OpenAsync<ConflictDialog>("These months are already there", parameters!, options) is string mode)
        {
            await Js.InvokeVoidAsync("OffGridFlow.upload.send", _zone, mode);
            return;
        }
        await Js.InvokeVoidAsync("OffGridFlow.upload.forget", _zone);
        _note = $"{fileName} was left out; the ledger is as it was.";
    }

    private async Task AgainAsync() => await Js.InvokeVoidAsync("OffGridFlow.upload.again", _zone);

    private async Task CancelAsync()
    {
        _cancelled = true;
        await Js.InvokeVoidAsync("OffGridFlow.upload.cancel", _zone);
    }

    public void Dispose()
    {
        Work.IsHeld = false;
        _self?.Dispose();
    }
}
