using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Core.Quantities;
using OffGridFlow.Infrastructure.EmissionFactors;

namespace OffGridFlow.Tests.Calculation;

/// <summary>A small library whose factors are chosen so that results can be worked out by hand.</summary>
internal static class TestLibrary
{
    public static readonly UnitTable Units = ReferenceSet.Open("units").Parse(UnitTable.Parse);

    public static readonly RegionTable Regions = RegionTable.Parse(_ =>
        """
        code,name,kind,parent,names
        world,World,World,,
        Europe,Europe,Continent,world,
        GB,United Kingdom,Country,Europe,UK|GBR
        DE,Germany,Country,Europe,DEU
        US,United States,Country,world,USA
        US-CAMX,CAMX,GridRegion,US,
        """);

    public static readonly GwpTable Gwp = GwpTable.Parse(file => file == "gases.csv"
        ? """
          name,names,kyoto,sar,ar4,ar5,ar5_feedback,ar6,caution
          CO2,carbon dioxide,yes,1,1,1,1,1,
          CH4,methane,yes,21,25,28,34,27.9,
          CH4 (fossil),,yes,,,,,29.8,not verified
          CH4 (non-fossil),,yes,,,,,27,not verified
          N2O,nitrous oxide,yes,310,298,265,298,273,
          HFC-32,R-32,yes,650,675,677,817,771,
          HFC-125,R-125,yes,2800,3500,3170,3691,3740,
          HCFC-22,R-22,no,1500,1810,1760,2106,1960,
          """
        : """
          name,names,composition
          R-410A,,HFC-32=0.5|HFC-125=0.5
          R-502X,,HCFC-22=0.5|HFC-125=0.4|R-290=0.1
          """);

    public static readonly ActivityTypes Types = ActivityTypes.Parse(file => file == "types.csv"
        ? """
          key,name,family,scope,category,categories,units,needs_gas,reported,names,hint
          natural-gas,Natural gas,Stationary,1,,8|13,kWh (Gross CV),,,,
          diesel,Diesel,Mobile,1,,4|9,l,,,,
          electricity,Electricity,Electricity,2,,8|11|13,kWh,,,power,
          refrigerant,Refrigerant leak,Fugitive,1,,13,kg,yes,,,
          taxi,Taxi,ValueChain,3,6,7,km,,,,
          spend,Spend,ValueChain,3,1,4,USD|EUR,,,,
          reported,Reported emissions,ValueChain,3,1,15,t CO2e|kg CO2e,,yes,,
          """
        : """
          type,activity
          natural-gas,desnz/gas
          natural-gas,desnz/wtt-gas
          natural-gas,epa/gas
          diesel,desnz/diesel
          diesel,desnz/diesel-outside
          electricity,desnz/electricity
          electricity,desnz/electricity-wtt
          electricity,desnz/electricity-losses
          electricity,desnz/electricity-losses-wtt
          electricity,egrid/electricity
          electricity,ember/electricity
          electricity,eea/electricity
          electricity,aib/electricity
          taxi,desnz/taxi
          """);

    private static readonly FactorSet Desnz2024 = Set("desnz-2024", "desnz", Vintage.EditionYear, "AR5");
    private static readonly FactorSet Desnz2025 = Set("desnz-2025", "desnz", Vintage.EditionYear, "AR5");
    private static readonly FactorSet Epa2025 = Set("epa-hub-2025", "epa", Vintage.EditionYear, null);
    private static readonly FactorSet Egrid2022 = Set("egrid-2022", "egrid", Vintage.DataYear, null);
    private static readonly FactorSet Egrid2023 = Set("egrid-2023", "egrid", Vintage.DataYear, null);
    private static readonly FactorSet Ember = Set("ember-2026", "ember", Vintage.DataYear, "AR5");
    private static readonly FactorSet Eea = Set("eea-2024", "eea", Vintage.DataYear, null);
    private static readonly FactorSet Aib = Set("aib-2024", "aib", Vintage.DataYear, null);
    public static readonly FactorSet Own = Set("own-1", "own", Vintage.Days, "AR5") with { IsOwn = true };

