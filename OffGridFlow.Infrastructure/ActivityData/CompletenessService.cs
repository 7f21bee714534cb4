using System.Globalization;
using Microsoft.EntityFrameworkCore;
using OffGridFlow.Core.ActivityData;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Core.Quantities;
using OffGridFlow.Infrastructure.Organizations;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.ActivityData;

/// <summary>A month of a source, with what is missing valued.</summary>
/// <param name="MissingKgCo2e">What the missing days would come to at the last comparable days; null where nothing is missing, or nothing can be compared.</param>
public sealed record CompletenessCell(CompletenessMonth Month, decimal? MissingKgCo2e);

/// <param name="Scope">Of the activity type; null for a publisher's activity.</param>
/// <param name="Cells">One for each month of the table.</param>
public sealed record CompletenessRow(PlannedSource Source, string Site, string TypeName, int? Scope, int? Category, IReadOnlyList<CompletenessCell> Cells);

/// <summary>What the plan expects and what is there.</summary>
/// <param name="Months">First days.</param>
public sealed record CompletenessTable(IReadOnlyList<DateOnly> Months, IReadOnlyList<CompletenessRow> Rows)
{
    /// <summary>Months of sources in which something is expected.</summary>
    public int Expected => Count(cell => cell.Month.Expected > 0);

    public int Missing => Count(cell => cell.Month.State == CompletenessState.Missing);

    /// <summary>Missing months to which nothing can be compared.</summary>
    public int MissingWithoutValue => Count(cell => cell.Month.State == CompletenessState.Missing && cell.MissingKgCo2e is null);

    public decimal MissingKgCo2e => Rows.SelectMany(row => row.Cells).Sum(cell => cell.MissingKgCo2e ?? 0);

    private int Count(Func<CompletenessCell, bool> fits) => Rows.Sum(row => row.Cells.Count(fits));
}

/// <summary>What can be said about days without data.</summary>
/// <param name="Proposals">The preferred first; empty where nothing can be compared.</param>
public sealed record GapEstimates(Gap Gap, string Unit, IReadOnlyList<GapProposal> Proposals);

/// <summary>What became of a gap.</summary>
public abstract record GapFilled
{
    /// <summary>An entry was written and submitted.</summary>
    public sealed record Done(Guid EntryId, decimal Quantity, string Unit) : GapFilled;

    /// <summary>Nothing was written.</summary>
    /// <param name="Reason">What holds it, and what to do.</param>
    public sealed record Refused(string Reason) : GapFilled;

    /// <summary>The plan has no such source.</summary>
    public sealed record Gone : GapFilled;
}

