using System.Globalization;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Infrastructure.EmissionFactors;

namespace OffGridFlow.Web.Features.EmissionFactors;

/// <summary>The search of factors as it stands in an address of the API.</summary>
/// <param name="Query">Words, or beginnings of words.</param>
/// <param name="Set">Id of a set, or <c>own</c>.</param>
/// <param name="Activity">One activity, or all that begin so where it ends with a slash.</param>
/// <param name="Part">E.g. <c>direct</c>, <c>upstream</c>, <c>lifeCycle</c>.</param>
/// <param name="Limit">1 to 500; 50 unless given.</param>
public sealed record FactorQuery(
    string? Query, string? Set, string? Region, string? Year, string? Activity, string? Category, string? Unit, string? Gas, string? Part, string? Cursor, string? Limit)
{
    internal static readonly string[] Names = ["query", "set", "region", "year", "activity", "category", "unit", "gas", "part", "cursor", "limit"];

    private const int UsualLimit = 50;

    /// <summary>What is wrong with the query, or null and its filter.</summary>
    internal string? ToFilter(out FactorFilter filter, out int limit)
    {
        (filter, limit) = (FactorFilter.All, UsualLimit);
        if (new[] { Query, Set, Region, Activity, Category, Unit, Gas }.Any(text => text?.Contains('\0', StringComparison.Ordinal) == true))
        {
            return "A text of the query holds the character NUL. Take it out.";
        }

        if (Query?.Length > FactorsAddress.LongestText)
        {
            return FormattableString.Invariant($"query has more than {FactorsAddress.LongestText} characters. Use fewer words.");
        }

        int? year = null;
        if (!string.IsNullOrEmpty(Year))
        {
            if (!int.TryParse(Year, NumberStyles.None, CultureInfo.InvariantCulture, out var given) || given is < 1900 or > 2200)
            {
                return $"year “{Year}” is no year. Write it with four digits.";
            }

            year = given;
        }

        if (!string.IsNullOrEmpty(Limit) && (!int.TryParse(Limit, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > FactorQueries.MostRows))
        {
            return FormattableString.Invariant($"limit “{Limit}” is not a whole number from 1 to {FactorQueries.MostRows}.");
        }

        FactorPart? part = null;
        if (!string.IsNullOrEmpty(Part))
        {
            if (FactorsAddress.PartOf(Part) is not { } known)
            {
                return $"part “{Part}” is not known. Use one of: {string.Join(", ", Enum.GetNames<FactorPart>())}.";
            }

            part = known;
        }

        filter = new FactorFilter(Some(Query), Some(Set), Some(Region), year, Some(Activity), Some(Category), Some(Unit), Some(Gas), part);
        return null;
    }

    private static string? Some(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
