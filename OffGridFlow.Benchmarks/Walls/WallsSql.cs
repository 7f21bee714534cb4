using System.Globalization;
using System.Text;
using Npgsql;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Benchmarks.Walls;

/// <param name="Text">All rows that came back, and what the server said.</param>
/// <param name="Touched">Rows written; they were another's.</param>
internal sealed record WallsSqlAnswer(string Kind, string Statement, string Text, bool Refused, int Touched);

/// <summary>
/// Statements that a fault in the program, or an injection, might send: under the application's and the loader's role, with the tenant set
/// to one organization, after the data of another. Tables, partitions and functions are read from the catalog.
/// </summary>
internal sealed class WallsSql : IAsyncDisposable
{
    /// <summary>
    /// Functions that answer across organizations by design, since they are asked before one is known, or for all who look. None is
    /// reachable with an argument of the caller's choice other than its own secret; a new function is tried until it stands here.
    /// </summary>
    public static readonly IReadOnlyDictionary<string, string> Doors = new Dictionary<string, string>
    {
        ["set_up_state"] = "whether anybody can sign in; one word",
        ["find_user_by_email"] = "sign-in, by the e-mail address that was typed",
        ["find_user"] = "sign-in, by the id of the session's person",
        ["memberships_of"] = "sign-in, which organizations the person belongs to",
        ["save_user"] = "sign-in, the person who has just proved a password",
        ["count_failed_sign_in"] = "sign-in, wrong passwords of the person",
        ["clear_failed_sign_ins"] = "sign-in, after the right password",
        ["create_first_administrator"] = "set-up; does nothing once there is a person",
        ["create_session"] = "sign-in",
        ["find_session"] = "by the hash of a secret of 256 bits",
        ["find_session_by_id"] = "an open circuit that checks itself; the id never leaves the server",
        ["extend_session"] = "the session that was just found",
        ["end_session"] = "sign-out of the session that was just found",
        ["rotate_session"] = "by the hash of a refresh token",
        ["claim_job"] = "the worker, which then acts for the job's organization",
        ["claim_system_job"] = "the worker; these belong to no organization",
        ["open_jobs"] = "the one poller of a process, for the organizations whose people look; each is given its own",
        ["last_job_ends"] = "the same poller",
        ["tenant_ids"] = "work that goes through all organizations, each under its own row security",
        ["analyze_ledger"] = "takes and gives nothing",
        ["find_sessions_by_ids"] = "the same as by one id, for all circuits of a process",
        ["sessions_of"] = "a person's own sessions, in every organization, on their account page",
        ["end_other_sessions"] = "the same page, for the person who asks",
        ["rename_user"] = "the same page, for the person who asks",
        ["change_password"] = "the same page, for the person who has just proved the old one",
        ["belongs_elsewhere"] = "yes or no, of a person whom the caller names",
        ["find_api_key_by_id"] = "a request that is under way checks its own key again",
        ["note_api_key_use"] = "the key that was just found by its secret",
        ["unsealed_audit_tenants"] = "the sealer, which then works under each organization's row security",
        ["audit_heads"] = "the daily signed file of all chains' heads",
    };

    private readonly NpgsqlDataSource _app;
    private readonly NpgsqlDataSource _loader;
    private readonly IReadOnlyList<Table> _tables;
    private readonly IReadOnlyList<string> _partitions;
    private readonly IReadOnlyList<(string Name, string[] Types)> _functions;

    private WallsSql(NpgsqlDataSource app, NpgsqlDataSource loader, IReadOnlyList<Table> tables, IReadOnlyList<string> partitions, IReadOnlyList<(string, string[])> functions) =>
        (_app, _loader, _tables, _partitions, _functions) = (app, loader, tables, partitions, functions);

