using System.Diagnostics;
using System.Globalization;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Core.Quantities;
using OffGridFlow.Infrastructure.EmissionFactors;
using OffGridFlow.Tests.Rules;

namespace OffGridFlow.Tests.EmissionFactors;

/// <summary>All reference data that is shipped: each row of the source is there or its reason is, each name in it means something.</summary>
public sealed class ShippedFactorsTests
{
    private const decimal KilogramsPerPound = 0.45359237m;

    /// <summary>In blends only: without a potential, and no gas of the table.</summary>
    private static readonly string[] Hydrocarbons = ["propane", "butane", "isobutane", "isopentane", "propylene"];

    private static readonly UnitTable Units = ReferenceSet.Open("units").Parse(UnitTable.Parse);
    private static readonly RegionTable Regions = ReferenceSet.Open("regions").Parse(RegionTable.Parse);
    private static readonly GwpTable Gwp = ReferenceSet.Open("gwp").Parse(GwpTable.Parse);
    private static readonly ActivityTypes Types = ReferenceSet.Open("activity-types").Parse(ActivityTypes.Parse);
    private static readonly IReadOnlyList<ShippedFactorSet> Sets = FactorSets.ReadAll(null, Units);

    public static TheoryData<string> SetIds => [.. Sets.Select(set => set.Set.Id)];

    /// <summary>Source table and set whose ids and columns are those of the table.</summary>
    public static TheoryData<string, string> SameColumns => new()
    {
        { "desnz_2024.csv", "desnz-2024" },
        { "desnz_2025.csv", "desnz-2025" },
        { "desnz_2026.csv", "desnz-2026" },
        { "epa_ghg_hub_2024.csv", "epa-hub-2024" },
        { "epa_ghg_hub_2025.csv", "epa-hub-2025" },
        { "ember_grid_latest.csv", "ember-2026" },
        { "ember_owid_grid_series.csv", "ember-2026" },
        { "eea_grid_eu27.csv", "eea-2024" },
        { "unfccc_ifi_grid_2021.csv", "unfccc-ifi-2021" },
    };

    [Fact]
    public void Sets_AreThoseOfTheDocument()
    {
        var document = File.ReadAllText(Path.Combine(Repository.Root, "docs", "reference-data.md"));

        Sets.Select(set => set.Set.Id).ShouldBe(
        [
            "desnz-2024", "desnz-2025", "desnz-2026", "eea-2024", "egrid-2022", "egrid-2023", "ember-2026", "epa-hub-2024", "epa-hub-2025", "grid-au-2025", "grid-ca-2025",
            "grid-nz-2026", "unfccc-ifi-2021", "useeio-1.2", "useeio-1.3",
        ]);
        foreach (var set in Sets)
        {
            document.ShouldContain($"`{set.Set.Id}`");
        }
    }

    /// <summary>Every row of the source is in the set with its figures, or its correction says why not.</summary>
    [Theory]
    [MemberData(nameof(SameColumns))]
    public void Rows_AreThoseOfTheSource(string source, string id)
    {
        var set = Find(id);
        var factors = set.Factors.ToDictionary(factor => factor.Id);
        var corrections = set.Corrections.ToLookup(correction => correction.Id);
        var rows = ReferenceTable.Parse(source, File.ReadAllText(SharedFiles.Require("factors/" + source))).Rows.ToList();
        foreach (var row in rows)
        {
            if (!factors.TryGetValue(row.Text("id"), out var factor))
            {
                corrections[row.Text("id")].ShouldContain(correction => correction.Used == null, $"{row.Text("id")} is gone without a reason");
                continue;
            }

            if (source == "ember_owid_grid_series.csv")
            {
                (factor.Co2e * 1000m).ShouldBe(row.Number("co2e_g_per_kwh"), factor.Id);
                continue;
            }

            (string Column, decimal? Used)[] figures = [("co2", factor.Co2), ("ch4", factor.Ch4), ("n2o", factor.N2o), ("co2e", factor.Co2e)];
            foreach (var (column, used) in figures)
            {
                if (row.OptionalNumber(column) == used)
                {
                    continue;
                }

                var correction = corrections[factor.Id].ShouldHaveSingleItem();
                correction.Column.ShouldBe(column);
                (correction.Published ?? "").ShouldBe(row.Text(column), factor.Id);
                Number(correction.Used).ShouldBe(used, factor.Id);
            }
        }

        rows.Count.ShouldBe(rows.Count(row => factors.ContainsKey(row.Text("id"))) + rows.Count(row => !factors.ContainsKey(row.Text("id")) && corrections.Contains(row.Text("id"))));
        if (id != "ember-2026")
        {
            set.Factors.Count.ShouldBe(rows.Count);
        }
    }

