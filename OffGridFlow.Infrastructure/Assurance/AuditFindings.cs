using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using OffGridFlow.Core.Assurance;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Organizations;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Assurance;

/// <summary>A finding as an auditor writes it. Members as <see cref="FindingVersion"/>.</summary>
public sealed record FindingInput
{
    public FindingKind Kind { get; set; }
    public string? Title { get; set; }
    public string? Observation { get; set; }
    public string? Criterion { get; set; }
    public string? Cause { get; set; }
    public decimal? EffectKg { get; set; }
    public string? NotQuantified { get; set; }
    public int? Scope { get; set; }
    public Scope2Method? View { get; set; }
    public Guid? ResultId { get; set; }
    public Guid? EntryId { get; set; }
    public string? AssignedTo { get; set; }

    /// <summary>Words of a request that were not understood: told with all else, once it is clear that the finding or its period is there.</summary>
    [JsonIgnore]
    public IReadOnlyList<FieldFault> Misread { get; init; } = [];

    public static FindingInput Of(FindingVersion version) => new()
    {
        Kind = version.Kind, Title = version.Title, Observation = version.Observation, Criterion = version.Criterion, Cause = version.Cause, EffectKg = version.EffectKg,
        NotQuantified = version.NotQuantified, Scope = version.Scope, View = version.View, ResultId = version.ResultId, EntryId = version.EntryId, AssignedTo = version.AssignedTo,
    };
}

/// <summary>How a finding ends, or begins again.</summary>
public sealed record FindingClosing
{
    /// <summary><see cref="FindingStatus.Open"/> opens it again.</summary>
    public FindingStatus Status { get; set; } = FindingStatus.Corrected;

    /// <summary>With <see cref="FindingStatus.Corrected"/>: <c>entry/ID/VERSION</c>, <c>run/ID</c>, or another reference in words.</summary>
    public string? CorrectedBy { get; set; }
    public string? Note { get; set; }
}

