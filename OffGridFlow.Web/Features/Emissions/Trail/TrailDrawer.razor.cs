using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Web.Features.Emissions.Trail;

/// <summary>The way of one number in six stations. Not modal: the grid beside it stays usable.</summary>
public sealed partial class TrailDrawer : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private DotNetObjectReference<TrailDrawer>? _self;
    private EmissionTrail? _trail;
    private Failure? _failure;
    private Guid? _shown;
    private bool _loading = true;
    private bool _focus = true;

    [Inject] private IEmissionsQueries Emissions { get; set; } = default!;
    [Inject] private Failures Failures { get; set; } = default!;
    [Inject] private IJSRuntime Js { get; set; } = default!;
    [Inject] private NavigationManager Navigation { get; set; } = default!;

    /// <summary>The emission record.</summary>
    [Parameter, EditorRequired] public Guid Id { get; set; }
    [Parameter] public bool HasPrevious { get; set; }
    [Parameter] public bool HasNext { get; set; }

    /// <summary>−1 or 1.</summary>
    [Parameter] public EventCallback<int> OnStep { get; set; }
    [Parameter] public EventCallback OnClose { get; set; }
    [Parameter] public EventCallback<EmissionTrail> OnLoaded { get; set; }

    protected override Task OnParametersSetAsync()
    {
        if (_shown == Id) return Task.CompletedTask;
        _shown = Id;
        return LoadAsync();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            _self = DotNetObjectReference.Create(this);
            await Js.InvokeVoidAsync("OffGridFlow.drawer.open", _stop.Token, _self);
        }
        if (_focus && !_loading)
        {
            _focus = false;
            await Js.InvokeVoidAsync("OffGridFlow.focus", _stop.Token, "#trail-title");
        }
    }

    [JSInvokable]
    public Task OnKey(string key) => InvokeAsync(() => key switch
    {
        "Escape" => OnClose.InvokeAsync(),
        "ArrowUp" => OnStep.InvokeAsync(-1),
        "ArrowDown" => OnStep.InvokeAsync(1),
        _ => Task.CompletedTask,
    });

    private async Task LoadAsync()
    {
        if (!RendererInfo.IsInteractive) return;
        var id = Id;
        // A step keeps the old trail on screen until the new one is there: the drawer does not flicker.
        _loading = _trail is null;
        _failure = null;
        try
        {
            var trail = await Emissions.FindTrailAsync(id, _stop.Token);
            if (id != Id || _stop.IsCancellationRequested) return;
            _trail = trail;
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            return;
        }
        catch (Exception exception)
        {
            _failure = Failures.Report(exception, "Trail of emission " + id.ToString("D"));
        }
        _loading = false;
        if (_trail is not null && _failure is null) await OnLoaded.InvokeAsync(_trail);
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
        if (_self is null) return;
        _self.Dispose();
        // The circuit may be gone already; then there is no drawer to tell.
        _ = Js.InvokeVoidAsync("OffGridFlow.drawer.close", CancellationToken.None).AsTask().ContinueWith(_ => { }, TaskScheduler.Default);
    }
}
