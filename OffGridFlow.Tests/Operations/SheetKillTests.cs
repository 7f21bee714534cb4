using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Npgsql;
using OffGridFlow.Tests.Imports;
using OffGridFlow.Tests.Persistence;

namespace OffGridFlow.Tests.Operations;

/// <summary>A spreadsheet whose load is killed, again and again, is loaded in the end: each row once, and nothing of it before that.</summary>
public sealed class SheetKillTests(PostgresFixture postgres)
{
    private const int Good = 2_000;

    /// <summary>What is held, so that the load stands still there when the process dies: the file has been read, entries and results are written, the last word is said.</summary>
    private static readonly string[] Steps = ["sites", "emission_intervals", "audit_entries"];

    /// <summary>What a load leaves behind, apart from the job itself.</summary>
    private static readonly string[] Written = ["activity_entries", "activity_entry_versions", "activity_records", "emission_records", "emission_intervals", "monthly_totals", "monthly_energy", "rejected_rows"];

    [Fact]
    public async Task Load_KilledAtEachOfItsSteps_GoesOnAfterARestartAndLoadsEachRowOnce()
    {
        var folder = Directory.CreateTempSubdirectory("offgridflow-sheet-kill-").FullName;
        var connection = await postgres.CreateDatabaseAsync();
        try
        {
            var app = await StartAsync(folder, connection);
            try
            {
                var client = await app.SignInAsync();
                await AddSiteAsync(client);
                var id = default(Guid?);
                foreach (var step in Steps)
                {
                    await using var hold = new NpgsqlConnection(connection);
                    await hold.OpenAsync(TestContext.Current.CancellationToken);
                    await using var transaction = await hold.BeginTransactionAsync(TestContext.Current.CancellationToken);
                    await HoldAsync(hold, step);
                    if (id is null)
                    {
                        id = await UploadAsync(client);
                    }
                    else
                    {
                        app = await RestartAsync(client, folder, connection);
                    }

                    await Eventually.BeAsync(() => IsHeldAsync(client, step), $"the load at “{step}”", 60);
                    await app.KillAsync();
                    await app.DisposeAsync();
                    await transaction.RollbackAsync(TestContext.Current.CancellationToken);

                    await Eventually.BeAsync(async () => await BackendsAsync(client) == 0, "the end of what the process had under way", 60);
                    foreach (var table in Written)
                    {
                        (await client.Ledger.CountAsync(table)).ShouldBe(0, $"{table} after a kill at “{step}”");
                    }
                }

                app = await RestartAsync(client, folder, connection);
                using var again = await app.SignInAsync();
                await LoadedOnceAsync(again, id!.Value);
                client.Dispose();
            }
            finally
            {
                await app.DisposeAsync();
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task LoadedOnceAsync(ImportClient client, Guid id)
    {
        var import = await Eventually.GetAsync(
            async () => await client.GetAsync($"/api/v1/imports/{id}") is var now && now.Text("status") is not ("queued" or "running") ? now : (JsonElement?)null, "the end of the import", 60);
        (import.Text("status"), import.Long("rowsRead"), import.Long("loaded"), import.Long("duplicate"), import.Long("rejected")).ShouldBe(("completedWithErrors", Good + 2L, Good, 1L, 1L), import.ToString());
        (await client.GetAsync($"/api/v1/jobs/{import.Text("jobId")}")).Long("attempts").ShouldBe(Steps.Length + 1);
        // Rows 2 to 2,001 of the file with 1 to 2,000 kWh: n (n + 1) / 2.
        (await client.Ledger.ScalarAsync<decimal>("select sum(quantity) from activity_entries where tenant_id = $1")).ShouldBe(2_001_000m);
        (await client.Ledger.ScalarAsync<long>("select count(distinct source_line) from activity_entries where tenant_id = $1 and source_line = quantity + 1")).ShouldBe(Good);
        (await client.Ledger.CountAsync("activity_entries", $"import_id = '{id}'")).ShouldBe(Good);
        (await client.Ledger.CountAsync("activity_entries")).ShouldBe(Good);
        (await client.Ledger.CountAsync("activity_entry_versions")).ShouldBe(Good);
        (await client.Ledger.CountAsync("activity_records")).ShouldBe(Good);
        (await client.Ledger.CountAsync("rejected_rows")).ShouldBe(1);
        var results = await client.Ledger.ListAsync(
            """
            select coalesce(r.scope2_method, 'none'), count(*), count(distinct a.entry_id), sum(r.kg_co2e) from activity_records a join emission_records r on r.activity_id = a.id
            join emission_intervals v on v.activity_id = r.activity_id and v.proposal_id is not distinct from r.proposal_id and v.to_sequence is null where a.tenant_id = $1 and r.scope = 2 and r.part = 'Direct' group by 1 order by 1
            """,
            row => (Method: row.GetString(0), Rows: row.GetInt64(1), Entries: row.GetInt64(2), Kg: row.GetDecimal(3)));
        results.Select(result => (result.Method, result.Rows, result.Entries)).ShouldBe([("Location", Good, Good), ("Market", Good, Good)]);
        (await client.SummaryAsync("?scope=2")).GetProperty("total").Decimal("kgCo2e").ShouldBe(results[0].Kg);
        (await client.Ledger.AuditAsync($"import/{id}")).ShouldBe(["import.queued", "import.published"]);
    }

    /// <summary>Good rows, one of them twice, and one that names no site.</summary>
    private static async Task<Guid> UploadAsync(ImportClient client)
    {
        var text = new StringBuilder("Site,Activity type,Quantity,Unit,From,To,Reference\n");
        for (var row = 1; row <= Good; row++)
        {
            text.Append(CultureInfo.InvariantCulture, $"Leeds office,Electricity,{row},kWh,2025-03-01,2025-03-31,M-{row}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"Leeds office,Electricity,{Good},kWh,2025-03-01,2025-03-31,M-{Good}\nNowhere,Electricity,5,kWh,2025-03-01,2025-03-31,N\n");
        using var answer = await client.UploadAsync(Encoding.UTF8.GetBytes(text.ToString()), "meters.csv", kind: "activity-data");
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return await ImportClient.IdAsync(answer);
    }

    private static Task<int> AddSiteAsync(ImportClient client) => client.Ledger.ExecuteAsync(
        """
        with entity as (insert into organizations (id, tenant_id, name, country, version) values (new_id(), $1, 'Leeds Ltd', 'GB', 1) returning id)
        insert into sites (id, tenant_id, organization_id, name, country, region, version) select new_id(), $1, id, 'Leeds office', 'GB', 'GB', 1 from entity
        """);

    private static Task<AppProcess> StartAsync(string folder, string connection) =>
        AppProcess.Start(AppProcess.Built, folder, Path.GetDirectoryName(AppProcess.Built)!, connection).ReadyAsync(60);

    /// <summary>Starts it again, once the lease of the one that died has run out.</summary>
    private static async Task<AppProcess> RestartAsync(ImportClient client, string folder, string connection)
    {
        await client.Ledger.ExecuteAsync("update job_runs set heartbeat_at = now() - interval '1 minute' where tenant_id = $1 and state = 'Running'");
        return await StartAsync(folder, connection);
    }

    /// <summary>The load waits for what the test holds.</summary>
    private static async Task<bool> IsHeldAsync(ImportClient client, string table) => await client.Ledger.ScalarAsync<long>(
        $"select count(*) from pg_stat_activity where datname = current_database() and application_name like 'OffGridFlow%' and wait_event_type = 'Lock' and query like '%{table}%'") > 0;

    private static Task<long> BackendsAsync(ImportClient client) =>
        client.Ledger.ScalarAsync<long>("select count(*) from pg_stat_activity where datname = current_database() and application_name like 'OffGridFlow%'");

    private static async Task HoldAsync(NpgsqlConnection connection, string table)
    {
        // The load locks the rows of the sites, and writes the others.
        await using var command = new NpgsqlCommand(table == "sites" ? "select from sites for update" : $"lock table {table} in share mode", connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
