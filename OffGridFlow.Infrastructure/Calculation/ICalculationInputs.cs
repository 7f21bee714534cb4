using OffGridFlow.Core.ActivityData;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Infrastructure.Persistence;

namespace OffGridFlow.Infrastructure.Calculation;

/// <summary>What a tenant's entries are calculated with.</summary>
/// <param name="Library">The shipped factors with the tenant's own.</param>
/// <param name="Instruments">All of the tenant's; <see cref="ContractualInstrument.Sites"/> and <see cref="ContractualInstrument.Id"/> are ids as text.</param>
public sealed record CalculationInputs(FactorLibrary Library, CalculationPolicy Policy, IReadOnlyList<ContractualInstrument> Instruments)
{
    /// <summary>Which spending is counted by its physical amount.</summary>
    public AccountMaps Accounts { get; init; } = AccountMaps.None;
}

/// <summary>Gathers what a tenant calculates with, as it stands inside a unit.</summary>
public interface ICalculationInputs
{
    Task<CalculationInputs> GetAsync(TenantUnit unit, CancellationToken cancellationToken);
}
