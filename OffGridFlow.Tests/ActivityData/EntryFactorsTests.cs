using Microsoft.Extensions.DependencyInjection;
using OffGridFlow.Core.ActivityData;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.ActivityData;
using OffGridFlow.Infrastructure.EmissionFactors;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Tests.Identity;

namespace OffGridFlow.Tests.ActivityData;

/// <summary>What a person may choose for an entry: a factor of the library, an own factor, another unit.</summary>
public sealed class EntryFactorsTests(SharedApp shared) : IClassFixture<SharedApp>
{
    private const string Network = "desnz/fuels/gaseous-fuels/natural-gas";

    private readonly TestApp _app = shared.App;

    [Fact]
    public async Task Tie_IsMendedByChoosingOneOfTheCandidates()
    {
        await using var desk = await Desk.NewAsync(_app);
        await desk.LoadAsync(Own(1, "natural-gas", "Own analysis", "0.19"), Own(2, Network, "Network operator", "0.18"));
        var id = await desk.Client.CreateAsync(desk.Client.Gas());
        await desk.Client.DoAsync(id, "submit");
        (await desk.Queries.FindAsync(id, Stop))!.Exception.ShouldNotBeNull().ShouldContain("equally well");

        var factors = (await desk.Factors.ListAsync(id, Stop))!;
        factors.Chosen.ShouldBeNull();
        factors.Candidates.Take(2).Select(factor => (factor.Name, factor.IsOwn, factor.Fits, factor.KgCo2e, factor.Unit, factor.Region)).ShouldBe(
            [("Network operator", true, true, 0.18m, "kWh (Gross CV)", "United Kingdom"), ("Own analysis", true, true, 0.19m, "kWh (Gross CV)", "United Kingdom")], ignoreOrder: true);
        var chosen = factors.Candidates.First(factor => factor.Name == "Network operator");
        await ChooseAsync(desk, id, chosen.Id);

        (await desk.Queries.FindAsync(id, Stop))!.Result!.KgCo2e.ShouldBe(180m);
        (await desk.Factors.ListAsync(id, Stop))!.Chosen.ShouldBe(chosen);
        await ChooseAsync(desk, id, null);
        (await desk.Queries.FindAsync(id, Stop))!.Exception.ShouldNotBeNull();
    }

    [Fact]
    public async Task Candidates_AreWhatACalculationCouldUse()
    {
        await using var desk = await Desk.NewAsync(_app);
        var gas = await desk.Client.CreateAsync(desk.Client.Gas());
        var power = await desk.Client.CreateAsync(desk.Client.Gas(other: [("activityType", "electricity"), ("unit", "kWh")]));

        var forGas = (await desk.Factors.ListAsync(gas, Stop))!.Candidates;
        var forPower = (await desk.Factors.ListAsync(power, Stop))!.Candidates;

        forGas[0].ShouldSatisfyAllConditions(first => first.Fits.ShouldBeTrue(), first => first.Year.ShouldBe(2025), first => first.Region.ShouldBe("United Kingdom"));
        forGas.ShouldAllBe(factor => factor.Unit.EndsWith("(Gross CV)", StringComparison.Ordinal));
        forGas.ShouldContain(factor => !factor.Fits && factor.Year == 2024, "the edition of another year may stand in where a person says so");
        forPower[0].Fits.ShouldBeTrue();
        forPower.ShouldAllBe(factor => factor.Region == "United Kingdom", "purchased electricity never takes the grid of another country");
        (await desk.Factors.ListAsync(Guid.CreateVersion7(), Stop)).ShouldBeNull();
    }

