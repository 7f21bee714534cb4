using System.Globalization;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Spreadsheet;
using OffGridFlow.Core.Reports;
using ModelCell = OffGridFlow.Core.Reports.Cell;
using ModelSheet = OffGridFlow.Core.Reports.Worksheet;

namespace OffGridFlow.Infrastructure.Reports.Excel;

/// <summary>Writes one sheet row by row. Elements and attributes of cells are made once and used again: a cell costs the text of its value.</summary>
internal sealed class SheetPart(OpenXmlWriter writer, SharedTexts texts)
{
    /// <summary>In points.</summary>
    private const int LineHeight = 15;

    private static readonly DocumentFormat.OpenXml.Spreadsheet.Cell CellElement = new();
    private static readonly Row RowElement = new();
    private static readonly CellValue ValueElement = new();
    private static readonly CellFormula FormulaElement = new();
    private static readonly InlineString InlineElement = new();
    private static readonly Text TextElement = new();
    private static readonly OpenXmlAttribute[] KeepSpaces = [new("xml", "space", "http://www.w3.org/XML/1998/namespace", "preserve")];
    private static readonly OpenXmlAttribute Shared = Attribute("t", "s");
    private static readonly OpenXmlAttribute Inline = Attribute("t", "inlineStr");
    private static readonly OpenXmlAttribute Result = Attribute("t", "str");
    private static readonly OpenXmlAttribute[] Plain = StyleAttributes(quoted: false);
    private static readonly OpenXmlAttribute[] Quoted = StyleAttributes(quoted: true);

    private readonly List<OpenXmlAttribute> _attributes = new(3);
    private string[] _letters = [];
    private IReadOnlyDictionary<int, int> _lines = new Dictionary<int, int>();
    private int _row;

    /// <param name="selected">True for the sheet that is in front when the file is opened.</param>
    public void Begin(ModelSheet sheet, bool selected)
    {
        _lines = sheet.RowLines;
        _letters = Enumerable.Range(0, sheet.ColumnWidths.Count).Select(Formulas.Column).ToArray();
        writer.WriteStartDocument(standalone: true);
        writer.WriteStartElement(new DocumentFormat.OpenXml.Spreadsheet.Worksheet());
        writer.WriteElement(new SheetProperties(new PageSetupProperties { FitToPage = true }));
        writer.WriteElement(new SheetViews(View(sheet, selected)));
        writer.WriteElement(new SheetFormatProperties { DefaultRowHeight = LineHeight });
        writer.WriteElement(new Columns(sheet.ColumnWidths.Select((width, index) => new Column
        {
            Min = (uint)index + 1, Max = (uint)index + 1, Width = width, CustomWidth = true,
            Style = sheet.ColumnStyles.TryGetValue(index, out var style) ? (uint)ExcelStyles.IndexOf(style, quoted: false) : null,
        })));
        writer.WriteStartElement(new SheetData());
    }

    /// <exception cref="InvalidOperationException">The sheet is full, or the row is wider than the sheet.</exception>
    public void Write(ReadOnlySpan<ModelCell> cells)
    {
        if (_row == ExcelWriter.MostRows || cells.Length > _letters.Length)
        {
            throw new InvalidOperationException($"A sheet holds {ExcelWriter.MostRows} rows of the columns it was declared with; the model asks for more.");
        }

        var number = (++_row).ToString(CultureInfo.InvariantCulture);
        _attributes.Clear();
        _attributes.Add(Attribute("r", number));
        if (_lines.TryGetValue(_row, out var lines))
        {
            _attributes.Add(Attribute("ht", (lines * LineHeight).ToString(CultureInfo.InvariantCulture)));
            _attributes.Add(Attribute("customHeight", "1"));
        }

        writer.WriteStartElement(RowElement, _attributes);
        for (var column = 0; column < cells.Length; column++)
        {
            Write(cells[column], _letters[column] + number);
        }

        writer.WriteEndElement();
    }

    public void End(ModelSheet sheet)
    {
        writer.WriteEndElement();
        if (sheet.HeadRow is { } head)
        {
            writer.WriteElement(new AutoFilter { Reference = FilterRange(sheet, head) });
        }

        if (sheet.Rules.Count > 0)
        {
            writer.WriteElement(new DataValidations(sheet.Rules.Select(RuleElement)) { Count = (uint)sheet.Rules.Count });
        }

        writer.WriteElement(new PageMargins { Left = 0.5, Right = 0.5, Top = 0.6, Bottom = 0.6, Header = 0.3, Footer = 0.3 });
        writer.WriteElement(new PageSetup { PaperSize = 9, Orientation = OrientationValues.Landscape, FitToWidth = 1, FitToHeight = 0 });
        writer.WriteElement(new HeaderFooter(new OddFooter("&L&A&RPage &P of &N")));
        writer.WriteEndElement();
    }

