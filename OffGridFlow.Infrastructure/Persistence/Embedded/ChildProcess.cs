using System.ComponentModel;
using System.Diagnostics;

namespace OffGridFlow.Infrastructure.Persistence.Embedded;

/// <param name="Output">Standard output and error, one after the other.</param>
internal sealed record ChildResult(int ExitCode, string Output);

/// <summary>Runs one program to its end.</summary>
internal static class ChildProcess
{
    /// <summary>A program that cannot be started at all answers -1 with the reason as its output.</summary>
    internal static async Task<ChildResult> RunAsync(IReadOnlyList<string> command, string workingDirectory,
        IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            WorkingDirectory = workingDirectory,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            CreateNoWindow = true,
        };
        // PGPORT, PGDATA and their kin of whoever started us would override what we say on the command line and in the configuration.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("PG", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        // Messages are searched for words (busy port, shared memory still in use), so they must be English.
        start.Environment["LC_ALL"] = "C";
        foreach (var (name, value) in environment) start.Environment[name] = value;

        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            return new ChildResult(-1, error.Message);
        }
        using (process)
        {
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
            var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
            try
            {
                await process.WaitForExitAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                process.Kill();
                throw;
            }
            // On Windows a server started by pg_ctl inherits the pipes and never closes them: what was written is there by now.
            await Task.WhenAny(Task.WhenAll(output, errors), Task.Delay(TimeSpan.FromSeconds(2), cancellationToken));
            return new ChildResult(process.ExitCode, (Text(output) + Text(errors)).Trim());
        }

        static string Text(Task<string> task) => task.IsCompletedSuccessfully ? task.Result : "";
    }
}
