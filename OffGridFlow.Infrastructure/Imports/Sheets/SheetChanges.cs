using Microsoft.EntityFrameworkCore;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Imports.Sheets;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Imports.Sheets;

/// <summary>Changes how a file is read: its mapping, and the answers to what is wrong with its rows.</summary>
internal sealed class SheetChanges(TenantDatabase database, CurrentUser user, SheetDesk desk)
{
    private const int MostFixes = 2_000;

    /// <summary>What changes a draft.</summary>
    private enum Act
    {
        Map,
        Fix,
        Unfix,
    }

    /// <inheritdoc cref="ISheetImports.ChangeAsync" />
    public Task<SheetChange> ChangeAsync(Guid id, int version, SheetPlan plan, CancellationToken cancellationToken) => ChangeAsync(id, version, Act.Map, async (unit, draft) =>
    {
        if (plan.Sheet < 0 || plan.Sheet >= draft.View.Tabs.Count)
        {
            return (plan, draft.View, "There is no such sheet in the file.");
        }

        var words = await desk.WordsAsync(unit, cancellationToken);
        return await Task.Run(async () =>
        {
            using var open = desk.OpenFile(unit.Actor.TenantId, draft);
            var analysis = new SheetAnalysis(open.File, words, draft.Draft.FileName);
            if (plan.Sheet != draft.Plan.Sheet)
            {
                plan = analysis.SuggestFor(plan.Sheet, out _) with { ReadsHiddenRows = plan.ReadsHiddenRows };
            }
            else if ((plan.HeadingRow, plan.HeadingRows) != (draft.Plan.HeadingRow, draft.Plan.HeadingRows))
            {
                plan = analysis.SuggestFor(plan with { HeadingRows = Math.Clamp(plan.HeadingRows, 0, 10), HeadingRow = Math.Max(0, plan.HeadingRow), Fixes = [] }, out _);
            }
            else if (ObstacleIn(plan) is { } obstacle)
            {
                return (plan, draft.View, obstacle);
            }
            else
            {
                plan = analysis.Follow(draft.Plan, plan);
                return (plan, analysis.Look(plan) with { Memory = draft.View.Memory }, null);
            }

            var view = analysis.Look(plan);
            var (recalled, memory) = await SheetMemories.RecallAsync(unit, plan, view, cancellationToken);
            return (recalled, memory is null ? view : analysis.Look(recalled) with { Memory = memory }, (string?)null);
        }, cancellationToken);
    }, cancellationToken);

    /// <inheritdoc cref="ISheetImports.FixAsync" />
    public Task<SheetChange> FixAsync(Guid id, int version, SheetFix fix, CancellationToken cancellationToken) => ChangeAsync(id, version, Act.Fix, (_, draft) =>
    {
        var others = draft.Plan.Fixes.Where(other => !IsSame(other, fix)).ToList();
        var obstacle = others.Count >= MostFixes ? "A file takes at most 2,000 answers. Correct the file itself and upload it again."
            : fix is { Kind: SheetFixKind.Replace, To: null } or { Kind: SheetFixKind.Replace, Column: null, Code: null } or { Kind: SheetFixKind.Replace, Column: null, Value: null } ? "Say what the text means."
            : fix is { Kind: SheetFixKind.Confirm, Code: null } ? "Say what is confirmed."
            : fix is { Kind: SheetFixKind.LeaveOut, Code: null, Value: null, Line: null } ? "Say which rows are left out."
            : fix.To?.Length > 500 || fix.Value?.Length > 32_767 || fix.To?.Contains('\0', StringComparison.Ordinal) == true ? "The text is too long." : null;
        return Task.FromResult<(SheetPlan, SheetView, string?)>((draft.Plan with { Fixes = [fix, .. others] }, draft.View, obstacle));
    }, cancellationToken);

