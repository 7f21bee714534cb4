using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Authorization;
using OffGridFlow.Infrastructure.Search;
using OffGridFlow.Web.Features.Emissions;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Web.Features.Search;

/// <summary>One answer from pages, ledger and imports, by what the person may see. Groups without a hit are left out.</summary>
public sealed class SearchService(ISearchQueries queries, RecentChoices recent, AuthenticationStateProvider authentication, IAuthorizationService authorization)
{
    private const int PerGroup = 6;

    public async Task<IReadOnlyList<SearchGroup>> FindAsync(string text, CancellationToken cancellationToken)
    {
        text = text.Trim();
        var pages = new List<SearchItem>();
        var person = (await authentication.GetAuthenticationStateAsync()).User;
        foreach (var page in SearchPages.All.Where(page => page.Matches(text)))
        {
            if ((await authorization.AuthorizeAsync(person, null, page.Permission)).Succeeded) pages.Add(new SearchItem(page.Name, "Page", page.Href, page.Icon));
        }

        if (text.Length == 0) return Filled([new("Recent", recent.Items), new("Pages", pages)]);

        var hits = await queries.FindAsync(text, PerGroup, cancellationToken);
        return Filled(
        [
            new("Pages", pages),
            new("Accounts", [.. hits.Accounts.Select(account => new SearchItem(
                EmissionsWords.Key(account), "Emissions of this account", new EmissionsAddress { Account = account }.ToUrl(), "user"))]),
            new("Services", [.. hits.Services.Select(service => new SearchItem(
                EmissionsWords.Key(service), "Emissions of this service", new EmissionsAddress { Service = service }.ToUrl(), "cloud"))]),
            new("Imports", [.. hits.Imports.Select(import => new SearchItem(
                import.FileName, Dates.Day(DateOnly.FromDateTime(import.CreatedAt.UtcDateTime)), "/imports/" + import.Id.ToString("D"), "file-text"))]),
        ]);
    }

    private static List<SearchGroup> Filled(IEnumerable<SearchGroup> groups) => [.. groups.Where(group => group.Items.Count > 0)];
}
