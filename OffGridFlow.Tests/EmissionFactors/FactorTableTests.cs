using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Core.Quantities;
using OffGridFlow.Infrastructure.EmissionFactors;

namespace OffGridFlow.Tests.EmissionFactors;

public sealed class FactorTableTests : IDisposable
{
    private const string Head =
        "id,activity,name,category,unit,basis,co2,ch4,n2o,co2e,biogenic_co2,biogenic_methane,other_gases,region,year,data_from,data_to,part,supply,scopes,"
        + "loss_share,uncertainty_percent,source_table,note,caution";

    private const string Gas =
        "a1,x/gas,Natural gas,Fuels > Gas,kWh (Gross CV),Mass,0.18,0.00001,0.000001,,,,HFC-32=0.5|HFCs (kg = CO2e)=0.25,GB,2025,2025-01-01,2025-12-31,Direct,None,1,,5,Table 1,,Twice";

    private static readonly UnitTable Units = ReferenceSet.Open("units").Parse(UnitTable.Parse);

    private readonly string _root = Directory.CreateTempSubdirectory("offgridflow-factors-").FullName;

    private static FactorSet Set => new()
    {
        Id = "x-2025", Family = "x", Edition = "2025", Publisher = "X", Title = "X", Vintage = Vintage.EditionYear, License = "none", Source = "none", Checksum = "",
    };

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Parse_Row_GivesEachFigure()
    {
        var factor = FactorTable.Parse(Set, Head + "\n" + Gas + "\n", Units).ShouldHaveSingleItem();

        factor.Unit.Symbol.ShouldBe("kWh (Gross CV)");
        factor.Basis.ShouldBe(GasBasis.Mass);
        (factor.Co2, factor.Ch4, factor.N2o, factor.Co2e, factor.BiogenicCo2).ShouldBe((0.18m, 0.00001m, 0.000001m, null, null));
        factor.OtherGases.ShouldBe(new Dictionary<string, decimal> { ["HFC-32"] = 0.5m, ["HFCs (kg = CO2e)"] = 0.25m }, ignoreOrder: true);
        (factor.Region, factor.Year, factor.DataFrom, factor.DataTo).ShouldBe(("GB", 2025, new DateOnly(2025, 1, 1), new DateOnly(2025, 12, 31)));
        (factor.Part, factor.Supply, factor.Scopes).ShouldBe((FactorPart.Direct, SupplyKind.None, "1"));
        (factor.LossShare, factor.UncertaintyPercent, factor.SourceTable, factor.Note, factor.Caution).ShouldBe((null, 5m, "Table 1", null, "Twice"));
    }

    [Theory]
    [InlineData("kWh (Gross CV)", "kWh (Grand CV)", "'kWh (Grand CV)' is no unit")]
    [InlineData(",Mass,", ",Weight,", "'basis' holds 'Weight', which is none of Mass, Co2e, Energy")]
    [InlineData(",Mass,", ",7,", "is none of")]
    [InlineData(",Mass,", ",Energy,", "kWh per unit in 'co2e'")]
    [InlineData(",0.18,", ",about 0.18,", "'co2' holds 'about 0.18', which is not a number")]
    [InlineData(",0.18,", ",-0.18,", "'co2' holds '-0.18', which is not a number")]
    [InlineData(",0.18,0.00001,0.000001,,,,HFC-32=0.5|HFCs (kg = CO2e)=0.25,", ",,,,,,,,", "the row has no figure")]
    [InlineData("HFC-32=0.5", "HFC-32", "'other_gases' holds 'HFC-32'")]
    [InlineData("HFC-32=0.5|", "HFC-32=0.5|HFC-32=0.5|", "'other_gases' holds 'HFC-32=0.5'")]
    [InlineData(",Direct,", ",Indirect,", "'part' holds 'Indirect'")]
    [InlineData(",None,1,", ",Grid,1,", "'supply' holds 'Grid'")]
    [InlineData(",GB,2025,", ",GB,25,", "'year' holds '25'")]
    [InlineData(",GB,2025,", ",GB,2025.5,", "'year' holds '2025.5'")]
    [InlineData(",GB,2025,", ",,2025,", "'region' is empty")]
    [InlineData("2025-01-01", "1.1.2025", "'data_from' holds '1.1.2025', which is no day")]
    [InlineData("2025-12-31", "2024-12-31", "'data_to' is before 'data_from'")]
    [InlineData(",1,,5,", ",1,1,5,", "'loss_share' is a share of generation, below 1")]
    [InlineData(",,HFC-32", ",no,HFC-32", "'biogenic_methane' holds 'no'")]
    [InlineData("a1,", "", "24 cells where the header has 25")]
    public void Parse_BadRow_NamesFileAndLine(string part, string replaced, string fault)
    {
        Gas.ShouldContain(part);
        var bad = Head + "\n" + Gas + "\n" + Gas.Replace("a1,", "a2,").Replace("x/gas", "x/other").Replace(part.Replace("a1,", "a2,"), replaced) + "\n";

        var thrown = Should.Throw<ReferenceTableException>(() => FactorTable.Parse(Set, bad, Units));

        (thrown.Table, thrown.Line).ShouldBe(("factors.csv", 3));
        thrown.Message.ShouldContain(fault);
    }

