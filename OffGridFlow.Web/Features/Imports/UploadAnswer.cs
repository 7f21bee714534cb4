using OffGridFlow.Infrastructure.Imports;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Web.Features.Imports;

/// <summary>What the upload endpoint said, read from status and body. The contract stands at the top of og.js.</summary>
internal static class UploadAnswer
{
    /// <summary>Null when the upload was cancelled or the connection broke: status 0.</summary>
    public static ImportStart? Read(int status, string body)
    {
        if (status == 0) return null;
        var answer = UploadForm.Read<Answer>(body);
        return status switch
        {
            202 when answer.Id is { } id => new ImportStart.Accepted(id),
            200 when answer.Id is { } id => new ImportStart.Existing(id),
            409 => ConflictOf(answer),
            422 => new ImportStart.Refused(
                answer.Reason ?? answer.Detail ?? "The file could not be read.", answer.Fix ?? "Check that it is a cost report as the provider writes it, then upload it again.", answer.Line, answer.MayBeTable),
            413 => new ImportStart.Refused("The file is larger than this server takes.", "Split it by month, or ask an administrator to raise the limit.", null),
            401 => new ImportStart.Refused("Your session has ended.", "Nothing was stored. Sign in again, which opens a new tab; the file stays chosen here.", null),
            503 or 507 => new ImportStart.Refused(answer.Title is { } title ? title + "." : "The server cannot take the file at present.", answer.Detail ?? "Try again in a moment.", null),
            403 => new ImportStart.Refused("Your role does not allow imports.", "An analyst, compliance manager or administrator can do this.", null),
            _ => new ImportStart.Refused(
                answer.Detail ?? $"The server answered with status {status.ToString(System.Globalization.CultureInfo.InvariantCulture)}.", "Nothing was loaded. Try again; if it happens again, tell your administrator.", null),
        };
    }

    /// <summary>The draft of the import wizard that an upload led to; null when it led elsewhere.</summary>
    public static Guid? ReadDraft(int status, string body) => status is 200 or 201 ? UploadForm.Read<Answer>(body).DraftId : null;

    private static ImportStart.Conflict ConflictOf(Answer answer)
    {
        var periods = (answer.Periods ?? []).Select(p => new ConflictPeriod(
            p.Provider ?? "", p.Account, p.BillingMonth, p.State == "loading", p.Rows, p.Cost ?? new Dictionary<string, decimal>(), p.FileName ?? "", p.NewRows)).ToList();
        return new ImportStart.Conflict(answer.Detail ?? "", periods, answer.Total ?? ConflictTotal.Of(periods));
    }

    private sealed record Answer
    {
        public Guid? Id { get; init; }
        public Guid? DraftId { get; init; }
        public string? Title { get; init; }
        public string? Detail { get; init; }
        public string? Reason { get; init; }
        public string? Fix { get; init; }
        public long? Line { get; init; }
        public bool MayBeTable { get; init; }
        public IReadOnlyList<Period>? Periods { get; init; }
        public ConflictTotal? Total { get; init; }
    }

    private sealed record Period(
        string? Provider, string Account, DateOnly BillingMonth, string? State, long Rows, IReadOnlyDictionary<string, decimal>? Cost, string? FileName, long NewRows);
}
