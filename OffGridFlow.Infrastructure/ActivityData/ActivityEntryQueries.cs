using System.Globalization;
using Microsoft.EntityFrameworkCore;
using OffGridFlow.Core.ActivityData;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.ActivityData;

/// <inheritdoc cref="IActivityEntryQueries"/>
internal sealed class ActivityEntryQueries(TenantDatabase database, CurrentUser user, EntryVocabulary vocabulary) : IActivityEntryQueries
{
    private const int CursorParts = 4;
    private const int MostGroups = 40;
    private const string Escape = "\\";

    public async Task<EntryPage> ListAsync(EntryFilter filter, string? cursor, int limit, CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        var entries = await FilteredAsync(unit, filter, cancellationToken);
        if (Cursor.Parse(cursor, CursorParts) is { } parts)
        {
            if (!Guid.TryParse(parts[0], out var site) || !Guid.TryParse(parts[3], out var id)
                || !DateOnly.TryParseExact(parts[2], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var start))
            {
                throw new InvalidCursorException();
            }

            var type = parts[1];
            entries = entries.Where(entry => EF.Functions.GreaterThan(
                ValueTuple.Create(entry.SiteId, entry.ActivityType, entry.PeriodStart, entry.Id), ValueTuple.Create(site, type, start, id)));
        }

        var rows = await RowsAsync(
            unit, entries.OrderBy(entry => entry.SiteId).ThenBy(entry => entry.ActivityType).ThenBy(entry => entry.PeriodStart).ThenBy(entry => entry.Id).Take(limit + 1), cancellationToken);
        var page = rows.Take(limit).ToList();
        return new EntryPage(page, rows.Count > limit ? CursorOf(page[^1]) : null);
    }