/// <summary>An auditor's findings: recorded, answered by the organization, closed by the auditor. Each step is a version.</summary>
internal sealed class AuditFindings(TenantDatabase database, CurrentUser user, TimeProvider time)
{
    /// <summary>By number; null where there is no such period.</summary>
    public async Task<IReadOnlyList<FindingRow>?> ListAsync(Guid periodId, CancellationToken cancellationToken)
    {
        user.Require(Permissions.AssuranceRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await AssuranceWork.PeriodAsync(unit, periodId, cancellationToken) is null ? null : await FindingReading.ListAsync(unit, periodId, cancellationToken);
    }

    public async Task<FindingDetail?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        user.Require(Permissions.AssuranceRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await FindingReading.FindAsync(unit, id, cancellationToken);
    }

    public async Task<Edit<FindingVersion>> RecordAsync(Guid periodId, FindingInput input, CancellationToken cancellationToken)
    {
        var actor = user.Require(Permissions.AssuranceWrite);
        await using var unit = await database.OpenAsync(cancellationToken);
        await AssuranceWork.LockAsync(unit, cancellationToken);
        if (await AssuranceWork.PeriodAsync(unit, periodId, cancellationToken) is null)
        {
            return new Edit<FindingVersion>.Gone();
        }

        var faults = await FaultsAsync(unit, input, cancellationToken);
        if (faults.Count > 0)
        {
            return new Edit<FindingVersion>.Refused(faults);
        }

        var finding = new Finding
        {
            Id = Guid.CreateVersion7(time.GetUtcNow()), TenantId = actor.TenantId, PeriodId = periodId,
            Number = (await unit.Context.AssuranceFindings.Where(other => other.PeriodId == periodId).MaxAsync(other => (int?)other.Number, cancellationToken) ?? 0) + 1,
        };
        unit.Context.Add(finding);
        return await AddAsync(unit, finding, null, "assurance-finding.recorded", Make(actor, finding.Id, 1, FindingStep.Recorded, FindingStatus.Open, input, null), cancellationToken);
    }

    /// <param name="version">The one that was seen.</param>
    public Task<Edit<FindingVersion>> ChangeAsync(Guid id, int version, FindingInput input, CancellationToken cancellationToken)
    {
        var actor = user.Require(Permissions.AssuranceWrite);
        return StepAsync(
            id, version, (unit, _) => FaultsAsync(unit, input, cancellationToken), latest => latest.Status is FindingStatus.Open or FindingStatus.Answered
                ? null : "It is closed. Open it again first, with a reason, then change it.",
            latest => Make(actor, id, latest.Version + 1, FindingStep.Changed, latest.Status, input, latest), "assurance-finding.changed", cancellationToken);
    }

    /// <summary>What the organization says of it.</summary>
    /// <param name="version">The one that was seen.</param>
    public Task<Edit<FindingVersion>> AnswerAsync(Guid id, int version, string? answer, CancellationToken cancellationToken)
    {
        var actor = user.Require(Permissions.ActivityDataWrite);
        return StepAsync(
            id, version, (_, _) => Task.FromResult(Said("answer", answer, "Say what the organization thinks of it, and what it will do until when")),
            latest => latest.Status is FindingStatus.Open or FindingStatus.Answered ? null : "It is closed: an answer would change nothing. A comment can still be written.",
            latest => Next(actor, latest, FindingStep.Answered, FindingStatus.Answered, answer: answer!.Trim()), "assurance-finding.answered", cancellationToken);
    }

    /// <summary>Corrected, uncorrected, withdrawn; or open again.</summary>
    /// <param name="version">The one that was seen.</param>
    public Task<Edit<FindingVersion>> CloseAsync(Guid id, int version, FindingClosing closing, CancellationToken cancellationToken)
    {
        var actor = user.Require(Permissions.AssuranceWrite);
        var reopens = closing.Status == FindingStatus.Open;
        return StepAsync(
            id, version, (unit, _) => FaultsAsync(unit, closing, cancellationToken),
            latest => (latest.Status is FindingStatus.Open or FindingStatus.Answered, reopens) switch
            {
                (true, true) => "It is open.",
                (false, false) => "It is closed. Open it again first, with a reason.",
                _ => null,
            },
            latest => Next(
                actor, latest, reopens ? FindingStep.Reopened : FindingStep.Closed, closing.Status, note: Faults.Clean(closing.Note),
                correctedBy: closing.Status == FindingStatus.Corrected ? closing.CorrectedBy!.Trim() : null),
            reopens ? "assurance-finding.reopened" : "assurance-finding.closed", cancellationToken);
    }

    /// <summary>Words of anybody who may read it. Nothing else of it changes, so that no version has to be named.</summary>
    public Task<Edit<FindingVersion>> CommentAsync(Guid id, string? text, CancellationToken cancellationToken)
    {
        var actor = user.Require(Permissions.AssuranceRead);
        return StepAsync(
            id, null, (_, _) => Task.FromResult(Said("text", text, "Write the comment")), _ => null,
            latest => Next(actor, latest, FindingStep.Commented, latest.Status, note: text!.Trim(), correctedBy: latest.CorrectedBy), "assurance-finding.commented", cancellationToken);
    }

    private async Task<Edit<FindingVersion>> StepAsync(
        Guid id, int? version, Func<TenantUnit, FindingVersion, Task<Faults>> look, Func<FindingVersion, string?> held, Func<FindingVersion, FindingVersion> make, string action,
        CancellationToken cancellationToken)
    {
        await using var unit = await database.OpenAsync(cancellationToken);
        await AssuranceWork.LockAsync(unit, cancellationToken);
        if (await unit.Context.AssuranceFindings.SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } finding)
        {
            return new Edit<FindingVersion>.Gone();
        }

        var latest = await unit.Context.AssuranceFindingVersions.Where(row => row.FindingId == id).OrderByDescending(row => row.Version).FirstAsync(cancellationToken);
        if (version is not null && version != latest.Version)
        {
            return new Edit<FindingVersion>.Stale();
        }

        if (held(latest) is { } reason)
        {
            return new Edit<FindingVersion>.Held(reason);
        }

        var faults = await look(unit, latest);
        return faults.Count > 0 ? new Edit<FindingVersion>.Refused(faults) : await AddAsync(unit, finding, latest, action, make(latest), cancellationToken);
    }

    private static async Task<Edit<FindingVersion>> AddAsync(
        TenantUnit unit, Finding finding, FindingVersion? former, string action, FindingVersion version, CancellationToken cancellationToken)
    {
        unit.Context.Add(version);
        var (was, now) = Editing.Difference(former is null ? new FindingInput() : FindingInput.Of(former), FindingInput.Of(version));
        unit.Audit(
            action, $"assurance-finding/{finding.Id}", new { finding.Number, version.Version, version.Status, version.Title, version.Answer, version.CorrectedBy, version.Note }, was, now);
        await unit.CommitAsync(cancellationToken);
        return new Edit<FindingVersion>.Done(version);
    }

    private FindingVersion Make(Actor actor, Guid id, int version, FindingStep step, FindingStatus status, FindingInput input, FindingVersion? latest) => new()
    {
        TenantId = actor.TenantId, FindingId = id, Version = version, Step = step, Status = status, Kind = input.Kind, Title = input.Title!.Trim(), Observation = input.Observation!.Trim(),
        Criterion = Faults.Clean(input.Criterion), Cause = Faults.Clean(input.Cause), EffectKg = input.EffectKg, NotQuantified = input.EffectKg is null ? Faults.Clean(input.NotQuantified) : null,
        Scope = input.EffectKg is null ? null : input.Scope, View = input is { EffectKg: not null, Scope: 2 } ? input.View : null, ResultId = input.ResultId, EntryId = input.EntryId,
        AssignedTo = Faults.Clean(input.AssignedTo), Answer = latest?.Answer, AuthorId = actor.Id, Author = actor.DisplayName, At = time.GetUtcNow(),
    };

