using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Antiforgery;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Calculation;
using OffGridFlow.Web.Features.Identity;

namespace OffGridFlow.Web.Features.Calculation;

/// <summary>How many <c>to</c> one <c>from</c> is, the mean of the month, <c>yyyy-MM</c>.</summary>
public sealed record ExchangeRateResponse(string From, string To, string Month, decimal Value, string Source, string ChangedBy, DateTimeOffset ChangedAt, bool Withdrawn);

public sealed record ExchangeRateListResponse(IReadOnlyList<ExchangeRateResponse> Items);

/// <summary>The level of prices; <c>month</c> is null for the mean of the year.</summary>
public sealed record PriceIndexResponse(string Currency, int Year, int? Month, decimal Value, string Source, string ChangedBy, DateTimeOffset ChangedAt, bool Withdrawn);

public sealed record PriceIndexListResponse(IReadOnlyList<PriceIndexResponse> Items);

/// <param name="Calculated">Entries of spending that were calculated anew with it.</param>
public sealed record MoneyLoadResponse(int Added, int Changed, int Unchanged, int Calculated);

/// <summary>Rates of exchange and price indices, which a tenant loads as tables: the product ships none and invents none.</summary>
internal static class MoneyEndpoints
{
    private const int LargestTable = 8 * 1024 * 1024;
    private const int MostFaults = 100, FaultsOnPage = 40;

    public static void MapMoney(this RouteGroupBuilder api)
    {
        var rates = api.MapGroup("/exchange-rates").WithTags("Spend");
        rates.MapGet("/", async (MoneyRows money, CancellationToken cancellationToken) => Results.Ok(new ExchangeRateListResponse(
                [.. (await money.ListRatesAsync(cancellationToken)).Select(rate => new ExchangeRateResponse(
                    rate.FromCurrency, rate.ToCurrency, rate.Month.ToString("yyyy-MM", CultureInfo.InvariantCulture), rate.Value, rate.Source, rate.ChangedBy, rate.ChangedAt, rate.IsWithdrawn))])))
            .RequireApiPermission(Permissions.CalculationsRead).WithSummary("Monthly rates of exchange that your organization has loaded").Produces<ExchangeRateListResponse>();
        rates.MapPost("/", (bool? replace, HttpRequest request, MoneyRows money, CancellationToken cancellationToken) =>
                LoadAsync(request, csv => money.SaveRatesAsync(csv, replace ?? false, cancellationToken), cancellationToken))
            .RequireApiPermission(Permissions.CalculationsPropose)
            .WithSummary($"Load monthly rates, all or none: a table with the columns {MoneyRows.RateHead}. With replace=true figures that are there may change, or be withdrawn (that word in the place of the value), which takes the right to approve calculations")
            .Produces<MoneyLoadResponse>().ProducesProblem(422);
        rates.MapGet("/template", () => Template(MoneyRows.RateHead, "exchange-rates.csv")).RequireApiPermission(Permissions.CalculationsRead)
            .WithSummary("An empty table to fill with a central bank’s monthly averages").Produces<string>(contentType: "text/csv");

        var indices = api.MapGroup("/price-indices").WithTags("Spend");
        indices.MapGet("/", async (MoneyRows money, CancellationToken cancellationToken) => Results.Ok(new PriceIndexListResponse(
                [.. (await money.ListIndicesAsync(cancellationToken)).Select(index => new PriceIndexResponse(
                    index.Currency, index.Year, index.Month == 0 ? null : index.Month, index.Value, index.Source, index.ChangedBy, index.ChangedAt, index.IsWithdrawn))])))
            .RequireApiPermission(Permissions.CalculationsRead).WithSummary("Price indices that your organization has loaded").Produces<PriceIndexListResponse>();
        indices.MapPost("/", (bool? replace, HttpRequest request, MoneyRows money, CancellationToken cancellationToken) =>
                LoadAsync(request, csv => money.SaveIndicesAsync(csv, replace ?? false, cancellationToken), cancellationToken))
            .RequireApiPermission(Permissions.CalculationsPropose)
            .WithSummary($"Load a price index, all or none: a table with the columns {MoneyRows.IndexHead}. With replace=true figures that are there may change, or be withdrawn (that word in the place of the value), which takes the right to approve calculations")
            .Produces<MoneyLoadResponse>().ProducesProblem(422);
        indices.MapGet("/template", () => Template(MoneyRows.IndexHead, "price-indices.csv")).RequireApiPermission(Permissions.CalculationsRead)
            .WithSummary("An empty table to fill with one series of a statistical office").Produces<string>(contentType: "text/csv");
    }

