using Npgsql;
using NpgsqlTypes;
using OffGridFlow.Core.ActivityData;
using OffGridFlow.Core.Imports.Sheets;
using OffGridFlow.Core.Quantities;
using OffGridFlow.Infrastructure.ActivityData;
using OffGridFlow.Infrastructure.Imports.Sheets.Interpreting;
using OffGridFlow.Infrastructure.Imports.Sheets.Reading;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Imports.Sheets;

/// <summary>A row that is right by itself and is not loaded all the same.</summary>
internal sealed record SheetMark(long Line, int Column, string Code);

/// <summary>What a pass over a whole sheet has found.</summary>
/// <param name="Marks">The first of them; <see cref="SheetPass.MostMarks"/> at most.</param>
/// <param name="FaultyLines">Rows that are not loaded as they are, ascending, without those that are left out; the first of them.</param>
/// <param name="Faulty">How many there are in all.</param>
internal sealed record SheetPassResult(
    SheetCounts Counts, IReadOnlyList<SheetProblem> Problems, int MoreProblems, IReadOnlyList<SheetMark> Marks, IReadOnlyList<long> FaultyLines, long Faulty);

/// <summary>
/// Goes over a whole sheet once. Rows that are right by themselves go into a temporary table of the transaction, where statements over sets compare them with
/// each other and with the ledger: memory does not grow with the file, and a check does the same as a load. The rules are those of <see cref="EntryChecks"/>.
/// </summary>
internal sealed class SheetPass(TenantUnit unit, SheetFile file, SheetPlan plan, SheetWords words, SheetInterpreter interpreter, Guid documentId, DateTimeOffset now)
{
    public const int MostMarks = 50_000;

    private static readonly string[] Prepare =
    [
        "drop table if exists pg_temp.sheet_rows, pg_temp.sheet_units",
        """
        create temp table sheet_rows (ord bigint, id uuid, line bigint, col integer, site_id uuid, activity_type text, quantity numeric, unit text, unit_group text, per_day numeric,
          period_start date, period_end date, gas text, quality text, is_accrual boolean, reference text, note text, external_id text, category integer, vendor text, account text, asks_for_days boolean, register integer, content text,
          questions text[], confirmed text[], left_out text[], is_fixed boolean, mark text) on commit drop
        """,
        "create temp table sheet_units (symbol text, unit_group text, factor numeric) on commit drop",
    ];

    private const string CopyRows =
        """
        copy sheet_rows (ord, id, line, col, site_id, activity_type, quantity, unit, unit_group, per_day, period_start, period_end, gas, quality, is_accrual, reference, note, external_id, category, vendor,
          account, asks_for_days, register, content, questions, confirmed, left_out, is_fixed) from stdin (format binary)
        """;

    /// <summary>An entry that counts, or may come to: no reversal, and neither reversed nor excluded.</summary>
    private const string Counting =
        """
        e.status <> 'Excluded' and e.reverses_id is null
          and not exists (select from activity_entries r where r.reverses_id = e.id and r.status <> 'Excluded')
        """;

    private const string Alike = "e.site_id = s.site_id and e.activity_type = s.activity_type and e.gas is not distinct from s.gas and e.reference is not distinct from s.reference";

    /// <summary>Spending with other vendors, or in another category, is no copy.</summary>
    private const string SpentAlike = "(e.category, e.vendor, e.account) is not distinct from (s.category, s.vendor, s.account)";

    /// <summary>Loaded from the same row: the other register of the meter is no second entry of its days.</summary>
    private const string SameRow = "e.document_id = $1 and e.source_sheet is not distinct from $2 and e.source_line = s.line";

