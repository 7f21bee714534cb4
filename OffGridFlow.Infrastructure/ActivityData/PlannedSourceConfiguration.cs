using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OffGridFlow.Core.ActivityData;
using OffGridFlow.Core.Organizations;

namespace OffGridFlow.Infrastructure.ActivityData;

internal sealed class PlannedSourceConfiguration : IEntityTypeConfiguration<PlannedSource>
{
    public void Configure(EntityTypeBuilder<PlannedSource> builder)
    {
        builder.ToTable("PlannedSources");
        builder.HasKey(source => source.Id);
        builder.HasOne<Site>().WithMany().HasForeignKey(source => source.SiteId).OnDelete(DeleteBehavior.Restrict);
        builder.Property(source => source.ActivityType).HasMaxLength(300);
        builder.Property(source => source.Owner).HasMaxLength(200);
        builder.Property(source => source.Note).HasMaxLength(2000);
        builder.HasIndex(source => new { source.TenantId, source.SiteId, source.ActivityType });
    }
}
