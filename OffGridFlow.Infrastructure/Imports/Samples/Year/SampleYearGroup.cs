using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Infrastructure.Calculation;
using OffGridFlow.Infrastructure.Organizations;

namespace OffGridFlow.Infrastructure.Imports.Samples.Year;

/// <summary>The invented group: periods, entities, holdings, sites, contracts, business figures, and rates for its spending.</summary>
internal sealed class SampleYearGroup(
    PeriodService periods, OrganizationService organizations, OwnershipService ownerships, SiteService sites, InstrumentService instruments, FigureService figures, MoneyRows money,
    AccountMappingService accounts)
{
    private const string German = "Nordwerk Components GmbH";
    private const string British = "Nordwerk Components UK Ltd";
    private const string French = "Usinage du Rhône SAS";
    private const string Sector = "Machine parts";

    /// <summary>Figures of the demo are made up, also where the world has real ones.</summary>
    private const string Invented = "Invented for the sample organization. Load the monthly means of your central bank in their place.";

    public async Task SetUpAsync(CancellationToken cancellationToken)
    {
        foreach (var year in new[] { SampleYear.First, SampleYear.Second })
        {
            if (!(await periods.ListAsync(cancellationToken)).Any(period => period.Name == SampleYear.PeriodName(year)))
            {
                SampleYear.Done(await periods.CreateAsync(ReportingPeriodInput.OfYear(year), cancellationToken), SampleYear.PeriodName(year));
            }
        }

        var german = await EntityAsync(German, "DE", cancellationToken);
        var british = await EntityAsync(British, "GB", cancellationToken);
        var french = await EntityAsync(French, "FR", cancellationToken);
        await HoldingsAsync(german, british, french, cancellationToken);
        await SiteAsync(german, SampleYear.Hamburg, "DE", "Musterkai 4, 20457 Hamburg", 22_400m, 182, cancellationToken);
        await SiteAsync(german, SampleYear.Kassel, "DE", "Beispielweg 17, 34127 Kassel", 11_600m, 86, cancellationToken);
        await SiteAsync(british, SampleYear.Coventry, "GB", "1 Sample Road, Coventry CV1", 9_800m, 84, cancellationToken);
        await SiteAsync(french, SampleYear.Lyon, "FR", "8 rue de l’Exemple, 69007 Lyon", 5_200m, 48, cancellationToken);
        await ContractsAsync(cancellationToken);
        await FiguresAsync(german, british, french, cancellationToken);
        await MoneyAsync(cancellationToken);
    }

    /// <summary>Says whose the accounts of the cloud bill are.</summary>
    public async Task MapAccountsAsync(CancellationToken cancellationToken)
    {
        var german = await EntityAsync(German, "DE", cancellationToken);
        var known = await accounts.ListAsync(cancellationToken);
        foreach (var seen in await accounts.ListSeenAsync(cancellationToken))
        {
            if (!known.Any(mapping => (mapping.Provider, mapping.Account) == (seen.Provider, seen.Account)))
            {
                var input = new AccountMappingInput { Provider = seen.Provider, Account = seen.Account, OrganizationId = german, ValidFrom = new DateOnly(SampleYear.First, 1, 1) };
                SampleYear.Done(await accounts.CreateAsync(input, cancellationToken), $"The cloud account {seen.Account}");
            }
        }
    }

    private async Task<Guid> EntityAsync(string name, string country, CancellationToken cancellationToken) =>
        ((await organizations.ListAsync(cancellationToken)).FirstOrDefault(entity => entity.Name == name)
            ?? SampleYear.Done(await organizations.CreateAsync(new OrganizationInput { Name = name, Country = country, Sector = Sector }, cancellationToken), name)).Id;

    private async Task HoldingsAsync(Guid german, Guid british, Guid french, CancellationToken cancellationToken)
    {
        var known = await ownerships.ListAsync(cancellationToken);
        // A minority owner of the British company is bought out in autumn: equity share and control differ until then.
        var buyOut = new DateOnly(SampleYear.First, 10, 1);
        foreach (var (child, share, from, to) in new[]
            { (british, 0.75m, new DateOnly(2021, 1, 1), buyOut.AddDays(-1)), (british, 1m, buyOut, (DateOnly?)null), (french, 1m, SampleYear.Acquisition, null) })
        {
            if (!known.Any(holding => holding.ChildId == child && holding.ValidFrom == from))
            {
                var input = new OwnershipInput { ParentId = german, ChildId = child, Share = share, FinancialControl = true, OperationalControl = true, ValidFrom = from, ValidTo = to };
                SampleYear.Done(await ownerships.CreateAsync(input, cancellationToken), "The holding");
            }
        }
    }

    private async Task SiteAsync(Guid entity, string name, string country, string address, decimal area, decimal people, CancellationToken cancellationToken)
    {
        if (!(await sites.ListAsync(cancellationToken)).Any(site => site.Name == name))
        {
            var input = new SiteInput { OrganizationId = entity, Name = name, Country = country, Address = address, FloorArea = area, Headcount = people };
            SampleYear.Done(await sites.CreateAsync(input, cancellationToken), name);
        }
    }

    private async Task ContractsAsync(CancellationToken cancellationToken)
    {
        var hamburg = (await sites.ListAsync(cancellationToken)).First(site => site.Name == SampleYear.Hamburg).Id;
        var known = await instruments.ListAsync(cancellationToken);
        foreach (var (year, hours) in new[] { (SampleYear.First, 1_500m), (SampleYear.Second, 2_600m) })
        {
            var name = FormattableString.Invariant($"Guarantees of origin, wind, {year}");
            if (!known.Any(contract => contract.Name == name))
            {
                var input = new InstrumentInput
                {
                    Kind = InstrumentKind.Certificate, Energy = ActivityFamily.Electricity, Name = name, Supplier = "Windpark Musterkoog GmbH (invented)", Technology = "Wind",
                    RenewablePercent = 100, Registry = "AIB hub", MegawattHours = hours, FirstDay = new DateOnly(year, 1, 1), LastDay = new DateOnly(year, 12, 31), SiteIds = [hamburg],
                    KgCo2ePerKwh = 0, CriteriaMet = QualityCriteria.All, Evidence = "Statement of cancellation (invented)",
                };
                SampleYear.Done(await instruments.CreateAsync(input, cancellationToken), name);
            }
        }
    }

    private async Task FiguresAsync(Guid german, Guid british, Guid french, CancellationToken cancellationToken)
    {
        var known = await figures.ListAsync(cancellationToken);
        var period = (await periods.ListAsync(cancellationToken)).ToDictionary(row => row.Name, row => row.Id);
        foreach (var (entity, year, revenue, people, output, area) in new[]
            {
                (german, SampleYear.First, 58_400_000m, 262m, 6_900m, 34_000m), (british, SampleYear.First, 14_900_000m, 81m, 1_620m, 9_800m),
                (german, SampleYear.Second, 59_700_000m, 265m, 7_050m, 34_000m), (british, SampleYear.Second, 15_300_000m, 80m, 1_660m, 9_800m),
                (french, SampleYear.Second, 4_300_000m, 24m, 480m, 5_200m),
            })
        {
            var id = period[SampleYear.PeriodName(year)];
            if (!known.Any(figure => figure.OrganizationId == entity && figure.PeriodId == id))
            {
                var input = new BusinessFigureInput { Revenue = revenue, Currency = "EUR", FullTimeEmployees = people, Output = output, OutputUnit = "t of parts", FloorArea = area };
                SampleYear.Done(await figures.SaveAsync(entity, id, 0, input, cancellationToken), "The business figures");
            }
        }
    }

    /// <summary>Spending is counted by factors per dollar of 2022.</summary>
    private async Task MoneyAsync(CancellationToken cancellationToken)
    {
        var rates = new List<string> { MoneyRows.RateHead };
        var levels = new List<string> { MoneyRows.IndexHead, $"USD,2022,,100,{Invented}" };
        foreach (var (year, euro, pound, level) in new[] { (SampleYear.First, "1.08", "1.28", "107"), (SampleYear.Second, "1.13", "1.32", "110") })
        {
            levels.Add(FormattableString.Invariant($"USD,{year},,{level},{Invented}"));
            foreach (var month in Enumerable.Range(1, 12))
            {
                rates.Add(FormattableString.Invariant($"EUR,USD,{year}-{month:00},{euro},{Invented}"));
                rates.Add(FormattableString.Invariant($"GBP,USD,{year}-{month:00},{pound},{Invented}"));
            }
        }

        Loaded(await money.SaveRatesAsync(string.Join('\n', rates), replaces: false, cancellationToken));
        Loaded(await money.SaveIndicesAsync(string.Join('\n', levels), replaces: false, cancellationToken));
    }

    private static void Loaded(MoneyOutcome outcome)
    {
        if (outcome.Faults.Count > 0)
        {
            throw SampleYear.Stopped($"the rates were not loaded: {outcome.Faults[0].Message}");
        }
    }
}
