using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using OffGridFlow.Infrastructure.Imports.Samples;

namespace OffGridFlow.Benchmarks;

/// <summary>
/// How long a bill takes from upload to a queryable summary, held against what the machine needs for the bare minimum:
/// unpacking and counting the same file, and a COPY of the same lines that does nothing else.
/// </summary>
internal sealed class ScaleImport
{
    private readonly SampleBillOptions options;
    private readonly string? applicationPath;
    private readonly string? connection;

    public ScaleImport(Arguments arguments)
    {
        options = new() { Rows = arguments.Rows(2), Seed = arguments.Number("seed", 1), Months = arguments.Number("months", 36), Accounts = arguments.Number("accounts", 40) };
        applicationPath = arguments.Text("app");
        connection = arguments.Text("connection");
    }

    public async Task RunAsync(bool withApplication, CancellationToken cancellationToken)
    {
        if (!withApplication && connection is null)
            throw new UsageException("scale copy needs --connection.");
        var folder = Path.Combine(Repository.Root(), "artifacts", "scale");
        Directory.CreateDirectory(folder);
        var file = CachedBill(folder, cancellationToken);
        var result = new ScaleResult { Rows = options.Rows, Bytes = new FileInfo(file).Length };
        result.CountSeconds = await TimeCountAsync(file, cancellationToken);

        if (!withApplication)
        {
            await CopyAsync(connection!, file, folder, result, cancellationToken);
        }
        else
        {
            var path = applicationPath ?? Repository.WebApplication();
            await using var application = await ChildApplication.StartAsync(path, connection, cancellationToken);
            await ImportAsync(application, file, result, cancellationToken);
            result.ApplicationPeakBytes = application.PeakMemory();
            result.DatabasePeakBytes = application.DatabasePeakMemory();
            await CopyAsync(connection ?? EmbeddedServer.ConnectionString(application.DataFolder), file, folder, result, cancellationToken);
        }

        result.Print();
        if (result.Loaded is { } loaded && loaded != options.Rows)
            throw new InvalidOperationException(FormattableString.Invariant($"Only {loaded:N0} of {options.Rows:N0} rows were loaded: the times mean nothing."));
    }

    /// <summary>One file per set of options; written under another name first, so that a stopped run leaves no half file.</summary>
    private string CachedBill(string folder, CancellationToken cancellationToken)
    {
        // The library is part of the name: after a change of the generator the old file is not the same bill.
        var generator = typeof(SampleBill).Assembly.ManifestModule.ModuleVersionId.ToString("N")[..8];
        var name = string.Create(CultureInfo.InvariantCulture, $"bill-{options.Rows}-{options.Seed}-{options.Months}-{options.Accounts}-");
        var path = Path.Combine(folder, $"{name}{generator}.csv.gz");
        if (File.Exists(path))
            return path;
        foreach (var outdated in Directory.EnumerateFiles(folder, name + "*"))
            File.Delete(outdated);
        Console.WriteLine($"Writing {path}");
        using (var stream = File.Create(path + ".part"))
            SampleBill.WriteGzip(stream, options, cancellationToken);
        File.Move(path + ".part", path);
        return path;
    }

    private static async Task<double> TimeCountAsync(string file, CancellationToken cancellationToken)
    {
        var best = double.MaxValue;
        for (var round = 0; round < 3; round++)
        {
            var watch = Stopwatch.StartNew();
            var start = new ProcessStartInfo("/bin/sh")
            {
                ArgumentList = { "-c", "gzip -dc \"$1\" | wc -l", "sh", file }, RedirectStandardOutput = true, UseShellExecute = false,
            };
            using var shell = Process.Start(start)!;
            await shell.StandardOutput.ReadToEndAsync(cancellationToken);
            await shell.WaitForExitAsync(cancellationToken);
            if (shell.ExitCode != 0)
                throw new InvalidOperationException("gzip -dc | wc -l failed.");
            best = Math.Min(best, watch.Elapsed.TotalSeconds);
        }

        return best;
    }

    private static async Task ImportAsync(ChildApplication application, string file, ScaleResult result, CancellationToken cancellationToken)
    {
        using var client = await ImportClient.SignInAsync(application, cancellationToken);
        var watch = Stopwatch.StartNew();
        var id = await client.UploadAsync(file, cancellationToken);
        result.UploadSeconds = watch.Elapsed.TotalSeconds;
        var import = await client.WaitAsync(id, application.SampleDatabaseMemory, cancellationToken);
        result.Status = import.Status;
        result.Loaded = import.Loaded;
        result.Rejected = import.Rejected;
        result.LoadedSeconds = watch.Elapsed.TotalSeconds;
        result.SummaryGroups = await client.CountSummaryMonthsAsync(cancellationToken);
        result.QueryableSeconds = watch.Elapsed.TotalSeconds;
        application.SampleDatabaseMemory();
    }

    private static async Task CopyAsync(string connection, string file, string folder, ScaleResult result, CancellationToken cancellationToken)
    {
        var bytes = Path.Combine(folder, "lines.pgcopy");
        try
        {
            var copy = await BareCopy.MeasureAsync(connection, file, bytes, cancellationToken);
            result.ParseAndCopySeconds = copy.ParseAndCopySeconds;
            result.CopySeconds = copy.CopySeconds;
        }
        finally
        {
            File.Delete(bytes);
        }
    }
}

internal sealed class ScaleResult
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public long Rows { get; set; }
    public long Bytes { get; set; }
    public double CountSeconds { get; set; }

    /// <summary>The server alone: COPY of lines already in its binary format.</summary>
    public double CopySeconds { get; set; }

    /// <summary>Unpack, split and COPY in one thread, without checks, kinds or results.</summary>
    public double ParseAndCopySeconds { get; set; }
    public double? UploadSeconds { get; set; }
    public double? LoadedSeconds { get; set; }
    public double? QueryableSeconds { get; set; }
    public string? Status { get; set; }
    public long? Loaded { get; set; }
    public long? Rejected { get; set; }
    public int? SummaryGroups { get; set; }
    public long? ApplicationPeakBytes { get; set; }
    public long? DatabasePeakBytes { get; set; }
    public double? TimesCount => QueryableSeconds / CountSeconds;
    public double? TimesCopy => QueryableSeconds / CopySeconds;
    public double? RowsPerSecond => Rows / QueryableSeconds;

    public void Print()
    {
        Line("rows", $"{Rows:N0} ({Bytes / 1e6:N1} MB gzip)");
        Line("gzip -dc | wc -l", $"{CountSeconds:F2} s");
        Line("bare COPY", $"{CopySeconds:F2} s");
        Line("split and COPY", $"{ParseAndCopySeconds:F2} s");
        if (QueryableSeconds is not null)
        {
            Line("upload answered", $"{UploadSeconds:F2} s");
            Line("loaded", $"{LoadedSeconds:F2} s, {Status}, {Loaded:N0} loaded, {Rejected:N0} rejected");
            Line("queryable", $"{QueryableSeconds:F2} s, {SummaryGroups} months, {RowsPerSecond:N0} rows/s");
            Line("times wc, times COPY", $"{TimesCount:F2}, {TimesCopy:F2}");
            Line("peak memory", $"app {ApplicationPeakBytes / 1e6:N0} MB, database {DatabasePeakBytes / 1e6:N0} MB");
        }

        Console.WriteLine(JsonSerializer.Serialize(this, Json));
    }

    private static void Line(string name, FormattableString value) => Console.WriteLine($"{name,-22}{FormattableString.Invariant(value)}");
}
