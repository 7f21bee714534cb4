using Microsoft.AspNetCore.Components;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Web.Features.Inventory;

public sealed partial class InventoryPage
{
    private IReadOnlyList<ReportingPeriod> _periods = [];
    private ReportingPeriod? _period;
    private ConsolidationApproach _approach = ConsolidationApproach.OperationalControl;
    private InventoryReport? _report;
    private IReadOnlyList<InventoryLine> _entities = [];
    private IReadOnlyList<InventoryLine> _sites = [];
    private IReadOnlyList<InventoryLine> _methods = [];
    private MassUnit _unit;
    private int _decimals;

    [Inject] private InventoryReports Reports { get; set; } = default!;
    [Inject] private NavigationManager Navigation { get; set; } = default!;

    /// <summary>Which period; the latest, if it is not said.</summary>
    [SupplyParameterFromQuery] public Guid? Period { get; set; }

    /// <summary>Which approach; the period's own, if it is not said.</summary>
    [SupplyParameterFromQuery] public string? Approach { get; set; }

    protected override string Asked => "Inventory";

    protected override Task OnParametersSetAsync() => ReloadAsync();

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        _periods = await Reports.ListPeriodsAsync(cancellationToken);
        _period = _periods.FirstOrDefault(period => period.Id == Period) ?? (_periods.Count > 0 ? _periods[0] : null);
        if (_period is null)
        {
            _report = null;
            return;
        }

        _approach = Enum.GetNames<ConsolidationApproach>().FirstOrDefault(name => name.Equals(Approach, StringComparison.OrdinalIgnoreCase)) is { } known
            ? Enum.Parse<ConsolidationApproach>(known) : _period.Approach;
        _report = await Reports.ReadAsync(_period, _approach, cancellationToken);
        var summary = _report.Location;
        var explorer = InventoryWords.Explorer(_period);
        _unit = Format.MassUnitFor(summary.Total.KgCo2e);
        _decimals = Format.OverviewDecimals(summary.Total.KgCo2e);
        _entities = [.. summary.By(InventoryReport.OrganizationKey).Select(group => new InventoryLine(InventoryWords.Organization(summary, group.Keys[0]), group.Figures, null))];
        _sites = [.. summary.By(InventoryReport.SiteKey).Select(group => new InventoryLine(InventoryWords.Site(group.Keys[0]), group.Figures, (explorer with { Site = group.Keys[0] }).ToUrl()))];
        _methods = [.. summary.By(InventoryReport.MethodKey).Select(group => new InventoryLine(InventoryWords.Method(group.Keys[0]), group.Figures, null))];
    }

    private void ChoosePeriod(ChangeEventArgs change) => Navigation.NavigateTo($"/inventory?period={change.Value}");

    private void ChooseApproach(ChangeEventArgs change) => Navigation.NavigateTo(InventoryWords.ToUrl(_period!, Enum.Parse<ConsolidationApproach>((string)change.Value!)));
}