    /// <summary>lb per MWh × 0.45359237 kg per lb, exactly; the United States' average of 2023 is 771.523 lb CO2 per MWh.</summary>
    [Theory]
    [InlineData("2022")]
    [InlineData("2023")]
    public void Egrid_IsTheSourceInKilograms(string year)
    {
        var set = Find("egrid-" + year);
        var rows = ReferenceTable.Parse("egrid", File.ReadAllText(SharedFiles.Require($"factors/egrid_{year}_subregion.csv"))).Rows.ToList();
        foreach (var row in rows)
        {
            foreach (var (column, id, supply) in new[] { ("total_output", "", SupplyKind.GridAverage), ("nonbaseload", "_nonbaseload", SupplyKind.Marginal) })
            {
                var factor = set.Factors.Single(factor => factor.Id == $"egrid{year}_{row.Text("subregion")}{id}");
                factor.Supply.ShouldBe(supply);
                factor.Unit.Symbol.ShouldBe("MWh");
                factor.Co2.ShouldBe(Exact.Product(row.Number(column + "_co2_lb_per_mwh"), KilogramsPerPound));
                factor.Ch4.ShouldBe(Exact.Product(row.Number(column + "_ch4_lb_per_mwh"), KilogramsPerPound));
                factor.N2o.ShouldBe(Exact.Product(row.Number(column + "_n2o_lb_per_mwh"), KilogramsPerPound));
                factor.LossShare.ShouldBe(supply == SupplyKind.GridAverage ? row.OptionalNumber("grid_gross_loss_fraction") : null);
            }
        }

        set.Factors.Count.ShouldBe(2 * rows.Count);
    }

    [Theory]
    [InlineData("1.2", "useeio_v1_2_naics6.csv", 2)]
    [InlineData("1.3", "useeio_v1_3_naics6.csv", 3)]
    public void Useeio_HasEachCodeWithAndWithoutMargins(string version, string source, int rowsPerCode)
    {
        var factors = Find("useeio-" + version).Factors.ToDictionary(factor => factor.Activity);
        var rows = ReferenceTable.Parse(source, File.ReadAllText(SharedFiles.Require("factors/" + source))).Rows.ToList();
        foreach (var row in rows)
        {
            factors[$"useeio/{row.Text("naics2017")}/with-margins"].Co2e.ShouldBe(row.Number("ef_with_margins"));
            factors[$"useeio/{row.Text("naics2017")}/without-margins"].Co2e.ShouldBe(row.Number("ef_without_margins"));
        }

        factors.Count.ShouldBe(rowsPerCode * rows.Count);
    }

    /// <summary>The published totals follow from the gases with the potentials of AR5: what the row in kg CO2e among them rests on.</summary>
    [Fact]
    public void Useeio_GasesGiveThePublishedTotal()
    {
        var factors = Find("useeio-1.3").Factors.ToDictionary(factor => factor.Activity);
        foreach (var factor in factors.Values.Where(factor => factor.Basis == GasBasis.Mass))
        {
            var total = factor.Co2!.Value + (factor.Ch4!.Value * Gwp.Potential(GwpSet.Ar5, GwpTable.Ch4)!.Value) + (factor.N2o!.Value * Gwp.Potential(GwpSet.Ar5, GwpTable.N2o)!.Value)
                + factor.OtherGases.Sum(gas => gas.Value * Gwp.Potential(GwpSet.Ar5, gas.Key)!.Value);
            total.ShouldBe(factors[factor.Activity.Replace("-by-gas", "", StringComparison.Ordinal)].Co2e!.Value, 0.0044m, factor.Id);
        }
    }

