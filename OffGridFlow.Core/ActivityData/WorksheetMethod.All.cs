using OffGridFlow.Core.Quantities;

namespace OffGridFlow.Core.ActivityData;

/// <summary>The methods that there are. Sources: GHG Protocol, Technical Guidance for Calculating Scope 3 Emissions (2013); PCAF, Part A (2022).</summary>
public sealed partial record WorksheetMethod
{
    public const string Investment = "investment-pcaf";
    public const string Spend = "spend-gross";

    private static readonly string[] Distances = ["distance", "passenger-distance", "vehicle-distance"];
    private static readonly string[] Emissions = ["emissions"];
    private static readonly string[] Nothing = [];
    private static readonly string[] EmissionFields = ["scope1", "scope2", "scope3"];
    private static readonly string[] ValueFields = ["equity", "debt"];

    /// <summary>Classes of PCAF's Part A and what stands under the fraction.</summary>
    public static readonly IReadOnlyList<string> AssetClasses =
        ["listed-equity", "bonds", "business-loans", "project-finance", "commercial-real-estate", "mortgages", "motor-vehicle-loans", "sovereign-debt"];

    public static IReadOnlyList<WorksheetMethod> All { get; } =
    [
        // Technical Guidance, category 7, distance-based and average-data.
        new(
            "commuting-survey", "Commuting survey", "Σ people × share × one-way distance × trips × days × weeks ÷ occupancy, × employees ÷ respondents", Distances, [7],
            [Optional("weeks", "Working weeks in the period"), Optional("employees", "Employees in all"), Optional("respondents", "Employees who answered", isDivisor: true)],
            [
                Required("people", "People"), Optional("share", "Share that goes this way", WorksheetKind.Percent), Required("distance", "One-way distance", WorksheetKind.Amount),
                Required("trips", "Trips a day"), Required("days", "Days a week, or in the period"), Optional("occupancy", "People in the vehicle", isDivisor: true),
            ]),
        new(
            "home-working", "Working from home", "Σ people × days × weeks × hours, × employees ÷ respondents", ["working hours"], [7],
            [Optional("weeks", "Working weeks in the period"), Optional("employees", "Employees in all"), Optional("respondents", "Employees who answered", isDivisor: true)],
            [Required("people", "People"), Required("days", "Days a week, or in the period"), Required("hours", "Hours a day")]),
        // Category 11: direct use (energy, fuels, gases released) and indirect use (heat, water, washing).
        new(
            "use-of-sold-products", "Use of sold products", "Σ units sold × life × uses × amount per use × share × part ÷ whole", Nothing, [11], [],
            [
                Required("units", "Units sold"), Optional("life", "Life in years"), Required("uses", "Uses a year, or in a life"), Required("amount", "Amount per use", WorksheetKind.Amount),
                Optional("share", "Share of uses", WorksheetKind.Percent), Optional("ours", "Part of the whole product that is ours"), Optional("all", "The whole product", isDivisor: true),
            ]),
        new(
            "end-of-life", "End of life of sold products", "Σ units sold × mass × share of the treatment", ["mass"], [12], [],
            [Optional("units", "Units sold"), Required("mass", "Mass, or mass of one unit", WorksheetKind.Amount), Optional("share", "Share that gets this treatment", WorksheetKind.Percent)]),
        // Categories 8 and 13: allocated by area, the vacant part shared among those who are there.
        new(
            "leased-asset", "Leased asset by share of area", "Σ amount of the building × area ÷ (total area × occupancy)", Nothing, [8, 13, 14], [],
            [
                Required("amount", "Amount of the whole building", WorksheetKind.Amount), Required("area", "Area leased"), Required("totalArea", "Total area", isDivisor: true),
                Optional("occupancy", "Share of the total area that is let", WorksheetKind.Percent, isDivisor: true),
            ]),
        new(
            "floor-area", "Floor area by intensity", "Σ area × amount per area", Nothing, [8, 13, 14], [],
            [Required("area", "Area"), Required("amount", "Amount per unit of area", WorksheetKind.Amount, needsSource: true)]),
        new(
            "franchise", "Franchises, from some to all", "Σ franchises × amount, × all franchises ÷ those of the sample", Nothing, [14],
            [Optional("franchises", "Franchises in all"), Optional("sampled", "Franchises in the sample", isDivisor: true)],
            [Optional("count", "Franchises in this line"), Required("amount", "Amount of each", WorksheetKind.Amount)]),
        // Category 1, supplier-specific: the supplier's emissions, shared out; or a footprint per unit.
        new(
            "supplier-specific", "Supplier’s emissions, shared out", "Σ reported emissions × ours ÷ all", Emissions, [], [],
            [
                Required("emissions", "Emissions reported", WorksheetKind.Amount, needsSource: true), Optional("ours", "What is ours"), Optional("all", "All that was made", isDivisor: true),
                Optional("share", "Share that is ours", WorksheetKind.Percent),
            ]),
        new(
            "supplier-product", "Supplier’s footprint of a product", "Σ units × footprint of one", Emissions, [], [],
            [Required("units", "Units bought"), Required("footprint", "Footprint of one unit", WorksheetKind.Amount, needsSource: true)]),
        // Category 1, hybrid: the supplier's own scopes, and averages for what is before and after them.
        new(
            "hybrid", "Hybrid of supplier and averages", "Σ amount × emissions per unit × share", Emissions, [], [],
            [
                Required("amount", "Amount, 1 for a sum of the supplier’s"), Required("emissions", "Emissions per unit", WorksheetKind.Amount, needsSource: true),
                Optional("share", "Share that is ours", WorksheetKind.Percent),
            ]),
        new(
            Spend, "Spend with VAT", "gross × 100 ÷ (100 + rate of VAT)", ["money"], [],
            [Required("gross", "Amount with VAT", WorksheetKind.Amount), new WorksheetField("vat", "Rate of VAT", WorksheetKind.Percent)], []),
        // PCAF Part A, chapter 5: emissions × outstanding ÷ value.
        new(
            Investment, "Financed emissions by PCAF", "emissions × outstanding amount ÷ value; emissions reported, or activity × emissions per unit; value, or equity + debt", Emissions, [15],
            [
                Optional("scope1", "Scope 1 emissions", WorksheetKind.Amount, needsSource: true), Optional("scope2", "Scope 2 emissions", WorksheetKind.Amount, needsSource: true),
                Optional("scope3", "Scope 3 emissions", WorksheetKind.Amount, needsSource: true), Optional("activity", "Revenue, output, energy or distance"),
                Optional("rate", "Emissions per unit of it", WorksheetKind.Amount, needsSource: true), Required("outstanding", "Outstanding amount", WorksheetKind.Money),
                Optional("value", "Value: EVIC, property, vehicle or GDP", WorksheetKind.Money, isDivisor: true), Optional("equity", "Equity", WorksheetKind.Money),
                Optional("debt", "Debt", WorksheetKind.Money),
            ],
            []),
    ];

