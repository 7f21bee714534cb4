using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
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

        (await world.Client.Ledger.TextsAsync(
            $"""
            select e.id::text from emission_records e join activity_records a on a.id = e.activity_id {StoredDerivation.Join} cross join lateral (select {StoredDerivation.Whole} as whole) w
            where e.tenant_id = $1 and e.derivation is not null and (whole ->> 'from', whole ->> 'to') is distinct from (coalesce((e.derivation ->> 'from')::date, greatest(a.period_start, e.month))::text,
              coalesce((e.derivation ->> 'to')::date, least(a.period_end, (e.month + interval '1 month')::date - 1))::text)
            """)).ShouldBeEmpty("the days that are not written are those of the activity in the month");

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

    /// <summary>What the writer leaves out the function puts back; what was written before it left anything out, and what has no shared part, is given back as it is.</summary>
    [Fact]
    public async Task Whole_OfEachKind_IsWhatWasWrittenInFull_KeyByKey_AndDigitByDigit()
    {
        await using var world = await EntryWorld.CreateAsync(apps);
        using var writer = new OwnDerivationWriter();
        var (kinds, left) = (StoredDerivationTests.Whole().ToList(), new HashSet<string>());
        var written = kinds.ConvertAll(kind =>
        {
            var full = JsonSerializer.SerializeToNode(kind.Derivation, StoredDerivation.Json)!.AsObject();
            var own = Encoding.UTF8.GetString(writer.Write(kind.Derivation));
            left.UnionWith(full.Select(pair => pair.Key).Except(JsonNode.Parse(own)!.AsObject().Select(pair => pair.Key)).Except(JsonNode.Parse(kind.Shared.Content)!.AsObject().Select(pair => pair.Key).Where(key => key != "gases")));
            return (Full: full.ToJsonString(StoredDerivation.Json), Own: own, Before: Before(full, JsonNode.Parse(kind.Shared.Content)!.AsObject()), Content: kind.Shared.Content);
        });

        var read = await world.Client.Ledger.ListAsync(
            """
            select whole_derivation(content::jsonb, own::json)::text, whole_derivation(content::jsonb, before::json)::text, whole_derivation(null, f::json)::text,
              whole_derivation(content::jsonb, null::json) is null and $1::uuid is not null
            from unnest($2::text[], $3::text[], $4::text[], $5::text[]) with ordinality as w (f, own, before, content, place) order by place
            """,
            row => (Whole: row.GetString(0), OfBefore: row.GetString(1), Alone: row.GetString(2), IsNone: row.GetBoolean(3)),
            written.Select(one => one.Full).ToArray(), written.Select(one => one.Own).ToArray(), written.Select(one => one.Before).ToArray(), written.Select(one => one.Content).ToArray());

        read.Count.ShouldBe(kinds.Count);
        kinds.Count.ShouldBeGreaterThan(60);
        left.ShouldBe(["from", "to", "quantity", "factorQuantity", "gases", "biogenicKgCo2", "nonKyotoKgCo2e"], ignoreOrder: true);
        written.SelectMany(one => JsonNode.Parse(one.Own)!.AsObject().Select(pair => pair.Key)).Distinct()
            .ShouldBe(StoredDerivationTests.PropertiesOf<Derivation>(own: true).Append("gases").Append("energy"), ignoreOrder: true);
        foreach (var (kind, one, again) in kinds.Zip(written, read))
        {
            var full = Sorted(one.Full);
            Sorted(again.Whole).ShouldBe(full);
            Sorted(again.OfBefore).ShouldBe(full);
            Sorted(again.Alone).ShouldBe(full);
            again.IsNone.ShouldBeTrue();
            var derivation = StoredDerivation.Read(again.Whole);
            derivation.IsReplayed().ShouldBe(kind.Derivation.IsReplayed());
            JsonSerializer.Serialize(derivation, StoredDerivation.Json).ShouldBe(JsonSerializer.Serialize(kind.Derivation, StoredDerivation.Json));
        }

        kinds.Count(kind => kind.Derivation.IsReplayed()).ShouldBeGreaterThanOrEqualTo(kinds.Count / 6, "each result that was calculated is recomputed to the digit");
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

    /// <summary>The own part as it was while it left nothing out: all that is not shared, of gases and energy what their parts are of one result.</summary>
    private static string Before(JsonObject full, JsonObject shared)
    {
        var own = full.DeepClone().AsObject();
        foreach (var (name, _) in shared.Where(pair => pair.Key is not ("gases" or "energy")))
        {
            own.Remove(name);
        }

        foreach (var gas in own["gases"]!.AsArray().Select(gas => gas!.AsObject()))
        {
            Keep(gas, ["kg", "kgCo2e"]);
        }

        if (own["energy"] is JsonObject energy)
        {
            Keep(energy, ["kilowattHours", "renewableKilowattHours", "nuclearKilowattHours"]);
        }

        return own.ToJsonString(StoredDerivation.Json);

        static void Keep(JsonObject parts, string[] names)
        {
            foreach (var name in parts.Select(pair => pair.Key).Except(names).ToList())
            {
                parts.Remove(name);
            }
        }
    }

    /// <summary>With the digits as they are written, unlike a comparison of numbers.</summary>
    private static string Sorted(string json)
    {
        return Of(JsonNode.Parse(json));

        static string Of(JsonNode? node) => node switch
        {
            JsonObject properties => "{" + string.Join(',', properties.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Key + ":" + Of(pair.Value))) + "}",
            JsonArray items => "[" + string.Join(',', items.Select(Of)) + "]",
            _ => node?.ToJsonString(StoredDerivation.Json) ?? "null",
        };
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
