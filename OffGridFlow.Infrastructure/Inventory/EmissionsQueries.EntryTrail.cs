using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Infrastructure.Calculation;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Inventory;

/// <summary>From a result back to the entry.</summary>
internal sealed partial class EmissionsQueries
{
    private static async Task<EmissionTrail> EntryTrailAsync(TenantUnit unit, EmissionRow emission, TrailActivity activity, CancellationToken cancellationToken)
    {
        var results = await unit.Connection.ListAsync(
            $"""
            select e.id, e.month, e.scope, e.category, e.scope2_method, e.part, e.kg_co2e, e.biogenic_kg_co2, {StoredDerivation.Whole}::text
            from activity_records a
            join emission_records e on e.activity_id = a.id
            join emission_intervals i on i.activity_id = e.activity_id and i.proposal_id is not distinct from e.proposal_id and i.to_sequence is null
            {StoredDerivation.Join}
            where a.id = $1
            order by e.scope, e.scope2_method, e.category, e.month, e.part, e.kg_co2e desc
            """,
            row => (
                Result: new SiblingEmission(
                    row.GetGuid(0), row.GetFieldValue<DateOnly>(1), row.GetInt32(2), row.Optional<int>(3), row.OptionalText(4)?.ToLowerInvariant(),
                    row.OptionalText(5) is { } part ? Enum.Parse<FactorPart>(part) : null, row.Optional<decimal>(6), row.Optional<decimal>(7)),
                Derivation: row.OptionalText(8) is { } json ? StoredDerivation.Read(json) : null),
            cancellationToken, activity.Id);
        var derivation = results.Find(result => result.Result.Id == emission.Id).Derivation;
        var entry = (await unit.Connection.ListAsync(
            """
            select a.entry_id, a.entry_version, n.activity_type, a.account, a.entry_status, n.quality_indicators, n.uncertainty_percent, n.is_accrual, n.reverses_id,
              n.reference, n.note, x.message, x.mend
            from activity_records a join activity_entries n on n.id = a.entry_id left join calculation_exceptions x on x.entry_id = n.id where a.id = $1
            """,
            row => new EntryTrail
            {
                Id = row.GetGuid(0),
                Version = row.GetInt32(1),
                ActivityType = row.GetString(2),
                Site = row.GetString(3),
                Status = row.GetString(4),
                QualityIndicators = row.GetFieldValue<int[]>(5),
                UncertaintyPercent = row.Optional<decimal>(6),
                UncertaintyKgCo2e = UncertaintyOf(derivation),
                IsAccrual = row.GetBoolean(7),
                ReversesId = row.Optional<Guid>(8),
                Reference = row.OptionalText(9),
                Note = row.OptionalText(10),
                Exception = row.OptionalText(11),
                Mend = row.OptionalText(12),
                History = [],
                Documents = [],
                Derivation = derivation,
                Steps = derivation is null ? [] : DerivationSteps.Of(derivation),
                Replayed = derivation is not null && derivation.KgCo2e == emission.KgCo2e && derivation.IsReplayed() && AddUp(results.Select(result => result.Derivation)),
                Results = [.. results.Select(result => result.Result)],
            },
            cancellationToken, activity.Id)).Single();
        entry = entry with
        {
            History = await unit.Connection.ListAsync(
                "select version, action, author, reason, at from activity_entry_versions where entry_id = $1 order by version",
                row => new EntryEvent(row.GetInt32(0), row.GetString(1), row.GetString(2), row.OptionalText(3), row.GetFieldValue<DateTimeOffset>(4)),
                cancellationToken, entry.Id),
            Documents = await unit.Connection.ListAsync(
                "select d.id, l.file_name, d.sha256, d.length from activity_entry_documents l join source_documents d on d.id = l.document_id where l.entry_id = $1 order by l.file_name, d.id",
                row => new EntryDocumentLink(row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetInt64(3)), cancellationToken, entry.Id),
        };
        var formula = derivation is null ? "No result: " + (entry.Exception ?? "another entry counts it by its physical amount, as the account map says") : DerivationSteps.Formula(derivation);
        // The row of the spreadsheet that it was read from, where it came in one.
        var source = await unit.Connection.ListAsync(
            """
            select d.id, i.file_name, n.source_sheet, d.sha256, d.length, n.source_line, n.quantity, n.unit
            from activity_entries n join imports i on i.id = n.import_id join source_documents d on d.id = n.document_id where n.id = $1
            """,
            row => new TrailDocument(
                row.GetGuid(0), row.GetString(1), row.OptionalText(2), row.GetString(3), row.GetInt64(4), 1,
                [new SourceLine(row.GetInt64(5), row.GetDecimal(6), row.GetString(7), 0, "", "", null)], null),
            cancellationToken, entry.Id);
        return new EmissionTrail(emission, activity, null, formula, [], source) { Entry = entry };
    }

    /// <summary>Of each view and part of purchased energy, and of each part of all else: the quantities on their days make the entry's.</summary>
    private static bool AddUp(IEnumerable<Derivation?> derivations) => derivations.OfType<Derivation>()
        .Where(derivation => derivation.Part is FactorPart.Direct or FactorPart.LifeCycle)
        .GroupBy(derivation => derivation.Instrument is not null || derivation.IsMarketBased)
        .All(view => view.Sum(derivation => derivation.Quantity) == view.First().EntryQuantity);

    private static decimal? UncertaintyOf(Derivation? derivation) =>
        derivation is null || (derivation.UncertaintyPercent is null && derivation.Factor?.UncertaintyPercent is null)
            ? null
            : Uncertainty.OfSum(
                [new UncertainFigure(derivation.KgCo2e, derivation.UncertaintyPercent ?? 0, derivation.Factor?.Id ?? "", derivation.Factor?.UncertaintyPercent ?? 0)]);
}
