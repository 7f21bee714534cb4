using System.Globalization;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Infrastructure.Organizations;
using OffGridFlow.Web.Features.Identity;
using OffGridFlow.Web.Features.Organizations;

namespace OffGridFlow.Web.Features.Inventory;

/// <param name="Reason">Asked of whoever asks for the step; a second person may leave it out.</param>
/// <param name="MissingReason">Why it may be locked although the collection plan misses data.</param>
public sealed record LockRequest(string? Reason, string? MissingReason);

/// <param name="Reason">Asked of whoever asks for the step; a second person may leave it out.</param>
public sealed record ReopenRequest(string? Reason);

/// <param name="Met">Whether it is so.</param>
/// <param name="Warning">Whether it may be locked all the same, with a reason.</param>
public sealed record LockConditionResponse(string Code, string Title, bool Met, bool Warning, long Count, string Message, string Link);

public sealed record LockStepResponse(int Number, LockAction Action, string Reason, string? MissingReason, string Author, DateTimeOffset At);

/// <param name="Sha256">Of the document at <c>…/snapshots/{number}</c>, byte by byte.</param>
public sealed record SnapshotResponse(
    int Number, string Approach, long LedgerNumber, string Sha256, string Reason, string AskedBy, DateTimeOffset AskedAt, string LockedBy, DateTimeOffset LockedAt);

public sealed record SnapshotListResponse(IReadOnlyList<SnapshotResponse> Items);

/// <param name="Ready">Whether nothing stands in the way of a lock; false while it is locked.</param>
/// <param name="Asked">What waits for a second person.</param>
public sealed record LockResponse(
    Guid PeriodId, string Name, DateOnly FirstDay, DateOnly LastDay, ReportingPeriodState State, bool Ready, bool AsksForSecondPerson, LockStepResponse? Asked,
    IReadOnlyList<LockConditionResponse> Conditions, IReadOnlyList<LockStepResponse> Steps, IReadOnlyList<SnapshotResponse> Snapshots);

/// <summary>kg CO2e; null where a state has no such group.</summary>
public sealed record SnapshotDifferenceRowResponse(string Scope2Method, string By, string Key, string Name, decimal? ReportedKgCo2e, decimal? RestatedKgCo2e, decimal ChangeKgCo2e);

/// <param name="To">Null: the ledger as it is now.</param>
/// <param name="Months">Whose results differ.</param>
public sealed record SnapshotDifferenceResponse(int From, int? To, bool IsEmpty, IReadOnlyList<string> Months, IReadOnlyList<SnapshotDifferenceRowResponse> Rows);

internal static class LockEndpoints
{
    private const string Path = "reporting-periods";

    public static void MapInventoryLocks(this RouteGroupBuilder api)
    {
        var group = api.MapGroup("/" + Path + "/{id:guid}").WithTags("Inventory");
        group.MapGet("/lock", async (Guid id, InventoryLocks service, CancellationToken cancellationToken) =>
                await service.FindAsync(id, cancellationToken) is { } state ? Results.Ok(ToResponse(state)) : EditAnswers.NotFound(Path, id))
            .RequireApiPermission(Permissions.ActivityDataRead).WithSummary("Where the inventory of a period stands: what is missing before a lock, who asked, the steps, the snapshots")
            .Produces<LockResponse>().ProducesProblem(404);
        group.MapPost("/lock", async (Guid id, LockRequest? request, InventoryLocks service, CancellationToken cancellationToken) =>
                Answer(id, await service.LockAsync(id, request?.Reason, request?.MissingReason, cancellationToken)))
            .RequireApiPermission(Permissions.CalculationsApprove).WithSummary("Lock the inventory; where the organization asks for a second person, the first only asks")
            .Produces<LockResponse>().ProducesProblem(404).ProducesProblem(409).ProducesProblem(422);
        group.MapDelete("/lock", async (Guid id, string? reason, InventoryLocks service, CancellationToken cancellationToken) =>
                Answer(id, await service.WithdrawAsync(id, reason, cancellationToken)))
            .RequireApiPermission(Permissions.CalculationsApprove).WithSummary("Take back what was asked for; what is locked stays locked")
            .Produces<LockResponse>().ProducesProblem(404).ProducesProblem(409).ProducesProblem(422);
        group.MapPost("/reopen", async (Guid id, ReopenRequest? request, InventoryLocks service, CancellationToken cancellationToken) =>
                Answer(id, await service.ReopenAsync(id, request?.Reason, cancellationToken)))
            .RequireApiPermission(Permissions.CalculationsApprove).WithSummary("Let a locked inventory change again; its snapshots stay")
            .Produces<LockResponse>().ProducesProblem(404).ProducesProblem(409).ProducesProblem(422);
        group.MapGet("/snapshots", async (Guid id, InventorySnapshots service, CancellationToken cancellationToken) =>
                await service.ListAsync(id, cancellationToken) is { } rows ? Results.Ok(new SnapshotListResponse([.. rows.Select(ToResponse)])) : EditAnswers.NotFound(Path, id))
            .RequireApiPermission(Permissions.ActivityDataRead).WithSummary("The snapshots of a period, the latest first, each with the SHA-256 of its document")
            .Produces<SnapshotListResponse>().ProducesProblem(404);
        group.MapGet("/snapshots/{number}", DocumentAsync).RequireApiPermission(Permissions.ActivityDataRead)
            .WithSummary("The document of a snapshot, byte by byte as its hash was taken (docs/methods/inventory-snapshot.md)")
            .Produces<object>().ProducesProblem(404);
        group.MapGet("/snapshots/{number}/difference", DifferenceAsync).RequireApiPermission(Permissions.ActivityDataRead)
            .WithSummary("What another snapshot (to), or the ledger as it is now, says otherwise: as reported and as restated").Produces<SnapshotDifferenceResponse>().ProducesProblem(404);
    }

