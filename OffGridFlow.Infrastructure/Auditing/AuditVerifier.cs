using System.Data;
using System.Globalization;
using System.Text;
using OffGridFlow.Core.Auditing;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Auditing;

/// <inheritdoc cref="IAuditVerifier"/>
internal sealed class AuditVerifier(TenantDatabase database, CurrentUser user, AuditHeadFiles headFiles, TimeProvider time) : IAuditVerifier
{
    /// <summary>The sealer comes by each second; what has stood for so long was passed by.</summary>
    public static readonly TimeSpan SealPatience = TimeSpan.FromMinutes(5);
    private const int ProgressStep = 10_000;

    public async Task<AuditVerification> VerifyAsync(IProgress<AuditProgress>? progress, CancellationToken cancellationToken)
    {
        var tenant = user.Require(Permissions.AuditRead).TenantId;
        var began = time.GetTimestamp();
        // Before the state of the database is fixed: a head is signed after its entry was committed, so each head's entry must be there.
        var heads = headFiles.Read(tenant, cancellationToken);
        await using var unit = await database.OpenAsync(IsolationLevel.RepeatableRead, cancellationToken);
        var counts = (await unit.Connection.ListAsync(
            "select count(*) filter (where sequence is not null), count(*) filter (where sequence is null) from audit_entries",
            row => (Sealed: row.GetInt64(0), Unsealed: row.GetInt64(1)), cancellationToken)).Single();
        var walk = new Walk(heads.Heads);
        var entryBreak = await WalkAsync(unit, walk, counts.Sealed, progress, cancellationToken)
            ?? FindTruncation(walk)
            ?? FindHeadFault(heads, walk)
            ?? await FindUnsealedAsync(unit, walk, cancellationToken);
        return new AuditVerification(
            tenant, counts.Sealed, walk.Sequence, walk.Sequence == 0 ? null : Convert.ToHexStringLower(walk.Hash), walk.HeadsChecked,
            Math.Max(0, walk.Sequence - (walk.LastHead?.Sequence ?? 0)), counts.Unsealed, time.GetElapsedTime(began), entryBreak);
    }

    private static async Task<AuditBreak?> WalkAsync(TenantUnit unit, Walk walk, long total, IProgress<AuditProgress>? progress, CancellationToken cancellationToken)
    {
        var chain = new AuditChain();
        var computed = new byte[AuditChain.HashLength];
        long read = 0;
        Suspect? suspect = null;
        await using (var reader = await AuditEntryReader.OpenAsync(unit.Connection, "sequence is not null", "sequence", cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                if (reader.Sequence > walk.Sequence + 1)
                {
                    return Missing(walk, reader);
                }

                if (reader.Sequence <= walk.Sequence)
                {
                    return Broken(AuditBreakKind.Edited, walk, reader.Sequence, reader.Content, $"{Name(reader.Sequence, reader.Content)} stands at a place that another entry holds or that no entry has: its number was changed.");
                }

                chain.Hash(reader.Content, reader.Sequence, walk.Hash, computed);
                if (!computed.AsSpan().SequenceEqual(reader.Hash.Span))
                {
                    suspect = new Suspect(reader.Sequence, Copy(reader.Content), reader.Hash.ToArray());
                    break;
                }

                walk.GoOn(reader.Sequence, computed, reader.Content);
                if (walk.CompareHeads() is { } head)
                {
                    return Rewritten(walk, head);
                }

                if (++read % ProgressStep == 0)
                {
                    progress?.Report(new AuditProgress(read, total));
                }
            }
        }

        progress?.Report(new AuditProgress(read, total));
        return suspect is null ? null : await JudgeAsync(unit, walk, suspect, chain, cancellationToken);
    }

