using Microsoft.EntityFrameworkCore;
using OffGridFlow.Core.ActivityData;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Infrastructure.EmissionFactors;
using OffGridFlow.Infrastructure.Persistence;

namespace OffGridFlow.Infrastructure.Calculation;

/// <inheritdoc cref="ICalculationInputs"/>
internal sealed class CalculationInputsReader(CalculationReference reference, TenantFactors factors, ICalculationPolicies policies) : ICalculationInputs
{
    public async Task<CalculationInputs> GetAsync(TenantUnit unit, CancellationToken cancellationToken)
    {
        var own = await factors.ListAsync(unit, cancellationToken);
        var policy = await policies.GetAsync(unit, cancellationToken);
        var instruments = await unit.Context.Set<StoredInstrument>().AsNoTracking().ToListAsync(cancellationToken);
        var rates = await unit.Context.ExchangeRates.AsNoTracking().Where(rate => !rate.IsWithdrawn).ToListAsync(cancellationToken);
        var levels = await unit.Context.PriceIndices.AsNoTracking().Where(level => !level.IsWithdrawn).ToListAsync(cancellationToken);
        var accounts = await unit.Context.AccountMaps.AsNoTracking().ToListAsync(cancellationToken);
        return new CalculationInputs(
            reference.Library.With(own), policy with { Money = new MoneyTables(rates.Select(rate => rate.ToRate()), levels.Select(level => level.ToLevel())) },
            [.. instruments.Where(instrument => instrument.IsUsed).Select(instrument => instrument.ToInstrument())])
        {
            Accounts = new AccountMaps(accounts),
        };
    }
}