    [Theory]
    [MemberData(nameof(SetIds))]
    public void Rows_NameKnownRegionsGasesAndParts(string id)
    {
        var codes = Regions.All.Select(region => region.Code).ToHashSet();
        foreach (var factor in Find(id).Factors)
        {
            codes.Contains(factor.Region).ShouldBeTrue(factor.Id);
            factor.Activity.ShouldStartWith(factor.Set.Family + "/", Case.Sensitive, factor.Id);
            factor.Activity.ShouldBe(factor.Activity.ToLowerInvariant());
            foreach (var gas in factor.OtherGases.Keys)
            {
                Gwp.Find(gas)?.Name.ShouldBe(gas, factor.Id);
            }

            // Grid averages and margins are for purchased energy only, per kWh or per way of an electric vehicle, and a biogenic memo is never on a row of CO2e of the scopes.
            (factor.Supply == SupplyKind.None || factor.Unit.Group.Name == "energy" || factor.Unit.Group.Name.EndsWith("distance", StringComparison.Ordinal)).ShouldBeTrue(factor.Id);
            (factor.Basis == GasBasis.Energy || factor.Part == FactorPart.OutsideScopes || factor.Co2e is not null || factor.Basis == GasBasis.Mass).ShouldBeTrue(factor.Id);
            factor.Figures().ShouldAllBe(figure => figure >= 0);
        }
    }

    /// <summary>What gives no emission in a total is listed with its reason.</summary>
    [Theory]
    [InlineData("desnz-2024", 451 + 56)]
    [InlineData("desnz-2025", 56)]
    [InlineData("desnz-2026", 56)]
    public void Desnz_RowsWithoutATotal_AreListed(string id, int expected)
    {
        var set = Find(id);
        var listed = set.Corrections.Select(correction => correction.Id).ToHashSet();
        var without = set.Factors.Where(factor => factor.Basis == GasBasis.Energy || (factor.Part == FactorPart.OutsideScopes && factor.Co2e is null)).ToList();

        without.Count.ShouldBe(expected);
        without.ShouldAllBe(factor => listed.Contains(factor.Id));
        set.Factors.Where(factor => factor.Part == FactorPart.OutsideScopes).ShouldAllBe(factor => listed.Contains(factor.Id));
    }

    /// <summary>Well-known figures, as printed: what a slip of a column or a unit would change first.</summary>
    [Theory]
    [InlineData("desnz2026_7_400_4000_5", "kWh", "0.13096")]
    [InlineData("desnz2025_7_400_4000_5", "kWh", "0.177")]
    [InlineData("desnz2025_1_100_1004_6", "kWh (Gross CV)", "0.18296")]
    [InlineData("desnz2025_1_100_1004_1", "m3", "2.06672")]
    public void Desnz_KnownFigures(string id, string unit, string co2e)
    {
        var factor = Sets.SelectMany(set => set.Factors).Single(factor => factor.Id == id);

        (factor.Unit.Symbol, factor.Co2e).ShouldBe((unit, Number(co2e)));
        (factor.Basis, factor.Region, factor.Set.GwpBasis).ShouldBe((GasBasis.Co2e, "GB", "AR5"));
    }

    [Theory]
    [InlineData("epa2025_t1_natural_gas_mmbtu_hhv", "mmBtu (Gross CV)", "53.06", null)]
    [InlineData("epa2025_t2_diesel_fuel_gallon", "gal (US)", "10.21", null)]
    [InlineData("epa2025_t2_motor_gasoline_gallon", "gal (US)", "8.78", null)]
    [InlineData("epa2025_t1_wood_and_wood_residuals_short_ton", "short ton", null, "1640")]
    [InlineData("epa2025_t2_biodiesel_100_gallon", "gal (US)", null, "9.45")]
    public void Epa_KnownFigures_BiomassOutside(string id, string unit, string? co2, string? biogenic)
    {
        var factor = Find("epa-hub-2025").Factors.Single(factor => factor.Id == id);

        (factor.Unit.Symbol, factor.Co2, factor.BiogenicCo2).ShouldBe((unit, Number(co2), Number(biogenic)));
        factor.BiogenicMethane.ShouldBe(biogenic is not null && factor.Ch4 is not null);
    }

