using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using OffGridFlow.Core.Assurance;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Assurance;
using OffGridFlow.Infrastructure.Organizations;
using OffGridFlow.Web.Features.Identity;
using OffGridFlow.Web.Features.Organizations;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Web.Features.Assurance;

/// <summary>One sample: its items, what was found of each, and what that says of the population.</summary>
public sealed partial class SamplePage
{
    private const int Page = 100;

    private SampleDetail? _detail;
    private SampleRedraw? _redraw;
    private string? _problem;
    private int _shown = Page;
    private bool _mayWrite;
    private bool _mayTrail;
    private bool _busy;

    [Inject] private AuditSamples Samples { get; set; } = default!;
    [Inject] private AuditFindings Findings { get; set; } = default!;
    [Inject] private EditDesk Desk { get; set; } = default!;
    [Inject] private NavigationManager Navigation { get; set; } = default!;
    [CascadingParameter] private Task<AuthenticationState>? Authentication { get; set; }

    [Parameter] public Guid Id { get; set; }

    /// <summary>The result whose trail is open.</summary>
    [SupplyParameterFromQuery] public Guid? Trail { get; set; }

    protected override string Asked => "Sample " + Id.ToString("D");

    private MassUnit Unit => Format.GridMassUnitFor(_detail!.Items.Max(row => Math.Abs(row.Item.Kg)));

    private string ItemsTitle => $"{Format.Count(_detail!.Items.Count)} {(_detail.Items.Count == 1 ? "item" : "items")}, in the order of the population";

    private string ResultTitle => _detail!.Projection.ProjectedKg is null ? "Not finished" : "What the items say of the population";

    protected override Task OnParametersSetAsync() => _detail?.Sample.Id == Id ? Task.CompletedTask : ReloadAsync();

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        var actor = Authentication is null ? null : (await Authentication).User.ToActor();
        (_mayWrite, _mayTrail) = (actor?.Allows(Permissions.AssuranceWrite) == true, actor?.Allows(Permissions.TrailsRead) == true);
        _detail = await Samples.FindAsync(Id, cancellationToken);
    }

    private Task AgreeAsync(SampleItemRow row) => TryAsync(
        async cancellationToken => Refusal.Of(await Samples.CheckAsync(Id, row.Item.Number, row.Check?.Version ?? 0, new ItemCheckInput { Outcome = CheckOutcome.Agreed }, cancellationToken)));

    private async Task CheckAsync(SampleItemRow row)
    {
        var input = row.Check is { } check ? ItemCheckInput.Of(check) : new ItemCheckInput { Outcome = CheckOutcome.Difference };
        await Desk.OpenAsync(
            FormattableString.Invariant($"Item {row.Item.Number}"), "Save what was found",
            builder =>
            {
                builder.OpenComponent<ItemCheckFields>(0);
                builder.AddAttribute(1, nameof(ItemCheckFields.Input), input);
                builder.AddAttribute(2, nameof(ItemCheckFields.Kg), row.Item.Kg);
                builder.CloseComponent();
            },
            async cancellationToken => Refusal.Of(await Samples.CheckAsync(Id, row.Item.Number, row.Check?.Version ?? 0, input, cancellationToken)));
        await RefreshAsync();
    }

    /// <summary>With the result, the difference and its note: the form asks for the rest.</summary>
    private async Task RecordAsync(SampleItemRow row)
    {
        var input = new FindingInput
        {
            Kind = FindingKind.FactualMisstatement, Observation = row.Check!.Note, EffectKg = row.ToChecked().FoundKg, Scope = row.Scope, View = row.View, ResultId = row.Item.ResultId,
            EntryId = row.EntryId,
        };
        Guid? recorded = null;
        await Desk.OpenAsync(
            FormattableString.Invariant($"Record a finding about item {row.Item.Number}"), "Record the finding",
            builder =>
            {
                builder.OpenComponent<FindingFields>(0);
                builder.AddAttribute(1, nameof(FindingFields.Input), input);
                builder.CloseComponent();
            },
            async cancellationToken =>
            {
                var edit = await Findings.RecordAsync(_detail!.Sample.PeriodId, input, cancellationToken);
                recorded = (edit as Edit<FindingVersion>.Done)?.Item.FindingId;
                return Refusal.Of(edit);
            });
        if (recorded is { } id) Navigation.NavigateTo("/assurance/findings/" + id.ToString("D"));
    }

    private async Task SetAsideAsync()
    {
        var input = new SaidInput();
        await Desk.OpenAsync(
            FormattableString.Invariant($"Set sample S-{_detail!.Sample.Number} aside"), "Set it aside",
            builder =>
            {
                builder.OpenComponent<SaidFields>(0);
                builder.AddAttribute(1, nameof(SaidFields.Input), input);
                builder.AddAttribute(2, nameof(SaidFields.Name), "reason");
                builder.AddAttribute(3, nameof(SaidFields.Label), "Reason");
                builder.AddAttribute(4, nameof(SaidFields.Hint), "It stays to be seen with what was found, and counts no more. This cannot be taken back.");
                builder.CloseComponent();
            },
            async cancellationToken => Refusal.Of(await Samples.SetAsideAsync(Id, input.Text, cancellationToken)));
        await RefreshAsync();
    }

    private Task RedrawAsync() => TryAsync(async cancellationToken =>
    {
        _redraw = await Samples.RedrawAsync(Id, cancellationToken);
        return null;
    });

    private async Task TryAsync(Func<CancellationToken, Task<Refusal?>> work)
    {
        if (_busy) return;
        (_busy, _problem) = (true, null);
        try
        {
            if (await work(Stopped) is { } refusal) _problem = refusal.Words ?? string.Join(' ', refusal.Faults.Select(fault => fault.Message));
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _problem = $"The server could not do it. Reference {Failures.Report(exception, Asked).Reference}.";
        }

        _busy = false;
        await RefreshAsync();
    }

    private async Task RefreshAsync()
    {
        await ReloadAsync(quietly: true);
        StateHasChanged();
    }

    private void OpenTrail(Guid result) => Navigation.NavigateTo(FormattableString.Invariant($"/assurance/samples/{Id:D}?trail={result:D}"));

    private void CloseTrail() => Navigation.NavigateTo(FormattableString.Invariant($"/assurance/samples/{Id:D}"));

    private void Step(int by)
    {
        if (Neighbor(by) is { } result) OpenTrail(result);
    }

    private Guid? Neighbor(int by)
    {
        var items = _detail!.Items;
        var at = items.TakeWhile(row => row.Item.ResultId != Trail).Count() + by;
        return at >= 0 && at < items.Count ? items[at].Item.ResultId : null;
    }

    /// <summary>With its unit; a difference with its sign.</summary>
    private static string Kg(decimal kg, bool sign = true)
    {
        var unit = Format.MassUnitFor(kg);
        return sign ? Format.Change(Format.In(kg, unit), 2) + Format.NoBreakSpace + Format.Name(unit) : Format.MassWithUnit(kg, unit, 2);
    }

    private string Since(PopulationChange since) => since is { Ended: 0, Begun: 0 }
        ? "Nothing of its population has moved since."
        : $"Since then, up to ledger {since.Sequence.ToString(CultureInfo.InvariantCulture)}, {Format.Count(since.Ended)} of its {Format.Count(_detail!.Sample.PopulationCount)} results ended ({Kg(since.EndedKg, sign: false)}) and {Format.Count(since.Begun)} began ({Kg(since.BegunKg, sign: false)}).";
}
