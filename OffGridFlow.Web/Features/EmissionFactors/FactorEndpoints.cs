using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.Features;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.EmissionFactors;
using OffGridFlow.Web.Features.Identity;

namespace OffGridFlow.Web.Features.EmissionFactors;

internal static class FactorEndpoints
{
    /// <summary>A template of the most rows is far below.</summary>
    private const long LargestTemplate = 8L * 1024 * 1024;

    /// <summary>The answer goes on through the circuit, which takes 32 KB at a time.</summary>
    private const int FaultsOnPage = 40;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static void MapFactors(this RouteGroupBuilder api)
    {
        var factors = api.MapGroup("/factors").WithTags("Emission factors").RequireApiPermission(Permissions.CalculationsRead);
        factors.MapGet("/", ListAsync)
            .WithSummary("Factors by words and conditions: query, set (an id, or own), region, year, activity (with a slash at its end: all below), category, unit, gas, part")
            .Produces<FactorListResponse>().ProducesProblem(422);
        factors.MapGet("/{id:guid}", async (Guid id, FactorQueries queries, CancellationToken cancellationToken) =>
                await queries.FindAsync(id, cancellationToken) is { } detail ? Results.Ok(FactorDetailResponse.Of(detail)) : NoFactor(id))
            .WithSummary("One factor with its source, figures as published, other editions and where it is used").Produces<FactorDetailResponse>().ProducesProblem(404);

        var sets = api.MapGroup("/factor-sets").WithTags("Emission factors");
        sets.MapGet("/", async (OwnFactors own, CancellationToken cancellationToken) =>
                Results.Ok(new OwnFactorSetListResponse([.. (await own.ListAsync(cancellationToken)).Select(OwnFactorSetResponse.Of)])))
            .RequireApiPermission(Permissions.CalculationsRead).WithSummary("Sets that your organization has loaded, newest first").Produces<OwnFactorSetListResponse>();
        sets.MapGet("/{id:guid}", async (Guid id, OwnFactors own, HttpResponse response, CancellationToken cancellationToken) =>
                await own.FindAsync(id, cancellationToken) is { } set ? Found(response, set) : NoSet(id))
            .RequireApiPermission(Permissions.CalculationsRead).WithSummary("One of them; the ETag is what a change sends back as If-Match")
            .Produces<OwnFactorSetResponse>().ProducesProblem(404);
        sets.MapPost("/", (HttpContext context, OwnFactors own, CancellationToken cancellationToken) => LoadAsync(context, own, int.MaxValue, cancellationToken))
            .RequireApiPermission(Permissions.CalculationsPropose)
            .WithSummary("Load own factors, all or none: JSON, or multipart with title, publisher, source, license, gwp, confirm and the filled template as file")
            .Accepts<NewFactorSetRequest>("application/json", "multipart/form-data").Produces<OwnFactorSetResponse>(201).ProducesProblem(409).ProducesProblem(422);
        sets.MapPut("/{id:guid}", ChangeAsync).RequireApiPermission(Permissions.CalculationsPropose)
            .WithSummary("Change title, source and license, or retire the set; its figures do not change")
            .Produces<OwnFactorSetResponse>().ProducesProblem(404).ProducesProblem(412).ProducesProblem(422).ProducesProblem(428);
    }

    /// <summary>What the page uses: cookie and antiforgery instead of a token.</summary>
    public static void MapFactorPages(this WebApplication app)
    {
        app.MapGet("/app/factors/template.csv", () => Results.File(Encoding.UTF8.GetPreamble().Concat(Encoding.UTF8.GetBytes(OwnFactorTemplate.Text)).ToArray(), "text/csv; charset=utf-8", "own-factors.csv"))
            .RequireAuthorization(Permissions.CalculationsRead).ExcludeFromDescription();
        app.MapPost("/app/factor-sets", async (HttpContext context, IAntiforgery antiforgery, OwnFactors own, CancellationToken cancellationToken) =>
            context.Request.Headers.ContainsKey("RequestVerificationToken") && await antiforgery.IsRequestValidAsync(context)
                ? await LoadAsync(context, own, FaultsOnPage, cancellationToken)
                : Results.Problem(statusCode: 400, title: "The page is out of date", detail: "Nothing was loaded. Reload the page and try again."))
            .RequireAuthorization(Permissions.CalculationsPropose).DisableAntiforgery().ExcludeFromDescription();
    }

