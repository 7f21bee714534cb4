using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Core.Targets;
using OffGridFlow.Infrastructure.Targets;
using OffGridFlow.Web.Features.Identity;
using OffGridFlow.Web.Features.Organizations;

namespace OffGridFlow.Web.Features.Targets;

public sealed partial class TargetsPage
{
    private Register<Target, TargetInput> _targets = default!;
    private Register<Scenario, ScenarioInput> _register = default!;
    private IReadOnlyList<ReportingPeriod> _periods = [];
    private IReadOnlyList<TargetReport> _reports = [];
    private IReadOnlyList<ScenarioReport> _scenarios = [];
    private TargetReport? _chosen;
    private string? _refusal;
    private bool _mayPropose;

    [Inject] private TargetService Targets { get; set; } = default!;
    [Inject] private ScenarioService Scenarios { get; set; } = default!;
    [Inject] private TargetQueries Queries { get; set; } = default!;
    [Inject] private EditDesk Desk { get; set; } = default!;
    [Inject] private NavigationManager Navigation { get; set; } = default!;
    [CascadingParameter] private Task<AuthenticationState>? Authentication { get; set; }

    /// <summary>Which target; the first, if it is not said.</summary>
    [SupplyParameterFromQuery] public Guid? Target { get; set; }

    protected override string Asked => "Targets and scenarios";

    protected override void OnInitialized()
    {
        _targets = new("target", target => target.Name, TargetInput.Of, Targets.CreateAsync, Targets.ChangeAsync, Targets.RemoveAsync);
        _register = new("scenario", scenario => scenario.Name, ScenarioInput.Of, Scenarios.CreateAsync, Scenarios.ChangeAsync, Scenarios.RemoveAsync);
    }

    protected override Task OnParametersSetAsync() => ReloadAsync(quietly: _chosen is not null);

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        _mayPropose = Authentication is not null && (await Authentication).User.ToActor()?.Allows(Permissions.CalculationsPropose) == true;
        _periods = await Queries.ListPeriodsAsync(cancellationToken);
        _reports = await Queries.ListAsync(cancellationToken);
        _chosen = _reports.FirstOrDefault(report => report.Target.Id == Target) ?? (_reports.Count > 0 ? _reports[0] : null);
        _scenarios = _chosen is null ? [] : await Queries.ListScenariosAsync(_chosen.Target.Id, cancellationToken);
    }

    private void Choose(ChangeEventArgs change) => Navigation.NavigateTo($"/targets?target={change.Value}");

    private async Task EditTargetAsync(Target? target)
    {
        _refusal = null;
        var input = target is null
            ? new TargetInput { Scopes = [1, 2], BasePeriodId = _periods[^1].Id, Path = TargetPathKind.AbsoluteContraction, Reduction = TargetPath.OnePointFiveDegrees }
            : TargetInput.Of(target);
        await Desk.EditAsync(
            _targets, this, target, input,
            builder =>
            {
                builder.OpenComponent<TargetFields>(0);
                builder.AddAttribute(1, nameof(TargetFields.Input), input);
                builder.AddAttribute(2, nameof(TargetFields.Periods), _periods);
                builder.CloseComponent();
            },
            RefreshAsync);
    }

    private async Task RemoveTargetAsync() => _refusal = await Desk.RemoveAsync(_targets, this, _chosen!.Target, RefreshAsync, Stopped);

    private async Task EditScenarioAsync(Scenario? scenario)
    {
        _refusal = null;
        var target = _chosen!.Target;
        var start = scenario?.StartPeriodId ?? _periods.FirstOrDefault(period => period.LastDay.Year < target.TargetYear)?.Id;
        var input = scenario is null ? new ScenarioInput { TargetId = target.Id, StartPeriodId = start } : ScenarioInput.Of(scenario);
        var sources = start is { } period ? await Queries.ListSourcesAsync(target.Id, period, Stopped) : [];
        await Desk.EditAsync(
            _register, this, scenario, input,
            builder =>
            {
                builder.OpenComponent<ScenarioFields>(0);
                builder.AddAttribute(1, nameof(ScenarioFields.Input), input);
                builder.AddAttribute(2, nameof(ScenarioFields.Periods), _periods);
                builder.AddAttribute(3, nameof(ScenarioFields.Sources), sources);
                builder.CloseComponent();
            },
            RefreshAsync);
    }

    private async Task RemoveScenarioAsync(Scenario scenario) => _refusal = await Desk.RemoveAsync(_register, this, scenario, RefreshAsync, Stopped);

    private async Task RefreshAsync()
    {
        await ReloadAsync(quietly: true);
        StateHasChanged();
    }
}
