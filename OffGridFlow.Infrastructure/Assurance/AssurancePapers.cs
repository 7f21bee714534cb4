using System.Data;
using System.Globalization;
using System.IO.Compression;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using OffGridFlow.Core.Assurance;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Reports.Excel;
using static OffGridFlow.Infrastructure.Assurance.EvidenceZip;

namespace OffGridFlow.Infrastructure.Assurance;

/// <summary>Gives out the auditor's work as tables: what was drawn, what was found, what is not corrected (<c>docs/methods/sampling.md</c>).</summary>
internal sealed class AssurancePapers(TenantDatabase database, CurrentUser user, TimeProvider time)
{
    private static readonly JsonSerializerOptions PlanJson = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes down, before anything leaves, who takes the papers of a period; false where there is none.</summary>
    public async Task<bool> RecordPeriodAsync(Guid periodId, CancellationToken cancellationToken)
    {
        user.Require(Permissions.AssuranceRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        if (await AssuranceWork.PeriodAsync(unit, periodId, cancellationToken) is not { } period)
        {
            return false;
        }

        unit.Audit("assurance.exported", $"reporting-period/{periodId}", new { Period = period.Name });
        await unit.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>The same for a sample; its number, or null where there is none.</summary>
    /// <param name="format"><c>zip</c> or <c>xlsx</c>.</param>
    public async Task<int?> RecordSampleAsync(Guid sampleId, string format, CancellationToken cancellationToken)
    {
        user.Require(Permissions.AssuranceRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        if (await unit.Context.AssuranceSamples.SingleOrDefaultAsync(row => row.Id == sampleId, cancellationToken) is not { } sample)
        {
            return null;
        }

        unit.Audit("assurance.exported", $"assurance-sample/{sampleId}", new { sample.Number, format });
        await unit.CommitAsync(cancellationToken);
        return sample.Number;
    }

    /// <summary>All papers of a period, as a ZIP.</summary>
    public Task WritePeriodAsync(Guid periodId, PipeWriter output, CancellationToken cancellationToken)
    {
        user.Require(Permissions.AssuranceRead);
        return WriteAsync(output, (unit, zip) => WriteIntoAsync(unit, zip, periodId, cancellationToken), cancellationToken);
    }

    /// <summary>A sample with its whole population and the script that draws it again, as a ZIP. Memory does not grow with the population.</summary>
    public Task WriteSampleAsync(Guid sampleId, PipeWriter output, CancellationToken cancellationToken)
    {
        user.Require(Permissions.AssuranceRead);
        return WriteAsync(output, async (unit, zip) =>
        {
            var sample = await unit.Context.AssuranceSamples.SingleAsync(row => row.Id == sampleId, cancellationToken);
            await zip.WriteAsync("sample.json", Encoding.UTF8.GetBytes(Plan(sample)), cancellationToken);
            await zip.WriteAsync("redraw_sample.py", EvidencePack.Resource("redraw_sample.py"), cancellationToken);
            await zip.WriteTableAsync("population.csv", "result_id,scope,category,month,scope2_view,kg_co2e", PopulationAsync(unit, sample, cancellationToken), cancellationToken);
            await zip.WriteTableAsync("items.csv", ItemHeads, ItemsAsync(unit, [sample], cancellationToken), cancellationToken);
        }, cancellationToken);
    }

    /// <summary>The tables of a period into a ZIP that is being written; each name begins with <c>assurance_</c>. Asks nobody: who calls it has asked.</summary>
    internal static async Task WriteIntoAsync(TenantUnit unit, EvidenceZip zip, Guid periodId, CancellationToken cancellationToken)
    {
        var context = unit.Context;
        var materialities = await context.AssuranceMaterialities.Where(set => set.PeriodId == periodId).OrderBy(set => set.Version).ToListAsync(cancellationToken);
        await zip.WriteTableAsync(
            "assurance_materiality.csv",
            "version,basis,percent,base_kg_co2e,scope2_view,ledger,materiality_kg_co2e,performance_percent,performance_kg_co2e,trivial_percent,trivial_kg_co2e,reason,author,at",
            materialities.Select(set => new[]
            {
                Count(set.Version), Lower(set.Basis), Number(set.Percent), Number(set.BaseKg), Lower(set.View), Count(set.LedgerSequence), Number(set.MaterialityKg),
                Number(set.PerformancePercent), Number(set.PerformanceKg), Number(set.TrivialPercent), Number(set.TrivialKg), set.Reason, set.Author, Instant(set.At),
            }).ToAsyncEnumerable(), cancellationToken);
        var samples = await context.AssuranceSamples.Where(sample => sample.PeriodId == periodId).OrderBy(sample => sample.Number).ToListAsync(cancellationToken);
        await zip.WriteTableAsync(
            "assurance_samples.csv",
            "sample,method,seed,ledger,first_month,last_month,scope2_view,scope,category,site_id,activity,asked,confidence_percent,tolerable_kg_co2e,expected_kg_co2e,interval_kg_co2e,population,population_kg_co2e,zero_or_less,zero_or_less_kg_co2e,without_figure,population_sha256,items,purpose,author,at,set_aside_at,set_aside_by,set_aside_reason",
            samples.Select(sample => new[]
            {
                Count(sample.Number), Lower(sample.Method), sample.Seed, Count(sample.LedgerSequence), Month(sample.FirstMonth), Month(sample.LastMonth), Lower(sample.View), Count(sample.Scope),
                Count(sample.Category), sample.SiteId?.ToString(), sample.Activity, Count(sample.AskedCount), Count(sample.ConfidencePercent), Number(sample.TolerableKg), Number(sample.ExpectedKg),
                Number(sample.IntervalKg), Count(sample.PopulationCount), Number(sample.PopulationKg), Count(sample.OutsideCount), Number(sample.OutsideKg), Count(sample.MissingCount),
                sample.PopulationHash, Count(sample.ItemCount), sample.Purpose, sample.Author, Instant(sample.At), sample.SetAsideAt is { } aside ? Instant(aside) : null, sample.SetAsideBy,
                sample.SetAsideReason,
            }).ToAsyncEnumerable(), cancellationToken);
        await zip.WriteTableAsync("assurance_items.csv", ItemHeads, ItemsAsync(unit, samples, cancellationToken), cancellationToken);
        await zip.WriteTableAsync("assurance_checks.csv", "sample,item,version,outcome,audited_kg_co2e,note,document_seen,author,at", ChecksAsync(unit, samples, cancellationToken), cancellationToken);
        await zip.WriteTableAsync(
            "assurance_findings.csv",
            "finding,version,step,status,kind,title,observation,criterion,cause,effect_kg_co2e,not_quantified,scope,scope2_view,result_id,entry_id,assigned_to,answer,corrected_by,note,author,at",
            FindingsAsync(unit, periodId, cancellationToken), cancellationToken);
        await zip.WriteTableAsync(
            "assurance_summary.csv", "scope2_view,name,kind,scope,kg_co2e,clearly_trivial,title", SummaryAsync(unit, periodId, cancellationToken), cancellationToken);
    }

    private const string ItemHeads =
        "sample,item,result_id,stratum,kg_co2e,scope,category,scope2_view,month,site_or_account,activity,entry_id,entry_version,ended_ledger,check_version,outcome,audited_kg_co2e,difference_kg_co2e,note,document_seen,checked_by,checked_at";

    private async Task WriteAsync(PipeWriter output, Func<TenantUnit, EvidenceZip, Task> write, CancellationToken cancellationToken)
    {
        await using var unit = await database.OpenAsync(IsolationLevel.RepeatableRead, cancellationToken);
        var stream = new PipeStream(output);
        // Disposed at the end and only there: its directory would make half a file pass for a whole one.
        var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        await write(unit, new EvidenceZip(stream, archive, time.GetUtcNow()));
        archive.Dispose();
        await stream.SendAsync(cancellationToken);
    }

    /// <summary>What the script reads; figures are texts, so that no reader makes binary fractions of them.</summary>
    private static string Plan(AuditSample sample) => JsonSerializer.Serialize(
        new
        {
            Format = "offgridflow-sample 1", Sample = sample.Number, Method = Lower(sample.Method), sample.Seed, Ledger = sample.LedgerSequence, FirstMonth = Month(sample.FirstMonth),
            LastMonth = Month(sample.LastMonth), Scope2View = Lower(sample.View), sample.Scope, sample.Category, Site = sample.SiteId, sample.Activity, Count = sample.AskedCount,
            sample.ConfidencePercent, TolerableKg = Number(sample.TolerableKg), ExpectedKg = Number(sample.ExpectedKg), IntervalKg = Number(sample.IntervalKg),
            Population = sample.PopulationCount, PopulationKg = Number(sample.PopulationKg), PopulationSha256 = sample.PopulationHash, Items = sample.ItemCount, DrawnBy = sample.Author,
            DrawnAt = Instant(sample.At),
        },
        PlanJson);

    private static async IAsyncEnumerable<string?[]> PopulationAsync(TenantUnit unit, AuditSample sample, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var read in SamplePopulation.ReadAsync(unit, PopulationFilter.Of(sample), cancellationToken))
        {
            if (read is { HasFigure: true, Row: var row })
            {
                yield return [row.Id.ToString("D"), Count(row.Scope), Count(row.Category), Month(row.Month), row.View, SampleDraw.Text(row.Kg)];
            }
        }
    }

    private static async IAsyncEnumerable<string?[]> ItemsAsync(TenantUnit unit, IReadOnlyList<AuditSample> samples, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var sample in samples)
        {
            foreach (var row in await SampleReading.ListItemsAsync(unit, sample, cancellationToken))
            {
                var (item, check) = (row.Item, row.Check);
                yield return
                [
                    Count(sample.Number), Count(item.Number), item.ResultId.ToString("D"), Lower(item.Stratum), Number(item.Kg), Count(row.Scope), row.Category == 0 ? null : Count(row.Category),
                    row.View is { } view ? Lower(view) : null, Month(row.Month), row.Account, row.Activity, row.EntryId?.ToString("D"), Count(row.EntryVersion), Count(row.EndedSequence),
                    Count(check?.Version), check is null ? null : Lower(check.Outcome), Number(row.ToChecked().AuditedKg), check is null ? null : Number(row.ToChecked().FoundKg), check?.Note,
                    check?.DocumentSeen, check?.Author, check is null ? null : Instant(check.At),
                ];
            }
        }
    }

    private static async IAsyncEnumerable<string?[]> ChecksAsync(TenantUnit unit, IReadOnlyList<AuditSample> samples, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var sample in samples)
        {
            foreach (var check in await unit.Context.AssuranceItemChecks.Where(row => row.SampleId == sample.Id).OrderBy(row => row.Number).ThenBy(row => row.Version).ToListAsync(cancellationToken))
            {
                yield return
                [
                    Count(sample.Number), Count(check.Number), Count(check.Version), Lower(check.Outcome), Number(check.AuditedKg), check.Note, check.DocumentSeen, check.Author, Instant(check.At),
                ];
            }
        }
    }

