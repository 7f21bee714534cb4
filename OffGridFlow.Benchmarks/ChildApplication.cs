using System.Diagnostics;
using System.Runtime.InteropServices;

namespace OffGridFlow.Benchmarks;

/// <summary>OffGridFlow as its own process with an empty data folder: what is measured is what people run.</summary>
internal sealed partial class ChildApplication : IAsyncDisposable
{
    public const string Email = "benchmark@nordwerk.example";
    public const string Password = "Benchmark-only-4711!";
    private const int Interrupt = 2;
    private const int Kill = 9;
    private const int Terminate = 15;
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(30);

    private Process process;
    private readonly Queue<string> log = [];
    private long databasePeak;
    private volatile Uri? address;

    private ChildApplication(Process process, string dataFolder)
    {
        this.process = process;
        DataFolder = dataFolder;
    }

    /// <summary>Another one after each start.</summary>
    /// <exception cref="HttpRequestException">It does not listen: not yet, or no more.</exception>
    public Uri Address => address ?? throw new HttpRequestException("The application does not listen.");
    public string DataFolder { get; }

    /// <param name="path">OffGridFlow.Web.dll, built or published.</param>
    /// <param name="connection">A PostgreSQL to use instead of the embedded one.</param>
    public static async Task<ChildApplication> StartAsync(string path, string? connection, CancellationToken cancellationToken)
    {
        var dataFolder = Directory.CreateTempSubdirectory("offgridflow-scale-").FullName;
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList = { path },
            WorkingDirectory = Path.GetDirectoryName(Path.GetFullPath(path)),
            // Read and mostly dropped: an unread pipe would stop it, a terminal would slow it down.
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            Environment =
            {
                ["ASPNETCORE_URLS"] = ListeningAddress.AnyPort,
                ["ASPNETCORE_ENVIRONMENT"] = "Production",
                ["OFFGRIDFLOW_DATA_DIR"] = dataFolder,
                ["OFFGRIDFLOW_ADMIN_EMAIL"] = Email,
                ["OFFGRIDFLOW_ADMIN_PASSWORD"] = Password,
                ["OFFGRIDFLOW_DEMO"] = "false",
                // What is measured is the work, as fast as it can be asked for.
                ["OFFGRIDFLOW_RATE_PER_CALLER"] = "0",
                ["OFFGRIDFLOW_RATE_PER_TENANT"] = "0",
                ["OFFGRIDFLOW_RATE_PER_ADDRESS"] = "0",
            },
        };
        if (connection is not null)
            start.Environment["ConnectionStrings__OffGridFlow"] = connection;
        var application = new ChildApplication(new() { StartInfo = start }, dataFolder);
        try
        {
            application.StartProcess();
            await application.WaitUntilReadyAsync(cancellationToken);
            return application;
        }
        catch
        {
            await application.DisposeAsync();
            throw;
        }
    }

    /// <summary>Highest resident memory of the application so far.</summary>
    public long PeakMemory() => ProcessMemory.Peak(process.Id);

    /// <summary>Highest sum seen by <see cref="SampleDatabaseMemory"/>.</summary>
    public long DatabasePeakMemory() => databasePeak;

    /// <summary>Looks once; nothing is known when the database is not the embedded one.</summary>
    public void SampleDatabaseMemory()
    {
        if (EmbeddedServer.ProcessId(DataFolder) is { } server)
            databasePeak = Math.Max(databasePeak, ProcessMemory.ProportionalTree(server));
    }

    public void ThrowIfEnded()
    {
        if (process.HasExited)
            throw new InvalidOperationException(FormattableString.Invariant($"The application ended with code {process.ExitCode}:\n{LogEnd()}"));
    }

    public bool HasExited => process.HasExited;

    /// <summary>What a power cut does to a process: it says nothing more. Its database goes on.</summary>
    public async Task KillAsync()
    {
        // Whoever gets its port next must not be taken for it.
        address = null;
        process.Kill();
        await process.WaitForExitAsync(CancellationToken.None);
    }

    /// <summary>Starts it again on the same folder after it was killed.</summary>
    /// <returns>From the start of the process to the first answer that it is ready.</returns>
    public async Task<TimeSpan> RestartAsync(CancellationToken cancellationToken)
    {
        var start = process.StartInfo;
        process.Dispose();
        process = new() { StartInfo = start };
        var watch = Stopwatch.StartNew();
        StartProcess();
        await WaitUntilReadyAsync(cancellationToken);
        return watch.Elapsed;
    }

    /// <summary>SIGKILL, to a process of this application's database.</summary>
    public static void KillDatabaseProcess(int processId) => _ = Signal(processId, Kill);

    public async ValueTask DisposeAsync()
    {
        var started = IsStarted();
        if (started && !process.HasExited)
        {
            // SIGTERM, so that it stops its database; Process.Kill would leave that running.
            _ = Signal(process.Id, Terminate);
            using var limit = new CancellationTokenSource(StopLimit);
            try
            {
                await process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                await Console.Error.WriteLineAsync("The application did not stop in time and is killed.");
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync(CancellationToken.None);
            }
        }

        process.Dispose();
        await StopLeftDatabaseAsync();
        Directory.Delete(DataFolder, recursive: true);
    }

    /// <summary>The database of an application that was killed and not started again.</summary>
    private async Task StopLeftDatabaseAsync()
    {
        for (var wait = Stopwatch.StartNew(); EmbeddedServer.ProcessId(DataFolder) is { } server && wait.Elapsed < StopLimit;)
        {
            // To a PostgreSQL server: roll back, write a checkpoint, end.
            _ = Signal(server, Interrupt);
            await Task.Delay(100, CancellationToken.None);
        }
    }

    private void StartProcess()
    {
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    private void Keep(string? line)
    {
        if (line is null)
            return;
        address = ListeningAddress.In(line) ?? address;
        lock (log)
        {
            log.Enqueue(line);
            if (log.Count > 40)
                log.Dequeue();
        }
    }

    /// <summary>The last lines that it wrote.</summary>
    public string LogEnd()
    {
        lock (log)
            return string.Join('\n', log);
    }

    private bool IsStarted()
    {
        try
        {
            _ = process.Id;
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        using var client = new HttpClient();
        var watch = Stopwatch.StartNew();
        while (true)
        {
            ThrowIfEnded();
            if (watch.Elapsed > StartLimit)
                throw new InvalidOperationException(FormattableString.Invariant($"The application was not ready within {StartLimit.TotalMinutes} minutes:\n{LogEnd()}"));
            try
            {
                using var answer = await client.GetAsync(new Uri(Address, "/health/ready"), cancellationToken);
                if (answer.IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(20, cancellationToken);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Signal(int processId, int signal);
}
