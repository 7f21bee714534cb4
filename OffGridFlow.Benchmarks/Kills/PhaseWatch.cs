using Npgsql;

namespace OffGridFlow.Benchmarks.Kills;

/// <summary>When the process dies: seen from outside, in the order in which an import goes through them.</summary>
internal enum KillPhase
{
    /// <summary>In the middle of the file's bytes.</summary>
    Upload,

    /// <summary>All bytes sent, no answer yet: the file is looked through, kept and queued.</summary>
    Answer,

    /// <summary>Within moments of the answer.</summary>
    Acknowledged,

    /// <summary>Answered, and waiting behind others.</summary>
    Queue,
    Load,
    Summarize,
    Publish,
    Undo,
    Cancel,
}

/// <summary>Sees by the statements that the application has under way in which phase its jobs are.</summary>
internal sealed class PhaseWatch(string connectionString) : IAsyncDisposable
{
    private readonly NpgsqlConnection connection = new(connectionString);

    /// <summary>The phase that is furthest; null while nothing of an import runs.</summary>
    public async Task<KillPhase?> SeeAsync(CancellationToken cancellationToken)
    {
        if (connection.State != System.Data.ConnectionState.Open)
            await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(
            """
            select max(case
              when query ~* '^\s*(create temp table|analyze affected|(delete from|insert into) monthly_totals|insert into (activity|emission)_|update (emission_intervals|import_batches|ledger_sequences))' then 3
              when query ~* '^\s*(insert into usage_summaries|select analyze_ledger)' then 2
              when query ~* '^\s*copy usage_lines' then 1 end)
            from pg_stat_activity where application_name like 'OffGridFlow%' and state <> 'idle'
            """, connection);
        return await command.ExecuteScalarAsync(cancellationToken) switch
        {
            3 => KillPhase.Publish,
            2 => KillPhase.Summarize,
            1 => KillPhase.Load,
            _ => null,
        };
    }

    /// <summary>Waits until the phase begins. False when <paramref name="ended"/> came first: it was too short to be seen.</summary>
    public async Task<bool> WaitForAsync(KillPhase phase, Func<Task<bool>> ended, CancellationToken cancellationToken)
    {
        for (var look = 0; ; look++)
        {
            if (await SeeAsync(cancellationToken) == phase)
                return true;
            if (look % 50 == 49 && await ended())
                return false;
        }
    }

    /// <summary>Process ids of the sessions that the application has, busy ones first.</summary>
    public async Task<List<int>> BackendsAsync(CancellationToken cancellationToken)
    {
        if (connection.State != System.Data.ConnectionState.Open)
            await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(
            "select pid from pg_stat_activity where application_name in ('OffGridFlow', 'OffGridFlow loader') order by state = 'idle', pid", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var backends = new List<int>();
        while (await reader.ReadAsync(cancellationToken))
            backends.Add(reader.GetInt32(0));
        return backends;
    }

    /// <summary>Whether the server has ended this session: it does so with all of them when one of them was killed.</summary>
    public async Task<bool> IsCutOffAsync(CancellationToken cancellationToken)
    {
        try
        {
            await SeeAsync(cancellationToken);
            return false;
        }
        catch (NpgsqlException)
        {
            return true;
        }
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();
}
