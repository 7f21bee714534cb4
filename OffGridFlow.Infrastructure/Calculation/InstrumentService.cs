using Microsoft.EntityFrameworkCore;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Infrastructure.Organizations;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Calculation;

/// <summary>A contractual instrument as people write it. Members as <see cref="StoredInstrument"/>.</summary>
public sealed record InstrumentInput
{
    public InstrumentKind Kind { get; set; }
    public ActivityFamily Energy { get; set; } = ActivityFamily.Electricity;
    public string? Name { get; set; }
    public string? Supplier { get; set; }
    public string? Technology { get; set; }
    public decimal? RenewablePercent { get; set; }
    public decimal? NuclearPercent { get; set; }
    public string? Registry { get; set; }
    public string? SerialFrom { get; set; }
    public string? SerialTo { get; set; }
    public decimal? MegawattHours { get; set; }
    public DateOnly? FirstDay { get; set; }
    public DateOnly? LastDay { get; set; }
    public IReadOnlyList<Guid> SiteIds { get; set; } = [];
    public decimal? KgCo2ePerKwh { get; set; }
    public QualityCriteria CriteriaMet { get; set; }
    public QualityCriteria CriteriaNotMet { get; set; }
    public string? Evidence { get; set; }
    public bool IsWithdrawn { get; set; }

    public static InstrumentInput Of(StoredInstrument instrument) => new()
    {
        Kind = instrument.Kind, Energy = instrument.Energy, Name = instrument.Name, Supplier = instrument.Supplier, Technology = instrument.Technology,
        RenewablePercent = instrument.RenewablePercent, NuclearPercent = instrument.NuclearPercent,
        Registry = instrument.Registry, SerialFrom = instrument.SerialFrom, SerialTo = instrument.SerialTo, MegawattHours = instrument.MegawattHours,
        FirstDay = instrument.FirstDay, LastDay = instrument.LastDay, SiteIds = instrument.SiteIds, KgCo2ePerKwh = instrument.KgCo2ePerKwh,
        CriteriaMet = instrument.CriteriaMet, CriteriaNotMet = instrument.CriteriaNotMet, Evidence = instrument.Evidence, IsWithdrawn = instrument.IsWithdrawn,
    };
}

/// <summary>Purchased energy of a site in a calendar year, as the ledger's market-based view has it.</summary>
/// <param name="ConsumedMwh">MWh of submitted and approved activity data that have a result.</param>
/// <param name="CoveredMwh">The part of it that instruments cover; never more.</param>
public sealed record SiteCoverage(Guid SiteId, int Year, decimal ConsumedMwh, decimal CoveredMwh)
{
    public decimal UncoveredMwh => ConsumedMwh - CoveredMwh;
}

/// <param name="UsedMwh">MWh by instrument; one that covers nothing is not in it.</param>
/// <param name="Sites">The latest year first, then by consumption.</param>
public sealed record InstrumentUsage(IReadOnlyDictionary<Guid, decimal> UsedMwh, IReadOnlyList<SiteCoverage> Sites);

/// <summary>The contractual instruments of the present tenant. Each change calculates the entries of its sites anew, in the same transaction.</summary>
internal sealed class InstrumentService(TenantDatabase database, CurrentUser user, EntryLedger ledger)
{
    private const decimal KilowattHoursPerMegawattHour = 1000m;

    /// <summary>kg CO2e per kWh. Even the dirtiest lignite stays below 2.</summary>
    private const decimal LargestRate = 3m;

    /// <summary>The latest first.</summary>
    public async Task<IReadOnlyList<StoredInstrument>> ListAsync(CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await unit.Context.ContractualInstruments.OrderByDescending(instrument => instrument.FirstDay).ThenBy(instrument => instrument.Name)
            .ThenBy(instrument => instrument.Id).ToListAsync(cancellationToken);
    }

    /// <summary>In the order in which they were made.</summary>
    public async Task<ListPage<StoredInstrument>> PageAsync(string? cursor, int limit, CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await Editing.PageAsync(unit.Context.ContractualInstruments, cursor, limit, cancellationToken);
    }

