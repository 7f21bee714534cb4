using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Npgsql;
using OffGridFlow.Benchmarks;
using OffGridFlow.Tests.Imports;

namespace OffGridFlow.Tests.Operations;

/// <summary>OffGridFlow as people run it: a process of its own, with its own database in a data folder.</summary>
internal sealed class AppProcess : IAsyncDisposable
{
    private const string Email = "admin@process.example";
    private const string Password = "correct horse battery";

    private readonly StringBuilder _log = new();
    private string? _connection;
    private volatile Uri? _address;

    private AppProcess(Process process, string dataFolder) => (Process, DataFolder) = (process, dataFolder);

    public Process Process { get; }

    public string DataFolder { get; }

    /// <summary>Known once the program listens: <see cref="ReadyAsync"/>.</summary>
    public Uri Address => _address ?? throw new InvalidOperationException($"The program does not listen yet.\n{Log}");

    public string Log
    {
        get
        {
            lock (_log) return _log.ToString();
        }
    }

    /// <summary>The repository, seen from the folder that the tests run in.</summary>
    public static string Repository
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder.FullName, "OffGridFlow.sln")))
                folder = folder.Parent ?? throw new InvalidOperationException($"No OffGridFlow.sln above {AppContext.BaseDirectory}.");
            return folder.FullName;
        }
    }

    /// <summary>The program as built in the configuration of the tests.</summary>
    public static string Built
    {
        get
        {
            var framework = new DirectoryInfo(AppContext.BaseDirectory);
            return Path.Combine(Repository, "OffGridFlow.Web", "bin", framework.Parent!.Name, framework.Name, "OffGridFlow.Web.dll");
        }
    }

    /// <summary>Starts the program with nothing but the set-up variables, and returns at once.</summary>
    /// <param name="connection">A database of the test's own, else the embedded one.</param>
    /// <param name="largestFile">In bytes, of every file that it writes: the system refuses more, as it does when a disk is full.</param>
    public static AppProcess Start(string program, string dataFolder, string workingDirectory, string? connection = null, long? largestFile = null)
    {
        // The signal that goes with the refusal would end the process.
        string[] command = largestFile is { } bytes
            ? ["sh", "-c", string.Create(CultureInfo.InvariantCulture, $"trap '' XFSZ; ulimit -f {bytes / 512}; exec dotnet \"$0\""), program]
            : ["dotnet", program];
        var start = new ProcessStartInfo(command[0], command[1..]) { WorkingDirectory = workingDirectory, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var inherited in start.Environment.Keys.Where(IsSetting).ToList())
            start.Environment.Remove(inherited);
        start.Environment["ASPNETCORE_URLS"] = ListeningAddress.AnyPort;
        start.Environment["OFFGRIDFLOW_DATA_DIR"] = dataFolder;
        start.Environment["OFFGRIDFLOW_ADMIN_EMAIL"] = Email;
        start.Environment["OFFGRIDFLOW_ADMIN_PASSWORD"] = Password;
        start.Environment["OFFGRIDFLOW_DEMO"] = "false";
        foreach (var limit in new[] { "CALLER", "TENANT", "ADDRESS" })
            start.Environment["OFFGRIDFLOW_RATE_PER_" + limit] = "0";
        // The runtime's own memory is a file to the system, and a large one.
        if (largestFile is not null)
            start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        if (connection is not null)
            start.Environment["ConnectionStrings__OffGridFlow"] = connection;
        var app = new AppProcess(new Process { StartInfo = start }, dataFolder) { _connection = connection };
        app.Process.OutputDataReceived += (_, line) => app.Keep(line.Data);
        app.Process.ErrorDataReceived += (_, line) => app.Keep(line.Data);
        app.Process.Start();
        app.Process.BeginOutputReadLine();
        app.Process.BeginErrorReadLine();
        return app;
    }

    public async Task<AppProcess> ReadyAsync(int seconds)
    {
        using var client = new HttpClient();
        await Eventually.BeAsync(
            async () =>
            {
                Process.HasExited.ShouldBeFalse(Log);
                if (_address is not { } address)
                    return false;
                try
                {
                    using var answer = await client.GetAsync(new Uri(address, "/health/ready"), TestContext.Current.CancellationToken);
                    return answer.IsSuccessStatusCode;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            "readiness", seconds);
        return this;
    }

    public async Task<ImportClient> SignInAsync()
    {
        var client = new HttpClient { BaseAddress = Address };
        using var answer = await client.PostAsJsonAsync("/api/v1/auth/login", new { email = Email, password = Password }, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
        var token = await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Text("accessToken"));
        var me = await client.GetFromJsonAsync<JsonElement>("/api/v1/auth/me", TestContext.Current.CancellationToken);
        return new ImportClient(client, new Ledger(_connection ?? DatabaseConnection(), me.GetProperty("tenantId").GetGuid()));
    }

    /// <summary>What a power cut does.</summary>
    public async Task KillAsync()
    {
        Process.Kill();
        await Process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>What a service manager does. The exit code.</summary>
    public async Task<int> StopAsync()
    {
        await TerminateAsync(Process.Id);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await Process.WaitForExitAsync(limit.Token);
        return Process.ExitCode;
    }

    /// <summary>The embedded server's first process, or null when it has ended.</summary>
    public int? DatabaseProcess()
    {
        if (PostmasterFile() is not { } file)
            return null;
        var id = int.Parse(file[0], CultureInfo.InvariantCulture);
        return Directory.Exists($"/proc/{file[0].Trim()}") ? id : null;
    }

    public async ValueTask DisposeAsync()
    {
        if (!Process.HasExited)
        {
            await TerminateAsync(Process.Id);
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            await Process.WaitForExitAsync(limit.Token);
        }

        // A test that ended early may have left the server of a killed process.
        if (DatabaseProcess() is { } server)
            await TerminateAsync(server);
        Process.Dispose();
    }

    private string DatabaseConnection()
    {
        var file = PostmasterFile().ShouldNotBeNull();
        var password = Directory.EnumerateFiles(Path.Combine(DataFolder, "postgres"), "*password*", SearchOption.AllDirectories).First();
        // Line by line: process, data folder, start, port, …
        return new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1", Port = int.Parse(file[3], CultureInfo.InvariantCulture), Username = "postgres",
            Password = File.ReadAllText(password).Trim(), Database = DatabaseName, Pooling = false,
        }.ConnectionString;
    }

    private const string DatabaseName = "offgridflow";

    private string[]? PostmasterFile()
    {
        var folder = Path.Combine(DataFolder, "postgres");
        return Directory.Exists(folder) && Directory.EnumerateFiles(folder, "postmaster.pid", SearchOption.AllDirectories).FirstOrDefault() is { } path
            ? File.ReadAllLines(path)
            : null;
    }

    private static bool IsSetting(string name) =>
        name.StartsWith("ASPNETCORE_", StringComparison.Ordinal) || name.StartsWith("DOTNET_ENV", StringComparison.Ordinal)
        || name.StartsWith("OFFGRIDFLOW_", StringComparison.Ordinal) || name.StartsWith("ConnectionStrings", StringComparison.Ordinal);

    private static async Task TerminateAsync(int processId)
    {
        using var kill = Process.Start("kill", ["-TERM", processId.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(CancellationToken.None);
    }

    private void Keep(string? line)
    {
        lock (_log) _log.AppendLine(line);
        _address ??= ListeningAddress.In(line);
    }
}