    private FindingVersion Next(
        Actor actor, FindingVersion latest, FindingStep step, FindingStatus status, string? answer = null, string? note = null, string? correctedBy = null) => new()
    {
        TenantId = latest.TenantId, FindingId = latest.FindingId, Version = latest.Version + 1, Step = step, Status = status, Kind = latest.Kind, Title = latest.Title,
        Observation = latest.Observation, Criterion = latest.Criterion, Cause = latest.Cause, EffectKg = latest.EffectKg, NotQuantified = latest.NotQuantified, Scope = latest.Scope,
        View = latest.View, ResultId = latest.ResultId, EntryId = latest.EntryId, AssignedTo = latest.AssignedTo, Answer = answer ?? latest.Answer, CorrectedBy = correctedBy, Note = note,
        AuthorId = actor.Id, Author = actor.DisplayName, At = time.GetUtcNow(),
    };

    private static Faults Said(string field, string? text, string what)
    {
        var faults = new Faults();
        faults.Required(field, text, PaperLengths.Text, what);
        return faults;
    }

    private static async Task<Faults> FaultsAsync(TenantUnit unit, FindingInput input, CancellationToken cancellationToken)
    {
        var faults = new Faults();
        faults.AddRange(input.Misread);
        faults.Required("title", input.Title, PaperLengths.Title, "Name the finding in a few words");
        faults.Required("observation", input.Observation, PaperLengths.Text, "Say what was seen");
        faults.Optional("criterion", input.Criterion, PaperLengths.Line);
        faults.Optional("cause", input.Cause, PaperLengths.Text);
        faults.Optional("notQuantified", input.NotQuantified, PaperLengths.Text);
        faults.Optional("assignedTo", input.AssignedTo, PaperLengths.Author);
        faults.Mass("effectKg", input.EffectKg, negative: true);
        if (input.EffectKg is null && string.IsNullOrWhiteSpace(input.NotQuantified))
        {
            faults.Add("notQuantified", "Give its effect in kg CO2e, or say why it cannot be quantified.");
        }

        if (input.EffectKg is not null && input.Scope is not (>= 1 and <= 3))
        {
            faults.Add("scope", "Say in which scope the effect lies: 1, 2 or 3.");
        }

        if (input.ResultId is { } result && !await ExistsAsync(unit, "select exists (select from emission_records where id = $1)", result, cancellationToken))
        {
            faults.Add("resultId", "Your organization has no such result. Its id stands in its trail.");
        }

        if (input.EntryId is { } entry && !await ExistsAsync(unit, "select exists (select from activity_entries where id = $1)", entry, cancellationToken))
        {
            faults.Add("entryId", "Your organization has no such entry. Its id stands in the address of its page.");
        }

        return faults;
    }

    private static async Task<Faults> FaultsAsync(TenantUnit unit, FindingClosing closing, CancellationToken cancellationToken)
    {
        var faults = new Faults();
        faults.Optional("note", closing.Note, PaperLengths.Text);
        if (closing.Status == FindingStatus.Answered)
        {
            faults.Add("status", "An answer is the organization’s. Close the finding as corrected, uncorrected or withdrawn, or open it again.");
        }
        else if (closing.Status == FindingStatus.Corrected)
        {
            faults.Required("correctedBy", closing.CorrectedBy, PaperLengths.Line, "Say what corrected it: entry/ID/VERSION, run/ID, or another reference in words");
            if (faults.Count == 0 && !await IsKnownAsync(unit, closing.CorrectedBy!.Trim(), cancellationToken))
            {
                faults.Add("correctedBy", "Your organization has no such version of an entry and no such approved run. Look it up, or write the reference in words.");
            }
        }
        else if (string.IsNullOrWhiteSpace(closing.Note))
        {
            faults.Add("note", closing.Status switch
            {
                FindingStatus.Open => "Say why it is opened again.",
                FindingStatus.Withdrawn => "Say why it was none.",
                _ => "Say why it stays as it is, in the organization’s words.",
            });
        }

        return faults;
    }

    /// <summary>Whether what looks like an entry's version or a run is one; other words pass.</summary>
    private static async Task<bool> IsKnownAsync(TenantUnit unit, string reference, CancellationToken cancellationToken) => reference.Split('/') switch
    {
        ["entry", var id, var version] when Guid.TryParse(id, out var entry) && int.TryParse(version, System.Globalization.CultureInfo.InvariantCulture, out var number) =>
            await unit.Connection.ScalarAsync<bool>("select exists (select from activity_entry_versions where entry_id = $1 and version = $2)", cancellationToken, entry, number),
        ["run", var id] when Guid.TryParse(id, out var run) => await ExistsAsync(unit, "select exists (select from calculation_runs where id = $1 and state = 'Approved')", run, cancellationToken),
        ["entry" or "run", ..] => false,
        _ => true,
    };

    private static Task<bool> ExistsAsync(TenantUnit unit, string statement, Guid id, CancellationToken cancellationToken) =>
        unit.Connection.ScalarAsync<bool>(statement, cancellationToken, id);
}
