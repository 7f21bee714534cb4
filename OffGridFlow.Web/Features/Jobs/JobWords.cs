using System.Globalization;
using OffGridFlow.Core.Jobs;
using OffGridFlow.Infrastructure.Jobs;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Web.Features.Jobs;

/// <summary>Jobs in words.</summary>
internal static class JobWords
{
    private static readonly string[] Numbers =
        ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

    public static string Kind(string kind) => kind switch
    {
        "import" => "Import",
        "calculation-run" => "Calculation run",
        "sheet-import" => "Import of activity data",
        "sheet-check" => "Check of a spreadsheet",
        "sample-year" => "Sample data of the demo organization",
        "monthly-totals-proof" => "Monthly totals, proof against full scan",
        "unfinished-uploads" => "Unfinished uploads",
        "audit-chain-check" => "Audit chain check",
        _ => kind,
    };

    /// <summary>What a recurring job goes through.</summary>
    public static string Reach(string kind) => kind switch
    {
        "monthly-totals-proof" => "All organizations",
        "unfinished-uploads" => "Left by broken uploads for a day",
        "audit-chain-check" => "All organizations",
        _ => "",
    };

    public static string Icon(string kind) => kind switch
    {
        "import" => "plug",
        "calculation-run" => "refresh-ccw",
        "monthly-totals-proof" => "equal",
        "unfinished-uploads" => "file-x",
        "audit-chain-check" => "shield-check",
        _ => "list-checks",
    };

    public static string Name(JobRow job) => job.SubjectName is null ? Kind(job.Kind) : $"{Kind(job.Kind)}, {job.SubjectName}";

    /// <summary>Within a sentence: <c>the import of march.csv</c>.</summary>
    public static string InSentence(string kind, string? subject) => kind is "import" or "sheet-import"
        ? subject is null ? "another import" : $"the import of {subject}"
        : kind == "calculation-run" && subject is not null ? $"calculation run {subject}"
        : Kind(kind);

    public static string By(JobRow job) => By(job.CreatedBy);

    public static string By(string createdBy) => createdBy == SystemJobRun.ByAdministrator ? "An administrator" : createdBy;

    public static string Unit(string kind) => kind switch
    {
        "import" or "sheet-import" or "sheet-check" => "rows",
        "calculation-run" => "entries",
        "monthly-totals-proof" => "organizations",
        "unfinished-uploads" => "files",
        "audit-chain-check" => "organizations",
        _ => "steps",
    };

    /// <summary>E.g. <c>58,735 of 91,774 rows</c>.</summary>
    public static string Progress(JobRow job) =>
        $"{Format.Count(job.Done)}{(job.Total is { } total ? " of " + Format.Count(total) : "")} {Unit(job.Kind)}";

    public static string Speed(JobRow job) =>
        job.PerSecond is { } speed ? $"{(speed >= 1 ? Format.Count((long)speed) : Format.Number((decimal)speed, 1))}{Format.NoBreakSpace}{Unit(job.Kind)}/s" : "–";

    /// <summary>Null where it cannot be told.</summary>
    public static TimeSpan? Remaining(JobRow job) =>
        job.State == JobState.Running && job.PerSecond is > 0 and var speed && job.Total is { } total && total > job.Done ? TimeSpan.FromSeconds((total - job.Done) / speed) : null;

    public static string TimeLeft(JobRow job)
    {
        if (Remaining(job) is { } left) return "about " + Dates.Duration(left);
        if (job.State != JobState.Running) return "–";
        return job.Total is > 0 && job.Done >= job.Total ? "finishing" : "not known yet";
    }

    public static string Waits(JobRow job, DateTimeOffset now) => job.Wait switch
    {
        JobWait.Pause pause => $"Waits {Dates.Duration(pause.Until - now)} before attempt {Format.Count(pause.NextAttempt)}",
        JobWait.Behind behind => $"Waits for {InSentence(behind.Kind, behind.SubjectName)}: the same account and month",
        JobWait.FreeWorker free => $"Waits for a free worker: {Number(free.Slots)} {(free.Slots == 1 ? "job runs" : "jobs run")} at a time",
        _ => "Waits for a worker: none is running. An administrator can start one",
    };

