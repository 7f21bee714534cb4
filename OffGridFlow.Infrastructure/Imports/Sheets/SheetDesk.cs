using Microsoft.EntityFrameworkCore;
using OffGridFlow.Core.ActivityData;
using OffGridFlow.Core.Imports;
using OffGridFlow.Core.Imports.Sheets;
using OffGridFlow.Infrastructure.ActivityData;
using OffGridFlow.Infrastructure.Imports.Sheets.Interpreting;
using OffGridFlow.Infrastructure.Imports.Sheets.Reading;
using OffGridFlow.Infrastructure.Persistence;

namespace OffGridFlow.Infrastructure.Imports.Sheets;

/// <summary>A draft with its file and the import that it was last handed to.</summary>
internal sealed record DraftOnDesk(StoredSheetDraft Draft, string Sha256, long Length, Import? Import)
{
    /// <summary>What a row of a text file has at the least, for a progress that never passes its end.</summary>
    private const int BytesPerRow = 60;

    public SheetPlan Plan { get; } = SheetView.ReadPlan(Draft.Plan);

    public SheetView View { get; } = SheetView.Of(Draft.View);

    public SheetDraftState State => Draft.State == SheetDesk.Handed ? Import?.Status switch
    {
        ImportStatus.Queued or ImportStatus.Running => SheetDraftState.Loading,
        ImportStatus.Succeeded or ImportStatus.CompletedWithErrors => SheetDraftState.Loaded,
        _ => SheetDraftState.Open,
    } : SheetDraftState.Open;

    public SheetStoredCheck? Check => Draft.Check is { } json && Draft.CheckedVersion == Draft.Version ? SheetStoredCheck.Read(json) : null;

    /// <summary>What is known, or guessed, of the number of its rows before all of them have been read.</summary>
    public long ExpectedRows => View.Shape.Rows ?? Length / BytesPerRow;

    /// <summary>Jobs about one file run one after the other.</summary>
    public string Lane => $"sheet/{Draft.DocumentId}";

    public string NameOf(int column) => column < View.Headings.Count && View.Headings[column].Heading is { Length: > 0 } heading
        ? $"{SheetColumns.LetterOf(column)}, “{heading}”" : SheetColumns.LetterOf(column);

    public SheetDraft ToDraft() => new()
    {
        Id = Draft.Id, Version = Draft.Version, State = State, FileName = Draft.FileName, Length = Length, Sha256 = Sha256, CreatedBy = Draft.CreatedBy, CreatedAt = Draft.CreatedAt,
        Format = View.Format, FormatText = View.FormatText, Sheets = View.Tabs, Plan = Plan, Headings = View.Headings, Questions = View.Questions,
        CultureIsCertain = View.CultureIsCertain, MonthsWithoutYear = View.MonthsWithoutYear, Memory = View.Memory, ImportId = Draft.ImportId,
    };
}

/// <summary>A check as the draft keeps it.</summary>
/// <param name="Codes">Of the marks, each once.</param>
/// <param name="Marks">Line, column and place in <paramref name="Codes"/>, three numbers each.</param>
internal sealed record SheetStoredCheck(
    SheetCounts Counts, IReadOnlyList<SheetProblem> Problems, int MoreProblems, IReadOnlyList<string> Codes, IReadOnlyList<long> Marks, IReadOnlyList<long> FaultyLines, long Faulty)
{
    public static SheetStoredCheck Of(SheetPassResult found)
    {
        var codes = found.Marks.Select(mark => mark.Code).Distinct().ToList();
        return new SheetStoredCheck(
            found.Counts, found.Problems, found.MoreProblems, codes, [.. found.Marks.SelectMany(mark => new[] { mark.Line, mark.Column, codes.IndexOf(mark.Code) })], found.FaultyLines,
            found.Faulty);
    }

    public Dictionary<(long Line, int Column), string> ByPlace()
    {
        var places = new Dictionary<(long, int), string>();
        for (var i = 0; i + 2 < Marks.Count; i += 3)
        {
            places[(Marks[i], (int)Marks[i + 1])] = Codes[(int)Marks[i + 2]];
        }

        return places;
    }

    public string ToJson() => System.Text.Json.JsonSerializer.Serialize(this, SheetView.Json);

    public static SheetStoredCheck Read(string json) => System.Text.Json.JsonSerializer.Deserialize<SheetStoredCheck>(json, SheetView.Json)!;
}

