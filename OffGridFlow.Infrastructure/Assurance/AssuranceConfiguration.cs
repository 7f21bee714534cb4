using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OffGridFlow.Core.Assurance;
using OffGridFlow.Core.Organizations;

namespace OffGridFlow.Infrastructure.Assurance;

/// <summary>How long texts of an auditor may be.</summary>
internal static class PaperLengths
{
    public const int Author = 200;
    public const int Title = 200;
    public const int Text = 4000;
    public const int Line = 500;
    public const int Seed = 100;
}

internal sealed class AuditSampleConfiguration : IEntityTypeConfiguration<AuditSample>
{
    public void Configure(EntityTypeBuilder<AuditSample> builder)
    {
        builder.ToTable("AssuranceSamples");
        builder.HasOne<ReportingPeriod>().WithMany().HasForeignKey(sample => sample.PeriodId).OnDelete(DeleteBehavior.Restrict);
        builder.Property(sample => sample.Seed).HasMaxLength(PaperLengths.Seed);
        builder.Property(sample => sample.Activity).HasMaxLength(PaperLengths.Line);
        builder.Property(sample => sample.PopulationHash).HasMaxLength(64).IsFixedLength();
        builder.Property(sample => sample.Purpose).HasMaxLength(PaperLengths.Text);
        builder.Property(sample => sample.Author).HasMaxLength(PaperLengths.Author);
        builder.Property(sample => sample.SetAsideBy).HasMaxLength(PaperLengths.Author);
        builder.Property(sample => sample.SetAsideReason).HasMaxLength(PaperLengths.Text);
        builder.HasIndex(sample => new { sample.TenantId, sample.PeriodId, sample.Number }).IsUnique();
    }
}

internal sealed class AuditSampleItemConfiguration : IEntityTypeConfiguration<AuditSampleItem>
{
    public void Configure(EntityTypeBuilder<AuditSampleItem> builder)
    {
        builder.ToTable("AssuranceSampleItems");
        builder.HasKey(item => new { item.SampleId, item.Number });
        builder.HasOne<AuditSample>().WithMany().HasForeignKey(item => item.SampleId).OnDelete(DeleteBehavior.Restrict);
        builder.HasIndex(item => new { item.TenantId, item.ResultId });
    }
}

internal sealed class ItemCheckConfiguration : IEntityTypeConfiguration<ItemCheck>
{
    public void Configure(EntityTypeBuilder<ItemCheck> builder)
    {
        builder.ToTable("AssuranceItemChecks");
        builder.HasKey(check => new { check.SampleId, check.Number, check.Version });
        builder.HasOne<AuditSampleItem>().WithMany().HasForeignKey(check => new { check.SampleId, check.Number }).OnDelete(DeleteBehavior.Restrict);
        builder.Property(check => check.Note).HasMaxLength(PaperLengths.Text);
        builder.Property(check => check.DocumentSeen).HasMaxLength(PaperLengths.Line);
        builder.Property(check => check.Author).HasMaxLength(PaperLengths.Author);
        builder.HasIndex(check => check.TenantId);
    }
}

internal sealed class FindingConfiguration : IEntityTypeConfiguration<Finding>
{
    public void Configure(EntityTypeBuilder<Finding> builder)
    {
        builder.ToTable("AssuranceFindings");
        builder.HasOne<ReportingPeriod>().WithMany().HasForeignKey(finding => finding.PeriodId).OnDelete(DeleteBehavior.Restrict);
        builder.HasIndex(finding => new { finding.TenantId, finding.PeriodId, finding.Number }).IsUnique();
    }
}

internal sealed class FindingVersionConfiguration : IEntityTypeConfiguration<FindingVersion>
{
    public void Configure(EntityTypeBuilder<FindingVersion> builder)
    {
        builder.ToTable("AssuranceFindingVersions");
        builder.HasKey(version => new { version.FindingId, version.Version });
        builder.HasOne<Finding>().WithMany().HasForeignKey(version => version.FindingId).OnDelete(DeleteBehavior.Restrict);
        builder.Property(version => version.Title).HasMaxLength(PaperLengths.Title);
        builder.Property(version => version.Observation).HasMaxLength(PaperLengths.Text);
        builder.Property(version => version.Criterion).HasMaxLength(PaperLengths.Line);
        builder.Property(version => version.Cause).HasMaxLength(PaperLengths.Text);
        builder.Property(version => version.NotQuantified).HasMaxLength(PaperLengths.Text);
        builder.Property(version => version.AssignedTo).HasMaxLength(PaperLengths.Author);
        builder.Property(version => version.Answer).HasMaxLength(PaperLengths.Text);
        builder.Property(version => version.CorrectedBy).HasMaxLength(PaperLengths.Line);
        builder.Property(version => version.Note).HasMaxLength(PaperLengths.Text);
        builder.Property(version => version.Author).HasMaxLength(PaperLengths.Author);
        builder.HasIndex(version => version.TenantId);
    }
}

internal sealed class AssuranceMaterialityConfiguration : IEntityTypeConfiguration<AssuranceMateriality>
{
    public void Configure(EntityTypeBuilder<AssuranceMateriality> builder)
    {
        builder.ToTable("AssuranceMaterialities");
        builder.HasKey(materiality => new { materiality.PeriodId, materiality.Version });
        builder.HasOne<ReportingPeriod>().WithMany().HasForeignKey(materiality => materiality.PeriodId).OnDelete(DeleteBehavior.Restrict);
        builder.Property(materiality => materiality.Reason).HasMaxLength(PaperLengths.Text);
        builder.Property(materiality => materiality.Author).HasMaxLength(PaperLengths.Author);
        builder.HasIndex(materiality => materiality.TenantId);
    }
}