    public static string Place(int place) => place switch
    {
        1 => "1st in line",
        2 => "2nd in line",
        3 => "3rd in line",
        _ => $"{Format.Count(place)}th in line",
    };

    public static string Tone(JobRow job) => job.State switch
    {
        JobState.Succeeded => job.WithErrors ? "warning" : "good",
        JobState.Failed => "error",
        JobState.Running => "accent",
        JobState.Queued => "ink",
        _ => "quiet",
    };

    public static string StateIcon(JobRow job) => job.State switch
    {
        JobState.Succeeded => job.WithErrors ? "triangle-alert" : "circle-check",
        JobState.Failed => "octagon-x",
        JobState.Running => "loader",
        JobState.Queued => "clock",
        _ => "circle-slash",
    };

    public static string State(JobRow job) => job.State switch
    {
        JobState.Succeeded => job.WithErrors ? "Completed with errors" : "Completed",
        JobState.Running => job.CancelRequested ? "Stopping" : "Running",
        var other => other.ToString(),
    };

    /// <summary>One sentence for the history.</summary>
    public static string Result(JobRow job) => job.State switch
    {
        JobState.Failed => job.Error ?? "The cause was not written down; the log of that time holds it.",
        JobState.Cancelled => job.Kind == "calculation-run" ? "Stopped; no figure was changed" : job.Kind is not ("import" or "sheet-import") ? "Stopped"
            : job.Done == 0 ? "Stopped before its first row; nothing was loaded" : $"Stopped at {Format.Count(job.Done)} rows; nothing was loaded",
        _ => Counts(job),
    };

    public static string Attempt(JobRow job) => $"{Format.Count(Math.Max(1, job.Attempts))} of {Format.Count(JobWorker.MostAttempts)}";

    public static string Took(JobRow job) => job is { StartedAt: { } started, FinishedAt: { } finished } ? Dates.Brief(finished - started) : "–";

    /// <summary>E.g. <c>Two running, one queued; one failure in the last 24 hours</c>.</summary>
    public static string Head(int running, int queued, long failed)
    {
        var now = running + queued == 0
            ? "Nothing is running or queued"
            : string.Join(", ", new[] { running > 0 ? Number(running) + " running" : null, queued > 0 ? Number(queued) + " queued" : null }.OfType<string>());
        var past = failed == 0 ? "no failure in the last 24 hours" : $"{Number(failed)} {(failed == 1 ? "failure" : "failures")} in the last 24 hours";
        return Capital(now) + "; " + past;
    }

    /// <summary>The finding above what is under way.</summary>
    public static string Queue(LiveJobs live)
    {
        var (running, queued) = (live.Running.Count(), live.Queued.Count());
        if (running + queued == 0) return "Nothing is running, nothing waits";
        if (queued == 0) return $"{Capital(Number(running))} {(running == 1 ? "job is" : "jobs are")} running, nothing waits";
        var waits = $"{Capital(Number(queued))} {(queued == 1 ? "job waits" : "jobs wait")}";
        var soonest = live.Queued.Select(job => StartsIn(job, live)).Where(start => start is not null).Min();
        return soonest is { } left ? $"{waits}; the next can start in about {Dates.Duration(left)}" : waits;
    }

    /// <summary>The finding above the history: how many jobs there are, and how many of them failed.</summary>
    /// <param name="narrowed">They are those of a kind, person or time, not all.</param>
    public static string History(JobHistoryCounts counts, bool narrowed)
    {
        if (counts.All == 0) return narrowed ? "No job that has ended fits this choice" : "No job has ended yet";
        var what = narrowed
            ? counts.All == 1 ? "One job that has ended fits this choice" : $"{Capital(Number(counts.All))} jobs that have ended fit this choice"
            : counts.All == 1 ? "One job has ended" : $"{Capital(Number(counts.All))} jobs have ended";
        return counts.Failed == 0 ? $"{what}; {(counts.All == 1 ? "it did not fail" : "none of them failed")}"
            : counts.All == 1 ? what + "; it failed" : $"{what}; {Number(counts.Failed)} of them failed";
    }