    private static async Task<IResult> DocumentAsync(Guid id, string number, InventorySnapshots service, HttpResponse response, CancellationToken cancellationToken)
    {
        if (await service.FindAsync(id, Parse(number), cancellationToken) is not { } snapshot)
        {
            return NoSnapshot(id, number);
        }

        response.Headers.ETag = $"\"{snapshot.Sha256}\"";
        return Results.Text(snapshot.Content, "application/json", System.Text.Encoding.UTF8);
    }

    private static async Task<IResult> DifferenceAsync(Guid id, string number, int? to, InventorySnapshots service, CancellationToken cancellationToken) =>
        await service.CompareAsync(id, Parse(number), to, cancellationToken) is SnapshotComparison.Done { Difference: var difference }
            ? Results.Ok(new SnapshotDifferenceResponse(
                difference.From, difference.To, difference.IsEmpty, difference.Months,
                [.. difference.Rows.Select(row => new SnapshotDifferenceRowResponse(row.View, row.By, row.Key, row.Name, row.BeforeKg, row.AfterKg, row.ChangeKg))]))
            : NoSnapshot(id, to is { } other ? $"{number} or no snapshot {other.ToString(CultureInfo.InvariantCulture)}" : number);

    private static IResult Answer(Guid id, Edit<InventoryLockState> edit) => edit is Edit<InventoryLockState>.Done done ? Results.Ok(ToResponse(done.Item)) : EditAnswers.Refused(Path, id, edit);

    /// <summary>Snapshots count from 1: there is none of the number 0.</summary>
    private static int Parse(string number) => int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : 0;

    private static IResult NoSnapshot(Guid id, string number) => Results.Problem(
        statusCode: 404, title: "No such snapshot",
        detail: FormattableString.Invariant($"Your organization has no snapshot {number} of the period {id}. GET /api/v1/{Path}/{{id}}/snapshots lists those there are."));

    private static LockResponse ToResponse(InventoryLockState state) => new(
        state.Period.Id, state.Period.Name, state.Period.FirstDay, state.Period.LastDay, state.Period.State, state.Period.State == ReportingPeriodState.Open && state.IsReady,
        state.AsksForSecondPerson, state.Asked is { } asked ? ToResponse(asked) : null,
        [.. state.Conditions.Select(condition => new LockConditionResponse(
            condition.Code, condition.Title, condition.IsMet, condition.IsWarning, condition.Count, condition.Sentence, condition.Link))],
        [.. state.Steps.Select(ToResponse)], [.. state.Snapshots.Select(ToResponse)]);

    private static LockStepResponse ToResponse(LockStep step) => new(step.Number, step.Action, step.Reason, step.MissingReason, step.Author, step.At);

    private static SnapshotResponse ToResponse(InventorySnapshot snapshot) => new(
        snapshot.Number, snapshot.Approach, snapshot.LedgerNumber, snapshot.Sha256, snapshot.Reason, snapshot.AskedBy, snapshot.AskedAt, snapshot.Author, snapshot.At);
}
