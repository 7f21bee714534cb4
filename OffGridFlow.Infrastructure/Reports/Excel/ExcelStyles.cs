using DocumentFormat.OpenXml.Spreadsheet;
using CellStyle = OffGridFlow.Core.Reports.CellStyle;

namespace OffGridFlow.Infrastructure.Reports.Excel;

/// <summary>Fonts, fills, borders and number formats of a workbook. Each style is there twice: plain, and with the quote prefix for texts that look like formulas.</summary>
internal static class ExcelStyles
{
    private const string Ink = "FF1A1D21";
    private const string Quiet = "FF646A73";
    private const string Accent = "FF0B6570";
    private const string HeadFill = "FFE2EFEF";
    private const string TotalFill = "FFF4F2EE";
    private const string WarningInk = "FF8A5A00";
    private const string WarningFill = "FFFBF0D9";
    private const string Rule = "FF7FB4B9";

    private const uint FirstNumberFormat = 164;

    /// <summary>One that every program knows: text.</summary>
    private const uint TextFormat = 49;

    // A figure that is not zero must not read like zero. The third part is for zero and for negative numbers, which keep their minus.
    private const string AmountFormat = "[>=0.0005]#,##0.000;[>0]\"< 0.001\";#,##0.000";
    private const string MoneyFormat = "[>=0.005]#,##0.00;[>0]0.0000##;#,##0.00";
    private const string PercentFormat = "[>=0.0005]0.0%;[>0]\"< 0.1%\";0.0%";
    private static readonly string[] NumberFormats = ["yyyy\\-mm", "yyyy\\-mm\\-dd\\ hh:mm:ss", "#,##0", AmountFormat, MoneyFormat, PercentFormat, "yyyy\\-mm\\-dd"];
    private static readonly int Styles = Enum.GetValues<CellStyle>().Length;

    /// <summary>The number by which a cell refers to its style.</summary>
    public static int IndexOf(CellStyle style, bool quoted) => (int)style + (quoted ? Styles : 0);

    public static Stylesheet Build()
    {
        var formats = new CellFormats();
        foreach (var quoted in new[] { false, true })
        {
            foreach (var style in Enum.GetValues<CellStyle>())
            {
                formats.Append(FormatOf(style, quoted));
            }
        }

        return new Stylesheet(
            new NumberingFormats(NumberFormats.Select((code, index) => new NumberingFormat { NumberFormatId = FirstNumberFormat + (uint)index, FormatCode = code })),
            new Fonts(
                Font(11, Ink), Font(18, Ink, bold: true), Font(12, Accent, bold: true), Font(11, Quiet), Font(11, WarningInk, bold: true),
                Font(11, Ink, bold: true), Font(11, Accent, underline: true)),
            new Fills(
                new Fill(new PatternFill { PatternType = PatternValues.None }), new Fill(new PatternFill { PatternType = PatternValues.Gray125 }),
                Fill(HeadFill), Fill(TotalFill), Fill(WarningFill)),
            new Borders(new Border(new LeftBorder(), new RightBorder(), new TopBorder(), new BottomBorder(), new DiagonalBorder()), UnderlinedBorder()),
            new CellStyleFormats(new CellFormat { NumberFormatId = 0, FontId = 0, FillId = 0, BorderId = 0 }),
            formats,
            new CellStyles(new DocumentFormat.OpenXml.Spreadsheet.CellStyle { Name = "Normal", FormatId = 0, BuiltinId = 0 }));
    }

