using OffGridFlow.Core.ActivityData;

namespace OffGridFlow.Web.Features.ActivityData;

/// <summary>A worksheet as somebody types it: texts, until they are read.</summary>
internal sealed class WorksheetForm(WorksheetMethod? method)
{
    private readonly List<WorksheetGroup> _lines = method is { Line.Count: > 0 } ? [new WorksheetGroup("Line 1", "line-0", method.Line)] : [];
    private readonly WorksheetGroup? _head = method is { Head.Count: > 0 } ? new WorksheetGroup("For all", "head", method.Head) : null;

    /// <summary>Null: the quantity is entered.</summary>
    public WorksheetMethod? Definition => method;

    public string Method => method?.Key ?? "";

    /// <summary>The lines in their order, then what holds for all of them.</summary>
    public IEnumerable<WorksheetGroup> Groups => _head is null ? _lines : _lines.Append(_head);

    public string AssetClass { get; set; } = "";

    public string Score { get; set; } = "";

    public static WorksheetForm Of(Worksheet? worksheet)
    {
        var form = new WorksheetForm(WorksheetMethod.Find(worksheet?.Method));
        if (worksheet is null || form.Definition is null)
        {
            return form;
        }

        while (form._lines.Count > 0 && form._lines.Count < worksheet.Lines.Count)
        {
            form.AddLine();
        }

        foreach (var (group, line) in form._lines.Zip(worksheet.Lines))
        {
            group.Name = string.IsNullOrWhiteSpace(line.Name) ? group.Name : line.Name;
            group.Fill(line.Inputs);
        }

        form._head?.Fill(worksheet.Inputs);
        form.AssetClass = worksheet.Choices.GetValueOrDefault("assetClass", "");
        form.Score = worksheet.Choices.GetValueOrDefault("score", "");
        return form;
    }

    public void AddLine() => _lines.Add(new WorksheetGroup(
        FormattableString.Invariant($"Line {_lines.Count + 1}"), FormattableString.Invariant($"line-{_lines.Count}"), method!.Line));

    /// <summary>What was typed, as a worksheet; null where a field holds no number, and then the problem says which.</summary>
    public Worksheet? Read(out string? problem)
    {
        problem = null;
        if (method is null)
        {
            return null;
        }

        var wrong = Groups.SelectMany(group => group.Cells).FirstOrDefault(cell => !string.IsNullOrWhiteSpace(cell.Value) && !QuantityText.TryParse(cell.Value, out _));
        if (wrong is not null)
        {
            problem = $"“{wrong.Value}” is no number as it is written here ({wrong.Field.Label.ToLowerInvariant()}). Write it like {QuantityText.Example}.";
            return null;
        }

        var choices = new Dictionary<string, string>();
        if (method.Key == WorksheetMethod.Investment)
        {
            (choices["assetClass"], choices["score"]) = (AssetClass, Score);
        }

        return new Worksheet(method.Key, _head?.Read() ?? [], [.. _lines.Select(line => new WorksheetLine(line.Name, line.Read())).Where(line => line.Inputs.Count > 0)], choices);
    }
}

/// <summary>The fields of a line, or of the head.</summary>
/// <param name="id">Part of the ids of its fields.</param>
internal sealed class WorksheetGroup(string name, string id, IReadOnlyList<WorksheetField> fields)
{
    public string Name { get; set; } = name;

    public IReadOnlyList<WorksheetCell> Cells { get; } = [.. fields.Select(field => new WorksheetCell(field, $"{id}-{field.Name}"))];

    public void Fill(IReadOnlyList<WorksheetInput> inputs)
    {
        foreach (var cell in Cells)
        {
            if (inputs.FirstOrDefault(input => input.Name == cell.Field.Name) is { } input)
            {
                (cell.Value, cell.Unit, cell.Source) = (QuantityText.Of(input.Value), input.Unit, input.Source);
            }
        }
    }

    /// <summary>Fields that are empty are left out.</summary>
    public IReadOnlyList<WorksheetInput> Read() => [.. Cells
        .Select(cell => QuantityText.TryParse(cell.Value, out var value) ? new WorksheetInput(cell.Field.Name, value, Plain(cell.Unit), Plain(cell.Source)) : null).OfType<WorksheetInput>()];

    private static string? Plain(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}

internal sealed class WorksheetCell(WorksheetField asked, string id)
{
    public WorksheetField Field => asked;

    public string Id => id;

    public string? Value { get; set; }

    public string? Unit { get; set; }

    public string? Source { get; set; }
}
