using OffGridFlow.Core.Organizations;
using OffGridFlow.Infrastructure.Organizations;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Assurance;

/// <summary>What the services of an auditor's papers share.</summary>
internal static class AssuranceWork
{
    /// <summary>More than any inventory, less than a stored figure holds.</summary>
    private const decimal MostKg = 1_000_000_000_000_000m;

    /// <summary>From here to the end of the transaction nobody else writes papers of the tenant: numbers and versions have no gaps.</summary>
    public static Task LockAsync(TenantUnit unit, CancellationToken cancellationToken) => unit.Connection.ExecuteAsync(
        "select pg_advisory_xact_lock(hashtextextended('offgridflow.assurance ' || $1, 0))", cancellationToken, unit.Actor.TenantId.ToString());

    public static Task<ReportingPeriod?> PeriodAsync(TenantUnit unit, Guid id, CancellationToken cancellationToken) => Editing.FindAsync<ReportingPeriod>(unit, id, cancellationToken);

    public static DateOnly MonthOf(DateOnly day) => new(day.Year, day.Month, 1);

    /// <summary>A mass that can be stored; below zero where that is said.</summary>
    public static void Mass(this Faults faults, string field, decimal? kg, bool negative = false)
    {
        if (kg is not { } value)
        {
            return;
        }

        if (Math.Abs(value) > MostKg || decimal.Round(value, 12) != value)
        {
            faults.Add(field, "Write kg CO2e with at most twelve decimals. This has more, or is larger than can be true.");
        }
        else if (value < 0 && !negative)
        {
            faults.Add(field, "A mass cannot be negative here.");
        }
    }
}