    /// <summary>An entry that does not fit its place may be another's, unharmed: then its content, hashed for that other place, gives a hash that is stored.</summary>
    private static async Task<AuditBreak> JudgeAsync(TenantUnit unit, Walk walk, Suspect suspect, AuditChain chain, CancellationToken cancellationToken)
    {
        var computed = new byte[AuditChain.HashLength];
        var before = AuditChain.Start.ToArray();
        await using (var reader = await AuditEntryReader.OpenAsync(unit.Connection, "sequence is not null", "sequence", cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                if (reader.Sequence != suspect.Sequence)
                {
                    // When the two are neighbors, the hash that belongs before the second has moved to its place.
                    var moved = reader.Sequence == suspect.Sequence + 1 ? reader.Hash : before;
                    if (Fits(suspect.Content, before, reader) || Fits(suspect.Content, moved.Span, reader)
                        || Fits(suspect.Content with { Id = reader.Content.Id, SealedAt = reader.Content.SealedAt }, before, reader))
                    {
                        return Broken(
                            AuditBreakKind.Reordered, walk, suspect.Sequence, suspect.Content,
                            string.Create(CultureInfo.InvariantCulture, $"Entries {suspect.Sequence} and {reader.Sequence} have exchanged places: what stands at {suspect.Sequence} ({What(suspect.Content)}) was sealed as entry {reader.Sequence}."));
                    }
                }

                before = reader.Hash.ToArray();
            }
        }

        var other = suspect.Sequence == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $", or entry {suspect.Sequence - 1} before it was changed together with its seal");
        return Broken(AuditBreakKind.Edited, walk, suspect.Sequence, suspect.Content, $"{Name(suspect.Sequence, suspect.Content)} is not what was sealed: it was changed afterwards{other}.");