    [Fact]
    public async Task OwnFactors_CanBeEntered_ByTheirTenantAlone()
    {
        await using var desk = await Desk.NewAsync(_app);
        await using var stranger = await Desk.NewAsync(_app);
        await desk.LoadAsync(Own(1, "natural-gas", "Own analysis", "0.19"), Own(2, "natural-gas", "Well-to-tank of the gas", "0.03") with { Part = "Upstream" });

        var choice = (await desk.Factors.ListOwnChoicesAsync(Stop)).ShouldHaveSingleItem();

        (choice.Key, choice.Name, choice.Own!.Activity, choice.Own.Region, choice.Own.To).ShouldBe(("natural-gas", "Own analysis", "Natural gas", "GB", new DateOnly(2025, 12, 31)));
        choice.Units.ShouldBe(["kWh (Gross CV)"]);
        (await stranger.Factors.ListOwnChoicesAsync(Stop)).ShouldBeEmpty();
        var id = await desk.Client.CreateAsync(desk.Client.Gas(other: [("activityType", choice.Key), ("factorId", choice.Own.FactorId)]));
        await desk.Client.DoAsync(id, "submit");
        (await desk.Queries.FindAsync(id, Stop))!.Result!.KgCo2e.ShouldBe(190m);
    }

    [Fact]
    public async Task Unit_OfTheSameKind_IsConvertedOrReadAnew()
    {
        await using var desk = await Desk.NewAsync(_app);
        var converted = await DieselAsync(desk, "2025-01-01", "2025-01-31");
        var corrected = await DieselAsync(desk, "2025-02-01", "2025-02-28");
        var before = (await desk.Queries.FindAsync(converted, Stop))!.Result!.KgCo2e;

        (await desk.Entries.ConvertAsync([new EntryRef(converted, null)], "m3", null, Stop)).Committed.ShouldBeTrue();
        (await desk.Entries.ChangeManyAsync([new EntryRef(corrected, null)], new EntryPatch(Unit: "gal (US)"), [], "Changed together", Stop)).Committed.ShouldBeTrue();

        var amount = (await desk.Queries.FindAsync(converted, Stop))!;
        (amount.Quantity, amount.Unit, amount.Result!.KgCo2e).ShouldBe((0.5m, "m3", before));
        var number = (await desk.Queries.FindAsync(corrected, Stop))!;
        (number.Quantity, number.Unit).ShouldBe((500m, "gal (US)"));
        number.Result!.KgCo2e!.Value.ShouldBeGreaterThan(before!.Value * 3.7m);
    }

    [Fact]
    public async Task Unit_OfAnotherKind_TakesAFigureWithItsSource()
    {
        await using var desk = await Desk.NewAsync(_app);
        var id = await DieselAsync(desk, "2025-01-01", "2025-01-31");
        EntryConversion density = new("density", 0.832m, "l", "Delivery note 12");

        await RefusedAsync(null, "conversion-missing");
        await RefusedAsync(density with { Source = " " }, "conversion-source");
        await RefusedAsync(density with { Name = "" }, "conversion-name");
        await RefusedAsync(density with { Value = 0 }, "conversion-value");
        await RefusedAsync(density with { From = "kWh" }, "conversion-mismatch");
        (await desk.Queries.FindAsync(id, Stop))!.Version.ShouldBe(2, "nothing was changed");
        desk.Queries.Convert(500m, "l", "kg", density).ShouldBe(416m);
        (await desk.Entries.ConvertAsync([new EntryRef(id, 2)], "kg", density, Stop)).Committed.ShouldBeTrue();

        var row = (await desk.Queries.FindAsync(id, Stop))!;
        (row.Quantity, row.Unit).ShouldBe((416m, "kg"));
        row.Result!.KgCo2e!.Value.ShouldBeGreaterThan(0);
        (await desk.Queries.ListVersionsAsync(id, Stop))![0].Reason.ShouldBe("Converted to kg by density: 0.832 kg per l. Source: Delivery note 12");
        row.ConvertedFrom.ShouldBe(new ConvertedFrom(500m, "l", "density", 0.832m, "kg", "l", "Delivery note 12"));
        var derivation = (await desk.Emissions.FindTrailAsync(row.Result.EmissionId, Stop))!.Entry!.Derivation!;
        (derivation.EntryQuantity, derivation.Unit.Symbol, derivation.Conversion!.Quantity, derivation.IsReplayed()).ShouldBe((416m, "kg", 500m, true));
        (derivation with { Conversion = derivation.Conversion with { Value = 0.833m } }).IsReplayed().ShouldBeFalse("the conversion is a part of what is replayed");

        async Task RefusedAsync(EntryConversion? by, string code)
        {
            var outcome = await desk.Entries.ConvertAsync([new EntryRef(id, 2)], "kg", by, Stop);
            outcome.Committed.ShouldBeFalse();
            outcome.Rows[0].Problems.Select(problem => problem.Code).ShouldBe([code]);
        }
    }

