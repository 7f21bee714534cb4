using System.Globalization;

namespace OffGridFlow.Infrastructure.Imports.Samples;

/// <summary>The accounts of the fictional Nordwerk Components and what each of them buys.</summary>
internal sealed class SampleAccounts
{
    private readonly SampleKind[][] kinds;
    private readonly long[][] runningWeights;
    private readonly long[] runningAccounts;

    public SampleAccounts(SampleBillOptions options, string[] columns, SampleRandom random)
    {
        kinds = new SampleKind[options.Accounts][];
        runningWeights = new long[options.Accounts][];
        runningAccounts = Running(Enumerable.Range(0, options.Accounts).Select(account => 1_000_000L / (account + 1)));

        // Few accounts spread wide, many keep to few regions: together they touch all, and kinds stay in the thousands.
        var regionsEach = Math.Clamp(24 / options.Accounts, 3, 8);
        var mainRegions = Running(SampleRegions.All.Select(region => (long)region.Weight));
        var shared = new Dictionary<(SampleUsage, SampleRegion), SampleKind>();
        var catalogue = SampleCatalogue.Create();
        for (var account = 0; account < options.Accounts; account++)
        {
            // The largest accounts stand where European companies usually do: Frankfurt, Ireland, Virginia.
            var main = account < 3 ? account : random.Pick(mainRegions);
            var chosen = new List<(SampleKind Kind, long Weight)>();
            void Add(SampleUsage usage, SampleRegion region, long share)
            {
                if (!shared.TryGetValue((usage, region), out var kind))
                    shared[(usage, region)] = kind = new(usage, region, columns, options);
                chosen.Add((kind, usage.Weight * share));
            }

            foreach (var usage in catalogue.Where(usage => usage.Global))
                Add(usage, SampleRegions.Global, 100);
            foreach (var usage in catalogue.Where(usage => !usage.Global))
            {
                if (account == 0 || random.Percent(usage.Instance is null ? 70 : 35))
                    Add(usage, SampleRegions.All[main], 100);
                for (var extra = 0; extra < regionsEach; extra++)
                {
                    var region = ((account * regionsEach) + extra) % SampleRegions.All.Length;
                    if (region != main && random.Percent(usage.Instance is null ? 40 : 10))
                        Add(usage, SampleRegions.All[region], 30 / (extra + 1));
                }
            }

            kinds[account] = [.. chosen.Select(item => item.Kind)];
            runningWeights[account] = Running(chosen.Select(item => item.Weight));
        }
    }

    /// <summary>Twelve digits that are plainly made up.</summary>
    public static string Id(int account) => account switch
    {
        0 => "100200300400",
        1 => "000012345678",
        _ => (900_000_000_000 + (1001L * account)).ToString(CultureInfo.InvariantCulture),
    };

    public int PickAccount(ref SampleRandom random) => random.Pick(runningAccounts);

    public SampleKind PickKind(int account, ref SampleRandom random) => kinds[account][random.Pick(runningWeights[account])];

    private static long[] Running(IEnumerable<long> weights)
    {
        var total = 0L;
        return [.. weights.Select(weight => total += weight)];
    }
}