    [Theory]
    [InlineData("a1", "x/other", "the id 'a1' is there twice")]
    [InlineData("a2", "x/gas", "'a2' has the activity, unit, region, year, part and supply of 'a1'")]
    public void Parse_RowTwice_IsRefused(string id, string activity, string fault) =>
        Should.Throw<ReferenceTableException>(() => FactorTable.Parse(Set, Head + "\n" + Gas + "\n" + Gas.Replace("a1,", id + ",").Replace("x/gas", activity) + "\n", Units))
            .Message.ShouldContain(fault);

    [Fact]
    public void Parse_ColumnMissing_NamesIt() =>
        Should.Throw<ReferenceTableException>(() => FactorTable.Parse(Set, Head.Replace(",supply", "") + "\n" + Gas.Replace(",None", "") + "\n", Units))
            .Message.ShouldContain("column 'supply' is missing");

    [Theory]
    [InlineData("a1,co2,1,2,,Table 1", "'reason' is empty")]
    [InlineData("a1,co2,1,2,Because,", "'source' is empty")]
    [InlineData(",co2,1,2,Because,Table 1", "'id' is empty")]
    public void ParseCorrections_WithoutReason_IsRefused(string row, string fault) =>
        Should.Throw<ReferenceTableException>(() => FactorTable.ParseCorrections("id,column,published,used,reason,source\n" + row + "\n")).Message.ShouldContain(fault);

    [Fact]
    public void Read_Set_HasWhatItsManifestSays()
    {
        Write("factors-x-2025", Head + "\n" + Gas + "\n");

        var read = FactorSets.ReadAll(_root, Units).ShouldHaveSingleItem();

        var set = read.Set;
        (set.Id, set.Family, set.Edition, set.Vintage, set.GwpBasis, set.Boundary).ShouldBe(("x-2025", "x", "2025 v1", Vintage.DataYear, "AR5", "Direct"));
        (set.License, set.Source).ShouldBe(("CC0", "Somewhere"));
        set.Cautions.ShouldBe(["Look twice"]);
        set.Checksum.Length.ShouldBe(64);
        read.Factors.ShouldHaveSingleItem().Set.ShouldBeSameAs(set);
        read.Corrections.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("\"vintage\":\"data-year\"", "\"vintage\":\"of-the-year\"")]
    [InlineData("\"vintage\":\"data-year\"", "\"vintage\":\"7\"")]
    [InlineData("\"family\":\"x\",", "")]
    [InlineData("\"edition\":\"2025 v1\"", "\"edition\":{\"commit\":\"abc\",\"date\":\"2025-01-01\"}")]
    [InlineData("\"licence\":\"CC0\"", "\"licence\":\"\"")]
    public void Read_ManifestThatSaysTooLittle_IsRefused(string part, string replaced)
    {
        Write("factors-x-2025", Head + "\n" + Gas + "\n", manifest => manifest.Replace(part, replaced));

        Should.Throw<ReferenceDataException>(() => FactorSets.ReadAll(_root, Units)).Message.ShouldContain("lacks its family, title, edition, vintage, licence or source");
    }

    [Fact]
    public void Read_EditionThatIsANumber_IsRefused()
    {
        Write("factors-x-2025", Head + "\n" + Gas + "\n", manifest => manifest.Replace("\"2025 v1\"", "2025"));

        Should.Throw<ReferenceDataException>(() => FactorSets.ReadAll(_root, Units)).Message.ShouldContain("an edition is a name");
    }

    [Fact]
    public void Read_BadRow_NamesTheFileOnDisk()
    {
        Write("factors-x-2025", Head + "\n" + Gas.Replace("Mass", "Weight") + "\n");

        var thrown = Should.Throw<ReferenceDataException>(() => FactorSets.ReadAll(_root, Units));

        thrown.File.ShouldBe(Path.Combine(_root, "factors-x-2025", "factors.csv"));
        thrown.Message.ShouldContain("line 2");
    }

    [Fact]
    public void Read_AlteredFile_IsRefused()
    {
        Write("factors-x-2025", Head + "\n" + Gas + "\n");
        File.AppendAllText(Path.Combine(_root, "factors-x-2025", "factors.csv"), Gas.Replace("a1", "a2") + "\n");

        Should.Throw<ReferenceDataException>(() => FactorSets.ReadAll(_root, Units)).Message.ShouldContain("was changed");
    }

    [Fact]
    public void ReadAll_IdInTwoSets_IsRefused()
    {
        Write("factors-x-2025", Head + "\n" + Gas + "\n");
        Write("factors-y-2025", Head + "\n" + Gas + "\n");

        Should.Throw<ReferenceDataException>(() => FactorSets.ReadAll(_root, Units)).Message.ShouldContain("has the factor 'a1', which x-2025 has already");
    }

    [Fact]
    public void ReadAll_NoFolder_IsRefused() =>
        Should.Throw<ReferenceDataException>(() => FactorSets.ReadAll(Path.Combine(_root, "nothing"), Units)).Message.ShouldContain("is missing");

    private void Write(string name, string factors, Func<string, string>? change = null)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_root, name)).FullName;
        File.WriteAllText(Path.Combine(folder, "factors.csv"), factors);
        var checksum = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(Path.Combine(folder, "factors.csv"))));
        var manifest =
            $$"""
            {"id":"{{name}}","publisher":"X","family":"x","title":"Table of X","edition":"2025 v1","vintage":"data-year","gwp":"AR5","boundary":"Direct","licence":"CC0",
            "source":"Somewhere","cautions":["Look twice"],"files":[{"name":"factors.csv","rows":1,"sha256":"{{checksum}}"}]}
            """;
        File.WriteAllText(Path.Combine(folder, "manifest.json"), change?.Invoke(manifest) ?? manifest);
    }
}
