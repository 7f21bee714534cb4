using System.Globalization;
using System.Security.Cryptography;
using Npgsql;
using OffGridFlow.Core.CloudUsage;

namespace OffGridFlow.Benchmarks.Kills;

/// <summary>
/// Holds database and documents against the model, past every wall and query of the product, once no job is open. What follows from the
/// files' rows (counts, cost) is the model's; what the estimator says is computed a second time from the lines themselves.
/// </summary>
internal sealed class LedgerCheck(string connectionString, string documentsFolder, ICloudEstimator estimator)
{
    private readonly List<string> violations = [];
    private readonly HashSet<string> hashed = [];

    /// <summary>Stored bytes that no document row names: an upload that was cut off between keeping its bytes and its commit. Harmless, and counted.</summary>
    public int UnnamedDocuments { get; private set; }

    public async Task<IReadOnlyList<string>> RunAsync(KillModel model, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        return await RunAsync(connection, model, cancellationToken);
    }

    /// <summary>The same over a session that is open already, and in its transaction.</summary>
    public async Task<IReadOnlyList<string>> RunAsync(NpgsqlConnection connection, KillModel model, CancellationToken cancellationToken)
    {
        violations.Clear();
        await CheckImportsAsync(connection, model, cancellationToken);
        await CheckBatchesAsync(connection, model, cancellationToken);
        await CheckLinesAsync(connection, cancellationToken);
        await CheckTotalsAsync(connection, model, cancellationToken);
        await CheckAuditAsync(connection, model, cancellationToken);
        await CheckDocumentsAsync(connection, cancellationToken);
        return violations;
    }

    private async Task CheckImportsAsync(NpgsqlConnection connection, KillModel model, CancellationToken cancellationToken)
    {
        var found = await ListAsync(connection,
            """
            select i.id, i.status, j.state, i.rows_read, i.loaded, i.duplicate, i.rejected, coalesce((i.cost ->> 'USD')::numeric, 0), d.sha256,
              (select count(*) from job_runs r where r.subject_id = i.id)
            from imports i join job_runs j on j.id = i.job_run_id join source_documents d on d.id = i.document_id order by i.id
            """,
            row => string.Create(CultureInfo.InvariantCulture,
                $"{row.GetGuid(0)} {row.GetString(1)} {row.GetString(2)} read {row.GetInt64(3)} loaded {row.GetInt64(4)} duplicate {row.GetInt64(5)} rejected {row.GetInt64(6)} cost {Plain(row.GetDecimal(7))} of {row.GetString(8)} jobs {row.GetInt64(9)}"),
            cancellationToken);
        var expected = model.Imports.OrderBy(import => import.Id).Select(import =>
        {
            var status = import.State == ModelState.Published ? "Succeeded" : import.State.ToString();
            var job = import.NeverPublished ? "Cancelled" : "Succeeded";
            var (read, duplicates) = import.NeverPublished ? (0, 0) : (import.Bill.Rows, import.Duplicates);
            var cost = import.Batches.Sum(batch => batch.Cost);
            return string.Create(CultureInfo.InvariantCulture,
                $"{import.Id} {status} {job} read {read} loaded {read - duplicates} duplicate {duplicates} rejected 0 cost {Plain(cost)} of {import.Bill.Sha256} jobs 1");
        });
        Compare("imports", expected, found);
        await NoneAsync(connection, "a job that has not ended properly", "select id::text || ' ' || state from job_runs where state in ('Queued', 'Running') or finished_at is null", cancellationToken);
    }

    private async Task CheckBatchesAsync(NpgsqlConnection connection, KillModel model, CancellationToken cancellationToken)
    {
        var found = await ListAsync(connection,
            "select import_id, account, billing_month, state, case when state = 'Superseded' then superseded_by_import_id end, rows, (cost ->> 'USD')::numeric from import_batches",
            row => string.Create(CultureInfo.InvariantCulture,
                $"{row.GetGuid(0)} {row.GetString(1)} {row.GetFieldValue<DateOnly>(2):yyyy-MM} {row.GetString(3)} by {(row.IsDBNull(4) ? null : row.GetGuid(4))} rows {row.GetInt64(5)} cost {Plain(row.GetDecimal(6))}"),
            cancellationToken);
        Compare("batches", model.Imports.SelectMany(import => import.Batches).Select(batch => string.Create(CultureInfo.InvariantCulture,
            $"{batch.Import.Id} {batch.Period.Account} {batch.Period.Month:yyyy-MM} {batch.State} by {(batch.State == "Superseded" ? batch.SupersededBy?.Id : null)} rows {batch.Rows.Count} cost {Plain(batch.Cost)}")), found);
    }