/// <summary>What all that works on drafts needs: the file, the tenant's words, the reading of rows.</summary>
internal sealed class SheetDesk(DocumentStore documents, EntryVocabulary vocabulary, SheetLimits limits, TimeProvider time)
{
    public const string Kind = "activity-data";
    public const string Open = "Open";

    /// <summary>Given to an import; what became of it says where the draft stands.</summary>
    public const string Handed = "Handed";

    public SheetLimits Limits => limits;

    public DateTimeOffset Now => time.GetUtcNow();

    public static async Task<DraftOnDesk?> FindAsync(TenantUnit unit, Guid id, CancellationToken cancellationToken)
    {
        var found = await (
            from draft in unit.Context.SheetDrafts.AsNoTracking()
            join document in unit.Context.SourceDocuments on draft.DocumentId equals document.Id
            join import in unit.Context.Imports on draft.ImportId equals (Guid?)import.Id into imports
            from import in imports.DefaultIfEmpty()
            where draft.Id == id
            select new { draft, document.Sha256, document.Length, import }).SingleOrDefaultAsync(cancellationToken);
        return found is null ? null : new DraftOnDesk(found.draft, found.Sha256, found.Length, found.import);
    }

    public async Task<SheetWords> WordsAsync(TenantUnit unit, CancellationToken cancellationToken) => new(
        vocabulary, await unit.Context.Sites.AsNoTracking().OrderBy(site => site.Name).ThenBy(site => site.Id)
            .Select(site => new EntrySite(site.Id, site.Name, site.Region, site.OpenedOn, site.ClosedOn)).ToListAsync(cancellationToken),
        await unit.Context.ReportingPeriods.AsNoTracking().Where(period => period.FirstDay.Day == 1 && period.LastDay == period.FirstDay.AddYears(1).AddDays(-1))
            .Select(period => period.FirstDay).Distinct().OrderDescending().ToListAsync(cancellationToken),
        new AccountMaps(await unit.Context.AccountMaps.AsNoTracking().ToListAsync(cancellationToken)));

    public async Task<SheetInterpreter> InterpreterAsync(TenantUnit unit, SheetPlan plan, SheetWords words, bool is1904, CancellationToken cancellationToken)
    {
        var years = await unit.Context.ReportingPeriods.AsNoTracking().Select(period => new { period.FirstDay, period.LastDay }).ToListAsync(cancellationToken);
        return new SheetInterpreter(plan, words, DateOnly.FromDateTime(Now.UtcDateTime), is1904, number =>
        {
            // The year that a fiscal year is called by is the one in which it ends.
            var year = years.Find(period => period.LastDay.Year == number);
            return year is null ? null : (year.FirstDay, year.LastDay);
        });
    }

    /// <exception cref="UnreadableFileException">The file cannot be read.</exception>
    public OpenSheet OpenFile(Guid tenantId, DraftOnDesk draft)
    {
        var content = documents.OpenRead(tenantId, draft.Sha256);
        try
        {
            var file = SheetFile.Open(content, draft.Draft.FileName, limits);
            if (file is XlsxFile book && draft.View.Shape.Index == draft.Plan.Sheet)
            {
                book.Know(draft.View.Shape);
            }

            return new OpenSheet(content, file);
        }
        catch
        {
            content.Dispose();
            throw;
        }
    }
}

/// <summary>A file that is open.</summary>
internal sealed class OpenSheet(Stream content, SheetFile file) : IDisposable
{
    public SheetFile File => file;

    public void Dispose()
    {
        file.Dispose();
        content.Dispose();
    }
}
