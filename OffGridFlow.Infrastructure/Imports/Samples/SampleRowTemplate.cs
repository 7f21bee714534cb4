using System.Text;

namespace OffGridFlow.Infrastructure.Imports.Samples;

/// <summary>What changes from line to line of one kind.</summary>
internal enum SampleSlot
{
    LineItemId,
    TimeInterval,
    InvoiceId,
    PeriodStart,
    PeriodEnd,
    Account,
    UsageStart,
    UsageEnd,
    Zone,
    Resource,
    Amount,
    NormalizedAmount,
    Cost,
    PublicCost,
    EffectiveCost,
    Tags,
}

/// <summary>
/// One kind's line with all that stays the same already in UTF-8: a line is then a few copies and a few numbers,
/// which is what makes the generator several times faster than the import it is to test.
/// </summary>
internal sealed class SampleRowTemplate
{
    private static readonly Dictionary<string, SampleSlot> Slots = new()
    {
        ["identity/LineItemId"] = SampleSlot.LineItemId,
        ["identity/TimeInterval"] = SampleSlot.TimeInterval,
        ["bill/InvoiceId"] = SampleSlot.InvoiceId,
        ["bill/BillingPeriodStartDate"] = SampleSlot.PeriodStart,
        ["bill/BillingPeriodEndDate"] = SampleSlot.PeriodEnd,
        ["lineItem/UsageAccountId"] = SampleSlot.Account,
        ["lineItem/UsageStartDate"] = SampleSlot.UsageStart,
        ["lineItem/UsageEndDate"] = SampleSlot.UsageEnd,
        ["lineItem/AvailabilityZone"] = SampleSlot.Zone,
        ["lineItem/ResourceId"] = SampleSlot.Resource,
        ["lineItem/UsageAmount"] = SampleSlot.Amount,
        ["lineItem/NormalizedUsageAmount"] = SampleSlot.NormalizedAmount,
        ["lineItem/UnblendedCost"] = SampleSlot.Cost,
        ["lineItem/BlendedCost"] = SampleSlot.Cost,
        ["pricing/publicOnDemandCost"] = SampleSlot.PublicCost,
    };

    private SampleRowTemplate(byte[][] texts, SampleSlot[] slots, byte[] end)
    {
        Texts = texts;
        SlotOrder = slots;
        End = end;
    }

    /// <summary>The text before each slot.</summary>
    public byte[][] Texts { get; }

    public SampleSlot[] SlotOrder { get; }

    /// <summary>The text after the last slot, with the line end.</summary>
    public byte[] End { get; }

    /// <param name="texts">Fixed values by column; a column without one is a slot, or empty.</param>
    /// <param name="costSlots">Columns that are slots for this type of line only.</param>
    public static SampleRowTemplate Compile(string[] columns, bool tags, Dictionary<string, string> texts, Dictionary<string, SampleSlot> costSlots)
    {
        var before = new List<byte[]>();
        var slots = new List<SampleSlot>();
        var text = new StringBuilder();
        void Close(SampleSlot slot)
        {
            before.Add(Encoding.UTF8.GetBytes(text.ToString()));
            slots.Add(slot);
            text.Clear();
        }

        for (var column = 0; column < columns.Length; column++)
        {
            if (column > 0)
                text.Append(',');
            if (texts.TryGetValue(columns[column], out var value))
                text.Append(Quote(value));
            else if (costSlots.TryGetValue(columns[column], out var slot) || Slots.TryGetValue(columns[column], out slot))
                Close(slot);
        }

        if (tags)
        {
            text.Append(',');
            Close(SampleSlot.Tags);
        }

        return new([.. before], [.. slots], Encoding.UTF8.GetBytes(text.Append('\n').ToString()));
    }

    public static string Quote(string value) =>
        value.AsSpan().ContainsAny(",\"\r\n") ? $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : value;
}
