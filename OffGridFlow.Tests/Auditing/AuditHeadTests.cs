using System.Text;
using OffGridFlow.Infrastructure.Auditing;

namespace OffGridFlow.Tests.Auditing;

/// <summary>The files of signed heads: what a kill leaves is mended, what a person changes is named.</summary>
public sealed class AuditHeadTests(AuditWorld world) : IClassFixture<AuditWorld>, IDisposable
{
    public void Dispose()
    {
        // Each test has the series for itself; its key stays.
        if (Directory.Exists(world.HeadsFolder))
        {
            Directory.Delete(world.HeadsFolder, recursive: true);
        }

        world.Restart();
    }

    [Fact]
    public async Task Heads_AreSignedOnce_WhoeverAsks_AndTheKeyIsForItsOwnerOnly()
    {
        var tenant = await world.AddSealedAsync();
        await world.SealAsync();
        world.Restart();
        await world.SealAsync();

        Lines().Count(line => line.Contains(tenant.ToString(), StringComparison.Ordinal)).ShouldBe(2);
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(world.KeyFile).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        (await File.ReadAllTextAsync(Path.ChangeExtension(world.KeyFile, ".pub"), AuditWorld.Stop)).ShouldStartWith("-----BEGIN PUBLIC KEY-----");
    }

    [Fact]
    public async Task Line_TornAtAnyByte_IsTakenAway_AndTheSeriesGoesOn()
    {
        var tenant = await world.AddSealedAsync();
        var whole = await File.ReadAllBytesAsync(HeadFile(), AuditWorld.Stop);
        var last = Encoding.UTF8.GetString(whole).TrimEnd('\n').LastIndexOf('\n') + 1;
        foreach (var length in Enumerable.Range(0, 12).Select(part => last + (whole.Length - 1 - last) * part / 11))
        {
            await File.WriteAllBytesAsync(HeadFile(), whole[..length], AuditWorld.Stop);
            world.Restart();
            (await world.VerifyAsync(tenant)).Intact.ShouldBeTrue();

            await world.Heads.CatchUpAsync(AuditWorld.Stop);
            await world.SealAsync();

            (await world.VerifyAsync(tenant)).ShouldSatisfyAllConditions(found => found.Break.ShouldBeNull(), found => found.HeadsChecked.ShouldBe(2));
            Lines().Count(line => line.Contains(tenant.ToString(), StringComparison.Ordinal)).ShouldBe(2);
        }
    }

    [Fact]
    public async Task Files_ThatWereLost_CatchUpAtTheNextStart()
    {
        var tenant = await world.AddSealedAsync();
        Directory.Delete(world.HeadsFolder, recursive: true);
        world.Restart();
        (await world.VerifyAsync(tenant)).EntriesAfterLastHead.ShouldBe(20);

        await world.SealAsync();

        (await world.VerifyAsync(tenant)).ShouldSatisfyAllConditions(found => found.Intact.ShouldBeTrue(), found => found.HeadsChecked.ShouldBe(1), found => found.EntriesAfterLastHead.ShouldBe(0));
    }

    [Fact]
    public async Task TwoProcesses_InOneFolder_WriteOneSeries()
    {
        var tenants = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => world.AddTenantAsync()));
        await world.Sealer.SealAsync(AuditWorld.Stop);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            var process = new AuditHeadFiles(world.HeadsFolder, new AuditSigningKey(world.KeyFile));
            foreach (var tenant in tenants)
            {
                await process.AppendAsync([new AuditHead(tenant, 1, (await world.VerifyAsync(tenant)).HeadHash!, TimeProvider.System.GetUtcNow())], AuditWorld.Stop);
            }
        }));

        Lines().Length.ShouldBe(4);
        foreach (var tenant in tenants)
        {
            (await world.VerifyAsync(tenant)).ShouldSatisfyAllConditions(found => found.Break.ShouldBeNull(), found => found.HeadsChecked.ShouldBe(1));
        }
    }

    [Theory]
    [InlineData("\"sequence\":20", "\"sequence\":19")]
    [InlineData("\"signature\":\"", "\"signature\":\"A")]
    [InlineData("{\"tenant\"", "{\"Tenant\"")]
    public async Task Line_ThatWasChanged_IsForged(string from, string to)
    {
        var tenant = await world.AddSealedAsync();
        await File.WriteAllTextAsync(HeadFile(), (await File.ReadAllTextAsync(HeadFile(), AuditWorld.Stop)).Replace(from, to, StringComparison.Ordinal), AuditWorld.Stop);

        (await world.VerifyAsync(tenant)).Break!.Kind.ShouldBe(AuditBreakKind.HeadForged);
    }

    [Fact]
    public async Task Line_ThatWasTakenOut_IsMissing()
    {
        var tenant = await world.AddSealedAsync();
        await File.WriteAllLinesAsync(HeadFile(), Lines()[1..], AuditWorld.Stop);

        var found = (await world.VerifyAsync(tenant)).Break!;

        found.Kind.ShouldBe(AuditBreakKind.HeadMissing);
        found.Sentence.ShouldContain("line 1 of ");
    }

    [Fact]
    public async Task Heads_OfAnotherKey_AreForged()
    {
        var tenant = await world.AddSealedAsync();
        var files = new AuditHeadFiles(world.HeadsFolder, new AuditSigningKey(Path.Combine(world.DataFolder, "other.key")));
        await files.AppendAsync([new AuditHead(tenant, 21, new string('0', 64), TimeProvider.System.GetUtcNow())], AuditWorld.Stop);

        (await world.VerifyAsync(tenant)).Break!.Kind.ShouldBe(AuditBreakKind.HeadForged);
    }

    private string HeadFile() => Directory.EnumerateFiles(world.HeadsFolder, "*.jsonl").Single();

    private string[] Lines() => File.ReadAllLines(HeadFile());
}
