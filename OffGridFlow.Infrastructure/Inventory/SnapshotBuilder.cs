using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Infrastructure.ActivityData;
using OffGridFlow.Infrastructure.Calculation;
using OffGridFlow.Infrastructure.Calculation.Runs;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Inventory;

/// <summary>Who locked an inventory, and why.</summary>
/// <param name="Number">Of the snapshot.</param>
/// <param name="MissingReason">Why although the collection plan misses data.</param>
public sealed record SnapshotLock(int Number, string Reason, string? MissingReason, string AskedBy, DateTimeOffset AskedAt, string LockedBy, DateTimeOffset LockedAt);

/// <param name="Text">Canonical JSON.</param>
public sealed record SnapshotContent(string Text, string Approach, long LedgerNumber);

/// <summary>Writes down an inventory with all that it rests on, so that an outsider can hold it against the evidence (docs/methods/inventory-snapshot.md).</summary>
public sealed class SnapshotBuilder(CompletenessService completeness)
{
    public const string Format = "offgridflow-inventory 1";

    private const string Total = "total";

    /// <summary>By what totals are told, and how the document calls it.</summary>
    private static readonly (string Name, InventoryDimension[] Keys)[] Groupings =
    [
        (Total, []), ("scope", [InventoryDimension.Scope]), ("category", [InventoryDimension.Scope, InventoryDimension.Category]), ("month", [InventoryDimension.Month]),
        ("entity", [InventoryDimension.Organization]), ("site", [InventoryDimension.Site]), ("activityType", [InventoryDimension.ActivityType]), ("method", [InventoryDimension.Method]),
    ];

    /// <param name="unit">Of the state that is written down: while it holds the ledger's number, nothing moves.</param>
    /// <param name="held">Null for the inventory as it is, which nobody has locked.</param>
    public async Task<SnapshotContent> BuildAsync(TenantUnit unit, ReportingPeriod period, SnapshotLock? held, CancellationToken cancellationToken)
    {
        var months = new FrozenPeriod(period.Name, IsFiled: false, period.FirstDay, period.LastDay);
        var number = await RunBasis.SequenceAsync(unit, cancellationToken);
        var policy = (await CalculationPolicies.FindAsync(unit, cancellationToken)).Policy;
        var decisions = await DecisionsAsync(unit, period.Id, cancellationToken);
        var plan = await completeness.TableAsync(period.FirstDay, period.LastDay, cancellationToken);
        var (totals, unassigned) = await TotalsAsync(unit, period, months, cancellationToken);
        var content = new Dictionary<string, object?>
        {
            ["format"] = Format,
            ["organization"] = await unit.Connection.ScalarAsync<string>("select name from tenants where id = current_tenant()", cancellationToken),
            ["period"] = new Dictionary<string, object?>
            {
                ["name"] = period.Name, ["firstDay"] = period.FirstDay, ["lastDay"] = period.LastDay, ["firstMonth"] = Month(months.First), ["lastMonth"] = Month(months.Last),
            },
            ["snapshot"] = held is null ? null : new Dictionary<string, object?>
            {
                ["number"] = held.Number, ["reason"] = held.Reason, ["missingReason"] = held.MissingReason, ["askedBy"] = held.AskedBy, ["askedAt"] = Instant(held.AskedAt),
                ["lockedBy"] = held.LockedBy, ["lockedAt"] = Instant(held.LockedAt),
            },
            ["approach"] = Camel(period.Approach.ToString()),
            ["gwp"] = Camel(policy.Gwp.ToString()),
            ["policy"] = new Dictionary<string, object?>
            {
                ["allowsProxy"] = policy.AllowsProxy, ["setOrder"] = policy.SetOrder.Cast<object?>().ToList(),
                ["fixedEditions"] = policy.FixedEditions.OrderBy(edition => edition.Key.Family, StringComparer.Ordinal).ThenBy(edition => edition.Key.Year)
                    .Select(object? (edition) => new Dictionary<string, object?> { ["family"] = edition.Key.Family, ["year"] = edition.Key.Year, ["edition"] = edition.Value }).ToList(),
            },
            ["totals"] = totals,
            ["unassignedAccounts"] = unassigned,
            ["ledger"] = new Dictionary<string, object?> { ["number"] = number, ["months"] = await HashesAsync(unit, number, months, cancellationToken) },
            ["methods"] = await MethodsAsync(unit, months, cancellationToken),
            ["factorSets"] = await FactorSetsAsync(unit, months, cancellationToken),
            ["contracts"] = await ContractsAsync(unit, months, cancellationToken),
            ["categories"] = decisions.Select(object? (decision) => Of(decision)).ToList(),
            ["excludedTonnes"] = decisions.Where(decision => decision.Choice == BoundaryChoice.Excluded).Sum(decision => decision.EstimatedTonnes ?? 0m),
            ["collection"] = new Dictionary<string, object?>
            {
                ["expected"] = plan.Expected, ["missing"] = plan.Missing, ["missingWithoutValue"] = plan.MissingWithoutValue, ["missingKgCo2e"] = Trimmed(plan.MissingKgCo2e),
                ["gaps"] = GapsOf(plan),
            },
            ["audit"] = await HeadAsync(unit, cancellationToken),
        };
        return new SnapshotContent(CanonicalJson.Write(content), Camel(period.Approach.ToString()), number);
    }

