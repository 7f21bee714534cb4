using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Core.Inventory;

namespace OffGridFlow.Infrastructure.Inventory;

/// <summary>
/// What <c>monthly_energy</c> holds of results, in one place for all who write and prove it: results of own operations that stand for energy, by month, place,
/// type, contract and gap (<c>docs/methods/energy.md</c>). In SQL a result is <c>e</c>.
/// </summary>
internal static class EnergyRollUp
{
    public const string Key = "month, scope, account, service, carrier, instrument_id, is_unstated, gap";

    public const string Figures = "results, kilowatt_hours, renewable_kilowatt_hours, nuclear_kilowatt_hours";

    /// <summary>Whether a result is in the roll-up at all. Never null.</summary>
    public const string Counts =
        """
        (e.scope < 3 and coalesce(e.calculation_method, '') in ('Fuel', 'Distance', 'PurchasedEnergy', 'OwnEnergy') and not e.comparison_only
          and coalesce(e.scope2_method, 'Market') = 'Market' and coalesce(e.part, 'Direct') in ('Direct', 'LifeCycle') and e.quality <> 'Excluded'
          and e.energy_gap is distinct from 'not-energy')
        """;

    /// <summary>One of <see cref="EnergyGaps"/>.</summary>
    public const string Gap =
        "case when e.quality = 'Missing' then 'no-result' when e.energy_carrier is null and e.energy_gap is null then 'not-worked-out' else e.energy_gap end";

    public const string IsUnstated = "coalesce(e.energy_unstated, false)";

    /// <summary><see cref="Key"/> of a result; to group by as well.</summary>
    /// <param name="activity">What has the result's account and service.</param>
    public static string KeyOf(string activity) => $"e.month, e.scope, {activity}.account, {activity}.service, e.energy_carrier, e.instrument_id, {IsUnstated}, {Gap}";

    /// <summary><see cref="Figures"/> of results.</summary>
    /// <param name="sign">1, or -1 for what no longer counts.</param>
    public static string SumOf(string sign = "1") =>
        $"sum({sign})::bigint, coalesce(sum({sign} * e.energy_kwh), 0), coalesce(sum({sign} * e.energy_renewable_kwh), 0), coalesce(sum({sign} * e.energy_nuclear_kwh), 0)";

    /// <summary><see cref="Counts"/> of a result that is not in the database yet.</summary>
    /// <param name="part">Null of a result without a figure.</param>
    /// <param name="gap">Of its energy.</param>
    public static bool IsCounted(int scope, CalculationMethod method, Scope2Method? view, FactorPart? part, DataQuality quality, string? gap) =>
        scope < 3 && view != Scope2Method.Location && quality != DataQuality.Excluded && gap != EnergyGaps.NotEnergy
        && method is CalculationMethod.Fuel or CalculationMethod.Distance or CalculationMethod.PurchasedEnergy or CalculationMethod.OwnEnergy
        && part is null or FactorPart.Direct or FactorPart.LifeCycle;
}
