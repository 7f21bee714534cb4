using System.Text.Json;
using OffGridFlow.Core.ActivityData;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;
using static OffGridFlow.Infrastructure.Assurance.EvidenceZip;

namespace OffGridFlow.Infrastructure.Assurance;

/// <summary>What was entered: the rows of <c>entries.csv</c>.</summary>
internal static class EvidenceEntries
{
    public const string Heads =
        "entry_id,version,status,site_id,site,region,activity,from,to,quantity,unit,gas,chosen_factor,quality,uncertainty_percent,quality_indicators,accrual,reverses,reference,changed_by,changed_at,approved_by,approved_at,documents,fault,measured_quantity,measured_unit,conversion,conversion_value,conversion_to,conversion_per,conversion_source,category,worksheet,vendor,account";

    /// <summary>As they stand; of a snapshot in the version that was calculated then, where another one stands now, and under the name that its site had.</summary>
    public static IAsyncEnumerable<string?[]> RowsAsync(EvidenceReader reader, CancellationToken cancellationToken) => reader.ReadAsync<string?[]>(
        """
        select n.id, x.version, x.status, x.site_id, case when $1 then a.account else s.name end, case when $1 then a.region else s.region end, x.activity_type, x.period_start, x.period_end,
          x.quantity, x.unit, x.gas, x.factor_id, x.quality, x.uncertainty_percent, x.quality_indicators, x.is_accrual, x.reverses_id, x.reference, x.changed_by, x.changed_at, v.author, v.at,
          (select string_agg(d.sha256, '|' order by d.sha256) from source_documents d
            where d.id in (select n.document_id union all select l.document_id from activity_entry_documents l where l.entry_id = n.id and ($2 is null or l.added_at <= $2))),
          f.code, x.converted_from, x.category, x.method, x.vendor, x.account
        from evidence_entries t
        join activity_entries n on n.id = t.entry_id
        left join activity_records a on a.id = t.activity_id
        left join activity_entry_versions h on $1 and h.entry_id = n.id and h.version = a.entry_version and h.version <> n.version
        cross join lateral (
          select n.version, n.status, n.site_id, n.activity_type, n.period_start, n.period_end, n.quantity, n.unit, n.gas, n.factor_id, n.quality, n.uncertainty_percent,
            array_to_string(n.quality_indicators, '|') as quality_indicators, n.is_accrual, n.reverses_id, n.reference, n.changed_by, n.changed_at,
            n.converted_from::text as converted_from, n.category, n.worksheet ->> 'Method' as method, n.vendor, n.account
          where h.version is null
          union all
          select h.version, h.content ->> 'status', (h.content ->> 'siteId')::uuid, h.content ->> 'activityType', (h.content ->> 'periodStart')::date, (h.content ->> 'periodEnd')::date,
            (h.content ->> 'quantity')::numeric, h.content ->> 'unit', h.content ->> 'gas', h.content ->> 'factorId', h.content ->> 'quality',
            (h.content ->> 'uncertaintyPercent')::numeric, replace(h.content ->> 'qualityIndicators', ' ', '|'), (h.content ->> 'isAccrual')::boolean,
            (h.content ->> 'reversesId')::uuid, h.content ->> 'reference', h.author, h.at, h.content ->> 'convertedFrom', (h.content ->> 'category')::integer,
            h.content #>> '{worksheet,method}', h.content ->> 'vendor', h.content ->> 'account'
          where h.version is not null) x
        join sites s on s.id = x.site_id
        left join calculation_exceptions f on not $1 and f.entry_id = n.id
        left join lateral (
          select author, at from activity_entry_versions where entry_id = n.id and action = 'approved' and x.status = 'Approved' and version <= x.version
          order by version desc limit 1) v on true
        order by n.id
        """,
        row =>
        [
            row.GetGuid(0).ToString(), Count(row.GetInt32(1)), row.GetString(2), row.GetGuid(3).ToString(), row.GetString(4), row.GetString(5), row.GetString(6),
            Day(row.GetFieldValue<DateOnly>(7)), Day(row.GetFieldValue<DateOnly>(8)), Number(row.GetDecimal(9)), row.GetString(10), row.OptionalText(11), row.OptionalText(12),
            Lower(row.GetString(13)), Number(row.Optional<decimal>(14)), row.OptionalText(15), YesNo(row.GetBoolean(16)), row.Optional<Guid>(17)?.ToString(), row.OptionalText(18),
            row.GetString(19), Instant(row.GetFieldValue<DateTimeOffset>(20)), row.OptionalText(21), row.Optional<DateTimeOffset>(22) is { } approved ? Instant(approved) : null,
            row.OptionalText(23), row.OptionalText(24), .. Measured(row.OptionalText(25)), row.Optional<int>(26) is { } category ? Count(category) : null, row.OptionalText(27),
            row.OptionalText(28), row.OptionalText(29),
        ],
        cancellationToken, reader.AsOf is not null, Sql.Instant(reader.AsOf?.At));

    /// <param name="json">An entry and its versions write the names of fields in two ways.</param>
    private static string?[] Measured(string? json) => json is not null && JsonSerializer.Deserialize<ConvertedFrom>(json, JsonSerializerOptions.Web) is { } measured
        ? [Number(measured.Quantity), measured.Unit, measured.Name, Number(measured.Value), measured.To, measured.Per, measured.Source] : new string?[7];
}
