using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Calculation;
using OffGridFlow.Infrastructure.EmissionFactors;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;
using OffGridFlow.Tests.Persistence;

namespace OffGridFlow.Tests.EmissionFactors;

/// <summary>A database with the shipped factors and two organizations, each with a person who may do everything.</summary>
public sealed class FactorWorld(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly Lazy<FactorReference> Tables = new(() => FactorReference.Load());

    private string _connectionString = "";

    public Database Database { get; private set; } = null!;

    public FactorReference Reference { get; } = Tables.Value;

    public Guid First { get; private set; }

    public Guid Second { get; private set; }

    public async ValueTask InitializeAsync()
    {
        _connectionString = await postgres.CreateDatabaseAsync();
        Database = new Database(_connectionString);
        First = await AddTenantAsync("first");
        Second = await AddTenantAsync("second");
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        await postgres.DropDatabaseAsync(_connectionString);
    }

    public async Task<Guid> AddTenantAsync(string name)
    {
        var tenant = Guid.CreateVersion7();
        await using var owner = await Database.Owner.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await owner.ExecuteAsync(
            "select create_tenant($1, $2, false, gen_random_uuid(), $3, upper($3), 'Ada', 'hash', 'stamp')", TestContext.Current.CancellationToken, tenant, name, $"{Guid.NewGuid():N}@{name}.example");
        return tenant;
    }

    public TenantDatabase Open(Guid tenant, out CurrentUser user)
    {
        user = new CurrentUser();
        user.Become(new Actor(tenant, Guid.CreateVersion7(), "Ada Lindqvist", TenantRole.Admin));
        return new TenantDatabase(
            new DbContextOptionsBuilder<OffGridFlowDbContext>().UseNpgsql(Database.App).AddInterceptors(new TenantWriteInterceptor(), new TenantTransactionInterceptor()).Options,
            user, TimeProvider.System);
    }

    private readonly FactorFacetTable _facets = new();

    public FactorQueries Queries(Guid tenant) => new(Open(tenant, out var user), user, Reference, _facets);

    public OwnFactors Own(Guid tenant) => new(Open(tenant, out var user), user, Reference, TimeProvider.System);

    public CalculationSettings Settings(Guid tenant) => new(Open(tenant, out var user), user, TimeProvider.System);

    public FactorSetLoader Loader() => new(Database, Reference, TimeProvider.System, NullLogger<FactorSetLoader>.Instance);

    public async Task<T?> OwnerAsync<T>(string sql, params object?[] parameters)
    {
        await using var owner = await Database.Owner.OpenConnectionAsync(TestContext.Current.CancellationToken);
        return await owner.ScalarAsync<T>(sql, TestContext.Current.CancellationToken, parameters);
    }

    /// <summary>A set with one supplier's rate, which holds for the given days.</summary>
    public static OwnFactorInput Rate(int line, string co2e = "0.213", string from = "2025-01-01", string to = "2025-12-31", string region = "DE") => new(line)
    {
        Activity = "electricity", Name = "Rate of a supplier", Unit = "kWh", Co2e = co2e, Region = region, ValidFrom = from, ValidTo = to, Supply = "Supplier",
    };

    public static OwnFactorSetInput Set(string title = "Supplier rates 2025") => new(title, "A supplier", "Invoice of January, page 2", "Stated by contract");
}
