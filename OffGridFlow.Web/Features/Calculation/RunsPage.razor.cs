using System.Globalization;
using Microsoft.AspNetCore.Components;
using OffGridFlow.Core.Calculation.Runs;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Infrastructure.Calculation;
using OffGridFlow.Infrastructure.Calculation.Runs;
using OffGridFlow.Web.Features.EmissionFactors;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Web.Features.Calculation;

/// <summary>All runs, and the start of another one.</summary>
public sealed partial class RunsPage
{
    private const int PageSize = 50;

    private List<RunRow>? _rows;
    private string? _next;
    private CalculationSettingsRow? _settings;
    private bool _open;
    private bool _busy;
    private string? _ownTitle;
    private string? _note;
    private GwpSet _gwp;
    private string _family = "";
    private int _edition;
    private int? _year;
    private string? _problem;
    private Failure? _failure;

    /// <summary>What the choices below say, until somebody writes another.</summary>
    private string Title
    {
        get => _ownTitle ?? string.Join(", ", new[]
        {
            _settings is { } settings && _gwp != settings.Policy.Gwp ? $"Potentials {FactorWords.Gwp(_gwp)}" : null,
            _family.Length > 0 && _edition > 0 ? string.Create(CultureInfo.InvariantCulture, $"{_family} {_edition}{(_year is { } year ? $" for {year}" : "")}") : null,
        }.OfType<string>().DefaultIfEmpty("Take up the library as it is"));
        set => _ownTitle = string.IsNullOrWhiteSpace(value) ? null : value;
    }

    [Inject] private ICalculationRuns Runs { get; set; } = default!;
    [Inject] private CalculationSettings Settings { get; set; } = default!;
    [Inject] private NavigationManager Navigation { get; set; } = default!;

    /// <summary>Opens the form.</summary>
    [SupplyParameterFromQuery] public bool New { get; set; }

    protected override string Asked => "Calculation runs";

    protected override bool Running => _rows?.Exists(run => run.State == RunState.Calculating) == true;

    protected override Task OnInitializedAsync()
    {
        _open = New;
        return ReloadAsync();
    }

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        if (_settings is null)
        {
            _settings = await Settings.FindAsync(cancellationToken);
            _gwp = _settings.Policy.Gwp;
        }

        var page = await Runs.ListAsync(null, Math.Max(PageSize, _rows?.Count ?? 0), cancellationToken);
        (_rows, _next) = ([.. page.Rows], page.NextCursor);
    }

    private async Task MoreAsync()
    {
        var page = await Runs.ListAsync(_next, PageSize, Stopped);
        _rows!.AddRange(page.Rows);
        _next = page.NextCursor;
    }

    private async Task ProposeAsync()
    {
        if (_busy || _settings is not { } settings) return;
        (_busy, _problem, _failure) = (true, null, null);
        var policy = settings.Policy with { Gwp = _gwp };
        if (_family.Length > 0)
        {
            if (_edition == 0 || _year is not { } year)
            {
                (_busy, _problem) = (false, "Choose the edition and the year of consumption that it is fixed for.");
                return;
            }

            policy = policy with { FixedEditions = new Dictionary<(string Family, int Year), int>(policy.FixedEditions) { [(_family, year)] = _edition } };
        }

        var changes = _gwp != settings.Policy.Gwp || _family.Length > 0;
        try
        {
            switch (await Runs.ProposeAsync(new RunInput(_gwp != settings.Policy.Gwp ? RunKind.Gwp : RunKind.Factors, Title, _note, changes ? policy : null, [], []), Stopped))
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

    private static string Moves(RunRow run) => run.Moves.Count == 0 ? "" : string.Join(
        "; ", run.Moves.OrderByDescending(move => move.Year).Take(3).Select(move =>
            $"{move.Year.ToString(CultureInfo.InvariantCulture)}: {Format.Change(Format.In(move.LocationKg, MassUnit.Tonnes), 1)} t"));
}
