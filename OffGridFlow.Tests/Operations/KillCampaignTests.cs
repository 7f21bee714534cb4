using Npgsql;
using OffGridFlow.Benchmarks.Kills;
using OffGridFlow.Tests.CloudUsage;
using OffGridFlow.Tests.Imports;
using OffGridFlow.Tests.Persistence;

namespace OffGridFlow.Tests.Operations;

/// <summary>The first kills of the campaign (docs/operations.md, What survives a kill), and that its check sees what it is there for. Alone: it needs the machine.</summary>
[Collection(nameof(KillCampaignTests))]
[CollectionDefinition(nameof(KillCampaignTests), DisableParallelization = true)]
public sealed class KillCampaignTests(PostgresFixture postgres, ITestOutputHelper output)
{
    [Fact]
    public async Task TenKills_OfApplicationAndDatabase_LoseNothingAndDoubleNothing()
    {
        var options = new KillOptions { ApplicationPath = AppProcess.Built, Application = 8, Database = 2, Seed = 7, LargestBill = 30_000 };

        var outcome = await new KillCampaign(options, output.WriteLine).RunAsync(TestContext.Current.CancellationToken);

        outcome.Broken.ShouldBeEmpty();
        outcome.Results.Count.ShouldBe(10);
        outcome.Reads.ShouldBeGreaterThan(100);
    }

    /// <summary>What a kill at a bad instant would leave if a step were not one transaction.</summary>
    private static readonly Dictionary<string, string> Damages = new()
    {
        ["a line lost"] = "delete from usage_lines where line = 2",
        ["a line twice"] = "insert into usage_lines select * from usage_lines where line = 2",
        ["lines of no batch"] = "update usage_lines set batch_number = -1 where line = 2",
        ["a batch half loaded"] = "update import_batches set state = 'Loading' where number = (select min(number) from import_batches)",
        ["a batch not counted"] = "update import_batches set state = 'Superseded' where number = (select min(number) from import_batches)",
        ["a summary lost"] = "delete from usage_summaries where ctid = (select min(ctid) from usage_summaries)",
        ["a total of before"] = "update monthly_totals set kilowatt_hours = kilowatt_hours + 0.000000000001",
        ["a total lost"] = "delete from monthly_totals where ctid = (select min(ctid) from monthly_totals)",
        ["a job without its end"] = "update job_runs set state = 'Running'",
        ["an act without its entry"] = "delete from audit_entries where action = 'import.published'",
        ["an act with two entries"] = "insert into audit_entries (id, tenant_id, at, actor_kind, actor_name, action, subject, details) select gen_random_uuid(), tenant_id, at, actor_kind, actor_name, action, subject, details from audit_entries where action = 'import.queued'",
        ["a number too many"] = "update ledger_sequences set value = value + 1 where value > 0",
    };

    [Fact]
    public async Task Check_OfADamagedLedger_FindsEachDamage()
    {
        await using var app = await TestApp.StartAsync(postgres);
        using var http = await app.SignInAsync();
        using var client = new ImportClient(http, null!);
        var bill = KillBill.CreateAll(1, 6000).First(bill => bill.Name.Contains("small", StringComparison.Ordinal));
        var import = await client.ImportAsync(bill.Bytes);
        var model = new KillModel();
        model.Publish(import.GetProperty("id").GetGuid(), bill, "none");
        var documents = Path.Combine(app.DataDirectory, "documents");
        Task<IReadOnlyList<string>> CheckAsync(string connectionString) =>
            new LedgerCheck(connectionString, documents, CcfAws.Estimator).RunAsync(model, TestContext.Current.CancellationToken);
        (await CheckAsync(app.ConnectionString)).ShouldBeEmpty();

        await using var connection = new NpgsqlConnection(app.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        foreach (var (what, damage) in Damages)
        {
            await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
            // The audit log refuses damage even to the database's owner, unless its triggers rest.
            await using (var rest = new NpgsqlCommand("set local session_replication_role = replica", connection, transaction))
                await rest.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            await using (var command = new NpgsqlCommand(damage, connection, transaction))
                (await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken)).ShouldBeGreaterThan(0, what);
            var check = new LedgerCheck(app.ConnectionString, documents, CcfAws.Estimator);
            (await check.RunAsync(connection, model, TestContext.Current.CancellationToken)).ShouldNotBeEmpty(what);
            await transaction.RollbackAsync(TestContext.Current.CancellationToken);
        }

        await File.WriteAllTextAsync(Path.Combine(documents, "left.part"), "half", TestContext.Current.CancellationToken);
        (await CheckAsync(app.ConnectionString)).ShouldHaveSingleItem().ShouldContain("left.part");
        File.Delete(Path.Combine(documents, "left.part"));
        await File.AppendAllTextAsync(Directory.EnumerateFiles(documents, bill.Sha256, SearchOption.AllDirectories).Single(), "!", TestContext.Current.CancellationToken);
        (await CheckAsync(app.ConnectionString)).Count.ShouldBe(2);
    }
}
