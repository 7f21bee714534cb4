using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Npgsql;
using OffGridFlow.Benchmarks;

namespace OffGridFlow.E2E.Fixture;

/// <summary>The built application as a process of its own on a free port, with its own data folder and embedded database.</summary>
public sealed class AppProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly StringBuilder _log = new();
    private volatile Uri? _address;

    private AppProcess(Process process, string dataDirectory) => (_process, DataDirectory) = (process, dataDirectory);

    /// <summary>Known as soon as the application listens, so to everybody who waited for <see cref="StartAsync"/>.</summary>
    public Uri Address => _address ?? throw new InvalidOperationException($"The application does not listen yet.\n{Log}");

    public string DataDirectory { get; }

    /// <summary>Everything the process has written so far.</summary>
    public string Log
    {
        get
        {
            lock (_log) return _log.ToString();
        }
    }

    /// <summary>The owner's login to the embedded database.</summary>
    public string ConnectionString
    {
        get
        {
            var postgres = Path.Combine(DataDirectory, "postgres");
            return new NpgsqlConnectionStringBuilder
            {
                Host = "127.0.0.1",
                Port = int.Parse(File.ReadAllLines(Path.Combine(postgres, "data", "postmaster.pid"))[3], CultureInfo.InvariantCulture),
                Username = "postgres",
                Password = File.ReadAllText(Path.Combine(postgres, "password")).Trim(),
                Database = "offgridflow",
                Pooling = false,
            }.ConnectionString;
        }
    }

    public static async Task<AppProcess> StartAsync(params (string Name, string Value)[] variables)
    {
        var data = Directory.CreateTempSubdirectory("offgridflow-e2e-").FullName;
        // …/OffGridFlow.E2E/bin/Debug/net10.0/ → …/OffGridFlow.Web/bin/Debug/net10.0/
        var output = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var web = Path.Combine(output.Parent!.Parent!.Parent!.Parent!.FullName, "OffGridFlow.Web");
        var start = new ProcessStartInfo("dotnet")
        {
            // An unpublished build serves its assets from the project's wwwroot.
            WorkingDirectory = web,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList = { Path.Combine(web, "bin", output.Parent.Name, output.Name, "OffGridFlow.Web.dll"), "--urls", ListeningAddress.AnyPort },
        };
        foreach (var name in start.Environment.Keys.Where(key => key.StartsWith("OFFGRIDFLOW_", StringComparison.Ordinal) || key.StartsWith("ConnectionStrings__", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        start.Environment["DOTNET_ENVIRONMENT"] = "Development";
        start.Environment["OFFGRIDFLOW_DATA_DIR"] = data;
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        var process = new Process { StartInfo = start };
        var app = new AppProcess(process, data);
        process.OutputDataReceived += (_, line) => app.Keep(line.Data);
        process.ErrorDataReceived += (_, line) => app.Keep(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await app.WaitUntilReadyAsync();
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    public async Task<JsonElement> GetAsync(string path, string email, string password)
    {
        using var client = new HttpClient { BaseAddress = Address };
        using var answer = await client.PostAsJsonAsync("/api/v1/auth/login", new { email, password });
        answer.EnsureSuccessStatusCode();
        var token = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("accessToken").GetString();
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return await client.GetFromJsonAsync<JsonElement>(path);
    }

    public async Task ExecuteAsync(string sql, params object[] values)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Asks the process to end as an operator would, and sees that neither it nor its database stays behind.</summary>
    public async ValueTask DisposeAsync()
    {
        var postmaster = Path.Combine(DataDirectory, "postgres", "data", "postmaster.pid");
        if (!_process.HasExited)
        {
            using var signal = Process.Start(new ProcessStartInfo("sh") { ArgumentList = { "-c", string.Create(CultureInfo.InvariantCulture, $"kill -TERM {_process.Id}") } })!;
            await signal.WaitForExitAsync();
            using var patience = new CancellationTokenSource(StopTimeout);
            try
            {
                await _process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException exception)
            {
                _process.Kill(entireProcessTree: true);
                throw new TimeoutException($"The application did not end within {StopTimeout} of SIGTERM.\n{Log}", exception);
            }
        }

        File.Exists(postmaster).ShouldBeFalse($"The embedded database is still running.\n{Log}");
        _process.Dispose();
        Directory.Delete(DataDirectory, recursive: true);
    }

    private void Keep(string? line)
    {
        lock (_log) _log.AppendLine(line);
        _address ??= ListeningAddress.In(line);
    }

    private async Task WaitUntilReadyAsync()
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < StartTimeout)
        {
            if (_process.HasExited)
            {
                throw new InvalidOperationException($"The application ended at its start.\n{Log}");
            }

            if (_address is { } address)
            {
                try
                {
                    using var answer = await client.GetAsync(new Uri(address, "/health/ready"));
                    if (answer.IsSuccessStatusCode)
                    {
                        return;
                    }
                }
                catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
                {
                    // The database is on its way.
                }
            }

            await Task.Delay(100);
        }

        throw new TimeoutException($"The application was not ready within {StartTimeout}.\n{Log}");
    }
}
