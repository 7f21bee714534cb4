using System.Diagnostics;
using OffGridFlow.Benchmarks;
using OffGridFlow.Benchmarks.Kills;
using OffGridFlow.Infrastructure.Imports.Samples;

const string Usage = """
    generate ROWS FILE [--seed 1] [--months 36] [--accounts 40]
        Writes a sample AWS bill; FILE ending in .gz is compressed.
    generate demo FILE
        The bill that the empty state offers.
    read FILE
        Processor seconds of each stage of reading a bill, without a database.
    scale import ROWS [--app OffGridFlow.Web.dll] [--connection CONNECTION]
        Times gzip -dc | wc -l, the import of the same file by the application, and a bare COPY on the same server.
        CONNECTION: a PostgreSQL of yours instead of the one the application starts.
    scale copy ROWS --connection CONNECTION
        The same without the application.
    scale export ROWS [--app OffGridFlow.Web.dll] [--connection CONNECTION] [--keep FILE]
        Puts ROWS activities with results into the ledger by SQL, and times their Excel export over HTTP.
        CONNECTION: an empty database. FILE: where the workbook is kept.
    scale sheets ROWS [--format csv|xlsx|xlsx-inline] [--load no] [--app OffGridFlow.Web.dll] [--connection CONNECTION]
        Writes a spreadsheet of activity data of that many rows, times its first preview in this process, then loads it through the application: time and peak memory.
    scale queries --file BILL --other BILL [--app OffGridFlow.Web.dll] [--connection CONNECTION]
        Imports the first bill, then asks for Overview and explorer alone and while the second is loaded; median and 95th percentile.
    scale audit [ENTRIES]
        Writes, seals and checks that many audit entries (1,000,000), asks what the page asks, and times a writer beside a sealer at work.
    scale factors [QUERIES]
        Loads all shipped factors twice, then asks that many mixed searches (1,000) with their facets and details; median and 95th percentile.
    scale calculation [ACTIVITIES]
        Calculates that many activities (1,000,000) of seven kinds with the shipped factors, without a database.
    scale runs [ENTRIES] [--all no] [--years yes] [--keep yes] [--on FOLDER] [--binaries FOLDER]
        Fills a ledger of that many entries (1,000,000) by a run, then times runs that change none, one in a hundred, and all of them: difference, approval, rollback.
        --keep yes leaves the ledger where it says; --on that folder times the run that changes all once more. --binaries: another PostgreSQL than the one that ships.
    scale inventory [ACTIVITIES]
        Puts that many activities (1,000,000) of 300 sites and 12 entities with their results into a ledger, then asks for inventories anew each time; median and 95th percentile.
    scale lock [ACTIVITIES] [--app OffGridFlow.Web.dll]
        The same ledger in the application: time of a lock and of its conditions, and of writing entries and results into an open year with other years locked.
    kills [--application 100] [--database 20] [--seed 20261121] [--from 1] [--app OffGridFlow.Web.dll]
        Kills the application and its database in the middle of imports, and holds the ledger against what was acknowledged.
        The seed fixes files, acts, victims and phases. --from starts with that kill of the plan, on an empty ledger.
    walls [--requests 100000] [--seed 20261121] [--break-filter yes] [--connection CONNECTION]
        Random requests and SQL of people of five organizations after what is others'; nothing may come back, nothing may change.
        --break-filter yes takes EF Core's tenant filter away: row security stands alone. CONNECTION: an empty database of yours.
    """;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    // Let the measurement stop its child processes and remove its folder.
    pressed.Cancel = true;
    stop.Cancel();
};