    [Fact]
    public void Electricity_HasUkLossesAndUpstreamInEachEdition()
    {
        Types.TryFind("electricity", out var electricity).ShouldBeTrue();
        var activities = Types.ActivitiesOf(electricity!);
        foreach (var set in Sets.Where(set => set.Set.Family == "desnz"))
        {
            set.Factors.Where(factor => activities.Contains(factor.Activity)).Select(factor => (factor.Part, factor.Supply)).ShouldBe(
            [
                (FactorPart.Direct, SupplyKind.GridAverage), (FactorPart.Upstream, SupplyKind.None), (FactorPart.Losses, SupplyKind.None),
                (FactorPart.LossesUpstream, SupplyKind.None), (FactorPart.OutsideScopes, SupplyKind.None),
            ], ignoreOrder: true);
        }
    }

    /// <summary>What electricity may be bought by is a figure of generation: never losses, upstream or a memo.</summary>
    [Fact]
    public void Supply_IsOfGenerationOnly() =>
        Sets.SelectMany(set => set.Factors).Where(factor => factor.Supply != SupplyKind.None).ShouldAllBe(factor => factor.Part == FactorPart.Direct || factor.Part == FactorPart.LifeCycle);

    [Fact]
    public void ActivityTypes_NameRowsThatAreThere()
    {
        var activities = Sets.SelectMany(set => set.Factors).ToLookup(factor => factor.Activity);
        foreach (var type in Types.All)
        {
            var factors = Types.ActivitiesOf(type).SelectMany(activity =>
            {
                activities.Contains(activity).ShouldBeTrue($"{type.Key}: {activity}");
                return activities[activity];
            }).ToList();
            foreach (var unit in type.Units)
            {
                Units.TryFind(unit, out var found).ShouldBeTrue($"{type.Key}: {unit}");
                found!.Symbol.ShouldBe(unit, type.Key);
                (type.NeedsGas || type.IsReported || type.Family is ActivityFamily.Cooling or ActivityFamily.OwnEnergy || factors.Exists(factor => MoneyTables.CanLead(found, factor.Unit))).ShouldBeTrue($"{type.Key} has no factor per {unit}");
            }

            // Whoever enters kWh of district cooling brings the factor along; own energy emits nothing; all else has one.
            (factors.Count > 0).ShouldBe(!type.NeedsGas && !type.IsReported && type.Family is not (ActivityFamily.Cooling or ActivityFamily.OwnEnergy), type.Key);
            (type.Category is null).ShouldBe(type.Scope < 3, type.Key);
            type.OtherCategories.ShouldNotContain(3, $"{type.Key}: category 3 follows from energy, nobody puts an entry there");
            type.Hint.ShouldEndWith(".", Case.Sensitive, type.Key);
        }

        Types.All.Count.ShouldBeInRange(400, 550);
        Types.All.SelectMany(type => type.OtherCategories.Append(type.Category ?? 3)).Distinct().Order().ShouldBe(Enumerable.Range(1, 15), "each category has a type");
    }

    /// <summary>Each type gives a figure in the place and the year of the edition, in each unit it offers.</summary>
    [Fact]
    public void ActivityTypes_CalculateInEachUnit()
    {
        var money = new MoneyTables(
            new[] { "EUR", "GBP", "CHF", "CAD", "AUD", "JPY" }.SelectMany(_ => new[] { 2024, 2025 }, (currency, year) => new MonthlyRate(currency, "USD", new DateOnly(year, 3, 1), 1.5m, "test")),
            new[] { 2021, 2022, 2024, 2025 }.Select(year => new PriceLevel("USD", year, null, 100m, "test")));
        var calculator = new Calculator(new FactorLibrary(Sets.SelectMany(set => set.Factors), Regions, Gwp, Types, Units), CalculationPolicy.Default with { Money = money });
        foreach (var type in Types.All.Where(type => type.Family is not (ActivityFamily.Cooling or ActivityFamily.OwnEnergy)))
        {
            foreach (var unit in type.Units)
            {
                foreach (var (region, year) in new[] { ("GB", 2024), ("GB", 2025), ("US", 2025), ("DE", 2024) })
                {
                    var which = string.Create(CultureInfo.InvariantCulture, $"{type.Key} in {unit}, {region} {year}");

                    // Heat is never taken from another country's network.
                    if (region == "DE" && type.Scope == 2 && type.Family != ActivityFamily.Electricity)
                    {
                        continue;
                    }

                    var outcome = calculator.Calculate(new ActivityInput
                    {
                        Id = "x",
                        Type = type.Key,
                        Quantity = new Quantity(100, Units.Find(unit)),
                        From = new DateOnly(year, 3, 1),
                        To = new DateOnly(year, 3, 31),
                        Region = region,
                        Gas = type.NeedsGas ? "R-410A" : null,
                    });

                    outcome.Fault.ShouldBeNull(which + ": " + outcome.Fault?.Message);
                    outcome.Emissions.ShouldContain(emission => emission.KgCo2e > 0 || emission.BiogenicKgCo2 > 0, which);
                }
            }
        }
    }

