using OffGridFlow.Core.Inventory;
using OffGridFlow.Core.Reports;
using static OffGridFlow.Web.Features.Inventory.Export.ExportCells;

namespace OffGridFlow.Web.Features.Inventory.Export;

/// <summary>The energy ledger: lines that add up to their source and sources to the total, by formulas; then what is beside them, contracts and gaps.</summary>
internal sealed class EnergySheet(EnergyStatement statement)
{
    private const int Amounts = 2;

    private readonly List<ReadOnlyMemory<Cell>> _rows = [];

    public Worksheet Build()
    {
        _rows.Add(Row(Cell.Of("Energy of own operations, MWh at net calorific value", CellStyle.Title)));
        _rows.Add(Row(Cell.Of(Coverage())));
        _rows.Add(ReadOnlyMemory<Cell>.Empty);
        AddConsumption();
        AddBeside();
        AddEvidence();
        AddGaps();
        return new Worksheet { Name = "Energy", ColumnWidths = [52, 46, 18, 18, 18, 18], FrozenColumns = 1, Rows = _rows.ToAsyncEnumerable() };
    }

    private int Next => _rows.Count + 1;

    private string Coverage() => statement.Results == 0
        ? "No fuel and no energy of own operations is in the ledger of these days."
        : FormattableString.Invariant($"{statement.Results - statement.ResultsWithoutFigure} of {statement.Results} results of fuel and energy have a figure; the rest is in no sum. {EnergyWords.Result}");

    private void AddConsumption()
    {
        _rows.Add(new([Cell.Of("Consumption", CellStyle.Head), Cell.Of("Activity type", CellStyle.Head), Cell.Of("MWh", CellStyle.HeadRight), Cell.Of("Share", CellStyle.HeadRight)]));
        var heights = Enum.GetValues<EnergySource>().Select(source => 1 + Parts(source).Count).ToList();
        var totalRow = Next + heights.Sum();
        var sourceRows = new List<int>();
        foreach (var source in Enum.GetValues<EnergySource>())
        {
            var parts = Parts(source);
            sourceRows.Add(Next);
            _rows.Add(Row(
                Cell.Of(EnergyWords.Source(source), CellStyle.TotalText), Cell.Empty(CellStyle.TotalText),
                Sum(Amounts, Next + 1, Next + parts.Count, Mwh(statement.Of(source)), CellStyle.TotalAmount), ShareOf(statement.Of(source), totalRow, CellStyle.TotalPercent)));
            foreach (var (line, part) in parts)
            {
                _rows.Add(Row(Cell.Of(EnergyWords.Line(line)), Cell.Of(part.ActivityType), Amount(part.KilowattHours), ShareOf(part.KilowattHours, totalRow, CellStyle.Percent)));
            }
        }

        _rows.Add(Row(
            Cell.Of("Total", CellStyle.TotalText), Cell.Empty(CellStyle.TotalText),
            Cell.Formula(string.Join('+', sourceRows.Select(row => Formulas.Address(Amounts, row))), Mwh(statement.Total), CellStyle.TotalAmount),
            ShareOf(statement.Total, totalRow, CellStyle.TotalPercent)));
    }

    private List<(EnergyLineKind Line, EnergyPart Part)> Parts(EnergySource source) =>
        [.. statement.Lines.Where(line => line.Source == source).SelectMany(line => line.Parts.Select(part => (line.Kind, part)))];

    private void AddBeside()
    {
        List<(string Name, EnergyPart Part)> parts =
        [
            .. statement.ProducedNonRenewable.Select(part => ("Produced, non-renewable", part)), .. statement.ProducedRenewable.Select(part => ("Produced, renewable", part)),
            .. statement.Sold.Select(part => ("Sold", part)),
        ];
        _rows.Add(ReadOnlyMemory<Cell>.Empty);
        _rows.Add(Row(Cell.Of("Beside the consumption: own production, and energy sold, which is netted against nothing", CellStyle.Section)));
        _rows.Add(new([Cell.Of("What", CellStyle.Head), Cell.Of("Activity type", CellStyle.Head), Cell.Of("MWh", CellStyle.HeadRight)]));
        _rows.AddRange(parts.Select(part => Row(Cell.Of(part.Name), Cell.Of(part.Part.ActivityType), Amount(part.Part.KilowattHours))));
    }

    private void AddEvidence()
    {
        _rows.Add(ReadOnlyMemory<Cell>.Empty);
        _rows.Add(Row(Cell.Of("Evidence of purchased energy", CellStyle.Section)));
        _rows.Add(new([
            Cell.Of("Contract", CellStyle.Head), Cell.Of("What it says", CellStyle.Head), Cell.Of("MWh", CellStyle.HeadRight), Cell.Of("Renewable", CellStyle.HeadRight),
            Cell.Of("Nuclear", CellStyle.HeadRight), Cell.Of("Fossil", CellStyle.HeadRight),
        ]));
        _rows.AddRange(statement.Evidence.Select(evidence => Row(
            Cell.Of(EnergyWords.Evidence(evidence)), Cell.Of(EnergyWords.Says(evidence)), Amount(evidence.KilowattHours), Amount(evidence.RenewableKilowattHours),
            Amount(evidence.NuclearKilowattHours), Amount(evidence.FossilKilowattHours))));
    }

    private void AddGaps()
    {
        _rows.Add(ReadOnlyMemory<Cell>.Empty);
        _rows.Add(Row(Cell.Of("Without a figure", CellStyle.Section)));
        _rows.Add(new([Cell.Of("Activity type", CellStyle.Head), Cell.Of("Why", CellStyle.Head), Cell.Of("Results", CellStyle.HeadRight), Cell.Of("How to mend it", CellStyle.Head)]));
        _rows.AddRange(statement.Gaps.Select(gap => Row(
            Cell.Of(gap.ActivityType), Cell.Of(EnergyWords.Reason(gap.Code)), Cell.Of(gap.Results, CellStyle.Count), Cell.Of(EnergyWords.Mend(gap.Code)))));
    }

    private Cell ShareOf(decimal kilowattHours, int totalRow, CellStyle style) => statement.Total == 0
        ? Cell.Of("–", style)
        : Cell.Formula(FormattableString.Invariant($"{Formulas.Address(Amounts, Next)}/{Formulas.Column(Amounts)}${totalRow}"), kilowattHours / statement.Total, style);

    private static Cell Amount(decimal kilowattHours) => Cell.Of(Mwh(kilowattHours), CellStyle.Amount);

    private static decimal Mwh(decimal kilowattHours) => EnergyWords.MegawattHours(kilowattHours);
}