    private static async Task<(object Totals, object Unassigned)> TotalsAsync(TenantUnit unit, ReportingPeriod period, FrozenPeriod months, CancellationToken cancellationToken)
    {
        var filter = new InventoryFilter { From = months.First, To = months.Last, Approach = period.Approach };
        var read = new List<(string Name, InventoryViews Views)>();
        // Its own: what is written down for good is read from the ledger in the transaction that writes it.
        using var cells = new MonthlyTotalsCache();
        foreach (var (name, keys) in Groupings)
        {
            read.Add((name, await InventoryQueries.SummarizeViewsAsync(unit, cells, filter, keys, cancellationToken)));
        }

        var totals = new Dictionary<string, object?>();
        foreach (var view in Enum.GetValues<Scope2Method>())
        {
            var summaries = read.Select(some => (some.Name, Summary: view == Scope2Method.Location ? some.Views.Location : some.Views.Market)).ToList();
            var ofView = summaries.ToDictionary(some => some.Name, some => some.Name == Total
                ? Figures(some.Summary.Total, [])
                : some.Summary.Groups.OrderBy(group => string.Join('\u001f', group.Keys), StringComparer.Ordinal)
                    .Select(object? (group) => Figures(group.Figures, KeysOf(some.Name, group.Keys, some.Summary.Organizations))).ToList() as object);

            // Beside the totals, in none of them.
            var any = summaries[0].Summary;
            ofView["comparisonOnly"] = Figures(any.ComparisonOnly, []);
            ofView["outside"] = any.Outside.OrderBy(outside => outside.OrganizationId.ToString("D"), StringComparer.Ordinal).Select(object? (outside) => new Dictionary<string, object?>
            {
                ["entity"] = outside.OrganizationId.ToString("D"), ["name"] = any.Organizations.GetValueOrDefault(outside.OrganizationId, ""), ["kgCo2e"] = outside.KgCo2e,
                ["investedKgCo2e"] = outside.InvestedKgCo2e, ["isEntered"] = outside.IsEntered,
            }).ToList();
            totals[Camel(view.ToString())] = ofView;
        }

        return (totals, read[0].Views.Location.Unassigned.OrderBy(account => account.Provider, StringComparer.Ordinal).ThenBy(account => account.Account, StringComparer.Ordinal)
            .Select(object? (account) => new Dictionary<string, object?> { ["provider"] = account.Provider, ["account"] = account.Account }).ToList());
    }

    /// <summary>The keys by their names; entities with their name beside their id.</summary>
    private static List<(string, object?)> KeysOf(string grouping, IReadOnlyList<string> keys, IReadOnlyDictionary<Guid, string> organizations) => grouping switch
    {
        "scope" => [("scope", Number(keys[0]))],
        "category" => [("scope", Number(keys[0])), ("category", Number(keys[1]))],
        "entity" => [("entity", keys[0]), ("name", Guid.TryParse(keys[0], out var id) ? organizations.GetValueOrDefault(id, "") : "")],
        _ => [(grouping, keys[0])],
    };

