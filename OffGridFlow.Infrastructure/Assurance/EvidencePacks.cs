using System.Data;
using System.IO.Pipelines;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Infrastructure.ActivityData;
using OffGridFlow.Infrastructure.Calculation;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Infrastructure.Organizations;
using OffGridFlow.Infrastructure.Persistence;

namespace OffGridFlow.Infrastructure.Assurance;

/// <summary>Gives out what an outsider needs to recompute the results of entered activities and all totals (<c>docs/methods/evidence.md</c>).</summary>
internal sealed class EvidencePacks(TenantDatabase database, CurrentUser user, CalculationReference reference, CompletenessService completeness, TimeProvider time)
{
    /// <summary>Writes down, before anything leaves, who takes which months.</summary>
    public async Task RecordAsync(DateOnly? from, DateOnly? to, CancellationToken cancellationToken)
    {
        user.Require(Permissions.AuditRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        unit.Audit("evidence.exported", "evidence", new { from, to });
        await unit.CommitAsync(cancellationToken);
    }

    /// <summary>Everything of one state of the ledger, as a ZIP. Memory does not grow with the results.</summary>
    /// <param name="from">A day in the first month; null: from the first month there is.</param>
    /// <param name="to">A day in the last month.</param>
    public async Task WriteAsync(DateOnly? from, DateOnly? to, PipeWriter output, CancellationToken cancellationToken)
    {
        user.Require(Permissions.AuditRead);
        await using var unit = await database.OpenAsync(IsolationLevel.RepeatableRead, cancellationToken);
        await new EvidencePack(unit, DerivedUnit.Of(reference.Units.Find("kWh")), time.GetUtcNow()).WriteAsync(from, to, null, output, cancellationToken);
    }

    /// <summary>Looks whether the evidence of a locked inventory can be given out, and writes down who takes it.</summary>
    public async Task<InventoryEvidenceStart> BeginInventoryAsync(Guid periodId, int number, CancellationToken cancellationToken)
    {
        user.Require(Permissions.AuditRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        if (await Editing.FindAsync<ReportingPeriod>(unit, periodId, cancellationToken) is not { } period
            || await InventorySnapshots.FindAsync(unit, periodId, number, cancellationToken) is not { } snapshot)
        {
            return new InventoryEvidenceStart.Missing();
        }

        if (!snapshot.KeepsPapers && (period.State == ReportingPeriodState.Open || number != (await InventorySnapshots.ListAsync(unit, periodId, cancellationToken))[0].Number))
        {
            return new InventoryEvidenceStart.Refused(FormattableString.Invariant(
                $"Snapshot {number} was locked before shares and decisions were kept with it, and they may be others now. Take the evidence of a later snapshot, or lock {period.Name} again; the document of snapshot {number} stays at GET /api/v1/reporting-periods/{periodId}/snapshots/{number}."));
        }

        unit.Audit("evidence.exported", "evidence", new { from = period.FirstDay, to = period.LastDay, period = period.Name, snapshot = number });
        await unit.CommitAsync(cancellationToken);
        return new InventoryEvidenceStart.Ready(period.Name);
    }

    /// <summary>The evidence of the months of a period as they were at a snapshot, with its document and what is needed to hold the two together.</summary>
    public async Task WriteInventoryAsync(Guid periodId, int number, PipeWriter output, CancellationToken cancellationToken)
    {
        user.Require(Permissions.AuditRead);
        await using var unit = await database.OpenAsync(IsolationLevel.RepeatableRead, cancellationToken);
        var period = (await Editing.FindAsync<ReportingPeriod>(unit, periodId, cancellationToken))!;
        var snapshot = (await InventorySnapshots.FindAsync(unit, periodId, number, cancellationToken))!;
        var more = new InventoryEvidence(unit, period, snapshot, completeness);
        await new EvidencePack(unit, DerivedUnit.Of(reference.Units.Find("kWh")), time.GetUtcNow(), snapshot).WriteAsync(more.FirstMonth, more.LastDay, more, output, cancellationToken);
    }
}

/// <summary>Whether the evidence of an inventory can be given out.</summary>
internal abstract record InventoryEvidenceStart
{
    public sealed record Ready(string Period) : InventoryEvidenceStart;

    /// <param name="Reason">Why not, and what can be done instead.</param>
    public sealed record Refused(string Reason) : InventoryEvidenceStart;

    public sealed record Missing : InventoryEvidenceStart;
}
