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
        // Words of the program, compared byte by byte: an index then answers what begins with “import.”.
        builder.Property(entry => entry.Action).HasMaxLength(100).UseCollation("C");
        builder.Property(entry => entry.Subject).HasMaxLength(300).UseCollation("C");
        builder.Property(entry => entry.Address).HasMaxLength(AuditEntry.AddressLength);
        builder.Property(entry => entry.Details).HasColumnType("jsonb");
        builder.Property(entry => entry.Before).HasColumnType("jsonb");
        builder.Property(entry => entry.After).HasColumnType("jsonb");
        // The lists, newest first: of everything, of one action, of one actor, of one subject.
        builder.HasIndex(entry => new { entry.TenantId, entry.At, entry.Id });
        builder.HasIndex(entry => new { entry.TenantId, entry.Action, entry.At, entry.Id });
        builder.HasIndex(entry => new { entry.TenantId, entry.ActorId, entry.At, entry.Id });
        builder.HasIndex(entry => new { entry.TenantId, entry.Subject, entry.At, entry.Id });
        // What the sealer has still to do: some rows of very many.
        builder.HasIndex(entry => new { entry.TenantId, entry.At, entry.Id }, "IX_AuditEntries_Unsealed").HasFilter("sequence is null");
        builder.HasIndex(entry => new { entry.TenantId, entry.Sequence }).IsUnique().HasFilter("sequence is not null");
    }
}
