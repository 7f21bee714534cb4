using OffGridFlow.Core.Calculation;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Calculation.Runs;

/// <summary>The energy of a result, as far as the roll-up of energy needs it; kWh at net calorific value.</summary>
/// <param name="Gap">One of <see cref="EnergyGaps"/>; null where there is a figure.</param>
internal sealed record RunEnergyAmounts(
    string? Carrier, Guid? InstrumentId, bool IsUnstated, string? Gap, decimal KilowattHours, decimal RenewableKilowattHours, decimal NuclearKilowattHours)
{
    /// <summary>Null for what is not in the energy ledger.</summary>
    public static RunEnergyAmounts? Of(CalculatedEntry calculated, CalculatedEmission emission) =>
        !EnergyRollUp.IsCounted(
            emission.Scope, calculated.MethodOf(emission.Scope, emission.Category), emission.Scope2Method, emission.Part, emission.Quality, emission.Energy?.Gap) ? null
        : emission.Energy is not { } energy ? Without(EnergyGaps.NotWorkedOut)
        : new RunEnergyAmounts(
            energy.Carrier?.ToString(), emission.Instrument is { } id ? Guid.Parse(id) : null, energy.IsUnstated, energy.Gap, energy.KilowattHours ?? 0m,
            energy.RenewableKilowattHours, energy.NuclearKilowattHours);

    /// <summary>Of an entry without a figure, in one view of Scope 2.</summary>
    public static RunEnergyAmounts? OfMissing(CalculatedEntry calculated, Scope2Method? view) =>
        EnergyRollUp.IsCounted(calculated.MissingScope, calculated.MethodOf(calculated.MissingScope, calculated.MissingCategory), view, null, calculated.MissingQuality, null)
            ? Without(EnergyGaps.NoResult) : null;

    private static RunEnergyAmounts Without(string gap) => new(null, null, false, gap, 0m, 0m, 0m);
}

/// <summary>By how much the roll-up of energy moves when a run begins to count, beside <see cref="RunMonths"/> and with its rules. Not for two threads.</summary>
internal sealed class RunEnergy
{
    private const int AtOnce = 5000;

    /// <summary><c>$1</c>: the attempt whose moves are brought into the roll-up; <c>$2</c>: 1 forwards, -1 back.</summary>
    private static readonly string Move =
        $"""
        insert into monthly_energy as t (tenant_id, {EnergyRollUp.Key}, {EnergyRollUp.Figures})
        select current_tenant(), {EnergyRollUp.Key}, $2 * results, $2 * kilowatt_hours, $2 * renewable_kilowatt_hours, $2 * nuclear_kilowatt_hours
        from calculation_run_energy where proposal_id = $1
        on conflict on constraint uq_monthly_energy do update
        set results = t.results + excluded.results, kilowatt_hours = t.kilowatt_hours + excluded.kilowatt_hours,
          renewable_kilowatt_hours = t.renewable_kilowatt_hours + excluded.renewable_kilowatt_hours,
          nuclear_kilowatt_hours = t.nuclear_kilowatt_hours + excluded.nuclear_kilowatt_hours
        """;

    /// <summary>As <see cref="RunMonths.WriteOfChangesAsync"/>, with its parameters.</summary>
    private static readonly string OfChanges =
        $"""
        insert into calculation_run_energy (proposal_id, tenant_id, {EnergyRollUp.Key}, {EnergyRollUp.Figures})
        select $2, current_tenant(), {EnergyRollUp.KeyOf("a")}, {EnergyRollUp.SumOf("e.sign")}
        from ({RunMonths.MovedResults}) e join activity_records a on a.id = e.activity_id
        where {EnergyRollUp.Counts}
        group by {EnergyRollUp.KeyOf("a")}
        """;

    private readonly Dictionary<CellKey, Cell> _cells = [];