    [Fact]
    public async Task Unit_OfAConvertedEntry_StartsFromWhatWasMeasured()
    {
        await using var desk = await Desk.NewAsync(_app);
        var id = await DieselAsync(desk, "2025-01-01", "2025-01-31");
        EntryConversion density = new("density", 0.832m, "l", "Delivery note 12");
        await ConvertAsync("kg", density);

        // Another kind again, by a figure that leads there from what was measured.
        await ConvertAsync("GJ (Net CV)", new("net calorific value", 0.0358m, "l", "Analysis 4"));
        var energy = (await desk.Queries.FindAsync(id, Stop))!;
        (energy.Quantity, energy.Unit, energy.ConvertedFrom!.Quantity, energy.ConvertedFrom.Unit).ShouldBe((17.9m, "GJ (Net CV)", 500m, "l"));
        var stands = await desk.Entries.ConvertAsync([new EntryRef(id, null)], "kg", null, Stop);
        stands.Rows[0].Problems.Select(problem => problem.Code).ShouldBe(["conversion-stands"]);

        // A number typed over it, a unit that was wrong: nothing was measured that these follow from.
        await ConvertAsync("m3", null);
        var liters = (await desk.Queries.FindAsync(id, Stop))!;
        (liters.Quantity, liters.Unit, liters.ConvertedFrom).ShouldBe((0.5m, "m3", null));
        await ConvertAsync("kg", density with { From = "m3", Value = 832m });
        (await desk.Entries.ChangeManyAsync([new EntryRef(id, null)], new EntryPatch(Unit: "t"), ["unusual-quantity"], null, Stop)).Committed.ShouldBeTrue();
        var wrong = (await desk.Queries.FindAsync(id, Stop))!;
        (wrong.Quantity, wrong.Unit, wrong.ConvertedFrom).ShouldBe((416m, "t", null));

        async Task ConvertAsync(string unit, EntryConversion? by)
        {
            var outcome = await desk.Entries.ConvertAsync([new EntryRef(id, null)], unit, by, Stop);
            outcome.Committed.ShouldBeTrue(string.Join(' ', outcome.Rows.SelectMany(row => row.Problems).Select(problem => problem.Message)));
        }
    }

    [Fact]
    public async Task Measured_OverHttp_GivesQuantityAndUnit_AndIsTakenBackWithThem()
    {
        await using var desk = await Desk.NewAsync(_app);
        object Measured(string to = "kg", string source = "Delivery note 12") => new { quantity = 500m, unit = "l", name = "density", value = 0.832m, to, per = "l", source };
        var id = await desk.Client.CreateAsync(desk.Client.Gas("2025-01-01", "2025-01-31", ("activityType", "diesel"), ("unit", null), ("quantity", null), ("convertedFrom", Measured())));
        await desk.Client.DoAsync(id, "submit");

        var reversal = (await desk.Entries.ActAsync(EntryAction.Reverse, [new EntryRef(id, null)], "Sold on", Stop))[0].OtherId!.Value;

        var (row, back) = ((await desk.Queries.FindAsync(id, Stop))!, (await desk.Queries.FindAsync(reversal, Stop))!);
        (row.Quantity, row.Unit, back.Quantity, back.ConvertedFrom!.Quantity).ShouldBe((416m, "kg", -416m, -500m));
        (row.Result!.KgCo2e + back.Result!.KgCo2e).ShouldBe(0m);
        foreach (var (measured, code) in new[] { (Measured(source: ""), "conversion-source"), (Measured(to: "furlong"), "unknown-unit"), (new { quantity = 1 }, "unknown-unit") })
        {
            var refused = await desk.Client.SendAsync(
                HttpMethod.Post, "activities", desk.Client.Gas("2025-02-01", "2025-02-28", ("activityType", "diesel"), ("unit", "l"), ("convertedFrom", measured)));
            refused.Status.ShouldBe(422);
            EntryClient.CodesOf(refused.Body).ShouldContain(code);
        }
    }

