using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using OffGridFlow.Core.Assurance;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Infrastructure.Assurance;
using OffGridFlow.Infrastructure.Organizations;
using OffGridFlow.Web.Features.Identity;
using OffGridFlow.Web.Features.Organizations;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Web.Features.Assurance;

/// <summary>A period's materiality, samples, findings, and what is not corrected.</summary>
public sealed partial class AssurancePage
{
    private static readonly IReadOnlyList<SwitchChoice<Scope2Method>> Views =
        [new(Scope2Method.Location, "Location-based", "building-2"), new(Scope2Method.Market, "Market-based", "file-check-2")];

    private IReadOnlyList<ReportingPeriod> _periods = [];
    private IReadOnlyList<SampleRow> _samples = [];
    private IReadOnlyList<FindingRow> _findings = [];
    private Dictionary<Guid, string> _sites = [];
    private StandingState? _state;
    private (Guid?, string?)? _loaded;
    private bool _mayWrite;

    [Inject] private AssuranceStanding Standing { get; set; } = default!;
    [Inject] private AuditSamples Samples { get; set; } = default!;
    [Inject] private AuditFindings Findings { get; set; } = default!;
    [Inject] private PeriodService Periods { get; set; } = default!;
    [Inject] private SiteService Sites { get; set; } = default!;
    [Inject] private EditDesk Desk { get; set; } = default!;
    [Inject] private NavigationManager Navigation { get; set; } = default!;
    [CascadingParameter] private Task<AuthenticationState>? Authentication { get; set; }

    /// <summary>Which period; the latest, if it is not said.</summary>
    [SupplyParameterFromQuery] public Guid? Period { get; set; }

    /// <summary><c>market</c>, or the location-based view.</summary>
    [SupplyParameterFromQuery] public string? View { get; set; }

    protected override string Asked => "The auditor’s papers";

    private Scope2Method Seen => View == "market" ? Scope2Method.Market : Scope2Method.Location;

    private MassUnit FindingUnit => Format.GridMassUnitFor(_findings.Max(row => Math.Abs(row.Latest.EffectKg ?? 0m)));

    private string SummaryTitle => _state!.Summary.Counted.Count + _state.NotQuantified.Count == 0 ? "No misstatement is left uncorrected" : "Misstatements that are not corrected";

    private string FindingsTitle
    {
        get
        {
            var open = _findings.Count(row => row.Latest.Status is FindingStatus.Open or FindingStatus.Answered);
            return open == 0 ? "All findings are closed" : $"{Format.Count(open)} of {Format.Count(_findings.Count)} {(open == 1 ? "is" : "are")} not closed";
        }
    }

    protected override Task OnParametersSetAsync() => _loaded == (Period, View) ? Task.CompletedTask : ReloadAsync();

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        var asked = (Period, View);
        _mayWrite = Authentication is not null && (await Authentication).User.ToActor()?.Allows(Permissions.AssuranceWrite) == true;
        _periods = [.. (await Periods.ListAsync(cancellationToken)).OrderByDescending(period => period.FirstDay)];
        var period = _periods.FirstOrDefault(period => period.Id == Period) ?? (_periods.Count > 0 ? _periods[0] : null);
        _sites = (await Sites.ListAsync(cancellationToken)).ToDictionary(site => site.Id, site => site.Name);
        _samples = period is null ? [] : await Samples.ListAsync(period.Id, cancellationToken) ?? [];
        _findings = period is null ? [] : await Findings.ListAsync(period.Id, cancellationToken) ?? [];
        _state = period is null ? null : await Standing.SummarizeAsync(period.Id, Seen, cancellationToken);
        _loaded = asked;
    }

    private void ChoosePeriod(ChangeEventArgs change) => Navigation.NavigateTo($"/assurance?period={change.Value}" + (Seen == Scope2Method.Market ? "&view=market" : ""));

    private void ChooseView(Scope2Method view) => Navigation.NavigateTo($"/assurance?period={_state!.Materiality.Period.Id}" + (view == Scope2Method.Market ? "&view=market" : ""));

    private async Task SetMaterialityAsync()
    {
        var state = _state!.Materiality;
        var input = state.Current is { } current ? MaterialityInput.Of(current) : new MaterialityInput { View = Seen };
        // Why it is another now is said anew.
        input.Reason = null;
        input.Percent ??= AssuranceMateriality.UsualPercent;
        await Desk.OpenAsync(
            $"Materiality of {state.Period.Name}", "Set materiality",
            builder =>
            {
                builder.OpenComponent<MaterialityFields>(0);
                builder.AddAttribute(1, nameof(MaterialityFields.Input), input);
                builder.CloseComponent();
            },
            async cancellationToken => Refusal.Of(await Standing.SetAsync(state.Period.Id, state.Current?.Version ?? 0, input, cancellationToken)));
        await RefreshAsync();
    }

    private async Task DrawAsync()
    {
        var state = _state!.Materiality;
        var input = new SampleInput { View = Seen, ConfidencePercent = 95, TolerableKg = state.Current?.PerformanceKg, Count = 25 };
        Guid? drawn = null;
        await Desk.OpenAsync(
            $"Draw a sample of {state.Period.Name}", "Draw the sample",
            builder =>
            {
                builder.OpenComponent<SampleFields>(0);
                builder.AddAttribute(1, nameof(SampleFields.Input), input);
                builder.AddAttribute(2, nameof(SampleFields.Sites), _sites);
                builder.CloseComponent();
            },
            async cancellationToken =>
            {
                var edit = await Samples.DrawAsync(state.Period.Id, input, cancellationToken);
                drawn = (edit as Edit<AuditSample>.Done)?.Item.Id;
                return Refusal.Of(edit);
            });
        if (drawn is { } id) Navigation.NavigateTo("/assurance/samples/" + id.ToString("D"));
        else await RefreshAsync();
    }

    private async Task RecordAsync()
    {
        var (period, input) = (_state!.Materiality.Period, new FindingInput());
        await Desk.OpenAsync(
            $"Record a finding of {period.Name}", "Record the finding",
            builder =>
            {
                builder.OpenComponent<FindingFields>(0);
                builder.AddAttribute(1, nameof(FindingFields.Input), input);
                builder.CloseComponent();
            },
            async cancellationToken => Refusal.Of(await Findings.RecordAsync(period.Id, input, cancellationToken)));
        await RefreshAsync();
    }

    private async Task RefreshAsync()
    {
        await ReloadAsync(quietly: true);
        StateHasChanged();
    }
}
