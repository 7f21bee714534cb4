using OffGridFlow.Core.Inventory;

namespace OffGridFlow.Infrastructure.Inventory;

/// <summary>The energy ledger under each consolidation approach, added up from the roll-up of energy (<c>docs/methods/energy.md</c>).</summary>
public interface IEnergyQueries
{
    /// <param name="filter">Its view of Scope 2 is not looked at: attributes go by contracts. A category of scope 3 finds nothing.</param>
    Task<EnergyStatement> ReadAsync(InventoryFilter filter, CancellationToken cancellationToken);
}
