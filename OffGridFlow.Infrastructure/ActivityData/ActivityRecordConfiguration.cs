using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OffGridFlow.Core.ActivityData;

namespace OffGridFlow.Infrastructure.ActivityData;

internal sealed class ActivityRecordConfiguration : IEntityTypeConfiguration<ActivityRecord>
{
    public void Configure(EntityTypeBuilder<ActivityRecord> builder)
    {
        builder.ToTable("ActivityRecords");
        builder.HasKey(activity => activity.Id);
        builder.Property(activity => activity.Provider).HasMaxLength(20);
        builder.Property(activity => activity.Unit).HasMaxLength(40);
        builder.Property(activity => activity.Currency).HasMaxLength(10);
        builder.HasIndex(activity => new { activity.TenantId, activity.Key, activity.Version }).IsUnique();
        builder.HasIndex(activity => new { activity.TenantId, activity.PeriodStart });
        builder.HasIndex(activity => new { activity.TenantId, activity.EntryId }).HasFilter("entry_id is not null");
    }
}
