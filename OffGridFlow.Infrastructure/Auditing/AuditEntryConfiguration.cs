using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OffGridFlow.Core.Auditing;

namespace OffGridFlow.Infrastructure.Auditing;

internal sealed class AuditEntryConfiguration : IEntityTypeConfiguration<AuditEntry>
{
    public void Configure(EntityTypeBuilder<AuditEntry> builder)
    {
        builder.ToTable("AuditEntries");
        builder.HasKey(entry => entry.Id);
        builder.Property(entry => entry.ActorName).HasMaxLength(200);
        builder.Property(entry => entry.Action).HasMaxLength(100);
        builder.Property(entry => entry.Subject).HasMaxLength(300);
        builder.Property(entry => entry.Address).HasMaxLength(AuditEntry.AddressLength);
        builder.Property(entry => entry.Details).HasColumnType("jsonb");
        builder.Property(entry => entry.Before).HasColumnType("jsonb");
        builder.Property(entry => entry.After).HasColumnType("jsonb");
        builder.HasIndex(entry => new { entry.TenantId, entry.At });
    }
}
