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
        builder.Property(job => job.Lanes).HasDefaultValueSql("'{}'");
        builder.Property(job => job.CreatedBy).HasMaxLength(200).HasDefaultValue("OffGridFlow");
        builder.Property(job => job.SubjectName).HasMaxLength(400);
        builder.Property(job => job.Result).HasColumnType("jsonb");
        builder.Property(job => job.FailureIsFinal).HasDefaultValue(false);
        builder.Property(job => job.WithErrors).HasDefaultValue(false);
        builder.HasIndex(job => new { job.TenantId, job.QueuedAt });
        builder.HasIndex(job => new { job.TenantId, job.FinishedAt });
        // The sweep looks only for work that is not over: some rows of very many.
        builder.HasIndex(job => job.QueuedAt).HasFilter("state in ('Queued', 'Running')").HasDatabaseName("ix_job_runs_open");
    }
}

internal sealed class SystemJobRunConfiguration : IEntityTypeConfiguration<SystemJobRun>
{
    public void Configure(EntityTypeBuilder<SystemJobRun> builder)
    {
        builder.ToTable("SystemJobRuns");
        builder.HasKey(job => job.Id);
        builder.Property(job => job.Kind).HasMaxLength(60);
        builder.Property(job => job.Worker).HasMaxLength(200);
        builder.Property(job => job.Origin).HasMaxLength(40);
        builder.Property(job => job.LastError).HasMaxLength(4000);
        builder.Property(job => job.Result).HasColumnType("jsonb");
        builder.HasIndex(job => new { job.Kind, job.QueuedAt });
        // One of a kind at a time, whoever asks and on whatever node.
        builder.HasIndex(job => job.Kind).IsUnique().HasFilter("state in ('Queued', 'Running')").HasDatabaseName("ix_system_job_runs_open");
    }
}

internal sealed class SystemScheduleConfiguration : IEntityTypeConfiguration<SystemSchedule>
{
    public void Configure(EntityTypeBuilder<SystemSchedule> builder)
    {
        builder.ToTable("SystemSchedules");
        builder.HasKey(schedule => schedule.Kind);
        builder.Property(schedule => schedule.Kind).HasMaxLength(60);
    }
}

internal sealed class JobWorkerSignConfiguration : IEntityTypeConfiguration<JobWorkerSign>
{
    public void Configure(EntityTypeBuilder<JobWorkerSign> builder)
    {
        builder.ToTable("JobWorkers");
        builder.HasKey(worker => worker.Name);
        builder.Property(worker => worker.Name).HasMaxLength(200);
    }
}