    /// <summary>The finding above the recurring jobs.</summary>
    public static string Schedules(IReadOnlyList<ScheduleRow> schedules)
    {
        var on = schedules.Count(schedule => !schedule.Paused);
        var runs = schedules.Sum(schedule => schedule.Runs.Count);
        var failed = schedules.Sum(schedule => schedule.Runs.Count(run => run.State == JobState.Failed));
        var state = on == schedules.Count ? on == 2 ? "Both schedules are on" : $"All {Number(on)} schedules are on" : $"{Capital(Number(on))} of {Number(schedules.Count)} schedules {(on == 1 ? "is" : "are")} on";
        return runs == 0 ? state + "; none has run yet" : failed == 0 ? state + "; no run failed" : $"{state}; {Number(failed)} of {Number(runs)} runs failed";
    }

    public static string Workers(LiveJobs live) => live.Workers == 0
        ? "No worker is alive: queued jobs wait"
        : $"{Capital(Number(live.Workers))} {(live.Workers == 1 ? "worker" : "workers")} alive, seen {(live.SeenAgo is { TotalSeconds: >= 1 } ago ? Dates.Duration(ago) + " ago" : "just now")}";

    /// <summary>What will be lost and what will not, before a job is cancelled.</summary>
    public static string CancelWords(JobRow job) => job.Kind is "import" or "sheet-import"
        ? (job.Done > 0 ? $"{Progress(job)} have been read. " : "It has not read a row yet. ")
            + "Nothing of the file will be in the ledger, and totals stay as they are. The file itself is kept: the job can be started again from the history."
        : job.Kind == "calculation-run" ? "The difference is not worked out, and no figure changes. The job can be started again from the history."
        : "It stops where it is. What it has done so far stays done, and it can be started again at any time.";

    /// <summary>Small numbers as words.</summary>
    public static string Number(long value) => value >= 0 && value < Numbers.Length ? Numbers[value] : Format.Count(value);

    public static string Capital(string text) => text.Length == 0 ? text : string.Create(CultureInfo.CurrentCulture, $"{char.ToUpper(text[0], CultureInfo.CurrentCulture)}{text[1..]}");

    /// <summary>Null where it cannot be told.</summary>
    private static TimeSpan? StartsIn(JobRow queued, LiveJobs live) => queued.Wait switch
    {
        JobWait.Pause pause => pause.Until - live.At,
        JobWait.Behind behind => live.Running.Where(job => job.Id == behind.JobId).Select(Remaining).FirstOrDefault(),
        JobWait.FreeWorker => live.Running.Select(Remaining).Where(left => left is not null).Min(),
        _ => null,
    };

    private static string Counts(JobRow job)
    {
        long Of(string name) => job.Result.GetValueOrDefault(name);
        if (job.Result.Count == 0) return "–";
        return job.Kind switch
        {
            "import" or "sheet-import" => $"{Format.Count(Of("read"))} read, {Format.Count(Of("loaded"))} loaded"
                + (Of("duplicate") > 0 ? $", {Format.Count(Of("duplicate"))} duplicate" : "") + (Of("rejected") > 0 ? $", {Format.Count(Of("rejected"))} rejected" : ""),
            "calculation-run" => $"{Format.Count(Of("entries"))} calculated, {Format.Count(Of("changed"))} would change",
            "monthly-totals-proof" => $"No difference in {Format.Count(Of("cells"))} {(Of("cells") == 1 ? "cell" : "cells")}",
            "audit-chain-check" => $"{Format.Count(Of("entries"))} {(Of("entries") == 1 ? "entry" : "entries")}, as they were sealed",
            "unfinished-uploads" => Of("files") == 0 ? "None found"
                : $"{Format.Count(Of("files"))} removed, {Format.Bytes(Of("bytes"))} freed",
            "sample-year" => $"{Format.Count(Of("files"))} files imported, in {Format.Count(Of("steps"))} steps",
            _ => string.Join(", ", job.Result.Select(count => $"{Format.Count(count.Value)} {count.Key}")),
        };
    }
}
