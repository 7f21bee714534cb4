using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using OffGridFlow.Infrastructure.Calculation;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Web.Features.Calculation;

/// <summary>Loads a table of rates or indices, and shows line by line what has to be mended.</summary>
public sealed partial class MoneyUpload : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly CancellationTokenSource _stop = new();
    private ElementReference _zone;
    private DotNetObjectReference<MoneyUpload>? _self;
    private IReadOnlyList<MoneyFault> _faults = [];
    private string? _problem;
    private string? _loaded;
    private string _replace = "false";
    private bool _busy;

    [Inject] private IJSRuntime Js { get; set; } = default!;

    [Parameter, EditorRequired] public MoneyPart Part { get; set; }
    [Parameter] public bool MayLoad { get; set; }

    /// <summary>Whether a figure that is there may become another.</summary>
    [Parameter] public bool MayReplace { get; set; }
    [Parameter] public EventCallback OnLoaded { get; set; }

    private string Action => Part == MoneyPart.Rates ? "/app/exchange-rates" : "/app/price-indices";

    private string Head => (Part == MoneyPart.Rates ? MoneyRows.RateHead : MoneyRows.IndexHead).Replace(",", ", ", StringComparison.Ordinal);

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender || !MayLoad) return;
        _self = DotNetObjectReference.Create(this);
        await Js.InvokeVoidAsync("OffGridFlow.upload.attach", _stop.Token, _zone, _self);
    }

    [JSInvokable]
    public Task OnStart(string fileName, long length) => InvokeAsync(() =>
    {
        (_faults, _problem, _loaded, _busy) = ([], null, null, true);
        StateHasChanged();
    });

    /// <summary>A table is on the server before a bar could be drawn.</summary>
    [JSInvokable]
    public Task OnProgress(long sent, long length) => Task.CompletedTask;

    [JSInvokable]
    public Task OnAnswer(int status, string body) => InvokeAsync(async () =>
    {
        _busy = false;
        var answer = Parse(body);
        if (status == 200)
        {
            _loaded = $"{Format.Count(answer.Added)} added, {Format.Count(answer.Changed)} changed, {Format.Count(answer.Unchanged)} as before. {Format.Count(answer.Calculated)} entries of spending were calculated anew.";
            await OnLoaded.InvokeAsync();
        }
        else
        {
            _faults = answer.Faults ?? [];
            _problem = status switch
            {
                0 => "The connection broke. Check the network, then choose the file again.",
                401 => "Your session has ended. Sign in again, then choose the file again.",
                _ when _faults.Count > 0 => $"{Format.Count(_faults.Count)} {(_faults.Count == 1 ? "line has" : "lines have")} to be mended. Change the table, then choose it again.",
                _ => answer.Detail ?? FormattableString.Invariant($"The server answered with status {status}. Try again; if it happens again, tell your administrator."),
            };
        }

        StateHasChanged();
    });

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
        _self?.Dispose();
    }

    private static Answer Parse(string body)
    {
        try
        {
            return JsonSerializer.Deserialize<Answer>(body, Json) ?? new Answer();
        }
        // A proxy in between may answer with a page of its own; the status then says enough.
        catch (JsonException)
        {
            return new Answer();
        }
    }

    private sealed record Answer
    {
        public int Added { get; init; }
        public int Changed { get; init; }
        public int Unchanged { get; init; }
        public int Calculated { get; init; }
        public string? Detail { get; init; }
        public IReadOnlyList<MoneyFault>? Faults { get; init; }
    }
}
