using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.JSInterop;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Identity;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Web.Features.Emissions;

/// <summary>Filters, grouping and the open trail live in the address; opened groups only on screen.</summary>
public sealed partial class EmissionsExplorerPage
{
    private EmissionsAddress _address = new();
    private ExplorerTree? _tree;
    private MassUnit _unit;
    private EnergyUnit _energy;
    private bool _canOpenTrails;
    private bool _canExportEvidence;
    private bool _filters;
    private bool _scrolled;
    private ExplorerColumns? _usualColumns;
    private Failure? _partFailure;
    private string _partFailed = "";

    /// <summary>The row of the open trail, known once the drawer has read it: before or after the tree is there.</summary>
    private EmissionRow? _traced;

    [Inject] private ExplorerService Explorer { get; set; } = default!;
    [Inject] private IPersonalSettings Settings { get; set; } = default!;
    [Inject] private NavigationManager Navigation { get; set; } = default!;
    [Inject] private AuthenticationStateProvider Authentication { get; set; } = default!;
    [Inject] private IAuthorizationService Authorization { get; set; } = default!;
    [Inject] private IJSRuntime Js { get; set; } = default!;

    // Read from the address as a whole; declared so that a change of any of them reaches the page.
    [SupplyParameterFromQuery] public string? From { get; set; }
    [SupplyParameterFromQuery] public string? To { get; set; }
    [SupplyParameterFromQuery] public string? Scope { get; set; }
    [SupplyParameterFromQuery] public string? Category { get; set; }
    [SupplyParameterFromQuery] public string? Scope2Method { get; set; }
    [SupplyParameterFromQuery] public string? Site { get; set; }
    [SupplyParameterFromQuery] public string? Service { get; set; }
    [SupplyParameterFromQuery] public string? Region { get; set; }
    [SupplyParameterFromQuery] public string? Account { get; set; }
    [SupplyParameterFromQuery] public string? UsageClass { get; set; }
    [SupplyParameterFromQuery] public string? Q { get; set; }
    [SupplyParameterFromQuery] public string? GroupBy { get; set; }
    [SupplyParameterFromQuery] public string? Quality { get; set; }
    [SupplyParameterFromQuery] public string? Sort { get; set; }
    [SupplyParameterFromQuery(Name = "columns")] public string? ColumnNames { get; set; }
    [SupplyParameterFromQuery] public string? Trail { get; set; }

    protected override string Asked => "Emissions, " + _address.ToUrl();

    private EmissionsFigures Figures => _tree!.Root.Figures;

    /// <summary>An entry has a result for each of its months and scopes: then results are counted, not activities.</summary>
    private string Count => Format.Count(Figures.Activities) + (Figures.UndividedKgCo2e == 0 ? " activities" : " results");

    private ExplorerColumns Columns => _address.Columns ?? _usualColumns ?? ExplorerColumns.Ordinary;

    protected override async Task OnInitializedAsync()
    {
        var state = await Authentication.GetAuthenticationStateAsync();
        _canOpenTrails = (await Authorization.AuthorizeAsync(state.User, null, Permissions.TrailsRead)).Succeeded;
        _canExportEvidence = (await Authorization.AuthorizeAsync(state.User, null, Permissions.AuditRead)).Succeeded;
    }

    protected override Task OnParametersSetAsync()
    {
        var before = _address;
        _address = EmissionsAddress.Parse(Navigation.Uri);
        var sameFigures = _tree is not null && before.OfFigures == _address.OfFigures;
        return sameFigures ? Task.CompletedTask : ReloadAsync();
    }

    // A link to #outside is followed once the section exists.
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_scrolled || _tree is null || Loading || !Navigation.Uri.EndsWith("#outside", StringComparison.Ordinal)) return;
        _scrolled = true;
        await Js.InvokeVoidAsync("OffGridFlow.focus", Stopped, "#outside");
    }

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        var address = _address;
        _usualColumns ??= ExplorerColumns.Parse(await Settings.FindAsync(PersonalSetting.EmissionsColumns, cancellationToken) ?? ExplorerColumns.Ordinary.ToString());
        var tree = await Explorer.LoadAsync(address, cancellationToken);
        if (address.OfFigures != _address.OfFigures) return;
        if (_traced is { } row && row.Id == address.Trail) await Explorer.RevealAsync(tree, row, cancellationToken);
        _tree = tree;
        _unit = Format.GridMassUnitFor(tree.Root.Figures.KgCo2e);
        _energy = Format.EnergyUnitFor(tree.Root.Figures.KilowattHours);
    }

    private void Go(EmissionsAddress address) => Navigation.NavigateTo((address with { Trail = null }).ToUrl());

    /// <summary>The address says it for now and for whom it is given to; the next visit without it shows the same.</summary>
    private Task ChooseColumnsAsync(ExplorerColumns columns)
    {
        _usualColumns = columns;
        Navigation.NavigateTo((_address with { Columns = columns }).ToUrl(), replace: true);
        return TryPartAsync("The columns are shown, but were not kept for the next visit.", () => Settings.SaveAsync(PersonalSetting.EmissionsColumns, columns.ToString(), Stopped));
    }

    private async Task ToggleAsync(ExplorerNode node)
    {
        if (node.Open)
        {
            node.Open = false;
            return;
        }
        node.Busy = true;
        await TryPartAsync("The group could not be opened.", () => Explorer.OpenAsync(_tree!, node, Stopped));
        node.Busy = false;
    }

    private async Task MoreAsync(ExplorerNode node)
    {
        if (node.NextCursor is null) node.ShowMoreGroups();
        else await TryPartAsync("The next rows could not be loaded.", () => Explorer.LoadRowsAsync(node, Stopped));
    }

    /// <summary>What fails beside the figures leaves them on screen.</summary>
    private async Task TryPartAsync(string failed, Func<Task> work)
    {
        _partFailure = null;
        try
        {
            await work();
        }
        catch (OperationCanceledException) when (Stopped.IsCancellationRequested)
        {
            // The page was left.
        }
        catch (Exception exception)
        {
            (_partFailure, _partFailed) = (Failures.Report(exception, Asked), failed);
        }
    }

    private void OpenTrail(Guid id) => Navigation.NavigateTo((_address with { Trail = id }).ToUrl(), replace: _address.Trail is not null);

    private async Task CloseTrailAsync()
    {
        var id = _address.Trail;
        Navigation.NavigateTo((_address with { Trail = null }).ToUrl());
        if (id is { } number) await Js.InvokeVoidAsync("OffGridFlow.focus", Stopped, "#" + ExplorerGrid.NumberId(number));
    }

    private Guid? Neighbor(int step)
    {
        if (_tree is null || _address.Trail is not { } current) return null;
        var rows = _tree.VisibleRows().ToList();
        var index = rows.IndexOf(current);
        return index >= 0 && index + step >= 0 && index + step < rows.Count ? rows[index + step] : null;
    }

    private void Step(int step)
    {
        if (Neighbor(step) is { } id) OpenTrail(id);
    }

    private async Task RevealAsync(EmissionTrail trail)
    {
        _traced = trail.Emission;
        // Closed meanwhile: the groups stay as the reader has left them.
        if (_address.Trail != trail.Emission.Id) return;
        if (_tree is null || _tree.VisibleRows().Contains(trail.Emission.Id)) return;
        await Explorer.RevealAsync(_tree, trail.Emission, Stopped);
    }
}
