using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OffGridFlow.Core.Imports;

namespace OffGridFlow.Infrastructure.Imports;

internal sealed class SourceDocumentConfiguration : IEntityTypeConfiguration<SourceDocument>
{
    public void Configure(EntityTypeBuilder<SourceDocument> builder)
    {
        builder.ToTable("SourceDocuments");
        builder.HasKey(document => document.Id);
        builder.Property(document => document.Sha256).HasMaxLength(64).IsFixedLength();
        builder.Property(document => document.FileName).HasMaxLength(400);
        builder.Property(document => document.MediaType).HasMaxLength(100);
        builder.HasIndex(document => new { document.TenantId, document.Sha256 }).IsUnique();
    }
}

internal sealed class ImportConfiguration : IEntityTypeConfiguration<Import>
{
    public void Configure(EntityTypeBuilder<Import> builder)
    {
        builder.ToTable("Imports");
        builder.HasKey(import => import.Id);
        builder.Property(import => import.Kind).HasMaxLength(40);
        builder.Property(import => import.FileName).HasMaxLength(400);
        builder.Property(import => import.CreatedBy).HasMaxLength(200);
        builder.Property(import => import.Error).HasMaxLength(4000);
        builder.Property(import => import.Cost).HasColumnType("jsonb");
        builder.Property(import => import.Periods).HasColumnType("jsonb");
        builder.HasOne<SourceDocument>().WithMany().HasForeignKey(import => import.DocumentId).OnDelete(DeleteBehavior.Restrict);
        builder.HasIndex(import => new { import.TenantId, import.CreatedAt, import.Id });
        builder.HasIndex(import => import.JobRunId);
    }
}

internal sealed class ImportBatchConfiguration : IEntityTypeConfiguration<ImportBatch>
{
    public void Configure(EntityTypeBuilder<ImportBatch> builder)
    {
        builder.ToTable("ImportBatches");
        builder.HasKey(batch => batch.Number);
        builder.Property(batch => batch.Number).UseIdentityAlwaysColumn();
        builder.Property(batch => batch.Provider).HasMaxLength(20);
        builder.Property(batch => batch.Entry).HasMaxLength(1000);
        builder.Property(batch => batch.Account).HasMaxLength(200);
        builder.Property(batch => batch.Cost).HasColumnType("jsonb");
        builder.HasOne<Import>().WithMany().HasForeignKey(batch => batch.ImportId).OnDelete(DeleteBehavior.Restrict);
        builder.HasIndex(batch => new { batch.TenantId, batch.Provider, batch.Account, batch.BillingMonth, batch.State });
        builder.HasIndex(batch => batch.SupersededByImportId);
    }
}

internal sealed class StoredRejectedRowConfiguration : IEntityTypeConfiguration<StoredRejectedRow>
{
    public void Configure(EntityTypeBuilder<StoredRejectedRow> builder)
    {
        builder.ToTable("RejectedRows");
        builder.HasKey(row => new { row.ImportId, row.Number });
        builder.Property(row => row.Entry).HasMaxLength(1000);
        builder.HasOne<Import>().WithMany().HasForeignKey(row => row.ImportId).OnDelete(DeleteBehavior.Cascade);
    }
}