    [Fact]
    public void Regions_HoldAllCountries()
    {
        Regions.All.Count(region => region.Kind == RegionKind.Country).ShouldBe(250);
        Regions.All.Count(region => region.Kind == RegionKind.GridRegion).ShouldBe(27);
        foreach (var region in Regions.All)
        {
            Regions.Path(region)[^1].Code.ShouldBe("world", region.Code);
        }

        foreach (var (name, code) in new[]
                 {
                     ("UK", "GB"), ("GBR", "GB"), ("Germany", "DE"), ("USA", "US"), ("Korea", "KR"), ("CAMX", "US-CAMX"), ("US-eGRID-CAMX", "US-CAMX"), ("Ontario", "CA-ON"),
                     ("NSW", "AU-NSW"), ("XKX", "XK"), ("Türkiye", "TR"), ("Turkey", "TR"), ("Viet Nam", "VN"),
                 })
        {
            Regions.TryFind(name, out var region).ShouldBeTrue(name);
            region!.Code.ShouldBe(code);
        }

        Regions.Path(Find("AU-ACT")).Select(region => region.Code).ShouldBe(["AU-ACT", "AU-NSW", "AU", "Oceania", "world"]);

        static Region Find(string code) => Regions.All.Single(region => region.Code == code);
    }

    /// <summary>Two letters and a name of every country that this system's culture data knows.</summary>
    [Fact]
    public void Regions_AgreeWithTheSystemsCodes()
    {
        // Reserved at ISO 3166 for parts of countries: Ascension, Diego Garcia, Ceuta and Melilla, the Canaries, Tristan da Cunha.
        string[] reserved = ["AC", "DG", "EA", "IC", "TA"];
        var regions = CultureInfo.GetCultures(CultureTypes.SpecificCultures).Select(culture => new RegionInfo(culture.Name))
            .Where(region => region.TwoLetterISORegionName.Length == 2 && !reserved.Contains(region.TwoLetterISORegionName)).DistinctBy(region => region.TwoLetterISORegionName);
        foreach (var region in regions)
        {
            Regions.TryFind(region.TwoLetterISORegionName, out var ours).ShouldBeTrue(region.EnglishName);

            // Kosovo's three letters are nobody's standard: XKX at Ember, XKK here and there.
            if (ours!.Code != "XK")
            {
                Regions.TryFind(region.ThreeLetterISORegionName, out var byThree).ShouldBeTrue(region.EnglishName + " " + region.ThreeLetterISORegionName);
                byThree.ShouldBe(ours);
            }
        }
    }

    [Fact]
    public void Blends_AreOfKnownGases_AndGiveEpasPotentials()
    {
        Gwp.Blends.Values.SelectMany(parts => parts).ShouldAllBe(part => Gwp.Find(part.Gas) != null || Hydrocarbons.Contains(part.Gas));
        foreach (var (blend, potential) in new[] { ("R-410A", 1923.5m), ("R-404A", 3942.8m), ("R-407C", 1624.21m), ("R-507A", 3985m), ("R-424A", 2211.85m) })
        {
            Gwp.Blends[blend].Where(part => Gwp.Find(part.Gas) is { IsKyoto: true }).Sum(part => part.Share * Gwp.Potential(GwpSet.Ar5, part.Gas)!.Value).ShouldBe(potential, blend);
        }

        Gwp.Blends["R-410A"].Sum(part => part.Share).ShouldBe(1m);
    }

