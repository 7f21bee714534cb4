using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OffGridFlow.Core.ActivityData;
using OffGridFlow.Core.Organizations;

namespace OffGridFlow.Infrastructure.ActivityData;

internal sealed class ActivityEntryConfiguration : IEntityTypeConfiguration<ActivityEntry>
{
    public void Configure(EntityTypeBuilder<ActivityEntry> builder)
    {
        builder.ToTable("ActivityEntries");
        builder.HasKey(entry => entry.Id);
        builder.HasOne<Site>().WithMany().HasForeignKey(entry => entry.SiteId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<ActivityEntry>().WithMany().HasForeignKey(entry => entry.ReversesId).OnDelete(DeleteBehavior.Restrict);
        builder.Property(entry => entry.ActivityType).HasMaxLength(300);
        builder.Property(entry => entry.Unit).HasMaxLength(40);
        builder.Property(entry => entry.Gas).HasMaxLength(60);
        builder.Property(entry => entry.FactorId).HasMaxLength(200);
        builder.Property(entry => entry.Reference).HasMaxLength(100);
        builder.Property(entry => entry.Note).HasMaxLength(2000);
        builder.Property(entry => entry.ChangedBy).HasMaxLength(200);
        builder.HasIndex(entry => new { entry.TenantId, entry.SiteId, entry.PeriodStart });
        builder.HasIndex(entry => new { entry.TenantId, entry.PeriodStart, entry.Id });
        builder.HasIndex(entry => new { entry.TenantId, entry.Reference }).HasFilter("reference is not null");
    }
}

internal sealed class ActivityEntryVersionConfiguration : IEntityTypeConfiguration<ActivityEntryVersion>
{
    public void Configure(EntityTypeBuilder<ActivityEntryVersion> builder)
    {
        builder.ToTable("ActivityEntryVersions");
        builder.HasKey(version => new { version.EntryId, version.Version });
        builder.HasOne<ActivityEntry>().WithMany().HasForeignKey(version => version.EntryId).OnDelete(DeleteBehavior.Restrict);
        builder.Property(version => version.Action).HasMaxLength(20);
        builder.Property(version => version.Content).HasColumnType("jsonb");
        builder.Property(version => version.Reason).HasMaxLength(2000);
        builder.Property(version => version.Author).HasMaxLength(200);
    }
}
