using System.Data;
using System.Runtime.CompilerServices;
using Npgsql;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Auditing;

/// <inheritdoc cref="IAuditQueries"/>
internal sealed class AuditQueries(TenantDatabase database, CurrentUser user) : IAuditQueries
{
    /// <summary>For one answer of the database: free text is looked for in every entry.</summary>
    private const int TimeoutSeconds = 300;

    /// <summary>More than a menu can show; who looks for others writes the name into the text.</summary>
    private const int MostActors = 500;

    private const string Columns =
        "id, at, actor_kind, actor_id, actor_name, address, action, subject, details::text, before::text, after::text, sequence, hash, sealed_at";

    private static readonly string[] SearchedTexts = ["actor_name", "address", "action", "subject", "details::text", "before::text", "after::text"];

    public async Task<AuditPage> ListAsync(AuditFilter filter, string? cursor, int take, CancellationToken cancellationToken)
    {
        user.Require(Permissions.AuditRead);
        ArgumentOutOfRangeException.ThrowIfLessThan(take, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(take, 500);
        var parameters = new List<object?>();
        var where = Where(filter, parameters);
        if (Cursor.TryParse(cursor, out var at, out var id))
        {
            where += $" and (at, id) < ({Add(parameters, at)}, {Add(parameters, id)})";
        }

        await using var unit = await database.OpenAsync(cancellationToken);
        await using var command = unit.Connection.Command(
            $"select {Columns} from audit_entries where {where} order by at desc, id desc limit {Add(parameters, take + 1)}", [.. parameters]);
        command.CommandTimeout = TimeoutSeconds;
        var rows = new List<AuditRow>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(Read(reader));
        }

        var page = rows.Take(take).ToList();
        return new AuditPage(page, rows.Count > take ? Cursor.Of(page[^1].At, page[^1].Id) : null);
    }

    public async Task<AuditRow?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        user.Require(Permissions.AuditRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        return (await unit.Connection.ListAsync($"select {Columns} from audit_entries where id = $1", Read, cancellationToken, id)).SingleOrDefault();
    }

