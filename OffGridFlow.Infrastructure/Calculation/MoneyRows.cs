using System.Globalization;
using Microsoft.EntityFrameworkCore;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Identity;
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
    /// <param name="replaces">Whether a figure that is there may become another, or be withdrawn.</param>
    public async Task<MoneyOutcome> SaveRatesAsync(string csv, bool replaces, CancellationToken cancellationToken)
    {
        var actor = user.Require(replaces ? Permissions.CalculationsApprove : Permissions.CalculationsPropose);
        var faults = new List<MoneyFault>();
        var rows = new Dictionary<(string, string, DateOnly), (ExchangeRate Row, int Line)>();
        foreach (var row in MoneyTable.Read(csv, RateHead, faults))
        {
            var (from, to) = (MoneyTable.CurrencyOf(reference.Units, row, "from", faults), MoneyTable.CurrencyOf(reference.Units, row, "to", faults));
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
                TenantId = actor.TenantId, FromCurrency = from, ToCurrency = to, Month = month, Value = MoneyTable.ValueOf(row, faults), Source = MoneyTable.SourceOf(row, faults),
                ChangedBy = actor.DisplayName, ChangedAt = time.GetUtcNow(), IsWithdrawn = MoneyTable.IsWithdrawn(row),
            };
            MoneyTable.Keep(rows, (from, to, month), rate, row, faults);
        }

        return await MergeAsync(
            rows, replaces, faults, rate => (rate.FromCurrency, rate.ToCurrency, rate.Month), put: null, look: null, "exchange-rates.loaded", Name,
            touched => (touched.Min(rate => rate.Month), LastDay(touched.Max(rate => rate.Month))), cancellationToken);
    }

    /// <param name="csv">A table with the columns of <see cref="IndexHead"/>; the month 1 to 12, or empty for the mean of the year.</param>
    /// <param name="replaces">Whether a figure that is there may become another, or be withdrawn.</param>
    public async Task<MoneyOutcome> SaveIndicesAsync(string csv, bool replaces, CancellationToken cancellationToken)
    {
        var actor = user.Require(replaces ? Permissions.CalculationsApprove : Permissions.CalculationsPropose);
        var faults = new List<MoneyFault>();
        var rows = new Dictionary<(string, int, int), (PriceIndex Row, int Line)>();
        foreach (var row in MoneyTable.Read(csv, IndexHead, faults))
        {
            var currency = MoneyTable.CurrencyOf(reference.Units, row, "currency", faults);
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
                TenantId = actor.TenantId, Currency = currency, Year = year, Month = month, Value = MoneyTable.ValueOf(row, faults), Source = MoneyTable.SourceOf(row, faults),
                ChangedBy = actor.DisplayName, ChangedAt = time.GetUtcNow(), IsWithdrawn = MoneyTable.IsWithdrawn(row),
            };
            MoneyTable.Keep(rows, (currency, year, month), index, row, faults);
        }

        return await MergeAsync(
            rows, replaces, faults, index => (index.Currency, index.Year, index.Month),
            // Two series of one currency stand on two bases: the quotient of their figures would say nothing.
            put: (merge, row, line) => !replaces && merge.Known.Concat(merge.Added).FirstOrDefault(other => !other.IsWithdrawn && !row.IsWithdrawn && other.Currency == row.Currency && other.Source != row.Source) is { } other
                ? new MoneyFault(line, "source", $"The index of {row.Currency} is “{other.Source}” so far. Load one series for a currency; to change to another send all of it with replace.") : null,
            look: merge => merge.Known.Concat(merge.Added).Where(index => !index.IsWithdrawn).GroupBy(index => index.Currency).Where(group => group.Select(index => index.Source).Distinct().Count() > 1)
                .Select(group => new MoneyFault(1, "source", $"The index of {group.Key} would be of two series. Send all its years and months with the same source; where that has no figure write {MoneyTable.Withdrawn} in the place of the value.")),
            "price-indices.loaded", Name, _ => AllDays, cancellationToken);
    }

    /// <summary>The level of a price year is in the results of every other year: all spending is looked at.</summary>
    private static (DateOnly First, DateOnly Last) AllDays => (DateOnly.MinValue, DateOnly.MaxValue);

    /// <param name="put">What stands against a row before it is laid over the others.</param>
    /// <param name="look">What stands against all of them together.</param>
    /// <param name="nameOf">For the audit log.</param>
    /// <param name="daysOf">First and last day of the spending that rows concern.</param>
    private async Task<MoneyOutcome> MergeAsync<TKey, TRow>(
        Dictionary<TKey, (TRow Row, int Line)> rows, bool replaces, List<MoneyFault> faults, Func<TRow, TKey> keyOf, Func<MoneyMerge<TKey, TRow>, TRow, int, MoneyFault?>? put,
        Func<MoneyMerge<TKey, TRow>, IEnumerable<MoneyFault>>? look, string action, Func<TRow, string> nameOf, Func<List<TRow>, (DateOnly First, DateOnly Last)> daysOf,
        CancellationToken cancellationToken)
        where TKey : notnull
        where TRow : class, IMoneyFigure
    {
        if (faults.Count > 0)
        {
            return new MoneyOutcome(0, 0, 0, 0, faults);
        }

        await using var unit = await database.OpenAsync(cancellationToken);
        await LockAsync(unit, cancellationToken);
        var merge = new MoneyMerge<TKey, TRow>(await unit.Context.Set<TRow>().AsTracking().ToDictionaryAsync(keyOf, cancellationToken), replaces, faults);
        foreach (var (key, (row, line)) in rows)
        {
            if (put?.Invoke(merge, row, line) is { } fault)
            {
                faults.Add(fault);
            }
            else
            {
                merge.Put(key, row, line);
            }
        }

        if (faults.Count == 0 && look is not null)
        {
            faults.AddRange(look(merge));
        }

        if (faults.Count > 0)
        {
            return new MoneyOutcome(0, 0, 0, 0, faults);
        }

        List<TRow> touched = [.. merge.Added, .. merge.Changed];
        if (touched.Count == 0)
        {
            return new MoneyOutcome(0, 0, merge.Unchanged, 0, []);
        }

        unit.Context.AddRange(merge.Added);
        var (added, changed) = (merge.Added.Count, merge.Changed.Count);
        var calculated = await FinishAsync(
            unit, daysOf(touched), entries => unit.Audit(action, "calculation-policy", new { added, changed, entries, changes = merge.Changed.Take(100).Select(nameOf).ToList() }), cancellationToken);
        return new MoneyOutcome(added, changed, merge.Unchanged, calculated, []);
    }

    /// <summary>Writes what was changed, and the results of the spending that it concerns.</summary>
    /// <param name="record">Writes the audit log; gets the number of entries that were calculated anew.</param>
    private async Task<int> FinishAsync(TenantUnit unit, (DateOnly First, DateOnly Last) days, Action<int> record, CancellationToken cancellationToken)
    {
        await unit.Context.SaveChangesAsync(cancellationToken);
        // Money is written as three capital letters, with or without a price year; no other unit is.
        var ids = await unit.Connection.ListAsync(
            "select id from activity_entries where unit ~ '^[A-Z]{3}( [0-9]{4})?$' and period_start <= $2 and period_end >= $1", row => row.GetGuid(0), cancellationToken, days.First, days.Last);
        await ledger.ApplyUnlockedAsync(unit, ids, cancellationToken);
        record(ids.Count);
        await unit.CommitAsync(cancellationToken);
        return ids.Count;
    }

    private static Task<int> LockAsync(TenantUnit unit, CancellationToken cancellationToken) => unit.Connection.ExecuteAsync(
        "select pg_advisory_xact_lock(hashtextextended('offgridflow.money ' || $1, 0))", cancellationToken, unit.Actor.TenantId.ToString());

    private static DateOnly LastDay(DateOnly month) => month.AddMonths(1).AddDays(-1);

    private static string Name(ExchangeRate rate) => string.Create(CultureInfo.InvariantCulture, $"{rate.FromCurrency}/{rate.ToCurrency} {rate.Month:yyyy-MM}{(rate.IsWithdrawn ? " withdrawn" : "")}");

    private static string Name(PriceIndex index) => string.Create(CultureInfo.InvariantCulture, $"{index.Currency} {index.Year} {index.Month}{(index.IsWithdrawn ? " withdrawn" : "")}");
}