    [Fact]
    public async Task Unit_OfABalance_IsConvertedInAllItsParts()
    {
        await using var desk = await Desk.NewAsync(_app);
        var id = await desk.Client.CreateAsync(desk.Client.Gas("2025-01-01", "2025-12-31",
            ("activityType", "refrigerant-leak"), ("unit", "kg"), ("gas", "R-410A"), ("quantity", null),
            ("balance", new { stockAtStart = 10m, acquired = 5.5m, disposed = 2m, stockAtEnd = 9m, capacityGrowth = 1.25m })));

        (await desk.Entries.ConvertAsync([new EntryRef(id, 1)], "g", null, Stop)).Committed.ShouldBeTrue();

        var row = (await desk.Queries.FindAsync(id, Stop))!;
        (row.Quantity, row.Unit, row.Balance!.StockAtStart, row.Balance.Released).ShouldBe((3250m, "g", 10_000m, 3250m));
    }

    [Fact]
    public async Task Reversed_NamesItsReversal_UntilThatIsExcluded()
    {
        await using var desk = await Desk.NewAsync(_app);
        var id = await desk.Client.CreateAsync(desk.Client.Gas());
        await desk.Client.DoAsync(id, "submit");
        (await desk.Queries.FindAsync(id, Stop))!.ReversedById.ShouldBeNull();

        var other = (await desk.Client.DoAsync(id, "reverse", "Meter of the neighbor")).GetProperty("reversalId").GetGuid();

        (await desk.Queries.FindAsync(id, Stop))!.ReversedById.ShouldBe(other);
        await desk.Client.DoAsync(other, "exclude", "It was ours after all");
        (await desk.Queries.FindAsync(id, Stop))!.ReversedById.ShouldBeNull();
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static OwnFactorInput Own(int line, string activity, string name, string co2e) => new(line)
    {
        Activity = activity, Name = name, Unit = "kWh (Gross CV)", Co2e = co2e, Region = "GB", ValidFrom = "2025-01-01", ValidTo = "2025-12-31",
    };

    private static async Task ChooseAsync(Desk desk, Guid id, string? factor)
    {
        var row = (await desk.Queries.FindAsync(id, Stop))!;
        (await desk.Entries.SaveAsync([new EntryDraft(id, row.Version, row.ToInput() with { FactorId = factor })], partial: false, "Chosen", Stop)).Committed.ShouldBeTrue();
    }

    private static async Task<Guid> DieselAsync(Desk desk, string from, string to)
    {
        var id = await desk.Client.CreateAsync(desk.Client.Gas(from, to, ("activityType", "diesel"), ("unit", "l"), ("quantity", 500m)));
        await desk.Client.DoAsync(id, "submit");
        return id;
    }

    /// <summary>A company with a site, and the services as its pages have them.</summary>
    private sealed record Desk(EntryClient Client, AsyncServiceScope Scope) : IAsyncDisposable
    {
        public IActivityEntries Entries => Scope.ServiceProvider.GetRequiredService<IActivityEntries>();

        public IActivityEntryQueries Queries => Scope.ServiceProvider.GetRequiredService<IActivityEntryQueries>();

        public IEmissionsQueries Emissions => Scope.ServiceProvider.GetRequiredService<IEmissionsQueries>();

        public IEntryFactors Factors => Scope.ServiceProvider.GetRequiredService<IEntryFactors>();

        public static async Task<Desk> NewAsync(TestApp app)
        {
            var client = await EntryClient.NewAsync(app);
            var scope = app.App.Services.CreateAsyncScope();
            scope.ServiceProvider.GetRequiredService<CurrentUser>().Become(new Actor(client.Company.Tenant, Guid.CreateVersion7(), "Tester", TenantRole.Admin));
            return new Desk(client, scope);
        }

        public async Task LoadAsync(params OwnFactorInput[] rows) => (await Scope.ServiceProvider.GetRequiredService<OwnFactors>().LoadAsync(
            new OwnFactorSetInput("Own factors", "The laboratory", "Report 7", "Own measurement"), rows, confirmed: true, Stop)).ShouldBeOfType<OwnFactorOutcome.Loaded>();

        public ValueTask DisposeAsync() => Scope.DisposeAsync();
    }
}
