using System.Diagnostics;
using OffGridFlow.Benchmarks;
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
