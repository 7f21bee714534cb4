using Microsoft.AspNetCore.Components;
using OffGridFlow.Infrastructure.Calculation;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Web.Features.Calculation;

/// <summary>Loads a table of rates or indices, and shows line by line what has to be mended.</summary>
public sealed partial class MoneyUpload
{
    private IReadOnlyList<MoneyFault> _faults = [];
    private string? _problem;
    private string? _loaded;
    private string _replace = "false";

    [Parameter, EditorRequired] public MoneyPart Part { get; set; }
    [Parameter] public bool MayLoad { get; set; }

    /// <summary>Whether a figure that is there may become another.</summary>
    [Parameter] public bool MayReplace { get; set; }
    [Parameter] public EventCallback OnLoaded { get; set; }

    private string Action => Part == MoneyPart.Rates ? "/app/exchange-rates" : "/app/price-indices";

    private string Head => (Part == MoneyPart.Rates ? MoneyRows.RateHead : MoneyRows.IndexHead).Replace(",", ", ", StringComparison.Ordinal);

    protected override bool IsOpen => MayLoad;

    protected override void Begin() => (_faults, _problem, _loaded) = ([], null, null);

    protected override async Task AnswerAsync(int status, string body)
    {
        var answer = Read<Answer>(body);
        if (status == 200)
        {
            _loaded = $"{Format.Count(answer.Added)} added, {Format.Count(answer.Changed)} changed, {Format.Count(answer.Unchanged)} as before. {Format.Count(answer.Calculated)} entries of spending were calculated anew.";
            await OnLoaded.InvokeAsync();
            return;
        }

        _faults = answer.Faults ?? [];
        _problem = _faults.Count == 0 ? ProblemOf(status, answer.Detail)
            : $"{Format.Count(_faults.Count)} {(_faults.Count == 1 ? "line has" : "lines have")} to be mended. Change the table, then choose it again.";
    }

    private sealed record Answer
    {
        public int Added { get; init; }
        public int Changed { get; init; }
        public int Unchanged { get; init; }
        public int Calculated { get; init; }
        public string? Detail { get; init; }
        public IReadOnlyList<MoneyFault>? Faults { get; init; }
    }
}
