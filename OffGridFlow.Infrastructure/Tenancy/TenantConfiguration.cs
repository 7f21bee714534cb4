using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OffGridFlow.Core.Tenancy;

namespace OffGridFlow.Infrastructure.Tenancy;

internal sealed class TenantConfiguration : IEntityTypeConfiguration<Tenant>
{
    public void Configure(EntityTypeBuilder<Tenant> builder)
    {
        builder.ToTable("Tenants");
        builder.HasKey(tenant => tenant.Id);
        builder.Property(tenant => tenant.Name).HasMaxLength(Tenant.NameLength);
    }
}

internal sealed class LedgerSequenceConfiguration : IEntityTypeConfiguration<LedgerSequence>
{
    public void Configure(EntityTypeBuilder<LedgerSequence> builder)
    {
        builder.ToTable("LedgerSequences");
        builder.HasKey(sequence => sequence.TenantId);
        builder.HasOne<Tenant>().WithOne().HasForeignKey<LedgerSequence>(sequence => sequence.TenantId).OnDelete(DeleteBehavior.Cascade);
    }
}
