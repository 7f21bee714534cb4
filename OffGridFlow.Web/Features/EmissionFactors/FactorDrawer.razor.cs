using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Infrastructure.EmissionFactors;
using OffGridFlow.Web.Shared;
using Radzen;

namespace OffGridFlow.Web.Features.EmissionFactors;

/// <summary>All there is to say about a factor, in six stations. Not modal: the table beside it stays usable.</summary>
public sealed partial class FactorDrawer : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private DotNetObjectReference<FactorDrawer>? _self;
    private FactorDetail? _detail;
    private Failure? _failure;
    private Guid? _shown;
    private bool _loading = true;
    private bool _focus = true;
    private bool _busy;

    [Inject] private FactorQueries Factors { get; set; } = default!;
    [Inject] private OwnFactors Own { get; set; } = default!;
    [Inject] private Failures Failures { get; set; } = default!;
    [Inject] private DialogService Dialogs { get; set; } = default!;
    [Inject] private NotificationService Notifications { get; set; } = default!;
    [Inject] private NavigationManager Navigation { get; set; } = default!;
    [Inject] private IJSRuntime Js { get; set; } = default!;

    [Parameter, EditorRequired] public Guid Key { get; set; }

    /// <summary>Whether the person may retire an own factor.</summary>
    [Parameter] public bool MayRetire { get; set; }
    [Parameter] public bool HasPrevious { get; set; }
    [Parameter] public bool HasNext { get; set; }

    /// <summary>−1 or 1.</summary>
    [Parameter] public EventCallback<int> OnStep { get; set; }
    [Parameter] public EventCallback OnClose { get; set; }

    /// <summary>Asks for another factor: of another edition.</summary>
    [Parameter] public EventCallback<Guid> OnOpen { get; set; }
    [Parameter] public EventCallback OnRetired { get; set; }

    protected override Task OnParametersSetAsync()
    {
        if (_shown == Key) return Task.CompletedTask;
        _shown = Key;
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
            await Js.InvokeVoidAsync("OffGridFlow.focus", _stop.Token, "#factor-title");
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

    private static IEnumerable<(string Gas, decimal Figure, string Mass)> Published(EmissionFactor factor)
    {
        if (factor.Basis == GasBasis.Energy)
        {
            if (factor.Co2e is { } energy) yield return ("Energy", energy, "kWh");
            yield break;
        }
        var mass = factor.Basis == GasBasis.Co2e ? "kg CO₂e" : "kg";
        if (factor.Co2 is { } co2) yield return ("CO2", co2, mass);
        if (factor.Ch4 is { } ch4) yield return ("CH4", ch4, mass);
        if (factor.N2o is { } n2o) yield return ("N2O", n2o, mass);
        foreach (var (gas, figure) in factor.OtherGases) yield return (gas, figure, mass);
        if (factor.Co2e is { } sum) yield return ("CO2e", sum, "kg CO₂e");
        if (factor.BiogenicCo2 is { } living) yield return ("Biogenic CO2", living, "kg, outside the scopes");
    }

    private async Task LoadAsync()
    {
        if (!RendererInfo.IsInteractive) return;
        var key = Key;
        // A step keeps the old factor on screen until the new one is there: the drawer does not flicker.
        _loading = _detail is null;
        _failure = null;
        try
        {
            var detail = await Factors.FindAsync(key, _stop.Token);
            if (key != Key) return;
            _detail = detail;
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            return;
        }
        catch (Exception exception)
        {
            _failure = Failures.Report(exception, "Emission factor " + key.ToString("D"));
        }
        _loading = false;
    }

    private async Task RetireAsync()
    {
        if (_detail?.Row is not { } row) return;
        var options = new ConfirmOptions { OkButtonText = "Retire factor", CancelButtonText = "Keep it", Width = "min(520px, 94vw)", CloseDialogOnEsc = true };
        // As a fragment: Radzen takes a string for markup, and names are people's.
        if (await Dialogs.Confirm(builder => builder.AddContent(0, "It is no longer offered and chosen, and cannot be brought back; load it anew for that. Results made with it stay as they are."), $"Retire “{row.Factor.Name}”?", options) != true) return;
        (_busy, _failure) = (true, null);
        try
        {
            await Own.RetireAsync(row.Key, _stop.Token);
            Notifications.Tell(this, NotificationSeverity.Success, "Factor retired", row.Factor.Name);
            await LoadAsync();
            await OnRetired.InvokeAsync();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _failure = Failures.Report(exception, "Retire factor");
        }
        _busy = false;
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
