using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Reports;
using OffGridFlow.Infrastructure.ActivityData;

namespace OffGridFlow.Infrastructure.Imports.Sheets.Templates;

/// <inheritdoc cref="ISheetTemplates"/>
internal sealed class SheetTemplates(IActivityEntryQueries entries, CurrentUser user, TimeProvider clock) : ISheetTemplates
{
    public async Task<Workbook> BuildWorkbookAsync(CancellationToken cancellationToken)
    {
        var actor = user.Require(Permissions.ActivityDataRead);
        var sites = await entries.ListSitesAsync(cancellationToken);
        var own = entries.SearchTypes(null, int.MaxValue);
        // A publisher's activity is found by its key alone: two publishers may give one name to different things.
        var used = (await entries.ListUsedTypesAsync(cancellationToken)).Where(type => type.IsPublished && type.Units.Count > 0);
        var types = own.Select(type => new TemplateType(type.Name, type, UnitsOf(type))).Concat(used.Select(type => new TemplateType(type.Key, type, UnitsOf(type)))).ToList();
        return TemplateWorkbook.Build(new TemplateContent([.. sites.Select(site => site.Name)], types, entries.ListGases(), actor.DisplayName, clock.GetUtcNow()));
    }

    public string BuildCsv()
    {
        user.Require(Permissions.ActivityDataRead);
        return string.Join(',', TemplateColumns.All.Select(column => column.Heading)) + "\r\n";
    }

    /// <summary>Those of the type first, then all that measure the same.</summary>
    private List<string> UnitsOf(ActivityChoice type) => [.. type.Units.Concat(type.Units.SelectMany(entries.ListUnitsLike)).Distinct(StringComparer.Ordinal)];
}
