using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using OffGridFlow.Infrastructure.EmissionFactors;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Web.Features.EmissionFactors;

/// <summary>Two ways to load own factors: a filled template, or one factor in a form. Both are checked alike.</summary>
public sealed partial class OwnFactorAdd
{
    private static readonly IReadOnlyList<SwitchChoice<bool>> Ways = [new(false, "From a template", "table-2"), new(true, "One factor", "plus")];

    private IReadOnlyList<OwnFactorFault> _faults = [];
    private OwnFactorSetRow? _loaded;
    private Failure? _failure;
    private string? _problem;
    private string _title = "", _publisher = "", _source = "", _license = "", _gwp = "";
    private string _activity = "", _name = "", _figure = "", _unit = "", _region = "", _supply = "";
    private DateOnly? _from;
    private DateOnly? _to;
    private int _total;
    private bool _doubtful;
    private bool _one;

    [Inject] private OwnFactors Own { get; set; } = default!;
    [Inject] private FactorReference Reference { get; set; } = default!;
    [Inject] private Failures Failures { get; set; } = default!;

    /// <summary>As they stand: of a set that was retired nobody reads that it can be used now.</summary>
    [Parameter, EditorRequired] public IReadOnlyList<OwnFactorSetRow> Sets { get; set; } = [];

    [Parameter] public EventCallback OnLoaded { get; set; }

    private bool IsInUse => _loaded is not null && !Sets.Any(set => set.Key == _loaded.Key && set.RetiredAt is not null);

    protected override void Begin() => Clear();

    protected override async Task AnswerAsync(int status, string body)
    {
        var answer = Read<Answer>(body);
        switch (status)
        {
            case 201 when answer.Id is { } id:
                await FinishAsync(await Own.FindAsync(id, Stopped));
                break;
            case 409 when answer.Warnings is { Count: > 0 } doubts:
                Show(doubts, answer.Total, doubtful: true);
                break;
            case 422 when answer.Errors is { Count: > 0 } faults:
                Show(faults, answer.Total, doubtful: false);
                break;
            default:
                _problem = status == 413 ? "The file is larger than eight megabytes. Split it into several sets." : ProblemOf(status, answer.Detail);
                break;
        }
    }

    private void ChangeWay(bool one)
    {
        _one = one;
        Clear();
    }

    private Task ConfirmAsync() => _one ? SaveOneAsync(confirmed: true) : Js.InvokeVoidAsync("OffGridFlow.upload.send", Stopped, Zone, "confirm").AsTask();

    private Task SaveOneAsync() => _one ? SaveOneAsync(confirmed: false) : Task.CompletedTask;

    private async Task SaveOneAsync(bool confirmed)
    {
        if (Busy) return;
        Clear();
        Busy = true;
        try
        {
            var row = new OwnFactorInput(1)
            {
                Activity = _activity.Trim(), Name = _name.Trim(), Co2e = _figure.Trim(), Unit = _unit.Trim(), Region = _region.Trim(), Supply = _supply, ValidFrom = Day(_from),
                ValidTo = Day(_to),
            };
            switch (await Own.LoadAsync(new OwnFactorSetInput(_title, _publisher, _source, _license, _gwp.Length == 0 ? null : _gwp), [row], confirmed, Stopped))
            {
                case OwnFactorOutcome.Loaded loaded:
                    await FinishAsync(loaded.Set);
                    break;
                case OwnFactorOutcome.Doubtful doubtful:
                    Show(doubtful.Doubts, doubtful.Doubts.Count, doubtful: true);
                    break;
                case OwnFactorOutcome.Refused refused:
                    Show(refused.Faults, refused.Faults.Count, doubtful: false);
                    break;
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _failure = Failures.Report(exception, "Load own factor");
        }

        Busy = false;
    }

    private async Task FinishAsync(OwnFactorSetRow? set)
    {
        (_loaded, _faults) = (set, []);
        (_title, _publisher, _source, _license, _gwp) = ("", "", "", "", "");
        (_activity, _name, _figure, _unit, _region, _supply, _from, _to) = ("", "", "", "", "", "", null, null);
        await OnLoaded.InvokeAsync();
    }

    private void Show(IReadOnlyList<OwnFactorFault> faults, int? total, bool doubtful) => (_faults, _total, _doubtful) = (faults, total ?? faults.Count, doubtful);

    private void Clear() => (_faults, _loaded, _failure, _problem, _doubtful) = ([], null, null, null, false);

    private static string Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "";

    private sealed record Answer
    {
        public Guid? Id { get; init; }
        public string? Detail { get; init; }
        public int? Total { get; init; }
        public IReadOnlyList<OwnFactorFault>? Errors { get; init; }
        public IReadOnlyList<OwnFactorFault>? Warnings { get; init; }
    }
}
