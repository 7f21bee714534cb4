using Npgsql;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Infrastructure.EmissionFactors;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Tests.EmissionFactors;

/// <summary>In a class of its own: it changes the shipped sets of its database.</summary>
public sealed class FactorSetLoaderTests(FactorWorld world) : IClassFixture<FactorWorld>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Load_ASecondTime_ChangesNothing()
    {
        var sets = FactorSets.ReadAll(null, world.Reference.Units);
        await world.Loader().LoadAsync(sets, Stop);
        var before = await ContentAsync();

        var load = await world.Loader().LoadAsync(sets, Stop);

        load.Loaded.ShouldBeEmpty();
        load.Superseded.ShouldBeEmpty();
        (await ContentAsync()).ShouldBe(before);
        (await world.OwnerAsync<long>("select count(*) from emission_factors where tenant_id is null and retired_at is null")).ShouldBe(sets.Sum(set => set.Factors.Count));
    }

    [Fact]
    public async Task Load_OfEverySet_KeepsEachDigitAndWord()
    {
        var sets = FactorSets.ReadAll(null, world.Reference.Units);
        await world.Loader().LoadAsync(sets, Stop);
        await using var owner = await world.Database.Owner.OpenConnectionAsync(Stop);
        foreach (var set in sets)
        {
            var stored = await owner.ListAsync(
                $"select {FactorReader.Columns} from emission_factors f join factor_sets s on s.key = f.set_key where s.id = $1 and s.superseded_at is null",
                row => FactorReader.Read(row, world.Reference.Units).Factor, Stop, set.Set.Id);

            var byId = stored.ToDictionary(factor => factor.Id);
            foreach (var factor in set.Factors)
            {
                Facts(byId[factor.Id]).ShouldBe(Facts(factor), factor.Id);
            }
        }
    }

    [Fact]
    public async Task Load_OfOtherDigitsUnderTheSameId_KeepsTheFormerAndOffersTheNew_AndTheOtherWayRound()
    {
        var sets = FactorSets.ReadAll(null, world.Reference.Units).Where(set => set.Set.Id is "grid-nz-2026").ToList();
        var all = FactorSets.ReadAll(null, world.Reference.Units);
        var original = sets.Single();
        var revised = new FactorSet
        {
            Id = original.Set.Id, Family = original.Set.Family, Edition = "Revised", Publisher = original.Set.Publisher, Title = original.Set.Title, Vintage = original.Set.Vintage,
            License = original.Set.License, Source = original.Set.Source, Checksum = new string('a', 64), GwpBasis = original.Set.GwpBasis,
        };
        var changed = all.Select(set => set.Set.Id != original.Set.Id ? set : new ShippedFactorSet(
            revised, [.. set.Factors.Select(factor => factor with { Set = revised, Co2e = factor.Co2e + 0.01m })], [])).ToList();
        await world.Loader().LoadAsync(all, Stop);
        var tenant = await world.AddTenantAsync("before");
        var former = (await world.Queries(tenant).ListAsync(new FactorFilter(Set: "grid-nz-2026"), null, 10, Stop)).Rows;

        var load = await world.Loader().LoadAsync(changed, Stop);

        load.Loaded.ShouldBe(["grid-nz-2026"]);
        load.Superseded.ShouldBe(["grid-nz-2026"]);
        var now = (await world.Queries(tenant).ListAsync(new FactorFilter(Set: "grid-nz-2026"), null, 10, Stop)).Rows;
        now.Select(row => row.KgCo2e).ShouldBe(former.Select(row => row.KgCo2e + 0.01m));
        (await world.Queries(tenant).FindAsync(former[0].Key, Stop)).ShouldNotBeNull().Row.Stored.RetiredAt.ShouldNotBeNull("results may cite it");
        var notice = (await world.Settings(tenant).ListNewEditionsAsync(Stop)).ShouldHaveSingleItem();
        (notice.SetId, notice.Changed, notice.Added, notice.Missing).ShouldBe(("grid-nz-2026", former.Count, 0, 0));
        await world.Settings(tenant).ConfirmEditionsAsync(Stop);
        (await world.Settings(tenant).ListNewEditionsAsync(Stop)).ShouldBeEmpty();
        (await world.Settings(tenant).FindAsync(Stop)).Version.ShouldBe(0, "to have seen them is no decision about calculating");

        await world.Loader().LoadAsync(all, Stop);

        (await world.Queries(tenant).ListAsync(new FactorFilter(Set: "grid-nz-2026"), null, 10, Stop)).Rows.Select(row => row.Key).ShouldBe(former.Select(row => row.Key));
    }

    [Theory]
    [InlineData("update factor_sets set title = 'Mine' where tenant_id is null")]
    [InlineData("update emission_factors set retired_at = now() where tenant_id is null")]
    [InlineData("update emission_factors set co2e = 0")]
    [InlineData("update emission_factors set tenant_id = current_tenant()")]
    [InlineData("delete from emission_factors")]
    [InlineData("delete from factor_sets")]
    [InlineData("insert into factor_sets select gen_random_uuid(), null, 'x', 'x', 'x', 'x', 'x', 'x', null, 'x', 'x', null, '{}', '[]', 'x', 1, now(), null, null, 1")]
    public async Task ShippedFactors_ForTheApplicationsRole_CannotBeWritten(string sql)
    {
        await using var unit = await world.Open(world.First, out _).OpenAsync(Stop);

        var refused = await Should.ThrowAsync<PostgresException>(() => unit.Connection.ExecuteAsync(sql, Stop));

        refused.SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }

    private async Task<string?> ContentAsync() => await world.OwnerAsync<string>(
        "select md5(string_agg(md5(f::text), '' order by f.key)) || md5((select string_agg(s::text, '' order by s.key) from factor_sets s)) from emission_factors f");

    private static object Facts(EmissionFactor factor) => (
        factor.Activity, factor.Name, factor.Category, factor.Unit, factor.Basis,
        (factor.Co2, factor.Ch4, factor.N2o, factor.Co2e, factor.BiogenicCo2, factor.BiogenicMethane, string.Join('|', factor.OtherGases.OrderBy(gas => gas.Key, StringComparer.Ordinal).Select(gas => FormattableString.Invariant($"{gas.Key}={gas.Value / 1.000000000000000000000000000m}")))),
        factor.Region, factor.Year, factor.DataFrom, factor.DataTo, factor.Part, factor.Supply, factor.Scopes, factor.LossShare, factor.UncertaintyPercent, factor.SourceTable, factor.Note,
        factor.Caution, factor.Set.Id, factor.Set.Checksum, factor.Set.Boundary);
}
