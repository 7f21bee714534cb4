using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Calculation;
using OffGridFlow.Infrastructure.EmissionFactors;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.Embedded;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Benchmarks;

/// <summary>
/// The factor library with all shipped factors: how long the first and a second load take, and searches as people type and narrow them.
/// On a server of its own, which goes afterwards.
/// </summary>
internal sealed class ScaleFactors(Arguments arguments)
{
    private const int PageRows = 60;
    private static readonly string[] Words =
    [
        "natural gas", "gas", "diesel", "petrol", "electricity", "grid electricity germany", "coal", "kwh", "freight", "rail", "flight", "long haul", "hotel", "waste", "landfill",
        "water", "steel", "concrete", "wood pellets", "biodiesel", "refrigerant", "R410A", "HFC-134a", "van", "hgv", "motorbike", "taxi", "california", "CAMX", "united kingdom", "france",
        "wtt", "well to tank", "EPA", "desnz 2025", "ember", "egrid", "soybean", "paper", "computers", "lubricants", "propane", "lpg", "heat steam", "n", "nat", "natu", "zzzz", "atural",
    ];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var queries = arguments.WordOrNull(2) is null ? 1000 : (int)arguments.Rows(2);
        var folder = Directory.CreateTempSubdirectory("offgridflow-factors-").FullName;
        try
        {
            await using var server = await EmbeddedPostgres.StartAsync(
                new EmbeddedPostgresOptions { DataDirectory = Path.Combine(folder, "postgres") }, NullLogger.Instance, cancellationToken);
            await using var database = new Database(server.ConnectionString);
            await new DatabaseMigrator(database, NullLogger<DatabaseMigrator>.Instance).MigrateAsync(null, cancellationToken);
            await MeasureAsync(database, queries, cancellationToken);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task MeasureAsync(Database database, int count, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        var library = new CalculationReference();
        var reference = new FactorReference(library.Library.Units, library.Library.Regions, library.Library.Gwp, library.Library.Types);
        Print(FormattableString.Invariant($"read        {library.Sets.Sum(set => set.Factors.Count):N0} factors of {library.Sets.Count} sets in {watch.Elapsed.TotalSeconds:F2} s"));
        var loader = new FactorSetLoader(database, reference, TimeProvider.System, NullLogger<FactorSetLoader>.Instance);
        foreach (var what in new[] { "loaded", "again" })
        {
            watch.Restart();
            var load = await loader.LoadAsync(library.Sets, cancellationToken);
            Print(FormattableString.Invariant($"{what,-11} {load.Loaded.Count} sets in {watch.Elapsed.TotalSeconds:F2} s"));
        }

        var tenant = Guid.CreateVersion7();
        await using (var owner = await database.Owner.OpenConnectionAsync(cancellationToken))
        {
            await owner.ExecuteAsync(
                "select create_tenant($1, 'A company', false, gen_random_uuid(), 'a@b.example', 'A@B.EXAMPLE', 'Ada', 'hash', 'stamp')", cancellationToken, tenant);
        }

        var user = new CurrentUser();
        user.Become(new Actor(tenant, Guid.CreateVersion7(), "Ada Lindqvist", TenantRole.Admin));
        var tenants = new TenantDatabase(
            new DbContextOptionsBuilder<OffGridFlowDbContext>().UseNpgsql(database.App).AddInterceptors(new TenantWriteInterceptor(), new TenantTransactionInterceptor()).Options,
            user, TimeProvider.System);
        var factors = new FactorQueries(tenants, user, reference, new FactorFacetTable());
        var filters = await FiltersAsync(factors, count, cancellationToken);
        // Connections, plans and caches as they are in a program that has run for a while.
        foreach (var filter in filters.Take(50))
        {
            await factors.ListAsync(filter, null, PageRows, cancellationToken);
            await factors.FacetsAsync(filter, cancellationToken);
        }

        List<double> lists = [], facets = [], pages = [], details = [];
        foreach (var filter in filters)
        {
            watch.Restart();
            var page = await factors.ListAsync(filter, null, PageRows, cancellationToken);
            lists.Add(watch.Elapsed.TotalMilliseconds);
            watch.Restart();
            await factors.FacetsAsync(filter, cancellationToken);
            facets.Add(watch.Elapsed.TotalMilliseconds);
            // As the page asks.
            watch.Restart();
            await Task.WhenAll(factors.ListAsync(filter, null, PageRows, cancellationToken), factors.FacetsAsync(filter, cancellationToken));
            pages.Add(watch.Elapsed.TotalMilliseconds);
            if (page.Rows.Count > 0)
            {
                watch.Restart();
                await factors.FindAsync(page.Rows[page.Rows.Count / 2].Key, cancellationToken);
                details.Add(watch.Elapsed.TotalMilliseconds);
            }
        }

        Show("search", lists);
        Show("facets", facets);
        Show("page", pages);
        Show("details", details);
    }

    /// <summary>Words alone, narrowed by one facet or two, and facets without words, in turn; with the same seed the same.</summary>
    private static async Task<List<FactorFilter>> FiltersAsync(FactorQueries factors, int count, CancellationToken cancellationToken)
    {
        var known = await factors.FacetsAsync(FactorFilter.All, cancellationToken);
        var random = new Random(20251122);
        string One(IReadOnlyList<FactorFacet> values) => values[random.Next(values.Count)].Value;
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            var filter = i % 5 == 4 ? FactorFilter.All : new FactorFilter(Words[random.Next(Words.Length)]);
            return (i % 4) switch
            {
                0 => filter,
                1 => filter with { Set = One(known.Sets) },
                2 => filter with { Region = One(known.Regions), Part = FactorPart.Direct },
                _ => filter with { Year = int.Parse(One(known.Years), System.Globalization.CultureInfo.InvariantCulture), Unit = One(known.Units) },
            };
        })];
    }

    private static void Show(string what, List<double> times)
    {
        times.Sort();
        Print(FormattableString.Invariant($"{what,-11} {times.Count,5:N0} asked  median {At(times, 0.5),6:F1} ms  p95 {At(times, 0.95),6:F1} ms  worst {times[^1],6:F1} ms"));
    }

    private static double At(List<double> sorted, double share) => sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Count) - 1, 0, sorted.Count - 1)];

    private static void Print(string line) => Console.WriteLine(line);
}
