using System.Text.Json;
using Npgsql;
using OffGridFlow.Core.Jobs;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Jobs;

/// <summary>Both kinds of job read into one kind of row.</summary>
internal static class JobRows
{
    /// <summary>How many columns each of the two lists has.</summary>
    public const int Count = 21;

    /// <summary>Columns of <c>job_runs</c>, in the order that <see cref="Read"/> expects.</summary>
    public const string TenantColumns =
        """
        id, kind, false as is_system, subject_id, subject_name, state, with_errors, attempts, worker, queued_at, started_at, finished_at, progress_done,
        progress_total, cancel_requested, last_error, failure_is_final, created_by_id, created_by, result::text as result, not_before
        """;

    /// <summary>The same of <c>system_job_runs</c>.</summary>
    public const string SystemColumns =
        """
        id, kind, true as is_system, id as subject_id, null::text as subject_name, state, false as with_errors, attempts, worker, queued_at, started_at,
        finished_at, progress_done, progress_total, cancel_requested, last_error, false as failure_is_final, null::uuid as created_by_id, origin as created_by,
        result::text as result, not_before
        """;

    public static JobRow Read(NpgsqlDataReader row) => new()
    {
        Id = row.GetGuid(0),
        Kind = row.GetString(1),
        IsSystem = row.GetBoolean(2),
        SubjectId = row.GetGuid(3),
        SubjectName = row.OptionalText(4),
        State = Enum.Parse<JobState>(row.GetString(5)),
        WithErrors = row.GetBoolean(6),
        Attempts = row.GetInt32(7),
        Worker = row.OptionalText(8),
        QueuedAt = row.GetFieldValue<DateTimeOffset>(9),
        StartedAt = row.Optional<DateTimeOffset>(10),
        FinishedAt = row.Optional<DateTimeOffset>(11),
        Done = row.GetInt64(12),
        Total = row.Optional<long>(13),
        CancelRequested = row.GetBoolean(14),
        Error = row.OptionalText(15),
        FailureIsFinal = row.GetBoolean(16),
        CreatedById = row.Optional<Guid>(17),
        CreatedBy = row.GetString(18),
        Result = row.OptionalText(19) is { } json ? JsonSerializer.Deserialize<Dictionary<string, long>>(json)! : new Dictionary<string, long>(),
        NotBefore = row.Optional<DateTimeOffset>(20),
    };
}
