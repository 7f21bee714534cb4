using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using OffGridFlow.Core.Tenancy;
using OffGridFlow.Infrastructure.Persistence;

namespace OffGridFlow.Tests.Persistence;

public sealed class ModelTests
{
    private static readonly IModel Ours = ModelOf(new OffGridFlowDbContext(new DbContextOptionsBuilder<OffGridFlowDbContext>().UseNpgsql("Host=none").Options));
    private static readonly IModel Planted = ModelOf(new PlantedContext());

    [Fact]
    public void TenantOwnedTypes_CarryTheTenantFilter() => ModelRules.OwnedTypesWithoutFilter(Ours).ShouldBeEmpty();

    [Fact]
    public void TenantOwnedTypes_OneWithoutFilter_IsFound() => ModelRules.OwnedTypesWithoutFilter(Planted).ShouldHaveSingleItem().ShouldStartWith(nameof(OwnedWithoutFilter));

    [Fact]
    public void TypesWithATenant_AreTenantOwned() => ModelRules.TypesWithTenantThatAreNotOwned(Ours).ShouldBeEmpty();

    [Fact]
    public void TypesWithATenant_OneThatIsNotOwned_IsFound() =>
        ModelRules.TypesWithTenantThatAreNotOwned(Planted).ShouldHaveSingleItem().ShouldStartWith(nameof(Careless));

    [Fact]
    public void Decimals_HavePrecision28And12() => ModelRules.DecimalsWithoutPrecision(Ours).ShouldBeEmpty();

    [Fact]
    public void Decimals_OneWithoutPrecision_IsFound() => ModelRules.DecimalsWithoutPrecision(Planted).ShouldHaveSingleItem().ShouldContain(nameof(Careless.Amount));

    [Fact]
    public void Enums_AreStoredByName() => ModelRules.EnumsNotStoredAsText(Ours).ShouldBeEmpty();

    [Fact]
    public void Enums_OneStoredAsNumber_IsFound() => ModelRules.EnumsNotStoredAsText(Planted).ShouldHaveSingleItem().ShouldContain(nameof(Careless.Day));

    [Fact]
    public void Model_HasNoChangeWithoutAMigration()
    {
        using var context = new OffGridFlowDbContext(new DbContextOptionsBuilder<OffGridFlowDbContext>().UseNpgsql("Host=none").Options);

        context.Database.HasPendingModelChanges().ShouldBeFalse("Add a migration with eng/add-migration.sh.");
    }

    private static IModel ModelOf(DbContext context)
    {
        using (context)
        {
            return context.GetService<IDesignTimeModel>().Model;
        }
    }

    private sealed class OwnedWithoutFilter : ITenantOwned
    {
        public Guid Id { get; init; }
        public Guid TenantId { get; init; }
    }

    private sealed class Careless
    {
        public Guid Id { get; init; }
        public Guid TenantId { get; init; }
        public decimal Amount { get; init; }
        public DayOfWeek? Day { get; init; }
    }

    private sealed class PlantedContext : DbContext
    {
        protected override void OnConfiguring(DbContextOptionsBuilder optionsBuilder) => optionsBuilder.UseNpgsql("Host=none");

        protected override void OnModelCreating(ModelBuilder modelBuilder)
        {
            modelBuilder.Entity<OwnedWithoutFilter>().HasQueryFilter("Deleted", row => row.Id != Guid.Empty);
            modelBuilder.Entity<Careless>();
        }
    }
}
