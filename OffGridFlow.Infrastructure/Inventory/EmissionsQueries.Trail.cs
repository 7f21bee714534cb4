using System.Globalization;
using OffGridFlow.Core.CloudUsage;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Inventory;

/// <summary>From a result back to the lines of the bill, or to the entry.</summary>
internal sealed partial class EmissionsQueries
{
    private const int LinesAtOnce = 100;

    public async Task<EmissionTrail?> FindTrailAsync(Guid emissionId, CancellationToken cancellationToken)
    {
        user.Require(Permissions.TrailsRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        var found = await unit.Connection.ListAsync(
            $"""
            {EmissionColumns}, a.id, a.key, a.version, a.period_start, a.period_end, a.recorded_at
            from emission_intervals i
            join emission_records e on e.activity_id = i.activity_id and e.proposal_id is not distinct from i.proposal_id
            join activity_records a on a.id = e.activity_id
            where e.id = $1 and i.to_sequence is null
            """,
            row =>
            {
                var emission = ReadEmission(row);
                return (Emission: emission, Activity: new TrailActivity(
                    row.GetGuid(EmissionColumnCount), row.GetString(EmissionColumnCount + 1), row.GetInt32(EmissionColumnCount + 2),
                    row.GetFieldValue<DateOnly>(EmissionColumnCount + 3), row.GetFieldValue<DateOnly>(EmissionColumnCount + 4), emission.Quantity, emission.Unit,
                    emission.Quality, row.GetFieldValue<DateTimeOffset>(EmissionColumnCount + 5)));
            },
            cancellationToken, emissionId);
        if (found is not [var (emission, activity)])
        {
            return null;
        }

        if (emission.EntryId is not null)
        {
            return await EntryTrailAsync(unit, emission, activity, cancellationToken);
        }

        var summaries = await ListSummariesAsync(unit, emission, cancellationToken);
        var components = summaries.Select(Replay).OrderByDescending(component => component.OperationalKgCo2e + component.EmbodiedKgCo2e).ToList();
        var documents = new List<TrailDocument>();
        foreach (var ofDocument in summaries.GroupBy(summary => (summary.DocumentId, summary.Entry)))
        {
            documents.Add(await ReadDocumentAsync(unit, emission, ofDocument.ToList(), 0, cancellationToken));
        }

        var grid = summaries.Select(summary => estimator.RateFor(summary.Kind, emission.Month).Grid).FirstOrDefault(grid => grid is not null);
        return new EmissionTrail(emission, activity, emission.KgCo2e is null ? null : grid, Formula(emission, components), components, documents);
    }

    public async Task<TrailDocument?> ListSourceLinesAsync(Guid emissionId, Guid documentId, string? cursor, CancellationToken cancellationToken)
    {
        user.Require(Permissions.TrailsRead);
        var place = Cursor.Parse(cursor, 2);
        var after = place is null ? 0 : long.TryParse(place[0], CultureInfo.InvariantCulture, out var line) ? line : throw new InvalidCursorException();
        await using var unit = await database.OpenAsync(cancellationToken);
        var emission = (await unit.Connection.ListAsync(
            $"{EmissionColumns} from emission_records e join activity_records a on a.id = e.activity_id where e.id = $1", ReadEmission, cancellationToken, emissionId))
            .SingleOrDefault();
        if (emission is null or { EntryId: not null })
        {
            return null;
        }

        var summaries = (await ListSummariesAsync(unit, emission, cancellationToken)).Where(summary => summary.DocumentId == documentId).ToList();
        // Without a cursor, the first part of the document.
        var entry = place is null ? summaries.FirstOrDefault()?.Entry : place[1].Length == 0 ? null : place[1];
        summaries.RemoveAll(summary => summary.Entry != entry);
        return summaries.Count == 0 ? null : await ReadDocumentAsync(unit, emission, summaries, after, cancellationToken);
    }

    private sealed record Summary(
        long BatchNumber, DateOnly BillingMonth, DateOnly UsageMonth, int KindId, UsageKind Kind, decimal Amount, long LineCount, long FirstLine, long LastLine,
        decimal? KilowattHours, decimal? OperationalKgCo2e, decimal? EmbodiedKgCo2e, string MethodVersion, Guid DocumentId, string FileName, string Sha256, long Length, string? Entry);

    private static Task<List<Summary>> ListSummariesAsync(TenantUnit unit, EmissionRow emission, CancellationToken cancellationToken) =>
        unit.Connection.ListAsync(
            """
            select s.batch_number, b.billing_month, k.id, k.provider, k.account, k.service, k.region, k.usage_type, k.unit, k.instance_type, k.vcpus,
              k.currency, s.amount, s.line_count, s.first_line, s.last_line, s.kilowatt_hours, s.operational_kg_co2e, s.embodied_kg_co2e,
              s.method_version, d.id, i.file_name, d.sha256, d.length, b.entry
            from usage_kinds k
            join usage_summaries s on s.kind_id = k.id and s.usage_month = $5 and s.charge = 'Usage' and s.usage_class = $6
            join import_batches b on b.number = s.batch_number and b.state = 'Current'
            join imports i on i.id = b.import_id
            join source_documents d on d.id = b.document_id
            where k.provider = $1 and k.account = $2 and k.service = $3 and k.region = $4 and k.currency = $7
            order by s.batch_number, s.first_line
            """,
            row => new Summary(
                row.GetInt64(0), row.GetFieldValue<DateOnly>(1), emission.Month, row.GetInt32(2),
                new UsageKind(
                    row.GetString(3), row.GetString(4), row.GetString(5), row.GetString(6), row.GetString(7), row.GetString(8), row.GetString(9),
                    row.Optional<decimal>(10), row.GetString(11)),
                row.GetDecimal(12), row.GetInt64(13), row.GetInt64(14), row.GetInt64(15), row.Optional<decimal>(16), row.Optional<decimal>(17),
                row.Optional<decimal>(18), row.GetString(19), row.GetGuid(20), row.GetString(21), row.GetString(22), row.GetInt64(23), row.OptionalText(24)),
            cancellationToken, emission.Provider, emission.Account, emission.Service, emission.Region, emission.Month, emission.UsageClass.ToString(),
            emission.Cost.Keys.Single());

    /// <summary>Computes the summary anew from its stored amount; "replayed" means: the same digits as stored, by the same version of the method.</summary>
    private TrailComponent Replay(Summary summary)
    {
        var rate = estimator.RateFor(summary.Kind, summary.UsageMonth);
        var estimate = rate.Apply(summary.Amount).ForLedger();
        return new TrailComponent
        {
            UsageType = summary.Kind.UsageType,
            Unit = summary.Kind.Unit,
            Amount = summary.Amount,
            LineCount = summary.LineCount,
            KilowattHours = summary.KilowattHours,
            OperationalKgCo2e = summary.OperationalKgCo2e,
            EmbodiedKgCo2e = summary.EmbodiedKgCo2e,
            Steps = summary.KilowattHours is null ? [] : rate.Steps,
            Flags = rate.Flags,
            Replayed = summary.MethodVersion == estimator.Version
                && (summary.KilowattHours is null
                    || (estimate.KilowattHours == summary.KilowattHours && estimate.OperationalKgCo2e == summary.OperationalKgCo2e
                        && estimate.EmbodiedKgCo2e == summary.EmbodiedKgCo2e)),
        };
    }

    private static async Task<TrailDocument> ReadDocumentAsync(
        TenantUnit unit, EmissionRow emission, List<Summary> summaries, long afterLine, CancellationToken cancellationToken)
    {
        var document = summaries[0];
        var lines = await unit.Connection.ListAsync(
            $"""
            select l.line, l.amount, k.unit, l.cost, k.currency, k.usage_type, l.resource
            from usage_lines l join usage_kinds k on k.id = l.kind_id
            where l.billing_month = any($1) and l.batch_number = any($2) and l.kind_id = any($3) and l.is_usage
              and l.start_at >= $4 and l.start_at < $5 and l.line > $6 and l.line between $7 and $8
            order by l.line limit {LinesAtOnce + 1}
            """,
            row => new SourceLine(
                row.GetInt64(0), row.Optional<decimal>(1), row.GetString(2), row.GetDecimal(3), row.GetString(4), row.GetString(5), row.OptionalText(6)),
            cancellationToken, summaries.Select(summary => summary.BillingMonth).Distinct().ToArray(),
            summaries.Select(summary => summary.BatchNumber).Distinct().ToArray(), summaries.Select(summary => summary.KindId).Distinct().ToArray(),
            emission.Month.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc), emission.Month.AddMonths(1).ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc),
            afterLine, summaries.Min(summary => summary.FirstLine), summaries.Max(summary => summary.LastLine));
        var page = lines.Take(LinesAtOnce).ToList();
        return new TrailDocument(
            document.DocumentId, document.FileName, document.Entry, document.Sha256, document.Length, summaries.Sum(summary => summary.LineCount), page,
            lines.Count > LinesAtOnce ? Cursor.Of(page[^1].Number.ToString(CultureInfo.InvariantCulture), document.Entry ?? "") : null);
    }

    private static string Formula(EmissionRow emission, List<TrailComponent> components)
    {
        if (emission.KgCo2e is null)
        {
            return "No result: " + string.Join(" ", components.SelectMany(component => component.Flags).Select(flag => flag.Text).Distinct());
        }

        static string Term(TrailComponent component) => string.Create(
            CultureInfo.InvariantCulture, $"{component.Amount.Normalized()} {component.Unit} of {component.UsageType}: {component.OperationalKgCo2e?.Normalized()} + {component.EmbodiedKgCo2e?.Normalized()}");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"kg CO2e = Σ (operational + embodied) = {string.Join("; ", components.Select(Term))} = {emission.OperationalKgCo2e?.Normalized()} + {emission.EmbodiedKgCo2e?.Normalized()} = {emission.KgCo2e?.Normalized()}");
    }
}

internal static class Decimals
{
    /// <summary>Without the zeros that end a stored number.</summary>
    public static decimal Normalized(this decimal value) => value / 1.000000000000000000000000000000000m;
}
