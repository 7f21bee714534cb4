using System.Data;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using OffGridFlow.Core.ActivityData;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Infrastructure.Calculation;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Tests.Imports;
using OffGridFlow.Tests.Rules;

namespace OffGridFlow.Tests.Inventory;

/// <summary>The group of the example in docs/methods/inventory.md.</summary>
internal sealed partial class InventoryWorld(AppFixture apps, ImportClient client) : IAsyncDisposable
{
    private static readonly DateTimeOffset At = new(2026, 1, 12, 9, 30, 0, TimeSpan.Zero);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ImportClient Client => client;

    public Guid Parent { get; } = Guid.CreateVersion7();
    public Guid Works { get; } = Guid.CreateVersion7();
    public Guid Venture { get; } = Guid.CreateVersion7();
    public Guid Head { get; } = Guid.CreateVersion7();
    public Guid Depot { get; } = Guid.CreateVersion7();
    public Guid Mill { get; } = Guid.CreateVersion7();
    public Guid Quarry { get; } = Guid.CreateVersion7();

    /// <param name="joins">The day on which Works joins.</param>
    public static async Task<InventoryWorld> CreateAsync(AppFixture apps, string joins = "2025-05-01")
    {
        var world = new InventoryWorld(apps, await apps.NewTenantAsync());
        await world.ChangeAsync(async (unit, ledger) =>
        {
            var tenant = unit.Actor.TenantId;
            unit.Context.AddRange(
                new Organization { Id = world.Parent, TenantId = tenant, Name = "Parent", Country = "GB" },
                new Organization { Id = world.Works, TenantId = tenant, Name = "Works", Country = "GB" },
                new Organization { Id = world.Venture, TenantId = tenant, Name = "Venture", Country = "GB" });
            foreach (var (id, name, organization) in new[] { (world.Head, "Head", world.Parent), (world.Depot, "Depot", world.Parent), (world.Mill, "Mill", world.Works), (world.Quarry, "Quarry", world.Venture) })
            {
                unit.Context.Add(new Site { Id = id, TenantId = tenant, OrganizationId = organization, Name = name, Country = "GB", Region = "GB" });
            }

            unit.Context.AddRange(
                new Ownership
                {
                    Id = Guid.CreateVersion7(), TenantId = tenant, ParentId = world.Parent, ChildId = world.Works, Share = 0.6m, FinancialControl = true, OperationalControl = true,
                    ValidFrom = Day(joins),
                },
                new Ownership { Id = Guid.CreateVersion7(), TenantId = tenant, ParentId = world.Parent, ChildId = world.Venture, Share = 0.4m, FinancialControl = false, OperationalControl = false },
                new Lease
                {
                    Id = Guid.CreateVersion7(), TenantId = tenant, OrganizationId = world.Parent, SiteId = world.Depot, Asset = "Depot", Kind = LeaseKind.Operating, Role = LeaseRole.Lessee,
                    EquityShare = LeaseScope.Scope3, FinancialControl = LeaseScope.Scope3, OperationalControl = LeaseScope.Scope1And2, ValidFrom = Day("2025-07-11"),
                },
                new StoredInstrument
                {
                    Id = Guid.CreateVersion7(), TenantId = tenant, Kind = InstrumentKind.SupplierRate, Energy = ActivityFamily.Electricity, Name = "Wind contract", FirstDay = Day("2025-01-01"),
                    LastDay = Day("2025-12-31"), SiteIds = [world.Depot], KgCo2ePerKwh = 0, CriteriaMet = QualityCriteria.All, CriteriaNotMet = QualityCriteria.None,
                });
            ActivityEntry[] entries =
            [
                world.Entry(world.Head, "process-gas", 3650, "kg", "2025-01-01", "2025-12-31", "CO2"),
                world.Entry(world.Depot, "process-gas", 310, "kg", "2025-07-01", "2025-07-31", "CO2"),
                world.Entry(world.Depot, "electricity", 1000, "kWh", "2025-08-01", "2025-08-31"),
                world.Entry(world.Mill, "process-gas", 300, "kg", "2025-04-20", "2025-05-19", "CO2"),
                world.Entry(world.Quarry, "process-gas", 300, "kg", "2025-06-01", "2025-06-30", "CO2"),
                world.Entry(world.Quarry, "reported-goods", 50, "kg CO2e", "2025-06-01", "2025-06-30"),
            ];
            unit.Context.AddRange(entries);
            await ledger.ApplyAsync(unit, [.. entries.Select(entry => entry.Id)], Stop);
        });
        return world;
    }

