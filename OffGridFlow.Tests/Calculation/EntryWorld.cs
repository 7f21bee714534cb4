using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OffGridFlow.Core.ActivityData;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Infrastructure.ActivityData;
using OffGridFlow.Infrastructure.Calculation;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Tests.Imports;

namespace OffGridFlow.Tests.Calculation;

/// <summary>A tenant with three sites in three countries, whose entries are written and brought to the ledger as services do it.</summary>
internal sealed class EntryWorld : IAsyncDisposable
{
    public static readonly DateTimeOffset At = new(2026, 1, 12, 9, 30, 0, TimeSpan.Zero);
    private readonly AppFixture _apps;

    private EntryWorld(AppFixture apps, ImportClient client) => (_apps, Client) = (apps, client);

    private int _made;

    public TestApp App => _apps.App;

    public ImportClient Client { get; }

    public Guid Leeds { get; } = Guid.CreateVersion7();

    public Guid Gdansk { get; } = Guid.CreateVersion7();

    public Guid Oakland { get; } = Guid.CreateVersion7();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<EntryWorld> CreateAsync(AppFixture apps)
    {
        var world = new EntryWorld(apps, await apps.NewTenantAsync());
        await world.ChangeAsync((unit, _) =>
        {
            var company = new Organization { Id = Guid.CreateVersion7(), TenantId = unit.Actor.TenantId, Name = "Company", Country = "GB" };
            unit.Context.Add(company);
            foreach (var (id, name, country, region) in new[] { (world.Leeds, "Leeds", "GB", "GB"), (world.Gdansk, "Gdańsk", "PL", "PL"), (world.Oakland, "Oakland", "US", "US-CAMX") })
            {
                unit.Context.Add(new Site { Id = id, TenantId = unit.Actor.TenantId, OrganizationId = company.Id, Name = name, Country = country, Region = region });
            }

            return Task.CompletedTask;
        });
        return world;
    }

    /// <summary>What the tests show: fuels over months, electricity in three countries, a refrigerant, wood, a reversal; one that cannot be calculated, one draft.</summary>
    public IReadOnlyList<ActivityEntry> AYear() =>
    [
        Entry(Leeds, "natural-gas", 12000.5m, "kWh (Gross CV)", "2025-01-15", "2025-03-14", uncertainty: 5),
        Entry(Leeds, "diesel", 500, "l", "2025-02-01", "2025-02-28", EntryStatus.Submitted),
        Entry(Leeds, "electricity", 120.5m, "MWh", "2025-01-01", "2025-12-31"),
        Entry(Gdansk, "electricity", 31248, "kWh", "2025-07-01", "2025-07-31", quality: DataQuality.Estimated),
        Entry(Oakland, "electricity", 1000, "kWh", "2024-12-20", "2025-01-19"),
        Entry(Leeds, "refrigerant-leak", 3.2m, "kg", "2025-06-03", "2025-06-03", gas: "R-410A"),
        Entry(Leeds, "wood-pellets", 2.25m, "t", "2025-11-01", "2026-01-31"),
        Entry(Gdansk, "electricity", 10, "l", "2025-08-01", "2025-08-31"),
        Entry(Gdansk, "diesel", 77, "l", "2025-08-01", "2025-08-31", EntryStatus.Draft),
    ];

    /// <summary>Rates and indices for the spending of <see cref="AValueChain"/>, and a vendor whose supplies are counted by meter.</summary>
    public Task LoadMoneyAsync() => ChangeAsync((unit, _) =>
    {
        foreach (var month in Enumerable.Range(1, 12))
        {
            unit.Context.Add(new ExchangeRate
            {
                TenantId = Client.Ledger.Tenant, FromCurrency = "EUR", ToCurrency = "USD", Month = new DateOnly(2025, month, 1), Value = 1.04m + (month / 1000m), Source = "Central bank",
                ChangedBy = "Ada", ChangedAt = At,
            });
        }

        foreach (var (year, value) in new[] { (2022, 292.655m), (2025, 321.1m) })
        {
            unit.Context.Add(new PriceIndex { TenantId = Client.Ledger.Tenant, Currency = "USD", Year = year, Month = 0, Value = value, Source = "CPI", ChangedBy = "Ada", ChangedAt = At });
        }

        unit.Context.Add(new AccountMap { Id = Guid.CreateVersion7(), TenantId = Client.Ledger.Tenant, Vendor = "Power Ltd", IsCountedPhysically = true, Reason = "By meter" });
        return Task.CompletedTask;
    });

