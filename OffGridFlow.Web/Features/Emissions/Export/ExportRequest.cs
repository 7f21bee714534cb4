using OffGridFlow.Infrastructure.Inventory;

namespace OffGridFlow.Web.Features.Emissions.Export;

/// <summary>What is exported, for whom.</summary>
/// <param name="GroupBy">Groups of the summary, outermost first; none: no groups.</param>
/// <param name="Site">Where the pages are reached: trail links lead there. Null leaves the links out.</param>
internal sealed record ExportRequest(
    EmissionsFilter Filter, IReadOnlyList<EmissionsDimension> GroupBy, Uri? Site, string ExportedBy, DateTimeOffset ExportedAt);
