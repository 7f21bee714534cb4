using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Inventory;

/// <summary>What locked periods freeze, for whoever writes.</summary>
internal static class FrozenMonths
{
    /// <summary>SQL state of the triggers that stand behind all services.</summary>
    public const string SqlState = "OG001";

    /// <summary>The condition on <c>activity_entries e</c> that an entry touches a locked month.</summary>
    public const string Entry =
        """
        exists (select from reporting_periods z where z.state in ('Locked', 'Filed') and e.period_end >= date_trunc('month', z.first_day)::date
          and e.period_start < (date_trunc('month', z.last_day) + interval '1 month')::date)
        """;

    public static async Task<FrozenPeriods> ReadAsync(TenantUnit unit, CancellationToken cancellationToken) => new(await unit.Connection.ListAsync(
        "select name, state, first_day, last_day from reporting_periods where state in ('Locked', 'Filed') order by first_day",
        row => new FrozenPeriod(row.GetString(0), row.GetString(1) == "Filed", row.GetFieldValue<DateOnly>(2), row.GetFieldValue<DateOnly>(3)), cancellationToken));

    /// <summary>The wall of the ledger's writers: called inside their transaction, with the ledger's number held, before an interval ends or begins.</summary>
    /// <param name="months">A query of ours whose one column <c>month</c> names the months whose results would move.</param>
    /// <exception cref="PeriodLockedException">One of them is locked.</exception>
    public static async Task CheckAsync(TenantUnit unit, string months, CancellationToken cancellationToken, params object?[] parameters)
    {
        var frozen = await ReadAsync(unit, cancellationToken);
        if (frozen.All.Count == 0)
        {
            return;
        }

        await using var command = unit.Connection.Command($"select distinct month from ({months}) as m order by month", parameters);
        command.CommandTimeout = 0;
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            var month = row.GetFieldValue<DateOnly>(0);
            if (frozen.Refusal(month, month) is { } refusal)
            {
                throw new PeriodLockedException(refusal);
            }
        }
    }

    /// <summary>kWh of each contract that results of frozen entries have: they keep it, whatever else competes for the contract.</summary>
    public static async Task<IReadOnlyDictionary<string, decimal>> TakenAsync(TenantUnit unit, IReadOnlyList<ContractualInstrument> instruments, CancellationToken cancellationToken)
    {
        var frozen = await ReadAsync(unit, cancellationToken);
        if (!instruments.Any(instrument => frozen.Refusal(instrument.From, instrument.To) is not null))
        {
            return new Dictionary<string, decimal>();
        }

        return (await unit.Connection.ListAsync(
            $"""
            select r.instrument_id, sum(r.kilowatt_hours) from activity_entries e
            join entry_results p on p.entry_id = e.id
            join emission_records r on r.activity_id = p.activity_id and r.instrument_id = any($1)
            join emission_intervals i on i.activity_id = r.activity_id and i.proposal_id is not distinct from r.proposal_id and i.to_sequence is null
            where {Entry} group by r.instrument_id
            """,
            row => (Id: row.GetGuid(0), Kwh: row.GetDecimal(1)), cancellationToken, instruments.Select(instrument => Guid.Parse(instrument.Id)).ToArray()))
            .ToDictionary(row => row.Id.ToString("D"), row => row.Kwh);
    }
}
