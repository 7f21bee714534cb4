using System.Globalization;

namespace OffGridFlow.Core.Imports.Sheets;

/// <summary>What a cell of a spreadsheet holds.</summary>
public enum SheetCellKind
{
    Empty,
    Text,

    /// <summary>A number as a number: no locale can change it.</summary>
    Number,

    /// <summary>A number that the sheet shows as a day.</summary>
    Day,
    Boolean,

    /// <summary>An error such as <c>#N/A</c>.</summary>
    Error,

    /// <summary>A formula whose result the file does not hold.</summary>
    NotCalculated,

    /// <summary>A text longer than any spreadsheet program writes; only its beginning is kept.</summary>
    TooLong,
}

/// <summary>A cell as it stands in the file.</summary>
/// <param name="Text">As the file has it; of a number with a decimal point, of a day as yyyy-MM-dd where it is one.</param>
/// <param name="Day">Of <see cref="SheetCellKind.Day"/>; null where the number is no day.</param>
/// <param name="IsMerged">It lies in merged cells and repeats what stands in the first of them.</param>
public readonly record struct SheetCell(SheetCellKind Kind, string Text, DateOnly? Day = null, bool IsMerged = false)
{
    public static readonly SheetCell Nothing = new(SheetCellKind.Empty, "");

    public bool IsBlank => Kind == SheetCellKind.Empty || (Kind == SheetCellKind.Text && string.IsNullOrWhiteSpace(Text));

    public static SheetCell Of(string text) => text.Length == 0 ? Nothing : new SheetCell(SheetCellKind.Text, SheetText.Clean(text));

    public static SheetCell Of(decimal number) => new(SheetCellKind.Number, number.ToString(CultureInfo.InvariantCulture));
}

/// <summary>Texts that a database and JSON can hold.</summary>
public static class SheetText
{
    /// <summary>Without NUL characters and halves of surrogate pairs, which files can hold and nothing else can: each becomes U+FFFD.</summary>
    public static string Clean(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.AsSpan().IndexOf('\0') < 0 && text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0)
        {
            return text;
        }

        var clean = text.ToCharArray();
        for (var i = 0; i < clean.Length; i++)
        {
            if (char.IsHighSurrogate(clean[i]) && i + 1 < clean.Length && char.IsLowSurrogate(clean[i + 1]))
            {
                i++;
            }
            else if (clean[i] == '\0' || char.IsSurrogate(clean[i]))
            {
                clean[i] = '\uFFFD';
            }
        }

        return new string(clean);
    }

    /// <summary>The beginning, never half a character.</summary>
    public static string Cut(string text, int longest)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length <= longest ? text : text[..(char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest)];
    }
}

/// <summary>Names of columns as spreadsheets write them.</summary>
public static class SheetColumns
{
    /// <summary>0 is A, 26 is AA.</summary>
    public static string LetterOf(int column)
    {
        var text = "";
        for (var rest = column + 1; rest > 0; rest = (rest - 1) / 26)
        {
            text = (char)('A' + ((rest - 1) % 26)) + text;
        }

        return text;
    }

    /// <summary>The column of a reference such as <c>AB12</c>; -1 where it is none.</summary>
    public static int ColumnOf(ReadOnlySpan<char> reference)
    {
        var column = 0;
        foreach (var letter in reference)
        {
            if (letter is >= 'A' and <= 'Z' && column < 100_000)
            {
                column = (column * 26) + letter - 'A' + 1;
            }
            else
            {
                break;
            }
        }

        return column - 1;
    }
}