    private static Dictionary<string, object?> Figures(InventoryFigures figures, List<(string Name, object? Value)> keys)
    {
        var fields = new Dictionary<string, object?>
        {
            ["kgCo2e"] = figures.KgCo2e, ["co2"] = figures.Co2, ["ch4"] = figures.Ch4, ["n2o"] = figures.N2o, ["hfcs"] = figures.Hfcs, ["pfcs"] = figures.Pfcs, ["sf6"] = figures.Sf6,
            ["nf3"] = figures.Nf3, ["unsplit"] = figures.Unsplit, ["biogenicKgCo2"] = figures.BiogenicKgCo2, ["kilowattHours"] = figures.KilowattHours,
            ["measuredKgCo2e"] = figures.MeasuredKgCo2e, ["estimatedKgCo2e"] = figures.EstimatedKgCo2e, ["defaultedKgCo2e"] = figures.DefaultedKgCo2e, ["results"] = figures.Results,
            ["resultsWithoutFigure"] = figures.ResultsWithoutFigure,
        };
        foreach (var (name, value) in keys)
        {
            fields[name] = value;
        }

        return fields;
    }

    private static async Task<List<BoundaryDecision>> DecisionsAsync(TenantUnit unit, Guid periodId, CancellationToken cancellationToken) =>
        [.. (await unit.Context.BoundaryDecisions.Where(decision => decision.PeriodId == periodId).ToListAsync(cancellationToken))
            .GroupBy(decision => decision.Category).Select(versions => versions.MaxBy(decision => decision.Version)!).OrderBy(decision => decision.Category)];

    private static Dictionary<string, object?> Of(BoundaryDecision decision) => new()
    {
        ["category"] = decision.Category, ["decision"] = Camel(decision.Choice.ToString()), ["reason"] = decision.Reason, ["estimatedTonnes"] = decision.EstimatedTonnes,
        ["reviewOn"] = decision.ReviewOn, ["version"] = decision.Version, ["author"] = decision.Author, ["at"] = Instant(decision.At), ["approvedBy"] = decision.ApprovedBy,
        ["approvedAt"] = decision.ApprovedAt is { } at ? Instant(at) : null,
    };

    private static async Task<object> HashesAsync(TenantUnit unit, long number, FrozenPeriod months, CancellationToken cancellationToken)
    {
        await using var command = unit.Connection.Command(LedgerHash.ByMonth, number, months.First, months.Last);
        command.CommandTimeout = 0;
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var hashes = new List<object?>();
        while (await row.ReadAsync(cancellationToken))
        {
            hashes.Add(new Dictionary<string, object?> { ["month"] = Month(row.GetFieldValue<DateOnly>(0)), ["sha256"] = row.GetString(1), ["results"] = row.GetInt64(2) });
        }

        return hashes;
    }

    /// <summary>Every method with the version of it, of results in the totals and of those for comparison.</summary>
    private static async Task<object> MethodsAsync(TenantUnit unit, FrozenPeriod months, CancellationToken cancellationToken) => (await unit.Connection.ListAsync(
        """
        select e.method, e.method_version, e.comparison_only, count(*) from emission_intervals i
        join emission_records e on e.activity_id = i.activity_id and e.proposal_id is not distinct from i.proposal_id
        where i.to_sequence is null and e.month between $1 and $2 group by 1, 2, 3 order by e.method collate "C", e.method_version collate "C", e.comparison_only
        """,
        object? (row) => new Dictionary<string, object?>
        {
            ["method"] = row.GetString(0), ["version"] = row.GetString(1), ["comparisonOnly"] = row.GetBoolean(2), ["results"] = row.GetInt64(3),
        },
        cancellationToken, months.First, months.Last)).ToList();

