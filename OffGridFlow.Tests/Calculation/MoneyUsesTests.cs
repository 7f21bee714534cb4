using Microsoft.Extensions.DependencyInjection;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Calculation;

namespace OffGridFlow.Tests.Calculation;

/// <summary>How many entries rest on rates, indices and account maps, as the page shows it.</summary>
public sealed class MoneyUsesTests(AppFixture apps) : IClassFixture<AppFixture>
{
    [Fact]
    public async Task Count_NamesEachRateAndIndexThatResultsRestOn()
    {
        await using var world = await EntryWorld.CreateAsync(apps);
        await world.LoadMoneyAsync();
        // Legal advice from January 20 to February 10 in EUR, repair by a vendor that is counted by meter, and what has nothing to do with money.
        await world.SaveAsync(world.AValueChain());

        await using var scope = apps.App.App.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentUser>().Become(new Actor(world.Client.Ledger.Tenant, null, "Ada", TenantRole.Admin));
        var uses = await scope.ServiceProvider.GetRequiredService<MoneyUses>().CountAsync(TestContext.Current.CancellationToken);

        uses.Rates.ShouldBe(new Dictionary<(string, string), long> { [("USD per EUR", "2025-01")] = 1, [("USD per EUR", "2025-02")] = 1 }, ignoreOrder: true);
        uses.Indices.ShouldBe(new Dictionary<(string, string), long> { [("USD", "2022")] = 1, [("USD", "2025")] = 1 }, ignoreOrder: true);
        uses.Maps.Values.ShouldBe([1L]);
    }
}
