using Microsoft.EntityFrameworkCore;
using OffGridFlow.Core.Assurance;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Assurance;

/// <param name="Checked">Items with a judgment.</param>
internal sealed record SampleRow(AuditSample Sample, int Checked, int Differences);

/// <summary>An item with its result, and what was written on it.</summary>
/// <param name="Category">0 for scopes 1 and 2.</param>
/// <param name="Activity">Name of the activity type, or of the service of a cloud provider.</param>
/// <param name="EndedSequence">The state of the ledger from which on the result counts no more; null: it counts.</param>
/// <param name="Checks">The latest first; empty: nobody has checked it.</param>
internal sealed record SampleItemRow(
    AuditSampleItem Item, int Scope, int Category, Scope2Method? View, DateOnly Month, string Account, string Activity, Guid? EntryId, int? EntryVersion, long? EndedSequence,
    IReadOnlyList<ItemCheck> Checks)
{
    public ItemCheck? Check => Checks is [var latest, ..] ? latest : null;

    public CheckedItem ToChecked() => new(Scope, Item.Stratum, Item.Kg, Check switch
    {
        null => null,
        { Outcome: CheckOutcome.Agreed } => Item.Kg,
        var check => check.AuditedKg,
    });
}

/// <param name="Site">Its name today; null: the population is not narrowed to one.</param>
internal sealed record SampleDetail(AuditSample Sample, string Period, string? Site, IReadOnlyList<SampleItemRow> Items, SampleProjection Projection);

/// <summary>What came of drawing a sample again.</summary>
/// <param name="SamePopulation">The hash is the one that was kept.</param>
/// <param name="SameItems">So are the results, in their order.</param>
internal sealed record SampleRedraw(bool SamePopulation, bool SameItems, string PopulationHash, PopulationChange Since);

/// <summary>Reads samples. Asks nobody: who calls it has asked.</summary>
internal static class SampleReading
{
    public static async Task<List<SampleRow>> ListAsync(TenantUnit unit, Guid periodId, CancellationToken cancellationToken)
    {
        var samples = await unit.Context.AssuranceSamples.Where(sample => sample.PeriodId == periodId).OrderByDescending(sample => sample.Number).ToListAsync(cancellationToken);
        var done = (await unit.Connection.ListAsync(
            """
            select sample_id, count(*)::int, (count(*) filter (where outcome = 'Difference'))::int
            from (select distinct on (c.sample_id, c.number) c.sample_id, c.outcome from assurance_item_checks c join assurance_samples s on s.id = c.sample_id
              where s.period_id = $1 order by c.sample_id, c.number, c.version desc) as latest
            group by sample_id
            """,
            row => (Id: row.GetGuid(0), Checked: row.GetInt32(1), Differences: row.GetInt32(2)), cancellationToken, periodId)).ToDictionary(row => row.Id);
        return [.. samples.Select(sample => done.TryGetValue(sample.Id, out var row) ? new SampleRow(sample, row.Checked, row.Differences) : new SampleRow(sample, 0, 0))];
    }

    public static async Task<SampleDetail?> FindAsync(TenantUnit unit, Guid id, CancellationToken cancellationToken)
    {
        if (await unit.Context.AssuranceSamples.SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } sample)
        {
            return null;
        }

        var period = await unit.Context.ReportingPeriods.Where(row => row.Id == sample.PeriodId).Select(row => row.Name).SingleAsync(cancellationToken);
        var site = sample.SiteId is { } siteId ? await unit.Context.Sites.Where(row => row.Id == siteId).Select(row => row.Name).SingleOrDefaultAsync(cancellationToken) : null;
        var items = await ListItemsAsync(unit, sample, cancellationToken);
        return new SampleDetail(sample, period, site, items, Project(sample, items));
    }

    public static SampleProjection Project(AuditSample sample, IReadOnlyList<SampleItemRow> items) => SampleProjection.Of(
        sample, [.. items.Select(item => item.ToChecked())],
        sample.PopulationKg - sample.OutsideKg - items.Where(item => item.Item.Stratum == SampleStratum.High).Sum(item => item.Item.Kg));

    public static async Task<List<SampleItemRow>> ListItemsAsync(TenantUnit unit, AuditSample sample, CancellationToken cancellationToken)
    {
        var checks = (await unit.Context.AssuranceItemChecks.Where(check => check.SampleId == sample.Id).OrderByDescending(check => check.Version).ToListAsync(cancellationToken))
            .ToLookup(check => check.Number);
        return await unit.Connection.ListAsync(
            """
            select t.number, t.result_id, t.kg, t.stratum, e.scope, coalesce(e.category, 0), e.scope2_method, e.month, a.account, a.service, a.entry_id, a.entry_version,
              (select greatest(
                  (select max(i.to_sequence) from emission_intervals i where i.activity_id = e.activity_id and i.proposal_id is not distinct from e.proposal_id),
                  (select max(h.to_sequence) from emission_history h where h.entry_id = a.entry_id and h.activity_id = e.activity_id and h.proposal_id is not distinct from e.proposal_id))
                where not exists (select from emission_intervals o where o.activity_id = e.activity_id and o.proposal_id is not distinct from e.proposal_id and o.to_sequence is null))
            from assurance_sample_items t join emission_records e on e.id = t.result_id join activity_records a on a.id = e.activity_id
            where t.sample_id = $1 order by t.number
            """,
            row =>
            {
                var number = row.GetInt32(0);
                return new SampleItemRow(
                    new AuditSampleItem
                    {
                        TenantId = sample.TenantId, SampleId = sample.Id, Number = number, ResultId = row.GetGuid(1), Kg = row.GetDecimal(2),
                        Stratum = Enum.Parse<SampleStratum>(row.GetString(3)),
                    },
                    row.GetInt32(4), row.GetInt32(5), row.OptionalText(6) is { } view ? Enum.Parse<Scope2Method>(view) : null, row.GetFieldValue<DateOnly>(7), row.GetString(8),
                    row.GetString(9), row.Optional<Guid>(10), row.Optional<int>(11), row.Optional<long>(12), [.. checks[number]]);
            },
            cancellationToken, sample.Id);
    }
}
