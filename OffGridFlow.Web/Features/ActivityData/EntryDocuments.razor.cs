using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using OffGridFlow.Infrastructure.ActivityData;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Web.Features.ActivityData;

public sealed partial class EntryDocuments : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private ElementReference _zone;
    private DotNetObjectReference<EntryDocuments>? _self;
    private IReadOnlyList<EntryDocumentRow> _rows = [];
    private string? _fileName;
    private string? _refusal;
    private long _sent;
    private long _length;

    [Inject] private IEntryEvidence Evidence { get; set; } = default!;
    [Inject] private Failures Failures { get; set; } = default!;
    [Inject] private IJSRuntime Js { get; set; } = default!;

    [Parameter, EditorRequired] public Guid EntryId { get; set; }
    [Parameter] public bool MayWrite { get; set; }
    [Parameter] public EventCallback OnChanged { get; set; }

    protected override Task OnInitializedAsync() => LoadAsync();

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender || !MayWrite) return;
        _self = DotNetObjectReference.Create(this);
        await Js.InvokeVoidAsync("OffGridFlow.upload.attach", _stop.Token, _zone, _self);
    }

    [JSInvokable]
    public Task OnStart(string fileName, long length) => InvokeAsync(() =>
    {
        (_fileName, _sent, _length, _refusal) = (fileName, 0, length, null);
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
        _fileName = null;
        _refusal = status == 201 ? null : DetailOf(body);
        await LoadAsync();
        await OnChanged.InvokeAsync();
        StateHasChanged();
    });

    /// <summary>What the server said; without an answer the connection broke.</summary>
    private static string DetailOf(string body)
    {
        try
        {
            using var problem = JsonDocument.Parse(body);
            return problem.RootElement.ValueKind == JsonValueKind.Object && problem.RootElement.TryGetProperty("detail", out var detail) && detail.GetString() is { Length: > 0 } text
                ? text : "The server refused the document without saying why. Try again.";
        }
        catch (JsonException)
        {
            return "The connection broke during the upload. Check the network, then send the document again.";
        }
    }

    private async Task LoadAsync()
    {
        if (!RendererInfo.IsInteractive) return;
        try
        {
            _rows = await Evidence.ListDocumentsAsync(EntryId, _stop.Token);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _refusal = $"The documents could not be listed. Reference {Failures.Report(exception, "Documents of an entry").Reference}.";
        }
    }

    private async Task RemoveAsync(EntryDocumentRow document)
    {
        try
        {
            await Evidence.DetachAsync(EntryId, document.DocumentId, _stop.Token);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _refusal = $"The document is still there. Reference {Failures.Report(exception, "Remove a document").Reference}.";
        }

        await LoadAsync();
        await OnChanged.InvokeAsync();
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
        _self?.Dispose();
    }
}