    private static async Task<IResult> ListAsync([AsParameters] FactorQuery query, HttpContext context, FactorQueries queries, CancellationToken cancellationToken)
    {
        // A misspelled condition would give out more than was asked for, and nobody would see it.
        if (context.Request.Query.Keys.FirstOrDefault(name => !FactorQuery.Names.Contains(name, StringComparer.OrdinalIgnoreCase)) is { } unknown)
        {
            return Problem($"“{unknown}” is not known. Use: {string.Join(", ", FactorQuery.Names)}.");
        }

        if (query.ToFilter(out var filter, out var limit) is { } problem)
        {
            return Problem(problem);
        }

        var page = await queries.ListAsync(filter, query.Cursor, limit, cancellationToken);
        return Results.Ok(new FactorListResponse([.. page.Rows.Select(FactorResponse.Of)], page.NextCursor));
    }

    private static async Task<IResult> LoadAsync(HttpContext context, OwnFactors own, int mostFaults, CancellationToken cancellationToken)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = LargestTemplate;
        }

        try
        {
            return Answer(
                context,
                context.Request.HasFormContentType ? await LoadTemplateAsync(context.Request, own, cancellationToken) : await LoadRowsAsync(context.Request, own, cancellationToken),
                mostFaults);
        }
        catch (JsonException fault)
        {
            return Problem($"The JSON cannot be read at {fault.Path}: the members are title, publisher, source, license, gwp, confirm and factors; figures are numbers.");
        }
        catch (InvalidDataException)
        {
            return Problem("The multipart/form-data of the request is damaged or breaks off. Nothing was loaded; send it again.");
        }
    }

    private static async Task<OwnFactorOutcome> LoadTemplateAsync(HttpRequest request, OwnFactors own, CancellationToken cancellationToken)
    {
        var form = await request.ReadFormAsync(cancellationToken);
        if (form.Files.GetFile("file") is not { } file)
        {
            return Refused("file", "The request holds no file.", "Send the filled template as the field “file”.");
        }

        using var content = new MemoryStream();
        await file.CopyToAsync(content, cancellationToken);
        string text;
        try
        {
            text = StrictUtf8.GetString(content.GetBuffer(), 0, (int)content.Length);
        }
        catch (DecoderFallbackException)
        {
            return Refused("file", "The file is not written in UTF-8.", "Save it as “CSV UTF-8”, then send it again.");
        }

        if (text.Contains('\0', StringComparison.Ordinal))
        {
            return Refused("file", "The file is no text: it may be a workbook.", "Save the table as CSV, then send that.");
        }

        // Of the page's upload, the mode says what the field says of a program's.
        var confirmed = form["mode"] == "confirm" || string.Equals(form["confirm"], "true", StringComparison.OrdinalIgnoreCase);
        return await own.LoadAsync(
            new OwnFactorSetInput(form["title"].ToString(), form["publisher"].ToString(), form["source"].ToString(), form["license"].ToString(), Some(form["gwp"])), text, confirmed,
            cancellationToken);
    }

    private static async Task<OwnFactorOutcome> LoadRowsAsync(HttpRequest request, OwnFactors own, CancellationToken cancellationToken)
    {
        if (!request.HasJsonContentType() || await request.ReadFromJsonAsync<NewFactorSetRequest>(cancellationToken) is not { } set)
        {
            return Refused("", "The request is neither JSON nor multipart/form-data.", "Send one of the two; docs/api.md shows both.");
        }

        var rows = (set.Factors ?? []).Select((factor, index) => new OwnFactorInput(index + 1)
        {
            Activity = Text(factor?.Activity), Name = Text(factor?.Name), Unit = Text(factor?.Unit), Co2e = Text(factor?.Co2e), Co2 = Text(factor?.Co2), Ch4 = Text(factor?.Ch4),
            N2o = Text(factor?.N2o), BiogenicCo2 = Text(factor?.BiogenicCo2), Region = Text(factor?.Region), ValidFrom = Text(factor?.ValidFrom), ValidTo = Text(factor?.ValidTo),
            Part = Text(factor?.Part), Supply = Text(factor?.Supply), UncertaintyPercent = Text(factor?.UncertaintyPercent), Note = Text(factor?.Note),
        }).ToList();
        return await own.LoadAsync(
            new OwnFactorSetInput(set.Title ?? "", set.Publisher ?? "", set.Source ?? "", set.License ?? "", Some(set.Gwp)), rows, set.Confirm, cancellationToken);
    }

    private static async Task<IResult> ChangeAsync(Guid id, FactorSetRequest request, OwnFactors own, HttpContext context, CancellationToken cancellationToken)
    {
        if (!int.TryParse(context.Request.Headers.IfMatch.ToString().Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var version))
        {
            return await own.FindAsync(id, cancellationToken) is null ? NoSet(id) : Results.Problem(
                statusCode: 428, title: "Say which version you saw",
                detail: "Send the ETag of GET /api/v1/factor-sets/{id}, its version in quotes, as If-Match, so that no change is overwritten unseen.");
        }

        return await own.ChangeAsync(id, version, request.Title ?? "", request.Source ?? "", request.License ?? "", request.Retired, cancellationToken) switch
        {
            OwnFactorSetChange.Changed changed => Found(context.Response, changed.Set),
            OwnFactorSetChange.Stale => Results.Problem(
                statusCode: 412, title: "Somebody else was quicker", detail: "The set was changed since you read it. Nothing was changed now. Read it again, then decide."),
            OwnFactorSetChange.Refused refused => Faults(refused.Faults, int.MaxValue),
            _ => NoSet(id),
        };
    }

    private static IResult Answer(HttpContext context, OwnFactorOutcome outcome, int mostFaults)
    {
        switch (outcome)
        {
            case OwnFactorOutcome.Loaded loaded:
                context.Response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"\"{loaded.Set.Version}\"");
                return Results.Created($"/api/v1/factor-sets/{loaded.Set.Key}", OwnFactorSetResponse.Of(loaded.Set));
            case OwnFactorOutcome.Doubtful doubtful:
                return Results.Problem(
                    statusCode: 409, title: "Confirm figures far from published ones",
                    detail: "Nothing was loaded. If the figures are right, send the same again with confirm=true.",
                    extensions: new Dictionary<string, object?> { ["warnings"] = doubtful.Doubts.Take(mostFaults), ["total"] = doubtful.Doubts.Count });
            case OwnFactorOutcome.Refused refused:
                return Faults(refused.Faults, mostFaults);
            default:
                throw new InvalidOperationException($"No answer is written for {outcome.GetType().Name}.");
        }
    }

    private static IResult Faults(IReadOnlyList<OwnFactorFault> faults, int most) => Results.Problem(
        statusCode: 422, title: "Nothing was loaded", detail: $"{faults[0].Reason} {faults[0].Fix}",
        extensions: new Dictionary<string, object?> { ["errors"] = faults.Take(most), ["total"] = faults.Count });

    private static IResult Found(HttpResponse response, OwnFactorSetRow set)
    {
        response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"\"{set.Version}\"");
        return Results.Ok(OwnFactorSetResponse.Of(set));
    }

    private static OwnFactorOutcome.Refused Refused(string column, string reason, string fix) => new([new OwnFactorFault(0, column, "", reason, fix)]);

    private static IResult Problem(string detail) => Results.Problem(statusCode: 422, title: "The request cannot be answered", detail: detail);

    private static IResult NoFactor(Guid id) => Results.Problem(
        statusCode: 404, title: "No such factor", detail: $"There is no factor {id} that your organization can use. GET /api/v1/factors searches those there are.");

    private static IResult NoSet(Guid id) => Results.Problem(
        statusCode: 404, title: "No such set", detail: $"Your organization has loaded no set {id}. GET /api/v1/factor-sets lists those there are.");

    private static string Text(string? text) => text?.Trim() ?? "";

    private static string Text(decimal? figure) => figure?.ToString(CultureInfo.InvariantCulture) ?? "";

    private static string? Some(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
