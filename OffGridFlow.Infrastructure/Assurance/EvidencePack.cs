using System.Globalization;
using System.IO.Compression;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Npgsql;
using OffGridFlow.Core.ActivityData;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Infrastructure.Calculation;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;
using OffGridFlow.Infrastructure.Reports.Excel;
using static OffGridFlow.Infrastructure.Assurance.EvidenceZip;

namespace OffGridFlow.Infrastructure.Assurance;

/// <summary>One export.</summary>
/// <param name="kilowattHour">In which purchased energy is stated.</param>
/// <param name="asOf">The snapshot at whose ledger number results and entries are read; null: as they stand now.</param>
internal sealed class EvidencePack(TenantUnit unit, DerivedUnit kilowattHour, DateTimeOffset at, InventorySnapshot? asOf = null)
{
    public const string Format = "offgridflow-evidence 1";

    /// <summary>All files but the manifest, in their order.</summary>
    public static readonly IReadOnlyList<string> Files =
        ["README.txt", "verify_evidence.py", "entries.csv", "results.csv", "steps.csv", "gases.csv", "factors.csv", "gwp.csv", "blends.csv", "units.csv", "instruments.csv", "cloud.csv", "totals.csv"];

    private const int TimeoutSeconds = 300;

    private static readonly JsonSerializerOptions ManifestJson = new(JsonSerializerDefaults.Web) { WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly SortedDictionary<string, (string Json, DerivedFactor Factor, DerivedUnit Unit)> _factors = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Basis, string Gas), decimal> _potentials = [];
    private readonly Dictionary<(string Blend, string Gas), decimal> _blends = [];
    private readonly SortedDictionary<string, DerivedUnit> _units = new(StringComparer.Ordinal) { [kilowattHour.Symbol] = kilowattHour };
    private readonly SortedDictionary<string, DerivedInstrument> _instruments = new(StringComparer.Ordinal);
    private readonly string _counts = CountsAt(asOf?.LedgerNumber);
    private DateOnly _first;
    private DateOnly _last;

    /// <summary>The condition on <c>emission_intervals i</c> that a result counts at a ledger number; null: now.</summary>
    internal static string CountsAt(long? ledgerNumber) => ledgerNumber is { } number
        ? FormattableString.Invariant($"i.from_sequence <= {number} and (i.to_sequence is null or i.to_sequence > {number})") : "i.to_sequence is null";