    /// <summary>E.g. <c>A2:Z90</c>.</summary>
    public static string FilterRange(ModelSheet sheet, int head) =>
        $"{Formulas.Address(0, head)}:{Formulas.Address(sheet.ColumnWidths.Count - 1, Math.Max(head, sheet.LastRow))}";

    private void Write(in ModelCell cell, string address)
    {
        if (cell is { Kind: CellKind.Empty, Style: Core.Reports.CellStyle.Text })
        {
            return;
        }

        _attributes.Clear();
        _attributes.Add(Attribute("r", address));
        switch (cell.Kind)
        {
            case CellKind.Empty:
                Start(cell);
                break;
            case CellKind.Number:
                Start(cell);
                Leaf(ValueElement, Digits(cell.Number));
                break;
            case CellKind.NumberFormula:
                Start(cell);
                Leaf(FormulaElement, cell.FormulaText!);
                Leaf(ValueElement, Digits(cell.Number));
                break;
            case CellKind.TextFormula:
                _attributes.Add(Result);
                Start(cell);
                Leaf(FormulaElement, cell.FormulaText!);
                Leaf(ValueElement, ExcelText.Escape(cell.Text!));
                break;
            default:
                WriteText(cell, ExcelText.Cut(cell.Text!));
                break;
        }

        writer.WriteEndElement();
    }

    private void WriteText(in ModelCell cell, string text)
    {
        var quoted = ExcelText.LooksLikeFormula(text);
        if (cell.Kind == CellKind.Text && texts.NumberOf(text) is { } shared)
        {
            _attributes.Add(Shared);
            Start(cell, quoted);
            Leaf(ValueElement, shared.ToString(CultureInfo.InvariantCulture));
            return;
        }

        _attributes.Add(Inline);
        Start(cell, quoted);
        writer.WriteStartElement(InlineElement);
        writer.WriteStartElement(TextElement, KeepSpaces);
        writer.WriteString(ExcelText.Escape(text));
        writer.WriteEndElement();
        writer.WriteEndElement();
    }

    private void Start(in ModelCell cell, bool quoted = false)
    {
        _attributes.Add((quoted ? Quoted : Plain)[(int)cell.Style]);
        writer.WriteStartElement(CellElement, _attributes);
    }

    private void Leaf(OpenXmlElement element, string text)
    {
        writer.WriteStartElement(element);
        writer.WriteString(text);
        writer.WriteEndElement();
    }

    /// <summary>All digits of the ledger; the reader keeps the 15 that a cell holds.</summary>
    private static string Digits(decimal value) => value.ToString("0.############################", CultureInfo.InvariantCulture);

    private static SheetView View(ModelSheet sheet, bool selected)
    {
        var view = new SheetView { WorkbookViewId = 0, ShowGridLines = sheet.GridLines, TabSelected = selected };
        if (sheet.FrozenRows > 0 || sheet.FrozenColumns > 0)
        {
            var corner = sheet switch
            {
                { FrozenColumns: 0 } => PaneValues.BottomLeft,
                { FrozenRows: 0 } => PaneValues.TopRight,
                _ => PaneValues.BottomRight,
            };
            view.Append(new Pane
            {
                HorizontalSplit = sheet.FrozenColumns == 0 ? null : sheet.FrozenColumns,
                VerticalSplit = sheet.FrozenRows == 0 ? null : sheet.FrozenRows,
                TopLeftCell = Formulas.Address(sheet.FrozenColumns, sheet.FrozenRows + 1),
                ActivePane = corner,
                State = PaneStateValues.Frozen,
            });
            view.Append(new Selection { Pane = corner });
        }

        return view;
    }

    private static DataValidation RuleElement(CellRule rule) => new(new Formula1(rule.Formula))
    {
        Type = rule.Kind switch
        {
            CellRuleKind.List => DataValidationValues.List,
            CellRuleKind.Day => DataValidationValues.Date,
            CellRuleKind.Number => DataValidationValues.Decimal,
            var other => throw new InvalidOperationException($"No rule is written for {other}."),
        },
        Operator = rule.Kind == CellRuleKind.List ? null : DataValidationOperatorValues.GreaterThanOrEqual,
        ErrorStyle = rule.IsFirm ? null : DataValidationErrorStyleValues.Warning,
        AllowBlank = true,
        ShowInputMessage = true,
        ShowErrorMessage = true,
        PromptTitle = rule.Title,
        Prompt = rule.Prompt,
        ErrorTitle = rule.Title,
        Error = rule.Refusal,
        SequenceOfReferences = new ListValue<StringValue>([$"{Formulas.Address(rule.Column, rule.FirstRow)}:{Formulas.Address(rule.Column, rule.LastRow)}"]),
    };

    private static OpenXmlAttribute[] StyleAttributes(bool quoted) => Enum.GetValues<Core.Reports.CellStyle>()
        .Select(style => Attribute("s", ExcelStyles.IndexOf(style, quoted).ToString(CultureInfo.InvariantCulture))).ToArray();

    private static OpenXmlAttribute Attribute(string name, string value) => new("", name, "", value);
}
