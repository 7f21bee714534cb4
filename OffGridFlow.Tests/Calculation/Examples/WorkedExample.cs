using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.EmissionFactors;

namespace OffGridFlow.Tests.Calculation.Examples;

/// <summary>
/// A calculation with its numbers, as it stands in <c>published.json</c>, <c>published-scope3.json</c> or in a block <c>example</c> of a page in <c>docs/methods</c>. Numbers are texts:
/// the digits count. Where a step takes a number it also takes the name of an earlier step.
/// </summary>
/// <param name="Kind"><c>published</c>: another's calculation with another's result; <c>hand</c>: worked out by us.</param>
/// <param name="Document">What was published.</param>
/// <param name="Place">Example, page, table in it.</param>
/// <param name="ReadAt">Where it was read.</param>
/// <param name="Reading"><c>text</c>: the document's own text; <c>transcription</c> and <c>quotation</c>: somebody's test or comment that names the place.</param>
/// <param name="Given">The facts in our words.</param>
/// <param name="Note">What differs from the page and why.</param>
internal sealed record WorkedExample(
    string Id, string Kind, string? Document, string? Place, string? ReadAt, string? Reading, string Topic, string Given, string? Note,
    IReadOnlyList<ExampleStep> Steps, IReadOnlyList<ExampleResult> Results);

/// <summary>One step; which one, the member says that is set.</summary>
internal sealed record ExampleStep
{
    public required string Id { get; init; }

    public IReadOnlyList<string>? Sum { get; init; }
    public IReadOnlyList<string>? Difference { get; init; }

    /// <summary>The first times the second, rounded, times the third, …</summary>
    public IReadOnlyList<string>? Product { get; init; }

    /// <summary>The first times the second divided by the third.</summary>
    public IReadOnlyList<string>? Ratio { get; init; }

    /// <summary>A figure that a page goes on with after it has rounded it.</summary>
    public string? Printed { get; init; }

    /// <summary>A number of <see cref="Unit"/> to be told in <see cref="Into"/>.</summary>
    public string? Convert { get; init; }
    public string? Into { get; init; }

    /// <summary>The part of a month, <c>yyyy-MM</c>, in a quantity over <see cref="From"/> to <see cref="To"/>.</summary>
    public string? Month { get; init; }

    /// <summary>Start, acquired, disposed, end, growth of capacity.</summary>
    public IReadOnlyList<string>? Balance { get; init; }

    /// <summary>Shares of equity, 0 to 1, down a chain of holdings.</summary>
    public IReadOnlyList<string>? Equity { get; init; }
    /// <summary>A worksheet whose quantity is in <see cref="Unit"/>.</summary>
    public ExampleWorksheet? Worksheet { get; init; }

    /// <summary>Outstanding amounts with their scores.</summary>
    public IReadOnlyList<ExampleInvestment>? Portfolio { get; init; }
    public IReadOnlyList<ExampleUncertainty>? Uncertainty { get; init; }
    public IReadOnlyList<ExampleQuality>? Quality { get; init; }

    /// <summary>An activity for the calculator.</summary>
    public string? Quantity { get; init; }
    public string? Unit { get; init; }

    /// <summary>Null where <see cref="Factors"/> give an activity of their own.</summary>
    public string? Type { get; init; }
    public string? Region { get; init; }
    public string? Gas { get; init; }
    public int? Category { get; init; }
    public IReadOnlyList<ExampleRate>? Rates { get; init; }
    public IReadOnlyList<ExampleLevel>? Levels { get; init; }
    public GwpSet? Gwp { get; init; }
    public DateOnly From { get; init; } = new(2025, 1, 1);
    public DateOnly To { get; init; } = new(2025, 12, 31);

    /// <summary>The example's own factors; without them the engine looks in the shipped library.</summary>
    public IReadOnlyList<ExampleFactor>? Factors { get; init; }
    public ExampleConversion? Conversion { get; init; }
    public IReadOnlyList<ExampleInstrument>? Instruments { get; init; }

    /// <summary>Which of the figures to add up; all of them when null.</summary>
    public ExampleRead? Read { get; init; }
}

internal sealed record ExampleFactor
{
    /// <summary>The activity's unit when null.</summary>
    public string? Unit { get; init; }

    /// <summary>By default mass, or CO2e where <see cref="Co2e"/> is given.</summary>
    public GasBasis? Basis { get; init; }
    public string? Co2e { get; init; }
    public string? Co2 { get; init; }
    public string? Ch4 { get; init; }
    public string? N2o { get; init; }
    public FactorPart Part { get; init; }
    public SupplyKind Supply { get; init; }
    public string Scopes { get; init; } = "1";
    public string? LossShare { get; init; }
}

/// <param name="Inputs">Numbers by field; a number may be followed by its unit.</param>
internal sealed record ExampleWorksheet(
    string Method, IReadOnlyDictionary<string, string>? Inputs, IReadOnlyList<IReadOnlyDictionary<string, string>>? Lines, IReadOnlyDictionary<string, string>? Choices);

internal sealed record ExampleInvestment(string Outstanding, int Score);

/// <param name="Month"><c>yyyy-MM</c>.</param>
internal sealed record ExampleRate(string From, string To, string Month, string Value);

internal sealed record ExampleLevel(string Currency, int Year, string Value);

internal sealed record ExampleConversion(string Name, string Value, string From, string To, string Source);

internal sealed record ExampleInstrument(InstrumentKind Kind, string? MegawattHours, string KgCo2ePerKwh, QualityCriteria? Criteria);

internal sealed record ExampleUncertainty(string Kg, string Activity, string Factor, string FactorPercent);

internal sealed record ExampleQuality(string Kg, IReadOnlyList<int> Ratings);

/// <param name="Gas">One gas instead of CO2e.</param>
/// <param name="Mass">Its mass, not its CO2e.</param>
/// <param name="Biogenic">The memo of biogenic CO2 instead.</param>
internal sealed record ExampleRead(int? Scope, Scope2Method? Method, FactorPart? Part, string? Gas, bool Mass, bool Biogenic)
{
    public bool Takes(CalculatedEmission figure) =>
        (Scope is null || figure.Scope == Scope) && (Method is null || figure.Scope2Method == Method) && (Part is null || figure.Part == Part);
}

/// <param name="Printed">The result with its digits; it holds within half of the last one.</param>
/// <param name="Unit"><c>t</c> is told from the step's kg; any other is that of the step.</param>
/// <param name="Precision">The step to which the page has rounded, where it is coarser than the last digit.</param>
/// <param name="Computed">What the page's own numbers give, where its printed result does not follow from them.</param>
/// <param name="Why">The reason for that.</param>
/// <param name="Factor">Id of the factor that must have won.</param>
/// <param name="By">The step of the selection that must have decided.</param>
internal sealed record ExampleResult(
    string Step, string Printed, string Unit, string? Precision, string? Computed, string? Why, string? Factor, SelectionStep? By);
