using OffGridFlow.Core.Imports.Sheets;
using OffGridFlow.Infrastructure.ActivityData;
using OffGridFlow.Infrastructure.Imports.Sheets.Reading;

namespace OffGridFlow.Infrastructure.Imports.Sheets.Interpreting;

/// <summary>One entry while it is read.</summary>
/// <param name="readAs">Where given, gets what cells are taken for, by column, where that is another text.</param>
internal sealed class EntryReading(SheetReader row, SheetColumnUse? use, Dictionary<int, (string Text, bool IsFixed)>? readAs)
{
    public SheetReader Row => row;

    public SheetColumnUse? Use => use;

    public int Column => use?.Column ?? -1;

    public List<SheetFault> Faults { get; } = [];

    public EntrySite? Site { get; set; }

    public bool IsFixed { get; set; }

    public bool IsTotal { get; set; }

    /// <summary>Somebody looks at what cells are taken for.</summary>
    public bool IsShown => readAs is not null;

    public bool Has(SheetField field) => Faults.Exists(fault => fault.Field == field);

    public void Show(int column, string text, bool isFixed)
    {
        if (readAs is not null)
        {
            readAs[column] = (SheetCells.Shown(text), isFixed || (readAs.TryGetValue(column, out var before) && before.IsFixed));
        }
    }
}
