using Microsoft.Extensions.DependencyInjection;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Infrastructure.Calculation;
using OffGridFlow.Infrastructure.Organizations;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;
using OffGridFlow.Tests.Identity;

namespace OffGridFlow.Tests.Organizations;

/// <summary>What contracts cover of a site that used 1,000 MWh of electricity in 2024, by the services themselves and the ledger.</summary>
public sealed class InstrumentCoverageTests(SharedApp shared) : IClassFixture<SharedApp>
{
    private readonly TestApp _app = shared.App;

    [Fact]
    public async Task Contract_CoversWhatIsUsed_AndNeverMore()
    {
        var (scope, site) = await NewSiteAsync();
        await using var services = scope;
        var instruments = scope.ServiceProvider.GetRequiredService<InstrumentService>();

        var made = (await instruments.CreateAsync(Contract(site, 400, QualityCriteria.All), Cancellation)).ShouldBeOfType<Edit<StoredInstrument>.Done>().Item;
        var usage = await instruments.UsageAsync(Cancellation);
        usage.UsedMwh[made.Id].ShouldBe(400);
        usage.Sites.ShouldHaveSingleItem().ShouldBe(new SiteCoverage(site, 2024, 1000, 400));
        usage.Sites[0].UncoveredMwh.ShouldBe(600);

        made = (await instruments.ChangeAsync(made.Id, 1, Contract(site, 2500, QualityCriteria.All), Cancellation)).ShouldBeOfType<Edit<StoredInstrument>.Done>().Item;
        usage = await instruments.UsageAsync(Cancellation);
        usage.UsedMwh[made.Id].ShouldBe(1000);
        usage.Sites.ShouldHaveSingleItem().ShouldBe(new SiteCoverage(site, 2024, 1000, 1000));

        // Half of the leap year: 182 of 366 days in the first half.
        var half = Contract(site, 2500, QualityCriteria.All) with { LastDay = new DateOnly(2024, 6, 30) };
        made = (await instruments.ChangeAsync(made.Id, 2, half, Cancellation)).ShouldBeOfType<Edit<StoredInstrument>.Done>().Item;
        (await instruments.UsageAsync(Cancellation)).UsedMwh[made.Id].ShouldBe(1000m * 182 / 366, 0.000001m);

        made = (await instruments.ChangeAsync(made.Id, 3, Contract(site, 2500, QualityCriteria.All & ~QualityCriteria.Retired), Cancellation)).ShouldBeOfType<Edit<StoredInstrument>.Done>().Item;
        made.IsUsed.ShouldBeFalse();
        usage = await instruments.UsageAsync(Cancellation);
        usage.UsedMwh.ShouldBeEmpty();
        usage.Sites.ShouldHaveSingleItem().CoveredMwh.ShouldBe(0);

        // Results were made with it before, and their trails name it.
        (await instruments.RemoveAsync(made.Id, 4, Cancellation)).ShouldBeOfType<Edit<StoredInstrument>.Held>().Reason.ShouldContain("Withdraw it instead");
        var withdrawn = Contract(site, 400, QualityCriteria.All) with { IsWithdrawn = true };
        (await instruments.ChangeAsync(made.Id, 4, withdrawn, Cancellation)).ShouldBeOfType<Edit<StoredInstrument>.Done>().Item.IsUsed.ShouldBeFalse();
        (await instruments.UsageAsync(Cancellation)).UsedMwh.ShouldBeEmpty();
    }

    [Fact]
    public async Task WhatIsReferredTo_IsNotRemoved_AndTheAnswerSaysByWhat()
    {
        var (scope, site) = await NewSiteAsync();
        await using var services = scope;
        var sites = scope.ServiceProvider.GetRequiredService<SiteService>();
        var entities = scope.ServiceProvider.GetRequiredService<OrganizationService>();
        var entity = (await entities.ListAsync(Cancellation)).ShouldHaveSingleItem();

        (await sites.RemoveAsync(site, 1, Cancellation)).ShouldBeOfType<Edit<Site>.Held>().Reason.ShouldContain("it is referred to by 1 entry of activity data. Give it a last day in use instead");
        (await entities.RemoveAsync(entity.Id, 1, Cancellation)).ShouldBeOfType<Edit<Organization>.Held>().Reason.ShouldContain("it is referred to by 1 site.");
        (await sites.RemoveAsync(site, 2, Cancellation)).ShouldBeOfType<Edit<Site>.Stale>();
        var closed = SiteInput.Of((await sites.FindAsync(site, Cancellation))!) with { ClosedOn = new DateOnly(2024, 6, 30) };
        (await sites.ChangeAsync(site, 1, closed, Cancellation)).ShouldBeOfType<Edit<Site>.Refused>().Faults.ShouldHaveSingleItem().Message.ShouldContain("reach to 2024-12-31");
        (await sites.ChangeAsync(site, 1, closed with { ClosedOn = new DateOnly(2024, 12, 31) }, Cancellation)).ShouldBeOfType<Edit<Site>.Done>();
    }

