namespace OffGridFlow.Core.Quantities;

/// <summary>What a named step does with its operands.</summary>
public enum StepOperation
{
    /// <summary>Adds them; those that are inverse are subtracted.</summary>
    Sum,

    /// <summary>Multiplies them; by those that are inverse it divides.</summary>
    Product,
}

/// <summary>A number that a step takes.</summary>
/// <param name="Name">What it is, in words.</param>
/// <param name="Unit">Symbol of a unit, or what it counts; empty for a bare number.</param>
/// <param name="Source">Who says so; null for the result of an earlier step and for what follows from a definition.</param>
/// <param name="Step">Place of the earlier step, from 0, whose result it is; null for a number from outside.</param>
/// <param name="IsInverse">Subtracted in a sum, a divisor in a product.</param>
public sealed record StepOperand(string Name, decimal Value, string Unit, string? Source = null, int? Step = null, bool IsInverse = false);

/// <summary>
/// One step from numbers to a number, kept with all it takes: exact, then rounded once (<c>docs/methods/rounding.md</c>). A chain of them is replayed
/// without anything else, here and by <c>docs/methods/verify_evidence.py</c>.
/// </summary>
public sealed record NamedStep(string Name, StepOperation Operation, IReadOnlyList<StepOperand> Operands, decimal Result, string Unit)
{
    /// <summary>The sum or the product of the operands.</summary>
    /// <exception cref="DivideByZeroException">A divisor is zero.</exception>
    /// <exception cref="QuantityOverflowException">The result has more than 16 digits before the point.</exception>
    public static NamedStep Of(string name, StepOperation operation, string unit, params IReadOnlyList<StepOperand> operands) =>
        new(name, operation, operands, Compute(operation, operands), unit);

    /// <summary>Whether each step gives its digits, and takes from earlier ones what they gave; an empty chain does.</summary>
    /// <param name="first">What the first operand of the first step has to be; null: whatever it is.</param>
    /// <param name="last">What the last step has to give.</param>
    public static bool Replays(IReadOnlyList<NamedStep> steps, decimal? first, decimal last)
    {
        for (var i = 0; i < steps.Count; i++)
        {
            var step = steps[i];
            if (step.Operands.Any(operand => operand.Step is { } place && (place < 0 || place >= i || steps[place].Result != operand.Value))
                || Compute(step.Operation, step.Operands) != step.Result)
            {
                return false;
            }
        }

        return steps.Count == 0 || ((first is null || steps[0].Operands[0].Value == first) && steps[^1].Result == last);
    }

    private static decimal Compute(StepOperation operation, IReadOnlyList<StepOperand> operands) => operation == StepOperation.Sum
        ? Exact.Round(operands.Sum(operand => operand.IsInverse ? -operand.Value : operand.Value))
        : Exact.Quotient(operands.Where(operand => !operand.IsInverse).Select(operand => operand.Value), operands.Where(operand => operand.IsInverse).Select(operand => operand.Value));
}
