using System.Diagnostics;
using System.Globalization;

namespace OffGridFlow.Benchmarks;

/// <summary>
/// How long people wait for the Overview and the explorer over a large ledger: alone, and while another bill is loaded. One reader at
/// a time, each question anew, over HTTP.
/// </summary>
internal sealed class ScaleQueries(Arguments arguments)
{
    private const int Rounds = 40;

    private static readonly (string Name, string Path)[] Questions =
    [
        ("Overview, frame", "/"),
        ("explorer, frame", "/emissions"),
        ("summary by month", "/api/v1/emissions/summary?groupBy=month"),
        ("summary by service, region", "/api/v1/emissions/summary?groupBy=service,region"),
        ("summary by account", "/api/v1/emissions/summary?groupBy=account"),
        ("rows, first page", "/api/v1/emissions?limit=100"),
    ];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var file = arguments.Text("file") ?? throw new UsageException("scale queries needs --file: a bill as `generate` writes it.");
        var other = arguments.Text("other") ?? throw new UsageException("scale queries needs --other: a second bill, loaded meanwhile with mode=append.");
        await using var application = await ChildApplication.StartAsync(arguments.Text("app") ?? Repository.WebApplication(), arguments.Text("connection"), cancellationToken);
        using var client = await ImportClient.SignInAsync(application, cancellationToken);
        var watch = Stopwatch.StartNew();
        var import = await client.WaitAsync(await client.UploadAsync(file, cancellationToken), application.SampleDatabaseMemory, cancellationToken);
        Console.WriteLine(FormattableString.Invariant($"{import.Loaded:N0} rows imported in {watch.Elapsed.TotalSeconds:F1} s, peak memory of the app {application.PeakMemory() / 1e6:N0} MB"));

        using var pages = await PageClient.SignInAsync(application, cancellationToken);
        Print("first, nothing remembered", await AskAsync(client, pages, () => false, cancellationToken, rounds: 1));
        Print("alone", await AskAsync(client, pages, () => false, cancellationToken));

        var id = await client.UploadAsync(other, cancellationToken, mode: "append");
        var loading = client.WaitAsync(id, application.SampleDatabaseMemory, cancellationToken);
        var answers = await AskAsync(client, pages, () => loading.IsCompleted, cancellationToken);
        Print(loading.IsCompleted ? "while another bill was loaded, which ended first" : "while another bill is loaded", answers);
        await loading;
    }

    private static async Task<Dictionary<string, List<double>>> AskAsync(
        ImportClient client, PageClient pages, Func<bool> ended, CancellationToken cancellationToken, int rounds = Rounds)
    {
        var answers = Questions.ToDictionary(question => question.Name, _ => new List<double>());
        for (var round = 0; round < rounds && !ended(); round++)
        {
            foreach (var (name, path) in Questions)
            {
                var watch = Stopwatch.StartNew();
                if (path.StartsWith("/api", StringComparison.Ordinal))
                    await client.DownloadAsync(path, Stream.Null, cancellationToken);
                else
                    await pages.GetAsync(path, cancellationToken);
                answers[name].Add(watch.Elapsed.TotalMilliseconds);
            }
        }

        return answers;
    }

    private static void Print(string when, Dictionary<string, List<double>> answers)
    {
        Console.WriteLine(when);
        foreach (var (name, times) in answers)
        {
            times.Sort();
            Console.WriteLine(times.Count == 0
                ? $"  {name,-32} not asked in time"
                : string.Create(CultureInfo.InvariantCulture, $"  {name,-32} {times.Count,3} times  median {At(times, 0.5),6:F0} ms  p95 {At(times, 0.95),6:F0} ms  worst {times[^1],6:F0} ms"));
        }
    }

    private static double At(List<double> sorted, double share) => sorted[Math.Min(sorted.Count - 1, (int)Math.Ceiling(share * sorted.Count) - 1)];
}