    public static readonly IReadOnlyList<EmissionFactor> Factors =
    [
        Factor("gas-24", Desnz2024, "desnz/gas", "kWh (Gross CV)", "GB", 2024) with { Co2 = 0.18m, Ch4 = 0.0003m, N2o = 0.0001m, Co2e = 0.1803m },
        Factor("gas-25", Desnz2025, "desnz/gas", "kWh (Gross CV)", "GB", 2025) with { Co2 = 0.19m, Ch4 = 0.00028m, N2o = 0.000265m, Co2e = 0.1906m },
        Factor("gas-25-m3", Desnz2025, "desnz/gas", "m3", "GB", 2025) with { Co2e = 2m },
        Factor("wtt-gas-25", Desnz2025, "desnz/wtt-gas", "kWh (Gross CV)", "GB", 2025) with { Co2e = 0.03m, Part = FactorPart.Upstream, Scopes = "3.3" },
        Factor("epa-gas-25", Epa2025, "epa/gas", "mmBtu (HHV)", "US", 2025, GasBasis.Mass) with { Co2 = 53.06m, Ch4 = 0.001m, N2o = 0.0001m },
        Factor("diesel-25", Desnz2025, "desnz/diesel", "l", "GB", 2025) with { Co2e = 2.5m },
        Factor("diesel-out-25", Desnz2025, "desnz/diesel-outside", "l", "GB", 2025) with { BiogenicCo2 = 0.2m, Part = FactorPart.OutsideScopes, Scopes = "memo" },
        Grid("el-25", Desnz2025, "desnz/electricity", "GB", 2025) with { Co2e = 0.2m },
        Grid("el-wtt-25", Desnz2025, "desnz/electricity-wtt", "GB", 2025) with { Co2e = 0.05m, Part = FactorPart.Upstream, Supply = SupplyKind.None },
        Grid("el-td-25", Desnz2025, "desnz/electricity-losses", "GB", 2025) with { Co2e = 0.02m, Part = FactorPart.Losses, Supply = SupplyKind.None },
        Grid("el-td-wtt-25", Desnz2025, "desnz/electricity-losses-wtt", "GB", 2025) with { Co2e = 0.004m, Part = FactorPart.LossesUpstream, Supply = SupplyKind.None },
        Grid("camx-22", Egrid2022, "egrid/electricity", "US-CAMX", 2022, GasBasis.Mass) with { Co2 = 0.23m },
        Grid("camx-23", Egrid2023, "egrid/electricity", "US-CAMX", 2023, GasBasis.Mass) with { Co2 = 0.2m, Ch4 = 0.00001m, N2o = 0.000001m, LossShare = 0.05m },
        Grid("us-23", Egrid2023, "egrid/electricity", "US", 2023, GasBasis.Mass) with { Co2 = 0.35m },
        Grid("camx-23-marginal", Egrid2023, "egrid/electricity", "US-CAMX", 2023, GasBasis.Mass) with { Co2 = 0.5m, Supply = SupplyKind.Marginal },
        Grid("de-ember-24", Ember, "ember/electricity", "DE", 2024) with { Co2e = 0.34m, Part = FactorPart.LifeCycle },
        Grid("us-ember-24", Ember, "ember/electricity", "US", 2024) with { Co2e = 0.38m, Part = FactorPart.LifeCycle },
        Grid("europe-ember-24", Ember, "ember/electricity", "Europe", 2024) with { Co2e = 0.3m, Part = FactorPart.LifeCycle },
        Grid("de-eea-24", Eea, "eea/electricity", "DE", 2024) with { Co2e = 0.3m },
        Grid("de-aib-24", Aib, "aib/electricity", "DE", 2024) with { Co2e = 0.6m, Supply = SupplyKind.ResidualMix },
        Factor("taxi-25", Desnz2025, "desnz/taxi", "km", "GB", 2025) with { Co2e = 0.15m, Scopes = "3.6" },
        Factor("taxi-25-mi", Desnz2025, "desnz/taxi", "mi", "GB", 2025) with { Co2e = 0.2414m, Scopes = "3.6" },
    ];

    public static readonly FactorLibrary Library = new(Factors, Regions, Gwp, Types, Units);

    public static Calculator Calculator(params EmissionFactor[] own) => new(Library.With(own), CalculationPolicy.Default);

    public static ActivityInput Activity(string type, decimal quantity, string unit, string region, string from, string? to = null) => new()
    {
        Id = "a", Type = type, Quantity = new Quantity(quantity, Units.Find(unit)), Region = region,
        From = DateOnly.Parse(from, System.Globalization.CultureInfo.InvariantCulture), To = DateOnly.Parse(to ?? from, System.Globalization.CultureInfo.InvariantCulture),
    };

    public static EmissionFactor Factor(string id, FactorSet set, string activity, string unit, string region, int year, GasBasis basis = GasBasis.Co2e) => new()
    {
        Id = id, Set = set, Activity = activity, Name = id, Category = "Test", Unit = Units.Find(unit), Basis = basis, Region = region, Year = year,
        Part = FactorPart.Direct, Scopes = "1",
    };

    private static EmissionFactor Grid(string id, FactorSet set, string activity, string region, int year, GasBasis basis = GasBasis.Co2e) =>
        Factor(id, set, activity, "kWh", region, year, basis) with { Supply = SupplyKind.GridAverage, Scopes = "2" };

    private static FactorSet Set(string id, string family, Vintage vintage, string? gwp) => new()
    {
        Id = id, Family = family, Edition = id, Publisher = family, Title = id, Vintage = vintage, GwpBasis = gwp, License = "test", Source = "test", Checksum = "0",
    };
}
