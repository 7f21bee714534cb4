using System.Globalization;
using OffGridFlow.Core.Quantities;

namespace OffGridFlow.Core.ActivityData;

/// <summary>
/// A way to work out the quantity of an entry (<c>docs/methods/scope3-worksheets.md</c>): each line is the product of its fields, the lines are added up, the sum is
/// multiplied by the fields of the head. Divisors divide, percentages count as hundredths, optional fields that are empty are left out.
/// </summary>
/// <param name="Key">Stable, e.g. <c>commuting-survey</c>.</param>
/// <param name="Formula">In words, as it is printed.</param>
/// <param name="Groups">Names of the groups of units that an entry with it may be counted in; empty: any.</param>
/// <param name="Categories">Scope 3 categories that it is for; empty: any.</param>
/// <param name="Head">Fields that are given once.</param>
/// <param name="Line">Fields of each line; empty: the method has no lines.</param>
public sealed partial record WorksheetMethod(
    string Key, string Name, string Formula, IReadOnlyList<string> Groups, IReadOnlyList<int> Categories, IReadOnlyList<WorksheetField> Head, IReadOnlyList<WorksheetField> Line)
{
    /// <summary>More lines than this are no worksheet but a file.</summary>
    public const int MostLines = 200;

    private const decimal MostValue = 1_000_000_000_000_000m;

    /// <summary>Pairs of a part and its whole: the part is never more.</summary>
    private static readonly (string Part, string Whole)[] Shares = [("ours", "all"), ("area", "totalArea"), ("outstanding", "value"), ("respondents", "employees"), ("sampled", "franchises")];

    /// <summary>The quantity in the unit of the entry, with each step; or what is wrong, all of it.</summary>
    public WorksheetOutcome Compute(Worksheet worksheet, Unit unit, UnitTable units)
    {
        var work = new Work(this, unit, units);
        work.Check(worksheet);
        if (work.Faults.Count == 0)
        {
            try
            {
                work.Steps(worksheet);
            }
            catch (QuantityOverflowException exception)
            {
                work.Faults.Add(new WorksheetFault("worksheet-too-large", "", exception.Message));
            }
        }

        return work.Faults.Count > 0 ? new WorksheetOutcome(0, [], work.Faults) : new WorksheetOutcome(work.Chain[^1].Result, work.Chain, []);
    }

    /// <summary>The same with the entry's unit written beside each amount that has none, so that it means the same when the entry is counted in another unit.</summary>
    public Worksheet InUnit(Worksheet worksheet, Unit unit)
    {
        WorksheetInput Named(WorksheetInput input, IReadOnlyList<WorksheetField> fields) =>
            string.IsNullOrWhiteSpace(input.Unit) && fields.Any(field => field.Name == input.Name && field.Kind == WorksheetKind.Amount) ? input with { Unit = unit.Symbol } : input;

        return worksheet with
        {
            Inputs = [.. worksheet.Inputs.Select(input => Named(input, Head))],
            Lines = [.. worksheet.Lines.Select(line => line with { Inputs = [.. line.Inputs.Select(input => Named(input, Line))] })],
        };
    }

    /// <summary>One computation.</summary>
    private sealed class Work(WorksheetMethod method, Unit unit, UnitTable units)
    {
        public List<WorksheetFault> Faults { get; } = [];

        public List<NamedStep> Chain { get; } = [];

        public void Check(Worksheet worksheet)
        {
            if (method.Groups.Count > 0 && !method.Groups.Contains(unit.Group.Name))
            {
                Fault("worksheet-unit", "", $"{method.Name} gives {string.Join(" or ", method.Groups)}; the entry is counted in {unit}. Choose another method, or an activity type that is counted so.");
            }

            Check(worksheet.Inputs, method.Head, "");
            if (method.Line.Count == 0 && worksheet.Lines.Count > 0)
            {
                Fault("worksheet-lines", "lines", $"{method.Name} has no lines. Leave them out.");
            }

            if (method.Line.Count > 0 && worksheet.Lines.Count is 0 or > MostLines)
            {
                Fault("worksheet-lines", "lines", string.Create(CultureInfo.InvariantCulture, $"Enter at least one line and at most {MostLines}."));
            }

            foreach (var line in method.Line.Count == 0 ? [] : worksheet.Lines)
            {
                Check(line.Inputs, method.Line, string.IsNullOrWhiteSpace(line.Name) ? " of a line" : $" of {line.Name}");
            }

            var currencies = worksheet.Inputs.Concat(worksheet.Lines.SelectMany(line => line.Inputs)).Where(input => KindOf(input.Name) == WorksheetKind.Money)
                .Select(input => input.Unit ?? "").Distinct().ToList();
            if (currencies.Count > 1 || currencies.Exists(currency => !units.TryFind(currency, out var money) || money.Group.Money is null))
            {
                Fault("worksheet-currency", "", "Give all amounts of money in one currency, with its three letters as the unit, for example EUR.");
            }

            method.CheckMore(worksheet, Fault);
        }

        private void Fault(string code, string field, string message) => Faults.Add(new WorksheetFault(code, field, message));

        private WorksheetKind? KindOf(string name) => method.Head.Concat(method.Line).FirstOrDefault(field => field.Name == name)?.Kind;

        private void Check(IReadOnlyList<WorksheetInput> inputs, IReadOnlyList<WorksheetField> fields, string where)
        {
            foreach (var input in inputs.Where(input => !fields.Any(field => field.Name == input.Name)))
            {
                Fault("worksheet-input-unknown", input.Name, $"{method.Name} has no field “{input.Name}”{where}. Its fields are {string.Join(", ", fields.Select(field => field.Name))}.");
            }

            foreach (var field in fields)
            {
                var given = inputs.Where(input => input.Name == field.Name).ToList();
                if (given.Count > 1 || (given.Count == 0 && field.IsRequired))
                {
                    Fault("worksheet-input-missing", field.Name, given.Count > 1 ? $"{field.Label}{where} is given twice. Keep one." : $"{field.Label}{where} is missing. Fill it in.");
                }
                else if (given.Count == 1)
                {
                    Check(given[0], field, where);
                }
            }

            foreach (var (part, whole) in Shares)
            {
                if (inputs.FirstOrDefault(input => input.Name == part) is { } less && inputs.FirstOrDefault(input => input.Name == whole) is { } more && less.Value > more.Value)
                {
                    Fault("worksheet-share", part, $"{LabelOf(fields, part)}{where} is more than {LabelOf(fields, whole).ToLowerInvariant()}. Exchange or correct them.");
                }
            }
        }

        private static string LabelOf(IReadOnlyList<WorksheetField> fields, string name) => fields.First(field => field.Name == name).Label;

        private void Check(WorksheetInput input, WorksheetField field, string where)
        {
            if (input.Value < 0 || input.Value >= MostValue || (field.IsDivisor && input.Value == 0))
            {
                Fault("worksheet-input-value", field.Name, field.IsDivisor ? $"{field.Label}{where} is above zero: the result is divided by it." : $"{field.Label}{where} is zero or more, and below a quadrillion.");
            }
            else if (field.Kind == WorksheetKind.Percent && input.Value > 100)
            {
                Fault("worksheet-input-value", field.Name, $"{field.Label}{where} is a percentage, 0 to 100.");
            }

            if (field.NeedsSource && string.IsNullOrWhiteSpace(input.Source))
            {
                Fault("worksheet-source", field.Name, $"{field.Label}{where} is somebody else’s figure. Say who reports it and where.");
            }

            if (field.Kind == WorksheetKind.Amount && input.Unit is not null && (!units.TryFind(input.Unit, out var known) || !Leads(known, unit)))
            {
                Fault("worksheet-unit", field.Name, $"{field.Label}{where} is in {input.Unit}; the entry is counted in {unit}. Give it in {unit} or a unit that converts to it.");
            }
        }

        public void Steps(Worksheet worksheet)
        {
            var lines = worksheet.Lines.Select((line, index) => Multiply(NameOf(line, index), Taken(line.Inputs, method.Line), unit.Symbol)).ToList();
            var product = new List<StepOperand>();
            if (lines.Count == 1)
            {
                product.Add(lines[0]);
            }
            else if (lines.Count > 1)
            {
                product.Add(Add("Sum of the lines", lines, unit.Symbol));
            }

            product.AddRange(method.Sums(worksheet, this));
            product.AddRange(Taken(worksheet.Inputs, [.. method.Head.Where(field => !method.Summed.Contains(field.Name))]));
            if (product.Count > 1 || product[0].Step is null)
            {
                Multiply(method.Name, product, unit.Symbol);
            }
        }

        /// <summary>The operands of the fields that are given, amounts in the unit of the entry.</summary>
        public List<StepOperand> Taken(IReadOnlyList<WorksheetInput> inputs, IReadOnlyList<WorksheetField> fields)
        {
            var taken = new List<StepOperand>();
            foreach (var field in fields)
            {
                if (inputs.FirstOrDefault(input => input.Name == field.Name) is not { } input)
                {
                    continue;
                }

                var operand = new StepOperand(field.Label, input.Value, input.Unit ?? (field.Kind == WorksheetKind.Amount ? unit.Symbol : field.Kind == WorksheetKind.Percent ? "%" : ""), input.Source, IsInverse: field.IsDivisor);
                taken.Add(field.Kind == WorksheetKind.Amount && input.Unit is { } symbol && units.TryFind(symbol, out var known) && known.Factor != unit.Factor
                    ? InUnit(operand, known) : operand);
                if (field.Kind == WorksheetKind.Percent)
                {
                    taken.Add(new StepOperand("Percent", 100m, "%", IsInverse: !field.IsDivisor));
                }
            }

            return taken;
        }

        private StepOperand InUnit(StepOperand operand, Unit from) => Multiply(
            $"{operand.Name} in {unit.Symbol}",
            [operand with { IsInverse = false }, new StepOperand($"One {from.Symbol}", from.Factor, unit.Group.Name), new StepOperand($"One {unit.Symbol}", unit.Factor, unit.Group.Name, IsInverse: true)],
            unit.Symbol) with { IsInverse = operand.IsInverse };

        public StepOperand Multiply(string name, IReadOnlyList<StepOperand> operands, string symbol) => Step(NamedStep.Of(name, StepOperation.Product, symbol, operands));

        public StepOperand Add(string name, IReadOnlyList<StepOperand> operands, string symbol) => Step(NamedStep.Of(name, StepOperation.Sum, symbol, operands));

        private StepOperand Step(NamedStep step)
        {
            Chain.Add(step);
            return new StepOperand(step.Name, step.Result, step.Unit, Step: Chain.Count - 1);
        }

        private static string NameOf(WorksheetLine line, int index) =>
            string.IsNullOrWhiteSpace(line.Name) ? string.Create(CultureInfo.InvariantCulture, $"Line {index + 1}") : line.Name.Trim();

        /// <summary>A kilometer that one person or one vehicle goes is a kilometer of the one or the other.</summary>
        private static bool Leads(Unit from, Unit to) => from.Group == to.Group
            || (from.Group.Name == "distance" && to.Group.Name is "passenger-distance" or "vehicle-distance");
    }
}
