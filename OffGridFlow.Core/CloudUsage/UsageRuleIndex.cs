using System.Buffers;
using System.Collections.Frozen;

namespace OffGridFlow.Core.CloudUsage;

/// <summary>
/// Finds the first rule of an ordered table that fits. The table is cut once into one list per service and group; in each list
/// suffixes are found by their last character and inner texts by one search for all of them, so that the
/// cost of a look-up hardly grows with the number of rules.
/// </summary>
internal sealed class UsageRuleIndex<TRule> where TRule : class, IUsageRule
{
    private readonly FrozenDictionary<string, FrozenDictionary<string, Bucket>> byService;
    private readonly FrozenDictionary<string, Bucket> otherServices;

    public UsageRuleIndex(IReadOnlyList<TRule> rules)
    {
        Rules = rules;
        var groups = rules.SelectMany(r => r.Groups).Distinct(StringComparer.Ordinal).ToList();
        otherServices = ForService("");
        byService = rules.Select(r => r.Service).Where(s => s.Length > 0).Distinct(StringComparer.Ordinal)
            .ToFrozenDictionary(service => service, ForService, StringComparer.Ordinal);

        FrozenDictionary<string, Bucket> ForService(string service) => groups.Append("")
            .ToFrozenDictionary(
                group => group,
                group => new Bucket([.. rules.Where(r =>
                    (r.Service.Length == 0 || r.Service == service) && (r.Groups.Count == 0 || r.Groups.Contains(group)))]),
                StringComparer.Ordinal);
    }

    public IReadOnlyList<TRule> Rules { get; }

    /// <summary>The first rule that fits, or null.</summary>
    /// <param name="group">A unit or quantity; one that no rule names falls to the rules for every group.</param>
    public TRule? Find(string service, string group, ReadOnlySpan<char> usageType)
    {
        var buckets = byService.GetValueOrDefault(service, otherServices);
        return (buckets.TryGetValue(group, out var bucket) ? bucket : buckets[""]).Find(usageType);
    }

    private sealed class Bucket
    {
        private readonly TRule[] rules;
        private readonly int firstAny;
        private readonly FrozenDictionary<char, int[]> bySuffix;
        private readonly FrozenDictionary<char, int[]> byStart;
        private readonly SearchValues<string>? inner;

        public Bucket(TRule[] rules)
        {
            this.rules = rules;
            firstAny = Array.FindIndex(rules, r => r.Usage.Kind is UsagePatternKind.Any && r.Unless is null);
            if (firstAny < 0)
                firstAny = rules.Length;
            var before = Enumerable.Range(0, firstAny).ToArray();
            UnconditionalExceptUnless = [.. before.Where(i => rules[i].Usage.Kind is UsagePatternKind.Any)];
            bySuffix = before.Where(i => rules[i].Usage.Kind is UsagePatternKind.Ends)
                .GroupBy(i => rules[i].Usage.Text[^1]).ToFrozenDictionary(g => g.Key, g => g.ToArray());
            var innerRules = before.Where(i => rules[i].Usage.Kind is UsagePatternKind.Contains or UsagePatternKind.Word).ToArray();
            byStart = innerRules.GroupBy(i => rules[i].Usage.Text[0]).ToFrozenDictionary(g => g.Key, g => g.ToArray());
            if (innerRules.Length > 0)
                inner = SearchValues.Create([.. innerRules.Select(i => rules[i].Usage.Text).Distinct(StringComparer.Ordinal)], StringComparison.Ordinal);
        }

        private int[] UnconditionalExceptUnless { get; }

        public TRule? Find(ReadOnlySpan<char> usageType)
        {
            var best = firstAny;
            foreach (var i in UnconditionalExceptUnless)
                Try(i, usageType, ref best);
            if (usageType.Length > 0 && bySuffix.TryGetValue(usageType[^1], out var suffixes))
                foreach (var i in suffixes)
                    if (i < best && usageType.EndsWith(rules[i].Usage.Text, StringComparison.Ordinal))
                        Try(i, usageType, ref best);
            if (inner is not null)
                FindInner(inner, usageType, ref best);
            return best < rules.Length ? rules[best] : null;
        }

        private void FindInner(SearchValues<string> texts, ReadOnlySpan<char> usageType, ref int best)
        {
            for (var start = 0; start < usageType.Length; start++)
            {
                var next = usageType[start..].IndexOfAny(texts);
                if (next < 0)
                    return;
                start += next;
                foreach (var i in byStart[usageType[start]])
                    if (i < best && rules[i].Usage.MatchesAt(usageType, start))
                        Try(i, usageType, ref best);
            }
        }

        private void Try(int i, ReadOnlySpan<char> usageType, ref int best)
        {
            if (i < best && rules[i].Unless?.Matches(usageType) is not true)
                best = i;
        }
    }
}
