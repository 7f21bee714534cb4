using Microsoft.AspNetCore.Components;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Infrastructure.Organizations;
using OffGridFlow.Web.Features.Organizations;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Web.Features.Inventory;

/// <summary>What is missing before a lock, the decision, and what was locked.</summary>
public sealed partial class LockPage
{
    private static readonly IReadOnlyList<SwitchChoice<string>> Views = [new("location", "Location-based", "map-pin"), new("market", "Market-based", "file-text")];

    private InventoryLockState? _state;
    private SnapshotDifference? _difference;
    private Guid? _loaded;
    private string _view = "location";
    private string? _reason;
    private string? _missing;
    private IReadOnlyList<string> _problems = [];
    private Failure? _failure;
    private bool _busy;

    [Inject] private InventoryLocks Locks { get; set; } = default!;
    [Inject] private InventorySnapshots Snapshots { get; set; } = default!;

    [Parameter] public Guid Id { get; set; }

    protected override string Asked => "Lock of the inventory of period " + Id.ToString("D");

    protected override Task OnParametersSetAsync() => _loaded == Id ? Task.CompletedTask : ReloadAsync();

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        _state = await Locks.FindAsync(Id, cancellationToken);
        _difference = null;
        _loaded = Id;
        if (_state is not { Snapshots: [var latest, ..] }) return;
        // As reported: the first. As restated: the ledger while it is open, else the latest snapshot.
        int? to = _state.Period.State == ReportingPeriodState.Open ? null : latest.Number;
        if (to != _state.Snapshots[^1].Number && await Snapshots.CompareAsync(Id, _state.Snapshots[^1].Number, to, cancellationToken) is SnapshotComparison.Done done) _difference = done.Difference;
    }

    private string Button(bool locks) => (locks, _state!.AsksForSecondPerson && _state.Asked is null) switch
    {
        (true, true) => "Ask for the lock",
        (true, false) => "Lock the inventory",
        (false, true) => "Ask to reopen",
        _ => "Reopen the inventory",
    };

    private Task DecideAsync(bool locks) => DoAsync(locks ? Locks.LockAsync(Id, _reason, _missing, CancellationToken.None) : Locks.ReopenAsync(Id, _reason, CancellationToken.None));

    private Task WithdrawAsync() => DoAsync(Locks.WithdrawAsync(Id, _reason, CancellationToken.None));

    /// <summary>Leaving the page does not take a decision back.</summary>
    private async Task DoAsync(Task<Edit<InventoryLockState>> decision)
    {
        if (_busy) return;
        (_busy, _problems, _failure) = (true, [], null);
        try
        {
            var refusal = Refusal.Of(await decision);
            _problems = refusal is null ? [] : refusal.Words is { } words ? [words] : [.. refusal.Faults.Select(fault => fault.Message)];
            if (refusal is null) (_reason, _missing) = (null, null);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _failure = Failures.Report(exception, "Lock or reopen an inventory");
        }

        _busy = false;
        await ReloadAsync(quietly: true);
    }
}
