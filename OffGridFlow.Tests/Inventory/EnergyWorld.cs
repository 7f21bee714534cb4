using OffGridFlow.Core.ActivityData;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Tests.Calculation;

namespace OffGridFlow.Tests.Inventory;

/// <summary>The site of the example in docs/methods/energy.md.</summary>
internal static class EnergyWorld
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<InventoryWorld> CreateAsync(AppFixture apps)
    {
        var world = new InventoryWorld(apps, await apps.NewTenantAsync());
        await world.ChangeAsync(async (unit, ledger) =>
        {
            var tenant = unit.Actor.TenantId;
            unit.Context.Add(new Organization { Id = world.Parent, TenantId = tenant, Name = "Parent", Country = "GB" });
            unit.Context.Add(new Site { Id = world.Head, TenantId = tenant, OrganizationId = world.Parent, Name = "Head", Country = "GB", Region = "GB" });
            foreach (var (name, kind, amount, renewable, nuclear) in new[]
                     {
                         ("Wind power", InstrumentKind.PowerPurchaseAgreement, 40m, 100m, 0m), ("Nuclear certificates", InstrumentKind.Certificate, 20m, 0m, 100m),
                     })
            {
                unit.Context.Add(new StoredInstrument
                {
                    Id = Guid.CreateVersion7(), TenantId = tenant, Kind = kind, Energy = ActivityFamily.Electricity, Name = name, FirstDay = InventoryWorld.Day("2025-01-01"),
                    LastDay = InventoryWorld.Day("2025-12-31"), SiteIds = [world.Head], KgCo2ePerKwh = 0, MegawattHours = amount, CriteriaMet = QualityCriteria.All,
                    CriteriaNotMet = QualityCriteria.None, RenewablePercent = renewable, NuclearPercent = nuclear,
                });
            }

            ActivityEntry Of(string type, decimal quantity, string unitOf) => world.Entry(world.Head, type, quantity, unitOf, "2025-06-01", "2025-06-30");
            ActivityEntry[] entries =
            [
                .. EnergyPage.Entries.Select(row => EnergyPage.Read(row[0])).Select(entry => Of(entry.Type, entry.Quantity, entry.Unit)),
                Of("electricity", 100, "MWh"), Of("own-energy", 12, "MWh"), Of("sold-energy", 5, "MWh"), Of("car-average-diesel", 1000, "km"),
            ];
            unit.Context.AddRange(entries);
            await ledger.ApplyAsync(unit, [.. entries.Select(entry => entry.Id)], Stop);
        });
        return world;
    }
}
