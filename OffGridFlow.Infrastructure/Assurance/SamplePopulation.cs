using System.Runtime.CompilerServices;
using Npgsql;
using NpgsqlTypes;
using OffGridFlow.Core.Assurance;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Assurance;

/// <summary>Which results are asked for, in which state of the ledger.</summary>
internal sealed record PopulationFilter(
    long Sequence, DateOnly FirstMonth, DateOnly LastMonth, Scope2Method View, int? Scope, int? Category, Guid? SiteId, string? Activity)
{
    public static PopulationFilter Of(AuditSample sample) =>
        new(sample.LedgerSequence, sample.FirstMonth, sample.LastMonth, sample.View, sample.Scope, sample.Category, sample.SiteId, sample.Activity);
}

/// <param name="HasFigure">False: its mass is not known, and it is in no population.</param>
internal readonly record struct PopulationRead(PopulationRow Row, bool HasFigure);

/// <summary>
/// What has moved in a population since a sample was drawn. A result that was calculated anew counts as one that ended and one that began.
/// </summary>
/// <param name="Sequence">The state of the ledger now.</param>
/// <param name="EndedKg">Of results that counted then and do not now.</param>
/// <param name="BegunKg">Of results that count now and did not then.</param>
internal sealed record PopulationChange(long Sequence, long Ended, decimal EndedKg, long Begun, decimal BegunKg);

/// <summary>The results of a period as a sample sees them: those that count in one state of the ledger, whatever is published meanwhile.</summary>
internal static class SamplePopulation
{
    private const int TimeoutSeconds = 300;

    private const string Filter =
        """
        not e.comparison_only and e.month between $2 and $3 and (e.scope2_method is null or e.scope2_method = $4) and ($5 is null or e.scope = $5)
          and ($6 is null or e.category = $6) and ($7 is null or a.site_id = $7) and ($8 is null or a.service = $8)
        """;

    private const string Rows =
        """
        from emission_history i
        join emission_records e on e.activity_id = i.activity_id and e.proposal_id is not distinct from i.proposal_id join activity_records a on a.id = e.activity_id
        where i.from_sequence <= $1 and (i.to_sequence is null or i.to_sequence > $1) and
        """;

    /// <summary>In the order of the population. Memory does not grow with it.</summary>
    public static async IAsyncEnumerable<PopulationRead> ReadAsync(TenantUnit unit, PopulationFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var command = unit.Connection.Command(
            $"select e.id, e.scope, coalesce(e.category, 0), e.month, coalesce(lower(e.scope2_method), ''), e.kg_co2e {Rows} {Filter} order by 2, 3, 4, 1", Parameters(filter));
        command.CommandTimeout = TimeoutSeconds;
        var ended = false;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        try
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                var hasFigure = !reader.IsDBNull(5);
                yield return new PopulationRead(
                    new PopulationRow(
                        reader.GetGuid(0), reader.GetInt32(1), reader.GetInt32(2), reader.GetFieldValue<DateOnly>(3), reader.GetString(4), hasFigure ? reader.GetDecimal(5) : 0m),
                    hasFigure);
            }

            ended = true;
        }
        finally
        {
            if (!ended)
            {
                // Else the reader would fetch all the other rows before it closes.
                command.Cancel();
            }
        }
    }

    /// <summary>What the sample's population has lost and gained.</summary>
    public static async Task<PopulationChange> FindChangeAsync(TenantUnit unit, PopulationFilter filter, CancellationToken cancellationToken)
    {
        var now = await unit.Connection.ScalarAsync<long>("select value from ledger_sequences where tenant_id = current_tenant()", cancellationToken);
        await using var command = unit.Connection.Command(
            $"""
            select count(*) filter (where i.from_sequence <= $1), coalesce(sum(e.kg_co2e) filter (where i.from_sequence <= $1), 0),
              count(*) filter (where i.from_sequence > $1), coalesce(sum(e.kg_co2e) filter (where i.from_sequence > $1), 0)
            from emission_history i
            join emission_records e on e.activity_id = i.activity_id and e.proposal_id is not distinct from i.proposal_id join activity_records a on a.id = e.activity_id
            where ((i.from_sequence <= $1 and i.to_sequence > $1) or (i.from_sequence > $1 and i.to_sequence is null)) and {Filter}
            """,
            Parameters(filter));
        command.CommandTimeout = TimeoutSeconds;
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return new PopulationChange(now, row.GetInt64(0), row.GetDecimal(1), row.GetInt64(2), row.GetDecimal(3));
    }

    private static object?[] Parameters(PopulationFilter filter) =>
    [
        filter.Sequence, filter.FirstMonth, filter.LastMonth, filter.View.ToString(), Integer(filter.Scope), Integer(filter.Category), Sql.Uuid(filter.SiteId), Sql.Text(filter.Activity),
    ];

    private static NpgsqlParameter Integer(int? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer };
}
