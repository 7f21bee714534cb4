using Npgsql;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Calculation.Runs;

/// <summary>All results of an activity, as a difference and as the monthly totals need them; out of the ledger or of the engine, the same to the digit.</summary>
internal sealed record RunFigures(List<RunResult> Results, List<RunAmounts> Amounts)
{
    public static RunFigures None { get; } = new([], []);

    public static RunFigures Of(CalculatedEntry entry)
    {
        var missing = entry.Missing;
        var figures = new RunFigures(new(entry.Emissions.Count + missing.Count), new(entry.Emissions.Count + missing.Count));
        foreach (var emission in entry.Emissions)
        {
            var month = new DateOnly(emission.From.Year, emission.From.Month, 1);
            figures.Results.Add(new RunResult(
                emission.Scope, emission.Category ?? 0, month.Year, month, emission.Scope2Method, emission.Part.ToString(), FactorOf(emission.Factor?.Id, emission.Instrument), emission.KgCo2e,
                emission.Quality));
            figures.Amounts.Add(new RunAmounts(
                month, emission.Scope, emission.Category ?? 0, emission.Scope2Method?.ToString() ?? "", entry.MethodOf(emission.Scope, emission.Category).ToString(), emission.Quality,
                emission.KilowattHours, emission.KgCo2e, emission.Quality == DataQuality.Defaulted ? emission.KgCo2e : 0m, emission.BiogenicKgCo2, GasSplit.Of(emission.Gases))
            {
                Energy = RunEnergyAmounts.Of(entry, emission),
            });
        }

        foreach (var view in missing)
        {
            var month = new DateOnly(entry.Entry.From.Year, entry.Entry.From.Month, 1);
            figures.Results.Add(new RunResult(entry.MissingScope, entry.MissingCategory ?? 0, month.Year, month, view, "", "", null, entry.MissingQuality));
            figures.Amounts.Add(new RunAmounts(
                month, entry.MissingScope, entry.MissingCategory ?? 0, view?.ToString() ?? "", entry.MethodOf(entry.MissingScope, entry.MissingCategory).ToString(), entry.MissingQuality,
                null, null, 0m, null, GasSplit.None)
            {
                Energy = RunEnergyAmounts.OfMissing(entry, view),
            });
        }

        return figures;
    }

    /// <summary>What stands of activities in the ledger; those without a result are left out. Where one has been changed since, approval finds that.</summary>
    /// <param name="proposals">The attempt that gave the results of each of <paramref name="activities"/>; null where the entry's own writing did.</param>
    public static async Task<Dictionary<Guid, RunFigures>> StandingAsync(TenantUnit unit, Guid[] activities, Guid?[] proposals, CancellationToken cancellationToken)
    {
        var standing = new Dictionary<Guid, RunFigures>(activities.Length);
        if (activities.Length == 0)
        {
            return standing;
        }

        // For some thousands of rows, a helper process takes longer to start than they take to read. Fenced off, as without statistics, in a first run, the planner
        // reads all results for each thousand entries.
        await unit.Connection.ExecuteAsync("set local max_parallel_workers_per_gather = 0", cancellationToken);
        await using var command = unit.Connection.Command(
            $"""
            select e.activity_id, e.month, e.scope, e.category, e.scope2_method, e.part, e.factor_id, e.instrument_id, e.calculation_method, e.quality, e.kilowatt_hours, e.kg_co2e,
              e.defaulted_kg_co2e, e.biogenic_kg_co2, e.co2_kg_co2e, e.ch4_kg_co2e, e.n2o_kg_co2e, e.hfcs_kg_co2e, e.pfcs_kg_co2e, e.sf6_kg_co2e, e.nf3_kg_co2e, {EnergyRollUp.Counts},
              e.energy_carrier, {EnergyRollUp.IsUnstated}, {EnergyRollUp.Gap}, coalesce(e.energy_kwh, 0), coalesce(e.energy_renewable_kwh, 0), coalesce(e.energy_nuclear_kwh, 0)
            from unnest($1::uuid[], $2::uuid[]) as x (activity_id, proposal_id)
            cross join lateral (select * from emission_records where activity_id = x.activity_id and proposal_id is not distinct from x.proposal_id offset 0) e
            """,
            activities, proposals);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            var activity = row.GetGuid(0);
            if (!standing.TryGetValue(activity, out var figures))
            {
                standing[activity] = figures = new RunFigures([], []);
            }

            figures.Add(row);
        }

        return standing;
    }

    /// <summary>Whether the same figures come of the same factors, in whatever order.</summary>
    public bool HasSameResults(RunFigures other) =>
        Results.Count == other.Results.Count && Results.OrderBy(Place).Zip(other.Results.OrderBy(Place)).All(pair => pair.First == pair.Second);

    /// <param name="row">As <see cref="StandingAsync"/> asks for it.</param>
    private void Add(NpgsqlDataReader row)
    {
        var (month, scope, category, view) = (row.GetFieldValue<DateOnly>(1), row.GetInt32(2), row.Optional<int>(3) ?? 0, row.OptionalText(4));
        var (quality, kg) = (Enum.Parse<DataQuality>(row.GetString(9)), row.Optional<decimal>(11));
        Results.Add(new RunResult(
            scope, category, month.Year, month, view is null ? null : Enum.Parse<Scope2Method>(view), row.OptionalText(5) ?? "",
            FactorOf(row.OptionalText(6), row.Optional<Guid>(7)?.ToString()), kg, quality));
        Amounts.Add(new RunAmounts(
            month, scope, category, view ?? "", row.OptionalText(8) ?? "", quality, row.Optional<decimal>(10), kg, row.GetDecimal(12), row.Optional<decimal>(13),
            new GasSplit(
                row.Optional<decimal>(14), row.Optional<decimal>(15), row.Optional<decimal>(16), row.Optional<decimal>(17), row.Optional<decimal>(18), row.Optional<decimal>(19),
                row.Optional<decimal>(20)))
        {
            Energy = !row.GetBoolean(21) ? null : new RunEnergyAmounts(
                row.OptionalText(22), row.Optional<Guid>(7), row.GetBoolean(23), row.OptionalText(24), row.GetDecimal(25), row.GetDecimal(26), row.GetDecimal(27)),
        });
    }

    private static (int, int, DateOnly, Scope2Method?, string, string, decimal?) Place(RunResult result) =>
        (result.Scope, result.Category, result.Month, result.Method, result.Part, result.Factor, result.Kg);

    private static string FactorOf(string? factor, string? instrument) => factor ?? (instrument is null ? "" : "instrument/" + instrument);
}
