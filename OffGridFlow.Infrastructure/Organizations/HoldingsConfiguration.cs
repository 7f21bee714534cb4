using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OffGridFlow.Core.Organizations;

namespace OffGridFlow.Infrastructure.Organizations;

internal sealed class OwnershipConfiguration : IEntityTypeConfiguration<Ownership>
{
    public void Configure(EntityTypeBuilder<Ownership> builder)
    {
        builder.ToTable("Ownerships");
        builder.HasKey(ownership => ownership.Id);
        builder.HasOne<Organization>().WithMany().HasForeignKey(ownership => ownership.ParentId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Organization>().WithMany().HasForeignKey(ownership => ownership.ChildId).OnDelete(DeleteBehavior.Restrict);
        builder.HasIndex(ownership => new { ownership.TenantId, ownership.ChildId });
    }
}

internal sealed class LeaseConfiguration : IEntityTypeConfiguration<Lease>
{
    public void Configure(EntityTypeBuilder<Lease> builder)
    {
        builder.ToTable("Leases");
        builder.HasKey(lease => lease.Id);
        builder.HasOne<Organization>().WithMany().HasForeignKey(lease => lease.OrganizationId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Site>().WithMany().HasForeignKey(lease => lease.SiteId).OnDelete(DeleteBehavior.Restrict);
        builder.Property(lease => lease.Asset).HasMaxLength(200);
        builder.HasIndex(lease => new { lease.TenantId, lease.OrganizationId });
    }
}

internal sealed class AccountMappingConfiguration : IEntityTypeConfiguration<AccountMapping>
{
    public void Configure(EntityTypeBuilder<AccountMapping> builder)
    {
        builder.ToTable("AccountMappings");
        builder.HasKey(mapping => mapping.Id);
        builder.HasOne<Organization>().WithMany().HasForeignKey(mapping => mapping.OrganizationId).OnDelete(DeleteBehavior.Restrict);
        builder.Property(mapping => mapping.Provider).HasMaxLength(40);
        builder.Property(mapping => mapping.Account).HasMaxLength(200);
        builder.HasIndex(mapping => new { mapping.TenantId, mapping.Provider, mapping.Account });
    }
}

internal sealed class ReportingPeriodConfiguration : IEntityTypeConfiguration<ReportingPeriod>
{
    public void Configure(EntityTypeBuilder<ReportingPeriod> builder)
    {
        builder.ToTable("ReportingPeriods");
        builder.HasKey(period => period.Id);
        builder.Property(period => period.Name).HasMaxLength(100);
        builder.HasIndex(period => new { period.TenantId, period.Name }).IsUnique();
        builder.HasIndex(period => new { period.TenantId, period.FirstDay });
    }
}

internal sealed class BusinessFigureConfiguration : IEntityTypeConfiguration<BusinessFigure>
{
    public void Configure(EntityTypeBuilder<BusinessFigure> builder)
    {
        builder.ToTable("BusinessFigures");
        builder.HasKey(figure => new { figure.OrganizationId, figure.PeriodId, figure.Version });
        builder.HasOne<Organization>().WithMany().HasForeignKey(figure => figure.OrganizationId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<ReportingPeriod>().WithMany().HasForeignKey(figure => figure.PeriodId).OnDelete(DeleteBehavior.Restrict);
        builder.Property(figure => figure.Currency).HasMaxLength(3);
        builder.Property(figure => figure.OutputUnit).HasMaxLength(60);
        builder.Property(figure => figure.Reason).HasMaxLength(2000);
        builder.Property(figure => figure.Author).HasMaxLength(200);
        builder.HasIndex(figure => new { figure.TenantId, figure.PeriodId });
    }
}
