using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using OffGridFlow.Core.Tenancy;

namespace OffGridFlow.Infrastructure.Persistence;

/// <summary>Refuses to save a row of any other tenant than the context's own, whatever code made it.</summary>
internal sealed class TenantWriteInterceptor : SaveChangesInterceptor
{
    public override InterceptionResult<int> SavingChanges(DbContextEventData eventData, InterceptionResult<int> result)
    {
        Check(eventData.Context);
        return result;
    }

    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        Check(eventData.Context);
        return ValueTask.FromResult(result);
    }

    private static void Check(DbContext? context)
    {
        if (context is not OffGridFlowDbContext database)
        {
            return;
        }

        foreach (var entry in database.ChangeTracker.Entries<ITenantOwned>())
        {
            if (entry.State is EntityState.Added or EntityState.Modified or EntityState.Deleted && entry.Entity.TenantId != database.TenantId)
            {
                throw new ForeignTenantException(entry.Metadata.DisplayName());
            }
        }
    }
}

/// <summary>Code tried to write a row of another tenant: a fault of the program, never of the user.</summary>
public sealed class ForeignTenantException(string entity)
    : InvalidOperationException($"A {entity} of another tenant was about to be written. Nothing was saved.");
