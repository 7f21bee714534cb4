using OffGridFlow.Core.Inventory;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Calculation.Runs;

/// <summary>What an activity gives to the key of its monthly totals.</summary>
internal sealed record RunActivity(string Account, string Service, string Region, bool IsSubmitted);

/// <summary>A result as far as a monthly total needs it, each figure as the ledger holds it.</summary>
internal readonly record struct RunAmounts(
    DateOnly Month, int Scope, int Category, string View, string Method, DataQuality Quality, decimal? KilowattHours, decimal? Kg, decimal Defaulted, decimal? Biogenic, GasSplit Gases)
{
    /// <summary>Null for what is not in the energy ledger.</summary>
    public RunEnergyAmounts? Energy { get; init; }
}

/// <summary>
/// By how much the monthly totals, and the roll-up of energy with them, move when a run begins to count, so that neither approval nor rollback has to add a
/// million results up. Sums of exact decimals are exact: what is added once and taken off again leaves the digits that stood before. Grows with sites, types and months; not for two threads.
/// </summary>
internal sealed class RunMonths
{
    private const int Figures = 13;
    private const int AtOnce = 5000;

    /// <summary>Columns of <c>calculation_run_months</c> and <c>monthly_totals</c>, in the order of <see cref="Cell.Figures"/>.</summary>
    private static readonly string[] Columns =
    [
        "kilowatt_hours", "kg_co2e", "measured_kg_co2e", "defaulted_kg_co2e", "biogenic_kg_co2", "submitted_kg_co2e",
        "co2_kg_co2e", "ch4_kg_co2e", "n2o_kg_co2e", "hfcs_kg_co2e", "pfcs_kg_co2e", "sf6_kg_co2e", "nf3_kg_co2e",
    ];

    private const string Key = "month, scope, category, scope2_method, account, service, region, calculation_method";

    private static readonly string Same =
        $"""
        {string.Join(" and ", Key.Split(", ").Select(column => $"t.{column} = m.{column}"))}
          and t.provider = '{EntryLedger.Provider}' and t.usage_class = 'None' and t.method = '{EntryLedger.Method}' and t.currency = ''
        """;

    private static string List(Func<string, string> each) => string.Join(", ", Columns.Select(each));

    /// <summary>
    /// <c>$1</c>: the attempt whose moves are brought into the totals; <c>$2</c>: 1 forwards, -1 back. Nobody else writes totals of the tenant meanwhile, so those that stand
    /// are found by one join and not each by its key.
    /// </summary>
    private static readonly string Move =
        $"""
        update monthly_totals t set activities = t.activities + $2 * m.activities, activities_without_result = t.activities_without_result + $2 * m.activities_without_result,
          {List(column => $"{column} = t.{column} + $2 * m.{column}")}
        from calculation_run_months m where m.proposal_id = $1 and {Same}
        """;

    /// <summary>The totals that do not stand yet, after <see cref="Move"/> and with its parameters.</summary>
    private static readonly string Begin =
        $"""
        insert into monthly_totals (tenant_id, {Key}, provider, usage_class, method, comparison_only, currency, operational_kg_co2e, embodied_kg_co2e, cost, unmapped_cost,
          activities, activities_without_result, {List(column => column)})
        select current_tenant(), {Key}, '{EntryLedger.Provider}', 'None', '{EntryLedger.Method}', false, '', 0, 0, 0, 0,
          $2 * activities, $2 * activities_without_result, {List(column => "$2 * " + column)}
        from calculation_run_months where proposal_id = $1
        on conflict (tenant_id, month, scope, category, scope2_method, provider, account, service, region, usage_class, method, calculation_method, currency) do nothing
        """;

    /// <summary>Results of <c>run_changes</c>: those of the run with the sign 1, those that it replaced with -1. <c>$1</c>: the attempt.</summary>
    internal const string MovedResults =
        """
        select e.*, 1 as sign from run_changes c join emission_records e on e.activity_id = c.activity_id and e.proposal_id = $1
        union all
        select e.*, -1 from run_changes c join emission_records e on e.activity_id = c.activity_before and e.proposal_id is not distinct from c.proposal_before
        """;

    /// <summary>
    /// The moves of <c>run_changes</c> alone, from what stands in the ledger: of a run of which some entries have been changed since. <c>$1</c>: the attempt;
    /// <c>$2</c>: under which one they are written.
    /// </summary>
    private static readonly string OfChanges =
        $"""
        insert into calculation_run_months (proposal_id, tenant_id, {Key}, activities, activities_without_result, {List(column => column)})
        select $2, current_tenant(), m.month, m.scope, coalesce(m.category, 0), coalesce(m.scope2_method, ''), a.account, a.service, a.region, coalesce(m.calculation_method, ''),
          sum(sign), coalesce(sum(sign) filter (where m.quality = 'Missing'), 0), coalesce(sum(sign * m.kilowatt_hours), 0), coalesce(sum(sign * m.kg_co2e), 0),
          coalesce(sum(sign * m.kg_co2e) filter (where m.quality = 'Measured'), 0), coalesce(sum(sign * m.defaulted_kg_co2e), 0), coalesce(sum(sign * m.biogenic_kg_co2), 0),
          coalesce(sum(sign * m.kg_co2e) filter (where a.entry_status = 'Submitted'), 0), {string.Join(", ", Columns.Skip(6).Select(column => $"coalesce(sum(sign * m.{column}), 0)"))}
        from ({MovedResults}) m join activity_records a on a.id = m.activity_id
        group by 3, 4, 5, 6, 7, 8, 9, 10
        """;

