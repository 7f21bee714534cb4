using OffGridFlow.Core.ActivityData;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.ActivityData;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Infrastructure.Organizations;
using OffGridFlow.Web.Features.Identity;
using OffGridFlow.Web.Features.Organizations;

namespace OffGridFlow.Web.Features.ActivityData;

/// <summary>What spending with a vendor or on a ledger account is; both days count.</summary>
public sealed record AccountMapResponse(
    Guid Id, string? Vendor, string? Account, string? ActivityType, bool IsCountedPhysically, string? Reason, DateOnly? ValidFrom, DateOnly? ValidTo, int Version)
{
    internal static AccountMapResponse Of(AccountMap map) => new(
        map.Id, map.Vendor, map.Account, map.ActivityType, map.IsCountedPhysically, map.Reason, map.ValidFrom, map.ValidTo, map.Version);
}

public sealed record WorksheetMethodListResponse(IReadOnlyList<WorksheetMethod> Items, IReadOnlyList<string> AssetClasses);

/// <summary>By currency and asset class; the row without a class is the sum of its currency.</summary>
public sealed record PortfolioResponse(IReadOnlyList<PortfolioRow> Items);

internal static class SpendEndpoints
{
    private const string Path = "account-maps";

    public static void MapSpend(this RouteGroupBuilder api)
    {
        var maps = api.MapGroup("/" + Path).WithTags("Spend");
        maps.MapGet("/", async (string? cursor, int? limit, AccountMapService service, CancellationToken cancellationToken) =>
            {
                if (EditAnswers.LimitOf(limit) is not { } rows)
                {
                    return EditAnswers.NoLimit();
                }

                var page = await service.PageAsync(cursor, rows, cancellationToken);
                return Results.Ok(new ListPage<AccountMapResponse>([.. page.Items.Select(AccountMapResponse.Of)], page.NextCursor));
            })
            .RequireApiPermission(Permissions.ActivityDataRead).WithSummary("What spending with vendors and on ledger accounts is").Produces<ListPage<AccountMapResponse>>().ProducesProblem(422);
        maps.MapGet("/{id:guid}", async (Guid id, AccountMapService service, HttpResponse response, CancellationToken cancellationToken) =>
                await service.FindAsync(id, cancellationToken) is { } map ? EditAnswers.Found(response, map, AccountMapResponse.Of(map)) : EditAnswers.NotFound(Path, id))
            .RequireApiPermission(Permissions.ActivityDataRead).WithSummary("One map; the ETag is what a change sends back as If-Match").Produces<AccountMapResponse>().ProducesProblem(404);
        maps.MapPost("/", async (AccountMapInput input, AccountMapService service, HttpResponse response, CancellationToken cancellationToken) =>
                EditAnswers.Created(response, Path, await service.CreateAsync(input, cancellationToken), AccountMapResponse.Of))
            .RequireApiPermission(Permissions.ActivityDataWrite).WithSummary("Map a vendor, a ledger account or both; entries that fit are calculated anew")
            .Produces<AccountMapResponse>(201).ProducesProblem(422);
        maps.MapPut("/{id:guid}", async (Guid id, AccountMapInput input, AccountMapService service, HttpContext context, CancellationToken cancellationToken) =>
                await service.FindAsync(id, cancellationToken) is null ? EditAnswers.NotFound(Path, id)
                : EditAnswers.VersionOf(context.Request) is { } version
                    ? EditAnswers.Changed(context.Response, Path, id, await service.ChangeAsync(id, version, input, cancellationToken), AccountMapResponse.Of)
                    : EditAnswers.NoVersion(Path))
            .RequireApiPermission(Permissions.ActivityDataWrite).WithSummary("Change a map; what is left out becomes empty, and entries that fit are calculated anew")
            .Produces<AccountMapResponse>().ProducesProblem(404).ProducesProblem(412).ProducesProblem(422).ProducesProblem(428);
        maps.MapDelete("/{id:guid}", (Guid id, AccountMapService service, HttpContext context, CancellationToken cancellationToken) =>
                EditAnswers.RemovedAsync(context.Request, Path, id, version => service.RemoveAsync(id, version, cancellationToken)))
            .RequireApiPermission(Permissions.ActivityDataWrite).WithSummary("Remove a map; entries that fitted it are calculated anew")
            .Produces(204).ProducesProblem(404).ProducesProblem(412).ProducesProblem(428);

        api.MapGet("/worksheets", () => Results.Ok(new WorksheetMethodListResponse(WorksheetMethod.All, WorksheetMethod.AssetClasses))).WithTags("Activities")
            .RequireApiPermission(Permissions.ActivityDataRead).WithSummary("Methods by which a worksheet gives the quantity of an entry, with their fields").Produces<WorksheetMethodListResponse>();
        api.MapGet("/portfolio", async (DateOnly? from, DateOnly? to, PortfolioQueries queries, CancellationToken cancellationToken) => from is { } first && to is { } last && first <= last
                ? Results.Ok(new PortfolioResponse(await queries.ScoreAsync(first, last, cancellationToken)))
                : Results.Problem(statusCode: 422, title: "Say which days", detail: "Send from and to, the first and the last day, as yyyy-MM-dd."))
            .WithTags("Emissions").RequireApiPermission(Permissions.DashboardsRead)
            .WithSummary("Financed emissions and PCAF’s data quality score, weighted by outstanding amounts, by currency and asset class").Produces<PortfolioResponse>().ProducesProblem(422);
    }
}