    private static async IAsyncEnumerable<string?[]> FindingsAsync(TenantUnit unit, Guid periodId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var versions = unit.Context.AssuranceFindings.Where(finding => finding.PeriodId == periodId)
            .Join(unit.Context.AssuranceFindingVersions, finding => finding.Id, version => version.FindingId, (finding, version) => new { finding.Number, Version = version })
            .OrderBy(row => row.Number).ThenBy(row => row.Version.Version).AsAsyncEnumerable();
        await foreach (var row in versions.WithCancellation(cancellationToken))
        {
            var version = row.Version;
            yield return
            [
                Count(row.Number), Count(version.Version), Lower(version.Step), Lower(version.Status), Lower(version.Kind), version.Title, version.Observation, version.Criterion, version.Cause,
                Number(version.EffectKg), version.NotQuantified, Count(version.Scope), version.View is { } view ? Lower(view) : null, version.ResultId?.ToString("D"), version.EntryId?.ToString("D"),
                version.AssignedTo, version.Answer, version.CorrectedBy, version.Note, version.Author, Instant(version.At),
            ];
        }
    }

    private static async IAsyncEnumerable<string?[]> SummaryAsync(TenantUnit unit, Guid periodId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var view in Enum.GetValues<Scope2Method>())
        {
            var summary = (await AssuranceStanding.SummarizeAsync(unit, periodId, view, cancellationToken))!.Summary;
            foreach (var (row, isTrivial) in summary.Counted.Select(row => (row, false)).Concat(summary.Trivial.Select(row => (row, true))))
            {
                yield return [Lower(view), row.Name, Lower(row.Kind), Count(row.Scope), Number(row.Kg), isTrivial ? "yes" : "no", row.Title];
            }
        }
    }

    private static string? Count(long? value) => value?.ToString(CultureInfo.InvariantCulture);

    private static string Lower<T>(T word)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(word.ToString());

    private static string Instant(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
