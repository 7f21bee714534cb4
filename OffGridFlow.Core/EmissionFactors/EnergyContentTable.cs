using OffGridFlow.Core.Quantities;

namespace OffGridFlow.Core.EmissionFactors;

/// <summary>What energy is, for the energy ledger (<c>docs/methods/energy.md</c>).</summary>
public enum EnergyCarrier
{
    /// <summary>Coal and coal products.</summary>
    Coal,

    /// <summary>Crude oil and petroleum products; its blends with a renewable share.</summary>
    Petroleum,
    NaturalGas,

    /// <summary>Waste, peat and what else is neither of the three nor renewable.</summary>
    OtherFossil,

    /// <summary>Biomass, biogas and biofuels.</summary>
    RenewableFuel,

    /// <summary>Electricity, heat, steam and cooling of others.</summary>
    Purchased,

    /// <summary>Made without a fuel: sun, wind, water, heat of the earth. Consumption and production in one.</summary>
    SelfGenerated,

    /// <summary>Made from own fossil fuel, which counts as fuel: production only.</summary>
    ProducedFromFossil,

    /// <summary>Made from own renewable fuel, which counts as fuel: production only.</summary>
    ProducedFromRenewable,

    /// <summary>Sold to others: shown apart, netted against nothing.</summary>
    Sold,
}

/// <summary>How much energy a unit of a fuel holds.</summary>
/// <param name="Activity">The publisher's.</param>
/// <param name="Year">Of the edition.</param>
/// <param name="KilowattHours">kWh at net calorific value in one <paramref name="Unit"/>, above zero.</param>
/// <param name="Rows">Ids of the factors whose figures give it; empty where the source says it in words.</param>
/// <param name="Source">How it follows from them.</param>
public sealed record EnergyContent(string Activity, int Year, Unit Unit, decimal KilowattHours, string Rows, string Source)
{
    /// <summary>Where it comes from, in one line.</summary>
    public string Citation => string.Create(
        System.Globalization.CultureInfo.InvariantCulture, $"{Activity} {Year}: {Source}{(Rows.Length == 0 ? "" : $" ({Rows})")}");
}

/// <summary>How much of a blend's energy is renewable.</summary>
/// <param name="RenewableShare">0 to 1.</param>
public sealed record BlendShare(string Activity, int Year, decimal RenewableShare, string Rows)
{
    /// <summary>Where it comes from, in one line.</summary>
    public string Citation => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Activity} {Year} ({Rows})");
}

/// <summary>Calorific values and kinds of fuels, from <c>reference-data/energy-content</c>.</summary>
public sealed class EnergyContentTable
{
    public static readonly EnergyContentTable Empty = new([], [], []);

    private readonly Dictionary<string, EnergyCarrier> _carriers;
    private readonly ILookup<(string Activity, UnitGroup Group), EnergyContent> _contents;
    private readonly ILookup<string, BlendShare> _blends;

    private EnergyContentTable(Dictionary<string, EnergyCarrier> carriers, IReadOnlyList<EnergyContent> contents, IReadOnlyList<BlendShare> blends)
    {
        (_carriers, Contents, Blends) = (carriers, contents, blends);
        _contents = contents.ToLookup(content => (content.Activity, content.Unit.Group));
        _blends = blends.ToLookup(blend => blend.Activity);
    }

    public IReadOnlyList<EnergyContent> Contents { get; }

    public IReadOnlyList<BlendShare> Blends { get; }

    /// <param name="read">Gives the text of <c>fuels.csv</c>, <c>values.csv</c> and <c>blends.csv</c>.</param>
    /// <exception cref="ReferenceTableException">A row cannot be used.</exception>
    public static EnergyContentTable Parse(Func<string, string> read, UnitTable units)
    {
        var carriers = ReferenceTable.Parse("fuels.csv", read("fuels.csv")).Rows.ToDictionary(row => row.Text("activity"), row => row.Enum<EnergyCarrier>("carrier"));
        var contents = ReferenceTable.Parse("values.csv", read("values.csv")).Rows.Select(row => new EnergyContent(
            row.Text("activity"), (int)row.Number("year"), units.Find(row.Text("unit")), AboveZero(row, "kwh"), row.Text("rows"), row.Text("source"))).ToList();
        var blends = ReferenceTable.Parse("blends.csv", read("blends.csv")).Rows.Select(row => new BlendShare(
            row.Text("activity"), (int)row.Number("year"), AboveZero(row, "renewable_share"), row.Text("rows"))).ToList();
        return new EnergyContentTable(carriers, contents, blends);
    }

    /// <summary>Null for what is no fuel.</summary>
    public EnergyCarrier? CarrierOf(string activity) => _carriers.TryGetValue(activity, out var carrier) ? carrier : null;

    /// <summary>The value of the year's edition, else of the latest earlier one, else of the first: what a fuel holds changes little. Null where none is published.</summary>
    public EnergyContent? Find(string activity, int year, UnitGroup group) => Nearest(_contents[(activity, group)], year, content => content.Year);

    /// <summary>The same of the renewable share of a blend; null for what is no blend.</summary>
    public BlendShare? BlendOf(string activity, int year) => Nearest(_blends[activity], year, blend => blend.Year);

    private static T? Nearest<T>(IEnumerable<T> some, int year, Func<T, int> yearOf)
        where T : class => some.OrderBy(one => yearOf(one) > year).ThenBy(one => Math.Abs(yearOf(one) - year)).FirstOrDefault();

    private static decimal AboveZero(ReferenceRow row, string column) =>
        row.Number(column) is var value && value > 0 ? value : throw row.Fault($"'{column}' is above zero");
}