    public static async Task<WallsSql> CreateAsync(WallsServer server, CancellationToken cancellationToken)
    {
        await using var owner = await server.Database.Owner.OpenConnectionAsync(cancellationToken);
        var tables = new List<Table>();
        foreach (var name in await WallsWorld.TenantTablesAsync(owner, cancellationToken))
        {
            tables.Add(new Table(name, await owner.ListAsync(
                "select column_name::text from information_schema.columns where table_schema = 'public' and table_name = $1 order by ordinal_position",
                row => row.GetString(0), cancellationToken, name)));
        }

        return new WallsSql(
            server.As(Database.AppRole), server.As(Database.LoaderRole), tables,
            await owner.ListAsync("select relname::text from pg_class where relispartition and relkind = 'r' and relnamespace = 'public'::regnamespace order by 1", row => row.GetString(0), cancellationToken),
            await owner.ListAsync(
                """
                select p.proname::text, array(select format_type(t.oid, null) from unnest(p.proargtypes) with ordinality as a (type, place) join pg_type t on t.oid = a.type order by a.place)
                from pg_proc p where p.pronamespace = 'public'::regnamespace and p.prokind = 'f' and has_function_privilege('offgridflow_app', p.oid, 'execute')
                """,
                row => (row.GetString(0), row.GetFieldValue<string[]>(1)), cancellationToken));
    }

