using Microsoft.Extensions.Logging;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Jobs;
using OffGridFlow.Infrastructure.Jobs;
using OffGridFlow.Infrastructure.Persistence;

namespace OffGridFlow.Infrastructure.Imports.Samples.Year;

/// <summary>
/// Fills the demo organization with two invented years, through the product's own services and under the names of two people of it: what they wrote, imported and
/// approved has its audit entries, receipts and trails like anything else. Each step looks for what it would make, so that a job that was stopped goes on where it was.
/// </summary>
internal sealed partial class SampleYearJob(
    CurrentUser user, SampleYearPeople people, SampleYearGroup group, SampleYearImports imports, SampleYearReview review, SampleYearDecisions decisions, ILogger<SampleYearJob> logger)
    : IJobHandler
{
    public const string JobKind = "sample-year";

    /// <summary>What comes beside the files.</summary>
    private const int OtherSteps = 9;

    public static int Steps => SampleSheet.All.Count + OtherSteps;

    public string Kind => JobKind;

    public async Task RunAsync(JobContext job, CancellationToken cancellationToken)
    {
        try
        {
            await FillAsync(job, cancellationToken);
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or JobFailedException) && !JobWorker.MayPass(exception))
        {
            // The worker's own words speak of one file, of which nothing was loaded; here the steps before it stand.
            Log.Stopped(logger, job.Done, Steps, exception);
            throw SampleYear.Stopped(FormattableString.Invariant(
                $"something went wrong after step {job.Done} of {Steps} that the program did not foresee ({exception.GetType().Name}); the log holds the details under job {job.JobId}"));
        }
    }

    public Task EndAsync(JobContext job, TenantUnit unit, JobState outcome, string? error, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<string?> ReopenAsync(JobContext job, TenantUnit unit, CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    private async Task FillAsync(JobContext job, CancellationToken cancellationToken)
    {
        var done = 0;
        void Report() => job.Report(++done, Steps);

        var crew = await people.GatherAsync(job.SubjectId, cancellationToken);
        Report();
        using (user.ActAs(crew.Preparer))
        {
            await group.SetUpAsync(cancellationToken);
            Report();
            foreach (var sheet in SampleSheet.All)
            {
                using var acting = user.ActAs(sheet.IsReviewers ? crew.Reviewer : crew.Preparer);
                await imports.ImportAsync(sheet, cancellationToken);
                Report();
            }

            await imports.ImportBillAsync(cancellationToken);
            await group.MapAccountsAsync(cancellationToken);
            Report();
            await review.PlanAsync(cancellationToken);
            Report();
            await review.FillGapAsync(cancellationToken);
            Report();
        }

        foreach (var (one, other) in new[] { (crew.Reviewer, crew.Preparer), (crew.Preparer, crew.Reviewer) })
        {
            using var acting = user.ActAs(one);
            await review.ApproveAsync(other.UserId!.Value, cancellationToken);
        }

        Report();

        await decisions.DecideAsync(crew, cancellationToken);
        Report();
        await decisions.AimAsync(crew, cancellationToken);
        await decisions.LockAsync(crew, cancellationToken);
        Report();
        await decisions.ProposeAsync(crew, cancellationToken);
        Report();
        job.Result = new Dictionary<string, long> { ["files"] = SampleSheet.All.Count + 1, ["steps"] = done };
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 2501, Level = LogLevel.Error, Message = "The sample year stopped after step {Done} of {Steps}")]
        public static partial void Stopped(ILogger logger, long done, int steps, Exception exception);
    }
}