    public async Task<StoredInstrument?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await Editing.FindAsync<StoredInstrument>(unit, id, cancellationToken);
    }

    /// <summary>What the instruments cover, as the ledger has it now.</summary>
    public async Task<InstrumentUsage> UsageAsync(CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        var rows = await unit.Connection.ListAsync(
            """
            select a.site_id, extract(year from e.month)::int, e.instrument_id, sum(e.kilowatt_hours)
            from emission_records e
            join emission_intervals i on i.activity_id = e.activity_id and i.proposal_id is not distinct from e.proposal_id and i.to_sequence is null
            join activity_records a on a.id = e.activity_id
            where e.scope = 2 and e.scope2_method = 'Market' and a.site_id is not null and e.kilowatt_hours is not null
            group by 1, 2, 3
            """,
            row => (Site: row.GetGuid(0), Year: row.GetInt32(1), Instrument: row.Optional<Guid>(2), Mwh: row.GetDecimal(3) / KilowattHoursPerMegawattHour), cancellationToken);
        return new InstrumentUsage(
            rows.Where(row => row.Instrument is not null).GroupBy(row => row.Instrument!.Value).ToDictionary(group => group.Key, group => group.Sum(row => row.Mwh)),
            [.. rows.GroupBy(row => (row.Site, row.Year))
                .Select(group => new SiteCoverage(group.Key.Site, group.Key.Year, group.Sum(row => row.Mwh), group.Where(row => row.Instrument is not null).Sum(row => row.Mwh)))
                .OrderByDescending(coverage => coverage.Year).ThenByDescending(coverage => coverage.ConsumedMwh).ThenBy(coverage => coverage.SiteId)]);
    }

    public Task<Edit<StoredInstrument>> CreateAsync(InstrumentInput input, CancellationToken cancellationToken) => SaveAsync(null, 0, input, cancellationToken);

    /// <param name="version">The one that was seen.</param>
    public Task<Edit<StoredInstrument>> ChangeAsync(Guid id, int version, InstrumentInput input, CancellationToken cancellationToken) =>
        SaveAsync(id, version, input, cancellationToken);

    /// <summary>Removes an instrument that no result was ever made with.</summary>
    public async Task<Edit<StoredInstrument>> RemoveAsync(Guid id, int version, CancellationToken cancellationToken)
    {
        user.Require(Permissions.OrganizationsWrite);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await Editing.RemoveAsync<StoredInstrument>(
            unit, id, version,
            async instrument => await unit.Context.EmissionRecords.AnyAsync(record => record.InstrumentId == id, cancellationToken)
                ? $"{instrument.Name} was not removed: results were made with it, and their trails name it. Withdraw it instead: from then on nothing is calculated with it."
                : null,
            instrument =>
            {
                unit.Audit("instrument.removed", $"instrument/{id}", InstrumentInput.Of(instrument));
                return Task.CompletedTask;
            },
            cancellationToken);
    }

    private async Task<Edit<StoredInstrument>> SaveAsync(Guid? id, int version, InstrumentInput input, CancellationToken cancellationToken)
    {
        var actor = user.Require(Permissions.OrganizationsWrite);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await Editing.SaveAsync<StoredInstrument>(
            unit, id, version, former => FaultsAsync(unit, id, former, input, cancellationToken), (key, next) => Make(key, actor.TenantId, input, next),
            async (former, instrument) =>
            {
                unit.AuditEdit(former is null ? "instrument.created" : "instrument.changed", former, instrument, InstrumentInput.Of, new { instrument.Name });
                // The ledger reads the instrument as it is now.
                await unit.Context.SaveChangesAsync(cancellationToken);
                await ledger.ApplySitesAsync(unit, [.. instrument.SiteIds.Union(former?.SiteIds ?? [])], cancellationToken);
            },
            cancellationToken);
    }

    private static StoredInstrument Make(Guid id, Guid tenant, InstrumentInput input, int version) => new()
    {
        Id = id, TenantId = tenant, Kind = input.Kind, Energy = input.Energy, Name = input.Name!.Trim(), Supplier = Organizations.Faults.Clean(input.Supplier),
        Technology = Organizations.Faults.Clean(input.Technology), RenewablePercent = input.RenewablePercent, NuclearPercent = input.NuclearPercent, Registry = Organizations.Faults.Clean(input.Registry),
        SerialFrom = Organizations.Faults.Clean(input.SerialFrom), SerialTo = Organizations.Faults.Clean(input.SerialTo), MegawattHours = input.MegawattHours,
        FirstDay = input.FirstDay!.Value, LastDay = input.LastDay!.Value, SiteIds = [.. input.SiteIds.Distinct().Order()], KgCo2ePerKwh = input.KgCo2ePerKwh!.Value,
        CriteriaMet = input.CriteriaMet & StoredInstrument.AskedOf(input.Kind), CriteriaNotMet = input.CriteriaNotMet & StoredInstrument.AskedOf(input.Kind),
        Evidence = Organizations.Faults.Clean(input.Evidence), IsWithdrawn = input.IsWithdrawn, Version = version,
    };

    private static async Task<Organizations.Faults> FaultsAsync(TenantUnit unit, Guid? id, StoredInstrument? former, InstrumentInput input, CancellationToken cancellationToken)
    {
        var faults = new Organizations.Faults();
        faults.Required("name", input.Name, 200, "Give the contract a name by which you find it again, e.g. Wind PPA Nordsee 2026");
        faults.Optional("supplier", input.Supplier, 200);
        faults.Optional("technology", input.Technology, 100);
        faults.Optional("evidence", input.Evidence, 4000);
        if (input.Energy is not (ActivityFamily.Electricity or ActivityFamily.Heat or ActivityFamily.Steam or ActivityFamily.Cooling))
        {
            faults.Add("energy", "A contract is for electricity, heat, steam or cooling. Choose one of them.");
        }

        LookAtShares(input, faults);
        LookAtAmount(input, faults);
        LookAtDays(input, faults);
        if ((input.CriteriaMet & input.CriteriaNotMet) != QualityCriteria.None)
        {
            faults.Add("criteriaMet", "A criterion is either met or not met. Answer each with one of the two, or leave it open.");
        }

        var sites = input.SiteIds.Distinct().ToArray();
        if (sites.Length == 0)
        {
            faults.Add("siteIds", "Choose at least one site whose energy it covers.");
        }
        else if (await unit.Context.Sites.CountAsync(site => sites.Contains(site.Id), cancellationToken) != sites.Length)
        {
            faults.Add("siteIds", "One of the sites is not there any more. Load the page again and choose anew.");
        }

        await LookAtSerialsAsync(unit, id, input, faults, cancellationToken);
        if (faults.Count == 0)
        {
            var after = Make(id ?? Guid.Empty, unit.Actor.TenantId, input, 1);
            faults.Held("firstDay", (await FrozenMonths.ReadAsync(unit, cancellationToken)).RefusalOfChange(
                former is null ? null : new DayRange(former.FirstDay, former.LastDay), new DayRange(after.FirstDay, after.LastDay), former is not null && SaysTheSame(former, after)));
        }

        return faults;
    }

    /// <summary>Whether figures would come out the same with both on the days of both.</summary>
    private static bool SaysTheSame(StoredInstrument one, StoredInstrument other) =>
        (one.Kind, one.Energy, one.MegawattHours, one.KgCo2ePerKwh, one.IsUsed, one.RenewablePercent, one.NuclearPercent)
            == (other.Kind, other.Energy, other.MegawattHours, other.KgCo2ePerKwh, other.IsUsed, other.RenewablePercent, other.NuclearPercent)
        && one.SiteIds.Order().SequenceEqual(other.SiteIds.Order());

    /// <summary>What generates, in percent: neither needs to be said, and what is said does not exceed the whole.</summary>
    private static void LookAtShares(InstrumentInput input, Organizations.Faults faults)
    {
        foreach (var (field, percent) in new[] { ("renewablePercent", input.RenewablePercent), ("nuclearPercent", input.NuclearPercent) })
        {
            if (percent is < 0 or > 100)
            {
                faults.Add(field, "A share is 0 to 100 percent. Leave it empty where the contract does not say what generates.");
            }
            else if (percent is { } known && decimal.Round(known, 6) != known)
            {
                faults.Add(field, "Write at most six decimals.");
            }
        }

        if (input.RenewablePercent + input.NuclearPercent > 100)
        {
            faults.Add("nuclearPercent", "Renewable and nuclear together are more than 100 percent. The rest of both is fossil: correct one of them.");
        }
    }

    private static void LookAtAmount(InstrumentInput input, Organizations.Faults faults)
    {
        if (input.MegawattHours is null && input.Kind is InstrumentKind.Certificate or InstrumentKind.PowerPurchaseAgreement)
        {
            faults.Add("megawattHours", "Say how many MWh it is for: a certificate usually stands for 1 MWh. Only a tariff or a supplier’s rate covers all that is used.");
        }
        else if (input.MegawattHours <= 0)
        {
            faults.Add("megawattHours", "The amount is more than 0 MWh.");
        }
        else if (input.MegawattHours > 1_000_000_000m)
        {
            faults.Add("megawattHours", "That is more than any country uses in a month. Check the digits; the unit is MWh.");
        }

        if (input.KgCo2ePerKwh is null)
        {
            faults.Add("kgCo2ePerKwh", "Say the rate in kg CO2e per kWh: 0 for wind, sun and water.");
        }
        else if (input.KgCo2ePerKwh < 0)
        {
            faults.Add("kgCo2ePerKwh", "A rate is 0 or more: buying energy takes nothing out of the air.");
        }
        else if (input.KgCo2ePerKwh > LargestRate)
        {
            faults.Add("kgCo2ePerKwh", "No power station emits that much. Suppliers often print g per kWh or kg per MWh: divide either by 1,000.");
        }
    }

    private static void LookAtDays(InstrumentInput input, Organizations.Faults faults)
    {
        if (input.FirstDay is null)
        {
            faults.Add("firstDay", "Choose the first day on which it covers energy.");
        }

        if (input.LastDay is null)
        {
            faults.Add("lastDay", "Choose the last day on which it covers energy.");
        }

        faults.Days("lastDay", input.FirstDay, input.LastDay);
    }

    /// <summary>A certificate is used once: the same serial numbers of a registry stand in one instrument.</summary>
    private static async Task LookAtSerialsAsync(TenantUnit unit, Guid? id, InstrumentInput input, Organizations.Faults faults, CancellationToken cancellationToken)
    {
        faults.Optional("registry", input.Registry, 100);
        faults.Optional("serialFrom", input.SerialFrom, 100);
        faults.Optional("serialTo", input.SerialTo, 100);
        var (registry, from, to) = (Organizations.Faults.Clean(input.Registry), Organizations.Faults.Clean(input.SerialFrom), Organizations.Faults.Clean(input.SerialTo));
        if (from is null != to is null)
        {
            faults.Add(from is null ? "serialFrom" : "serialTo", "Give both ends of the range of serial numbers, or neither. A single certificate has the same number at both.");
        }

        if (from is not null && registry is null)
        {
            faults.Add("registry", "Say which registry the serial numbers are of, e.g. the AIB hub or M-RETS.");
        }

        if (from is not null && await unit.Context.ContractualInstruments.Where(other => other.Id != id && !other.IsWithdrawn && other.Registry == registry)
            .Where(other => other.SerialFrom == from || other.SerialTo == to).Select(other => other.Name).FirstOrDefaultAsync(cancellationToken) is { } taken)
        {
            faults.Add("serialFrom", $"“{taken}” has certificates of these numbers already. A certificate counts once: correct the range here or there.");
        }
    }
}
