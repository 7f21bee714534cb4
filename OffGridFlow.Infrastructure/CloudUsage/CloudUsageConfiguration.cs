using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OffGridFlow.Core.CloudUsage;

namespace OffGridFlow.Infrastructure.CloudUsage;

internal sealed class StoredUsageKindConfiguration : IEntityTypeConfiguration<StoredUsageKind>
{
    public void Configure(EntityTypeBuilder<StoredUsageKind> builder)
    {
        builder.ToTable("UsageKinds");
        builder.HasKey(kind => kind.Id);
        builder.Property(kind => kind.Id).UseIdentityAlwaysColumn();
        builder.Property(kind => kind.Provider).HasMaxLength(20);
        builder.Property(kind => kind.Currency).HasMaxLength(10);
        builder.HasIndex(kind => new
        {
            kind.TenantId, kind.Provider, kind.Account, kind.Service, kind.Region, kind.UsageType, kind.Unit, kind.InstanceType, kind.Vcpus, kind.Currency,
        }).IsUnique().AreNullsDistinct(false).HasDatabaseName("ix_usage_kinds_all");
    }
}

internal sealed class UsageSummaryConfiguration : IEntityTypeConfiguration<UsageSummary>
{
    public void Configure(EntityTypeBuilder<UsageSummary> builder)
    {
        builder.ToTable("UsageSummaries");
        builder.HasKey(summary => new { summary.BatchNumber, summary.KindId, summary.UsageMonth, summary.Charge });
        // No foreign keys: summaries are written once, by the load that made their batch and kinds, some ten thousand at a time.
        builder.Property(summary => summary.Method).HasMaxLength(40);
        builder.Property(summary => summary.MethodVersion).HasMaxLength(100);
        builder.Property(summary => summary.GridFactorId).HasMaxLength(100);
        builder.Property(summary => summary.ClassUnit).HasMaxLength(40);
        builder.HasIndex(summary => new { summary.KindId, summary.UsageMonth });
    }
}
