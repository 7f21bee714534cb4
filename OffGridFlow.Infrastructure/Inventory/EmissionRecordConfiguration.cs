using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OffGridFlow.Core.Inventory;

namespace OffGridFlow.Infrastructure.Inventory;

internal sealed class EmissionRecordConfiguration : IEntityTypeConfiguration<EmissionRecord>
{
    public void Configure(EntityTypeBuilder<EmissionRecord> builder)
    {
        builder.ToTable("EmissionRecords");
        builder.HasKey(emission => emission.Id);
        builder.Property(emission => emission.Method).HasMaxLength(40);
        builder.Property(emission => emission.MethodVersion).HasMaxLength(100);
        builder.Property(emission => emission.GridFactorId).HasMaxLength(100);
        // No foreign key: nobody may delete an activity, and a run writes millions of results.
        builder.HasIndex(emission => emission.ActivityId);
        builder.Property(emission => emission.FactorId).HasMaxLength(200);
        builder.Property(emission => emission.FactorSetId).HasMaxLength(100);
        builder.Property(emission => emission.FactorSetChecksum).HasMaxLength(64);
        builder.Property(emission => emission.Derivation).HasColumnType("json");
        builder.HasIndex(emission => new { emission.TenantId, emission.FactorId }).HasFilter("factor_id is not null");
    }
}

internal sealed class EmissionIntervalConfiguration : IEntityTypeConfiguration<EmissionInterval>
{
    public void Configure(EntityTypeBuilder<EmissionInterval> builder)
    {
        builder.ToTable("EmissionIntervals");
        // No key and no foreign key: a run switches a million of them at once, and what it switches is in no index.
        builder.HasNoKey();
        builder.HasIndex(interval => new { interval.ActivityId, interval.ToSequence }).IsUnique().AreNullsDistinct(false);
    }
}

internal sealed class MonthlyTotalConfiguration : IEntityTypeConfiguration<MonthlyTotal>
{
    public void Configure(EntityTypeBuilder<MonthlyTotal> builder)
    {
        builder.ToTable("MonthlyTotals");
        builder.HasKey(total => new
        {
            total.TenantId, total.Month, total.Scope, total.Category, total.Scope2Method, total.Provider, total.Account, total.Service, total.Region,
            total.UsageClass, total.Method, total.CalculationMethod, total.Currency,
        });
        // The accounts and services of a tenant are read off these, from one to the next, however many totals there are; an inventory reads each account's months.
        builder.HasIndex(total => new { total.TenantId, total.Account, total.Provider, total.Month });
        builder.HasIndex(total => new { total.TenantId, total.Service });
        builder.Property(total => total.Scope2Method).HasMaxLength(10);
        builder.Property(total => total.Provider).HasMaxLength(20);
        builder.Property(total => total.Method).HasMaxLength(40);
        builder.Property(total => total.CalculationMethod).HasMaxLength(40).HasDefaultValue("");
        builder.Property(total => total.Currency).HasMaxLength(10);
        builder.Property(total => total.Co2KgCo2e).HasDefaultValue(0m);
        builder.Property(total => total.Ch4KgCo2e).HasDefaultValue(0m);
        builder.Property(total => total.N2oKgCo2e).HasDefaultValue(0m);
        builder.Property(total => total.HfcsKgCo2e).HasDefaultValue(0m);
        builder.Property(total => total.PfcsKgCo2e).HasDefaultValue(0m);
        builder.Property(total => total.Sf6KgCo2e).HasDefaultValue(0m);
        builder.Property(total => total.Nf3KgCo2e).HasDefaultValue(0m);
    }
}
