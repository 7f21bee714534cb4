using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Targets;
using OffGridFlow.Infrastructure.Organizations;
using OffGridFlow.Infrastructure.Targets;
using OffGridFlow.Web.Features.Identity;
using OffGridFlow.Web.Features.Organizations;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Web.Features.Targets;

public sealed partial class BaseYearPage
{
    private BaseYearView? _view;
    private string? _refusal;
    private string? _reason;
    private bool _mayPropose;
    private bool _mayApprove;
    private bool _busy;

    [Inject] private BaseYearService Years { get; set; } = default!;
    [Inject] private EditDesk Desk { get; set; } = default!;
    [CascadingParameter] private Task<AuthenticationState>? Authentication { get; set; }

    protected override string Asked => "Base year";

    /// <summary>One unit for the page.</summary>
    private MassUnit Unit => Format.MassUnitFor(_view!.Comparatives.Select(row => Math.Abs(row.ProForma.Total(Scope2Method.Location))).DefaultIfEmpty().Max());

    protected override Task OnInitializedAsync() => ReloadAsync();

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        var actor = Authentication is null ? null : (await Authentication).User.ToActor();
        (_mayPropose, _mayApprove) = (actor?.Allows(Permissions.CalculationsPropose) == true, actor?.Allows(Permissions.CalculationsApprove) == true);
        _view = await Years.ReadAsync(cancellationToken);
    }

    private string NameOf(Guid period) => _view!.Comparatives.FirstOrDefault(row => row.Period.Id == period)?.Period.Name ?? "";

    private string Total(ScopeKilograms kg) => Format.Mass(kg.Total(Scope2Method.Location), Unit, 1);

    private async Task EditAsync()
    {
        _refusal = null;
        var former = _view!.Policy;
        var input = former is null ? new BaseYearPolicyInput { PeriodId = _view.Comparatives[^1].Period.Id } : BaseYearPolicyInput.Of(former) with { Reason = null };
        await Desk.OpenAsync(
            former is null ? "Write the base-year policy" : "Change the base-year policy", "Save the policy",
            builder =>
            {
                builder.OpenComponent<BaseYearPolicyFields>(0);
                builder.AddAttribute(1, nameof(BaseYearPolicyFields.Input), input);
                builder.AddAttribute(2, nameof(BaseYearPolicyFields.Periods), _view.Comparatives.Select(row => row.Period).ToList());
                builder.CloseComponent();
            },
            async cancellationToken => Refusal.Of(await Years.SaveAsync(former?.Version ?? 0, input, cancellationToken)));
        await ReloadAsync(quietly: true);
        StateHasChanged();
    }

    private async Task ActAsync<T>(Func<CancellationToken, Task<Edit<T>>> act)
    {
        if (_busy) return;
        (_busy, _refusal) = (true, null);
        try
        {
            if (Refusal.Of(await act(Stopped)) is { } refusal)
            {
                _refusal = refusal.Words ?? string.Join(' ', refusal.Faults.Select(fault => fault.Message));
            }
            else
            {
                _reason = null;
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _refusal = $"The server could not do it. Reference {Failures.Report(exception, "Decide on the base year").Reference}.";
        }

        _busy = false;
        await ReloadAsync(quietly: true);
    }
}