    [Fact]
    public async Task SiteMovedToAnotherCountry_IsCalculatedWithItsFactors()
    {
        var (scope, site) = await NewSiteAsync();
        await using var services = scope;
        var sites = scope.ServiceProvider.GetRequiredService<SiteService>();
        var german = SiteInput.Of((await sites.FindAsync(site, Cancellation))!);

        await sites.ChangeAsync(site, 1, german with { Address = "Kai 1" }, Cancellation);
        var untouched = await LocationAsync(scope.ServiceProvider);
        await sites.ChangeAsync(site, 2, german with { Country = "FR", Region = null }, Cancellation);
        var french = await LocationAsync(scope.ServiceProvider);
        await sites.ChangeAsync(site, 3, german, Cancellation);

        // Nothing was calculated before, and an address changes nothing; France has far less coal than Germany.
        untouched.ShouldBeNull();
        (await LocationAsync(scope.ServiceProvider)).ShouldNotBeNull().ShouldBeGreaterThan(french.ShouldNotBeNull() * 3);
    }

    [Fact]
    public async Task Figures_AreKeptInVersions_WithAReasonFromTheSecondOn()
    {
        var (scope, _) = await NewSiteAsync();
        await using var services = scope;
        var entity = (await scope.ServiceProvider.GetRequiredService<OrganizationService>().ListAsync(Cancellation))[0].Id;
        var periods = scope.ServiceProvider.GetRequiredService<PeriodService>();
        var period = (await periods.CreateAsync(ReportingPeriodInput.OfYear(2025), Cancellation)).ShouldBeOfType<Edit<ReportingPeriod>.Done>().Item;
        var figures = scope.ServiceProvider.GetRequiredService<FigureService>();

        (await figures.SaveAsync(entity, period.Id, 0, new() { Revenue = 12.5m }, Cancellation)).ShouldBeOfType<Edit<BusinessFigure>.Refused>().Faults.ShouldHaveSingleItem().Field.ShouldBe("currency");
        (await figures.SaveAsync(entity, period.Id, 0, new() { Revenue = 12.5m, Currency = "eur" }, Cancellation)).ShouldBeOfType<Edit<BusinessFigure>.Done>();
        (await figures.SaveAsync(entity, period.Id, 0, new() { Revenue = 13m, Currency = "EUR" }, Cancellation)).ShouldBeOfType<Edit<BusinessFigure>.Stale>();
        (await figures.SaveAsync(entity, period.Id, 1, new() { Revenue = 13m, Currency = "EUR" }, Cancellation)).ShouldBeOfType<Edit<BusinessFigure>.Refused>().Faults.ShouldHaveSingleItem().Field.ShouldBe("reason");
        (await figures.SaveAsync(entity, period.Id, 1, new() { Revenue = 13m, Currency = "EUR", Reason = "Audited" }, Cancellation)).ShouldBeOfType<Edit<BusinessFigure>.Done>();

        (await figures.ListAsync(Cancellation)).Select(figure => (figure.Version, figure.Revenue, figure.Currency)).ShouldBe([(2, 13m, "EUR"), (1, 12.5m, "EUR")]);
        (await periods.ChangeAsync(period.Id, 1, ReportingPeriodInput.OfYear(2025) with { State = ReportingPeriodState.Locked }, Cancellation)).ShouldBeOfType<Edit<ReportingPeriod>.Refused>().Faults.ShouldHaveSingleItem().Message.ShouldContain("/lock");
        await _app.OwnerAsync<int>("with held as (update reporting_periods set state = 'Locked' where id = $1 returning 1) select count(*)::int from held", period.Id);
        (await figures.SaveAsync(entity, period.Id, 2, new() { Revenue = 14m, Currency = "EUR", Reason = "Late" }, Cancellation)).ShouldBeOfType<Edit<BusinessFigure>.Held>();
        (await periods.RemoveAsync(period.Id, 1, Cancellation)).ShouldBeOfType<Edit<ReportingPeriod>.Held>();
    }

    [Fact]
    public async Task TwoHoldingsAtTheSameMoment_NeverMakeMoreThanTheWhole()
    {
        var (scope, _) = await NewSiteAsync();
        await using var services = scope;
        var entities = scope.ServiceProvider.GetRequiredService<OrganizationService>();
        var names = new[] { "Parent A", "Parent B", "Child" };
        var ids = new List<Guid>();
        foreach (var name in names)
        {
            ids.Add((await entities.CreateAsync(new() { Name = name, Country = "DE" }, Cancellation)).ShouldBeOfType<Edit<Organization>.Done>().Item.Id);
        }

        var actor = scope.ServiceProvider.GetRequiredService<CurrentUser>().Actor;
        var outcomes = await Task.WhenAll(ids[..2].Select(parent => Task.Run(async () =>
        {
            await using var own = _app.App.Services.CreateAsyncScope();
            own.ServiceProvider.GetRequiredService<CurrentUser>().Become(actor);
            return await own.ServiceProvider.GetRequiredService<OwnershipService>().CreateAsync(new() { ParentId = parent, ChildId = ids[2], Share = 0.7m }, Cancellation);
        })));

        outcomes.Count(outcome => outcome is Edit<Ownership>.Done).ShouldBe(1);
        outcomes.OfType<Edit<Ownership>.Refused>().ShouldHaveSingleItem().Faults.ShouldHaveSingleItem().Message.ShouldContain("at most 30 % is left");
    }