/// <summary>Compares the collection plan with the entries, and fills gaps when somebody says so (docs/methods/completeness.md).</summary>
public sealed class CompletenessService(
    TenantDatabase database, CurrentUser user, IActivityEntries entries, IActivityEntryQueries queries, TimeProvider time)
{
    private const int MostMonths = 36;

    /// <param name="from">Its month is the first.</param>
    /// <param name="to">Its month is the last.</param>
    /// <exception cref="ArgumentException">No month, or more than three years.</exception>
    public async Task<CompletenessTable> LoadAsync(DateOnly from, DateOnly to, CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataRead);
        return await TableAsync(from, to, cancellationToken);
    }

    /// <summary>For whoever has asked for a permission of their own.</summary>
    internal async Task<CompletenessTable> TableAsync(DateOnly from, DateOnly to, CancellationToken cancellationToken)
    {
        var first = new DateOnly(from.Year, from.Month, 1);
        var months = Enumerable.Range(0, MostMonths + 1).Select(first.AddMonths).TakeWhile(month => month <= to).ToList();
        if (months.Count is 0 or > MostMonths)
        {
            throw new ArgumentException("Completeness is told of 1 to 36 months.", nameof(to));
        }

        await using var unit = await database.OpenAsync(cancellationToken);
        var sources = await unit.Context.PlannedSources.Join(unit.Context.Sites, source => source.SiteId, site => site.Id, (source, site) => new { source, site }).ToListAsync(cancellationToken);
        var (start, end) = (first.AddYears(-1), months[^1].AddMonths(1).AddDays(-1));
        var covered = await CoveredAsync(unit, start, end, cancellationToken);
        var masses = await MassesAsync(unit, start, end, cancellationToken);
        var rows = sources.Select(row =>
        {
            var type = queries.FindType(row.source.ActivityType);
            var name = type?.Name ?? row.source.ActivityType;
            var days = covered[(row.source.SiteId, row.source.ActivityType)].ToList();
            var kg = masses[(row.site.Name, name)].ToDictionary(mass => mass.Month, mass => mass.Kg);
            return new CompletenessRow(row.source, row.site.Name, name, type?.Scope, type?.Category, [.. months.Select(month =>
            {
                var cell = Completeness.Of(row.source, row.site.OpenedOn, row.site.ClosedOn, days, month, Today);
                return new CompletenessCell(cell, cell.State == CompletenessState.Missing ? ValueOf(cell, days, kg) : null);
            })]);
        });
        return new CompletenessTable(months, [.. rows.OrderBy(row => row.Scope ?? 3).ThenBy(row => row.Category ?? 0).ThenBy(row => row.TypeName, StringComparer.Ordinal).ThenBy(row => row.Site, StringComparer.Ordinal)]);
    }

    /// <summary>What days without data may come to; null where the plan has no such source.</summary>
    public async Task<GapEstimates?> EstimateAsync(Guid sourceId, Gap gap, CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await Editing.FindAsync<PlannedSource>(unit, sourceId, cancellationToken) is { } source ? await EstimateAsync(unit, source, gap, cancellationToken) : null;
    }

    /// <summary>Whether the plan has the source, for whoever fills its gaps.</summary>
    public async Task<bool> IsPlannedAsync(Guid sourceId, CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataWrite);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await Editing.FindAsync<PlannedSource>(unit, sourceId, cancellationToken) is not null;
    }

    /// <summary>Writes the estimate as an entry of its own, which says how it came about, stands in until the actual is submitted, and can be excluded again.</summary>
    public async Task<GapFilled> FillAsync(Guid sourceId, Gap gap, GapMethod method, CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataWrite);
        PlannedSource? source;
        GapEstimates estimates;
        await using (var unit = await database.OpenAsync(cancellationToken))
        {
            source = await Editing.FindAsync<PlannedSource>(unit, sourceId, cancellationToken);
            if (source is null)
            {
                return new GapFilled.Gone();
            }

            if (gap.Days < 1 || gap.To > Today)
            {
                return new GapFilled.Refused("A gap has a first and a last day, neither of them ahead.");
            }

            var covered = await CoveredAsync(unit, gap.From, gap.To, cancellationToken);
            if (Completeness.GapsOf(covered[(source.SiteId, source.ActivityType)], gap.From, gap.To) is not [var open] || open != gap)
            {
                return new GapFilled.Refused("Some of these days have data by now. Look at the month again and fill what is left.");
            }

            estimates = await EstimateAsync(unit, source, gap, cancellationToken);
        }

        if (queries.FindType(source.ActivityType)?.NeedsGas == true)
        {
            return new GapFilled.Refused("What leaks is not estimated from other days. Enter the top-up or the balance of the stock.");
        }

        if (estimates.Proposals.Where(proposal => proposal.Method == method).ToList() is not [var chosen])
        {
            return new GapFilled.Refused("There is too little data to estimate these days in this way. Enter the quantity itself, as an estimate.");
        }

        var input = new EntryInput
        {
            SiteId = source.SiteId, ActivityType = source.ActivityType, Quantity = chosen.Quantity, Unit = estimates.Unit, From = gap.From, To = gap.To, Quality = DataQuality.Estimated,
            IsAccrual = true, GapMethod = method, Note = Words(chosen, estimates.Unit),
        };
        var saved = (await entries.SaveAsync([new EntryDraft(null, null, input)], partial: false, "Gap filled", cancellationToken)).Rows[0];
        if (saved is not { IsSaved: true, Id: { } id })
        {
            return new GapFilled.Refused(saved.Problems.Select(problem => problem.Message).FirstOrDefault() ?? "The estimate could not be saved. Load the page again.");
        }

        var submitted = (await entries.ActAsync(EntryAction.Submit, [new EntryRef(id, null)], null, cancellationToken))[0];
        return submitted.Outcome == SavedAs.Changed
            ? new GapFilled.Done(id, chosen.Quantity, estimates.Unit) : new GapFilled.Refused($"The estimate stands as a draft on the page Activity data: {submitted.Reason}");
    }

    /// <summary>Fills every missing month of the table by the preferred method of each.</summary>
    /// <returns>The entries that were written, and how many gaps are left because nothing can be compared.</returns>
    public async Task<(IReadOnlyList<Guid> Filled, int Left)> FillAllAsync(DateOnly from, DateOnly to, CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataWrite);
        var table = await TableAsync(from, to, cancellationToken);
        var (filled, left) = (new List<Guid>(), 0);
        foreach (var (row, gap) in table.Rows.SelectMany(row => row.Cells.Where(cell => cell.Month.State == CompletenessState.Missing).SelectMany(cell => cell.Month.Gaps).Select(gap => (row, gap))))
        {
            if ((await EstimateAsync(row.Source, gap, cancellationToken)).Proposals is [var preferred, ..] && await FillAsync(row.Source.Id, gap, preferred.Method, cancellationToken) is GapFilled.Done done)
            {
                filled.Add(done.EntryId);
            }
            else
            {
                left++;
            }
        }

        return (filled, left);
    }

    private static async Task<ILookup<(Guid Site, string Type), CoveredDays>> CoveredAsync(TenantUnit unit, DateOnly from, DateOnly to, CancellationToken cancellationToken) =>
        (await unit.Connection.ListAsync(
            // Ranges, not entries: as many rows as there are stretches of days, however many meters there are.
            """
            select site_id, activity_type, quality, status, lower(days), upper(days) - 1 from (
              select n.site_id, n.activity_type, n.quality, n.status, unnest(range_agg(daterange(n.period_start, n.period_end, '[]'))) as days
              from activity_entries n
              where n.status in ('Submitted', 'Approved') and n.reverses_id is null and n.period_end >= $1 and n.period_start <= $2
                and exists (select from planned_sources p where p.site_id = n.site_id and p.activity_type = n.activity_type)
                and not exists (select from activity_entries r where r.reverses_id = n.id and r.status <> 'Excluded')
              group by n.site_id, n.activity_type, n.quality, n.status) as stretches
            """,
            row => (Site: row.GetGuid(0), Type: row.GetString(1), Days: new CoveredDays(
                row.GetFieldValue<DateOnly>(4), row.GetFieldValue<DateOnly>(5), Enum.Parse<DataQuality>(row.GetString(2)), row.GetString(3) == nameof(EntryStatus.Approved))),
            cancellationToken, from, to)).ToLookup(row => (row.Site, row.Type), row => row.Days);

    /// <summary>kg CO2e of all scopes, purchased energy by location, from the totals that are kept with the ledger.</summary>
    private static async Task<ILookup<(string Site, string Type), (DateOnly Month, decimal Kg)>> MassesAsync(TenantUnit unit, DateOnly from, DateOnly to, CancellationToken cancellationToken) =>
        (await unit.Connection.ListAsync(
            """
            select account, service, month, sum(kg_co2e) from monthly_totals
            where provider = 'entry' and scope2_method <> 'Market' and month between $1 and $2 group by account, service, month
            """,
            row => (Site: row.GetString(0), Type: row.GetString(1), Mass: (row.GetFieldValue<DateOnly>(2), row.GetDecimal(3))), cancellationToken, from, to))
        .ToLookup(row => (row.Site, row.Type), row => row.Mass);

    /// <summary>At the mass a day of the same month a year before, else of the covered months in the year before; null where neither is whole.</summary>
    private static decimal? ValueOf(CompletenessMonth cell, List<CoveredDays> covered, Dictionary<DateOnly, decimal> kg)
    {
        var yearBefore = cell.Month.AddYears(-1);
        var whole = kg.Keys.Where(month => month >= yearBefore && month < cell.Month && Completeness.GapsOf(covered, month, month.AddMonths(1).AddDays(-1)).Count == 0).ToList();
        var like = whole.Contains(yearBefore) ? [yearBefore] : whole;
        return like.Count == 0 ? null : Exact.Ratio(like.Sum(month => kg[month]), cell.Gaps.Sum(gap => gap.Days), like.Sum(month => DateTime.DaysInMonth(month.Year, month.Month)));
    }

    private async Task<GapEstimates> EstimateAsync(PlannedSource source, Gap gap, CancellationToken cancellationToken)
    {
        await using var unit = await database.OpenAsync(cancellationToken);
        return await EstimateAsync(unit, source, gap, cancellationToken);
    }

    private async Task<GapEstimates> EstimateAsync(TenantUnit unit, PlannedSource source, Gap gap, CancellationToken cancellationToken)
    {
        var (first, last) = (gap.From.AddYears(-1).AddMonths(-2), gap.To.AddMonths(3));
        var rows = await EntryWork.Counting(unit)
            .Where(entry => entry.SiteId == source.SiteId && entry.ActivityType == source.ActivityType && entry.PeriodStart <= last && entry.PeriodEnd >= first)
            .Where(entry => (entry.Status == EntryStatus.Submitted || entry.Status == EntryStatus.Approved) && !entry.IsAccrual && entry.GapMethod == null)
            .OrderBy(entry => entry.PeriodEnd).Select(entry => new { entry.PeriodStart, entry.PeriodEnd, entry.Quantity, entry.Unit }).ToListAsync(cancellationToken);
        var wanted = rows.Count == 0 ? queries.FindType(source.ActivityType)?.Units[0] ?? "" : rows[^1].Unit;
        var basis = rows.Select(row => queries.Convert(row.Quantity, row.Unit, wanted, null) is { } quantity ? new GapBasis(row.PeriodStart, row.PeriodEnd, quantity) : null);
        return new GapEstimates(gap, wanted, GapFilling.Propose([.. basis.OfType<GapBasis>()], gap));
    }

    private static string Words(GapProposal proposal, string unit)
    {
        var how = proposal.Method switch
        {
            GapMethod.SameDaysLastYear => "As much a day as on the same days of the year before",
            GapMethod.Neighbors => "As much a day as in the month before and the month after",
            _ => "As much a day as on the days with data in the year before",
        };
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{how}: {proposal.BasisQuantity:0.############} {unit} on {proposal.BasisDays} days from {proposal.BasisFrom:yyyy-MM-dd} to {proposal.BasisTo:yyyy-MM-dd}, × {proposal.Days} ÷ {proposal.BasisDays}.");
    }

    private DateOnly Today => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
}
