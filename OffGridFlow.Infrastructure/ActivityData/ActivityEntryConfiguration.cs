using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OffGridFlow.Core.ActivityData;
using OffGridFlow.Core.Imports;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Core.Tenancy;

namespace OffGridFlow.Infrastructure.ActivityData;

internal sealed class ActivityEntryConfiguration : IEntityTypeConfiguration<ActivityEntry>
{
    public void Configure(EntityTypeBuilder<ActivityEntry> builder)
    {
        builder.ToTable("ActivityEntries");
        builder.HasKey(entry => entry.Id);
        builder.HasOne<Site>().WithMany().HasForeignKey(entry => entry.SiteId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<ActivityEntry>().WithMany().HasForeignKey(entry => entry.ReversesId).OnDelete(DeleteBehavior.Restrict);
        builder.Property(entry => entry.ActivityType).HasMaxLength(300);
        builder.Property(entry => entry.Unit).HasMaxLength(40);
        builder.Property(entry => entry.Gas).HasMaxLength(60);
        builder.Property(entry => entry.FactorId).HasMaxLength(200);
        builder.Property(entry => entry.Reference).HasMaxLength(100);
        builder.Property(entry => entry.Note).HasMaxLength(2000);
        builder.Property(entry => entry.ChangedBy).HasMaxLength(200);
        builder.Property(entry => entry.ExternalId).HasMaxLength(200);
        builder.Property(entry => entry.Balance).HasColumnType("jsonb").HasConversion(
            balance => JsonSerializer.Serialize(balance, (JsonSerializerOptions?)null),
            text => JsonSerializer.Deserialize<RefrigerantBalance>(text, (JsonSerializerOptions?)null)!);
        builder.Property(entry => entry.Confirmed).HasDefaultValueSql("'{}'");
        builder.Property(entry => entry.SourceSheet).HasMaxLength(200);
        builder.HasOne<Import>().WithMany().HasForeignKey(entry => entry.ImportId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<SourceDocument>().WithMany().HasForeignKey(entry => entry.DocumentId).OnDelete(DeleteBehavior.Restrict);
        // What an import brought, and whether a row of a file is there already.
        builder.HasIndex(entry => entry.ImportId).HasFilter("import_id is not null");
        builder.HasIndex(entry => new { entry.DocumentId, entry.SourceLine }).HasFilter("document_id is not null");
        builder.HasIndex(entry => new { entry.TenantId, entry.SiteId, entry.PeriodStart });
        builder.HasIndex(entry => new { entry.TenantId, entry.PeriodStart, entry.Id });
        builder.HasIndex(entry => new { entry.TenantId, entry.Reference }).HasFilter("reference is not null");
        // The order of the grid, and the neighbors that a check looks at.
        builder.HasIndex(entry => new { entry.TenantId, entry.SiteId, entry.ActivityType, entry.PeriodStart, entry.Id });
        builder.HasIndex(entry => new { entry.TenantId, entry.ExternalId }).IsUnique().HasFilter("external_id is not null");
        // An entry is taken back once.
        builder.HasIndex(entry => new { entry.TenantId, entry.ReversesId }).IsUnique().HasFilter("reverses_id is not null and status <> 'Excluded'");
    }
}

internal sealed class ActivityEntryVersionConfiguration : IEntityTypeConfiguration<ActivityEntryVersion>
{
    public void Configure(EntityTypeBuilder<ActivityEntryVersion> builder)
    {
        builder.ToTable("ActivityEntryVersions");
        builder.HasKey(version => new { version.EntryId, version.Version });
        builder.HasOne<ActivityEntry>().WithMany().HasForeignKey(version => version.EntryId).OnDelete(DeleteBehavior.Restrict);
        builder.Property(version => version.Action).HasMaxLength(20);
        builder.Property(version => version.Content).HasColumnType("jsonb");
        builder.Property(version => version.Reason).HasMaxLength(2000);
        builder.Property(version => version.Author).HasMaxLength(200);
    }
}

internal sealed class EntryCommentConfiguration : IEntityTypeConfiguration<EntryComment>
{
    public void Configure(EntityTypeBuilder<EntryComment> builder)
    {
        builder.ToTable("ActivityEntryComments");
        builder.HasKey(comment => comment.Id);
        builder.HasOne<ActivityEntry>().WithMany().HasForeignKey(comment => comment.EntryId).OnDelete(DeleteBehavior.Restrict);
        builder.Property(comment => comment.Text).HasMaxLength(EntryComment.TextLength);
        builder.Property(comment => comment.Author).HasMaxLength(200);
        builder.HasIndex(comment => new { comment.TenantId, comment.EntryId, comment.At });
    }
}

internal sealed class EntryDocumentConfiguration : IEntityTypeConfiguration<EntryDocument>
{
    public void Configure(EntityTypeBuilder<EntryDocument> builder)
    {
        builder.ToTable("ActivityEntryDocuments");
        builder.HasKey(document => new { document.EntryId, document.DocumentId });
        builder.HasOne<ActivityEntry>().WithMany().HasForeignKey(document => document.EntryId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<SourceDocument>().WithMany().HasForeignKey(document => document.DocumentId).OnDelete(DeleteBehavior.Restrict);
        builder.Property(document => document.FileName).HasMaxLength(400);
        builder.Property(document => document.AddedBy).HasMaxLength(200);
    }
}

internal sealed class EntryPolicyConfiguration : IEntityTypeConfiguration<EntryPolicy>
{
    public void Configure(EntityTypeBuilder<EntryPolicy> builder)
    {
        builder.ToTable("ActivityEntryPolicies");
        builder.HasKey(policy => policy.TenantId);
        builder.HasOne<Tenant>().WithMany().HasForeignKey(policy => policy.TenantId).OnDelete(DeleteBehavior.Restrict);
        builder.Property(policy => policy.ChangedBy).HasMaxLength(200);
    }
}
