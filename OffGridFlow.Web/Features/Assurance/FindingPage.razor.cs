using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using OffGridFlow.Core.Assurance;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Assurance;
using OffGridFlow.Web.Features.Identity;
using OffGridFlow.Web.Features.Organizations;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Web.Features.Assurance;

/// <summary>One finding: what it says, what the organization answers, how it ends.</summary>
public sealed partial class FindingPage
{
    private FindingDetail? _detail;
    private bool _mayWrite;
    private bool _mayAnswer;

    [Inject] private AuditFindings Findings { get; set; } = default!;
    [Inject] private EditDesk Desk { get; set; } = default!;
    [CascadingParameter] private Task<AuthenticationState>? Authentication { get; set; }

    [Parameter] public Guid Id { get; set; }

    protected override string Asked => "Finding " + Id.ToString("D");

    private bool IsOpen => _detail!.Latest.Status is FindingStatus.Open or FindingStatus.Answered;

    private string EffectTitle
    {
        get
        {
            if (_detail!.Latest.EffectKg is not { } kg) return "Not quantified";
            var unit = Format.MassUnitFor(kg);
            return $"{Format.MassWithUnit(Math.Abs(kg), unit, 2)} {(kg < 0 ? "too little" : "too much")} in the ledger";
        }
    }

    protected override Task OnParametersSetAsync() => _detail?.Finding.Id == Id ? Task.CompletedTask : ReloadAsync();

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        var actor = Authentication is null ? null : (await Authentication).User.ToActor();
        (_mayWrite, _mayAnswer) = (actor?.Allows(Permissions.AssuranceWrite) == true, actor?.Allows(Permissions.ActivityDataWrite) == true);
        _detail = await Findings.FindAsync(Id, cancellationToken);
    }

    private async Task ChangeAsync()
    {
        var (version, input) = (_detail!.Latest.Version, FindingInput.Of(_detail.Latest));
        await Desk.OpenAsync(
            "Change " + _detail.Name, "Save changes",
            builder =>
            {
                builder.OpenComponent<FindingFields>(0);
                builder.AddAttribute(1, nameof(FindingFields.Input), input);
                builder.CloseComponent();
            },
            async cancellationToken => Refusal.Of(await Findings.ChangeAsync(Id, version, input, cancellationToken)));
        await RefreshAsync();
    }

    private Task AnswerAsync()
    {
        var version = _detail!.Latest.Version;
        return SayAsync(
            "Answer " + _detail.Name, "Send the answer", "answer", "Answer", "What the organization thinks of it, and what it will do until when", _detail.Latest.Answer,
            (text, cancellationToken) => Findings.AnswerAsync(Id, version, text, cancellationToken));
    }

    private Task CommentAsync() => SayAsync(
        "Comment on " + _detail!.Name, "Write the comment", "text", "Comment", null, null, (text, cancellationToken) => Findings.CommentAsync(Id, text, cancellationToken));

    private async Task CloseAsync()
    {
        var (version, opens) = (_detail!.Latest.Version, !IsOpen);
        var input = new FindingClosing { Status = opens ? FindingStatus.Open : FindingStatus.Corrected };
        await Desk.OpenAsync(
            (opens ? "Open again " : "Close ") + _detail.Name, opens ? "Open it again" : "Close the finding",
            builder =>
            {
                builder.OpenComponent<ClosingFields>(0);
                builder.AddAttribute(1, nameof(ClosingFields.Input), input);
                builder.CloseComponent();
            },
            async cancellationToken => Refusal.Of(await Findings.CloseAsync(Id, version, input, cancellationToken)));
        await RefreshAsync();
    }

    private async Task SayAsync(
        string title, string submit, string name, string label, string? hint, string? text, Func<string?, CancellationToken, Task<Infrastructure.Organizations.Edit<FindingVersion>>> save)
    {
        var input = new SaidInput { Text = text };
        await Desk.OpenAsync(
            title, submit,
            builder =>
            {
                builder.OpenComponent<SaidFields>(0);
                builder.AddAttribute(1, nameof(SaidFields.Input), input);
                builder.AddAttribute(2, nameof(SaidFields.Name), name);
                builder.AddAttribute(3, nameof(SaidFields.Label), label);
                builder.AddAttribute(4, nameof(SaidFields.Hint), hint);
                builder.CloseComponent();
            },
            async cancellationToken => Refusal.Of(await save(input.Text, cancellationToken)));
        await RefreshAsync();
    }

    private async Task RefreshAsync()
    {
        await ReloadAsync(quietly: true);
        StateHasChanged();
    }

    /// <summary>What was said with a step.</summary>
    private static string? Words(FindingVersion version) => version.Step switch
    {
        FindingStep.Answered => version.Answer,
        FindingStep.Closed when version.CorrectedBy is { } by => version.Note is null ? "By " + by : $"By {by}. {version.Note}",
        _ => version.Note,
    };

    private static string? CorrectionLink(string reference) => reference.Split('/') switch
    {
        ["entry", var id, ..] when Guid.TryParse(id, out _) => "/activities?entry=" + id,
        ["run", var id] when Guid.TryParse(id, out _) => "/runs/" + id,
        _ => null,
    };
}