    /// <summary>Null where there is none of the key.</summary>
    public static WorksheetMethod? Find(string? key) => All.FirstOrDefault(method => method.Key == key?.Trim());

    /// <summary>Fields of the head that are added up before the product is made.</summary>
    private IReadOnlyList<string> Summed => Key switch
    {
        Investment => [.. EmissionFields, .. ValueFields],
        Spend => ["vat"],
        _ => [],
    };

    private List<StepOperand> Sums(Worksheet worksheet, Work work)
    {
        var operands = new List<StepOperand>();
        if (Key == Spend)
        {
            var rate = new StepOperand("Rate of VAT", worksheet.Find("vat")!.Value, "%", worksheet.Find("vat")!.Source);
            operands.Add(new StepOperand("Net", 100m, "%"));
            operands.Add(work.Add("With VAT, in percent of net", [new StepOperand("Net", 100m, "%"), rate], "%") with { IsInverse = true });
        }

        if (Key == Investment)
        {
            Add(EmissionFields, "Emissions of the investee", isInverse: false);
            Add(ValueFields, "Equity and debt", isInverse: true);
        }

        return operands;

        void Add(string[] names, string name, bool isInverse)
        {
            var parts = work.Taken(worksheet.Inputs, [.. Head.Where(field => names.Contains(field.Name))]);
            if (parts.Count > 0)
            {
                operands.Add((parts.Count == 1 ? parts[0] : work.Add(name, parts, parts[0].Unit)) with { IsInverse = isInverse });
            }
        }
    }

