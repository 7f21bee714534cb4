using System.Globalization;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Identity;

namespace OffGridFlow.Web.Features.Identity;

/// <param name="ExpiresOn">The last day on which the key works, in UTC: <c>yyyy-MM-dd</c>, at most two years ahead.</param>
public sealed record NewApiKeyRequest(string? Name, IReadOnlyList<string>? Scopes, string? ExpiresOn);

/// <summary>A key as the API shows it. <c>state</c> is <c>inUse</c>, <c>expiresSoon</c>, <c>expired</c> or <c>revoked</c>.</summary>
public sealed record ApiKeyResponse(
    Guid Id, string Name, string Prefix, IReadOnlyList<string> Scopes, ApiKeyState State, DateTimeOffset CreatedAt, string CreatedBy, DateTimeOffset ExpiresAt,
    DateTimeOffset? LastUsedAt, string? LastUsedFrom, DateTimeOffset? RevokedAt, string? RevokedBy);

public sealed record ApiKeyListResponse(IReadOnlyList<ApiKeyResponse> Items);

/// <param name="Key">The whole key; it is never shown again.</param>
public sealed record NewApiKeyResponse(Guid Id, string Key, string Name, string Prefix, IReadOnlyList<string> Scopes, DateTimeOffset ExpiresAt);

internal static class ApiKeyEndpoints
{
    public static void MapApiKeys(this RouteGroupBuilder api)
    {
        var keys = api.MapGroup("/api-keys").WithTags("API keys");
        keys.MapGet("/", async (IApiKeys service, TimeProvider time, CancellationToken cancellationToken) =>
                Results.Ok(new ApiKeyListResponse((await service.ListAsync(cancellationToken)).Select(row => ToResponse(row, time.GetUtcNow())).ToList())))
            .RequireApiPermission(Permissions.AdministrationWrite).WithSummary("The organization’s keys: those in use, then the newest that have ended")
            .Produces<ApiKeyListResponse>();
        keys.MapPost("/", CreateAsync).RequireApiPermission(Permissions.AdministrationWrite).WithSummary("Make a key; the answer is the only place that shows it")
            .Produces<NewApiKeyResponse>(201).ProducesProblem(422);
        keys.MapDelete("/{id:guid}", async (Guid id, IApiKeys service, CancellationToken cancellationToken) =>
                await service.RevokeAsync(id, cancellationToken)
                    ? Results.NoContent()
                    : Results.Problem(statusCode: 404, title: "No such key", detail: $"Your organization has no key {id}. GET /api/v1/api-keys lists its keys."))
            .RequireApiPermission(Permissions.AdministrationWrite).WithSummary("Revoke a key, from its next request on")
            .Produces(204).ProducesProblem(404);
    }

    private static async Task<IResult> CreateAsync(NewApiKeyRequest request, IApiKeys service, HttpContext context, CancellationToken cancellationToken)
    {
        if (!DateOnly.TryParseExact(request.ExpiresOn, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var lastDay))
        {
            return Refused([new ApiKeyFault("expiresOn", "Say the last day on which the key works as yyyy-MM-dd: every key ends.")]);
        }

        // The answer holds a secret: nothing on the way may keep it.
        context.Response.Headers.CacheControl = "no-store";
        return await service.CreateAsync(new NewApiKey(request.Name ?? "", request.Scopes ?? [], lastDay), cancellationToken) switch
        {
            ApiKeyOutcome.Created created => Results.Created(
                $"/api/v1/api-keys/{created.Row.Id}",
                new NewApiKeyResponse(created.Row.Id, created.Key, created.Row.Name, created.Row.Prefix, created.Row.Scopes, created.Row.ExpiresAt)),
            ApiKeyOutcome.Refused refused => Refused(refused.Faults),
            _ => throw new InvalidOperationException("An outcome without an answer."),
        };
    }

    private static IResult Refused(IReadOnlyList<ApiKeyFault> faults) => Results.Problem(
        statusCode: 422, title: "No key was made", detail: string.Join(' ', faults.Select(fault => $"{fault.Field}: {fault.Message}")));

    private static ApiKeyResponse ToResponse(ApiKeyRow row, DateTimeOffset now) => new(
        row.Id, row.Name, row.Prefix, row.Scopes, row.StateAt(now), row.CreatedAt, row.CreatedBy, row.ExpiresAt, row.LastUsedAt, row.LastUsedFrom, row.RevokedAt,
        row.RevokedBy);
}
