using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Npgsql;

namespace OffGridFlow.Benchmarks;

/// <summary>How long the Excel export of a large ledger takes, and what memory the application needs for it.</summary>
internal sealed class ScaleExport
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly long rows;
    private readonly string? applicationPath;
    private readonly string? connection;
    private readonly string? keep;

    public ScaleExport(Arguments arguments)
    {
        rows = arguments.Rows(2);
        applicationPath = arguments.Text("app");
        connection = arguments.Text("connection");
        keep = arguments.Text("keep");
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var application = await ChildApplication.StartAsync(applicationPath ?? Repository.WebApplication(), connection, cancellationToken);
        await FillAsync(connection ?? EmbeddedServer.ConnectionString(application.DataFolder, EmbeddedServer.ApplicationDatabase), cancellationToken);
        using var client = await ImportClient.SignInAsync(application, cancellationToken);
        await client.CountSummaryMonthsAsync(cancellationToken);
        var path = keep ?? Path.Combine(application.DataFolder, "export.xlsx");
        var before = application.PeakMemory();

        var (first, firstRows) = await ExportAsync(client, path, cancellationToken);
        var afterFirst = application.PeakMemory();
        var (second, _) = await ExportAsync(client, path, cancellationToken);
        var after = application.PeakMemory();

        var length = new FileInfo(path).Length;
        Line("rows", $"{firstRows:N0} ({length / 1e6:N1} MB)");
        Line("export", $"{first:F2} s, again {second:F2} s");
        Line("peak memory of the app", $"{before / 1e6:N0} MB before, {afterFirst / 1e6:N0} MB after the first, {after / 1e6:N0} MB after the second");
        Console.WriteLine(JsonSerializer.Serialize(
            new { rows, bytes = length, firstSeconds = first, secondSeconds = second, peakBeforeBytes = before, peakAfterBytes = after }, Json));
        if (firstRows != rows)
            throw new InvalidOperationException(FormattableString.Invariant($"The workbook holds {firstRows:N0} of {rows:N0} rows: the times mean nothing."));
    }

    private static async Task<(double Seconds, long Rows)> ExportAsync(ImportClient client, string path, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        await using (var file = File.Create(path))
            await client.DownloadAsync("/api/v1/emissions.xlsx", file, cancellationToken);
        return (watch.Elapsed.TotalSeconds, await CountRowsAsync(path, cancellationToken));
    }

    /// <summary>Each activity has one trail link.</summary>
    private static async Task<long> CountRowsAsync(string path, CancellationToken cancellationToken)
    {
        var count = 0L;
        using var archive = ZipFile.OpenRead(path);
        foreach (var entry in archive.Entries.Where(entry => entry.FullName.StartsWith("xl/worksheets/", StringComparison.Ordinal)))
        {
            await using var stream = await entry.OpenAsync(cancellationToken);
            using var xml = System.Xml.XmlReader.Create(stream, new() { Async = true });
            while (await xml.ReadAsync())
            {
                if (xml.NodeType == System.Xml.XmlNodeType.Text && xml.Value.StartsWith("HYPERLINK(", StringComparison.Ordinal))
                    count++;
            }
        }

        return count;
    }

    /// <summary>Activities as a bill of 36 months would make them, each with its result, and the monthly totals that go with them.</summary>
    private async Task FillAsync(string database, CancellationToken cancellationToken)
    {
        await using var owner = new NpgsqlConnection(database);
        await owner.OpenAsync(cancellationToken);
        foreach (var statement in Statements)
        {
            await using var command = new NpgsqlCommand(statement, owner) { CommandTimeout = 0 };
            if (statement.Contains("$1", StringComparison.Ordinal))
                command.Parameters.Add(new() { Value = rows });
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private static void Line(string name, FormattableString value) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-24}{FormattableString.Invariant(value)}"));

    private static readonly string[] Statements =
    [
        """
        create temp table made as
        select n, new_id() as activity_id, new_id() as emission_id, (select id from tenants limit 1) as tenant_id,
          (date '2023-01-01' + make_interval(months => (n % 36)::int))::date as month,
          lpad(((n / 36) % 400)::text, 12, '1') as account,
          'AmazonService' || ((n / 14400) % 30) as service, 'eu-region-' || ((n / 7) % 12) as region,
          (array['Compute', 'Storage', 'Network', 'Unknown'])[1 + n % 4] as usage_class,
          case when n % 4 < 3 then round((random() * 1000)::numeric, 12) end as kilowatt_hours,
          round((random() * 300)::numeric, 12) as operational, round((random() * 30)::numeric, 12) as embodied,
          round((random() * 5000)::numeric, 12) as cost
        from generate_series(0, $1 - 1) as n
        """,
        """
        insert into activity_records (id, tenant_id, key, version, provider, account, service, region, usage_class, period_start, period_end,
          quantity, unit, line_count, cost, currency, recorded_at)
        select activity_id, tenant_id, 'cloud/' || n, 1, 'aws', account, service, region, usage_class, month, (month + interval '1 month' - interval '1 day')::date,
          kilowatt_hours * 3, case when kilowatt_hours is not null then 'vCPU-hours' end, 1 + n % 700, cost, 'USD', now()
        from made
        """,
        """
        insert into emission_records (id, tenant_id, activity_id, scope, category, month, method, method_version, comparison_only, kilowatt_hours,
          operational_kg_co2e, embodied_kg_co2e, kg_co2e, defaulted_kg_co2e, quality, grid_factor_id, flags)
        select emission_id, tenant_id, activity_id, 3, 1, month, 'ccf', 'ccf-aws benchmark', true, kilowatt_hours,
          case when kilowatt_hours is not null then operational end, case when kilowatt_hours is not null then embodied end,
          case when kilowatt_hours is not null then operational + embodied end, case when kilowatt_hours is not null and n % 11 = 0 then embodied else 0 end,
          case when kilowatt_hours is null then 'Missing' else 'Estimated' end, 'aws/' || region,
          case when n % 3 = 0 then array['embodied-not-scaled', 'unknown-processor'] else '{}' end
        from made
        """,
        "insert into emission_intervals (tenant_id, activity_id, from_sequence) select tenant_id, activity_id, 1 from made",
        """
        insert into monthly_totals (tenant_id, month, scope, category, provider, account, service, region, usage_class, method, comparison_only, currency,
          activities, activities_without_result, kilowatt_hours, operational_kg_co2e, embodied_kg_co2e, kg_co2e, defaulted_kg_co2e, cost, unmapped_cost)
        select a.tenant_id, e.month, e.scope, e.category, a.provider, a.account, a.service, a.region, a.usage_class, e.method, bool_or(e.comparison_only),
          a.currency, count(*), count(*) filter (where e.quality = 'Missing'), coalesce(sum(e.kilowatt_hours), 0), coalesce(sum(e.operational_kg_co2e), 0),
          coalesce(sum(e.embodied_kg_co2e), 0), coalesce(sum(e.kg_co2e), 0), sum(e.defaulted_kg_co2e), sum(a.cost), coalesce(sum(a.cost) filter (where e.quality = 'Missing'), 0)
        from activity_records a join emission_records e on e.activity_id = a.id
        group by a.tenant_id, e.month, e.scope, e.category, a.provider, a.account, a.service, a.region, a.usage_class, e.method, a.currency
        """,
        "analyze activity_records, emission_records, emission_intervals, monthly_totals",
    ];
}
