using System.Net;
using System.Net.Sockets;

namespace OffGridFlow.Infrastructure.Persistence.Embedded;

/// <summary>The server of one cluster, driven by its own programs: make, start, stop.</summary>
internal sealed class PostgresServer(PostgresFolder folder, PostgresBinaries binaries, ServiceAccount account, EmbeddedPostgresOptions options)
{
    internal PostgresBinaries Binaries => binaries;

    /// <summary>The server that runs in the cluster now; null when none does, whatever <c>postmaster.pid</c> says.</summary>
    internal Postmaster? Running() => Postmaster.Read(folder.PostmasterFile) is { } postmaster && postmaster.IsRunning() ? postmaster : null;

    /// <summary>Makes the cluster aside and moves it into place: what a killed attempt leaves is never taken for a cluster.</summary>
    internal async Task CreateClusterAsync(CancellationToken cancellationToken)
    {
        if (Directory.Exists(folder.NewCluster)) Directory.Delete(folder.NewCluster, recursive: true);
        folder.WritePassword();
        await account.TakeOverAsync([folder.Root], cancellationToken);

        List<string> command =
        [
            binaries["initdb"], "-D", folder.NewCluster, "--username", EmbeddedPostgres.SuperuserName, "--pwfile", folder.PasswordFile,
            "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C", "--data-checksums", "--no-instructions",
        ];
        // Sorts by code point like C, so an upgrade of the system's locales corrupts no index, yet upper() and ILIKE know letters beyond ASCII.
        if (binaries.Version.Major >= 17) command.AddRange(["--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"]);
        if (options.FastUnsafe) command.Add("--no-sync");
        var result = await account.RunAsync(command, binaries.Environment, cancellationToken);
        if (result.ExitCode != 0) throw new EmbeddedPostgresException(EmbeddedPostgresFault.Server, $"The database could not be created in {folder.Root}: {result.Output}");
        await File.AppendAllTextAsync(Path.Combine(folder.NewCluster, "postgresql.conf"), $"\ninclude '{Path.GetFileName(folder.SettingsFile)}'\n", cancellationToken);
        Directory.Move(folder.NewCluster, folder.Cluster);
    }

    /// <summary>Starts the server and waits until it answers.</summary>
    /// <param name="port">0 takes a free one.</param>
    internal async Task<Postmaster> StartAsync(int port, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(options.StartTimeout);
        if (Postmaster.Read(folder.PostmasterFile) is { } stale && !stale.IsRunning()) stale.Disown(folder.PostmasterFile);

        const int attempts = 20;
        for (var attempt = 1; ; attempt++)
        {
            await PrepareAsync(port == 0 ? FreePort() : port, cancellationToken);
            ChildResult result;
            try
            {
                // pg_ctl puts the server into a session of its own, so that Ctrl+C in our terminal reaches it only through us.
                result = await account.RunAsync([binaries["pg_ctl"], "start", "-D", folder.Cluster, "-l", folder.StartLog, "-w", "-s", "-t", Seconds(options.StartTimeout)],
                    binaries.Environment, timeout.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw Failed($"did not answer within {options.StartTimeout}");
            }
            if (result.ExitCode == 0 && Running() is { } postmaster) return postmaster;

            var log = folder.LogTail();
            // Somebody took the free port between our look and the server's start.
            var busyPort = port == 0 && log.Contains("could not create any TCP/IP sockets", StringComparison.Ordinal);
            // Backends of a server that was killed end by themselves within moments; until then PostgreSQL will not start beside them.
            var orphans = log.Contains("is still in use", StringComparison.Ordinal);
            if (attempt == attempts || !(busyPort || orphans)) throw Failed($"did not start: {result.Output}");
            await Task.Delay(TimeSpan.FromMilliseconds(500), cancellationToken);
        }

        EmbeddedPostgresException Failed(string what) => new(EmbeddedPostgresFault.Server, $"PostgreSQL in {folder.Root} {what}\n{folder.LogTail()}");
    }

    /// <summary>
    /// Stops the server: fast, that is, open transactions are rolled back and a checkpoint is written. The smart mode before it would wait for
    /// the idle connections of our own pools. A server that does not end in time is stopped at once and recovers from its log at the next start.
    /// </summary>
    internal async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var mode in new[] { "fast", "immediate" })
        {
            if (Running() is not { } running) return;
            await account.RunAsync([binaries["pg_ctl"], "stop", "-D", folder.Cluster, "-m", mode, "-w", "-s", "-t", Seconds(options.StopTimeout)], binaries.Environment, cancellationToken);
            // pg_ctl waits for the file to go, which is the process's last act but not yet its end.
            for (var wait = 0; wait < 100 && Running() is null && Postmaster.IsAlive(running.ProcessId); wait++) await Task.Delay(10, cancellationToken);
        }
        if (Running() is not null) throw new EmbeddedPostgresException(EmbeddedPostgresFault.Server, $"PostgreSQL in {folder.Root} did not stop.\n{folder.LogTail()}");
    }

    private async Task PrepareAsync(int port, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder.LogDirectory);
        // Only the last attempt's words explain a failure.
        await File.WriteAllTextAsync(folder.StartLog, "", cancellationToken);
        await File.WriteAllTextAsync(folder.SettingsFile, PostgresSettings.Render(options, port, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes), cancellationToken);
        // What a start as root has just made, and what a backup restored by root has left, must be the server's.
        await account.TakeOverAsync([folder.Root], cancellationToken);
    }

    /// <summary>
    /// Free now. Below those that systems hand out by themselves (Linux from 32768, others from 49152), one of which could be the near end of
    /// somebody's connection when the server is started again on its port.
    /// </summary>
    private static int FreePort()
    {
        const int looks = 20;
        for (var look = 0; look < looks; look++)
        {
            if (Listen(Random.Shared.Next(20000, 32768)) is { } port) return port;
        }
        return Listen(0) ?? throw new EmbeddedPostgresException(EmbeddedPostgresFault.Server, "No TCP port of 127.0.0.1 is free for PostgreSQL.");
    }

    /// <summary>The port that could be listened on, 0 leaving the choice to the system; null when that one is taken or forbidden.</summary>
    private static int? Listen(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }
        catch (SocketException)
        {
            return null;
        }
    }

    private static string Seconds(TimeSpan time) => ((int)time.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
}
