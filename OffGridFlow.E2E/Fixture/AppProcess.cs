using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Npgsql;

namespace OffGridFlow.E2E.Fixture;

/// <summary>The built application as a process of its own on a free port, with its own data folder and embedded database.</summary>
public sealed class AppProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly StringBuilder _log;

    private AppProcess(Process process, StringBuilder log, string dataDirectory, Uri address) =>
        (_process, _log, DataDirectory, Address) = (process, log, dataDirectory, address);

    public Uri Address { get; }

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
        var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort()}"));
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
            ArgumentList = { Path.Combine(web, "bin", output.Parent.Name, output.Name, "OffGridFlow.Web.dll"), "--urls", address.ToString().TrimEnd('/') },
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

        var log = new StringBuilder();
        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Append(log, line.Data);
        process.ErrorDataReceived += (_, line) => Append(log, line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var app = new AppProcess(process, log, data, address);
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

    private static void Append(StringBuilder log, string? line)
    {
        lock (log) log.AppendLine(line);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task WaitUntilReadyAsync()
    {
        using var client = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(5) };
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < StartTimeout)
        {
            if (_process.HasExited)
            {
                throw new InvalidOperationException($"The application ended at its start.\n{Log}");
            }

            try
            {
                using var answer = await client.GetAsync("/health/ready");
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
            {
                // Not listening yet.
            }

            await Task.Delay(100);
        }

        throw new TimeoutException($"The application was not ready within {StartTimeout}.\n{Log}");
    }
}
