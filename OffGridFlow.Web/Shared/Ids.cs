using System.Globalization;

namespace OffGridFlow.Web.Shared;

/// <summary>Element ids that are unique in a page, for labels and descriptions.</summary>
internal static class Ids
{
    private static long _last;

    public static string Next(string prefix) =>
        prefix + "-" + Interlocked.Increment(ref _last).ToString(CultureInfo.InvariantCulture);
}