    private readonly Dictionary<CellKey, Cell> _cells = [];
    private readonly RunEnergy _energy = new();

    /// <param name="sign">1 for results that would count, -1 for those that would no longer.</param>
    public void Add(RunActivity activity, List<RunAmounts> results, int sign)
    {
        foreach (var result in results)
        {
            Add(activity, result, sign);
        }
    }

    private void Add(RunActivity activity, in RunAmounts result, int sign)
    {
        var key = new CellKey(result.Month, result.Scope, result.Category, result.View, activity.Account, activity.Service, activity.Region, result.Method);
        if (!_cells.TryGetValue(key, out var cell))
        {
            _cells[key] = cell = new Cell();
        }

        cell.Results += sign;
        cell.Missing += result.Quality == DataQuality.Missing ? sign : 0;
        var kg = result.Kg ?? 0m;
        Add(cell, 0, result.KilowattHours, sign);
        Add(cell, 1, kg, sign);
        Add(cell, 2, result.Quality == DataQuality.Measured ? kg : 0m, sign);
        Add(cell, 3, result.Defaulted, sign);
        Add(cell, 4, result.Biogenic, sign);
        Add(cell, 5, activity.IsSubmitted ? kg : 0m, sign);
        Add(cell, 6, result.Gases.Co2, sign);
        Add(cell, 7, result.Gases.Ch4, sign);
        Add(cell, 8, result.Gases.N2o, sign);
        Add(cell, 9, result.Gases.Hfcs, sign);
        Add(cell, 10, result.Gases.Pfcs, sign);
        Add(cell, 11, result.Gases.Sf6, sign);
        Add(cell, 12, result.Gases.Nf3, sign);
        if (result.Energy is { } energy)
        {
            _energy.Add(activity, result.Month, result.Scope, energy, sign);
        }
    }

    /// <summary>Keeps the moves with the attempt; months of which nothing but a word changes too, since they say where results begin and end.</summary>
    public async Task WriteAsync(TenantUnit unit, Guid proposal, CancellationToken cancellationToken)
    {
        foreach (var some in _cells.Chunk(AtOnce))
        {
            await unit.Connection.ExecuteAsync(
                $"""
                insert into calculation_run_months (proposal_id, tenant_id, {Key}, activities, activities_without_result, {List(column => column)})
                select $1, current_tenant(), m.* from unnest($2::date[], $3::integer[], $4::integer[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::bigint[],
                  $11::bigint[], {string.Join(", ", Enumerable.Range(12, Figures).Select(index => FormattableString.Invariant($"${index}::numeric[]")))}) as m
                """,
                cancellationToken,
                [
                    proposal, some.Select(cell => cell.Key.Month).ToArray(), some.Select(cell => cell.Key.Scope).ToArray(), some.Select(cell => cell.Key.Category).ToArray(),
                    some.Select(cell => cell.Key.View).ToArray(), some.Select(cell => cell.Key.Account).ToArray(), some.Select(cell => cell.Key.Service).ToArray(),
                    some.Select(cell => cell.Key.Region).ToArray(), some.Select(cell => cell.Key.Method).ToArray(), some.Select(cell => cell.Value.Results).ToArray(),
                    some.Select(cell => cell.Value.Missing).ToArray(),
                    .. Enumerable.Range(0, Figures).Select(figure => (object)some.Select(cell => cell.Value.Figures[figure]).ToArray()),
                ]);
        }

        await _energy.WriteAsync(unit, proposal, cancellationToken);
    }

    /// <summary>Works out the moves of the entries in <c>run_changes</c> alone, and keeps them under another attempt.</summary>
    public static async Task WriteOfChangesAsync(TenantUnit unit, Guid proposal, Guid under, CancellationToken cancellationToken)
    {
        await unit.Connection.ExecuteLongAsync(OfChanges, cancellationToken, proposal, under);
        await RunEnergy.WriteOfChangesAsync(unit, proposal, under, cancellationToken);
    }

    /// <param name="sign">1 lets the moves count, -1 takes them back.</param>
    /// <exception cref="InvalidOperationException">A total would count fewer results than none: totals and results do not belong together.</exception>
    public static async Task MoveAsync(TenantUnit unit, Guid proposal, int sign, CancellationToken cancellationToken)
    {
        var standing = await unit.Connection.ExecuteLongAsync(Move, cancellationToken, proposal, sign);
        if (standing < await unit.Connection.ScalarAsync<long>("select count(*) from calculation_run_months where proposal_id = $1", cancellationToken, proposal))
        {
            await unit.Connection.ExecuteLongAsync(Begin, cancellationToken, proposal, sign);
        }

        if (await unit.Connection.ScalarAsync<bool>("select exists (select from monthly_totals where activities < 0)", cancellationToken))
        {
            throw new InvalidOperationException("A monthly total would count fewer results than none. Nothing was changed; compare the totals by the job that proves them.");
        }

        await unit.Connection.ExecuteLongAsync($"delete from monthly_totals where provider = '{EntryLedger.Provider}' and activities = 0", cancellationToken);
        await RunEnergy.MoveAsync(unit, proposal, sign, cancellationToken);
    }

    private static void Add(Cell cell, int figure, decimal? amount, int sign)
    {
        if (amount is { } known)
        {
            ref var sum = ref cell.Figures[figure];
            sum = sign < 0 ? sum - known : sum + known;
        }
    }

    private readonly record struct CellKey(DateOnly Month, int Scope, int Category, string View, string Account, string Service, string Region, string Method);

    private sealed class Cell
    {
        public long Results { get; set; }
        public long Missing { get; set; }
        public decimal[] Figures { get; } = new decimal[RunMonths.Figures];
    }
}