        bool Fits(AuditContent content, ReadOnlySpan<byte> previous, AuditEntryReader place)
        {
            chain.Hash(content, place.Sequence, previous, computed);
            return computed.AsSpan().SequenceEqual(place.Hash.Span) || computed.AsSpan().SequenceEqual(suspect.Hash);
        }
    }

    private static AuditBreak Missing(Walk walk, AuditEntryReader next)
    {
        var (first, last) = (walk.Sequence + 1, next.Sequence - 1);
        var before = walk.Sequence == 0 ? "the log begins with" : string.Create(CultureInfo.InvariantCulture, $"after entry {walk.Sequence} ({walk.LastEntry}) comes");
        return new AuditBreak(
            AuditBreakKind.Missing, $"{Missing(first, last)}: {before} entry {next.Sequence.ToString(CultureInfo.InvariantCulture)} ({What(next.Content)}). {Held(walk)}", first, last, HeldSince: walk.LastHead);
    }

    private static AuditBreak? FindTruncation(Walk walk)
    {
        if (walk.HeadsBeyond is not { } head)
        {
            return null;
        }

        var end = walk.Sequence == 0 ? "the log is empty" : string.Create(CultureInfo.InvariantCulture, $"the log ends with entry {walk.Sequence} ({walk.LastEntry})");
        return new AuditBreak(
            AuditBreakKind.Truncated,
            string.Create(CultureInfo.InvariantCulture, $"{Missing(walk.Sequence + 1, head.Sequence)} at the end: {end}, but the signed head of {Instant(head.At)} names entry {head.Sequence}. {Held(walk)}"),
            walk.Sequence + 1, head.Sequence, HeldSince: walk.LastHead);
    }

    private static AuditBreak Rewritten(Walk walk, AuditHead head)
    {
        var from = (walk.LastHead?.Sequence ?? 0) + 1;
        return new AuditBreak(
            AuditBreakKind.Rewritten,
            string.Create(CultureInfo.InvariantCulture, $"The log was written anew: entry {head.Sequence} ({walk.LastEntry}) has another hash than the signed head of {Instant(head.At)} names. Something from entry {from} to entry {head.Sequence} was changed, deleted or added, and all hashes after it computed again. {Held(walk)}"),
            from, head.Sequence, HeldSince: walk.LastHead);
    }

    private static AuditBreak? FindHeadFault(AuditHeadSet heads, Walk walk) =>
        heads.Fault is { } fault ? new AuditBreak(fault.Kind, fault.Sentence, HeldSince: walk.LastHead) : null;

    private async Task<AuditBreak?> FindUnsealedAsync(TenantUnit unit, Walk walk, CancellationToken cancellationToken)
    {
        var late = await unit.Connection.ListAsync(
            "select id, at, action from audit_entries where sequence is null and at < $1 order by at, id limit 1",
            row => (Id: row.GetGuid(0), At: row.GetFieldValue<DateTimeOffset>(1), Action: row.GetString(2)), cancellationToken, time.GetUtcNow() - SealPatience);
        return late.Count == 0 ? null : new AuditBreak(
            AuditBreakKind.Unsealed,
            $"The entry {late[0].Action} of {Instant(late[0].At)} ({late[0].Id}) has no seal after more than five minutes: the seal was taken away, or no OffGridFlow has run since. {Held(walk)}",
            EntryId: late[0].Id, At: late[0].At, Action: late[0].Action, HeldSince: walk.LastHead);
    }

    private static AuditBreak Broken(AuditBreakKind kind, Walk walk, long sequence, in AuditContent content, string sentence) => new(
        kind, $"{sentence} {Held(walk)}", sequence, null, content.Id, AuditContent.Instant(content.At), Encoding.UTF8.GetString(content.Action.Span), walk.LastHead);

    private static string Missing(long first, long last) => first == last
        ? string.Create(CultureInfo.InvariantCulture, $"Entry {first} is missing")
        : string.Create(CultureInfo.InvariantCulture, $"Entries {first} to {last} are missing");

    private static string Held(Walk walk) => walk.LastHead is { } head
        ? string.Create(CultureInfo.InvariantCulture, $"Up to entry {head.Sequence} the log is as it was signed at {Instant(head.At)}.")
        : "No signed head lies before it.";

    private static string Name(long sequence, in AuditContent content) => string.Create(CultureInfo.InvariantCulture, $"Entry {sequence} ({What(content)}, {content.Id})");

    private static string What(in AuditContent content) => $"{Encoding.UTF8.GetString(content.Action.Span)} of {Instant(AuditContent.Instant(content.At))}";

    private static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    private static AuditContent Copy(in AuditContent content) => content with
    {
        ActorKind = content.ActorKind.ToArray(), ActorName = content.ActorName.ToArray(), Address = Copy(content.Address), Action = content.Action.ToArray(),
        Subject = content.Subject.ToArray(), Details = content.Details.ToArray(), Before = Copy(content.Before), After = Copy(content.After),
    };

    private static ReadOnlyMemory<byte>? Copy(ReadOnlyMemory<byte>? text) => text is { } there ? there.ToArray() : default(ReadOnlyMemory<byte>?);

    /// <summary>An entry whose hash does not fit, apart from the buffer that it was read into.</summary>
    private sealed record Suspect(long Sequence, AuditContent Content, byte[] Hash);

    /// <summary>How far the chain has been followed, and the signed heads along it.</summary>
    private sealed class Walk(IReadOnlyList<AuditHead> heads)
    {
        private readonly byte[] _action = new byte[400];
        private int _actionLength;
        private long _at;
        private int _next;

        public long Sequence { get; private set; }

        public byte[] Hash { get; } = AuditChain.Start.ToArray();

        /// <summary>The last signed head that fits.</summary>
        public AuditHead? LastHead { get; private set; }

        public int HeadsChecked { get; private set; }

        /// <summary>The farthest head beyond the end of the chain.</summary>
        public AuditHead? HeadsBeyond => _next < heads.Count ? heads[^1] : null;

        public string LastEntry => $"{Encoding.UTF8.GetString(_action.AsSpan(0, _actionLength))} of {Instant(AuditContent.Instant(_at))}";

        public void GoOn(long sequence, ReadOnlySpan<byte> hash, in AuditContent content)
        {
            (Sequence, _at) = (sequence, content.At);
            hash.CopyTo(Hash);
            _actionLength = Math.Min(content.Action.Length, _action.Length);
            content.Action.Span[.._actionLength].CopyTo(_action);
        }

        /// <summary>The head of this place that names another hash; null when all fit.</summary>
        public AuditHead? CompareHeads()
        {
            for (; _next < heads.Count && heads[_next].Sequence <= Sequence; _next++)
            {
                if (heads[_next].Hash != Convert.ToHexStringLower(Hash))
                {
                    return heads[_next];
                }

                (LastHead, HeadsChecked) = (heads[_next], HeadsChecked + 1);
            }

            return null;
        }
    }
}