    /// <inheritdoc cref="ISheetImports.UnfixAsync" />
    public Task<SheetChange> UnfixAsync(Guid id, int version, SheetFix fix, CancellationToken cancellationToken) => ChangeAsync(id, version, Act.Unfix, (_, draft) =>
        Task.FromResult<(SheetPlan, SheetView, string?)>((draft.Plan with { Fixes = [.. draft.Plan.Fixes.Where(other => !IsSame(other, fix))] }, draft.View, null)), cancellationToken);

    private async Task<SheetChange> ChangeAsync(
        Guid id, int version, Act act, Func<TenantUnit, DraftOnDesk, Task<(SheetPlan Plan, SheetView View, string? Obstacle)>> change, CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataWrite);
        await using var unit = await database.OpenAsync(cancellationToken);
        await unit.Connection.ExecuteAsync("select from sheet_drafts where id = $1 for update", cancellationToken, id);
        if (await SheetDesk.FindAsync(unit, id, cancellationToken) is not { } draft)
        {
            return new SheetChange.Gone();
        }

        if (draft.Draft.Version != version)
        {
            return new SheetChange.Stale(draft.Draft.Version);
        }

        if (draft.State == SheetDraftState.Loading)
        {
            return new SheetChange.Refused("The file is being loaded. Wait for its end, or cancel the import.");
        }

        SheetPlan plan;
        SheetView view;
        string? obstacle;
        try
        {
            (plan, view, obstacle) = await change(unit, draft);
        }
        catch (UnreadableFileException exception)
        {
            return new SheetChange.Refused($"{exception.Reason} {exception.Fix}");
        }

        if (obstacle is not null)
        {
            return new SheetChange.Refused(obstacle);
        }

        var (planJson, viewJson, now) = (SheetView.Write(plan), view.ToJson(), desk.Now);
        await unit.Context.SheetDrafts.Where(row => row.Id == id).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.Plan, planJson).SetProperty(row => row.View, viewJson).SetProperty(row => row.Version, version + 1)
                .SetProperty(row => row.State, SheetDesk.Open).SetProperty(row => row.ChangedAt, now),
            cancellationToken);
        var changed = (await SheetDesk.FindAsync(unit, id, cancellationToken))!.ToDraft();
        unit.Audit(act == Act.Map ? "sheet.mapped" : act == Act.Fix ? "sheet.fixed" : "sheet.unfixed", $"sheet/{id}", new { draft.Draft.FileName, version = version + 1, plan });
        await unit.CommitAsync(cancellationToken);
        return new SheetChange.Changed(changed);
    }

    private static string? ObstacleIn(SheetPlan plan)
    {
        if (plan.Culture is not null && SheetLocale.Find(plan.Culture) is null)
        {
            return $"“{plan.Culture}” is no locale that is offered. Use one of: {string.Join(", ", SheetLocale.All.Select(locale => locale.Code))}.";
        }

        var twice = plan.Columns.Where(use => use.Field != SheetField.Quantity).GroupBy(use => use.Field).FirstOrDefault(same => same.Count() > 1);
        return twice is not null ? $"Two columns are read as {twice.Key}: {string.Join(" and ", twice.Select(use => SheetColumns.LetterOf(use.Column)))}. Choose one of them."
            : plan.Columns.GroupBy(use => use.Column).Any(same => same.Count() > 1) ? "One column is read as two things. Choose one of them."
            : plan.MonthsFrom is { Day: not 1 } ? "The twelve months begin with the first day of a month, such as 2025-01-01."
            : plan.Columns.Any(use => use.Column < 0) || plan.Fixes.Count > MostFixes ? "The mapping cannot be read." : null;
    }

    private static bool IsSame(SheetFix one, SheetFix other) =>
        (one.Kind == other.Kind || (one.Kind != SheetFixKind.Confirm && other.Kind != SheetFixKind.Confirm)) && one.Column == other.Column && one.Value == other.Value && one.Line == other.Line
        && (one.Kind == other.Kind ? one.Code == other.Code : one.Code is null || other.Code is null || one.Code == other.Code);
}