    public async Task<WallsSqlAnswer> TryAsync(Random random, WallsTenant mine, WallsTenant theirs, CancellationToken cancellationToken)
    {
        var (kind, statement, asLoader, commit) = Draw(random, theirs);
        await using var connection = await (asLoader ? _loader : _app).OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync("select set_config('offgridflow.tenant_id', $1, true)", cancellationToken, mine.Id.ToString());
        try
        {
            var (text, touched) = kind == "copy out" ? (await CopyOutAsync(connection, statement, cancellationToken), 0)
                : kind == "copy in" ? ("", await CopyInAsync(connection, statement, theirs, cancellationToken))
                : await RunAsync(connection, statement, cancellationToken);
            if (commit)
                await transaction.CommitAsync(cancellationToken);
            return new WallsSqlAnswer(kind, statement, text, Refused: false, commit ? touched : 0);
        }
        catch (PostgresException refusal)
        {
            return new WallsSqlAnswer(kind, statement, $"{refusal.MessageText} {refusal.Detail} {refusal.Hint} {refusal.Where}", Refused: true, 0);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _loader.DisposeAsync();
    }

    /// <summary>A commit only where the statement names the other's rows: what it changes is a breach, and stays to be found by the fingerprint.</summary>
    private (string Kind, string Statement, bool AsLoader, bool Commit) Draw(Random random, WallsTenant theirs)
    {
        var table = _tables[random.Next(_tables.Count)];
        var other = _tables[random.Next(_tables.Count)];
        var column = table.Columns[random.Next(table.Columns.Count)];
        var asLoader = random.Next(8) == 0;
        var b = $"'{theirs.Id}'";
        return random.Next(18) switch
        {
            0 => ("select", $"select t::text from {table.Name} t limit 300", asLoader, false),
            1 => ("select", $"select t.{column}::text from {table.Name} t where tenant_id = {b} limit 300", asLoader, false),
            2 => ("join", $"select t.tenant_id::text, o.tenant_id::text from {table.Name} t full join (select * from {other.Name} limit 50) o on false where coalesce(t.tenant_id, o.tenant_id) is not null limit 200", asLoader, false),
            3 => ("cte", $"with x as materialized (select * from {table.Name} limit 300) select x::text from x where exists (select from {other.Name})", asLoader, false),
            4 => ("cte", $"with x as (update {table.Name} set {column} = {column} where tenant_id = {b} returning *) select x::text from x", asLoader, true),
            5 => ("update", $"update {table.Name} set {column} = {column} where tenant_id = {b}", asLoader, true),
            6 => ("update", $"update {table.Name} set tenant_id = current_tenant() where tenant_id = {b}", asLoader, true),
            7 => ("update", $"update {table.Name} set {column} = {column} returning tenant_id::text", asLoader, false),
            8 => ("delete", $"delete from {table.Name} where tenant_id = {b}", asLoader, true),
            9 => ("delete", $"delete from {table.Name} t using {other.Name} o where o.tenant_id = {b} and t.tenant_id = o.tenant_id", asLoader, true),
            10 => ("insert", $"insert into {table.Name} select (jsonb_populate_record(t, jsonb_build_object('tenant_id', {b}))).* from {table.Name} t limit 1", asLoader, true),
            11 => ("insert", $"insert into {table.Name} (tenant_id) values ({b})", asLoader, true),
            12 => ("copy out", $"copy (select * from {table.Name} limit 300) to stdout", asLoader, false),
            13 => ("copy out", $"copy {table.Name} to stdout", asLoader, false),
            14 => random.Next(2) == 0
                ? ("copy in", $"copy {table.Name} ({column}, tenant_id) from stdin", asLoader, true)
                : ("copy in", $"copy {table.Name} (tenant_id) from stdin", asLoader, true),
            15 when _partitions.Count > 0 => Partition(random, b, asLoader),
            16 => Function(random, theirs),
            _ => ("catalog", $"select s::text from {Catalogs[random.Next(Catalogs.Length)]} s limit 500", asLoader, false),
        };
    }

    /// <summary>Where PostgreSQL itself keeps samples of columns or of what others ask.</summary>
    private static readonly string[] Catalogs = ["pg_stats", "pg_stat_activity", "pg_prepared_statements", "pg_cursors", "information_schema.columns", "pg_locks"];

    private (string, string, bool, bool) Partition(Random random, string b, bool asLoader)
    {
        var partition = _partitions[random.Next(_partitions.Count)];
        return random.Next(3) switch
        {
            0 => ("partition", $"select t::text from {partition} t limit 300", asLoader, false),
            1 => ("partition", $"delete from {partition} where tenant_id = {b}", asLoader, true),
            _ => ("partition", $"update {partition} set tenant_id = current_tenant() where tenant_id = {b}", asLoader, true),
        };
    }

    private (string, string, bool, bool) Function(Random random, WallsTenant theirs)
    {
        var closed = _functions.Where(function => !Doors.ContainsKey(function.Name)).ToList();
        var (name, types) = closed[random.Next(closed.Count)];
        string AnId()
        {
            var tables = theirs.Ids.Values.Where(ids => ids.Count > 0).ToList();
            var ids = tables[random.Next(tables.Count)];
            return random.Next(4) == 0 ? theirs.Id.ToString() : ids[random.Next(ids.Count)].ToString();
        }

        var arguments = types.Select(type => type switch
        {
            "uuid" => $"'{AnId()}'",
            "uuid[]" => $"array['{AnId()}', '{theirs.Id}']::uuid[]",
            "text" or "character varying" => $"'{theirs.People[random.Next(theirs.People.Count)].Email}'",
            "text[]" => $"array['aws/{theirs.Accounts[0]}/2024-01']",
            "date" => "date '2024-01-01'",
            "interval" => "interval '1 second'",
            "boolean" => "true",
            "integer" or "bigint" or "numeric" => random.Next(1, 20).ToString(CultureInfo.InvariantCulture),
            "bytea" => "'\\x00'::bytea",
            _ => $"null::{type}",
        });
        return ("function", $"select f::text from {name}({string.Join(", ", arguments)}) as f", false, true);
    }

    private static async Task<(string Text, int Touched)> RunAsync(NpgsqlConnection connection, string statement, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        await using var command = connection.Command(statement);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            for (var column = 0; column < reader.FieldCount; column++)
                text.Append(reader.IsDBNull(column) ? "" : Convert.ToString(reader.GetValue(column), CultureInfo.InvariantCulture)).Append('\t');
        }

        await reader.CloseAsync();
        return (text.ToString(), Math.Max(0, reader.RecordsAffected));
    }

    private static async Task<string> CopyOutAsync(NpgsqlConnection connection, string statement, CancellationToken cancellationToken)
    {
        using var reader = await connection.BeginTextExportAsync(statement, cancellationToken);
        return await reader.ReadToEndAsync(cancellationToken);
    }

    /// <summary>One line whose tenant is the other's; every value is that id, which a wall refuses before it is read.</summary>
    private static async Task<int> CopyInAsync(NpgsqlConnection connection, string statement, WallsTenant theirs, CancellationToken cancellationToken)
    {
        await using var writer = await connection.BeginTextImportAsync(statement, cancellationToken);
        await writer.WriteAsync(statement.Contains(", tenant_id)", StringComparison.Ordinal) ? $"{theirs.Id}\t{theirs.Id}\n" : $"{theirs.Id}\n");
        await writer.DisposeAsync();
        return 1;
    }

    private sealed record Table(string Name, IReadOnlyList<string> Columns);
}
