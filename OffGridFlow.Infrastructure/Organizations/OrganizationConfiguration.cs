using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OffGridFlow.Core.Organizations;

namespace OffGridFlow.Infrastructure.Organizations;

internal sealed class OrganizationConfiguration : IEntityTypeConfiguration<Organization>
{
    public void Configure(EntityTypeBuilder<Organization> builder)
    {
        builder.ToTable("Organizations");
        builder.HasKey(organization => organization.Id);
        builder.Property(organization => organization.Name).HasMaxLength(200);
        builder.Property(organization => organization.Country).HasMaxLength(2);
        builder.Property(organization => organization.Sector).HasMaxLength(200);
        builder.Property(organization => organization.Lei).HasMaxLength(20);
        builder.HasIndex(organization => new { organization.TenantId, organization.Name }).IsUnique();
    }
}

internal sealed class SiteConfiguration : IEntityTypeConfiguration<Site>
{
    public void Configure(EntityTypeBuilder<Site> builder)
    {
        builder.ToTable("Sites");
        builder.HasKey(site => site.Id);
        builder.HasOne<Organization>().WithMany().HasForeignKey(site => site.OrganizationId).OnDelete(DeleteBehavior.Restrict);
        builder.Property(site => site.Name).HasMaxLength(200);
        builder.Property(site => site.Country).HasMaxLength(2);
        builder.Property(site => site.Region).HasMaxLength(40);
        builder.Property(site => site.Address).HasMaxLength(500);
        builder.HasIndex(site => new { site.TenantId, site.Name }).IsUnique();
    }
}
