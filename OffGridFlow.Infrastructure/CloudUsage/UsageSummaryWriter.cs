using Npgsql;
using NpgsqlTypes;
using OffGridFlow.Core.CloudUsage;
using OffGridFlow.Core.Imports;
using OffGridFlow.Infrastructure.Imports;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.CloudUsage;

/// <summary>Estimates each summed kind of usage once and writes the summaries.</summary>
internal sealed class UsageSummaryWriter(ICloudEstimator estimator)
{
    private const int RowsAtOnce = 5000;

    public async Task WriteAsync(TenantUnit unit, BillLoad load, CancellationToken cancellationToken)
    {
        var rates = new Dictionary<(int Kind, DateOnly Month), CloudUsageRate>();
        foreach (var chunk in load.Totals.All.Chunk(RowsAtOnce))
        {
            var columns = new Columns();
            foreach (var (key, total) in chunk)
            {
                if (!rates.TryGetValue((key.Kind, key.UsageMonth), out var rate))
                {
                    rates[(key.Kind, key.UsageMonth)] = rate = estimator.RateFor(load.Kinds[key.Kind], key.UsageMonth);
                }

                columns.Add(key, total, load.KindNumbers[key.Kind], rate);
            }

            await columns.InsertAsync(unit, estimator, cancellationToken);
        }
    }

    /// <summary>Arrays for one <c>INSERT … SELECT FROM unnest</c>.</summary>
    private sealed class Columns
    {
        private readonly List<long> _batches = [];
        private readonly List<int> _kinds = [];
        private readonly List<DateOnly> _months = [];
        private readonly List<string> _charges = [];
        private readonly List<decimal> _amounts = [];
        private readonly List<decimal> _costs = [];
        private readonly List<long> _lines = [];
        private readonly List<long> _firstLines = [];
        private readonly List<long> _lastLines = [];
        private readonly List<string> _classes = [];
        private readonly List<decimal?> _quantities = [];
        private readonly List<string?> _units = [];
        private readonly List<decimal?> _kilowattHours = [];
        private readonly List<decimal?> _operational = [];
        private readonly List<decimal?> _embodied = [];
        private readonly List<bool> _defaulted = [];
        private readonly List<string?> _gridFactors = [];
        private readonly List<string> _flags = [];

        public void Add(UsageTotalKey key, UsageTotal total, int kindNumber, CloudUsageRate rate)
        {
            var isUsage = key.Charge == ChargeKind.Usage;
            var estimate = isUsage ? rate.Apply(total.Amount).ForLedger() : null;
            var hasResult = estimate is { KilowattHours: not null, OperationalKgCo2e: not null, EmbodiedKgCo2e: not null };
            _batches.Add(key.BatchNumber);
            _kinds.Add(kindNumber);
            _months.Add(key.UsageMonth);
            _charges.Add(key.Charge.ToString());
            _amounts.Add(total.Amount);
            _costs.Add(total.Cost);
            _lines.Add(total.LineCount);
            _firstLines.Add(total.FirstLine);
            _lastLines.Add(total.LastLine);
            _classes.Add(LedgerClass(rate, isUsage, hasResult).ToString());
            _quantities.Add(hasResult ? estimate!.ClassUnits : null);
            _units.Add(hasResult ? rate.ClassUnit : null);
            _kilowattHours.Add(hasResult ? estimate!.KilowattHours : null);
            _operational.Add(hasResult ? estimate!.OperationalKgCo2e : null);
            _embodied.Add(hasResult ? estimate!.EmbodiedKgCo2e : null);
            _defaulted.Add(hasResult && rate.Defaulted);
            _gridFactors.Add(hasResult ? rate.Grid?.Id : null);
            _flags.Add(isUsage ? string.Join(' ', rate.Flags.Select(flag => flag.Code)) : "");
        }

        public Task<int> InsertAsync(TenantUnit unit, ICloudEstimator estimator, CancellationToken cancellationToken) => unit.Connection.ExecuteAsync(
            """
            insert into usage_summaries (tenant_id, batch_number, kind_id, usage_month, charge, amount, cost, line_count, first_line, last_line,
              usage_class, class_quantity, class_unit, kilowatt_hours, operational_kg_co2e, embodied_kg_co2e, defaulted, grid_factor_id,
              flags, method, method_version, comparison_only)
            select current_tenant(), batch, kind, month, charge, amount, cost, lines, first_line, last_line, class, quantity, unit, kwh, operational,
              embodied, defaulted, grid, case when flags = '' then '{}'::text[] else string_to_array(flags, ' ') end, $19, $20, $21
            from unnest($1::bigint[], $2::integer[], $3::date[], $4::text[], $5::numeric[], $6::numeric[], $7::bigint[], $8::bigint[], $9::bigint[],
              $10::text[], $11::numeric[], $12::text[], $13::numeric[], $14::numeric[], $15::numeric[], $16::boolean[], $17::text[], $18::text[])
              as input (batch, kind, month, charge, amount, cost, lines, first_line, last_line, class, quantity, unit, kwh, operational, embodied,
                defaulted, grid, flags)
            """,
            cancellationToken, _batches.ToArray(), _kinds.ToArray(), _months.ToArray(), _charges.ToArray(), _amounts.ToArray(), _costs.ToArray(),
            _lines.ToArray(), _firstLines.ToArray(), _lastLines.ToArray(), _classes.ToArray(), Numbers(_quantities), _units.ToArray(),
            Numbers(_kilowattHours), Numbers(_operational), Numbers(_embodied), _defaulted.ToArray(), _gridFactors.ToArray(), _flags.ToArray(),
            estimator.Method, estimator.Version, estimator.ComparisonOnly);

        private static NpgsqlParameter Numbers(List<decimal?> values) =>
            new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Numeric };

        /// <summary>Usage of a known class but unknown size has no figure: in the ledger it stands with the unknown, in sight.</summary>
        private static UsageClass LedgerClass(CloudUsageRate rate, bool isUsage, bool hasResult) =>
            !isUsage ? UsageClass.Excluded
            : hasResult || rate.Class == UsageClass.Excluded ? rate.Class
            : UsageClass.Unknown;
    }
}