    private static readonly string[] Compare =
    [
        $"""
        update sheet_rows s set mark = case when (e.site_id, e.activity_type, e.quantity, e.unit, e.period_start, e.period_end) = (s.site_id, s.activity_type, s.quantity, s.unit, s.period_start, s.period_end)
          and e.gas is not distinct from s.gas and e.reference is not distinct from s.reference and e.note is not distinct from s.note and (e.quality, e.is_accrual) = (s.quality, s.is_accrual)
          and {SpentAlike}
          then 'unchanged' else 'external-id-taken' end
        from activity_entries e where s.external_id is not null and e.external_id = s.external_id
        """,

        """
        update sheet_rows s set mark = 'external-id-twice'
        from (select ord, row_number() over (partition by external_id order by ord) as number from sheet_rows where external_id is not null and mark is null) as same
        where same.ord = s.ord and same.number > 1
        """,

        // A row of this file that was loaded before, whatever became of its entry since, unless it was taken back.
        """
        update sheet_rows s set mark = 'unchanged'
        from activity_entries e
        where s.mark is null and e.document_id = $1 and e.source_sheet is not distinct from $2 and e.source_line = s.line and e.source_column = s.col and e.status <> 'Excluded'
        """,

        $"update sheet_rows e set mark = 'period-locked' where e.mark is null and {FrozenMonths.Entry}",

        """
        update sheet_rows s set questions = array_append(s.questions, 'duplicate-row')
        from (select ord, row_number() over (partition by site_id, activity_type, period_start, period_end, quantity, unit, gas, reference, is_accrual, category, vendor, account, register order by ord) as number
          from sheet_rows where mark is null) as same
        where same.ord = s.ord and same.number > 1
        """,

        $"""
        update sheet_rows s set questions = array_append(s.questions, 'duplicate-row')
        where s.mark is null and not 'duplicate-row' = any(s.questions) and exists (
          select from activity_entries e where {Alike} and not (s.register is not null and {SameRow}) and e.period_start = s.period_start and e.period_end = s.period_end and e.quantity = s.quantity and e.unit = s.unit
            and e.is_accrual = s.is_accrual and {SpentAlike} and {Counting})
        """,

        // An actual stands in the place of the accrual of its days, in whatever order the file has them: of the other kind, rows of the same days are no overlap.
        """
        update sheet_rows s set questions = array_append(s.questions, 'overlapping-period')
        from (
          select ord, period_start, max(period_end) over (partition by site_id, activity_type, gas, reference, register, is_accrual order by period_start, ord
              rows between unbounded preceding and 1 preceding) as until,
            case when is_accrual then max(period_end) filter (where not is_accrual) over others else max(period_end) filter (where is_accrual) over others end as until_other
          from sheet_rows where mark is null and not 'duplicate-row' = any(questions)
          window others as (partition by site_id, activity_type, gas, reference, register order by period_start, period_end groups between unbounded preceding and 1 preceding)) as same
        where same.ord = s.ord and s.asks_for_days and greatest(same.until, same.until_other) >= same.period_start
        """,

        $"""
        update sheet_rows s set questions = array_append(s.questions, 'overlapping-period')
        where s.mark is null and s.asks_for_days and not s.questions && array['duplicate-row', 'overlapping-period'] and exists (
          select from activity_entries e where {Alike} and e.period_start <= s.period_end and e.period_end >= s.period_start and e.period_start > s.period_start - 800
            and (not e.is_accrual or s.is_accrual or (e.period_start, e.period_end) <> (s.period_start, s.period_end))
            and not (s.register is not null and {SameRow}) and {Counting})
        """,

        $"""
        update sheet_rows s set questions = array_append(s.questions, 'duplicate-invoice')
        where s.mark is null and s.reference is not null and not 'duplicate-row' = any(s.questions) and exists (
          select from activity_entries e where {Alike} and e.is_accrual = s.is_accrual and ((e.quantity = s.quantity and e.unit = s.unit and s.quantity <> 0)
            or (e.period_start, e.period_end) = (s.period_start, s.period_end)) and not (s.register is not null and {SameRow}) and {Counting})
        """,

        // The file and the ledger together say what is usual: at least three others of the site, type and gas.
        $"""
        update sheet_rows s set questions = array_append(s.questions, 'unusual-quantity')
        from (
          select site_id, activity_type, gas, unit_group, percentile_cont(0.5) within group (order by per_day::double precision) as usual, count(*) as number from (
            select site_id, activity_type, gas, unit_group, per_day from sheet_rows where mark is null and quantity > 0
            union all
            select e.site_id, e.activity_type, e.gas, u.unit_group, e.quantity * u.factor / (e.period_end - e.period_start + 1)
            from activity_entries e join sheet_units u on u.symbol = e.unit
            where e.quantity > 0 and (e.site_id, e.activity_type) in (select site_id, activity_type from sheet_rows) and {Counting}) as days
          group by site_id, activity_type, gas, unit_group) as known
        where s.mark is null and known.number > 3 and known.site_id = s.site_id and known.activity_type = s.activity_type and known.gas is not distinct from s.gas
          and known.unit_group = s.unit_group and known.usual > 0 and s.per_day::double precision > 50 * known.usual and not 'unusual-quantity' = any(s.questions)
        """,

        """
        update sheet_rows s set mark = case when open.code = any(s.left_out) then 'left-out' else open.code end
        from sheet_rows o cross join lateral (
          select code from unnest(o.questions) with ordinality as asked (code, place) where not code = any(o.confirmed) order by code = 'duplicate-row' desc, place limit 1) as open
        where s.mark is null and o.ord = s.ord and cardinality(o.questions) > 0
        """,

        "update sheet_rows set mark = 'left-out' where mark is not null and mark not in ('unchanged', 'left-out') and mark = any(left_out)",
    ];

