using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using OffGridFlow.Tests.Imports;
using OffGridFlow.Tests.Persistence;

namespace OffGridFlow.Tests.Operations;

/// <summary>No room left: said in words, nothing half kept, and all goes on when there is room again.</summary>
public sealed class DiskFullTests(PostgresFixture postgres)
{
    private const int Mebibyte = 1 << 20;

    /// <summary>The system's own refusal, without rights to mount anything: files of the process may not grow beyond a limit.</summary>
    [Fact]
    public async Task Upload_LargerThanTheSystemAllows_IsRefusedInWordsAndNothingStays()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no limit on the size of a process's files.");
        var data = Directory.CreateTempSubdirectory("offgridflow-full-").FullName;
        try
        {
            await using var app = await AppProcess.Start(
                AppProcess.Built, data, Path.GetDirectoryName(AppProcess.Built)!, await postgres.CreateDatabaseAsync(), largestFile: 2 * Mebibyte).ReadyAsync(60);
            using var client = await app.SignInAsync();

            await RefusedThenTakenAsync(client, data);
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    [Fact]
    public async Task Upload_OnAFullFileSystem_IsRefusedInWordsAndNothingStays()
    {
        await using var app = await TestApp.StartAsync(postgres);
        using var client = await ClientAsync(app);
        var documents = Path.Combine(app.DataDirectory, "documents");
        await using var mount = await SmallFileSystem.MountAsync(documents, 2 * Mebibyte);

        await RefusedThenTakenAsync(client, app.DataDirectory);
    }

    [Fact]
    public async Task Import_VolumeOfTheDatabaseFull_IsTriedAgainAndEndsWhenThereIsRoom()
    {
        await using var app = await TestApp.StartAsync(postgres);
        using var client = await ClientAsync(app);
        var (file, totals) = TestBill.Generate(new() { Rows = 60_000, Seed = 8, Accounts = 1, Months = 1 }, gzip: true);
        var folder = Directory.CreateTempSubdirectory("offgridflow-space-").FullName;
        await using var mount = await SmallFileSystem.MountAsync(folder, 4 * Mebibyte);
        var server = await client.Ledger.ScalarAsync<string>("select current_setting('data_directory')");
        Assert.SkipUnless(Directory.Exists(server), "The database server's files are not on this machine.");
        await RunAsync("chown", $"--reference={server}", folder);
        await RunAsync("chmod", "755", folder);
        var space = $"full_{Guid.NewGuid():N}";
        await client.Ledger.ExecuteAsync($"create tablespace {space} location '{folder}'");
        try
        {
            await client.Ledger.ExecuteAsync($"do $$ begin execute format('alter database %I set default_tablespace = {space}', current_database()); end $$");
            // Sessions that are open already do not hear of it.
            await client.Ledger.ExecuteAsync("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");

            await Eventually.BeAsync(
                async () =>
                {
                    using var list = await client.Http.GetAsync("/api/v1/imports", TestContext.Current.CancellationToken);
                    return list.IsSuccessStatusCode;
                },
                "new sessions");
            using var answer = await client.UploadAsync(file);
            answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
            var id = await ImportClient.IdAsync(answer);
            var job = $"/api/v1/jobs/{(await client.GetAsync($"/api/v1/imports/{id}")).Text("jobId")}";
            await Eventually.BeAsync(async () => (await client.GetAsync(job)).Long("attempts") > 1, "a second attempt");
            (await client.Ledger.UsageLinesAsync()).ShouldBe(0);
            await mount.GrowAsync(200 * Mebibyte);

            var import = await client.EndedAsync(id);
            import.Text("status").ShouldBe("succeeded", import.ToString());
            import.Usd().ShouldBe(totals.Cost);
            (await client.Ledger.UsageLinesAsync()).ShouldBe(totals.Rows);
        }
        finally
        {
            await app.App.StopAsync(TestContext.Current.CancellationToken);
            await client.Ledger.ExecuteAsync("drop table usage_lines cascade");
            await client.Ledger.ExecuteAsync("do $$ begin execute format('alter database %I reset default_tablespace', current_database()); end $$");
            await client.Ledger.ExecuteAsync($"drop tablespace {space}");
        }
    }

    private static async Task RefusedThenTakenAsync(ImportClient client, string data)
    {
        var large = RandomNumberGenerator.GetBytes(3 * Mebibyte);
        TestBill.File(TestBill.Line("a")).CopyTo(large, 0);

        using var answer = await client.UploadAsync(large, "large.csv");

        var problem = await ImportClient.ProblemAsync(answer, HttpStatusCode.InsufficientStorage);
        problem.Text("title").ShouldBe("The disk is full");
        problem.Text("detail").ShouldContain("Nothing was stored");
        problem.Text("detail").ShouldContain("make room");
        Directory.EnumerateFiles(Path.Combine(data, "documents"), "*", SearchOption.AllDirectories).ShouldBeEmpty();
        (await client.Ledger.CountAsync("imports")).ShouldBe(0);
        (await client.ImportAsync(TestBill.File(TestBill.Line("a")))).Text("status").ShouldBe("succeeded");
    }

    private static async Task<ImportClient> ClientAsync(TestApp app)
    {
        var http = await app.SignInAsync();
        return new ImportClient(http, new Ledger(app.ConnectionString, (await new ImportClient(http, null!).GetAsync("/api/v1/auth/me")).GetProperty("tenantId").GetGuid()));
    }

    private static async Task<int> RunAsync(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
        await process.WaitForExitAsync(CancellationToken.None);
        return process.ExitCode;
    }

    /// <summary>A file system in memory; skips the test where it may not be mounted.</summary>
    private sealed class SmallFileSystem(string folder) : IAsyncDisposable
    {
        public static async Task<SmallFileSystem> MountAsync(string folder, int bytes)
        {
            Directory.CreateDirectory(folder);
            Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Mounting takes root on Linux.");
            Assert.SkipUnless(
                await RunAsync("mount", "-t", "tmpfs", "-o", FormattableString.Invariant($"size={bytes}"), "tmpfs", folder) == 0, "This container may not mount.");
            return new SmallFileSystem(folder);
        }

        public async Task GrowAsync(int bytes) => (await RunAsync("mount", "-o", FormattableString.Invariant($"remount,size={bytes}"), folder)).ShouldBe(0);

        public async ValueTask DisposeAsync() => await RunAsync("umount", "--lazy", folder);
    }
}