    /// <summary>Spending in another currency, the same of a vendor who is counted by meter, a survey, what a supplier reports, a tenant's electricity.</summary>
    public IReadOnlyList<ActivityEntry> AValueChain()
    {
        var spend = Entry(Leeds, "spend-legal", 1000.55m, "EUR", "2025-01-20", "2025-02-10");
        var counted = Entry(Leeds, "spend-repair", 500, "EUR", "2025-04-01", "2025-04-30");
        counted.Vendor = "power ltd";
        var survey = Entry(Leeds, "journey-train", 6000, "passenger.km", "2025-01-01", "2025-03-31");
        survey.Worksheet = new Worksheet(
            "commuting-survey", [new("weeks", 10), new("employees", 30), new("respondents", 10)],
            [new("Far", [new("people", 3), new("distance", 5, "km"), new("trips", 2), new("days", 4)]), new("Near", [new("people", 2), new("distance", 4, "km"), new("trips", 2), new("days", 5)])]);
        var tenant = Entry(Leeds, "electricity", 1000, "kWh", "2025-05-01", "2025-05-31");
        tenant.Category = 13;
        return [spend, counted, survey, Entry(Gdansk, "reported-goods", 12.5m, "t CO2e", "2025-05-01", "2025-06-30"), tenant];
    }

    public ActivityEntry Entry(
        Guid site, string type, decimal quantity, string unit, string from, string to, EntryStatus status = EntryStatus.Approved, string? gas = null,
        DataQuality quality = DataQuality.Measured, decimal? uncertainty = null, Guid? reverses = null) => new()
    {
        // In the order in which they are made: who gets the last digit of a contract that is shared out goes by it.
        Id = Guid.CreateVersion7(At.AddMilliseconds(++_made)),
        TenantId = Client.Ledger.Tenant,
        SiteId = site,
        ActivityType = type,
        Quantity = quantity,
        Unit = unit,
        PeriodStart = DateOnly.Parse(from, System.Globalization.CultureInfo.InvariantCulture),
        PeriodEnd = DateOnly.Parse(to, System.Globalization.CultureInfo.InvariantCulture),
        Gas = gas,
        Quality = quality,
        UncertaintyPercent = uncertainty,
        Status = status,
        ReversesId = reverses,
        ChangedById = null,
        ChangedBy = "Ada",
        ChangedAt = At,
    };

    /// <summary>Writes entries, new or changed, with a version each, and brings them to the ledger.</summary>
    public Task SaveAsync(params IReadOnlyList<ActivityEntry> entries) => ChangeAsync(async (unit, ledger) =>
    {
        foreach (var entry in entries)
        {
            var known = await unit.Context.ActivityEntries.AsTracking().SingleOrDefaultAsync(known => known.Id == entry.Id, Stop);
            if (known is null)
            {
                unit.Context.Add(entry);
            }
            else
            {
                entry.Version = known.Version + 1;
                unit.Context.Entry(known).CurrentValues.SetValues(entry);
            }

            unit.Context.Add(new ActivityEntryVersion
            {
                TenantId = entry.TenantId, EntryId = entry.Id, Version = entry.Version, Action = entry.Status == EntryStatus.Approved ? "approved" : "changed",
                Content = EntryContent.Of(entry).ToJson(), AuthorId = null, Author = "Grace", At = At,
            });
        }

        await ledger.ApplyAsync(unit, [.. entries.Select(entry => entry.Id)], Stop);
    });

    public async Task<StoredInstrument> AddInstrumentAsync(decimal? megawattHours, decimal rate, string from, string to, params Guid[] sites)
    {
        var instrument = new StoredInstrument
        {
            Id = Guid.CreateVersion7(), TenantId = Client.Ledger.Tenant, Kind = megawattHours is null ? InstrumentKind.SupplierRate : InstrumentKind.PowerPurchaseAgreement,
            Energy = ActivityFamily.Electricity, Name = megawattHours is null ? "Supplier's rate" : "Wind contract", MegawattHours = megawattHours,
            FirstDay = DateOnly.Parse(from, System.Globalization.CultureInfo.InvariantCulture), LastDay = DateOnly.Parse(to, System.Globalization.CultureInfo.InvariantCulture),
            SiteIds = sites, KgCo2ePerKwh = rate, CriteriaMet = QualityCriteria.All, CriteriaNotMet = QualityCriteria.None,
        };
        await ChangeAsync(async (unit, ledger) =>
        {
            unit.Context.Add(instrument);
            await ledger.ApplySitesAsync(unit, sites, Stop);
        });
        return instrument;
    }

