using System.IO.Compression;
using System.IO.Pipelines;
using System.Text;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;
using OffGridFlow.Infrastructure.Reports.Excel;

namespace OffGridFlow.Infrastructure.Assurance;

/// <summary>Of whom an export is, and from which month to which, both inclusive, by their first days.</summary>
internal sealed record EvidenceScope(string Organization, DateOnly FirstMonth, DateOnly LastMonth)
{
    public bool Holds(DateOnly month) => month >= FirstMonth && month <= LastMonth;
}

/// <summary>One export.</summary>
/// <param name="kilowattHour">In which purchased energy is stated.</param>
/// <param name="asOf">As <see cref="EvidenceReader"/>.</param>
internal sealed class EvidencePack(TenantUnit unit, DerivedUnit kilowattHour, DateTimeOffset at, InventorySnapshot? asOf = null)
{
    public const string Format = "offgridflow-evidence 1";

    /// <summary>All files but the manifest, in their order.</summary>
    public static readonly IReadOnlyList<string> Files =
        ["README.txt", "verify_evidence.py", "entries.csv", "results.csv", "steps.csv", "gases.csv", "factors.csv", "gwp.csv", "blends.csv", "units.csv", "instruments.csv", "cloud.csv", "totals.csv"];

    private readonly EvidenceReader _reader = new(unit, asOf);

    /// <param name="inventory">What is added for a locked inventory; null: nothing.</param>
    public async Task WriteAsync(DateOnly? from, DateOnly? to, InventoryEvidence? inventory, PipeWriter output, CancellationToken cancellationToken)
    {
        var scope = await SelectAsync(from, to, cancellationToken);
        var cover = new EvidenceCover(scope, at);
        var references = new EvidenceReferences(kilowattHour);
        var results = new EvidenceResults(_reader, scope, references);
        var stream = new PipeStream(output);
        // Disposed at the end and only there: its directory would make half a file pass for a whole one.
        var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        var zip = new EvidenceZip(stream, archive, at);
        await zip.WriteAsync("README.txt", Encoding.UTF8.GetBytes(cover.Readme()), cancellationToken);
        await zip.WriteAsync("verify_evidence.py", Resource("verify_evidence.py"), cancellationToken);
        await zip.WriteTableAsync("entries.csv", EvidenceEntries.Heads, EvidenceEntries.RowsAsync(_reader, cancellationToken), cancellationToken);
        await zip.WriteTableAsync("results.csv", EvidenceResults.ResultHeads, results.ResultsAsync(cancellationToken), cancellationToken);
        await zip.WriteTableAsync("steps.csv", EvidenceResults.StepHeads, results.StepsAsync(cancellationToken), cancellationToken);
        await zip.WriteTableAsync("gases.csv", EvidenceResults.GasHeads, results.GasesAsync(cancellationToken), cancellationToken);
        await zip.WriteTableAsync("factors.csv", EvidenceReferences.FactorHeads, references.Factors().ToAsyncEnumerable(), cancellationToken);
        await zip.WriteTableAsync("gwp.csv", "basis,gas,potential", references.Potentials().ToAsyncEnumerable(), cancellationToken);
        await zip.WriteTableAsync("blends.csv", "blend,gas,share", references.Blends().ToAsyncEnumerable(), cancellationToken);
        await zip.WriteTableAsync("units.csv", "unit,group,factor", references.Units().ToAsyncEnumerable(), cancellationToken);
        await zip.WriteTableAsync("instruments.csv", EvidenceReferences.InstrumentHeads, references.Instruments().ToAsyncEnumerable(), cancellationToken);
        await zip.WriteTableAsync("cloud.csv", EvidenceTotals.CloudHeads, EvidenceTotals.CloudAsync(_reader, scope, cancellationToken), cancellationToken);
        await zip.WriteTableAsync("totals.csv", EvidenceTotals.Heads, EvidenceTotals.TotalsAsync(_reader, scope, cancellationToken), cancellationToken);
        if (inventory is not null)
        {
            await inventory.WriteAsync(zip, cancellationToken);
        }

        await zip.WriteAsync("manifest.json", cover.Manifest(inventory?.Snapshot, zip.Files), cancellationToken);
        archive.Dispose();
        await stream.SendAsync(cancellationToken);
    }

    /// <summary>Which entries are in it: those with a result in the months, and those of these days that have none. All results of an entry go with it.</summary>
    private async Task<EvidenceScope> SelectAsync(DateOnly? from, DateOnly? to, CancellationToken cancellationToken)
    {
        var (known, firstKnown, lastKnown) = (await unit.Connection.ListAsync(
            "select (select name from tenants where id = current_tenant()), min(month), max(month) from monthly_totals",
            row => (row.GetString(0), row.Optional<DateOnly>(1), row.Optional<DateOnly>(2)), cancellationToken)).Single();
        var today = DateOnly.FromDateTime(at.UtcDateTime);
        var scope = new EvidenceScope(known, MonthOf(from ?? firstKnown ?? to ?? today), MonthOf(to ?? lastKnown ?? from ?? today));
        // Of a locked inventory everything was calculated: no entry was without a result.
        await _reader.ExecuteAsync(
            $"""
            create temp table evidence_entries on commit drop as
            select a.entry_id, a.id as activity_id
            from {_reader.Intervals} i
            join emission_records e on e.activity_id = i.activity_id and e.proposal_id is not distinct from i.proposal_id
            join activity_records a on a.id = e.activity_id
            where {_reader.Counts} and a.entry_id is not null and e.month between $1 and $2
            group by a.entry_id, a.id
            union all
            select x.entry_id, null from calculation_exceptions x join activity_entries n on n.id = x.entry_id
            where {(_reader.AsOf is null ? "true" : "false")} and n.period_start < $2::date + interval '1 month' and n.period_end >= $1
              and not exists (
                select from activity_records a join emission_records e on e.activity_id = a.id
                join emission_intervals i on i.activity_id = e.activity_id and i.proposal_id is not distinct from e.proposal_id and i.to_sequence is null
                where a.entry_id = x.entry_id)
            """,
            cancellationToken, scope.FirstMonth, scope.LastMonth);
        await _reader.ExecuteAsync("analyze pg_temp.evidence_entries", cancellationToken);
        return scope;
    }

    internal static byte[] Resource(string name)
    {
        using var stream = typeof(EvidencePack).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"The resource {name} is missing.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static DateOnly MonthOf(DateOnly day) => new(day.Year, day.Month, 1);
}