    /// <summary>What one field alone does not tell.</summary>
    private void CheckMore(Worksheet worksheet, Action<string, string, string> fault)
    {
        if (Key is "commuting-survey" or "home-working" && (worksheet.Find("employees") is null) != (worksheet.Find("respondents") is null))
        {
            fault("worksheet-extrapolation", "employees", "From some to all takes two numbers: the employees who answered and all of them. Give both or neither.");
        }

        if (Key == "franchise" && (worksheet.Find("franchises") is null) != (worksheet.Find("sampled") is null))
        {
            fault("worksheet-extrapolation", "franchises", "From some to all takes two numbers: the franchises in the sample and all of them. Give both or neither.");
        }

        foreach (var line in worksheet.Lines.Where(line => Line.Any(field => field.Name == "all")))
        {
            if (line.Inputs.Any(input => input.Name == "ours") != line.Inputs.Any(input => input.Name == "all"))
            {
                fault("worksheet-allocation", "ours", "A share takes two numbers: what is ours and the whole. Give both or neither.");
            }
        }

        if (Key == Investment)
        {
            CheckInvestment(worksheet, fault);
        }
    }

    private static void CheckInvestment(Worksheet worksheet, Action<string, string, string> fault)
    {
        var reported = EmissionFields.Any(name => worksheet.Find(name) is not null);
        var (activity, rate) = (worksheet.Find("activity"), worksheet.Find("rate"));
        var hasValue = worksheet.Find("value") is not null;
        var hasParts = ValueFields.Any(name => worksheet.Find(name) is not null);
        if (reported == (rate is not null))
        {
            fault("worksheet-emissions", "scope1", "Give either the emissions that are reported, by scope, or emissions per unit of an activity.");
        }

        if (rate is not null && activity is null && (hasValue || hasParts))
        {
            fault("worksheet-input-missing", "activity", "Emissions per unit need the amount: revenue, output, energy or distance.");
        }

        if (activity is not null && rate is null)
        {
            fault("worksheet-input-missing", "rate", "An activity needs its emissions per unit.");
        }

        // Per unit of money lent, by the sector's assets, the outstanding amount is the whole of it: there is nothing to divide by.
        if (hasValue && hasParts)
        {
            fault("worksheet-value", "value", "Give the value, or equity and debt, and not both.");
        }

        if (!hasValue && !hasParts && (reported || activity is not null))
        {
            fault("worksheet-value", "value", "Say what the whole is worth: enterprise value with cash, equity and debt, value of the property or vehicle, or GDP.");
        }

        if (hasParts && !ValueFields.All(name => worksheet.Find(name) is not null))
        {
            fault("worksheet-value", worksheet.Find("debt") is null ? "debt" : "equity", "Give equity and debt, both: what is not known is not zero. Type 0 where there is none.");
        }

        var whole = ValueFields.Select(worksheet.Find).OfType<WorksheetInput>().Sum(part => part.Value);
        if (hasParts && (whole <= 0 || worksheet.Find("outstanding")?.Value > whole))
        {
            fault("worksheet-share", "outstanding", "The outstanding amount is at most the value of the whole. Correct one of them.");
        }

        if (!worksheet.Choices.TryGetValue("assetClass", out var asset) || !AssetClasses.Contains(asset))
        {
            fault("worksheet-choice", "assetClass", $"Choose the asset class: {string.Join(", ", AssetClasses)}.");
        }

        if (!worksheet.Choices.TryGetValue("score", out var score) || score is not ("1" or "2" or "3" or "4" or "5"))
        {
            fault("worksheet-choice", "score", "Give PCAF’s data quality score of the option used, 1 (best) to 5.");
        }
    }

    private static WorksheetField Required(string name, string label, WorksheetKind kind = WorksheetKind.Number, bool isDivisor = false, bool needsSource = false) =>
        new(name, label, kind, IsRequired: true, isDivisor, needsSource);

    private static WorksheetField Optional(string name, string label, WorksheetKind kind = WorksheetKind.Number, bool isDivisor = false, bool needsSource = false) =>
        new(name, label, kind, IsRequired: false, isDivisor, needsSource);
}
