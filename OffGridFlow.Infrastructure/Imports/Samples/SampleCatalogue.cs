namespace OffGridFlow.Infrastructure.Imports.Samples;

internal static partial class SampleCatalogue
{
    /// <summary>Everything that can be on a sample bill. A method, because static fields of a type split over files start in no sure order.</summary>
    public static SampleUsage[] Create() => [.. Compute(), .. Services()];
}
