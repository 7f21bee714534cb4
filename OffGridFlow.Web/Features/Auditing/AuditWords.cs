using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Auditing;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Web.Features.Auditing;

/// <summary>Actions, actors and subjects of the audit log as people say them.</summary>
public static class AuditWords
{
    /// <summary>Where the parts of an action do not make a sentence by themselves.</summary>
    private static readonly Dictionary<string, string> Actions = new(StringComparer.Ordinal)
    {
        ["session.refresh-reused"] = "Refresh token used twice, session ended",
        ["job.cancel-requested"] = "Job asked to stop",
        ["sign-in.succeeded"] = "Signed in",
        ["sign-in.refused"] = "Sign-in refused",
        ["sign-out.succeeded"] = "Signed out",
        ["tenant.created"] = "Organization created",
        ["tenant.switched"] = "Organization switched",
        ["assurance.exported"] = "Auditor’s papers exported",
    };

    private static readonly Dictionary<string, string> Nouns = new(StringComparer.Ordinal)
    {
        ["api-key"] = "API key", ["sign-in"] = "Sign-in", ["tenant"] = "Organization", ["audit"] = "Audit log", ["membership"] = "Membership", ["user"] = "Person",
    };

    /// <summary><c>membership.role-changed</c> becomes “Membership role changed”.</summary>
    public static string Action(string action)
    {
        if (Actions.TryGetValue(action, out var words)) return words;
        var dot = action.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? Noun(action) : Noun(action[..dot]) + " " + action[(dot + 1)..].Replace('-', ' ').Replace('.', ' ');
    }

    /// <summary>What an action is about: <c>import</c> of <c>import.queued</c>.</summary>
    public static string NounOf(string action) => action.Split('.', 2)[0];

    public static string Noun(string noun)
    {
        if (Nouns.TryGetValue(noun, out var words)) return words;
        var text = noun.Replace('-', ' ');
        return text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];
    }

    public static string ActorIcon(ActorKind kind) => kind switch
    {
        ActorKind.Person => "user",
        ActorKind.ApiKey => "key-round",
        _ => "server",
    };

    public static string ActorKindInWords(ActorKind kind) => kind switch
    {
        ActorKind.Person => "Person",
        ActorKind.ApiKey => "API key",
        _ => "The product itself",
    };

    /// <summary>The page of a subject, where it has one.</summary>
    public static string? Href(string subject) => Split(subject) switch
    {
        ("import", { } id) when Guid.TryParse(id, out _) => "/imports/" + id,
        ("job" or "schedule", _) => "/jobs",
        ("user" or "membership" or "invitation", _) => "/users",
        ("api-key", _) => "/api-keys",
        ("emissions", _) => "/emissions",
        ("factor", { } id) when Guid.TryParse(id, out _) => "/factors?factor=" + id,
        ("factor-set", _) => "/factors?view=own",
        ("calculation-run", { } id) when Guid.TryParse(id, out _) => "/runs/" + id,
        ("assurance-sample", { } id) when Guid.TryParse(id, out _) => "/assurance/samples/" + id,
        ("assurance-finding", { } id) when Guid.TryParse(id, out _) => "/assurance/findings/" + id,
        ("assurance-materiality", { } id) when Guid.TryParse(id, out _) => "/assurance?period=" + id,
        ("calculation-policy", _) => "/factors?view=preferences",
        _ => null,
    };

    /// <summary><c>import/0198…4f2a</c> becomes “Import …4f2a”: ids of one day begin alike, so the end tells them apart.</summary>
    public static string Subject(string subject)
    {
        var (kind, id) = Split(subject);
        return id is null ? Noun(kind) : Noun(kind) + " " + (Guid.TryParse(id, out _) ? "…" + id[^6..] : id);
    }

    /// <summary>The subject of an entry by its name, where the facts hold one; who did something to their own account needs no name twice.</summary>
    public static string Subject(AuditRow row, IReadOnlyList<AuditChange> changes) =>
        row.ActorId is { } actor && row.Subject == $"user/{actor}" ? "Own account" : AuditChange.NameIn(changes) ?? Subject(row.Subject);

    /// <summary>What an intact log was held against.</summary>
    public static string Intact(AuditVerification found)
    {
        var entries = found.Entries == 1 ? "One entry was" : $"{Format.Count(found.Entries)} entries were";
        var heads = found.HeadsChecked switch
        {
            0 => "no head has been signed yet",
            1 => "the one signed head agrees",
            var count => $"all {Format.Count(count)} signed heads agree",
        };
        var open = found.EntriesAfterLastHead switch
        {
            0 => "",
            1 => " The newest entry is not covered by a head yet.",
            var count => $" The newest {Format.Count(count)} entries are not covered by a head yet.",
        };
        return $"{entries} read and hashed anew in {Dates.Brief(found.Duration)}, and {heads}.{open}";
    }

    /// <summary>What changed in one line, or the first facts where nothing did; empty where there is nothing to say.</summary>
    public static string Summary(IReadOnlyList<AuditChange> changes)
    {
        var changed = changes.Where(change => change is { Changed: true, IsBrief: true }).ToList();
        var shown = changed.Count > 0
            ? changed.Select(change => $"{change.Field}: {change.Before ?? "nothing"} → {change.After ?? "nothing"}")
            : changes.Where(change => change is { Changed: false, IsBrief: true }).Select(change => $"{change.Field}: {change.After}");
        return string.Join(" · ", shown.Take(3));
    }

    private static (string Kind, string? Id) Split(string subject)
    {
        var slash = subject.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? (subject, null) : (subject[..slash], subject[(slash + 1)..]);
    }
}
