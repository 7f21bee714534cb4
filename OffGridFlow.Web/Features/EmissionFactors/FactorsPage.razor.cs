using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.JSInterop;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Calculation;
using OffGridFlow.Infrastructure.EmissionFactors;
using OffGridFlow.Web.Features.Identity;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Web.Features.EmissionFactors;

public sealed partial class FactorsPage
{
    private const int PageSize = 60;

    /// <summary>Between two letters of somebody who types.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    private static readonly IReadOnlyList<SwitchChoice<FactorsView>> Views =
    [
        new(FactorsView.Library, "Library", "search"), new(FactorsView.Own, "Own factors", "file-text"), new(FactorsView.Preferences, "Preferences", "list-checks"),
    ];

    private List<FactorRow> _rows = [];
    private FactorFacets? _facets;
    private IReadOnlyList<NewEdition> _editions = [];
    private FactorsAddress? _loaded;
    private string? _next;
    private string _typed = "";

    /// <summary>The text that the address has, or is about to have.</summary>
    private string _sent = "";
    private GwpSet _gwp;
    private int _turn;
    private bool _busy;
    private bool _filters;

    [Inject] private FactorQueries Factors { get; set; } = default!;
    [Inject] private CalculationSettings Settings { get; set; } = default!;
    [Inject] private NavigationManager Navigation { get; set; } = default!;
    [Inject] private TimeProvider Time { get; set; } = default!;
    [Inject] private IJSRuntime Js { get; set; } = default!;

    [CascadingParameter] private Task<AuthenticationState> Authentication { get; set; } = default!;

    [SupplyParameterFromQuery] public string? View { get; set; }
    [SupplyParameterFromQuery(Name = "q")] public string? Search { get; set; }
    [SupplyParameterFromQuery] public string? Set { get; set; }
    [SupplyParameterFromQuery] public string? Category { get; set; }
    [SupplyParameterFromQuery] public string? Region { get; set; }
    [SupplyParameterFromQuery] public string? Year { get; set; }
    [SupplyParameterFromQuery] public string? Unit { get; set; }
    [SupplyParameterFromQuery] public string? Gas { get; set; }
    [SupplyParameterFromQuery] public string? Part { get; set; }
    [SupplyParameterFromQuery] public string? Activity { get; set; }
    [SupplyParameterFromQuery] public string? Factor { get; set; }

    protected override string Asked => "Emission factors";

    private FactorsAddress Address => FactorsAddress.Of(View, Search, Set, Region, Year, Activity, Category, Unit, Gas, Part, Factor);

    private bool MayPropose { get; set; }

    private int Place => _rows.FindIndex(row => row.Key == Address.Open);

    private string Finding => Address.View switch
    {
        FactorsView.Own => "Your own factors come before published ones",
        FactorsView.Preferences => "How factors are chosen",
        _ when _facets is null => "Emission factors",
        _ when _facets.Total == 0 => "No factor fits this search",
        _ => (_facets.Total == 1 ? "One factor" : $"{Format.Count(_facets.Total)} factors")
            + $" of {(_facets.Sets.Count(InSearch) is 1 ? "one set" : Format.Count(_facets.Sets.Count(InSearch)) + " sets")}{(Address.Filter.IsNarrowed ? _facets.Total == 1 ? " fits this search" : " fit this search" : " can be used")}",
    };

    private string Note => Address.View switch
    {
        FactorsView.Own => "Supplier rates, residual mixes, measured figures: with a source, a license and the days for which they hold.",
        FactorsView.Preferences => "Potentials, order of sets, proxies and fixed editions, for the whole organization.",
        _ => "Published factors with their source and license, and your own. Where a publisher gives gases, the potentials of your inventory sum them.",
    };

    // Opening a factor changes the address, not what is listed.
    protected override async Task OnParametersSetAsync()
    {
        MayPropose = (await Authentication).User.ToActor()?.Allows(Permissions.CalculationsPropose) == true;
        if (_loaded is not null && _loaded == Address with { Open = null })
        {
            return;
        }

        // An address that typing has led to says nothing new; what was typed since is newer than it.
        if ((Address.Filter.Text ?? "") is var text && text != _sent)
        {
            (_typed, _sent) = (text, text);
        }

        await ReloadAsync(quietly: _facets is not null);
    }

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        var address = Address;
        if (address.View == FactorsView.Library)
        {
            // Together: each question has a connection of its own.
            var (listed, counted) = (Factors.ListAsync(address.Filter, null, PageSize, cancellationToken), Factors.FacetsAsync(address.Filter, cancellationToken));
            await Task.WhenAll(listed, counted);
            var (page, facets) = (await listed, await counted);
            if (address != Address && address with { Open = null } != Address with { Open = null })
            {
                // The reader has typed on; the load of that is under way.
                return;
            }

            (_rows, _next, _facets) = ([.. page.Rows], page.NextCursor, facets);
        }

        // Not with every letter: these change when somebody decides something.
        if (_loaded?.View != address.View)
        {
            _gwp = (await Settings.FindAsync(cancellationToken)).Policy.Gwp;
            _editions = await Settings.ListNewEditionsAsync(cancellationToken);
        }

        _loaded = address with { Open = null };
    }

    /// <summary>Own sets are one value of the facet, whichever of them is asked for.</summary>
    private bool InSearch(FactorFacet set) => Address.Filter.Set is not { } asked || set.Value == asked
        || (set.Value == FactorFilter.OwnSets && asked.StartsWith(FactorFilter.OwnSets + "-", StringComparison.Ordinal));

    private void Go(FactorsAddress address)
    {
        // What was being typed waits no longer.
        _turn++;
        Navigation.NavigateTo(address.ToUrl(), replace: true);
    }

    private void ShowSet(string set) => Go(FactorsAddress.Start with { Filter = new FactorFilter(Set: set) });

    private void Open(Guid? key) => Go(Address with { Open = key });

    private async Task TypeAsync()
    {
        var turn = ++_turn;
        await Task.Delay(Pause, Time, Stopped);
        if (turn == _turn)
        {
            var text = _typed.Trim();
            _sent = text;
            Navigation.NavigateTo((Address with { Open = null, Filter = Address.Filter with { Text = text.Length == 0 ? null : text } }).ToUrl(), replace: true);
        }
    }

    private void Step(int by)
    {
        var place = Place + by;
        if (Place >= 0 && place >= 0 && place < _rows.Count)
        {
            Open(_rows[place].Key);
        }
    }

    /// <summary>The keyboard goes back to where the drawer was opened.</summary>
    private async Task CloseAsync()
    {
        var key = Address.Open;
        Open(null);
        if (key is not null)
        {
            await Js.InvokeVoidAsync("OffGridFlow.focus", Stopped, $"#factor-{key:N}");
        }
    }

    private async Task MoreAsync()
    {
        _busy = true;
        try
        {
            var page = await Factors.ListAsync(Address.Filter, _next, PageSize, Stopped);
            _rows.AddRange(page.Rows);
            _next = page.NextCursor;
        }
        finally
        {
            _busy = false;
        }
    }
}
