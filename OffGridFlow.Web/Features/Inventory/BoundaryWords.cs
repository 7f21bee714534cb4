using OffGridFlow.Core.Inventory;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Web.Features.Inventory;

/// <summary>Decisions on categories in words.</summary>
internal static class BoundaryWords
{
    public static string Choice(BoundaryChoice choice) => choice switch
    {
        BoundaryChoice.Included => "Included",
        BoundaryChoice.Excluded => "Excluded",
        _ => "Not applicable",
    };

    public static (string Tone, string Icon) Look(BoundaryChoice choice) => choice switch
    {
        BoundaryChoice.Included => ("good", "circle-check"),
        BoundaryChoice.Excluded => ("warning", "circle-minus"),
        _ => ("quiet", "circle-slash"),
    };

    /// <summary>The sentence over the page.</summary>
    public static string Finding(IReadOnlyList<CategoryScreening> rows)
    {
        var open = rows.Count(row => row.Decision is null);
        var waiting = rows.Count(row => row.Decision is { ApprovedAt: null });
        return (open, waiting) switch
        {
            (0, 0) => "All 15 categories are decided and approved",
            (0, _) => $"All 15 categories are decided, {Format.Count(waiting)} {(waiting == 1 ? "waits" : "wait")} for approval",
            _ => $"{Format.Count(open)} of 15 categories {(open == 1 ? "is" : "are")} not decided",
        };
    }
}
