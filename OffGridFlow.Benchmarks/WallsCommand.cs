using OffGridFlow.Benchmarks.Walls;

namespace OffGridFlow.Benchmarks;

/// <summary>The campaign on a server of its own, with its report.</summary>
internal static class WallsCommand
{
    private const int Tenants = 4;
    private const int RowsOfABill = 600;

    /// <returns>True when both walls held.</returns>
    public static async Task<bool> RunAsync(Arguments arguments, Action<string> report, CancellationToken cancellationToken)
    {
        var options = new WallsOptions();
        options = options with { Requests = arguments.Number("requests", options.Requests), Seed = arguments.Number("seed", options.Seed) };
        var folder = Directory.CreateTempSubdirectory("offgridflow-walls-").FullName;
        try
        {
            await using var server = await WallsServer.StartAsync(folder, arguments.Text("connection"), arguments.Text("break-filter") == "yes", cancellationToken);
            var world = await WallsWorld.CreateAsync(server, Tenants, RowsOfABill, options.Seed, cancellationToken);
            var outcome = await new WallsCampaign(server, world, options).RunAsync(cancellationToken);
            Report(outcome, options, report);
            return outcome.Holds;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Report(WallsOutcome outcome, WallsOptions options, Action<string> report)
    {
        foreach (var kind in outcome.Answers.GroupBy(answer => answer.Key.Kind).OrderBy(kind => kind.Key, StringComparer.Ordinal))
        {
            var outcomes = kind.OrderByDescending(answer => answer.Value).Select(answer => FormattableString.Invariant($"{answer.Key.Outcome} {answer.Value:N0}"));
            report(FormattableString.Invariant($"{kind.Key,-18} {kind.Sum(answer => answer.Value),8:N0}  {string.Join(", ", outcomes)}"));
        }

        report(FormattableString.Invariant($"""

            tenant filter  {(outcome.FilterIsBroken ? "broken on purpose: no condition in the SQL" : "whole")}
            requests       {outcome.Requests:N0} by seed {options.Seed}, {options.Concurrency} at a time, {outcome.Elapsed.TotalSeconds:F0} s ({outcome.Requests / outcome.Elapsed.TotalSeconds:F0} per second)
            searched       {outcome.Bytes / 1e6:F0} MB of answers for {outcome.Canaries:N0} texts
            leaks          {outcome.Leaks.Count}
            faults         {outcome.Faults.Count}
            changes        {outcome.Changes.Count}
            """));
        foreach (var line in outcome.Leaks.Concat(outcome.Faults).Concat(outcome.Changes))
            report(line);
    }
}
