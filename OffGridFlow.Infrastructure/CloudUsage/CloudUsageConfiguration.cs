using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OffGridFlow.Core.CloudUsage;
using OffGridFlow.Core.Imports;

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
        builder.HasOne<ImportBatch>().WithMany().HasForeignKey(summary => summary.BatchNumber).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<StoredUsageKind>().WithMany().HasForeignKey(summary => summary.KindId).OnDelete(DeleteBehavior.Restrict);
        builder.Property(summary => summary.Method).HasMaxLength(40);
        builder.Property(summary => summary.MethodVersion).HasMaxLength(100);
        builder.Property(summary => summary.GridFactorId).HasMaxLength(100);
        builder.Property(summary => summary.ClassUnit).HasMaxLength(40);
        builder.HasIndex(summary => new { summary.KindId, summary.UsageMonth });
    }
}
