using OffGridFlow.Core.EmissionFactors;
using System.Collections.Frozen;

namespace OffGridFlow.Core.CloudUsage;

/// <summary>Which edition of the coefficients a set of tables is.</summary>
/// <param name="Set">Name of the set, e.g. <c>cloud-aws-ccf</c>.</param>
/// <param name="Edition">As the manifest states it, e.g. <c>b7a049c (2024-03-25)</c>.</param>
/// <param name="Checksum">Short checksum over all files of the set.</param>
/// <param name="Publisher">Who published the coefficients.</param>
public sealed record CcfEdition(string Set, string Edition, string Checksum, string Publisher);

/// <summary>The coefficients and rules of the <c>ccf</c> method for AWS, parsed from their tables. Immutable.</summary>
public sealed class CcfAwsTables
{
    private readonly FrozenDictionary<string, EstimateFlag> flags;
    private readonly FrozenDictionary<string, GridFactor> grid;

    private CcfAwsTables(CcfEdition edition, Func<string, string> readFile)
    {
        Edition = edition;
        flags = Table("flags.csv").Rows.ToFrozenDictionary(r => r.Text("code"), r => new EstimateFlag(r.Text("code"), r.Text("text")));
        grid = Table("grid_factors.csv").Rows.ToFrozenDictionary(r => r.Text("region"), Grid);
        UnknownGrid = grid.GetValueOrDefault("Unknown") ?? throw new ReferenceTableException("grid_factors.csv", 1, "the row 'Unknown' is missing");
        Constants = new CcfConstants(Table("constants.csv"));
        Processors = new CcfProcessors(Table("processors.csv"), Constants);
        Instances = new CcfInstanceTable(Table("instance_types.csv"), Constants, Processors, OptionalFlag);
        Units = new UsageRuleIndex<UnitRule>([.. Table("unit_rules.csv").Rows.Select(Unit)]);
        Replication = new UsageRuleIndex<ReplicationRule>([.. Table("replication_rules.csv").Rows.Select(r =>
            new ReplicationRule(r.Text("id"), r.Text("service"), UsagePattern.Parse(r, "usage"), r.Number("copies"), r.Text("meaning")))]);
        Classes = new UsageRuleIndex<ClassRule>([.. Table("usage_rules.csv").Rows.Select(Class)]);

        ReferenceTable Table(string name) => ReferenceTable.Parse(name, readFile(name));
    }

    /// <summary>The files that make the set, besides its manifest.</summary>
    public static IReadOnlyList<string> FileNames { get; } =
    [
        "constants.csv", "flags.csv", "grid_factors.csv", "instance_types.csv", "processors.csv",
        "replication_rules.csv", "unit_rules.csv", "usage_rules.csv",
    ];

    public CcfEdition Edition { get; }

    internal CcfConstants Constants { get; }

    internal CcfProcessors Processors { get; }

    internal CcfInstanceTable Instances { get; }

    internal UsageRuleIndex<UnitRule> Units { get; }

    internal UsageRuleIndex<ClassRule> Classes { get; }

    internal UsageRuleIndex<ReplicationRule> Replication { get; }

    internal GridFactor UnknownGrid { get; }

    internal IEnumerable<EstimateFlag> AllFlags => flags.Values;

    /// <summary>Parses the tables.</summary>
    /// <param name="readFile">The text of each of <see cref="FileNames"/>.</param>
    /// <exception cref="ReferenceTableException">A table is malformed or names a flag that <c>flags.csv</c> lacks.</exception>
    public static CcfAwsTables Parse(CcfEdition edition, Func<string, string> readFile)
    {
        ArgumentNullException.ThrowIfNull(edition);
        ArgumentNullException.ThrowIfNull(readFile);
        return new CcfAwsTables(edition, readFile);
    }

    internal EstimateFlag Flag(string code) =>
        flags.GetValueOrDefault(code) ?? throw new ReferenceTableException("flags.csv", 1, $"the flag '{code}' is missing");

    /// <summary>The factor listed for the region, or null.</summary>
    internal GridFactor? Grid(string region) => grid.GetValueOrDefault(region);

    /// <summary>Where a coefficient comes from: publisher, edition, file, row.</summary>
    internal string Source(string file, string row) => $"{Edition.Publisher}, {Edition.Edition}, {file}: {row}";

    private GridFactor Grid(ReferenceRow row)
    {
        var region = row.Text("region");
        return new GridFactor(
            $"aws/{region}", Edition.Set, Edition.Edition, region, WithoutTrailingZeros(row.Number("tonnes_co2e_per_kwh") * 1000), null,
            Source("grid_factors.csv", region));
    }

    private static decimal WithoutTrailingZeros(decimal value) => value / 1.0000000000000000000000000000m;

    private EstimateFlag? OptionalFlag(string column, ReferenceRow row)
    {
        var code = row.Text(column);
        return code.Length == 0 ? null : KnownFlag(code, row);
    }

    private EstimateFlag KnownFlag(string code, ReferenceRow row) =>
        flags.GetValueOrDefault(code) ?? throw row.Fault($"the flag '{code}' is not in flags.csv");

    private UnitRule Unit(ReferenceRow row) => new(
        row.Text("id"), row.Text("service"), row.List("units"), UsagePattern.Parse(row, "usage"),
        row.Text("quantity"), row.Number("multiplier"), row.Number("divisor"), row.Text("per") == "month", OptionalFlag("flag", row));

    private ClassRule Class(ReferenceRow row)
    {
        var unless = UsagePattern.Parse(row, "unless");
        var usageClass = row.Enum<UsageClass>("class");
        return new ClassRule(
            row.Text("id"), row.Text("service"), row.List("quantity"), UsagePattern.Parse(row, "usage"),
            unless.Kind is UsagePatternKind.Any ? null : unless, usageClass, row.Enum<UsageMeasure>("measure"),
            row.OptionalNumber("vcpus"), row.Text("processor") is { Length: > 0 } name ? Processors.For(name) : null,
            row.Text("class_without_vcpus").Length == 0 ? usageClass : row.Enum<UsageClass>("class_without_vcpus"),
            [.. row.List("flags").Select(code => KnownFlag(code, row))]);
    }
}
