using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OffGridFlow.Core.Imports;
using OffGridFlow.Core.Imports.Sheets;
using OffGridFlow.Core.Tenancy;

namespace OffGridFlow.Infrastructure.Imports.Sheets;

internal sealed class StoredSheetDraftConfiguration : IEntityTypeConfiguration<StoredSheetDraft>
{
    public void Configure(EntityTypeBuilder<StoredSheetDraft> builder)
    {
        builder.ToTable("SheetDrafts");
        builder.HasKey(draft => draft.Id);
        builder.HasOne<SourceDocument>().WithMany().HasForeignKey(draft => draft.DocumentId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Import>().WithMany().HasForeignKey(draft => draft.ImportId).OnDelete(DeleteBehavior.Restrict);
        builder.Property(draft => draft.FileName).HasMaxLength(400);
        builder.Property(draft => draft.State).HasMaxLength(20);
        builder.Property(draft => draft.Plan).HasColumnType("jsonb");
        builder.Property(draft => draft.View).HasColumnType("jsonb");
        builder.Property(draft => draft.Check).HasColumnType("jsonb");
        builder.Property(draft => draft.CreatedBy).HasMaxLength(200);
        builder.HasIndex(draft => new { draft.TenantId, draft.ChangedAt });
    }
}

internal sealed class StoredSheetMemoryConfiguration : IEntityTypeConfiguration<StoredSheetMemory>
{
    public void Configure(EntityTypeBuilder<StoredSheetMemory> builder)
    {
        builder.ToTable("SheetMemories");
        builder.HasKey(memory => new { memory.TenantId, memory.Headings });
        builder.HasOne<Tenant>().WithMany().HasForeignKey(memory => memory.TenantId).OnDelete(DeleteBehavior.Restrict);
        builder.Property(memory => memory.Headings).HasMaxLength(64).IsFixedLength();
        builder.Property(memory => memory.FileName).HasMaxLength(400);
        builder.Property(memory => memory.Plan).HasColumnType("jsonb");
        builder.Property(memory => memory.ChangedBy).HasMaxLength(200);
    }
}