    [Theory]
    [InlineData("SF6", GwpSet.Ar6, "24300")]
    [InlineData("SF6", GwpSet.Ar5, "23500")]
    [InlineData("CH4", GwpSet.Ar5, "28")]
    [InlineData("CH4", GwpSet.Ar6, "27.9")]
    [InlineData("CH4 (fossil)", GwpSet.Ar6, "29.8")]
    [InlineData("CH4 (non-fossil)", GwpSet.Ar6, "27")]
    [InlineData("CH4 (fossil)", GwpSet.Ar5, "28")]
    [InlineData("CH4 (non-fossil)", GwpSet.Ar4, "25")]
    [InlineData("N2O", GwpSet.Ar6, "273")]
    [InlineData("R-134a", GwpSet.Ar4, "1430")]
    [InlineData("HFC134a", GwpSet.Ar6, "1530")]
    [InlineData("PFC-14", GwpSet.Ar5, "6630")]
    [InlineData("R-22", GwpSet.Ar5, "1760")]
    public void Potentials_AreThoseOfTheReports(string gas, GwpSet set, string expected) => Gwp.Potential(set, gas).ShouldBe(Number(expected));

    [Fact]
    public void Potentials_AreThoseOfTheSource()
    {
        var known = 0;
        foreach (var row in ReferenceTable.Parse("gwp_ipcc.csv", File.ReadAllText(SharedFiles.Require("factors/gwp_ipcc.csv"))).Rows)
        {
            var gas = Gwp.Find(row.Text("species"));
            if (row.OptionalNumber("ar5_100") is null && row.OptionalNumber("ar6_100") is null && row.OptionalNumber("ar4_100") is null && row.OptionalNumber("sar_100") is null)
            {
                continue;
            }

            gas.ShouldNotBeNull(row.Text("species"));
            gas.IsKyoto.ShouldBe(row.Text("kyoto_basket") == "yes");
            foreach (var (set, column) in new[] { (GwpSet.Sar, "sar_100"), (GwpSet.Ar4, "ar4_100"), (GwpSet.Ar5, "ar5_100"), (GwpSet.Ar5Feedback, "ar5_ccf_100"), (GwpSet.Ar6, "ar6_100") })
            {
                // The two corrections that corrections.csv gives reasons for.
                if ((gas.Name == "SF6" && set == GwpSet.Ar6) || (gas.Name.StartsWith("CH4 (", StringComparison.Ordinal) && set != GwpSet.Ar6))
                {
                    continue;
                }

                (gas.Potentials.TryGetValue(set, out var value) ? value : (decimal?)null).ShouldBe(row.OptionalNumber(column), $"{gas.Name} {set}");
            }

            known++;
        }

        known.ShouldBe(Gwp.Gases.Count - 1, "all but the mixture of USEEIO");
    }

    [Fact]
    public void Cbam_BenchmarksAreNeitherZeroNorColumnA()
    {
        var set = ReferenceSet.Open("cbam-2026");
        var values = set.Parse(read => ReferenceTable.Parse("default_values.csv", read("default_values.csv")).Rows.ToList());

        values.Count.ShouldBe(10_931);
        values.ShouldAllBe(row => row.OptionalNumber("default_benchmark_b") != 0m);
        values.Where(row => row.Text("cn_code").StartsWith("7207", StringComparison.Ordinal) && row.Text("production_route") == "(C)").ShouldAllBe(row => row.Number("default_benchmark_b") > 1m);
        values.Count(row => row.OptionalNumber("total_tco2e_per_t") is null).ShouldBe(1);
    }

    /// <summary>The shipped bytes are those that the script makes of the source tables.</summary>
    [Fact]
    public async Task Data_IsMadeByTheScript()
    {
        var source = SharedFiles.Require("factors");
        Process? process = null;
        try
        {
            var start = new ProcessStartInfo("python3", [Path.Combine(Repository.Root, "eng", "reference-data", "build.py"), source, "--check"]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
            start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("This machine has no python3.");
        }

        using (process)
        {
            var output = await process!.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);

            process.ExitCode.ShouldBe(0, output + errors);
        }
    }

    private static ShippedFactorSet Find(string id) => Sets.Single(set => set.Set.Id == id);

    private static decimal? Number(string? text) => text is null ? null : decimal.Parse(text, CultureInfo.InvariantCulture);
}

internal static class ShippedFactorFigures
{
    /// <summary>Every figure that a factor has.</summary>
    public static IEnumerable<decimal> Figures(this EmissionFactor factor) =>
        new[] { factor.Co2, factor.Ch4, factor.N2o, factor.Co2e, factor.BiogenicCo2, factor.LossShare }.OfType<decimal>().Concat(factor.OtherGases.Values);
}