    /// <param name="inventory">What is added for a locked inventory; null: nothing.</param>
    public async Task WriteAsync(DateOnly? from, DateOnly? to, InventoryEvidence? inventory, PipeWriter output, CancellationToken cancellationToken)
    {
        var organization = await BeginAsync(from, to, cancellationToken);
        var stream = new PipeStream(output);
        // Disposed at the end and only there: its directory would make half a file pass for a whole one.
        var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        var zip = new EvidenceZip(stream, archive, at);
        await zip.WriteAsync("README.txt", Encoding.UTF8.GetBytes(Readme(organization)), cancellationToken);
        await zip.WriteAsync("verify_evidence.py", Resource("verify_evidence.py"), cancellationToken);
        await zip.WriteTableAsync(
            "entries.csv",
            "entry_id,version,status,site_id,site,region,activity,from,to,quantity,unit,gas,chosen_factor,quality,uncertainty_percent,quality_indicators,accrual,reverses,reference,changed_by,changed_at,approved_by,approved_at,documents,fault,measured_quantity,measured_unit,conversion,conversion_value,conversion_to,conversion_per,conversion_source,category,worksheet,vendor,account",
            EntriesAsync(cancellationToken), cancellationToken);
        await zip.WriteTableAsync(
            "results.csv",
            "result_id,entry_id,entry_version,in_period,month,scope,category,scope2_method,part,basis,from,to,quantity,unit,loss_share,loss_unit,lost,factor_quantity,factor_unit,factor_key,instrument_id,gas,gwp_basis,kg_co2e,biogenic_kg_co2,non_kyoto_kg_co2e,kilowatt_hours,quality,step,flags,method_version",
            ResultsAsync(cancellationToken), cancellationToken);
        await zip.WriteTableAsync("steps.csv", "result_id,kind,number,name,operation,operand,operand_value,operand_unit,of_step,inverse,source,result,unit", StepsAsync(cancellationToken), cancellationToken);
        await zip.WriteTableAsync("gases.csv", "result_id,gas,per_unit,kg,potential_of,potential,kg_co2e,counts", GasesAsync(cancellationToken), cancellationToken);
        await zip.WriteTableAsync(
            "factors.csv",
            "factor_key,set_id,set_checksum,factor_id,publisher,title,edition,licence,source,source_table,activity,name,unit,basis,co2,ch4,n2o,co2e,biogenic_co2,biogenic_methane,other_gases,gwp_basis,region,year,data_from,data_to,part,supply,loss_share,uncertainty_percent,note,caution",
            Factors().ToAsyncEnumerable(), cancellationToken);
        await zip.WriteTableAsync("gwp.csv", "basis,gas,potential", Pairs(_potentials).ToAsyncEnumerable(), cancellationToken);
        await zip.WriteTableAsync("blends.csv", "blend,gas,share", Pairs(_blends).ToAsyncEnumerable(), cancellationToken);
        await zip.WriteTableAsync("units.csv", "unit,group,factor", _units.Values.Select(row => new[] { row.Symbol, row.Group, Number(row.Factor) }).ToAsyncEnumerable(), cancellationToken);
        await zip.WriteTableAsync(
            "instruments.csv", "instrument_id,kind,name,from,to,megawatt_hours,kg_co2e_per_kwh,criteria,sites",
            _instruments.Values.Select(row => new[]
            {
                row.Id, row.Kind.ToString(), row.Name, Day(row.From), Day(row.To), Number(row.MegawattHours), Number(row.KgCo2ePerKwh), row.Criteria.ToString(),
                string.Join('|', row.Sites),
            }).ToAsyncEnumerable(),
            cancellationToken);
        await zip.WriteTableAsync(
            "cloud.csv",
            "result_id,month,scope,category,provider,account,service,region,usage_class,currency,kilowatt_hours,operational_kg_co2e,embodied_kg_co2e,kg_co2e,quality,method,method_version,comparison_only",
            CloudAsync(cancellationToken), cancellationToken);
        await zip.WriteTableAsync(
            "totals.csv", "month,scope,category,scope2_method,source,results,kg_co2e,kilowatt_hours,biogenic_kg_co2,submitted_kg_co2e", TotalsAsync(cancellationToken), cancellationToken);
        if (inventory is not null)
        {
            await inventory.WriteAsync(zip, cancellationToken);
        }

        await zip.WriteAsync("manifest.json", Manifest(organization, inventory?.Snapshot, zip.Files), cancellationToken);
        archive.Dispose();
        await stream.SendAsync(cancellationToken);
    }

    /// <summary>Which entries are in it: those with a result in the months, and those of these days that have none. All results of an entry go with it.</summary>
    private async Task<string> BeginAsync(DateOnly? from, DateOnly? to, CancellationToken cancellationToken)
    {
        var (known, firstKnown, lastKnown) = (await unit.Connection.ListAsync(
            "select (select name from tenants where id = current_tenant()), min(month), max(month) from monthly_totals",
            row => (row.GetString(0), row.Optional<DateOnly>(1), row.Optional<DateOnly>(2)), cancellationToken)).Single();
        var today = DateOnly.FromDateTime(at.UtcDateTime);
        _first = MonthOf(from ?? firstKnown ?? to ?? today);
        _last = MonthOf(to ?? lastKnown ?? from ?? today);
        // Of a locked inventory everything was calculated: no entry was without a result.
        await ExecuteAsync(
            $"""
            create temp table evidence_entries on commit drop as
            select a.entry_id, a.id as activity_id
            from emission_intervals i
            join emission_records e on e.activity_id = i.activity_id and e.proposal_id is not distinct from i.proposal_id
            join activity_records a on a.id = e.activity_id
            where {_counts} and a.entry_id is not null and e.month between $1 and $2
            group by a.entry_id, a.id
            union all
            select x.entry_id, null from calculation_exceptions x join activity_entries n on n.id = x.entry_id
            where {(asOf is null ? "true" : "false")} and n.period_start < $2::date + interval '1 month' and n.period_end >= $1
              and not exists (
                select from activity_records a join emission_records e on e.activity_id = a.id
                join emission_intervals i on i.activity_id = e.activity_id and i.proposal_id is not distinct from e.proposal_id and i.to_sequence is null
                where a.entry_id = x.entry_id)
            """,
            cancellationToken, _first, _last);
        await ExecuteAsync("analyze pg_temp.evidence_entries", cancellationToken);
        return known;
    }