try
{
    var arguments = new Arguments(args);
    switch (arguments.WordOrNull(0), arguments.WordOrNull(1))
    {
        case ("generate", not null):
            Generate(arguments, stop.Token);
            return 0;
        case ("read", { } path):
            ReadBill.Run(path, stop.Token);
            return 0;
        case ("scale", "import"):
            await new ScaleImport(arguments).RunAsync(withApplication: true, stop.Token);
            return 0;
        case ("scale", "copy"):
            await new ScaleImport(arguments).RunAsync(withApplication: false, stop.Token);
            return 0;
        case ("scale", "export"):
            await new ScaleExport(arguments).RunAsync(stop.Token);
            return 0;
        case ("scale", "sheets"):
            await new ScaleSheets(arguments).RunAsync(stop.Token);
            return 0;
        case ("scale", "queries"):
            await new ScaleQueries(arguments).RunAsync(stop.Token);
            return 0;
        case ("scale", "factors"):
            await new ScaleFactors(arguments).RunAsync(stop.Token);
            return 0;
        case ("scale", "audit"):
            await new ScaleAudit(arguments).RunAsync(stop.Token);
            return 0;
        case ("scale", "calculation"):
            new ScaleCalculation(arguments).Run(stop.Token);
            return 0;
        case ("scale", "runs"):
            await new ScaleRuns(arguments).RunAsync(stop.Token);
            return 0;
        case ("scale", "inventory"):
            await new ScaleInventory(arguments).RunAsync(stop.Token);
            return 0;
        case ("scale", "lock"):
            await new ScaleLock(arguments).RunAsync(stop.Token);
            return 0;
        case ("kills", _):
            return await KillAsync(arguments, stop.Token);
        case ("walls", _):
            return await WallsCommand.RunAsync(arguments, Console.WriteLine, stop.Token) ? 0 : 1;
        default:
            throw new UsageException("No such command.");
    }
}
catch (UsageException exception)
{
    await Console.Error.WriteLineAsync($"{exception.Message}\n\n{Usage}");
    return 2;
}
catch (InvalidOperationException exception)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return 1;
}
catch (OperationCanceledException)
{
    await Console.Error.WriteLineAsync("Stopped.");
    return 130;
}

static void Generate(Arguments arguments, CancellationToken cancellationToken)
{
    var path = arguments.Word(2, "FILE");
    var options = arguments.Word(1, "ROWS") == "demo" ? SampleBill.Demo : new()
    {
        Rows = arguments.Rows(1), Seed = arguments.Number("seed", 1),
        Months = arguments.Number("months", 36), Accounts = arguments.Number("accounts", 40),
    };
    var watch = Stopwatch.StartNew();
    using var file = File.Create(path);
    var totals = path.EndsWith(".gz", StringComparison.Ordinal)
        ? SampleBill.WriteGzip(file, options, cancellationToken)
        : SampleBill.WriteCsv(file, options, cancellationToken);
    var seconds = watch.Elapsed.TotalSeconds;
    Console.WriteLine(FormattableString.Invariant(
        $"{totals.Rows:N0} rows ({totals.UsageRows:N0} of usage), {totals.Cost} {options.Currency}, {file.Length:N0} bytes, {seconds:F2} s, {totals.Rows / seconds:N0} rows/s"));
}

static async Task<int> KillAsync(Arguments arguments, CancellationToken cancellationToken)
{
    var options = new KillOptions { ApplicationPath = arguments.Text("app") ?? Repository.WebApplication() };
    options = options with
    {
        Application = arguments.Number("application", options.Application), Database = arguments.Number("database", options.Database),
        Seed = arguments.Number("seed", options.Seed), From = arguments.Number("from", options.From),
    };
    var watch = Stopwatch.StartNew();
    var outcome = await new KillCampaign(options, Console.WriteLine).RunAsync(cancellationToken);
    var ready = outcome.Results.Select(result => result.Ready.TotalSeconds).Order().ToList();
    var violations = outcome.Violations.ToList();
    Console.WriteLine(FormattableString.Invariant($"""

        kills       {outcome.Results.Count} ({outcome.Results.Count(result => result.Plan.Victim == KillVictim.Application)} of the application), seed {options.Seed}, {watch.Elapsed.TotalMinutes:F1} minutes
        ready       worst {ready[^1]:F1} s, median {ready[ready.Count / 2]:F1} s; limit {KillOutcome.ReadyLimit.TotalSeconds:F0} s
        recovered   worst {outcome.Results.Max(result => result.Recovered.TotalSeconds):F1} s, median {outcome.Results.Select(result => result.Recovered.TotalSeconds).Order().ElementAt(ready.Count / 2):F1} s
        readers     {outcome.Reads:N0} answers, {outcome.Unanswered:N0} times none while something was down
        left over   {outcome.UnnamedDocuments} stored files that no import names
        violations  {violations.Count}
        """));
    foreach (var violation in violations)
        Console.WriteLine(violation);
    return violations.Count == 0 ? 0 : 1;
}
