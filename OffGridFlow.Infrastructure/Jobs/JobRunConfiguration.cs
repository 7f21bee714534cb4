using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OffGridFlow.Core.Jobs;

namespace OffGridFlow.Infrastructure.Jobs;

internal sealed class JobRunConfiguration : IEntityTypeConfiguration<JobRun>
{
    public void Configure(EntityTypeBuilder<JobRun> builder)
    {
        builder.ToTable("JobRuns");
        builder.HasKey(job => job.Id);
        builder.Property(job => job.Kind).HasMaxLength(60);
        builder.Property(job => job.Worker).HasMaxLength(200);
        builder.Property(job => job.LastError).HasMaxLength(4000);
        builder.HasIndex(job => new { job.TenantId, job.QueuedAt });
        // The sweep looks only for work that is not over: some rows of very many.
        builder.HasIndex(job => job.QueuedAt).HasFilter("state in ('Queued', 'Running')").HasDatabaseName("ix_job_runs_open");
    }
}
