using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Infrastructure.Calculation;

namespace OffGridFlow.Tests.EmissionFactors;

public sealed class CalculationSettingsTests(FactorWorld world) : IClassFixture<FactorWorld>
{
    private static readonly CalculationPolicy Chosen = new()
    {
        Gwp = GwpSet.Ar6, SetOrder = ["egrid", "desnz"], AllowsProxy = false,
        FixedEditions = new Dictionary<(string, int), int> { [("desnz", 2024)] = 2025, [("desnz", 2023)] = 2024 },
    };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Policy_Undecided_IsTheDefault()
    {
        var tenant = await world.AddTenantAsync("undecided");

        (await GetAsync(tenant)).ShouldBe(CalculationPolicy.Default);
        (await world.Settings(tenant).FindAsync(Stop)).Version.ShouldBe(0);
    }

    [Fact]
    public async Task Policy_Saved_IsWhatThoseWhoCalculateGet_AndNobodyElse()
    {
        var tenant = await world.AddTenantAsync("decided");

        var saved = await world.Settings(tenant).SaveAsync(Chosen, 0, Stop);

        saved.ShouldBeOfType<CalculationSettingsOutcome.Saved>().Row.Version.ShouldBe(1);
        var policy = await GetAsync(tenant);
        (policy.Gwp, policy.AllowsProxy).ShouldBe((GwpSet.Ar6, false));
        policy.SetOrder.ShouldBe(Chosen.SetOrder);
        policy.FixedEditions.ShouldBe(Chosen.FixedEditions, ignoreOrder: true);
        (await GetAsync(world.Second)).ShouldBe(CalculationPolicy.Default);
        (await world.OwnerAsync<string>("select before ->> 'gwp' || ' ' || (after ->> 'gwp') from audit_entries where tenant_id = $1 and action = 'calculation-policy.changed'", tenant)).ShouldBe("Ar5 Ar6");
    }

    [Fact]
    public async Task Policy_SavedOverAnotherVersion_IsRefused()
    {
        var tenant = await world.AddTenantAsync("stale");
        await world.Settings(tenant).SaveAsync(Chosen, 0, Stop);

        (await world.Settings(tenant).SaveAsync(CalculationPolicy.Default, 0, Stop)).ShouldBeOfType<CalculationSettingsOutcome.Stale>();
        (await world.Settings(tenant).SaveAsync(CalculationPolicy.Default, 7, Stop)).ShouldBeOfType<CalculationSettingsOutcome.Stale>();
        (await world.Settings(tenant).SaveAsync(CalculationPolicy.Default, 1, Stop)).ShouldBeOfType<CalculationSettingsOutcome.Saved>().Row.Version.ShouldBe(2);
    }

    [Fact]
    public async Task Policy_WithWhatIsNotThere_IsRefusedWithWords()
    {
        foreach (var policy in new[]
        {
            Chosen with { SetOrder = ["nobody"] }, Chosen with { SetOrder = ["desnz", "desnz"] },
            Chosen with { FixedEditions = new Dictionary<(string, int), int> { [("desnz", 2024)] = 1999 } },
        })
        {
            (await world.Settings(world.First).SaveAsync(policy, 0, Stop)).ShouldBeOfType<CalculationSettingsOutcome.Refused>().Reason.ShouldNotBeEmpty();
        }
    }

    [Fact]
    public async Task NewEditions_OfAnOrganizationThatBeganAfterThem_AreNone() => (await world.Settings(world.First).ListNewEditionsAsync(Stop)).ShouldBeEmpty();

    private async Task<CalculationPolicy> GetAsync(Guid tenant)
    {
        await using var unit = await world.Open(tenant, out _).OpenAsync(Stop);
        return await new CalculationPolicies().GetAsync(unit, Stop);
    }
}