    /// <summary>As they stand; of a snapshot in the version that was calculated then, where another one stands now, and under the name that its site had.</summary>
    private IAsyncEnumerable<string?[]> EntriesAsync(CancellationToken cancellationToken) => RowsAsync(
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
        cancellationToken, asOf is not null, Sql.Instant(asOf?.At));

    /// <param name="json">An entry and its versions write the names of fields in two ways.</param>
    private static string?[] Measured(string? json) => json is not null && JsonSerializer.Deserialize<ConvertedFrom>(json, JsonSerializerOptions.Web) is { } measured
        ? [Number(measured.Quantity), measured.Unit, measured.Name, Number(measured.Value), measured.To, measured.Per, measured.Source] : new string?[7];

    private IAsyncEnumerable<string?[]> ResultsAsync(CancellationToken cancellationToken) => RowsAsync(
        $"""
        select e.id, a.entry_id, a.entry_version, e.month, e.scope, e.category, e.scope2_method, e.part, {StoredDerivation.Whole}::text, e.kilowatt_hours, e.quality, e.flags, e.method_version,
          a.unit, a.period_start
        from evidence_entries t
        join activity_records a on a.id = t.activity_id
        join emission_records e on e.activity_id = a.id
        join emission_intervals i on i.activity_id = e.activity_id and i.proposal_id is not distinct from e.proposal_id and {_counts}
        {StoredDerivation.Join}
        order by a.entry_id, e.id
        """,
        row =>
        {
            var derivation = row.OptionalText(8) is { } json ? StoredDerivation.Read(json) : null;
            if (derivation is not null)
            {
                Keep(derivation);
            }

            var month = row.GetFieldValue<DateOnly>(3);
            var loss = derivation?.Loss;
            return
            [
                row.GetGuid(0).ToString(), row.GetGuid(1).ToString(), Count(row.GetInt32(2)), YesNo(month >= _first && month <= _last), Month(month), Count(row.GetInt32(4)),
                row.Optional<int>(5) is { } category ? Count(category) : null, row.OptionalText(6) is { } method ? Lower(method) : null, row.OptionalText(7),
                derivation is null ? (row.GetString(10) == nameof(DataQuality.Excluded) ? "excluded" : "missing") : BasisOf(derivation), Day(derivation?.From ?? row.GetFieldValue<DateOnly>(14)), Day(derivation?.To), Number(derivation?.Quantity),
                derivation?.Unit.Symbol ?? row.GetString(13), Number(loss?.Share), loss?.Unit.Symbol, Number(derivation is null ? null : LostOf(derivation)),
                Number(derivation?.FactorQuantity), derivation?.FactorUnit.Symbol, derivation?.Factor is null ? null : KeyOf(derivation), derivation?.Instrument?.Id, derivation?.Gas,
                derivation?.GwpBasis, Number(derivation?.KgCo2e), Number(derivation?.BiogenicKgCo2), Number(derivation?.NonKyotoKgCo2e), Number(row.Optional<decimal>(9)),
                Lower(row.GetString(10)), derivation is null ? null : StepWords(derivation.Step), string.Join('|', row.GetFieldValue<string[]>(11)), row.GetString(12),
            ];
        },
        cancellationToken);

