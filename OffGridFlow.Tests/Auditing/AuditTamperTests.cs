using OffGridFlow.Infrastructure.Auditing;

namespace OffGridFlow.Tests.Auditing;

/// <summary>What an owner of the database can do to the log, and that the check names the first entry that suffers from it.</summary>
public sealed class AuditTamperTests(AuditWorld world) : IClassFixture<AuditWorld>
{
    private const string Entry = "audit_entries where tenant_id = :t and sequence";
    private const string SetWhere = "where tenant_id = :t and sequence";

    [Fact]
    public async Task Untouched_IsIntact()
    {
        var tenant = await world.AddSealedAsync();

        var found = await world.VerifyAsync(tenant);

        found.Break.ShouldBeNull();
        (found.Entries, found.HeadSequence, found.HeadsChecked, found.EntriesAfterLastHead, found.Unsealed).ShouldBe((20, 20, 2, 0, 0));
        found.HeadHash!.Length.ShouldBe(64);
    }

    [Fact]
    public async Task Empty_IsIntact() => (await world.VerifyAsync(Guid.CreateVersion7())).Intact.ShouldBeTrue();

    [Theory]
    [InlineData("details", "'{\"rows\": 1}'")]
    [InlineData("before", "'{}'")]
    [InlineData("after", "null")]
    [InlineData("at", "at + interval '1 microsecond'")]
    [InlineData("sealed_at", "sealed_at - interval '1 day'")]
    [InlineData("actor_kind", "'Product'")]
    [InlineData("actor_id", "null")]
    [InlineData("actor_name", "'Somebody else'")]
    [InlineData("address", "null")]
    [InlineData("action", "'import.undone'")]
    [InlineData("subject", "subject || '0'")]
    [InlineData("id", "gen_random_uuid()")]
    [InlineData("hash", "sha256('x')")]
    [InlineData("hash", "null")]
    public async Task Edit_OfAnyColumn_NamesTheEntry(string column, string value)
    {
        var tenant = await world.AddSealedAsync();
        await world.TamperAsync($"update audit_entries set {column} = {value} {SetWhere} = 14", tenant);

        var found = (await world.VerifyAsync(tenant)).Break!;

        (found.Kind, found.Sequence).ShouldBe((AuditBreakKind.Edited, 14));
        found.Sentence.ShouldStartWith("Entry 14 (");
        found.Sentence.ShouldContain("Up to entry 10 the log is as it was signed at ");
        found.HeldSince!.Sequence.ShouldBe(10);
    }

    [Theory]
    [InlineData($"delete from {Entry} = 14", AuditBreakKind.Missing, 14, 14)]
    [InlineData($"delete from {Entry} in (14, 15, 16)", AuditBreakKind.Missing, 14, 16)]
    [InlineData($"delete from {Entry} = 1", AuditBreakKind.Missing, 1, 1)]
    [InlineData($"update audit_entries set tenant_id = gen_random_uuid() {SetWhere} = 7", AuditBreakKind.Missing, 7, 7)]
    [InlineData($"update audit_entries set sequence = null, hash = null, sealed_at = null {SetWhere} = 7", AuditBreakKind.Missing, 7, 7)]
    [InlineData($"delete from {Entry} > 17", AuditBreakKind.Truncated, 18, 20)]
    [InlineData("delete from audit_entries where tenant_id = :t", AuditBreakKind.Truncated, 1, 20)]
    public async Task Deletion_NamesWhatIsMissing(string sql, AuditBreakKind kind, long first, long last)
    {
        var tenant = await world.AddSealedAsync();
        await world.TamperAsync(sql, tenant);

        var found = (await world.VerifyAsync(tenant)).Break!;

        (found.Kind, found.Sequence, found.LastSequence).ShouldBe((kind, first, last));
        found.Sentence.ShouldStartWith(first == last ? $"Entry {Text(first)} is missing" : $"Entries {Text(first)} to {Text(last)} are missing");
    }

    [Theory]
    [InlineData($"update audit_entries set sequence = -sequence {SetWhere} in (4, 9); update audit_entries set sequence = 13 + sequence where tenant_id = :t and sequence < 0", 9)]
    [InlineData($"update audit_entries set sequence = -sequence {SetWhere} in (4, 5); update audit_entries set sequence = 9 + sequence where tenant_id = :t and sequence < 0", 5)]
    [InlineData("update audit_entries a set at = b.at, actor_id = b.actor_id, actor_name = b.actor_name, address = b.address, subject = b.subject, details = b.details, before = b.before, after = b.after from audit_entries b where a.tenant_id = :t and b.tenant_id = :t and a.sequence in (4, 9) and b.sequence = 13 - a.sequence", 9)]
    [InlineData("update audit_entries a set at = b.at, actor_id = b.actor_id, actor_name = b.actor_name, address = b.address, subject = b.subject, details = b.details, before = b.before, after = b.after from audit_entries b where a.tenant_id = :t and b.tenant_id = :t and a.sequence in (4, 5) and b.sequence = 9 - a.sequence", 5)]
    public async Task Exchange_OfTwoEntries_NamesBoth(string sql, long other)
    {
        var tenant = await world.AddSealedAsync();
        await world.TamperAsync(sql, tenant);

        var found = (await world.VerifyAsync(tenant)).Break!;

        (found.Kind, found.Sequence).ShouldBe((AuditBreakKind.Reordered, 4));
        found.Sentence.ShouldStartWith($"Entries 4 and {Text(other)} have exchanged places");
    }

