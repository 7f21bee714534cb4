using Microsoft.AspNetCore.Components;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Calculation.Runs;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Infrastructure.Calculation;
using OffGridFlow.Infrastructure.Calculation.Runs;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Web.Features.EmissionFactors;

/// <summary>How factors are chosen: potentials, order of sets, proxies, fixed editions.</summary>
public sealed partial class PreferencesView
{
    private CalculationSettingsRow? _row;
    private GwpSet _gwp;
    private List<string> _order = [];
    private List<FixedEdition> _editions = [];
    private bool _proxy;
    private string _family = "";
    private int _edition;
    private int? _year;
    private Failure? _failure;
    private string? _problem;
    private bool _saved;
    private bool _busy;

    [Inject] private CalculationSettings Settings { get; set; } = default!;
    [Inject] private ICalculationRuns Runs { get; set; } = default!;
    [Inject] private NavigationManager Navigation { get; set; } = default!;

    [Parameter] public bool MayChange { get; set; }

    protected override string Asked => "Preferences of factors";

    protected override Task OnInitializedAsync() => ReloadAsync();

    protected override async Task LoadAsync(CancellationToken cancellationToken) => Take(await Settings.FindAsync(cancellationToken));

    private void Take(CalculationSettingsRow row)
    {
        var policy = row.Policy;
        (_row, _gwp, _proxy) = (row, policy.Gwp, policy.AllowsProxy);
        // Families that the order does not name come after, as the engine takes them.
        _order = [.. policy.SetOrder.Concat(row.Families.Where(family => family.IsPublished).Select(family => family.Family)).Distinct(StringComparer.Ordinal)];
        _editions = [.. policy.FixedEditions.Select(edition => new FixedEdition(edition.Key.Family, edition.Key.Year, edition.Value)).OrderBy(edition => edition.Family, StringComparer.Ordinal).ThenBy(edition => edition.Year)];
    }

    private FactorFamily? Of(string family) => _row?.Families.FirstOrDefault(known => known.Family == family);

    private void Move(int place, int by) => (_order[place], _order[place + by]) = (_order[place + by], _order[place]);

    private void Fix()
    {
        if (_year is not { } year) return;
        _editions.RemoveAll(edition => edition.Family == _family && edition.Year == year);
        _editions.Add(new FixedEdition(_family, year, _edition));
        (_family, _edition, _year) = ("", 0, null);
    }

    private async Task SaveAsync()
    {
        if (_row is not { } row || _busy) return;
        (_busy, _failure, _problem, _saved) = (true, null, null, false);
        try
        {
            switch (await Settings.SaveAsync(Chosen(), row.Version, Stopped))
            {
                case CalculationSettingsOutcome.Saved saved:
                    Take(saved.Row);
                    _saved = true;
                    break;
                case CalculationSettingsOutcome.Refused refused:
                    _problem = refused.Reason;
                    break;
                default:
                    _problem = "Somebody else changed the preferences first. They are shown as they are now; decide again.";
                    await ReloadAsync(quietly: true);
                    break;
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _failure = Failures.Report(exception, "Save preferences of factors");
        }

        _busy = false;
    }

    /// <summary>Works out what the preferences as they stand on the page would change; nothing is saved.</summary>
    private async Task ProposeAsync()
    {
        if (_row is not { } row || _busy) return;
        (_busy, _failure, _problem, _saved) = (true, null, null, false);
        var kind = row.Policy.Gwp == _gwp ? RunKind.Factors : RunKind.Gwp;
        try
        {
            switch (await Runs.ProposeAsync(new RunInput(kind, "Other preferences", null, Chosen(), [], []), Stopped))
            {
                case RunOutcomeOf.Done done:
                    Navigation.NavigateTo("/runs/" + done.Run.Id.ToString("D"));
                    break;
                case RunOutcomeOf.Invalid invalid:
                    _problem = invalid.Reason;
                    break;
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _failure = Failures.Report(exception, "Propose a calculation run");
        }

        _busy = false;
    }

    private CalculationPolicy Chosen() => new()
    {
        Gwp = _gwp, SetOrder = [.. _order], AllowsProxy = _proxy, FixedEditions = _editions.ToDictionary(edition => (edition.Family, edition.Year), edition => edition.Edition),
    };

    /// <param name="Year">Of consumption.</param>
    /// <param name="Edition">Year of the edition or of the data.</param>
    private sealed record FixedEdition(string Family, int Year, int Edition);
}