    /// <summary>Lines and summaries of every batch there is, and of none that there is not.</summary>
    private async Task CheckLinesAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await NoneAsync(connection, "a batch whose lines are not what it says",
            """
            select coalesce(b.number, l.batch_number)::text || ': ' || coalesce(b.rows, 0) || ' rows, ' || coalesce(l.rows, 0) || ' lines, cost ' || coalesce(b.cost::text, '-') || ' and ' || coalesce(l.cost, 0)
            from import_batches b
            full join (select batch_number, count(*) as rows, sum(cost) as cost from usage_lines group by 1) l on l.batch_number = b.number
            where b.rows is distinct from l.rows or (b.cost ->> 'USD')::numeric is distinct from l.cost
            """, cancellationToken);
        await NoneAsync(connection, "a batch whose summaries are not what it says",
            """
            select coalesce(b.number, s.batch_number)::text || ': ' || coalesce(b.rows, 0) || ' rows, summaries of ' || coalesce(s.rows, 0)
            from import_batches b
            full join (select batch_number, sum(line_count) as rows, sum(cost) as cost from usage_summaries group by 1) s on s.batch_number = b.number
            where b.rows is distinct from s.rows or (b.cost ->> 'USD')::numeric is distinct from s.cost
            """, cancellationToken);
        await NoneAsync(connection, "an activity that counts twice",
            """
            select a.key from activity_records a join emission_records e on e.activity_id = a.id
            join emission_intervals i on i.activity_id = e.activity_id and i.proposal_id is not distinct from e.proposal_id
            where i.to_sequence is null and a.entry_id is null group by 1 having count(*) > 1
            """, cancellationToken);
    }

    private async Task CheckTotalsAsync(NpgsqlConnection connection, KillModel model, CancellationToken cancellationToken)
    {
        var kept = await ListAsync(connection,
            """
            select account, to_char(month, 'YYYY-MM'), service, region, usage_class, currency, sum(cost), sum(kilowatt_hours), sum(operational_kg_co2e), sum(embodied_kg_co2e)
            from monthly_totals group by 1, 2, 3, 4, 5, 6
            """,
            row => (Cell: string.Join(' ', Enumerable.Range(0, 6).Select(row.GetString)), Account: new AccountMonth(row.GetString(0), DateOnly.ParseExact(row.GetString(1), "yyyy-MM", CultureInfo.InvariantCulture)),
                Figures: new Figures(row.GetDecimal(6), row.GetDecimal(7), row.GetDecimal(8), row.GetDecimal(9))), cancellationToken);
        Compare("costs of account and month", model.Current.SelectMany(batch => batch.Rows).Where(row => row.IsUsage)
                .GroupBy(row => new AccountMonth(row.Billed.Account, row.UsageMonth)).Select(rows => $"{rows.Key.Account} {rows.Key.Month:O} {Plain(rows.Sum(row => row.Cost))}"),
            kept.GroupBy(row => row.Account).Select(rows => $"{rows.Key.Account} {rows.Key.Month:O} {Plain(rows.Sum(row => row.Figures.Cost))}"));

        var scan = await ScanAsync(connection, cancellationToken);
        Compare("totals against a full scan of the lines", scan.Select(cell => $"{cell.Key} {cell.Value}"), kept.Select(row => $"{row.Cell} {row.Figures}"));
    }

    /// <summary>All lines of the batches that count, summed by kind, batch and month, times the estimator's rate.</summary>
    private async Task<Dictionary<string, Figures>> ScanAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var lines = await ListAsync(connection,
            """
            select k.provider, k.account, k.service, k.region, k.usage_type, k.unit, k.instance_type, k.vcpus, k.currency, l.month, l.amount, l.cost
            from (
              select l.kind_id, l.batch_number, date_trunc('month', l.start_at, 'UTC')::date as month, sum(l.amount) as amount, sum(l.cost) as cost
              from import_batches b join usage_lines l on l.billing_month = b.billing_month and l.batch_number = b.number
              where b.state = 'Current' and l.is_usage group by 1, 2, 3) l
            join usage_kinds k on k.id = l.kind_id
            """,
            row => (
                Kind: new UsageKind(
                    row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5), row.GetString(6),
                    row.IsDBNull(7) ? null : row.GetDecimal(7), row.GetString(8)),
                Month: row.GetFieldValue<DateOnly>(9), Amount: row.IsDBNull(10) ? 0 : row.GetDecimal(10), Cost: row.GetDecimal(11)), cancellationToken);
        var scan = new Dictionary<string, Figures>();
        foreach (var (kind, month, amount, cost) in lines)
        {
            var rate = estimator.RateFor(kind, month);
            var estimate = rate.Apply(amount).ForLedger();
            var figures = estimate is { KilowattHours: { } kilowattHours, OperationalKgCo2e: { } operational, EmbodiedKgCo2e: { } embodied }
                ? new Figures(cost, kilowattHours, operational, embodied)
                : new Figures(cost, null, null, null);
            var usageClass = figures.KilowattHours is null && rate.Class != UsageClass.Excluded ? UsageClass.Unknown : rate.Class;
            var cell = string.Join(' ', kind.Account, month.ToString("yyyy-MM", CultureInfo.InvariantCulture), kind.Service, kind.Region, usageClass, kind.Currency);
            scan[cell] = scan.GetValueOrDefault(cell, new Figures(0, 0, 0, 0)) + figures;
        }

        return scan;
    }

    /// <summary>One entry for each act, and one ledger number for each change of what counts.</summary>
    private async Task CheckAuditAsync(NpgsqlConnection connection, KillModel model, CancellationToken cancellationToken)
    {
        var found = await ListAsync(connection,
            """
            select subject, string_agg(action, ' ' order by action) from audit_entries where subject like 'import/%' group by 1
            """, row => $"{row.GetString(0)} {row.GetString(1)}", cancellationToken);
        Compare("audit entries", model.Imports.Select(import => $"import/{import.Id} " + (import switch
        {
            { NeverPublished: true } => "import.cancelled import.queued",
            { State: ModelState.Undone } => "import.published import.queued import.undone",
            _ => "import.published import.queued",
        })), found);
        await NoneAsync(connection, "a ledger number without its change",
            """
            select 'number ' || value || ', changes ' || (select count(*) from audit_entries where action in ('import.published', 'import.undone'))
            from ledger_sequences where value <> (select count(*) from audit_entries where action in ('import.published', 'import.undone'))
            """, cancellationToken);
    }

    private async Task CheckDocumentsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var named = await ListAsync(connection, "select tenant_id, sha256, length from source_documents", row => (Tenant: row.GetGuid(0), Hash: row.GetString(1), Length: row.GetInt64(2)), cancellationToken);
        var stored = Directory.Exists(documentsFolder) ? Directory.EnumerateFiles(documentsFolder, "*", SearchOption.AllDirectories).ToList() : [];
        violations.AddRange(stored.Where(path => path.EndsWith(".part", StringComparison.Ordinal)).Select(path => $"left over: {path}"));
        UnnamedDocuments = 0;
        foreach (var path in stored.Where(path => !path.EndsWith(".part", StringComparison.Ordinal)))
        {
            var hash = Path.GetFileName(path);
            UnnamedDocuments += named.Exists(document => document.Hash == hash) ? 0 : 1;
            // What has once been found to be right is not written again.
            if (hashed.Add(path) && Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(path, cancellationToken))) != hash)
                violations.Add($"{path} does not hold the bytes of its name");
        }

        foreach (var (tenant, hash, length) in named)
        {
            var file = new FileInfo(Path.Combine(documentsFolder, tenant.ToString(), hash[..2], hash));
            if (!file.Exists || file.Length != length)
                violations.Add($"the document {hash} is not on disk as the database says");
        }
    }

    private async Task NoneAsync(NpgsqlConnection connection, string what, string query, CancellationToken cancellationToken)
    {
        foreach (var row in await ListAsync(connection, query, row => row.GetString(0), cancellationToken))
            violations.Add($"{what}: {row}");
    }

    private void Compare(string what, IEnumerable<string> expected, IEnumerable<string> found)
    {
        // Lists, not sets: twice is not once.
        var wanted = expected.ToLookup(text => text);
        var there = found.ToLookup(text => text);
        foreach (var text in wanted.Select(group => group.Key).Union(there.Select(group => group.Key)))
        {
            if (wanted[text].Count() != there[text].Count())
                violations.Add(string.Create(CultureInfo.InvariantCulture, $"{what}: {there[text].Count()} times instead of {wanted[text].Count()}: {text}"));
        }
    }

    private static async Task<List<T>> ListAsync<T>(NpgsqlConnection connection, string query, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(query, connection) { CommandTimeout = 120 };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(read(reader));
        return rows;
    }

    private static string Plain(decimal value) => value.ToString("0.############################", CultureInfo.InvariantCulture);

    private sealed record Figures(decimal Cost, decimal? KilowattHours, decimal? OperationalKgCo2e, decimal? EmbodiedKgCo2e)
    {
        public static Figures operator +(Figures a, Figures b) => new(
            a.Cost + b.Cost, a.KilowattHours + (b.KilowattHours ?? 0), a.OperationalKgCo2e + (b.OperationalKgCo2e ?? 0), a.EmbodiedKgCo2e + (b.EmbodiedKgCo2e ?? 0));

        public override string ToString() => $"{Plain(Cost)} {Plain(KilowattHours ?? 0)} kWh {Plain(OperationalKgCo2e ?? 0)} kg {Plain(EmbodiedKgCo2e ?? 0)} kg";
    }
}