    public async Task<EntryRow?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        return (await RowsAsync(unit, unit.Context.ActivityEntries.Where(entry => entry.Id == id), cancellationToken)).SingleOrDefault();
    }

    public async Task<EntryCounts> CountAsync(EntryFilter filter, CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        // The switch of states says how many each would show; so it does not limit its own counts.
        var all = await FilteredAsync(unit, filter with { Status = null, ToApprove = false }, cancellationToken);
        var byStatus = await all.GroupBy(entry => entry.Status).Select(group => new { group.Key, Count = group.LongCount() }).ToListAsync(cancellationToken);
        var toApprove = await (await FilteredAsync(unit, filter with { Status = null, ToApprove = true }, cancellationToken)).LongCountAsync(cancellationToken);
        var sums = await (await FilteredAsync(unit, filter, cancellationToken)).Where(entry => entry.Status != EntryStatus.Excluded)
            .GroupBy(entry => new { entry.ActivityType, entry.Unit })
            .Select(group => new { group.Key.ActivityType, group.Key.Unit, Quantity = group.Sum(entry => entry.Quantity), Count = group.LongCount() })
            .OrderByDescending(sum => sum.Count).ThenBy(sum => sum.ActivityType).Take(IActivityEntryQueries.MostSums).ToListAsync(cancellationToken);
        return new EntryCounts(
            byStatus.ToDictionary(status => status.Key, status => status.Count),
            [.. sums.Select(sum => new EntrySum(sum.ActivityType, NameOf(sum.ActivityType), sum.Unit, sum.Quantity, sum.Count))],
            toApprove, await unit.Context.CalculationExceptions.LongCountAsync(cancellationToken));
    }

    public async Task<IReadOnlyList<EntryVersionRow>?> ListVersionsAsync(Guid id, CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        var versions = await unit.Context.ActivityEntryVersions.AsNoTracking().Where(version => version.EntryId == id).OrderBy(version => version.Version).ToListAsync(cancellationToken);
        if (versions.Count == 0)
        {
            return null;
        }

        var sites = (await SitesAsync(unit, cancellationToken)).ToDictionary(site => site.Id.ToString(), site => site.Name);
        var rows = versions.Select((version, at) => new EntryVersionRow(
            version.Version, version.Action, version.Author, version.At, version.Reason,
            [.. EntryContent.Differences(at == 0 ? null : versions[at - 1].Content, version.Content).Select(change => change.Field == "siteId"
                ? new EntryFieldChange("site", change.Before is null ? null : sites.GetValueOrDefault(change.Before), change.After is null ? null : sites.GetValueOrDefault(change.After))
                : change)])).ToList();
        rows.Reverse();
        return rows;
    }

    public async Task<IReadOnlyList<EntryExceptionGroup>> ListExceptionsAsync(int rowsOfEach, CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        var totals = await unit.Context.CalculationExceptions.GroupBy(exception => exception.Code)
            .Select(group => new { Code = group.Key, Count = group.LongCount() }).OrderByDescending(group => group.Count).ThenBy(group => group.Code).Take(MostGroups)
            .ToListAsync(cancellationToken);
        var groups = new List<EntryExceptionGroup>();
        foreach (var total in totals)
        {
            var exceptions = await unit.Context.CalculationExceptions.AsNoTracking().Where(exception => exception.Code == total.Code)
                .OrderBy(exception => exception.Since).ThenBy(exception => exception.EntryId).Take(rowsOfEach).ToListAsync(cancellationToken);
            var ids = exceptions.Select(exception => exception.EntryId).ToArray();
            var rows = (await RowsAsync(unit, unit.Context.ActivityEntries.Where(entry => ids.Contains(entry.Id)), cancellationToken)).ToDictionary(row => row.Id);
            groups.Add(new EntryExceptionGroup(
                total.Code, exceptions[0].Mend, total.Count, [.. exceptions.Select(exception => ToRow(exception, rows[exception.EntryId]))]));
        }

        return groups;
    }

    public async Task<IReadOnlyList<SiteChoice>> ListSitesAsync(CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await SitesAsync(unit, cancellationToken);
    }

    public async Task<IReadOnlyList<ActivityChoice>> ListUsedTypesAsync(CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        var keys = await unit.Context.ActivityEntries.Select(entry => entry.ActivityType).Distinct().ToListAsync(cancellationToken);
        return [.. keys.Select(ChoiceOf).OrderBy(choice => choice.Name, StringComparer.OrdinalIgnoreCase)];
    }

    public IReadOnlyList<ActivityChoice> SearchTypes(string? text, int limit)
    {
        user.Require(Permissions.ActivityDataRead);
        return vocabulary.Search(text, limit);
    }

    public ActivityChoice? FindType(string name)
    {
        user.Require(Permissions.ActivityDataRead);
        return vocabulary.TryFind(name, out var choice) ? choice : null;
    }

    public IReadOnlyList<string> ListGases()
    {
        user.Require(Permissions.ActivityDataRead);
        return vocabulary.GasNames;
    }

    public IReadOnlyList<string> ListUnitsLike(string unit)
    {
        user.Require(Permissions.ActivityDataRead);
        return vocabulary.Units.TryFind(unit, out var known) ? [.. vocabulary.Units.All.Where(other => other.Group == known.Group).Select(other => other.Symbol)] : [];
    }

    public decimal? Convert(decimal quantity, string from, string to, EntryConversion? by)
    {
        user.Require(Permissions.ActivityDataRead);
        return EntryUnits.Convert(quantity, from, to, by, vocabulary.Units, out _);
    }

    /// <summary>The statement of a first page, for a look at its plan.</summary>
    internal async Task<string> ExplainAsync(EntryFilter filter, int limit, CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        return (await FilteredAsync(unit, filter, cancellationToken))
            .OrderBy(entry => entry.SiteId).ThenBy(entry => entry.ActivityType).ThenBy(entry => entry.PeriodStart).ThenBy(entry => entry.Id).Take(limit).ToQueryString();
    }

    private async Task<IQueryable<ActivityEntry>> FilteredAsync(TenantUnit unit, EntryFilter filter, CancellationToken cancellationToken)
    {
        var entries = unit.Context.ActivityEntries.AsNoTracking();
        if (filter.SiteId is { } site)
        {
            entries = entries.Where(entry => entry.SiteId == site);
        }

        if (filter.ActivityType is { } name)
        {
            var type = vocabulary.TryFind(name, out var choice) ? choice.Key : name;
            entries = entries.Where(entry => entry.ActivityType == type);
        }

        if (filter.Status is { } status)
        {
            entries = entries.Where(entry => entry.Status == status);
        }

        if (filter.From is { } from)
        {
            entries = entries.Where(entry => entry.PeriodEnd >= from);
        }

        if (filter.To is { } to)
        {
            entries = entries.Where(entry => entry.PeriodStart <= to);
        }

        if (filter.Text?.Trim() is { Length: > 0 } text)
        {
            var pattern = "%" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal) + "%";
            var types = vocabulary.Search(text, 200).Select(choice => choice.Key).ToArray();
            entries = entries.Where(entry => types.Contains(entry.ActivityType) || EF.Functions.ILike(entry.Reference!, pattern, Escape) || EF.Functions.ILike(entry.Note!, pattern, Escape)
                || EF.Functions.ILike(entry.Gas!, pattern, Escape) || EF.Functions.ILike(entry.ExternalId!, pattern, Escape));
        }

        if (filter.ToApprove)
        {
            var me = unit.Actor.Id;
            var rule = await ActivityEntries.RuleAsync(unit, cancellationToken);
            entries = entries.Where(entry => entry.Status == EntryStatus.Submitted);
            entries = rule.AsksForSecondPerson ? entries.Where(entry => entry.ChangedById != me) : entries;
        }

        return entries;
    }

    private async Task<List<EntryRow>> RowsAsync(TenantUnit unit, IQueryable<ActivityEntry> entries, CancellationToken cancellationToken)
    {
        var found = await (
            from entry in entries
            join site in unit.Context.Sites on entry.SiteId equals site.Id
            select new
            {
                entry, site.Name,
                ReversedById = unit.Context.ActivityEntries.Where(other => other.ReversesId == entry.Id && other.Status != EntryStatus.Excluded).Select(other => (Guid?)other.Id).FirstOrDefault(),
                Documents = unit.Context.EntryDocuments.Count(document => document.EntryId == entry.Id),
                Comments = unit.Context.EntryComments.Count(comment => comment.EntryId == entry.Id),
                Exception = unit.Context.CalculationExceptions.Where(exception => exception.EntryId == entry.Id).Select(exception => exception.Message).FirstOrDefault(),
            }).AsNoTracking().ToListAsync(cancellationToken);
        var results = await ResultsAsync(unit, [.. found.Select(row => row.entry.Id)], cancellationToken);
        return [.. found.Select(row => ToRow(row.entry, row.Name, row.ReversedById is not null) with
        {
            ReversedById = row.ReversedById,
            Documents = row.Documents, Comments = row.Comments, Exception = row.Exception, Result = results.GetValueOrDefault(row.entry.Id),
        })];
    }

    private static async Task<Dictionary<Guid, EntryResult>> ResultsAsync(TenantUnit unit, Guid[] ids, CancellationToken cancellationToken) =>
        (await unit.Connection.ListAsync(
            """
            select a.entry_id, (array_agg(e.id order by e.scope, e.scope2_method, e.month))[1],
              sum(e.kg_co2e) filter (where e.scope in (1, 2) and e.scope2_method is distinct from 'Market'),
              sum(e.kg_co2e) filter (where e.scope2_method = 'Market'), sum(e.kg_co2e) filter (where e.scope = 3)
            from activity_records a join emission_records e on e.activity_id = a.id
            join emission_intervals i on i.activity_id = e.activity_id and i.proposal_id is not distinct from e.proposal_id and i.to_sequence is null
            where a.entry_id = any($1) group by a.entry_id
            """,
            row => (Id: row.GetGuid(0), Emission: row.GetGuid(1), Own: row.Optional<decimal>(2), Market: row.Optional<decimal>(3), Chain: row.Optional<decimal>(4)),
            cancellationToken, ids)).ToDictionary(
            row => row.Id, row => row.Own is null && row.Market is null ? new EntryResult(row.Emission, row.Chain, null, null) : new EntryResult(row.Emission, row.Own, row.Market, row.Chain));

    private EntryRow ToRow(ActivityEntry entry, string site, bool isReversed) => new(
        entry.Id, entry.SiteId, site, entry.ActivityType, NameOf(entry.ActivityType), entry.Quantity, entry.Unit, entry.PeriodStart, entry.PeriodEnd, entry.Gas, entry.FactorId,
        entry.Quality, entry.QualityIndicators, entry.UncertaintyPercent, entry.Status, entry.IsAccrual, entry.ReversesId, isReversed, entry.Reference, entry.Note, entry.ExternalId,
        entry.Balance, entry.Confirmed, entry.Version, entry.ChangedById, entry.ChangedBy, entry.ChangedAt)
    {
        ConvertedFrom = entry.ConvertedFrom, GapMethod = entry.GapMethod,
        Category = entry.Category, Worksheet = entry.Worksheet, Vendor = entry.Vendor, Account = entry.Account,
    };

    private static EntryExceptionRow ToRow(CalculationException exception, EntryRow entry) => new(entry, exception.Code, exception.Message, exception.Mend, exception.Since);

    private static Task<List<SiteChoice>> SitesAsync(TenantUnit unit, CancellationToken cancellationToken) =>
        unit.Context.Set<Site>().OrderBy(site => site.Name).Select(site => new SiteChoice(site.Id, site.Name, site.Region)).ToListAsync(cancellationToken);

    private string NameOf(string key) => vocabulary.TryFind(key, out var choice) ? choice.Name : key;

    private ActivityChoice ChoiceOf(string key) => vocabulary.TryFind(key, out var choice)
        ? choice : new ActivityChoice(key, key, "", Core.EmissionFactors.ActivityFamily.ValueChain, null, null, [], false, true, "");

    private static string CursorOf(EntryRow row) => Cursor.Of(
        row.SiteId.ToString(), row.ActivityType, row.From.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), row.Id.ToString());
}
