using System.Globalization;
using System.Text;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Calculation;
using OffGridFlow.Web.Features.Identity;

namespace OffGridFlow.Web.Features.Calculation;

/// <summary>How many <c>to</c> one <c>from</c> is, the mean of the month, <c>yyyy-MM</c>.</summary>
public sealed record ExchangeRateResponse(string From, string To, string Month, decimal Value, string Source, string ChangedBy, DateTimeOffset ChangedAt);

public sealed record ExchangeRateListResponse(IReadOnlyList<ExchangeRateResponse> Items);

/// <summary>The level of prices; <c>month</c> is null for the mean of the year.</summary>
public sealed record PriceIndexResponse(string Currency, int Year, int? Month, decimal Value, string Source, string ChangedBy, DateTimeOffset ChangedAt);

public sealed record PriceIndexListResponse(IReadOnlyList<PriceIndexResponse> Items);

/// <param name="Calculated">Entries of spending that were calculated anew with it.</param>
public sealed record MoneyLoadResponse(int Added, int Changed, int Unchanged, int Calculated);

/// <summary>Rates of exchange and price indices, which a tenant loads as tables: the product ships none and invents none.</summary>
internal static class MoneyEndpoints
{
    private const int LargestTable = 8 * 1024 * 1024;

    public static void MapMoney(this RouteGroupBuilder api)
    {
        var rates = api.MapGroup("/exchange-rates").WithTags("Spend");
        rates.MapGet("/", async (MoneyRows money, CancellationToken cancellationToken) => Results.Ok(new ExchangeRateListResponse(
                [.. (await money.ListRatesAsync(cancellationToken)).Select(rate => new ExchangeRateResponse(
                    rate.FromCurrency, rate.ToCurrency, rate.Month.ToString("yyyy-MM", CultureInfo.InvariantCulture), rate.Value, rate.Source, rate.ChangedBy, rate.ChangedAt))])))
            .RequireApiPermission(Permissions.CalculationsRead).WithSummary("Monthly rates of exchange that your organization has loaded").Produces<ExchangeRateListResponse>();
        rates.MapPost("/", (bool? replace, HttpRequest request, MoneyRows money, CancellationToken cancellationToken) =>
                LoadAsync(request, csv => money.SaveRatesAsync(csv, replace ?? false, cancellationToken), cancellationToken))
            .RequireApiPermission(Permissions.CalculationsPropose)
            .WithSummary($"Load monthly rates, all or none: a table with the columns {MoneyRows.RateHead}. With replace=true figures that are there may change, which takes the right to approve calculations")
            .Produces<MoneyLoadResponse>().ProducesProblem(422);
        rates.MapGet("/template", () => Template(MoneyRows.RateHead, "exchange-rates.csv")).RequireApiPermission(Permissions.CalculationsRead)
            .WithSummary("An empty table to fill with a central bank’s monthly averages").Produces<string>(contentType: "text/csv");

        var indices = api.MapGroup("/price-indices").WithTags("Spend");
        indices.MapGet("/", async (MoneyRows money, CancellationToken cancellationToken) => Results.Ok(new PriceIndexListResponse(
                [.. (await money.ListIndicesAsync(cancellationToken)).Select(index => new PriceIndexResponse(
                    index.Currency, index.Year, index.Month == 0 ? null : index.Month, index.Value, index.Source, index.ChangedBy, index.ChangedAt))])))
            .RequireApiPermission(Permissions.CalculationsRead).WithSummary("Price indices that your organization has loaded").Produces<PriceIndexListResponse>();
        indices.MapPost("/", (bool? replace, HttpRequest request, MoneyRows money, CancellationToken cancellationToken) =>
                LoadAsync(request, csv => money.SaveIndicesAsync(csv, replace ?? false, cancellationToken), cancellationToken))
            .RequireApiPermission(Permissions.CalculationsPropose)
            .WithSummary($"Load a price index, all or none: a table with the columns {MoneyRows.IndexHead}. With replace=true figures that are there may change, which takes the right to approve calculations")
            .Produces<MoneyLoadResponse>().ProducesProblem(422);
        indices.MapGet("/template", () => Template(MoneyRows.IndexHead, "price-indices.csv")).RequireApiPermission(Permissions.CalculationsRead)
            .WithSummary("An empty table to fill with one series of a statistical office").Produces<string>(contentType: "text/csv");
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

        var outcome = await save(new string(text, 0, length));
        return outcome.Faults.Count == 0
            ? Results.Ok(new MoneyLoadResponse(outcome.Added, outcome.Changed, outcome.Unchanged, outcome.Calculated))
            : Results.Problem(
                statusCode: 422, title: "Nothing was loaded", detail: string.Create(CultureInfo.InvariantCulture, $"Line {outcome.Faults[0].Line}: {outcome.Faults[0].Message}"),
                extensions: new Dictionary<string, object?> { ["faults"] = outcome.Faults.Take(100).ToList() });
    }
}