    [Fact]
    public async Task Account_BelongsToOneEntityADay()
    {
        var (scope, _) = await NewSiteAsync();
        await using var services = scope;
        var entity = (await scope.ServiceProvider.GetRequiredService<OrganizationService>().ListAsync(Cancellation))[0].Id;
        var accounts = scope.ServiceProvider.GetRequiredService<AccountMappingService>();
        var input = new AccountMappingInput { Provider = "AWS", Account = " 123456789012 ", OrganizationId = entity, ValidTo = new DateOnly(2025, 6, 30) };

        (await accounts.CreateAsync(input, Cancellation)).ShouldBeOfType<Edit<AccountMapping>.Done>().Item.ShouldSatisfyAllConditions(
            made => made.Provider.ShouldBe("aws"), made => made.Account.ShouldBe("123456789012"));
        (await accounts.CreateAsync(input with { ValidFrom = new DateOnly(2025, 6, 30), ValidTo = null }, Cancellation)).ShouldBeOfType<Edit<AccountMapping>.Refused>()
            .Faults.ShouldHaveSingleItem().Message.ShouldContain("until 2025-06-30");
        (await accounts.CreateAsync(input with { ValidFrom = new DateOnly(2025, 7, 1), ValidTo = null }, Cancellation)).ShouldBeOfType<Edit<AccountMapping>.Done>();
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static InstrumentInput Contract(Guid site, decimal mwh, QualityCriteria met) => new()
    {
        Kind = InstrumentKind.PowerPurchaseAgreement, Name = "Wind", MegawattHours = mwh, FirstDay = new DateOnly(2024, 1, 1), LastDay = new DateOnly(2024, 12, 31),
        SiteIds = [site], KgCo2ePerKwh = 0, CriteriaMet = met,
    };

    /// <summary>kg CO2e of the location-based view; null where nothing is calculated.</summary>
    private static async Task<decimal?> LocationAsync(IServiceProvider services)
    {
        await using var unit = await services.GetRequiredService<TenantDatabase>().OpenAsync(Cancellation);
        var sums = await unit.Connection.ListAsync(
            """
            select sum(e.kg_co2e) from emission_records e
            join emission_intervals i on i.activity_id = e.activity_id and i.proposal_id is not distinct from e.proposal_id and i.to_sequence is null
            where e.scope = 2 and e.scope2_method = 'Location'
            """,
            row => row.Optional<decimal>(0), Cancellation);
        return sums.Single();
    }

    /// <summary>A tenant of its own with an entity, a site in Germany and its electricity of 2024, approved.</summary>
    private async Task<(AsyncServiceScope Scope, Guid Site)> NewSiteAsync()
    {
        var email = $"owner-{Guid.NewGuid():N}@coverage.example";
        var tenant = await _app.AddTenantAsync("Coverage", email, TenantRole.Admin);
        var scope = _app.App.Services.CreateAsyncScope();
        var person = await _app.OwnerAsync<Guid>("select id from users where email = $1", email);
        scope.ServiceProvider.GetRequiredService<CurrentUser>().Become(new Actor(tenant, person, "Owner", TenantRole.Admin));
        var entity = (await scope.ServiceProvider.GetRequiredService<OrganizationService>().CreateAsync(new() { Name = "Nordwerk", Country = "DE" }, Cancellation))
            .ShouldBeOfType<Edit<Organization>.Done>().Item;
        var site = (await scope.ServiceProvider.GetRequiredService<SiteService>().CreateAsync(new() { OrganizationId = entity.Id, Name = "Hamburg", Country = "DE" }, Cancellation))
            .ShouldBeOfType<Edit<Site>.Done>().Item;
        await _app.OwnerAsync<object>(
            """
            insert into activity_entries (id, tenant_id, site_id, activity_type, quantity, unit, period_start, period_end, quality, quality_indicators, status, is_accrual, version,
              changed_by, changed_at)
            values ($1, $2, $3, 'electricity', 1000000, 'kWh', '2024-01-01', '2024-12-31', 'Measured', '{}', 'Approved', false, 1, 'Owner', now())
            """,
            Guid.CreateVersion7(), tenant, site.Id);
        return (scope, site.Id);
    }
}
