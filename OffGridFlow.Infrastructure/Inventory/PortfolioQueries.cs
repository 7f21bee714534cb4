using System.Globalization;
using System.Text.Json;
using OffGridFlow.Core.ActivityData;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Inventory;

/// <summary>Investments of one asset class in one currency.</summary>
/// <param name="AssetClass">One of <see cref="WorksheetMethod.AssetClasses"/>; null for all of the currency.</param>
/// <param name="Score">PCAF's data quality score, weighted by the outstanding amounts; null where nothing is outstanding.</param>
/// <param name="KgCo2e">Financed emissions of the entries that have a result, in the months that were asked for.</param>
public sealed record PortfolioRow(string? AssetClass, string Currency, int Investments, decimal Outstanding, decimal? Score, decimal KgCo2e);

/// <summary>How good the data of a portfolio are. Amounts of two currencies are never added.</summary>
public sealed class PortfolioQueries(TenantDatabase database, CurrentUser user)
{
    /// <summary>Of the entries that count and lie wholly or partly in the days: by currency and asset class, each currency's sum after its classes.</summary>
    /// <param name="from">First day, inclusive.</param>
    /// <param name="to">Last day, inclusive.</param>
    public async Task<IReadOnlyList<PortfolioRow>> ScoreAsync(DateOnly from, DateOnly to, CancellationToken cancellationToken)
    {
        user.Require(Permissions.DashboardsRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        var rows = await unit.Connection.ListAsync(
            """
            select n.worksheet::text, coalesce((
              select sum(e.kg_co2e) from activity_records a join emission_records e on e.activity_id = a.id
              join emission_intervals i on i.activity_id = e.activity_id and i.proposal_id is not distinct from e.proposal_id and i.to_sequence is null
              where a.entry_id = n.id and e.month between date_trunc('month', $1::timestamp)::date and $2), 0)
            from activity_entries n
            where n.status in ('Submitted', 'Approved') and n.reverses_id is null and n.worksheet ->> 'Method' = $3 and n.period_start <= $2 and n.period_end >= $1
              and not exists (select from activity_entries r where r.reverses_id = n.id and r.status <> 'Excluded')
            """,
            row => (Worksheet: JsonSerializer.Deserialize<Worksheet>(row.GetString(0))!, Kg: row.GetDecimal(1)), cancellationToken, from, to, WorksheetMethod.Investment);
        var investments = rows.Select(row => (
            Class: row.Worksheet.Choices["assetClass"], Currency: row.Worksheet.Find("outstanding")!.Unit ?? "",
            Scored: new ScoredInvestment(row.Worksheet.Find("outstanding")!.Value, int.Parse(row.Worksheet.Choices["score"], CultureInfo.InvariantCulture)), row.Kg)).ToList();
        return
        [
            .. investments.GroupBy(investment => investment.Currency).OrderBy(currency => currency.Key, StringComparer.Ordinal).SelectMany(currency => currency
                .GroupBy(investment => investment.Class).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => RowOf(group.Key, currency.Key, [.. group.Select(one => (one.Scored, one.Kg))]))
                .Append(RowOf(null, currency.Key, [.. currency.Select(one => (one.Scored, one.Kg))]))),
        ];
    }

    private static PortfolioRow RowOf(string? asset, string currency, IReadOnlyList<(ScoredInvestment Scored, decimal Kg)> rows) => new(
        asset, currency, rows.Count, rows.Sum(row => row.Scored.Outstanding), PortfolioScore.Of(rows.Select(row => row.Scored)), rows.Sum(row => row.Kg));
}