    /// <summary>Goes from each value to the next by the index: the time grows with the number of values, not with that of the entries.</summary>
    public async Task<AuditFacets> FacetsAsync(CancellationToken cancellationToken)
    {
        user.Require(Permissions.AuditRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        var actions = await unit.Connection.ListAsync(
            """
            with recursive found (value) as (
              (select action from audit_entries order by action limit 1)
              union all
              select (select e.action from audit_entries e where e.action > found.value order by e.action limit 1) from found where found.value is not null)
            select value from found where value is not null order by value
            """,
            row => row.GetString(0), cancellationToken);
        var actors = await unit.Connection.ListAsync(
            """
            with recursive found (value) as (
              (select actor_id from audit_entries where actor_id is not null order by actor_id limit 1)
              union all
              select (select e.actor_id from audit_entries e where e.actor_id > found.value order by e.actor_id limit 1) from found where found.value is not null)
            select newest.* from (select value from found where value is not null limit $1) as known, lateral (
              select e.actor_id, e.actor_kind, e.actor_name from audit_entries e where e.actor_id = known.value order by e.at desc, e.id desc limit 1) as newest
            """,
            ReadActor, cancellationToken, MostActors);
        var product = await unit.Connection.ListAsync(
            "select actor_id, actor_kind, actor_name from audit_entries where actor_id is null order by at desc, id desc limit 1", ReadActor, cancellationToken);
        return new AuditFacets(actions, [.. actors.OrderBy(actor => actor.Name, StringComparer.OrdinalIgnoreCase).ThenBy(actor => actor.Id), .. product]);
    }

    public async Task<AuditStatus> StatusAsync(CancellationToken cancellationToken)
    {
        user.Require(Permissions.AuditRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        return (await unit.Connection.ListAsync(
            """
            select coalesce(head.sequence, 0), head.hash, head.sealed_at, (select count(*) from audit_entries where sequence is null)
            from (select) as one left join lateral (
              select sequence, hash, sealed_at from audit_entries where sequence is not null order by sequence desc limit 1) as head on true
            """,
            row => new AuditStatus(
                row.GetInt64(0), row.IsDBNull(1) ? null : Convert.ToHexStringLower(row.GetFieldValue<byte[]>(1)), row.Optional<DateTimeOffset>(2), row.GetInt64(3)),
            cancellationToken)).Single();
    }

    public async IAsyncEnumerable<AuditRow> StreamAsync(AuditFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        user.Require(Permissions.AuditRead);
        var parameters = new List<object?>();
        var where = Where(filter, parameters);
        await using var unit = await database.OpenAsync(IsolationLevel.RepeatableRead, cancellationToken);
        foreach (var (part, order) in new[] { ("sequence is not null", "sequence"), ("sequence is null", "at, id") })
        {
            await using var command = unit.Connection.Command($"select {Columns} from audit_entries where {where} and {part} order by {order}", [.. parameters]);
            command.CommandTimeout = TimeoutSeconds;
            var ended = false;
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            try
            {
                while (await reader.ReadAsync(cancellationToken))
                {
                    yield return Read(reader);
                }

                ended = true;
            }
            finally
            {
                if (!ended)
                {
                    // Else the reader would fetch all the other rows before it closes.
                    command.Cancel();
                }
            }
        }
    }

    /// <summary>
    /// Written out with comparisons that PostgreSQL trusts under row-level security: a pattern (<c>like</c>) would be asked of each row,
    /// a span of texts is looked up in the index.
    /// </summary>
    internal static string Where(AuditFilter filter, List<object?> parameters)
    {
        var conditions = new List<string> { "true" };
        if (filter.From is { } from)
        {
            conditions.Add($"at >= {Add(parameters, from.ToUniversalTime())}");
        }

        if (filter.To is { } to)
        {
            conditions.Add($"at <= {Add(parameters, to.ToUniversalTime())}");
        }

        AddNames("action", filter.Action, '.', conditions, parameters);
        AddNames("subject", filter.Subject, '/', conditions, parameters);
        if (filter.ActorId is { } actor)
        {
            conditions.Add(actor == AuditFilter.Product ? "actor_id is null" : $"actor_id = {Add(parameters, actor)}");
        }

        if (!string.IsNullOrWhiteSpace(filter.Text))
        {
            var pattern = Add(parameters, $"%{Escape(filter.Text.Trim())}%");
            conditions.Add("(" + string.Join(" or ", SearchedTexts.Select(column => $"{column} ilike {pattern}")) + ")");
        }

        return string.Join(" and ", conditions);
    }

    private static void AddNames(string column, string? name, char end, List<string> conditions, List<object?> parameters)
    {
        if (string.IsNullOrEmpty(name))
        {
            return;
        }

        if (name[^1] != end)
        {
            conditions.Add($"{column} = {Add(parameters, name)}");
            return;
        }

        // The texts from “import.” up to “import/”, the next character after the period.
        conditions.Add($"{column} >= {Add(parameters, name)} and {column} < {Add(parameters, name[..^1] + (char)(end + 1))}");
    }

    private static string Add(List<object?> parameters, object value)
    {
        parameters.Add(value);
        return $"${parameters.Count}";
    }

    private static string Escape(string text) => text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal);

    private static AuditRow Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetFieldValue<DateTimeOffset>(1), Enum.Parse<ActorKind>(row.GetString(2)), row.Optional<Guid>(3), row.GetString(4), row.OptionalText(5),
        row.GetString(6), row.GetString(7), row.GetString(8), row.OptionalText(9), row.OptionalText(10), row.Optional<long>(11),
        row.IsDBNull(12) ? null : Convert.ToHexStringLower(row.GetFieldValue<byte[]>(12)), row.Optional<DateTimeOffset>(13));

    private static AuditActor ReadActor(NpgsqlDataReader row) => new(row.Optional<Guid>(0), Enum.Parse<ActorKind>(row.GetString(1)), row.GetString(2));
}