    private static async Task<object> FactorSetsAsync(TenantUnit unit, FrozenPeriod months, CancellationToken cancellationToken) => (await unit.Connection.ListAsync(
        """
        select e.factor_set_id, e.factor_set_checksum, count(distinct e.factor_id), count(*) from emission_intervals i
        join emission_records e on e.activity_id = i.activity_id and e.proposal_id is not distinct from i.proposal_id
        where i.to_sequence is null and e.month between $1 and $2 and e.factor_set_id is not null group by 1, 2 order by e.factor_set_id collate "C", e.factor_set_checksum collate "C"
        """,
        object? (row) => new Dictionary<string, object?>
        {
            ["set"] = row.GetString(0), ["checksum"] = row.OptionalText(1), ["factors"] = row.GetInt64(2), ["results"] = row.GetInt64(3),
        },
        cancellationToken, months.First, months.Last)).ToList();

    private static async Task<object> ContractsAsync(TenantUnit unit, FrozenPeriod months, CancellationToken cancellationToken) => (await unit.Connection.ListAsync(
        """
        select c.id, c.kind, c.energy, c.name, c.supplier, c.first_day, c.last_day, c.megawatt_hours, c.kg_co2e_per_kwh, coalesce(u.kwh, 0)
        from contractual_instruments c left join (
          select e.instrument_id, sum(e.kilowatt_hours) as kwh from emission_intervals i
          join emission_records e on e.activity_id = i.activity_id and e.proposal_id is not distinct from i.proposal_id
          where i.to_sequence is null and e.month between $1 and $2 and e.instrument_id is not null group by 1) as u on u.instrument_id = c.id
        where u.kwh is not null or (not c.is_withdrawn and c.first_day <= $2 and c.last_day >= $1) order by c.id
        """,
        object? (row) => new Dictionary<string, object?>
        {
            ["id"] = row.GetGuid(0).ToString("D"), ["kind"] = Camel(row.GetString(1)), ["energy"] = Camel(row.GetString(2)), ["name"] = row.GetString(3), ["supplier"] = row.OptionalText(4),
            ["firstDay"] = row.GetFieldValue<DateOnly>(5), ["lastDay"] = row.GetFieldValue<DateOnly>(6), ["megawattHours"] = row.Optional<decimal>(7), ["kgCo2ePerKwh"] = row.GetDecimal(8),
            ["usedKilowattHours"] = row.GetDecimal(9),
        },
        cancellationToken, months.First, months.Last)).ToList();

    private static List<object?> GapsOf(CompletenessTable plan) =>
    [
        .. plan.Rows.SelectMany(row => row.Cells.Where(cell => cell.Month.State == Core.ActivityData.CompletenessState.Missing).Select(cell => (row, cell)))
            .OrderBy(gap => gap.row.Site, StringComparer.Ordinal).ThenBy(gap => gap.row.TypeName, StringComparer.Ordinal).ThenBy(gap => gap.cell.Month.Month)
            .Select(object? (gap) => new Dictionary<string, object?>
            {
                ["site"] = gap.row.Site, ["activityType"] = gap.row.TypeName, ["month"] = Month(gap.cell.Month.Month),
                ["kgCo2e"] = gap.cell.MissingKgCo2e is { } kg ? Trimmed(kg) : null,
            }),
    ];

    /// <summary>The newest sealed entry of the audit log; null before the first is sealed.</summary>
    private static async Task<object?> HeadAsync(TenantUnit unit, CancellationToken cancellationToken) => (await unit.Connection.ListAsync(
        "select sequence, encode(hash, 'hex') from audit_entries where sequence is not null order by sequence desc limit 1",
        row => new Dictionary<string, object?> { ["sequence"] = row.GetInt64(0), ["sha256"] = row.GetString(1) }, cancellationToken)).SingleOrDefault();

    private static decimal Trimmed(decimal value) => Core.Quantities.Exact.Round(value);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static string Month(DateOnly month) => month.ToString("yyyy-MM", CultureInfo.InvariantCulture);

    private static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    private static string Camel(string name) => JsonNamingPolicy.CamelCase.ConvertName(name);
}
