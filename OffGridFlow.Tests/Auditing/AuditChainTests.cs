using System.Globalization;
using System.Text;
using OffGridFlow.Core.Auditing;
using OffGridFlow.Tests.Rules;

namespace OffGridFlow.Tests.Auditing;

public sealed class AuditChainTests
{
    /// <summary>The worked example of docs/methods/audit-chain.md.</summary>
    private static readonly AuditContent Example = new(
        Guid.Parse("0199a7c2-0000-7000-8000-00000000000a"), Guid.Parse("0199a7c2-1111-7000-8000-000000000001"), 1_795_253_400_123_456, Utf8("Person"),
        Guid.Parse("0199a7c2-2222-7000-8000-000000000002"), Utf8("Zoë Lindqvist"), Utf8("203.0.113.7"), Utf8("import.published"),
        Utf8("import/0199a7c2-3333-7000-8000-000000000003"), Utf8("""{"rows": 1200, "fileName": "märz.csv"}"""), null, Utf8("{}"), 1_795_253_401_000_000);

    [Fact]
    public void Example_OfTheMethod_HasTheBytesAndTheHashThatItPrints()
    {
        var method = File.ReadAllText(Path.Combine(Repository.Root, "docs", "methods", "audit-chain.md"));
        var chain = new AuditChain();
        var hash = new byte[AuditChain.HashLength];

        var bytes = Encoding.UTF8.GetString(chain.Canonical(Example, 1, AuditChain.Start));
        chain.Hash(Example, 1, AuditChain.Start, hash);

        method.ShouldContain(bytes);
        method.ShouldContain(Convert.ToHexStringLower(hash));
        AuditContent.Microseconds(DateTimeOffset.Parse("2026-11-21T09:30:00.123456Z", CultureInfo.InvariantCulture)).ShouldBe(Example.At);
    }

    [Fact]
    public void NoValue_PassesForAnother()
    {
        // Null and empty; a border between two fields that moves; a text that looks like the form itself.
        HashOf(Example with { Before = Utf8("") }).ShouldNotBe(HashOf(Example with { Before = null }));
        HashOf(Example with { Action = Utf8("ab"), Subject = Utf8("c") }).ShouldNotBe(HashOf(Example with { Action = Utf8("a"), Subject = Utf8("bc") }));
        HashOf(Example with { Before = null, After = Utf8("x") }).ShouldNotBe(HashOf(Example with { Before = Utf8("x"), After = null }));
        HashOf(Example with { Address = Utf8("-") }).ShouldNotBe(HashOf(Example with { Address = null }));
        HashOf(Example with { ActorName = Utf8("1:a,1:b"), Address = Utf8("") }).ShouldNotBe(HashOf(Example with { ActorName = Utf8("1:a"), Address = Utf8("1:b") }));
    }

    [Fact]
    public void AnyEntry_AnySingleFieldChanged_HasAnotherHash()
    {
        var random = new Random(20261121);
        for (var round = 0; round < 1000; round++)
        {
            var entry = Any(random);
            var (sequence, previous) = (random.NextInt64(1, long.MaxValue), new byte[AuditChain.HashLength]);
            random.NextBytes(previous);
            AuditContent[] changed =
            [
                entry with { TenantId = Guid.CreateVersion7() }, entry with { Id = Guid.CreateVersion7() }, entry with { At = Other(random, entry.At) },
                entry with { ActorKind = Other(random, entry.ActorKind) }, entry with { ActorId = entry.ActorId is null ? Guid.CreateVersion7() : null },
                entry with { ActorName = Other(random, entry.ActorName) }, entry with { Address = Other(random, entry.Address) },
                entry with { Action = Other(random, entry.Action) }, entry with { Subject = Other(random, entry.Subject) },
                entry with { Details = Other(random, entry.Details) }, entry with { Before = Other(random, entry.Before) }, entry with { After = Other(random, entry.After) },
                entry with { SealedAt = Other(random, entry.SealedAt) },
            ];

            var hash = HashOf(entry, sequence, previous);

            changed.Select(other => HashOf(other, sequence, previous)).ShouldNotContain(hash);
            HashOf(entry, sequence - 1, previous).ShouldNotBe(hash);
            HashOf(entry, sequence, AuditChain.Start).ShouldNotBe(hash);
            HashOf(entry, sequence, previous).ShouldBe(hash);
        }
    }

    [Fact]
    public void Buffer_ThatHadToGrow_GivesTheSameHash()
    {
        var chain = new AuditChain();
        var large = Example with { Details = Utf8(new string('ä', 100_000)) };
        var (first, again) = (new byte[AuditChain.HashLength], new byte[AuditChain.HashLength]);

        chain.Hash(large, 7, AuditChain.Start, first);
        chain.Hash(Example, 8, first, again);
        chain.Hash(large, 7, AuditChain.Start, again);

        again.ShouldBe(first);
    }

    private static ReadOnlyMemory<byte> Utf8(string text) => AuditContent.Utf8(text);

    private static AuditContent Any(Random random) => new(
        Guid.CreateVersion7(), Guid.CreateVersion7(), random.NextInt64(), Text(random), random.Next(2) == 0 ? null : Guid.CreateVersion7(), Text(random),
        Perhaps(random), Text(random), Text(random), Text(random), Perhaps(random),
        Perhaps(random), random.NextInt64());

    /// <summary>Short and from few characters, those of the form itself among them: what could be confused is.</summary>
    private static ReadOnlyMemory<byte> Text(Random random) => Utf8(new string(random.GetItems<char>("01-:,aä", random.Next(6))));

    private static ReadOnlyMemory<byte>? Perhaps(Random random) => random.Next(2) == 0 ? default(ReadOnlyMemory<byte>?) : Text(random);

    private static ReadOnlyMemory<byte> Other(Random random, ReadOnlyMemory<byte> text)
    {
        var other = Text(random);
        return other.Span.SequenceEqual(text.Span) ? (byte[])[.. text.Span, (byte)'0'] : other;
    }

    private static ReadOnlyMemory<byte>? Other(Random random, ReadOnlyMemory<byte>? text) =>
        text is { } there ? random.Next(3) == 0 ? default(ReadOnlyMemory<byte>?) : Other(random, there) : Text(random);

    private static long Other(Random random, long number) => random.Next(2) == 0 ? number + 1 : random.NextInt64();

    private static string HashOf(AuditContent content) => HashOf(content, 1, AuditChain.Start);

    private static string HashOf(AuditContent content, long sequence, ReadOnlySpan<byte> previous)
    {
        var hash = new byte[AuditChain.HashLength];
        new AuditChain().Hash(content, sequence, previous, hash);
        return Convert.ToHexString(hash);
    }
}
