using System.Text.Json;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Infrastructure.ActivityData;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;
using static OffGridFlow.Infrastructure.Assurance.EvidenceZip;

namespace OffGridFlow.Infrastructure.Assurance;

/// <summary>
/// What the evidence of a snapshot needs and the ledger does not keep by its number: rows of the three tables, as they were when it was locked
/// (<c>docs/methods/evidence.md</c>). Kept beside the snapshot; results and entries are read from the ledger at its number.
/// </summary>
internal sealed record SnapshotPapers(IReadOnlyList<string?[]> Boundary, IReadOnlyList<string?[]> Decisions, IReadOnlyList<string?[]> Collection)
{
    public string ToJson() => JsonSerializer.Serialize(this, JsonSerializerOptions.Web);

    /// <summary>Null where none are kept.</summary>
    public static async Task<SnapshotPapers?> FindAsync(TenantUnit unit, Guid snapshotId, CancellationToken cancellationToken) =>
        await unit.Connection.ScalarAsync<string>("select papers::text from inventory_snapshots where id = $1", cancellationToken, snapshotId) is { } json
            ? JsonSerializer.Deserialize<SnapshotPapers>(json, JsonSerializerOptions.Web) : null;

    /// <summary>As everything is now.</summary>
    public static async Task<SnapshotPapers> ReadAsync(TenantUnit unit, ReportingPeriod period, CompletenessService completeness, CancellationToken cancellationToken)
    {
        var months = new FrozenPeriod(period.Name, IsFiled: false, period.FirstDay, period.LastDay);
        var boundary = await InventoryBoundary.ReadAsync(unit, months.First, months.Last, period.Approach, cancellationToken);
        var plan = await completeness.TableAsync(period.FirstDay, period.LastDay, cancellationToken);
        return new SnapshotPapers(BoundaryOf(boundary), await DecisionsAsync(unit, period.Id, cancellationToken), CollectionOf(plan));
    }

    /// <summary>Whose each site and account is and how it counts: <c>months</c> by the roll-up, <c>days</c> by the days of each result.</summary>
    private static List<string?[]> BoundaryOf(InventoryBoundary boundary) =>
    [
        .. boundary.Months.Select(row => ("months", row)).Concat(boundary.Parts.Select(row => ("days", row))).Select(some =>
        {
            var (of, row) = some;
            return new[]
            {
                of, row.Provider, row.Account, row.Treatment.OrganizationId?.ToString(),
                row.Treatment.OrganizationId is { } id ? boundary.Organizations.GetValueOrDefault(id) : null, Day(row.From), Day(row.To), Number(row.Treatment.Share),
                row.Treatment.LeasedCategory is { } leased ? Count(leased) : null, Number(row.Treatment.Invested),
            };
        }),
    ];

    private static async Task<List<string?[]>> DecisionsAsync(TenantUnit unit, Guid periodId, CancellationToken cancellationToken) => await unit.Connection.ListAsync(
        """
        select category, version, choice, reason, estimated_tonnes, review_on, author, at, approved_by, approved_at from boundary_decisions where period_id = $1
        order by category, version
        """,
        row => new[]
        {
            Count(row.GetInt32(0)), Count(row.GetInt32(1)), Camel(row.GetString(2)), row.OptionalText(3), Number(row.Optional<decimal>(4)), Day(row.Optional<DateOnly>(5)), row.GetString(6),
            Instant(row.GetFieldValue<DateTimeOffset>(7)), row.OptionalText(8), row.Optional<DateTimeOffset>(9) is { } at ? Instant(at) : null,
        },
        cancellationToken, periodId);

    private static List<string?[]> CollectionOf(CompletenessTable plan) =>
    [
        .. plan.Rows.SelectMany(row => row.Cells.Select(cell => new[]
        {
            row.Site, row.TypeName, Month(cell.Month.Month), Camel(cell.Month.State.ToString()), Count(cell.Month.Expected),
            Number(cell.MissingKgCo2e is { } kg ? Core.Quantities.Exact.Round(kg) : null),
        })),
    ];

    private static string Camel(string name) => JsonNamingPolicy.CamelCase.ConvertName(name);
}