    /// <param name="sign">1 for a result that would count, -1 for one that would no longer.</param>
    public void Add(RunActivity activity, DateOnly month, int scope, RunEnergyAmounts energy, int sign) => Add(
        new CellKey(month, scope, activity.Account, activity.Service, energy.Carrier, energy.InstrumentId, energy.IsUnstated, energy.Gap), sign,
        sign * energy.KilowattHours, sign * energy.RenewableKilowattHours, sign * energy.NuclearKilowattHours);

    /// <summary>Keeps the moves with the attempt; a cell that does not move has none.</summary>
    public async Task WriteAsync(TenantUnit unit, Guid proposal, CancellationToken cancellationToken)
    {
        foreach (var some in _cells.Where(cell => cell.Value.Moves).Chunk(AtOnce))
        {
            await unit.Connection.ExecuteAsync(
                $"""
                insert into calculation_run_energy (proposal_id, tenant_id, {EnergyRollUp.Key}, {EnergyRollUp.Figures})
                select $1, current_tenant(), m.* from unnest($2::date[], $3::integer[], $4::text[], $5::text[], $6::text[], $7::uuid[], $8::boolean[], $9::text[], $10::bigint[],
                  $11::numeric[], $12::numeric[], $13::numeric[]) as m
                """,
                cancellationToken, proposal, some.Select(cell => cell.Key.Month).ToArray(), some.Select(cell => cell.Key.Scope).ToArray(),
                some.Select(cell => cell.Key.Account).ToArray(), some.Select(cell => cell.Key.Service).ToArray(), some.Select(cell => cell.Key.Carrier).ToArray(),
                some.Select(cell => cell.Key.InstrumentId).ToArray(), some.Select(cell => cell.Key.IsUnstated).ToArray(), some.Select(cell => cell.Key.Gap).ToArray(),
                some.Select(cell => cell.Value.Results).ToArray(), some.Select(cell => cell.Value.KilowattHours).ToArray(),
                some.Select(cell => cell.Value.RenewableKilowattHours).ToArray(), some.Select(cell => cell.Value.NuclearKilowattHours).ToArray());
        }
    }

    public static Task WriteOfChangesAsync(TenantUnit unit, Guid proposal, Guid under, CancellationToken cancellationToken) =>
        unit.Connection.ExecuteLongAsync(OfChanges, cancellationToken, proposal, under);

    /// <param name="sign">1 lets the moves count, -1 takes them back.</param>
    /// <exception cref="InvalidOperationException">A cell would count fewer results than none: roll-up and results do not belong together.</exception>
    public static async Task MoveAsync(TenantUnit unit, Guid proposal, int sign, CancellationToken cancellationToken)
    {
        await unit.Connection.ExecuteLongAsync(Move, cancellationToken, proposal, sign);
        if (await unit.Connection.ScalarAsync<bool>("select exists (select from monthly_energy where results < 0)", cancellationToken))
        {
            throw new InvalidOperationException("A monthly sum of energy would count fewer results than none. Nothing was changed; compare the totals by the job that proves them.");
        }

        await unit.Connection.ExecuteLongAsync("delete from monthly_energy where results = 0", cancellationToken);
    }

    private void Add(CellKey key, long results, decimal kilowattHours, decimal renewable, decimal nuclear)
    {
        if (!_cells.TryGetValue(key, out var cell))
        {
            _cells[key] = cell = new Cell();
        }

        cell.Results += results;
        cell.KilowattHours += kilowattHours;
        cell.RenewableKilowattHours += renewable;
        cell.NuclearKilowattHours += nuclear;
    }

    private readonly record struct CellKey(
        DateOnly Month, int Scope, string Account, string Service, string? Carrier, Guid? InstrumentId, bool IsUnstated, string? Gap);

    private sealed class Cell
    {
        public long Results { get; set; }
        public decimal KilowattHours { get; set; }
        public decimal RenewableKilowattHours { get; set; }
        public decimal NuclearKilowattHours { get; set; }

        public bool Moves => (Results, KilowattHours, RenewableKilowattHours, NuclearKilowattHours) != (0, 0m, 0m, 0m);
    }
}
