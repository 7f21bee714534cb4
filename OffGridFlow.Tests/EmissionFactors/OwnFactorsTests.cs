using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Infrastructure.EmissionFactors;
using OffGridFlow.Infrastructure.Persistence;

namespace OffGridFlow.Tests.EmissionFactors;

public sealed class OwnFactorsTests(FactorWorld world) : IClassFixture<FactorWorld>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Load_OfTheTemplateAsItIsHandedOut_LoadsItsThreeExamples()
    {
        var tenant = await world.AddTenantAsync("template");

        var outcome = await world.Own(tenant).LoadAsync(FactorWorld.Set(), OwnFactorTemplate.Text, confirmed: true, Stop);

        outcome.ShouldBeOfType<OwnFactorOutcome.Loaded>(Words(outcome)).Set.Factors.ShouldBe(3);
    }

    [Fact]
    public async Task Load_IsSeenByTheOrganizationAndTheEngine_AndByNobodyElse()
    {
        var tenant = await world.AddTenantAsync("owner");

        var loaded = await LoadAsync(tenant, FactorWorld.Rate(2));

        var page = await world.Queries(tenant).ListAsync(new FactorFilter(Set: FactorFilter.OwnSets), null, 10, Stop);
        var row = page.Rows.ShouldHaveSingleItem();
        row.KgCo2e.ShouldBe(0.213m);
        (await ListForEngineAsync(tenant)).ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            factor => factor.Activity.ShouldBe("electricity"), factor => factor.Supply.ShouldBe(SupplyKind.Supplier), factor => factor.Set.IsOwn.ShouldBeTrue(),
            factor => factor.Set.Vintage.ShouldBe(Vintage.Days), factor => factor.DataTo.ShouldBe(new DateOnly(2025, 12, 31)));
        foreach (var set in new[] { FactorFilter.OwnSets, page.Rows[0].Factor.Set.Id })
        {
            var facets = await world.Queries(tenant).FacetsAsync(new FactorFilter(Set: set), Stop);
            facets.Total.ShouldBe(page.Rows.Count, set);
            facets.Sets.Single(facet => facet.Value == FactorFilter.OwnSets).Count.ShouldBe(page.Rows.Count, "own sets stand under one heading");
        }

        (await world.Queries(world.Second).ListAsync(new FactorFilter(Set: FactorFilter.OwnSets), null, 10, Stop)).Rows.ShouldBeEmpty();
        (await world.Queries(world.Second).ListAsync(new FactorFilter("rate of a supplier"), null, 10, Stop)).Rows.ShouldBeEmpty();
        (await world.Queries(world.Second).FindAsync(row.Key, Stop)).ShouldBeNull();
        (await ListForEngineAsync(world.Second)).ShouldBeEmpty();
        (await world.Own(world.Second).FindAsync(loaded.Key, Stop)).ShouldBeNull();
        (await world.Own(world.Second).RetireAsync(row.Key, Stop)).ShouldBeFalse();
        (await world.Own(world.Second).ChangeAsync(loaded.Key, 1, "Theirs", "x", "x", retire: true, Stop)).ShouldBeOfType<OwnFactorSetChange.Gone>();
    }

    [Theory]
    [InlineData("activity", "electrizity", "No activity has this name.")]
    [InlineData("unit", "kwhh", "OffGridFlow does not know the unit.")]
    [InlineData("unit", "km", "km measures length, and the activity is not measured so.")]
    [InlineData("co2e", "0,213", "This is not a number.")]
    [InlineData("co2e", "-1", "The figure is below zero or absurdly large.")]
    [InlineData("co2e", "", "The row gives no figure.")]
    [InlineData("co2e", "0.1234567890123", "The figure has more than twelve decimals, and a stored one has twelve.")]
    [InlineData("co2", "0.2", "The row gives CO2e and masses of gases as well, and one of them would be counted twice.")]
    [InlineData("region", "Atlantis", "No region has this name.")]
    [InlineData("valid_from", "1.1.2025", "This is no day between 1990 and 2100.")]
    [InlineData("valid_to", "2024-12-31", "The last day lies before the first.")]
    [InlineData("supply", "", "Purchased energy needs to say what the figure is, because the two Scope 2 methods admit different ones.")]
    [InlineData("supply", "Marginal", "This is none of the words that may stand here.")]
    [InlineData("part", "Sideways", "This is none of the words that may stand here.")]
    public async Task Load_OfAWrongValue_SaysWhereAndWhy_AndLoadsNothing(string column, string value, string reason)
    {
        var tenant = await world.AddTenantAsync("faults");
        var cells = new Dictionary<string, string>
        {
            ["activity"] = "electricity", ["unit"] = "kWh", ["co2e"] = "0.213", ["co2"] = "", ["region"] = "DE", ["valid_from"] = "2025-01-01", ["valid_to"] = "2025-12-31", ["part"] = "", ["supply"] = "Supplier",
        };
        var good = string.Join(';', cells.Values.Select(cell => cell.Replace("2025", "2023", StringComparison.Ordinal)));
        cells[column] = value;
        var text = string.Join("\n", string.Join(';', cells.Keys), good, string.Join(';', cells.Values), "");

        var outcome = await world.Own(tenant).LoadAsync(FactorWorld.Set(), text, confirmed: false, Stop);

        var fault = outcome.ShouldBeOfType<OwnFactorOutcome.Refused>().Faults.ShouldHaveSingleItem();
        fault.Reason.ShouldBe(reason.Replace("length", fault.Reason.Contains("distance", StringComparison.Ordinal) ? "distance" : "length", StringComparison.Ordinal));
        fault.Line.ShouldBe(3);
        fault.Column.ShouldBe(column == "co2" ? "co2e" : column);
        fault.Fix.ShouldNotBeEmpty();
        (await ListForEngineAsync(tenant)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("", "The file is empty.")]
    [InlineData("activity,unit,co2e,region,valid_from,valid_to\n", "There is no factor in it.")]
    [InlineData("activity,unit,co2e,region,valid_from,valid_to,weight\n", "The heading is not one of the template.")]
    [InlineData("activity,unit,co2e,region,valid_from\n", "The heading is missing.")]
    [InlineData("activity,unit,unit,co2e,region,valid_from,valid_to\n", "The heading stands there twice.")]
    [InlineData("activity,unit,co2e,region,valid_from,valid_to\nelectricity,kWh\n", "The line has 2 cells, the headings are 6.")]
    public async Task Load_OfWhatIsNoTemplate_SaysSo(string text, string reason)
    {
        var outcome = await world.Own(world.First).LoadAsync(FactorWorld.Set(), text, confirmed: false, Stop);

        outcome.ShouldBeOfType<OwnFactorOutcome.Refused>().Faults.ShouldContain(fault => fault.Reason == reason);
    }

    [Fact]
    public async Task Load_WithoutSourceAndLicense_IsRefused()
    {
        var outcome = await world.Own(world.First).LoadAsync(new OwnFactorSetInput("", " ", "", ""), [FactorWorld.Rate(1)], confirmed: false, Stop);

        outcome.ShouldBeOfType<OwnFactorOutcome.Refused>().Faults.Select(fault => fault.Column).ShouldBe(["title", "publisher", "source", "license"]);
    }

    [Fact]
    public async Task Load_FarFromPublishedFigures_AsksFirst()
    {
        var tenant = await world.AddTenantAsync("doubt");
        // Grams taken for kilograms.
        var row = FactorWorld.Rate(1, "213");

        var asked = await world.Own(tenant).LoadAsync(FactorWorld.Set(), [row], confirmed: false, Stop);
        var nothing = await ListForEngineAsync(tenant);
        var confirmed = await world.Own(tenant).LoadAsync(FactorWorld.Set(), [row], confirmed: true, Stop);

        asked.ShouldBeOfType<OwnFactorOutcome.Doubtful>().Doubts.ShouldHaveSingleItem().Reason.ShouldContain("more than ten times");
        nothing.ShouldBeEmpty();
        confirmed.ShouldBeOfType<OwnFactorOutcome.Loaded>();
    }

    [Fact]
    public async Task Load_OfTheSameFigureInAnotherUnit_IsNotDoubted()
    {
        var tenant = await world.AddTenantAsync("units");

        (await world.Own(tenant).LoadAsync(FactorWorld.Set(), [FactorWorld.Rate(1, "213") with { Unit = "MWh" }], confirmed: false, Stop)).ShouldBeOfType<OwnFactorOutcome.Loaded>();
    }

    [Fact]
    public async Task Load_OfDaysThatAnOwnFactorHolds_IsRefused_AndTakenWhenThatIsRetired()
    {
        var tenant = await world.AddTenantAsync("overlap");
        await LoadAsync(tenant, FactorWorld.Rate(1));

        var overlapping = await world.Own(tenant).LoadAsync(FactorWorld.Set("Again"), [FactorWorld.Rate(1, from: "2025-12-31", to: "2026-06-30")], confirmed: false, Stop);
        var elsewhere = await world.Own(tenant).LoadAsync(FactorWorld.Set("France"), [FactorWorld.Rate(1, region: "FR")], confirmed: false, Stop);
        var after = await world.Own(tenant).LoadAsync(FactorWorld.Set("After"), [FactorWorld.Rate(1, from: "2026-01-01", to: "2026-12-31")], confirmed: false, Stop);
        var twice = await world.Own(tenant).LoadAsync(FactorWorld.Set("Twice"), [FactorWorld.Rate(2, region: "AT"), FactorWorld.Rate(3, region: "AT")], confirmed: false, Stop);

        overlapping.ShouldBeOfType<OwnFactorOutcome.Refused>().Faults.ShouldHaveSingleItem().Reason.ShouldContain("2025-01-01 to 2025-12-31");
        elsewhere.ShouldBeOfType<OwnFactorOutcome.Loaded>();
        after.ShouldBeOfType<OwnFactorOutcome.Loaded>();
        twice.ShouldBeOfType<OwnFactorOutcome.Refused>().Faults.ShouldHaveSingleItem().Line.ShouldBe(3);
        var first = (await ListForEngineAsync(tenant)).Single(factor => factor is { Region: "DE", Year: 2025 });
        var key = await world.OwnerAsync<Guid>("select key from emission_factors where id = $1", first.Id);
        (await world.Own(tenant).RetireAsync(key, Stop)).ShouldBeTrue();
        (await world.Own(tenant).RetireAsync(key, Stop)).ShouldBeFalse();
        (await world.Own(tenant).LoadAsync(FactorWorld.Set("Again"), [FactorWorld.Rate(1, "0.25")], confirmed: false, Stop)).ShouldBeOfType<OwnFactorOutcome.Loaded>();
        (await world.Queries(tenant).FindAsync(key, Stop)).ShouldNotBeNull().Row.Stored.RetiredAt.ShouldNotBeNull();
    }

    [Fact]
    public async Task Change_OfASet_WritesTheAuditLog_AndRefusesAnOldVersion()
    {
        var tenant = await world.AddTenantAsync("change");
        var set = await LoadAsync(tenant, FactorWorld.Rate(1));

        var changed = await world.Own(tenant).ChangeAsync(set.Key, set.Version, "Other title", set.Source, set.License, retire: false, Stop);
        var stale = await world.Own(tenant).ChangeAsync(set.Key, set.Version, "Too late", set.Source, set.License, retire: false, Stop);
        var retired = await world.Own(tenant).ChangeAsync(set.Key, set.Version + 1, "Other title", set.Source, set.License, retire: true, Stop);

        changed.ShouldBeOfType<OwnFactorSetChange.Changed>().Set.Title.ShouldBe("Other title");
        stale.ShouldBeOfType<OwnFactorSetChange.Stale>();
        retired.ShouldBeOfType<OwnFactorSetChange.Changed>().Set.InUse.ShouldBe(0);
        (await ListForEngineAsync(tenant)).ShouldBeEmpty();
        (await world.OwnerAsync<string>("select string_agg(action, ' ' order by at, id) from audit_entries where tenant_id = $1 and action like 'factor%'", tenant))
            .ShouldBe("factor-set.loaded factor-set.changed factor-set.retired");
    }

    private async Task<OwnFactorSetRow> LoadAsync(Guid tenant, params OwnFactorInput[] rows)
    {
        var outcome = await world.Own(tenant).LoadAsync(FactorWorld.Set(), rows, confirmed: false, Stop);
        return outcome.ShouldBeOfType<OwnFactorOutcome.Loaded>(Words(outcome)).Set;
    }

    private async Task<IReadOnlyList<EmissionFactor>> ListForEngineAsync(Guid tenant)
    {
        await using TenantUnit unit = await world.Open(tenant, out _).OpenAsync(Stop);
        return await new TenantFactors(world.Reference).ListAsync(unit, Stop);
    }

    private static string Words(OwnFactorOutcome outcome) => outcome switch
    {
        OwnFactorOutcome.Refused refused => string.Join(' ', refused.Faults),
        OwnFactorOutcome.Doubtful doubtful => string.Join(' ', doubtful.Doubts),
        _ => "",
    };
}
