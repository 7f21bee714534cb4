using System.Data;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using OffGridFlow.Core.Auditing;
using OffGridFlow.Core.Identity;

namespace OffGridFlow.Infrastructure.Persistence;

/// <summary>
/// The way to a tenant's data. Each operation is one <see cref="TenantUnit"/>: a context, inside a transaction that names the tenant
/// of the current user. Dispose without <see cref="TenantUnit.CommitAsync"/> leaves nothing behind.
/// </summary>
public sealed class TenantDatabase(DbContextOptions<OffGridFlowDbContext> options, CurrentUser user, TimeProvider time)
{
    /// <exception cref="NotSignedInException">There is no current user.</exception>
    public Task<TenantUnit> OpenAsync(CancellationToken cancellationToken) => OpenAsync(IsolationLevel.ReadCommitted, cancellationToken);

    /// <param name="isolation"><see cref="IsolationLevel.RepeatableRead"/>: all statements of the unit see one state of the database.</param>
    /// <exception cref="NotSignedInException">There is no current user.</exception>
    public async Task<TenantUnit> OpenAsync(IsolationLevel isolation, CancellationToken cancellationToken)
    {
        var actor = user.Actor;
        var context = new OffGridFlowDbContext(options, actor.TenantId);
        try
        {
            await context.Database.BeginTransactionAsync(isolation, cancellationToken);
            return new TenantUnit(context, actor, user.Address, time);
        }
        catch
        {
            await context.DisposeAsync();
            throw;
        }
    }
}

/// <summary>One unit of work on a tenant's data.</summary>
public sealed class TenantUnit(OffGridFlowDbContext context, Actor actor, string? address, TimeProvider time) : IAsyncDisposable
{
    private static readonly JsonSerializerOptions AuditJson = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    public OffGridFlowDbContext Context => context;

    public Actor Actor => actor;

    /// <summary>The unit's connection, for statements that EF Core has no words for; they take part in its transaction.</summary>
    public NpgsqlConnection Connection => (NpgsqlConnection)context.Database.GetDbConnection();

    /// <summary>Adds what happened to the audit log, in this transaction.</summary>
    /// <param name="action">What was done, e.g. <c>import.published</c>.</param>
    /// <param name="subject">What it was done to, e.g. <c>import/0198…</c>.</param>
    /// <param name="details">The facts that matter, written as JSON.</param>
    /// <param name="before">The fields that were changed, as they were.</param>
    /// <param name="after">The same fields as they are now.</param>
    public void Audit(string action, string subject, object? details = null, object? before = null, object? after = null) =>
        context.AuditEntries.Add(new AuditEntry
        {
            Id = Guid.CreateVersion7(time.GetUtcNow()),
            TenantId = actor.TenantId,
            At = time.GetUtcNow(),
            ActorKind = actor.Kind,
            ActorId = actor.Id,
            ActorName = actor.DisplayName,
            Address = address,
            Action = action,
            Subject = subject,
            Details = details is null ? "{}" : Json(details),
            Before = before is null ? null : Json(before),
            After = after is null ? null : Json(after),
        });

    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        await context.SaveChangesAsync(cancellationToken);
        await context.Database.CommitTransactionAsync(cancellationToken);
    }

    public ValueTask DisposeAsync() => context.DisposeAsync();

    private static string Json(object facts) => JsonSerializer.Serialize(facts, AuditJson);
}