    public ActivityEntry Entry(Guid site, string type, decimal quantity, string unit, string from, string to, string? gas = null, EntryStatus status = EntryStatus.Approved) => new()
    {
        Id = Guid.CreateVersion7(), TenantId = client.Ledger.Tenant, SiteId = site, ActivityType = type, Quantity = quantity, Unit = unit, PeriodStart = Day(from), PeriodEnd = Day(to),
        Gas = gas, Quality = DataQuality.Measured, Status = status, ChangedById = null, ChangedBy = "Ada", ChangedAt = At,
    };

    public Task<InventorySummary> SummarizeAsync(ConsolidationApproach approach, params InventoryDimension[] groupBy) => SummarizeAsync(Year(approach), groupBy);

    public async Task<InventorySummary> SummarizeAsync(InventoryFilter filter, params InventoryDimension[] groupBy)
    {
        await using var scope = Scope();
        return await scope.ServiceProvider.GetRequiredService<IInventoryQueries>().SummarizeAsync(filter, groupBy, Stop);
    }

    public static InventoryFilter Year(ConsolidationApproach approach, Scope2Method view = Scope2Method.Location) =>
        new() { From = Day("2025-01-01"), To = Day("2025-12-31"), Approach = approach, Scope2Method = view };

    public async Task ChangeAsync(Func<TenantUnit, EntryLedger, Task> change)
    {
        await using var scope = Scope();
        await using var unit = await scope.ServiceProvider.GetRequiredService<TenantDatabase>().OpenAsync(Stop);
        await change(unit, scope.ServiceProvider.GetRequiredService<EntryLedger>());
        await unit.CommitAsync(Stop);
    }

    public async Task AskAsync(IsolationLevel isolation, Func<TenantUnit, Task> ask)
    {
        await using var scope = Scope();
        await using var unit = await scope.ServiceProvider.GetRequiredService<TenantDatabase>().OpenAsync(isolation, Stop);
        await ask(unit);
    }

    public async Task<System.Text.Json.JsonElement> GetAsync(string path)
    {
        using var answer = await client.Http.GetAsync(path, Stop);
        answer.StatusCode.ShouldBe(System.Net.HttpStatusCode.OK, await answer.Content.ReadAsStringAsync(Stop));
        return await answer.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>(Stop);
    }

    public async Task<Guid> AddPeriodAsync(string? approach = null)
    {
        using var answer = await client.Http.PostAsJsonAsync("/api/v1/reporting-periods", new { name = "FY2025", firstDay = "2025-01-01", lastDay = "2025-12-31", approach }, Stop);
        answer.StatusCode.ShouldBe(System.Net.HttpStatusCode.Created, await answer.Content.ReadAsStringAsync(Stop));
        return (await answer.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>(Stop)).GetProperty("id").GetGuid();
    }

    public async Task<HttpResponseMessage> ChangePeriodAsync(Guid id, int version, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/reporting-periods/{id}") { Content = JsonContent.Create(body) };
        request.Headers.TryAddWithoutValidation("If-Match", FormattableString.Invariant($"\"{version}\""));
        return await client.Http.SendAsync(request, Stop);
    }

    public Task AddFigureAsync(Guid period, Guid organization, decimal? revenue = null, string? currency = null, decimal? employees = null) => ChangeAsync((unit, _) =>
    {
        unit.Context.Add(new BusinessFigure
        {
            TenantId = unit.Actor.TenantId, OrganizationId = organization, PeriodId = period, Version = 1, Revenue = revenue, Currency = currency, FullTimeEmployees = employees,
            AuthorId = null, Author = "Ada", At = At,
        });
        return Task.CompletedTask;
    });

    /// <summary>The numbers of a row of the page, by the heads of its columns.</summary>
    public static Dictionary<string, decimal> Printed(string approach)
    {
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "methods", "inventory.md"));
        var head = Cells().Matches(lines.Single(line => line.StartsWith("| approach |", StringComparison.Ordinal))).Select(cell => cell.Value.Trim()).ToList();
        var row = Cells().Matches(lines.Single(line => line.StartsWith($"| {approach} |", StringComparison.Ordinal))).Select(cell => cell.Value.Trim()).ToList();
        return head.Zip(row).Skip(1).ToDictionary(cell => cell.First, cell => decimal.Parse(cell.Second, CultureInfo.InvariantCulture));
    }

    public static DateOnly Day(string text) => DateOnly.Parse(text, CultureInfo.InvariantCulture);

    private AsyncServiceScope Scope()
    {
        var scope = apps.App.App.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentUser>().Become(new Actor(client.Ledger.Tenant, null, "Ada", TenantRole.Admin));
        return scope;
    }

    public ValueTask DisposeAsync()
    {
        client.Dispose();
        return ValueTask.CompletedTask;
    }

    [GeneratedRegex(@"[^|]+(?=\|)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Cells();
}
