using Microsoft.EntityFrameworkCore;
using OffGridFlow.Core.Assurance;
using OffGridFlow.Infrastructure.Persistence;

namespace OffGridFlow.Infrastructure.Assurance;

public sealed record FindingRow(Finding Finding, FindingVersion Latest)
{
    /// <summary>As people name it.</summary>
    public string Name => FormattableString.Invariant($"F-{Finding.Number}");
}

/// <param name="Versions">The latest first, never empty.</param>
internal sealed record FindingDetail(Finding Finding, string Period, IReadOnlyList<FindingVersion> Versions)
{
    public FindingVersion Latest => Versions[0];

    public string Name => FormattableString.Invariant($"F-{Finding.Number}");
}

/// <summary>Reads findings. Asks nobody: who calls it has asked.</summary>
internal static class FindingReading
{
    /// <summary>By number, each as it stands.</summary>
    public static async Task<List<FindingRow>> ListAsync(TenantUnit unit, Guid periodId, CancellationToken cancellationToken)
    {
        var findings = unit.Context.AssuranceFindings.Where(finding => finding.PeriodId == periodId);
        var versions = unit.Context.AssuranceFindingVersions;
        return await findings.OrderBy(finding => finding.Number)
            .Select(finding => new FindingRow(finding, versions.Where(version => version.FindingId == finding.Id).OrderByDescending(version => version.Version).First()))
            .ToListAsync(cancellationToken);
    }

    public static async Task<FindingDetail?> FindAsync(TenantUnit unit, Guid id, CancellationToken cancellationToken)
    {
        if (await unit.Context.AssuranceFindings.SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } finding)
        {
            return null;
        }

        var period = await unit.Context.ReportingPeriods.Where(row => row.Id == finding.PeriodId).Select(row => row.Name).SingleAsync(cancellationToken);
        return new FindingDetail(
            finding, period, await unit.Context.AssuranceFindingVersions.Where(version => version.FindingId == id).OrderByDescending(version => version.Version).ToListAsync(cancellationToken));
    }
}
