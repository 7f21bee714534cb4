using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using OffGridFlow.Core.Tenancy;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Organizations;

/// <summary>The steps that every change of a versioned row takes.</summary>
internal static class Editing
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    /// <summary>
    /// From here to the end of the transaction nobody else changes the tenant's entities, sites, periods or contracts, so that what was checked is still
    /// true when it is written.
    /// </summary>
    public static Task LockAsync(TenantUnit unit, CancellationToken cancellationToken) => unit.Connection.ExecuteAsync(
        "select pg_advisory_xact_lock(hashtextextended('offgridflow.organizations ' || $1, 0))", cancellationToken, unit.Actor.TenantId.ToString());

    /// <summary>The row as it stands; null where there is none.</summary>
    public static Task<T?> FindAsync<T>(TenantUnit unit, Guid id, CancellationToken cancellationToken)
        where T : class, IVersioned => unit.Context.Set<T>().SingleOrDefaultAsync(row => row.Id == id, cancellationToken);

    /// <summary>Writes a new row, or a row that somebody saw in a version, and commits.</summary>
    /// <param name="id">Null for a new row.</param>
    /// <param name="look">What does not do in the values; gets the row as it stands, null for a new one.</param>
    /// <param name="make">The row as it is to be, of an id and a version.</param>
    /// <param name="record">Writes the audit log and what follows from the change; gets the former row, null for a new one, and the row.</param>
    public static async Task<Edit<T>> SaveAsync<T>(
        TenantUnit unit, Guid? id, int version, Func<T?, Task<Faults>> look, Func<Guid, int, T> make, Func<T?, T, Task> record, CancellationToken cancellationToken)
        where T : class, IVersioned
    {
        await LockAsync(unit, cancellationToken);
        var former = id is null ? null : await FindAsync<T>(unit, id.Value, cancellationToken);
        if (id is not null && Obstacle(former, version) is { } obstacle)
        {
            return obstacle;
        }

        var faults = await look(former);
        if (faults.Count > 0)
        {
            return new Edit<T>.Refused(faults);
        }

        var row = make(id ?? Guid.CreateVersion7(), (former?.Version ?? 0) + 1);
        unit.Context.Entry(row).State = former is null ? EntityState.Added : EntityState.Modified;
        await record(former, row);
        await unit.CommitAsync(cancellationToken);
        return new Edit<T>.Done(row);
    }

    /// <summary>Removes a row that somebody saw in a version, and commits.</summary>
    /// <param name="held">Why it cannot be removed, and what to do instead; null where it can.</param>
    /// <param name="record">Writes the audit log and what follows from the removal.</param>
    public static async Task<Edit<T>> RemoveAsync<T>(
        TenantUnit unit, Guid id, int version, Func<T, Task<string?>> held, Func<T, Task> record, CancellationToken cancellationToken)
        where T : class, IVersioned
    {
        await LockAsync(unit, cancellationToken);
        var former = await FindAsync<T>(unit, id, cancellationToken);
        if (Obstacle(former, version) is { } obstacle)
        {
            return obstacle;
        }

        if (await held(former!) is { } reason)
        {
            return new Edit<T>.Held(reason);
        }

        unit.Context.Remove(former!);
        await record(former!);
        await unit.CommitAsync(cancellationToken);
        return new Edit<T>.Done(former!);
    }

    /// <summary>Adds to the audit log that a row was made, with what was written of it, or which of its members were changed.</summary>
    /// <param name="action">Its first word is the kind of the row, e.g. <c>site.changed</c> for <c>site/…</c>.</param>
    /// <param name="former">Null of a new row.</param>
    /// <param name="inputOf">The row as people write it.</param>
    /// <param name="name">What tells a changed row to whoever reads the log.</param>
    public static void AuditEdit<TRow, TInput>(this TenantUnit unit, string action, TRow? former, TRow row, Func<TRow, TInput> inputOf, object name)
        where TRow : class, IVersioned
    {
        var subject = $"{action[..action.IndexOf('.', StringComparison.Ordinal)]}/{row.Id}";
        var after = inputOf(row);
        if (former is null)
        {
            unit.Audit(action, subject, after);
        }
        else
        {
            var (was, now) = Difference(inputOf(former), after);
            unit.Audit(action, subject, name, was, now);
        }
    }

    /// <summary>Rows in the order in which they were made.</summary>
    public static async Task<ListPage<T>> PageAsync<T>(IQueryable<T> rows, string? cursor, int limit, CancellationToken cancellationToken)
        where T : class, IVersioned
    {
        if (Cursor.Parse(cursor, 1) is { } parts)
        {
            var last = Guid.TryParse(parts[0], out var id) ? id : throw new InvalidCursorException();
            rows = rows.Where(row => row.Id.CompareTo(last) > 0);
        }

        var page = await rows.OrderBy(row => row.Id).Take(limit + 1).ToListAsync(cancellationToken);
        return page.Count > limit ? new ListPage<T>(page[..limit], Cursor.Of(page[limit - 1].Id.ToString("N"))) : new ListPage<T>(page, null);
    }

    /// <summary>The members that differ, as they were and as they are.</summary>
    public static (object Before, object After) Difference<T>(T before, T after)
    {
        var (was, now) = (JsonSerializer.SerializeToNode(before, Json)!.AsObject(), JsonSerializer.SerializeToNode(after, Json)!.AsObject());
        var names = now.Where(member => !JsonNode.DeepEquals(was[member.Key], member.Value)).Select(member => member.Key).ToList();
        return (names.ToDictionary(name => name, name => was[name]), names.ToDictionary(name => name, name => now[name]));
    }

    /// <summary>Why a row cannot be changed by somebody who saw a version of it; null where it can.</summary>
    private static Edit<T>? Obstacle<T>(T? row, int version)
        where T : class, IVersioned => row is null ? new Edit<T>.Gone() : row.Version == version ? null : new Edit<T>.Stale();
}
