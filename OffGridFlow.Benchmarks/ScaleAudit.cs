using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Auditing;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.Embedded;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Benchmarks;

/// <summary>
/// The audit log at a size: how fast entries are sealed and checked, how long its page's questions take, and what somebody who writes an
/// entry notices of a sealer that works through a backlog. On a server of its own, which goes afterwards.
/// </summary>
internal sealed class ScaleAudit(Arguments arguments)
{
    private const int FillStep = 100_000;
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(12);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var count = arguments.WordOrNull(2) is null ? 1_000_000 : arguments.Rows(2);
        var folder = Directory.CreateTempSubdirectory("offgridflow-audit-").FullName;
        try
        {
            await using var server = await EmbeddedPostgres.StartAsync(
                new EmbeddedPostgresOptions { DataDirectory = Path.Combine(folder, "postgres") }, NullLogger.Instance, cancellationToken);
            await using var database = new Database(server.ConnectionString);
            await new DatabaseMigrator(database, NullLogger<DatabaseMigrator>.Instance).MigrateAsync(null, cancellationToken);
            await MeasureAsync(database, folder, count, cancellationToken);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task MeasureAsync(Database database, string folder, long count, CancellationToken cancellationToken)
    {
        var tenant = Guid.CreateVersion7();
        await ExecuteAsync(database, "select create_tenant($1, 'A company', false, gen_random_uuid(), 'a@b.example', 'A@B.EXAMPLE', 'Ada', 'hash', 'stamp')", cancellationToken, tenant);
        var user = new CurrentUser();
        user.Become(new Actor(tenant, Guid.CreateVersion7(), "Ada Lindqvist", TenantRole.Admin));
        user.ComeFrom("203.0.113.7");
        var tenants = new TenantDatabase(
            new DbContextOptionsBuilder<OffGridFlowDbContext>().UseNpgsql(database.App).AddInterceptors(new TenantWriteInterceptor(), new TenantTransactionInterceptor()).Options,
            user, TimeProvider.System);
        var heads = new AuditHeadFiles(Path.Combine(folder, "audit-heads"), new AuditSigningKey(Path.Combine(folder, "audit-signing.key")));
        var sealer = new AuditSealer(database, heads, TimeProvider.System, NullLogger<AuditSealer>.Instance);

        var watch = Stopwatch.StartNew();
        await FillAsync(database, tenant, count, cancellationToken);
        Print(FormattableString.Invariant($"written     {count:N0} entries in {watch.Elapsed.TotalSeconds:F1} s"));

        watch.Restart();
        var sealedEntries = await sealer.SealAsync(cancellationToken);
        var seconds = watch.Elapsed.TotalSeconds;
        Print(FormattableString.Invariant($"sealed      {sealedEntries:N0} entries in {seconds:F1} s, {sealedEntries / seconds:N0} a second"));
        await sealer.SignHeadsAsync(cancellationToken);
        await ExecuteAsync(database, "vacuum analyze audit_entries", cancellationToken);

        for (var round = 0; round < 3; round++)
        {
            var found = await new AuditVerifier(tenants, user, heads, TimeProvider.System).VerifyAsync(null, cancellationToken);
            Print(FormattableString.Invariant($"checked     {found.Entries:N0} entries in {found.Duration.TotalSeconds:F1} s, {(found.Intact ? "intact" : found.Break!.Sentence)}"));
        }

        await AskAsync(new AuditQueries(tenants, user), cancellationToken);
        await WriteBesideSealerAsync(database, tenant, tenants, sealer, count / 5, cancellationToken);
    }

    /// <summary>Sixty kinds of action, one of them rare; forty people; a subject for each six entries.</summary>
    private static async Task FillAsync(Database database, Guid tenant, long count, CancellationToken cancellationToken)
    {
        for (long done = 0; done < count; done += FillStep)
        {
            await ExecuteAsync(
                database,
                """
                insert into audit_entries (id, tenant_id, at, actor_kind, actor_id, actor_name, address, action, subject, details, before, after)
                select new_id(), $1, timestamptz '2026-01-01' + i * interval '20 s', 'Person', ('0199a7c2-0000-7000-8000-' || lpad((i % 40)::text, 12, '0'))::uuid, 'Person ' || i % 40,
                  '203.0.113.' || i % 250, case when i % 50000 = 7 then 'rare.happened' else 'kind-' || i % 12 || '.done-' || i % 5 end, 'import/' || md5((i / 6)::text),
                  jsonb_build_object('fileName', 'bill-' || i || '.csv.gz', 'rows', i * 3, 'sha256', md5(i::text)),
                  case when i % 3 = 0 then jsonb_build_object('status', 'queued') end, case when i % 3 = 0 then jsonb_build_object('status', 'published') end
                from generate_series($2::bigint, $3::bigint) i
                """,
                cancellationToken, tenant, done, Math.Min(done + FillStep, count) - 1);
        }
    }

    private static async Task AskAsync(AuditQueries log, CancellationToken cancellationToken)
    {
        async Task TimeAsync(string what, Func<Task> ask)
        {
            await ask();
            var times = new List<double>();
            for (var round = 0; round < 5; round++)
            {
                var watch = Stopwatch.StartNew();
                await ask();
                times.Add(watch.Elapsed.TotalMilliseconds);
            }

            times.Sort();
            Print(FormattableString.Invariant($"asked       {what,-34} median {times[2],8:F1} ms  worst {times[^1],8:F1} ms"));
        }

        var middle = new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
        (string What, AuditFilter Filter)[] questions =
        [
            ("newest page", AuditFilter.All), ("one action", new(Action: "kind-3.done-3")), ("a group of actions", new(Action: "kind-3.")),
            ("a rare action", new(Action: "rare.happened")), ("a rare group", new(Action: "rare.")), ("one actor", new(ActorId: Guid.Parse("0199a7c2-0000-7000-8000-000000000007"))),
            ("one subject", new(Subject: "import/c4ca4238a0b923820dcc509a6f75849b")), ("a span of time", new(From: middle, To: middle.AddDays(1))),
            ("a text that is everywhere", new(Text: "csv.gz")), ("a text that is nowhere", new(Text: "no such text")),
        ];
        foreach (var (what, filter) in questions)
        {
            await TimeAsync(what, () => log.ListAsync(filter, null, 100, cancellationToken));
        }

        await TimeAsync("menus of the filters", () => log.FacetsAsync(cancellationToken));
    }

    /// <summary>The same writer with the sealer idle, working through a backlog, and idle again: the machine's own noise shows between the first and the last.</summary>
    private static async Task WriteBesideSealerAsync(
        Database database, Guid tenant, TenantDatabase tenants, AuditSealer sealer, long backlog, CancellationToken cancellationToken)
    {
        var idle = await WriteAsync(tenants, Task.Delay(IdleTime, cancellationToken), cancellationToken);
        await FillAsync(database, tenant, backlog, cancellationToken);
        var sealing = sealer.SealAsync(cancellationToken);
        var busy = await WriteAsync(tenants, sealing, cancellationToken);
        Print(FormattableString.Invariant($"backlog     {await sealing:N0} entries sealed beside a writer"));
        var after = await WriteAsync(tenants, Task.Delay(IdleTime, cancellationToken), cancellationToken);
        Show("idle", idle);
        Show("sealing", busy);
        Show("idle again", after);
        var still = idle.Concat(after).Order().ToList();
        Print(FormattableString.Invariant($"ratio       median {At(busy, 0.5) / At(still, 0.5):F2}, p95 {At(busy, 0.95) / At(still, 0.95):F2}"));
    }

    private static async Task<List<double>> WriteAsync(TenantDatabase tenants, Task until, CancellationToken cancellationToken)
    {
        var times = new List<double>();
        while (!until.IsCompleted)
        {
            var watch = Stopwatch.StartNew();
            await using (var unit = await tenants.OpenAsync(cancellationToken))
            {
                unit.Audit("import.queued", "import/0199a7c2-0000-7000-8000-000000000000", new { fileName = "bill.csv.gz", rows = 12_000 });
                await unit.CommitAsync(cancellationToken);
            }

            times.Add(watch.Elapsed.TotalMilliseconds);
            await Task.Delay(5, cancellationToken);
        }

        times.Sort();
        return times;
    }

    private static void Show(string when, List<double> times) => Print(FormattableString.Invariant(
        $"writer      {when,-11} {times.Count,6:N0} entries  median {At(times, 0.5),6:F2} ms  p95 {At(times, 0.95),6:F2} ms  worst {times[^1],7:F2} ms"));

    private static double At(List<double> sorted, double share) => sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Count) - 1, 0, sorted.Count - 1)];

    private static async Task ExecuteAsync(Database database, string sql, CancellationToken cancellationToken, params object?[] parameters)
    {
        await using var connection = await database.Owner.OpenConnectionAsync(cancellationToken);
        await using var command = connection.Command(sql, parameters);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static void Print(string line) => Console.WriteLine(line);
}