    private readonly HashSet<int> _registers = [.. plan.Columns.Where(use => use.Field == SheetField.Quantity && use.With?.GetValueOrDefault(SheetField.Quantity) == SheetPlan.Register).Select(use => use.Column)];
    private readonly List<long> _faulty = [];
    private long _faultyRows;
    private long _read;
    private long _rejected;
    private long _leftOut;
    private long _hidden;

    /// <summary>Name of the sheet as entries keep it; null of a text file.</summary>
    public string? SheetName { get; } = file.Format == "csv" ? null : file.Sheets[plan.Sheet].Name is { Length: > 200 } name ? name[..200] : file.Sheets[plan.Sheet].Name;

    /// <param name="nameOf">Name of a column for people.</param>
    /// <param name="report">Gets the number of rows read.</param>
    /// <param name="beforeComparing">Called once the file has been read to its end, before its rows are compared with the ledger: the time to lock.</param>
    public async Task<SheetPassResult> RunAsync(Func<int, string> nameOf, Action<long> report, Func<Task>? beforeComparing, CancellationToken cancellationToken)
    {
        foreach (var statement in Prepare)
        {
            await unit.Connection.ExecuteAsync(statement, cancellationToken);
        }

        var problems = new SheetProblems(words, nameOf);
        await Task.Run(() => Stage(problems, report, cancellationToken), cancellationToken);
        await StageUnitsAsync(cancellationToken);
        await ExecuteAsync("create unique index on sheet_rows (ord)", cancellationToken);
        await ExecuteAsync("create index on sheet_rows (site_id, activity_type)", cancellationToken);
        await ExecuteAsync("analyze sheet_rows", cancellationToken);
        if (beforeComparing is not null)
        {
            await beforeComparing();
        }

        foreach (var statement in Compare)
        {
            await ExecuteAsync(statement, cancellationToken, statement.Contains("$1", StringComparison.Ordinal) ? [documentId, Sql.Text(SheetName)] : []);
        }

        return await FoundAsync(problems, cancellationToken);
    }

