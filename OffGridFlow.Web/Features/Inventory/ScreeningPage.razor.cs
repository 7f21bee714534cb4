using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Infrastructure.Organizations;
using OffGridFlow.Web.Features.Identity;
using OffGridFlow.Web.Features.Organizations;
using OffGridFlow.Web.Shared;
using Radzen;

namespace OffGridFlow.Web.Features.Inventory;

public sealed partial class ScreeningPage
{
    private IReadOnlyList<ReportingPeriod> _periods = [];
    private IReadOnlyList<CategoryScreening>? _rows;
    private ReportingPeriod? _period;
    private Guid? _loaded;
    private string? _refusal;
    private bool _mayDecide;
    private bool _mayApprove;
    private bool _busy;

    [Inject] private BoundaryDecisions Decisions { get; set; } = default!;
    [Inject] private PeriodService Periods { get; set; } = default!;
    [Inject] private EditDesk Desk { get; set; } = default!;
    [Inject] private NavigationManager Navigation { get; set; } = default!;
    [Inject] private NotificationService Notifications { get; set; } = default!;
    [CascadingParameter] private Task<AuthenticationState>? Authentication { get; set; }

    /// <summary>Which period; the latest, if it is not said.</summary>
    [SupplyParameterFromQuery] public Guid? Period { get; set; }

    protected override string Asked => "Scope 3 categories";

    private IReadOnlyList<CategoryScreening> Waiting => [.. _rows!.Where(row => row.Decision is { ApprovedAt: null })];

    protected override Task OnParametersSetAsync() => _loaded is not null && (Period ?? _loaded) == _loaded ? Task.CompletedTask : ReloadAsync();

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        var actor = Authentication is null ? null : (await Authentication).User.ToActor();
        (_mayDecide, _mayApprove) = (actor?.Allows(Permissions.CalculationsPropose) == true, actor?.Allows(Permissions.CalculationsApprove) == true);
        _periods = [.. (await Periods.ListAsync(cancellationToken)).OrderByDescending(period => period.FirstDay)];
        _period = _periods.FirstOrDefault(period => period.Id == Period) ?? (_periods.Count > 0 ? _periods[0] : null);
        _rows = _period is null ? null : await Decisions.ListAsync(_period.Id, cancellationToken);
        _loaded = _period?.Id;
    }

    private void Choose(ChangeEventArgs change) => Navigation.NavigateTo($"/screening?period={change.Value}");

    private async Task DecideAsync(CategoryScreening row, string name)
    {
        _refusal = null;
        var input = row.Decision is { } decision ? BoundaryDecisionInput.Of(decision) : new BoundaryDecisionInput { Choice = row.Activities > 0 ? BoundaryChoice.Included : BoundaryChoice.NotApplicable };
        await Desk.OpenAsync(
            $"Decide on {name}", "Save the decision",
            builder =>
            {
                builder.OpenComponent<BoundaryFields>(0);
                builder.AddAttribute(1, nameof(BoundaryFields.Input), input);
                builder.AddAttribute(2, nameof(BoundaryFields.Held), row.KgCo2e);
                builder.CloseComponent();
            },
            async cancellationToken => Refusal.Of(await Decisions.DecideAsync(_period!.Id, row.Category, row.Decision?.Version ?? 0, input, cancellationToken)));
        await RefreshAsync();
    }

    private async Task ApproveAsync(IReadOnlyList<CategoryScreening> rows)
    {
        if (_busy) return;
        (_busy, _refusal) = (true, null);
        var approved = 0;
        try
        {
            foreach (var row in rows)
            {
                if (Refusal.Of(await Decisions.ApproveAsync(_period!.Id, row.Category, row.Decision!.Version, Stopped)) is { } refusal) _refusal = refusal.Words;
                else approved++;
            }

            if (approved > 0) Notifications.Tell(this, NotificationSeverity.Success, "Approved", $"{Format.Count(approved)} {(approved == 1 ? "category" : "categories")}");
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _refusal = $"The server could not do it. Reference {Failures.Report(exception, "Approve a category").Reference}.";
        }

        _busy = false;
        await RefreshAsync();
    }

    private async Task RefreshAsync()
    {
        await ReloadAsync(quietly: true);
        StateHasChanged();
    }
}
