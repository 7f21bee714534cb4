using System.Globalization;
using Microsoft.EntityFrameworkCore;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Quantities;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Calculation;

/// <summary>A row of a table that was sent, and what is wrong with it.</summary>
/// <param name="Line">Line in the table; the head is line 1.</param>
public sealed record MoneyFault(int Line, string Column, string Message);

/// <summary>What became of a table of rates or indices.</summary>
/// <param name="Faults">With any, nothing was saved.</param>
/// <param name="Calculated">Entries that were calculated anew.</param>
public sealed record MoneyOutcome(int Added, int Changed, int Unchanged, int Calculated, IReadOnlyList<MoneyFault> Faults);

/// <summary>
/// A tenant's rates of exchange and price indices, as tables. What is there already with another figure is changed only when the caller says so. The spending that
/// they concern is calculated anew in the same transaction, also what was an exception for want of them.
/// </summary>
internal sealed class MoneyRows(TenantDatabase database, CurrentUser user, CalculationReference reference, EntryLedger ledger, TimeProvider time)
{
    public const int SourceLength = 300;
    public const string RateHead = "from,to,month,value,source";
    public const string IndexHead = "currency,year,month,value,source";

    /// <summary>Rows of one table.</summary>
    public const int MostRows = 50_000;

    /// <summary>By currencies and month.</summary>
    public async Task<IReadOnlyList<ExchangeRate>> ListRatesAsync(CancellationToken cancellationToken)
    {
        user.Require(Permissions.CalculationsRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await unit.Context.ExchangeRates.AsNoTracking().OrderBy(rate => rate.FromCurrency).ThenBy(rate => rate.ToCurrency).ThenBy(rate => rate.Month).ToListAsync(cancellationToken);
    }

    /// <summary>By currency, year and month.</summary>
    public async Task<IReadOnlyList<PriceIndex>> ListIndicesAsync(CancellationToken cancellationToken)
    {
        user.Require(Permissions.CalculationsRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await unit.Context.PriceIndices.AsNoTracking().OrderBy(index => index.Currency).ThenBy(index => index.Year).ThenBy(index => index.Month).ToListAsync(cancellationToken);
    }

    /// <param name="csv">A table with the columns of <see cref="RateHead"/>; months as <c>yyyy-MM</c>.</param>
    /// <param name="replaces">Whether a figure that is there may become another.</param>
    public async Task<MoneyOutcome> SaveRatesAsync(string csv, bool replaces, CancellationToken cancellationToken)
    {
        var actor = user.Require(replaces ? Permissions.CalculationsApprove : Permissions.CalculationsPropose);
        var faults = new List<MoneyFault>();
        var rows = new Dictionary<(string, string, DateOnly), (ExchangeRate Row, int Line)>();
        foreach (var row in Read(csv, RateHead, faults))
        {
            var (from, to) = (CurrencyOf(row, "from", faults), CurrencyOf(row, "to", faults));
            var month = DateOnly.TryParseExact(row.Text("month"), "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : default;
            if (month == default)
            {
                faults.Add(new MoneyFault(row.Line, "month", $"“{row.Text("month")}” is no month. Write it as yyyy-MM, for example 2025-03."));
            }

            if (from == to)
            {
                faults.Add(new MoneyFault(row.Line, "to", "A currency is worth one of itself: leave the row out."));
            }

            var rate = new ExchangeRate
            {
                TenantId = actor.TenantId, FromCurrency = from, ToCurrency = to, Month = month, Value = ValueOf(row, faults), Source = SourceOf(row, faults),
                ChangedBy = actor.DisplayName, ChangedAt = time.GetUtcNow(),
            };
            Keep(rows, (from, to, month), rate, row, faults);
        }

        if (faults.Count > 0)
        {
            return new MoneyOutcome(0, 0, 0, 0, faults);
        }

        await using var unit = await database.OpenAsync(cancellationToken);
        await LockAsync(unit, cancellationToken);
        var known = await unit.Context.ExchangeRates.AsTracking().ToDictionaryAsync(rate => (rate.FromCurrency, rate.ToCurrency, rate.Month), cancellationToken);
        var (added, changed, unchanged) = (new List<ExchangeRate>(), new List<ExchangeRate>(), 0);
        foreach (var (key, (row, line)) in rows)
        {
            if (!known.TryGetValue(key, out var there))
            {
                added.Add(row);
            }
            else if (there.Value == row.Value && there.Source == row.Source)
            {
                unchanged++;
            }
            else if (!replaces && there.Value != row.Value)
            {
                faults.Add(Taken(line, there.Value, there.Source));
            }
            else
            {
                (there.Value, there.Source, there.ChangedBy, there.ChangedAt) = (row.Value, row.Source, row.ChangedBy, row.ChangedAt);
                changed.Add(there);
            }
        }

        if (faults.Count > 0)
        {
            return new MoneyOutcome(0, 0, 0, 0, faults);
        }

        unit.Context.AddRange(added);
        var months = added.Concat(changed).Select(rate => rate.Month).ToList();
        return await FinishAsync(
            unit, "exchange-rates.loaded", added.Count, changed.Count, unchanged, changed.Select(rate => string.Create(CultureInfo.InvariantCulture, $"{rate.FromCurrency}/{rate.ToCurrency} {rate.Month:yyyy-MM}")),
            months.Count == 0 ? null : (months.Min(), months.Max().AddMonths(1).AddDays(-1)), cancellationToken);
    }

    /// <param name="csv">A table with the columns of <see cref="IndexHead"/>; the month 1 to 12, or empty for the mean of the year.</param>
    /// <param name="replaces">Whether a figure that is there may become another.</param>
    public async Task<MoneyOutcome> SaveIndicesAsync(string csv, bool replaces, CancellationToken cancellationToken)
    {
        var actor = user.Require(replaces ? Permissions.CalculationsApprove : Permissions.CalculationsPropose);
        var faults = new List<MoneyFault>();
        var rows = new Dictionary<(string, int, int), (PriceIndex Row, int Line)>();
        foreach (var row in Read(csv, IndexHead, faults))
        {
            var currency = CurrencyOf(row, "currency", faults);
            var year = int.TryParse(row.Text("year"), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1990 and <= 2200 ? number : 0;
            if (year == 0)
            {
                faults.Add(new MoneyFault(row.Line, "year", $"“{row.Text("year")}” is no year from 1990 on. Write four digits."));
            }

            var month = row.Text("month").Length == 0 ? 0 : int.TryParse(row.Text("month"), NumberStyles.None, CultureInfo.InvariantCulture, out number) && number is >= 1 and <= 12 ? number : -1;
            if (month < 0)
            {
                faults.Add(new MoneyFault(row.Line, "month", $"“{row.Text("month")}” is no month. Write 1 to 12, or leave it empty for the mean of the year."));
            }

            var index = new PriceIndex
            {
                TenantId = actor.TenantId, Currency = currency, Year = year, Month = month, Value = ValueOf(row, faults), Source = SourceOf(row, faults),
                ChangedBy = actor.DisplayName, ChangedAt = time.GetUtcNow(),
            };
            Keep(rows, (currency, year, month), index, row, faults);
        }

        if (faults.Count > 0)
        {
            return new MoneyOutcome(0, 0, 0, 0, faults);
        }

        await using var unit = await database.OpenAsync(cancellationToken);
        await LockAsync(unit, cancellationToken);
        var known = await unit.Context.PriceIndices.AsTracking().ToDictionaryAsync(index => (index.Currency, index.Year, index.Month), cancellationToken);
        var (added, changed, unchanged) = (new List<PriceIndex>(), new List<PriceIndex>(), 0);
        foreach (var (key, (row, line)) in rows)
        {
            // Two series of one currency stand on two bases: the quotient of their figures would say nothing.
            if (known.Values.Concat(added).FirstOrDefault(other => other.Currency == row.Currency && other.Source != row.Source) is { } other && !replaces)
            {
                faults.Add(new MoneyFault(line, "source", $"The index of {row.Currency} is “{other.Source}” so far. Load one series for a currency; to change to another send all of it with replace."));
            }
            else if (!known.TryGetValue(key, out var there))
            {
                added.Add(row);
            }
            else if (there.Value == row.Value && there.Source == row.Source)
            {
                unchanged++;
            }
            else if (!replaces && there.Value != row.Value)
            {
                faults.Add(Taken(line, there.Value, there.Source));
            }
            else
            {
                (there.Value, there.Source, there.ChangedBy, there.ChangedAt) = (row.Value, row.Source, row.ChangedBy, row.ChangedAt);
                changed.Add(there);
            }
        }

        faults.AddRange(known.Values.Concat(added).GroupBy(index => index.Currency).Where(_ => faults.Count == 0)
            .Where(group => group.Select(index => index.Source).Distinct().Count() > 1)
            .Select(group => new MoneyFault(1, "source", $"The index of {group.Key} would be of two series. Send all its years and months with the same source.")));
        if (faults.Count > 0)
        {
            return new MoneyOutcome(0, 0, 0, 0, faults);
        }

        unit.Context.AddRange(added);
        // The level of a price year is in the results of every other year: all spending is looked at.
        return await FinishAsync(
            unit, "price-indices.loaded", added.Count, changed.Count, unchanged, changed.Select(index => string.Create(CultureInfo.InvariantCulture, $"{index.Currency} {index.Year} {index.Month}")),
            added.Count + changed.Count == 0 ? null : (DateOnly.MinValue, DateOnly.MaxValue), cancellationToken);
    }

    private async Task<MoneyOutcome> FinishAsync(
        TenantUnit unit, string action, int added, int changed, int unchanged, IEnumerable<string> changes, (DateOnly First, DateOnly Last)? days, CancellationToken cancellationToken)
    {
        if (days is not var (first, last))
        {
            return new MoneyOutcome(0, 0, unchanged, 0, []);
        }

        await unit.Context.SaveChangesAsync(cancellationToken);
        // Money is written as three capital letters, with or without a price year; no other unit is.
        var ids = await unit.Connection.ListAsync(
            "select id from activity_entries where unit ~ '^[A-Z]{3}( [0-9]{4})?$' and period_start <= $2 and period_end >= $1", row => row.GetGuid(0), cancellationToken, first, last);
        await ledger.ApplyUnlockedAsync(unit, ids, cancellationToken);
        unit.Audit(action, "calculation-policy", new { added, changed, entries = ids.Count, changes = changes.Take(100).ToList() });
        await unit.CommitAsync(cancellationToken);
        return new MoneyOutcome(added, changed, unchanged, ids.Count, []);
    }

    private static Task<int> LockAsync(TenantUnit unit, CancellationToken cancellationToken) => unit.Connection.ExecuteAsync(
        "select pg_advisory_xact_lock(hashtextextended('offgridflow.money ' || $1, 0))", cancellationToken, unit.Actor.TenantId.ToString());

    private static List<ReferenceRow> Read(string csv, string head, List<MoneyFault> faults)
    {
        try
        {
            var table = ReferenceTable.Parse("table", csv.TrimStart('\uFEFF').ReplaceLineEndings("\n").TrimEnd());
            foreach (var column in head.Split(','))
            {
                table.Column(column);
            }

            var rows = table.Rows.ToList();
            if (rows.Count is 0 or > MostRows)
            {
                faults.Add(new MoneyFault(1, "", string.Create(CultureInfo.InvariantCulture, $"The table has {rows.Count} rows; send 1 to {MostRows}.")));
            }

            return rows;
        }
        catch (ReferenceTableException exception)
        {
            faults.Add(new MoneyFault(exception.Line, "", $"The table cannot be read: {exception.Message} Its head is {head}, divided by commas."));
            return [];
        }
    }

    private string CurrencyOf(ReferenceRow row, string column, List<MoneyFault> faults)
    {
        var code = row.Text(column).Trim().ToUpperInvariant();
        if (code.Length != 3 || !reference.Units.TryFind(code, out var unit) || unit.Group.Money != code)
        {
            faults.Add(new MoneyFault(row.Line, column, $"“{row.Text(column)}” is no currency. Write its three letters (ISO 4217), for example EUR."));
        }

        return code;
    }

    private static decimal ValueOf(ReferenceRow row, List<MoneyFault> faults)
    {
        var text = row.Text("value").Trim();
        try
        {
            if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value > 0 && Exact.Round(value) == value)
            {
                return Exact.Round(value);
            }
        }
        catch (QuantityOverflowException)
        {
            // Said below, with all else that is no figure.
        }

        faults.Add(new MoneyFault(row.Line, "value", $"“{text}” cannot be used. Write a number above zero with a point and at most twelve decimals."));
        return 1m;
    }

    private static string SourceOf(ReferenceRow row, List<MoneyFault> faults)
    {
        var source = row.Text("source").Trim();
        if (source.Length is 0 or > SourceLength || source.Contains('\0', StringComparison.Ordinal))
        {
            faults.Add(new MoneyFault(row.Line, "source", string.Create(CultureInfo.InvariantCulture, $"Say who publishes the figure and where, in at most {SourceLength} characters.")));
        }

        return source;
    }

    private static void Keep<TKey, TRow>(Dictionary<TKey, (TRow Row, int Line)> rows, TKey key, TRow made, ReferenceRow row, List<MoneyFault> faults)
        where TKey : notnull
    {
        if (!rows.TryAdd(key, (made, row.Line)))
        {
            faults.Add(new MoneyFault(row.Line, "", string.Create(CultureInfo.InvariantCulture, $"Line {rows[key].Line} is for the same. Keep one of them.")));
        }
    }

    private static MoneyFault Taken(int line, decimal value, string source) => new(
        line, "value", string.Create(CultureInfo.InvariantCulture, $"The figure is {value:0.############} so far ({source}). Send the table with replace to change it; results follow at once."));
}
