using OffGridFlow.Tests.Operations;

namespace OffGridFlow.Tests.Auditing;

/// <summary>The command that an operator runs, as a process of its own.</summary>
public sealed class AuditCommandTests(AuditWorld world) : IClassFixture<AuditWorld>
{
    [Fact]
    public async Task VerifyAudit_NamesEachBreak_AndEndsWithOne()
    {
        // Each made by the owner of the database in an organization of its own.
        var (edited, deleted, exchanged, cutOff) = (await world.AddSealedAsync(), await world.AddSealedAsync(), await world.AddSealedAsync(), await world.AddSealedAsync());
        var fine = await world.AddTenantAsync("Fine Company");
        await world.SealAsync();
        var intact = await VerifyAsync("--tenant", fine.ToString());
        intact.ExitCode.ShouldBe(0, intact.Output);
        intact.Output.ShouldMatch("^Fine Company: 1 entries, head 1 [0-9a-f]{12}…, 1 signed heads, intact");
        (await VerifyAsync()).ExitCode.ShouldBe(0);

        await world.TamperAsync("update audit_entries set details = '{}' where tenant_id = :t and sequence = 14", edited);
        await world.TamperAsync("delete from audit_entries where tenant_id = :t and sequence = 14", deleted);
        await world.TamperAsync(
            "update audit_entries set sequence = -sequence where tenant_id = :t and sequence in (4, 9); update audit_entries set sequence = 13 + sequence where tenant_id = :t and sequence < 0", exchanged);
        await world.TamperAsync("delete from audit_entries where tenant_id = :t; delete from tenants where id = :t", cutOff);
        var broken = await VerifyAsync();

        broken.ExitCode.ShouldBe(1);
        broken.Output.ShouldContain("A company: 20 entries, BROKEN (edited): Entry 14 (import.queued of ");
        broken.Output.ShouldContain("BROKEN (missing): Entry 14 is missing: after entry 13 (");
        broken.Output.ShouldContain("BROKEN (reordered): Entries 4 and 9 have exchanged places");
        broken.Output.ShouldContain($"Organization {cutOff}, which the table of organizations does not hold: 0 entries, BROKEN (truncated): Entries 1 to 20 are missing at the end: the log is empty");
        broken.Output.ShouldContain("Fine Company: 1 entries");
        (await VerifyAsync("--tenant", fine.ToString())).ExitCode.ShouldBe(0);
    }

    [Theory]
    [InlineData("--tenant")]
    [InlineData("--tenant", "no-id")]
    [InlineData("--tenant", "0199a7c2-0000-7000-8000-000000000001")]
    [InlineData("--all")]
    public async Task VerifyAudit_CalledWrongly_EndsWithTwo(params string[] options) => (await VerifyAsync(options)).ExitCode.ShouldBe(2);

    private Task<OtherProgram> VerifyAsync(params string[] options) => OtherProgram.RunAsync("dotnet", [AppProcess.Built, "verify-audit", .. options], new Dictionary<string, string>
    {
        ["ConnectionStrings__OffGridFlow"] = world.ConnectionString, ["OFFGRIDFLOW_DATA_DIR"] = world.DataFolder,
    });
}