    private static CellFormat FormatOf(CellStyle style, bool quoted)
    {
        var format = style switch
        {
            CellStyle.Title => Format(font: 1),
            CellStyle.Section => Format(font: 2),
            CellStyle.Label => Format(font: 3),
            CellStyle.Warning => Format(font: 4, fill: 4),
            CellStyle.Head => Format(font: 5, fill: 2, border: 1),
            CellStyle.HeadRight => Format(font: 5, fill: 2, border: 1),
            CellStyle.Link => Format(font: 6),
            CellStyle.Month => Format(number: 0),
            CellStyle.Instant => Format(number: 1),
            CellStyle.Count => Format(number: 2),
            CellStyle.Amount => Format(number: 3),
            CellStyle.Money => Format(number: 4),
            CellStyle.Percent => Format(number: 5),
            CellStyle.TotalText => Format(font: 5, fill: 3),
            CellStyle.TotalCount => Format(font: 5, fill: 3, number: 2),
            CellStyle.TotalAmount => Format(font: 5, fill: 3, number: 3),
            CellStyle.TotalMoney => Format(font: 5, fill: 3, number: 4),
            CellStyle.TotalPercent => Format(font: 5, fill: 3, number: 5),
            CellStyle.Day => Format(number: 6),
            CellStyle.Literal => new CellFormat { NumberFormatId = TextFormat, ApplyNumberFormat = true, FontId = 0, FillId = 0, BorderId = 0, FormatId = 0 },
            _ => Format(),
        };
        format.Alignment = AlignmentOf(style);
        format.ApplyAlignment = format.Alignment is not null ? true : null;
        format.QuotePrefix = quoted ? true : null;
        return format;
    }

    private static Alignment? AlignmentOf(CellStyle style) => style switch
    {
        CellStyle.Wrapped => new Alignment { WrapText = true, Vertical = VerticalAlignmentValues.Top },
        CellStyle.Head => new Alignment { WrapText = true, Vertical = VerticalAlignmentValues.Bottom },
        CellStyle.HeadRight => new Alignment { WrapText = true, Vertical = VerticalAlignmentValues.Bottom, Horizontal = HorizontalAlignmentValues.Right, Indent = 1 },
        CellStyle.Label => new Alignment { Vertical = VerticalAlignmentValues.Top },
        CellStyle.Month or CellStyle.Instant or CellStyle.Day => new Alignment { Horizontal = HorizontalAlignmentValues.Left },
        // Words in the place of a figure (“no data”) stand where the figure would. Indented, so that a figure does not touch the text beside it.
        CellStyle.Count or CellStyle.Amount or CellStyle.Money or CellStyle.Percent or CellStyle.TotalCount or CellStyle.TotalAmount or CellStyle.TotalMoney
            or CellStyle.TotalPercent => new Alignment { Horizontal = HorizontalAlignmentValues.Right, Indent = 1 },
        _ => null,
    };

    private static CellFormat Format(uint font = 0, uint fill = 0, uint border = 0, int number = -1) => new()
    {
        NumberFormatId = number < 0 ? 0 : FirstNumberFormat + (uint)number,
        ApplyNumberFormat = number < 0 ? null : true,
        FontId = font,
        ApplyFont = font == 0 ? null : true,
        FillId = fill,
        ApplyFill = fill == 0 ? null : true,
        BorderId = border,
        ApplyBorder = border == 0 ? null : true,
        FormatId = 0,
    };

    private static Font Font(double size, string color, bool bold = false, bool underline = false)
    {
        var font = new Font();
        if (bold)
        {
            font.Append(new Bold());
        }

        if (underline)
        {
            font.Append(new Underline());
        }

        font.Append(new FontSize { Val = size }, new Color { Rgb = color }, new FontName { Val = "Calibri" }, new FontFamilyNumbering { Val = 2 });
        return font;
    }

    private static Fill Fill(string color) =>
        new(new PatternFill(new ForegroundColor { Rgb = color }, new BackgroundColor { Indexed = 64 }) { PatternType = PatternValues.Solid });

    private static Border UnderlinedBorder() => new(
        new LeftBorder(), new RightBorder(), new TopBorder(), new BottomBorder(new Color { Rgb = Rule }) { Style = BorderStyleValues.Thin }, new DiagonalBorder());
}
