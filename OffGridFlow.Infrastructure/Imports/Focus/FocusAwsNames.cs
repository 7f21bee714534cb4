using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Infrastructure.EmissionFactors;

namespace OffGridFlow.Infrastructure.Imports.Focus;

/// <summary>
/// Gives the AWS rows of a FOCUS file the names that AWS's own report has for service, unit and usage type; FOCUS 1.0 has no column
/// for the last. Data: <c>reference-data/cloud-aws-focus</c>.
/// </summary>
internal sealed class FocusAwsNames
{
    private const string TypePlace = "{type}";
    private const string CodePlace = "{code}";

    private static readonly Lazy<FocusAwsNames> LazyShared = new(() => ReferenceSet.Open("cloud-aws-focus").Parse(Load));

    private readonly Dictionary<string, string> _services;
    private readonly Dictionary<string, string> _units;
    private readonly Rule[] _rules;

    private FocusAwsNames(ReferenceTable services, ReferenceTable units, ReferenceTable rules)
    {
        _services = services.Rows.ToDictionary(row => row.Text("name"), row => row.Text("code"));
        _units = units.Rows.ToDictionary(row => row.Text("focus_unit"), row => row.Text("aws_unit"));
        _rules = [.. rules.Rows.Select(row => new Rule(row.Text("service"), row.Text("unit"), row.Text("description"), row.Text("usage_type")))];
    }

    /// <summary>The tables that come with the program.</summary>
    public static FocusAwsNames Shared => LazyShared.Value;

    /// <summary>The product code, e.g. <c>AmazonEC2</c>; the name itself where no code is known.</summary>
    public string ServiceCode(string service) => _services.GetValueOrDefault(service, service);

    /// <summary>The unit as the Cost and Usage Report writes it.</summary>
    public string Unit(string unit) => _units.GetValueOrDefault(unit, unit);

    /// <summary>The usage type without the region's prefix, e.g. <c>BoxUsage:m5.large</c>; null when the description tells none.</summary>
    /// <param name="service">Product code.</param>
    /// <param name="unit">As FOCUS writes it.</param>
    public string? UsageType(string service, string unit, string description)
    {
        foreach (var rule in _rules)
        {
            if ((rule.Service.Length == 0 || rule.Service == service) && (rule.Unit.Length == 0 || rule.Unit == unit) && Fit(rule, description) is { } usageType)
                return usageType;
        }

        return null;
    }

    private static FocusAwsNames Load(Func<string, string> read)
    {
        return new(Table("services.csv"), Table("units.csv"), Table("usage.csv"));

        ReferenceTable Table(string file) => ReferenceTable.Parse(file, read(file));
    }

    private static string? Fit(Rule rule, string description)
    {
        var place = rule.Description.Contains(TypePlace, StringComparison.Ordinal) ? TypePlace : CodePlace;
        var at = rule.Description.IndexOf(place, StringComparison.Ordinal);
        if (at < 0)
            return description.Contains(rule.Description, StringComparison.Ordinal) ? rule.UsageType : null;

        var before = rule.Description[..at];
        var after = rule.Description[(at + place.Length)..];
        for (var end = description.IndexOf(after, StringComparison.Ordinal); end > 0; end = description.IndexOf(after, end + 1, StringComparison.Ordinal))
        {
            var word = description[(description.LastIndexOf(' ', end - 1) + 1)..end];
            var starts = end - word.Length - before.Length;
            if (starts >= 0 && description.AsSpan(starts, before.Length).SequenceEqual(before) && IsWord(word, place))
                return rule.UsageType.Replace(place, word, StringComparison.Ordinal);
        }

        return null;
    }

    /// <summary>Instance types have a point (<c>m5.large</c>), usage types a dash or colon (<c>EBS:SnapshotUsage</c>).</summary>
    private static bool IsWord(string word, string place) => word.AsSpan().IndexOfAny(place == TypePlace ? "." : "-:") > 0;

    private sealed record Rule(string Service, string Unit, string Description, string UsageType);
}