    /// <summary>What the page uses: cookie and antiforgery instead of a token.</summary>
    public static void MapMoneyPages(this WebApplication app)
    {
        app.MapGet("/app/exchange-rates/template.csv", () => Template(MoneyRows.RateHead, "exchange-rates.csv")).RequireAuthorization(Permissions.CalculationsRead).ExcludeFromDescription();
        app.MapGet("/app/price-indices/template.csv", () => Template(MoneyRows.IndexHead, "price-indices.csv")).RequireAuthorization(Permissions.CalculationsRead).ExcludeFromDescription();
        app.MapPost("/app/exchange-rates", (HttpContext context, IAntiforgery antiforgery, MoneyRows money, CancellationToken cancellationToken) =>
                LoadFileAsync(context, antiforgery, (csv, replaces) => money.SaveRatesAsync(csv, replaces, cancellationToken), cancellationToken))
            .RequireAuthorization(Permissions.CalculationsPropose).DisableAntiforgery().ExcludeFromDescription();
        app.MapPost("/app/price-indices", (HttpContext context, IAntiforgery antiforgery, MoneyRows money, CancellationToken cancellationToken) =>
                LoadFileAsync(context, antiforgery, (csv, replaces) => money.SaveIndicesAsync(csv, replaces, cancellationToken), cancellationToken))
            .RequireAuthorization(Permissions.CalculationsPropose).DisableAntiforgery().ExcludeFromDescription();
    }

    private static async Task<IResult> LoadFileAsync(HttpContext context, IAntiforgery antiforgery, Func<string, bool, Task<MoneyOutcome>> save, CancellationToken cancellationToken)
    {
        if (!context.Request.Headers.ContainsKey("RequestVerificationToken") || !await antiforgery.IsRequestValidAsync(context))
        {
            return Results.Problem(statusCode: 400, title: "The page is out of date", detail: "Nothing was loaded. Reload the page and try again.");
        }

        var form = context.Request.HasFormContentType ? await context.Request.ReadFormAsync(cancellationToken) : null;
        if (form?.Files.GetFile("file") is not { Length: <= LargestTable } file)
        {
            return Results.Problem(statusCode: 422, title: "Nothing was loaded", detail: "Choose a table of at most 8 MB. A larger one is sent in parts.");
        }

        using var reader = new StreamReader(file.OpenReadStream(), Encoding.UTF8);
        // The answer goes on through the circuit, which takes 32 KB at a time.
        return Answer(await save(await reader.ReadToEndAsync(cancellationToken), form["replace"] == "true"), FaultsOnPage);
    }

    private static IResult Template(string head, string name) => Results.File(Encoding.UTF8.GetBytes(head + "\n"), "text/csv; charset=utf-8", name);

    private static async Task<IResult> LoadAsync(HttpRequest request, Func<string, Task<MoneyOutcome>> save, CancellationToken cancellationToken)
    {
        if (request.ContentLength > LargestTable)
        {
            return Results.Problem(statusCode: 422, title: "Nothing was loaded", detail: "The table is larger than 8 MB. Send it in parts.");
        }

        using var reader = new StreamReader(request.Body, Encoding.UTF8);
        var text = new char[LargestTable + 1];
        var length = await reader.ReadBlockAsync(text, cancellationToken);
        if (length > LargestTable)
        {
            return Results.Problem(statusCode: 422, title: "Nothing was loaded", detail: "The table is larger than 8 MB. Send it in parts.");
        }

        return Answer(await save(new string(text, 0, length)), MostFaults);
    }

    private static IResult Answer(MoneyOutcome outcome, int mostFaults) => outcome.Faults.Count == 0
            ? Results.Ok(new MoneyLoadResponse(outcome.Added, outcome.Changed, outcome.Unchanged, outcome.Calculated))
            : Results.Problem(
                statusCode: 422, title: "Nothing was loaded", detail: string.Create(CultureInfo.InvariantCulture, $"Line {outcome.Faults[0].Line}: {outcome.Faults[0].Message}"),
                extensions: new Dictionary<string, object?> { ["faults"] = outcome.Faults.Take(mostFaults).ToList() });
}
