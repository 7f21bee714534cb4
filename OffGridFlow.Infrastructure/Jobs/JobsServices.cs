using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using OffGridFlow.Infrastructure.Persistence;
using Quartz;

namespace OffGridFlow.Infrastructure.Jobs;

public static class JobsServices
{
    /// <summary>The queue, the worker and the scheduler that wakes it.</summary>
    /// <param name="jobsConnectionString">Login for the scheduler's own tables, see <see cref="Database.JobsConnectionStringOf"/>.</param>
    public static IServiceCollection AddJobs(this IServiceCollection services, string jobsConnectionString)
    {
        services.AddSingleton<JobQueue>();
        services.AddSingleton<JobWorker>();
        services.AddSingleton<SystemJobRunner>();
        services.AddSingleton<JobFeed>();
        services.AddScoped<IJobConsole, JobConsole>();
        services.AddHostedService(provider => provider.GetRequiredService<JobWorker>());
        services.AddQuartz(quartz =>
        {
            quartz.UsePersistentStore(store =>
            {
                store.UsePostgres(jobsConnectionString);
                store.UseClustering(clustering => clustering.CheckinInterval = TimeSpan.FromSeconds(2));
                store.ProvisionSchema();
            });
            quartz.ScheduleJob<JobSweep>(
                trigger => trigger.WithIdentity("sweep").WithSimpleSchedule(schedule => schedule.WithInterval(TimeSpan.FromSeconds(10)).RepeatForever()),
                job => job.WithIdentity(JobSweep.Key));
            foreach (var nightly in SystemSchedules.All)
            {
                quartz.ScheduleJob<SystemJobDue>(
                    trigger => trigger.WithIdentity(nightly.Kind, "system").WithCronSchedule(
                        string.Create(CultureInfo.InvariantCulture, $"0 {nightly.At.Minute} {nightly.At.Hour} * * ?"), cron => cron.InTimeZone(TimeZoneInfo.Utc)),
                    job => job.WithIdentity(SystemSchedules.KeyOf(nightly.Kind)));
            }
        });
        services.AddQuartzHostedService(options => options.WaitForJobsToComplete = true);
        return services;
    }
}