    private async Task<SheetPassResult> FoundAsync(SheetProblems problems, CancellationToken cancellationToken)
    {
        var counts = (await unit.Connection.ListAsync(
            """
            select count(*) filter (where mark is null), count(*) filter (where mark = 'unchanged'), count(*) filter (where mark = 'duplicate-row'), count(*) filter (where mark = 'left-out'),
              count(*) filter (where mark is null and (is_fixed or cardinality(questions) > 0)), count(*) from sheet_rows
            """,
            row => (Load: row.GetInt64(0), Unchanged: row.GetInt64(1), Duplicate: row.GetInt64(2), LeftOut: row.GetInt64(3), Fixed: row.GetInt64(4), All: row.GetInt64(5)), cancellationToken))[0];
        var groups = await unit.Connection.ListAsync(
            """
            select mark, count(*), (array_agg(line order by ord))[1:10], min(col) from sheet_rows
            where mark is not null and mark not in ('unchanged', 'left-out') group by mark
            """,
            row => (Code: row.GetString(0), Rows: row.GetInt64(1), Lines: row.GetFieldValue<long[]>(2), Column: row.GetInt32(3)), cancellationToken);
        foreach (var (code, rows, lines, column) in groups)
        {
            problems.AddSet(code, interpreter, column, rows, lines);
        }

        var marks = await unit.Connection.ListAsync(
            $"select line, col, mark from sheet_rows where mark is not null order by mark = 'unchanged', ord limit {MostMarks}", row => new SheetMark(row.GetInt64(0), row.GetInt32(1), row.GetString(2)),
            cancellationToken);
        var notLoaded = await unit.Connection.ScalarAsync<long>(
            "select count(distinct line) from sheet_rows where mark is not null and mark not in ('unchanged', 'left-out')", cancellationToken);
        var lines2 = _faulty.Concat(marks.Where(mark => mark.Code is not ("unchanged" or "left-out")).Select(mark => mark.Line)).Distinct().Order().Take(MostMarks).ToList();
        var rejected = _rejected + counts.All - counts.Load - counts.Unchanged - counts.Duplicate;
        var list = problems.ToList(out var more);
        return new SheetPassResult(
            new SheetCounts(_read, counts.Load, counts.Unchanged, counts.Duplicate, rejected, counts.Fixed, _leftOut + counts.LeftOut, _hidden), list, more, marks, lines2,
            Math.Max(_faultyRows + notLoaded, lines2.Count));
    }

    private void Stage(SheetProblems problems, Action<long> report, CancellationToken cancellationToken)
    {
        var units = words.Vocabulary.Units;
        var entries = new List<SheetReadEntry>();
        var last = plan.HeadingRow + plan.HeadingRows - 1;
        using var reader = file.Open(plan.Sheet);
        using var copy = unit.Connection.BeginBinaryImport(CopyRows);
        copy.Timeout = TimeSpan.FromMinutes(30);
        while (reader.Read())
        {
            if (plan.HeadingRow > 0 && reader.Line <= last)
            {
                continue;
            }

            if (reader.IsHidden && !plan.ReadsHiddenRows)
            {
                _hidden++;
                continue;
            }

            cancellationToken.ThrowIfCancellationRequested();
            interpreter.Read(reader, entries);
            var faulty = false;
            foreach (var entry in entries)
            {
                _read++;
                if (entry.Input is not { } input || entry.IsLeftOut)
                {
                    _rejected++;
                    _leftOut += entry.IsLeftOut ? 1 : 0;
                    if (!entry.IsLeftOut)
                    {
                        faulty = true;
                        foreach (var fault in entry.Faults.Where(fault => fault.Severity == EntrySeverity.Error))
                        {
                            problems.Add(fault, fault.Column is { } column ? TextOf(reader, column) : fault.Said, entry.Line);
                        }
                    }

                    continue;
                }

                Write(copy, reader, entry, input, units);
            }

            if (faulty)
            {
                _faultyRows++;
                if (_faulty.Count < MostMarks)
                {
                    _faulty.Add(reader.Line);
                }
            }

            if ((_read & 1023) == 0)
            {
                report(_read);
            }
        }

        copy.Complete();
        report(_read);
    }

