using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Persistence;

namespace OffGridFlow.Infrastructure.Calculation;

/// <summary>Calculates with a tenant's library, policy and own factors, and stores nothing.</summary>
public sealed class CalculationPreview(TenantDatabase database, ICalculationInputs inputs, CurrentUser user)
{
    /// <summary>What the tenant calculates with, as it stands now.</summary>
    public async Task<CalculationInputs> GetInputsAsync(CancellationToken cancellationToken)
    {
        user.Require(Permissions.CalculationsRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await inputs.GetAsync(unit, cancellationToken);
    }
}
