using System.Globalization;
using System.Text;
using System.Text.Json.Serialization;
using OffGridFlow.Core.Quantities;

namespace OffGridFlow.Core.ActivityData;

/// <summary>A number that somebody put into a worksheet.</summary>
/// <param name="Name">A field of the method, e.g. <c>distance</c>.</param>
/// <param name="Unit">Symbol; null where the field has none, or is counted in the unit of the entry.</param>
/// <param name="Source">Where the number is from.</param>
public sealed record WorksheetInput(string Name, [property: JsonRequired] decimal Value, string? Unit = null, string? Source = null);

/// <summary>What is multiplied before it is added up: a group of respondents, a product, a franchise.</summary>
/// <param name="Name">As people call it.</param>
public sealed record WorksheetLine(string? Name, IReadOnlyList<WorksheetInput>? Inputs)
{
    public IReadOnlyList<WorksheetInput> Inputs { get; init; } = [.. (Inputs ?? []).OfType<WorksheetInput>()];
}

/// <summary>How the quantity of an entry came about, by a method with named inputs. The arithmetic is in <see cref="WorksheetMethod"/>.</summary>
/// <param name="Method">Key of a method, e.g. <c>commuting-survey</c>.</param>
/// <param name="Inputs">What holds for all lines.</param>
/// <param name="Lines">Empty for methods without lines.</param>
/// <param name="Choices">What is chosen from a list, by its name, e.g. <c>option</c> of PCAF.</param>
public sealed record Worksheet(
    string Method, IReadOnlyList<WorksheetInput>? Inputs, IReadOnlyList<WorksheetLine>? Lines = null, IReadOnlyDictionary<string, string>? Choices = null)
{
    public string Method { get; init; } = Method ?? "";

    public IReadOnlyList<WorksheetInput> Inputs { get; init; } = [.. (Inputs ?? []).OfType<WorksheetInput>()];

    public IReadOnlyList<WorksheetLine> Lines { get; init; } = [.. (Lines ?? []).OfType<WorksheetLine>()];

    public IReadOnlyDictionary<string, string> Choices { get; init; } = Choices ?? new Dictionary<string, string>();

    /// <summary>The head's own input of a name; null where it is not given.</summary>
    public WorksheetInput? Find(string name) => Inputs.FirstOrDefault(input => input.Name == name);

    /// <summary>Two worksheets are the same when they say the same, in the same order.</summary>
    public bool Equals(Worksheet? other) => other is not null && ToText() == other.ToText();

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(ToText());

    /// <summary>On one line, for a history of changes: method, inputs, lines, choices.</summary>
    public string ToText()
    {
        var text = new StringBuilder(Method);
        Write(text, Inputs);
        foreach (var line in Lines)
        {
            text.Append(CultureInfo.InvariantCulture, $"; [{line.Name}]");
            Write(text, line.Inputs);
        }

        foreach (var (name, value) in Choices.OrderBy(choice => choice.Key, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"; {name}: {value}");
        }

        return text.ToString();
    }

    private static void Write(StringBuilder text, IReadOnlyList<WorksheetInput> inputs)
    {
        foreach (var input in inputs)
        {
            text.Append(CultureInfo.InvariantCulture, $"; {input.Name} {input.Value:0.############################}");
            if (input.Unit is not null)
            {
                text.Append(' ').Append(input.Unit);
            }

            if (input.Source is not null)
            {
                text.Append(" (").Append(input.Source).Append(')');
            }
        }
    }
}

/// <summary>What a field of a worksheet counts.</summary>
public enum WorksheetKind
{
    /// <summary>A bare number: people, days, pieces.</summary>
    Number,

    /// <summary>0 to 100.</summary>
    Percent,

    /// <summary>In the unit of the entry, or another of its group: distance, energy, mass, emissions, money.</summary>
    Amount,

    /// <summary>In a currency; all fields of money in one worksheet are in the same.</summary>
    Money,
}

/// <summary>A field that a method asks for.</summary>
/// <param name="Label">For people, in sentence case.</param>
/// <param name="IsDivisor">The product is divided by it; it is above zero then.</param>
/// <param name="NeedsSource">Somebody else's figure: who says so belongs to it.</param>
public sealed record WorksheetField(string Name, string Label, WorksheetKind Kind, bool IsRequired = true, bool IsDivisor = false, bool NeedsSource = false);

/// <summary>Why a worksheet gives no quantity.</summary>
/// <param name="Code">Stable, e.g. <c>worksheet-input-missing</c>.</param>
/// <param name="Field">Field of the method; empty for the worksheet as a whole.</param>
/// <param name="Message">What is wrong and how to mend it.</param>
public sealed record WorksheetFault(string Code, string Field, string Message);

/// <param name="Steps">The last one gives <paramref name="Quantity"/>; empty with faults.</param>
/// <param name="Quantity">In the unit of the entry.</param>
public sealed record WorksheetOutcome(decimal Quantity, IReadOnlyList<NamedStep> Steps, IReadOnlyList<WorksheetFault> Faults);
