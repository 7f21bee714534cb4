using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Quantities;

namespace OffGridFlow.Core.Targets;

/// <summary>A group of scopes against the threshold, in one view of Scope 2.</summary>
/// <param name="Name">E.g. <c>All scopes</c>, <c>Scopes 1 and 2</c>.</param>
/// <param name="View">Null where Scope 2 is not in it.</param>
/// <param name="EffectKg">Cumulative since the figures were last set, of the kinds that count.</param>
/// <param name="LargestKg">The largest single change in it.</param>
/// <param name="Share">Of the base year's emissions in the group, 0 to 1, with its sign; null where those are zero and the effect is not.</param>
public sealed record SignificanceGroup(string Name, Scope2Method? View, decimal BaseKg, decimal EffectKg, decimal LargestKg, decimal? Share, bool IsSignificant);

/// <summary>Changes of the base year since its figures were last set, and whether they are significant (docs/methods/base-year.md).</summary>
public sealed record BaseYearSignificance(ScopeKilograms Base, ScopeKilograms Cumulative, IReadOnlyList<SignificanceGroup> Groups)
{
    /// <summary>True where a group reaches the threshold, by one change or by all together, in either view of Scope 2.</summary>
    public bool IsSignificant => Groups.Any(group => group.IsSignificant);

    /// <summary>The largest share of any group, without its sign; null where a group has nothing to compare with.</summary>
    public decimal? LargestShare => Groups.Any(group => group.Share is null) ? null : Groups.Max(group => Math.Abs(group.Share!.Value));

    public static BaseYearSignificance Of(BaseYearPolicy policy, ScopeKilograms baseYear, IReadOnlyCollection<BaseYearChange> changes)
    {
        var counted = changes.Where(change => policy.Counts(change.Kind)).Select(change => change.Kg).ToList();
        var groups = GroupsOf(policy.Grouping).Select(group =>
        {
            var (whole, effect) = (group.Of(baseYear), counted.Sum(group.Of));
            var largest = counted.Select(group.Of).OrderByDescending(Math.Abs).FirstOrDefault();
            var moved = Math.Max(Math.Abs(effect), Math.Abs(largest));
            decimal? share = whole != 0 ? Exact.Ratio(effect, 1m, Math.Abs(whole)) : effect == 0 ? 0m : null;
            // The threshold itself is significant. Against a base of zero, anything is.
            var significant = moved != 0 && moved >= Exact.Product(Math.Abs(whole), policy.Threshold);
            return new SignificanceGroup(group.Name, group.View, whole, effect, largest, share, significant);
        });
        return new BaseYearSignificance(baseYear, changes.Aggregate(ScopeKilograms.Zero, (sum, change) => sum.Plus(change.Kg)), [.. groups]);
    }

    private static IEnumerable<(string Name, Scope2Method? View, Func<ScopeKilograms, decimal> Of)> GroupsOf(SignificanceGrouping grouping)
    {
        Scope2Method[] views = [Scope2Method.Location, Scope2Method.Market];
        switch (grouping)
        {
            case SignificanceGrouping.Total:
                foreach (var view in views)
                {
                    yield return ("All scopes", view, kg => kg.Total(view));
                }

                break;
            case SignificanceGrouping.Scope3Apart:
                foreach (var view in views)
                {
                    yield return ("Scopes 1 and 2", view, kg => kg.Scope1 + kg.Scope2(view));
                }

                yield return ("Scope 3", null, kg => kg.Scope3);
                break;
            default:
                yield return ("Scope 1", null, kg => kg.Scope1);
                foreach (var view in views)
                {
                    yield return ("Scope 2", view, kg => kg.Scope2(view));
                }

                yield return ("Scope 3", null, kg => kg.Scope3);
                break;
        }
    }
}
