using System.Globalization;
using System.IO.Compression;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Infrastructure.Calculation;

namespace OffGridFlow.Tests.Calculation;

/// <summary>Derivations in the database: results of before, which have them whole, and those of today are read alike.</summary>
public sealed class SharedDerivationsTests(AppFixture apps) : IClassFixture<AppFixture>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ResultsOfBefore_WithTheirDerivationsWhole_GiveTheSameEvidence_AndAreNoChange()
    {
        await using var world = await EntryWorld.CreateAsync(apps);
        await world.LoadMoneyAsync();
        await world.AddInstrumentAsync(30, 0.011m, "2025-03-10", "2025-09-20", world.Leeds);
        var entries = world.AYear().Concat(world.AValueChain()).ToList();
        await world.SaveAsync(entries);
        var evidence = await EvidenceAsync(world);
        (await world.Client.Ledger.ScalarAsync<long>("select count(*) from derivations where tenant_id = $1"))
            .ShouldBeLessThan(await world.Client.Ledger.ScalarAsync<long>("select count(*) from emission_records where tenant_id = $1 and derivation is not null"));

        (await world.Client.Ledger.ExecuteAsync(
            """
            update emission_records e set derivation = whole_derivation(d.content, e.derivation), derivation_id = null
            from derivations d where e.tenant_id = $1 and d.tenant_id = e.tenant_id and d.id = e.derivation_id
            """)).ShouldBeGreaterThan(60);

        evidence["results.csv"].Split('\n').Length.ShouldBeGreaterThan(60);
        (await EvidenceAsync(world)).ShouldBe(evidence);
        var all = await world.AllAsync();
        await world.ChangeAsync((unit, ledger) => ledger.ApplyAsync(unit, [.. entries.Select(entry => entry.Id)], Stop));
        (await world.AllAsync()).ShouldBe(all, "the same by another way of storing is no change");

        entries[0].Quantity += 1;
        await world.SaveAsync(entries[0]);
        (await world.DifferencesAsync()).ShouldBeEmpty();
        (await world.Client.Ledger.TextsAsync(
            """
            select distinct a.entry_id || ' ' || (e.derivation_id is not null) from emission_records e join emission_intervals i on i.activity_id = e.activity_id and i.proposal_id is not distinct from e.proposal_id and i.to_sequence is null
            join activity_records a on a.id = e.activity_id where e.tenant_id = $1 and a.entry_id = any($2) and e.derivation is not null
            """, new[] { entries[0].Id, entries[1].Id })).ShouldBe([$"{entries[0].Id} true", $"{entries[1].Id} false"], ignoreOrder: true);
    }

    /// <summary>As the workers of runs do, and who saves an entry meanwhile: each has its own order, and none waits for ever.</summary>
    [Fact]
    public async Task Store_TheSameByManyAtOnce_StoresEachOnce()
    {
        await using var world = await EntryWorld.CreateAsync(apps);
        var some = Enumerable.Range(0, 200).Select(i => new SharedDerivation(Derivation.Shared(StoredDerivationTests.Burned with { ActivityName = "Gas " + i.ToString(CultureInfo.InvariantCulture) }, TestLibrary.Library))).ToArray();

        await Task.WhenAll(Enumerable.Range(0, 6).Select(async seed =>
        {
            var shuffled = some.ToArray();
            new Random(seed).Shuffle(shuffled);
            await Task.Yield();
            await world.ChangeAsync((unit, _) => SharedDerivations.StoreAsync(unit.Connection, shuffled, Stop));
        }));

        (await world.Client.Ledger.TextsAsync("select encode(id, 'hex') from derivations where tenant_id = $1"))
            .ShouldBe(some.Select(shared => Convert.ToHexStringLower(shared.Id)), ignoreOrder: true);
    }

    /// <summary>The tables of the export; its manifest and its words tell when it was made.</summary>
    private static async Task<Dictionary<string, string>> EvidenceAsync(EntryWorld world)
    {
        var bytes = await world.Client.Http.GetByteArrayAsync("/api/v1/evidence?from=2024-12-01&to=2026-01-31", Stop);
        await using var archive = new ZipArchive(new MemoryStream(bytes));
        var tables = new Dictionary<string, string>();
        foreach (var entry in archive.Entries.Where(entry => entry.Name.EndsWith(".csv", StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(await entry.OpenAsync(Stop));
            tables[entry.Name] = await reader.ReadToEndAsync(Stop);
        }

        return tables;
    }
}