    /// <summary>How an entry's quantity came about (<c>worksheet</c>) and how money became that of the factor (<c>money</c>): a row for each operand of each step.</summary>
    private async IAsyncEnumerable<string?[]> StepsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var (id, derivation) in DerivationsAsync("and (e.derivation ? 'worksheet' or e.derivation ? 'money')", cancellationToken))
        {
            foreach (var (kind, steps) in new[] { ("worksheet", derivation.Worksheet ?? []), ("money", derivation.Money ?? []) })
            {
                for (var number = 0; number < steps.Count; number++)
                {
                    foreach (var operand in steps[number].Operands)
                    {
                        yield return
                        [
                            id, kind, Count(number), steps[number].Name, Lower(steps[number].Operation.ToString()), operand.Name, Number(operand.Value), operand.Unit,
                            operand.Step is { } earlier ? Count(earlier) : null, YesNo(operand.IsInverse), operand.Source, Number(steps[number].Result), steps[number].Unit,
                        ];
                    }
                }
            }
        }
    }

    private async IAsyncEnumerable<string?[]> GasesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var (id, derivation) in DerivationsAsync("", cancellationToken))
        {
            foreach (var gas in derivation.Gases)
            {
                yield return [id, gas.Gas, Number(gas.PerUnit), Number(gas.Kg), gas.PotentialOf, Number(gas.Potential), Number(gas.KgCo2e), YesNo(gas.Counts)];
            }
        }
    }

    /// <param name="condition">A further condition of ours; no text of a caller.</param>
    private IAsyncEnumerable<(string Id, Derivation Derivation)> DerivationsAsync(string condition, CancellationToken cancellationToken) => ReadAsync(
        $"""
        select e.id, {StoredDerivation.Whole}::text
        from evidence_entries t
        join activity_records a on a.id = t.activity_id
        join emission_records e on e.activity_id = a.id
        join emission_intervals i on i.activity_id = e.activity_id and i.proposal_id is not distinct from e.proposal_id and {_counts}
        {StoredDerivation.Join}
        where e.derivation is not null {condition}
        order by a.entry_id, e.id
        """,
        row => (Id: row.GetGuid(0).ToString(), Derivation: StoredDerivation.Read(row.GetString(1))), cancellationToken);

    private IEnumerable<string?[]> Factors() => _factors.Select(row =>
    {
        var factor = row.Value.Factor;
        return new[]
        {
            row.Key, factor.Set.Id, factor.Set.Checksum, factor.Id, factor.Set.Publisher, factor.Set.Title, factor.Set.Edition, factor.Set.License, factor.Set.Source,
            factor.SourceTable, factor.Activity, factor.Name, row.Value.Unit.Symbol, factor.Basis.ToString(), Number(factor.Co2), Number(factor.Ch4), Number(factor.N2o),
            Number(factor.Co2e), Number(factor.BiogenicCo2), factor.BiogenicMethane ? "yes" : null,
            factor.OtherGases is null ? null : string.Join('|', factor.OtherGases.OrderBy(gas => gas.Key, StringComparer.Ordinal).Select(gas => gas.Key + "=" + Number(gas.Value))),
            factor.Set.GwpBasis, factor.Region, Count(factor.Year), Day(factor.DataFrom), Day(factor.DataTo), factor.Part.ToString(), factor.Supply.ToString(),
            Number(factor.LossShare), Number(factor.UncertaintyPercent), factor.Note, factor.Caution,
        };
    });

    private IAsyncEnumerable<string?[]> CloudAsync(CancellationToken cancellationToken) => RowsAsync(
        $"""
        select e.id, e.month, e.scope, e.category, a.provider, a.account, a.service, a.region, a.usage_class, a.currency, e.kilowatt_hours, e.operational_kg_co2e,
          e.embodied_kg_co2e, e.kg_co2e, e.quality, e.method, e.method_version, e.comparison_only
        from emission_intervals i
        join emission_records e on e.activity_id = i.activity_id and e.proposal_id is not distinct from i.proposal_id
        join activity_records a on a.id = e.activity_id
        where {_counts} and a.entry_id is null and e.month between $1 and $2
        order by e.month, e.id
        """,
        row =>
        [
            row.GetGuid(0).ToString(), Month(row.GetFieldValue<DateOnly>(1)), Count(row.GetInt32(2)), row.Optional<int>(3) is { } category ? Count(category) : null, row.GetString(4),
            row.GetString(5), row.GetString(6), row.GetString(7), row.GetString(8), row.GetString(9), Number(row.Optional<decimal>(10)), Number(row.Optional<decimal>(11)),
            Number(row.Optional<decimal>(12)), Number(row.Optional<decimal>(13)), Lower(row.GetString(14)), row.GetString(15), row.GetString(16), YesNo(row.GetBoolean(17)),
        ],
        cancellationToken, _first, _last);

    /// <summary>From the roll-up, which holds what counts now; of a snapshot from the results that counted.</summary>
    private IAsyncEnumerable<string?[]> TotalsAsync(CancellationToken cancellationToken) => RowsAsync(
        asOf is null
            ? """
              select month, scope, category, lower(scope2_method), case when provider = 'entry' then 'entry' else 'cloud' end, sum(activities)::bigint, sum(kg_co2e), sum(kilowatt_hours),
                sum(biogenic_kg_co2), sum(submitted_kg_co2e)
              from monthly_totals where month between $1 and $2 group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5
              """
            : $"""
              select e.month, e.scope, coalesce(e.category, 0), lower(coalesce(e.scope2_method, '')), case when a.entry_id is null then 'cloud' else 'entry' end, count(*),
                coalesce(sum(e.kg_co2e), 0), coalesce(sum(e.kilowatt_hours), 0), coalesce(sum(e.biogenic_kg_co2), 0),
                coalesce(sum(e.kg_co2e) filter (where a.entry_status = 'Submitted'), 0)
              from emission_intervals i join emission_records e on e.activity_id = i.activity_id and e.proposal_id is not distinct from i.proposal_id join activity_records a on a.id = e.activity_id
              where {_counts} and e.month between $1 and $2 group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5
              """,
        row =>
        [
            Month(row.GetFieldValue<DateOnly>(0)), Count(row.GetInt32(1)), row.GetInt32(2) is not 0 and var category ? Count(category) : null, row.GetString(3), row.GetString(4),
            Count(row.GetInt64(5)), Number(row.GetDecimal(6)), Number(row.GetDecimal(7)), Number(row.GetDecimal(8)), Number(row.GetDecimal(9)),
        ],
        cancellationToken, _first, _last);

    /// <summary>Gathers what the results name: each factor, potential, blend, unit and instrument once.</summary>
    private void Keep(Derivation derivation)
    {
        foreach (var used in new[] { derivation.Unit, derivation.FactorUnit, derivation.Loss?.Unit, derivation.Conversion?.Unit, derivation.Conversion?.Per }.OfType<DerivedUnit>())
        {
            _units[used.Symbol] = used;
        }

        if (derivation.Factor is { } factor)
        {
            _factors[KeyOf(derivation)] = (JsonSerializer.Serialize(factor, StoredDerivation.Json), factor, derivation.FactorUnit);
        }

        if (derivation.Instrument is { } instrument)
        {
            _instruments[instrument.Id] = instrument;
        }

        foreach (var gas in derivation.Gases)
        {
            if (gas.Potential is { } potential)
            {
                _potentials[(derivation.GwpBasis, gas.PotentialOf)] = potential;
            }

            if (derivation.Factor is null && derivation.Gas is { } blend)
            {
                _blends[(blend, gas.Gas)] = gas.PerUnit;
            }
        }
    }

    /// <summary>Set, factor and the set's checksum, which names the digits; two that differ all the same are told apart by a number.</summary>
    private string KeyOf(Derivation derivation)
    {
        var factor = derivation.Factor!;
        var key = $"{factor.Set.Id}/{factor.Id}@{factor.Set.Checksum[..Math.Min(12, factor.Set.Checksum.Length)]}";
        var json = JsonSerializer.Serialize(factor, StoredDerivation.Json);
        for (var number = 1; ; number++)
        {
            var name = number == 1 ? key : key + "#" + Count(number);
            if (!_factors.TryGetValue(name, out var known) || (known.Json == json && known.Unit == derivation.FactorUnit))
            {
                return name;
            }
        }
    }

    private byte[] Manifest(string organization, InventorySnapshot? snapshot, IReadOnlyList<EvidenceFile> files)
    {
        var zeros = new string('0', 64);
        var text = JsonSerializer.Serialize(
            new
            {
                format = Format,
                organization,
                generatedAt = at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
                firstMonth = Month(_first),
                lastMonth = Month(_last),
                method = EntryLedger.MethodVersion,
                inventory = snapshot is null ? null : new { snapshot = snapshot.Number, sha256 = snapshot.Sha256 },
                files,
                checksum = zeros,
            },
            ManifestJson).ReplaceLineEndings("\n");
        // Of the file itself with zeros in the place of its digits; no other hash in it is all zeros.
        var checksum = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        return Encoding.UTF8.GetBytes(text.Replace(zeros, checksum, StringComparison.Ordinal));
    }

    private string Readme(string organization) => string.Create(CultureInfo.InvariantCulture,
        $"""
        Evidence of the emissions of {organization}, {Month(_first)} to {Month(_last)}, exported from OffGridFlow on {at.UtcDateTime:yyyy-MM-dd HH:mm} UTC.

        To verify it, with Python 3.9 or newer and nothing else:

            python3 verify_evidence.py evidence.zip

        The script is in this file for convenience. Whoever does not trust it takes it from the source code of OffGridFlow (docs/methods/verify_evidence.py)
        or writes their own after docs/methods/evidence.md.

        What is checked: the SHA-256 of every file; of every entered activity, its conversion from what was measured, each step of its worksheet, that its
        parts make the whole day by day, each conversion of units, rates of exchange and price indices, losses,
        that contractual instruments cover no more than was used and no more than they hold, each gas, the CO2e, the memo lines; every total by month, scope,
        category and scope 2 method, both of entered activities and of cloud usage.
        What is not checked: that a factor is the one its publisher printed (publisher, edition, table and licence stand in factors.csv), that a quantity is
        the one on the invoice (the SHA-256 of attached documents stands in entries.csv), and how cloud usage became emissions: each figure of cloud.csv has a
        trail of its own in OffGridFlow, down to the lines of the bill; here it is only added up.

        Numbers are decimals with a point. Each named step is rounded once, half to even, at the twelfth decimal.

        """).ReplaceLineEndings("\n");

    private static IEnumerable<string?[]> Pairs(Dictionary<(string First, string Second), decimal> rows) =>
        rows.OrderBy(row => row.Key.First, StringComparer.Ordinal).ThenBy(row => row.Key.Second, StringComparer.Ordinal)
            .Select(row => new[] { row.Key.First, row.Key.Second, Number(row.Value) });

    private static string BasisOf(Derivation derivation) => derivation switch
    {
        { Instrument: not null } => "instrument",
        { Part: FactorPart.OutsideScopes } => "memo",
        { Step: SelectionStep.Reported } => "reported",
        { Step: SelectionStep.NoEmission } => "none",
        { Factor: null } => "release",
        _ => Lower(derivation.Factor.Basis.ToString()),
    };

    private static decimal? LostOf(Derivation derivation) => derivation.Loss is { } loss
        ? Core.Quantities.Exact.Ratio(derivation.Unit.Convert(derivation.Quantity, loss.Unit), loss.Share, 1m - loss.Share)
        : null;

    private static string StepWords(SelectionStep step) => step == SelectionStep.GridRegion ? "grid-region" : Lower(step.ToString());

    private static string Count(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string YesNo(bool value) => value ? "yes" : "no";

    private static string Lower(string name) => name.ToLowerInvariant();

    private static string Instant(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    private static DateOnly MonthOf(DateOnly day) => new(day.Year, day.Month, 1);

    internal static byte[] Resource(string name)
    {
        using var stream = typeof(EvidencePack).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"The resource {name} is missing.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private async Task ExecuteAsync(string statement, CancellationToken cancellationToken, params object?[] parameters)
    {
        await using var command = unit.Connection.Command(statement, parameters);
        command.CommandTimeout = TimeoutSeconds;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private IAsyncEnumerable<string?[]> RowsAsync(string statement, Func<NpgsqlDataReader, string?[]> read, CancellationToken cancellationToken, params object?[] parameters) =>
        ReadAsync(statement, read, cancellationToken, parameters);

    private async IAsyncEnumerable<T> ReadAsync<T>(
        string statement, Func<NpgsqlDataReader, T> read, [EnumeratorCancellation] CancellationToken cancellationToken, params object?[] parameters)
    {
        await using var command = unit.Connection.Command(statement, parameters);
        command.CommandTimeout = TimeoutSeconds;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            yield return read(reader);
        }
    }
}