    [Fact]
    public async Task Edit_WithItsHash_IsFoundAtTheNextEntry_WhichNamesBoth()
    {
        var tenant = await world.AddSealedAsync();
        await world.TamperAsync($"update audit_entries set actor_name = 'Somebody else' {SetWhere} = 14", tenant);
        await world.RechainAsync(tenant);
        // All computed anew, then those after it put back: as if only one hash had been.
        (await world.VerifyAsync(tenant)).Break!.Kind.ShouldBe(AuditBreakKind.Rewritten);
        await world.TamperAsync($"update audit_entries set hash = sha256(hash) {SetWhere} = 15", tenant);

        var found = (await world.VerifyAsync(tenant)).Break!;

        (found.Kind, found.Sequence).ShouldBe((AuditBreakKind.Edited, 15));
        found.Sentence.ShouldContain("or entry 14 before it was changed together with its seal");
    }

    [Theory]
    [InlineData($"delete from {Entry} = 3", 1, 10)]
    [InlineData($"update audit_entries set details = '{{}}' {SetWhere} = 3", 1, 10)]
    [InlineData($"update audit_entries set details = '{{}}' {SetWhere} = 13", 11, 20)]
    public async Task ChainComputedAnew_IsFoundByTheSignedHeads(string sql, long from, long to)
    {
        var tenant = await world.AddSealedAsync();
        await world.TamperAsync(sql, tenant);
        await world.RechainAsync(tenant);

        var found = (await world.VerifyAsync(tenant)).Break!;

        (found.Kind, found.Sequence, found.LastSequence).ShouldBe((AuditBreakKind.Rewritten, from, to));
        found.Sentence.ShouldContain($"Something from entry {Text(from)} to entry {Text(to)} was changed, deleted or added");
    }

    [Theory]
    [InlineData($"update audit_entries set sequence = null, hash = null, sealed_at = null {SetWhere} = 7", 7)]
    [InlineData($"update audit_entries set sequence = null, hash = null, sealed_at = null {SetWhere} = 20", 20)]
    [InlineData($"delete from {Entry} = 20", 20)]
    public async Task SealTakenAway_OrEndCutOff_StaysVisible_AfterTheSealerCameBy(string sql, long missing)
    {
        var tenant = await world.AddSealedAsync();
        await world.TamperAsync(sql, tenant);
        await world.AddEntriesAsync(tenant, 3);
        world.Restart();
        await world.Heads.CatchUpAsync(AuditWorld.Stop);
        await world.SealAsync();

        var found = (await world.VerifyAsync(tenant)).Break!;

        (found.Kind, found.Sequence, found.LastSequence).ShouldBe((AuditBreakKind.Missing, missing, missing));
    }

    [Fact]
    public async Task EntryOfAnotherOrganization_PutIntoAGap_IsEdited()
    {
        var (tenant, other) = (await world.AddSealedAsync(), await world.AddSealedAsync());
        await world.TamperAsync($"delete from {Entry} = 14; update audit_entries set tenant_id = :t where tenant_id = '{other}' and sequence = 14", tenant);

        (await world.VerifyAsync(tenant)).Break!.ShouldSatisfyAllConditions(found => found.Kind.ShouldBe(AuditBreakKind.Edited), found => found.Sequence.ShouldBe(14));
        (await world.VerifyAsync(other)).Break!.ShouldSatisfyAllConditions(found => found.Kind.ShouldBe(AuditBreakKind.Missing), found => found.Sequence.ShouldBe(14));
    }

    [Fact]
    public async Task EntryWithoutASeal_IsNamed_OnceTheSealerMustHaveComeBy()
    {
        var tenant = await world.AddSealedAsync();
        await world.AddEntriesAsync(tenant, 1);
        (await world.VerifyAsync(tenant)).ShouldSatisfyAllConditions(found => found.Intact.ShouldBeTrue(), found => found.Unsealed.ShouldBe(1));
        await world.AddEntriesAsync(tenant, 1, TimeSpan.FromMinutes(6));

        var found = (await world.VerifyAsync(tenant)).Break!;

        (found.Kind, found.Action).ShouldBe((AuditBreakKind.Unsealed, "import.queued"));
    }

    private static string Text(long number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
