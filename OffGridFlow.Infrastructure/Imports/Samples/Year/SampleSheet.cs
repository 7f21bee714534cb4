using OffGridFlow.Core.Imports.Sheets;

namespace OffGridFlow.Infrastructure.Imports.Samples.Year;

/// <summary>A file of the sample year with the mapping by which it is imported.</summary>
/// <param name="FileName">Of the embedded file.</param>
/// <param name="Culture">Code of the <see cref="SheetLocale"/> of its numbers and days.</param>
/// <param name="Columns">What each column holds.</param>
internal sealed record SampleSheet(string FileName, string Culture, params IReadOnlyList<SheetColumnUse> Columns)
{
    /// <summary>What holds for every row.</summary>
    public IReadOnlyDictionary<SheetField, string> Fixed { get; init; } = new Dictionary<SheetField, string>();

    /// <summary>Whether the second person brings it in, so that the first has something to approve.</summary>
    public bool IsReviewers { get; init; }

    /// <summary>In the order in which they are imported.</summary>
    public static IReadOnlyList<SampleSheet> All { get; } =
    [
        GermanElectricity(2024), GermanElectricity(2025), GermanGas(2024), GermanGas(2025),
        new("utilities-coventry.csv", "en-GB", Column(0, SheetField.Site), Column(1, SheetField.Period), Column(2, SheetField.ActivityType), Column(3, SheetField.Quantity),
            Column(4, SheetField.Unit), Column(5, SheetField.Reference)),
        new("energie-lyon.csv", "fr-FR", Column(0, SheetField.Site), Column(1, SheetField.Period),
            Quantity(2, (SheetField.ActivityType, "electricity"), (SheetField.Unit, "kWh")),
            Quantity(3, (SheetField.ActivityType, "natural-gas"), (SheetField.Unit, "kWh (Gross CV)"))),
        FleetFuel(2024), FleetFuel(2025),
        new("refrigerant-top-ups.csv", "en-GB", Column(0, SheetField.Site), Column(1, SheetField.Period), Column(2, SheetField.Gas), Quantity(3, (SheetField.Unit, "kg")),
            Column(4, SheetField.Reference)) { Fixed = Type("refrigerant-leak") },
        new("business-flights.csv", "en-GB", Column(0, SheetField.Site), Column(1, SheetField.Period), Column(2, SheetField.ActivityType), Column(3, SheetField.Quantity),
            Column(4, SheetField.Unit)) { IsReviewers = true },
        new("hotel-nights.csv", "de-DE", Column(0, SheetField.Site), Column(1, SheetField.Period), Quantity(2, (SheetField.Unit, "room night"))) { Fixed = Type("hotel-night"), IsReviewers = true },
        new("abfall.csv", "de-DE", Column(0, SheetField.Site), Column(1, SheetField.Period), Column(2, SheetField.ActivityType), Quantity(3, (SheetField.Unit, "t")),
            Column(4, SheetField.Reference)),
        Purchases(2024), Purchases(2025), Freight(2024), Freight(2025),
        new("employee-commuting.csv", "en-GB", Column(0, SheetField.Site), Column(1, SheetField.From), Column(2, SheetField.To), Column(3, SheetField.ActivityType),
            Column(4, SheetField.Quantity), Column(5, SheetField.Unit), Column(6, SheetField.Category)) { IsReviewers = true },
    ];

    /// <summary>The bytes as they stand in the assembly.</summary>
    public Stream Open() => typeof(SampleSheet).Assembly.GetManifestResourceStream("sample-year/" + FileName)
        ?? throw new InvalidOperationException($"The sample file {FileName} is not in the assembly.");

    private static SampleSheet GermanElectricity(int year) => new(
        Named("strom-deutschland", year), "de-DE",
        [
            Column(0, SheetField.Site), Column(1, SheetField.Reference), Column(2, SheetField.ActivityType), Column(3, SheetField.Unit),
            .. Enumerable.Range(1, 12).Select(month => Quantity(3 + month, (SheetField.Period, FormattableString.Invariant($"{year}-{month:00}")))),
        ]);

    private static SampleSheet GermanGas(int year) => new(
        Named("erdgas-deutschland", year), "de-DE", Column(0, SheetField.Site), Column(1, SheetField.ActivityType), Column(2, SheetField.From), Column(3, SheetField.To),
        Column(4, SheetField.Quantity), Column(5, SheetField.Unit), Column(6, SheetField.Reference), Column(7, SheetField.Accrual));

    private static SampleSheet FleetFuel(int year) => new(
        Named("fleet-fuel", year), "en-GB", Column(0, SheetField.Site), Column(1, SheetField.Period), Column(2, SheetField.ActivityType), Quantity(3, (SheetField.Unit, "l")),
        Column(4, SheetField.Vendor));

    private static SampleSheet Purchases(int year) => new(
        Named("purchases", year), "en-GB", Column(0, SheetField.Site), Column(1, SheetField.Period), Column(2, SheetField.ActivityType), Column(3, SheetField.Quantity),
        Column(4, SheetField.Unit), Column(5, SheetField.Account));

    private static SampleSheet Freight(int year) => new(
        Named("freight", year), "en-GB", Column(0, SheetField.Site), Column(1, SheetField.Period), Column(2, SheetField.ActivityType), Column(3, SheetField.Quantity),
        Column(4, SheetField.Unit), Column(5, SheetField.Category));

    private static string Named(string name, int year) => FormattableString.Invariant($"{name}-{year}.csv");

    private static SheetColumnUse Column(int index, SheetField field) => new(index, field);

    private static SheetColumnUse Quantity(int index, params (SheetField Field, string Value)[] with) =>
        new(index, SheetField.Quantity, with.ToDictionary(pair => pair.Field, pair => pair.Value));

    private static Dictionary<SheetField, string> Type(string key) => new() { [SheetField.ActivityType] = key };
}
