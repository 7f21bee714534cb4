using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.ActivityData;
using OffGridFlow.Web.Features.Identity;
using OffGridFlow.Web.Shared;
using Radzen;

namespace OffGridFlow.Web.Features.ActivityData;

public sealed partial class ExceptionsPage
{
    private const int RowsOfEach = 50;

    private IReadOnlyList<EntryExceptionGroup>? _groups;
    private string? _refusal;
    private bool _mayWrite;
    private bool _busy;

    [Inject] private IActivityEntries Entries { get; set; } = default!;
    [Inject] private IActivityEntryQueries Queries { get; set; } = default!;
    [Inject] private NotificationService Notifications { get; set; } = default!;
    [CascadingParameter] private Task<AuthenticationState>? Authentication { get; set; }

    protected override string Asked => "Exceptions";

    protected override Task OnInitializedAsync() => ReloadAsync();

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        _mayWrite = Authentication is not null && (await Authentication).User.ToActor()?.Allows(Permissions.ActivityDataWrite) == true;
        _groups = await Queries.ListExceptionsAsync(RowsOfEach, cancellationToken);
    }

    /// <summary>What was mended elsewhere, by a factor or a fixed edition, is calculated when somebody says so.</summary>
    private async Task CalculateAgainAsync()
    {
        (_busy, _refusal) = (true, null);
        try
        {
            var (calculated, left) = await Entries.CalculateAgainAsync(Stopped);
            Notifications.Tell(
                this, calculated > 0 ? NotificationSeverity.Success : NotificationSeverity.Info, calculated > 0 ? "Calculated" : "Nothing new came out",
                $"{ActivityWords.Entries(calculated)} {(calculated == 1 ? "has" : "have")} a result now, {Format.Count(left)} still {(left == 1 ? "has" : "have")} none");
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _refusal = $"The server could not do it. Reference {Failures.Report(exception, "Calculate exceptions again").Reference}.";
        }

        _busy = false;
        await ReloadAsync(quietly: true);
    }

    /// <summary>All shown rows of the reason, together: the same mistake is mostly made many times.</summary>
    private async Task MendAsync(EntryExceptionGroup group, EntryPatch patch)
    {
        (_busy, _refusal) = (true, null);
        try
        {
            var outcome = await Entries.ChangeManyAsync(
                [.. group.Rows.Select(row => new EntryRef(row.Entry.Id, row.Entry.Version))], patch, ["overlapping-period", "duplicate-invoice"],
                "Mended: " + ActivityWords.Exception(group.Code), Stopped);
            if (outcome.Committed) Notifications.Tell(this, NotificationSeverity.Success, "Changed", ActivityWords.Entries(outcome.Rows.Count));
            else _refusal = outcome.Rows.SelectMany(row => row.Problems).Select(problem => problem.Message).FirstOrDefault() ?? "Somebody changed an entry meanwhile. Look at it again.";
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _refusal = $"The server could not do it. Reference {Failures.Report(exception, "Mend exceptions").Reference}.";
        }

        _busy = false;
        await ReloadAsync(quietly: true);
    }
}