    private static string TextOf(SheetReader reader, int column)
    {
        var text = reader[column].Text.Trim();
        return SheetText.Cut(text, SheetInterpreter.LongestShown);
    }

    private void Write(NpgsqlBinaryImporter copy, SheetReader reader, SheetReadEntry entry, EntryInput input, UnitTable units)
    {
        var measured = units.Find(input.Unit);
        copy.StartRow();
        copy.Write(_read, NpgsqlDbType.Bigint);
        copy.Write(Guid.CreateVersion7(now), NpgsqlDbType.Uuid);
        copy.Write(entry.Line, NpgsqlDbType.Bigint);
        copy.Write(entry.Column, NpgsqlDbType.Integer);
        copy.Write(input.SiteId, NpgsqlDbType.Uuid);
        copy.Write(input.ActivityType, NpgsqlDbType.Text);
        copy.Write(input.Quantity!.Value, NpgsqlDbType.Numeric);
        copy.Write(input.Unit, NpgsqlDbType.Text);
        copy.Write(measured.Group.ToString(), NpgsqlDbType.Text);
        copy.Write(input.Quantity.Value / (input.To.DayNumber - input.From.DayNumber + 1) * measured.Factor, NpgsqlDbType.Numeric);
        copy.Write(input.From, NpgsqlDbType.Date);
        copy.Write(input.To, NpgsqlDbType.Date);
        Optional(copy, input.Gas);
        copy.Write(input.Quality.ToString(), NpgsqlDbType.Text);
        copy.Write(input.IsAccrual, NpgsqlDbType.Boolean);
        Optional(copy, input.Reference);
        Optional(copy, input.Note);
        Optional(copy, input.ExternalId);
        Optional(copy, input.Category);
        Optional(copy, input.Vendor);
        Optional(copy, input.Account);
        copy.Write(words.Vocabulary.TryFind(input.ActivityType, out var choice) && EntryComparison.AsksForDays(choice, input.Category), NpgsqlDbType.Boolean);
        Optional(copy, _registers.Contains(entry.Column) ? entry.Column : null);
        copy.Write(EntryContent.Of(EntryStatus.Submitted, null, input).ToJson(), NpgsqlDbType.Text);
        Texts(copy, entry.Questions);
        Texts(copy, entry.Confirmed);
        Texts(copy, interpreter.LeftOutFor(reader));
        copy.Write(entry.IsFixed, NpgsqlDbType.Boolean);
    }

    private static void Optional(NpgsqlBinaryImporter copy, string? text)
    {
        if (text is null)
        {
            copy.WriteNull();
        }
        else
        {
            copy.Write(text, NpgsqlDbType.Text);
        }
    }

    private static void Optional(NpgsqlBinaryImporter copy, int? number)
    {
        if (number is { } known)
        {
            copy.Write(known, NpgsqlDbType.Integer);
        }
        else
        {
            copy.WriteNull();
        }
    }

    private static void Texts(NpgsqlBinaryImporter copy, IReadOnlyList<string> texts) => copy.Write(texts as string[] ?? [.. texts], NpgsqlDbType.Array | NpgsqlDbType.Text);

    private Task<int> StageUnitsAsync(CancellationToken cancellationToken)
    {
        var units = words.Vocabulary.Units.All;
        return unit.Connection.ExecuteAsync(
            "insert into sheet_units select * from unnest($1::text[], $2::text[], $3::numeric[])", cancellationToken,
            units.Select(known => known.Symbol).ToArray(), units.Select(known => known.Group.ToString()).ToArray(), units.Select(known => known.Factor).ToArray());
    }

    private async Task ExecuteAsync(string statement, CancellationToken cancellationToken, params object?[] parameters)
    {
        await using var command = unit.Connection.Command(statement, parameters);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