    /// <summary>One transaction; without commit it leaves nothing.</summary>
    public async Task ChangeAsync(Func<TenantUnit, EntryLedger, Task> change, bool commit = true)
    {
        await using var scope = _apps.App.App.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentUser>().Become(new Actor(Client.Ledger.Tenant, null, "Ada", TenantRole.Admin));
        await using var unit = await scope.ServiceProvider.GetRequiredService<TenantDatabase>().OpenAsync(Stop);
        await change(unit, scope.ServiceProvider.GetRequiredService<EntryLedger>());
        if (commit)
        {
            await unit.CommitAsync(Stop);
        }
    }

    /// <summary>Results, intervals, activities, totals, exceptions and the ledger's number: equal lists are equal ledgers.</summary>
    public async Task<List<string>> AllAsync()
    {
        var all = new List<string>();
        foreach (var table in new[] { "activity_records", "emission_records", "derivations", "emission_intervals", "monthly_totals", "monthly_energy", "calculation_exceptions", "ledger_sequences" })
        {
            all.AddRange(await Client.Ledger.TextsAsync($"select '{table} ' || t::text from {table} t where tenant_id = $1 order by 1"));
        }

        return all;
    }

    /// <summary>What differs between the monthly totals, those of energy among them, and a scan of all results that count; empty where they agree.</summary>
    public async Task<List<string>> DifferencesAsync() => [.. await TotalDifferencesAsync(), .. await EnergyScan.DifferencesAsync(Client.Ledger)];

    private Task<List<string>> TotalDifferencesAsync() => Client.Ledger.TextsAsync(
        """
        with scan as (
          select e.month, e.scope, coalesce(e.category, 0) as category, coalesce(e.scope2_method, '') as scope2_method, a.provider, a.account, a.service, a.region,
            e.calculation_method, count(*) as activities, count(*) filter (where e.quality = 'Missing') as missing, sum(coalesce(e.kg_co2e, 0)) as kg, sum(coalesce(e.kilowatt_hours, 0)) as kwh,
            sum(case when e.quality = 'Measured' then e.kg_co2e else 0 end) as measured, sum(e.defaulted_kg_co2e) as defaulted,
            sum(coalesce(e.biogenic_kg_co2, 0)) as biogenic, sum(case when a.entry_status = 'Submitted' then coalesce(e.kg_co2e, 0) else 0 end) as submitted,
            sum(coalesce(e.co2_kg_co2e, 0)) as co2, sum(coalesce(e.ch4_kg_co2e, 0)) as ch4, sum(coalesce(e.n2o_kg_co2e, 0)) as n2o, sum(coalesce(e.hfcs_kg_co2e, 0)) as hfcs
          from emission_records e
          join emission_intervals i on i.activity_id = e.activity_id and i.proposal_id is not distinct from e.proposal_id and i.to_sequence is null join activity_records a on a.id = e.activity_id
          where e.tenant_id = $1 group by 1, 2, 3, 4, 5, 6, 7, 8, 9),
        kept as (
          select month, scope, category, scope2_method, provider, account, service, region, calculation_method, activities, activities_without_result, kg_co2e, kilowatt_hours,
            measured_kg_co2e, defaulted_kg_co2e, biogenic_kg_co2, submitted_kg_co2e, co2_kg_co2e, ch4_kg_co2e, n2o_kg_co2e, hfcs_kg_co2e
          from monthly_totals where tenant_id = $1)
        select 'scan ' || d::text from (select * from scan except select * from kept) d
        union all select 'kept ' || d::text from (select * from kept except select * from scan) d
        """);

    public ValueTask DisposeAsync()
    {
        Client.Dispose();
        return ValueTask.CompletedTask;
    }
}
