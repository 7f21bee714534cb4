using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace OffGridFlow.Web.Shared;

/// <summary>
/// A form whose file goes over HTTP, not through the circuit: og.js sends it with the fields beside it and hands the answer back. The contract stands at the
/// top of og.js.
/// </summary>
public abstract class UploadForm : ComponentBase, IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly CancellationTokenSource _stop = new();
    private DotNetObjectReference<UploadForm>? _self;

    [Inject] protected IJSRuntime Js { get; set; } = default!;

    /// <summary>The form that holds the file's input.</summary>
    protected ElementReference Zone { get; set; }

    protected bool Busy { get; set; }

    protected CancellationToken Stopped => _stop.Token;

    /// <summary>Whether the form is there.</summary>
    protected virtual bool IsOpen => true;

    /// <summary>What an answer says; an empty one where its body is none of ours. A proxy in between may answer with a page of its own; the status then says enough.</summary>
    public static T Read<T>(string body)
        where T : new()
    {
        try
        {
            return JsonSerializer.Deserialize<T>(body, Json) ?? new T();
        }
        catch (JsonException)
        {
            return new T();
        }
    }

    [JSInvokable]
    public Task OnStart(string fileName, long length) => InvokeAsync(() =>
    {
        Begin();
        Busy = true;
        StateHasChanged();
    });

    /// <summary>A table is on the server before a bar could be drawn.</summary>
    [JSInvokable]
    public Task OnProgress(long sent, long length) => Task.CompletedTask;

    [JSInvokable]
    public Task OnAnswer(int status, string body) => InvokeAsync(async () =>
    {
        Busy = false;
        await AnswerAsync(status, body);
        StateHasChanged();
    });

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender || !IsOpen) return;
        _self = DotNetObjectReference.Create(this);
        await Js.InvokeVoidAsync("OffGridFlow.upload.attach", Stopped, Zone, _self);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (!disposing) return;
        _stop.Cancel();
        _stop.Dispose();
        _self?.Dispose();
    }

    /// <summary>Takes away what the last file said.</summary>
    protected abstract void Begin();

    /// <param name="status">0 where the connection broke.</param>
    protected abstract Task AnswerAsync(int status, string body);

    /// <summary>Why nothing was loaded, in words.</summary>
    /// <param name="detail">What the server said.</param>
    protected static string ProblemOf(int status, string? detail) => status switch
    {
        0 => "The connection broke. Check the network, then choose the file again.",
        401 => "Your session has ended. Sign in again, then choose the file again.",
        _ => detail ?? FormattableString.Invariant($"The server answered with status {status}. Try again; if it happens again, tell your administrator."),
    };
}
