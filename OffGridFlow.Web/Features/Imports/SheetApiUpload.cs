using System.Text.Json;
using System.Text.Json.Serialization;
using OffGridFlow.Core.Imports.Sheets;
using OffGridFlow.Infrastructure.Imports;
using OffGridFlow.Infrastructure.Imports.Sheets;

namespace OffGridFlow.Web.Features.Imports;

/// <summary>
/// A spreadsheet of activity data that a program sends: uploaded, mapped by what it says, by what was remembered or by what the file suggests, and loaded in
/// one call. What the file leaves open is answered with questions; nothing is guessed.
/// </summary>
internal static class SheetApiUpload
{
    public const string Kind = "activity-data";
    public const string MappingField = "mapping";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() }, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>Accepted; a job loads it by this mapping.</summary>
    public sealed record Queued(Guid Id, Guid Draft, SheetPlan Mapping) : ImportStart;

    /// <summary>Stored; something has to be said before it can be loaded.</summary>
    public sealed record Asks(SheetDraft Draft) : ImportStart;

    public static async Task<ImportStart> StartAsync(
        Stream content, string fileName, Dictionary<string, string> fields, ISheetImports sheets, CancellationToken cancellationToken)
    {
        SheetLoadMode mode;
        switch (fields.GetValueOrDefault("mode"))
        {
            case null or "" or "good":
                mode = SheetLoadMode.Good;
                break;
            case "all":
                mode = SheetLoadMode.All;
                break;
            case var other:
                return Refused($"The mode “{other}” is not known.", "Use mode=good, which loads the rows that are right, or mode=all, which loads nothing unless all are.");
        }

        SheetPlan? mapping = null;
        if (fields.GetValueOrDefault(MappingField) is { Length: > 0 } json)
        {
            try
            {
                mapping = JsonSerializer.Deserialize<SheetPlan>(json, Json);
            }
            catch (JsonException exception)
            {
                return Refused($"The field “mapping” is not the JSON of a mapping: {exception.Message}", "Send it as the answer to an upload without mapping gives it.");
            }
        }

        switch (await sheets.OpenAsync(content, fileName, cancellationToken))
        {
            case SheetOpening.Refused refused:
                return new ImportStart.Refused(refused.Reason, refused.Fix, refused.Line);
            case SheetOpening.ExistingImport existing:
                return new ImportStart.Existing(existing.ImportId);
            case SheetOpening.ExistingDraft known:
                return await LoadAsync(known.DraftId, mapping, fields, mode, sheets, cancellationToken);
            case SheetOpening.Opened opened:
                return await LoadAsync(opened.DraftId, mapping, fields, mode, sheets, cancellationToken);
            case var other:
                throw new InvalidOperationException($"No answer is written for {other.GetType().Name}.");
        }
    }

    private static async Task<ImportStart> LoadAsync(
        Guid id, SheetPlan? mapping, Dictionary<string, string> fields, SheetLoadMode mode, ISheetImports sheets, CancellationToken cancellationToken)
    {
        var draft = await sheets.FindAsync(id, cancellationToken) ?? throw new InvalidOperationException("The draft that was just made is not there.");
        if (fields.GetValueOrDefault("sheet") is { Length: > 0 } name && draft.Sheets.FirstOrDefault(sheet => string.Equals(sheet.Name, name, StringComparison.OrdinalIgnoreCase)) is var found)
        {
            if (found is null)
            {
                return Refused($"The workbook has no sheet “{name}”.", $"Its sheets are: {string.Join(", ", draft.Sheets.Select(sheet => sheet.Name))}.");
            }

            if (found.Index != draft.Plan.Sheet && await ChangeAsync(draft with { Plan = draft.Plan with { Sheet = found.Index } }, sheets, cancellationToken) is var moved)
            {
                (draft, var obstacle) = moved;
                if (obstacle is not null)
                {
                    return obstacle;
                }
            }
        }

        var culture = fields.GetValueOrDefault("culture") is { Length: > 0 } said ? said : null;
        if (mapping is not null || culture is not null)
        {
            var plan = mapping is null ? draft.Plan : mapping with { Sheet = draft.Plan.Sheet };
            if ((plan.HeadingRow, plan.HeadingRows) != (draft.Plan.HeadingRow, draft.Plan.HeadingRows))
            {
                // The headings first, then the columns under them.
                (draft, var unread) = await ChangeAsync(draft with { Plan = plan }, sheets, cancellationToken);
                if (unread is not null)
                {
                    return unread;
                }
            }

            (draft, var obstacle) = await ChangeAsync(draft with { Plan = plan with { Culture = culture ?? plan.Culture } }, sheets, cancellationToken);
            if (obstacle is not null)
            {
                return obstacle;
            }
        }

        if (draft.Questions.Count > 0)
        {
            return new Asks(draft);
        }

        return await sheets.LoadAsync(draft.Id, draft.Version, mode, cancellationToken) switch
        {
            SheetLoad.Accepted accepted => new Queued(accepted.ImportId, draft.Id, draft.Plan),
            SheetLoad.Refused refused => Refused(refused.Reason, "The file is kept: open it in the import wizard to see its problems."),
            _ => Refused("The file was changed by somebody else at the same moment.", "Send it again."),
        };
    }

    private static async Task<(SheetDraft Draft, ImportStart? Obstacle)> ChangeAsync(SheetDraft draft, ISheetImports sheets, CancellationToken cancellationToken) =>
        await sheets.ChangeAsync(draft.Id, draft.Version, draft.Plan, cancellationToken) switch
        {
            SheetChange.Changed changed => (changed.Draft, null),
            SheetChange.Refused refused => (draft, Refused(refused.Reason, "Correct the mapping and send the file again.")),
            _ => (draft, Refused("The file was changed by somebody else at the same moment.", "Send it again.")),
        };

    private static ImportStart.Refused Refused(string reason, string fix) => new(reason, fix, null);
}
