using OffGridFlow.Benchmarks.Walls;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;
using OffGridFlow.Tests.Persistence;

namespace OffGridFlow.Tests.Tenancy;

/// <summary>
/// The first requests of the campaign (docs/security.md, The campaign): with both walls, with the first broken on purpose, and with both
/// open, which it has to notice. One world for all: they run one after the other.
/// </summary>
[Collection(nameof(WallsCampaignTests))]
[CollectionDefinition(nameof(WallsCampaignTests), DisableParallelization = true)]
public sealed class WallsCampaignTests(PostgresFixture postgres, ITestOutputHelper output)
{
    private const int Requests = 2500;

    [Fact]
    public async Task Walls_BothAndTheSecondAlone_LeakNothing_AndNoneIsNoticed()
    {
        var connectionString = await postgres.CreateDatabaseAsync();
        var folder = Directory.CreateTempSubdirectory("offgridflow-walls-").FullName;
        var cancellation = TestContext.Current.CancellationToken;
        try
        {
            WallsWorld world;
            await using (var whole = await WallsServer.StartAsync(folder, connectionString, breakFilter: false, cancellation))
            {
                world = await WallsWorld.CreateAsync(whole, tenants: 3, rows: 300, seed: 11, cancellation);
                var outcome = await new WallsCampaign(whole, world, new WallsOptions { Requests = Requests, Seed = 11, Uploads = 6 }).RunAsync(cancellation);
                Holds(outcome, filterIsBroken: false);
            }

            await using var broken = await WallsServer.StartAsync(folder, connectionString, breakFilter: true, cancellation);
            Holds(await new WallsCampaign(broken, world, new WallsOptions { Requests = Requests, Seed = 12, Uploads = 6 }).RunAsync(cancellation), filterIsBroken: true);

            // Both walls open on what a list of imports is made of: now it has to come out, in answers of the application and of SQL.
            await using var owner = await broken.Database.Owner.OpenConnectionAsync(cancellation);
            foreach (var table in new[] { "imports", "source_documents", "job_runs" })
            {
                await owner.ExecuteAsync($"alter table {table} disable row level security", cancellation);
            }

            var open = await new WallsCampaign(broken, world, new WallsOptions { Requests = 600, Seed = 13, Uploads = 0 }).RunAsync(cancellation);
            open.Leaks.ShouldContain(leak => leak.Contains("GET /api/v1/imports", StringComparison.Ordinal));
            open.Leaks.ShouldContain(leak => leak.StartsWith("SQL", StringComparison.Ordinal));
            open.Faults.ShouldNotBeEmpty();
            open.Holds.ShouldBeFalse();
        }
        finally
        {
            await postgres.DropDatabaseAsync(connectionString);
            Directory.Delete(folder, recursive: true);
        }
    }

    private void Holds(WallsOutcome outcome, bool filterIsBroken)
    {
        output.WriteLine(FormattableString.Invariant($"{outcome.Requests} requests in {outcome.Elapsed.TotalSeconds:F1} s, {outcome.Bytes / 1e6:F1} MB, {outcome.Canaries} texts"));
        foreach (var (kind, count) in outcome.Answers.OrderBy(answer => answer.Key.Kind, StringComparer.Ordinal))
            output.WriteLine(FormattableString.Invariant($"{kind.Kind} {kind.Outcome} {count}"));
        outcome.FilterIsBroken.ShouldBe(filterIsBroken);
        outcome.Leaks.ShouldBeEmpty();
        outcome.Faults.ShouldBeEmpty();
        outcome.Changes.ShouldBeEmpty();
        outcome.Requests.ShouldBeGreaterThan(Requests * 9 / 10);
        // Not all doors were shut for another reason: people do see their own.
        outcome.Answers[("API, own", "200")].ShouldBeGreaterThan(100);
        outcome.Answers[("pages, own", "200")].ShouldBeGreaterThan(30);
        outcome.Answers[("API, foreign id", "404")].ShouldBeGreaterThan(100);
        outcome.Of("cursors").ShouldBeGreaterThan(20);
        outcome.Of("filters").ShouldBeGreaterThan(100);
        outcome.Answers[("SQL, select", "answered")].ShouldBeGreaterThan(10);
        outcome.Of("bulk import").ShouldBeGreaterThan(0);
    }
}
