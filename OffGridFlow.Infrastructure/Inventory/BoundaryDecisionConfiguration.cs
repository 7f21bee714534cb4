using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Core.Organizations;

namespace OffGridFlow.Infrastructure.Inventory;

internal sealed class BoundaryDecisionConfiguration : IEntityTypeConfiguration<BoundaryDecision>
{
    public void Configure(EntityTypeBuilder<BoundaryDecision> builder)
    {
        builder.ToTable("BoundaryDecisions");
        builder.HasKey(decision => new { decision.PeriodId, decision.Category, decision.Version });
        builder.HasOne<ReportingPeriod>().WithMany().HasForeignKey(decision => decision.PeriodId).OnDelete(DeleteBehavior.Restrict);
        builder.Property(decision => decision.Reason).HasMaxLength(BoundaryDecisions.ReasonLength);
        builder.Property(decision => decision.Author).HasMaxLength(200);
        builder.Property(decision => decision.ApprovedBy).HasMaxLength(200);
        builder.HasIndex(decision => new { decision.TenantId, decision.PeriodId });
    }
}
