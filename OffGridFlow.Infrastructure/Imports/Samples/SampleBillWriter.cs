using System.Text;

namespace OffGridFlow.Infrastructure.Imports.Samples;

internal sealed class SampleBillWriter
{
    // More than the longest line; the buffer is sent on when less than this is left.
    private const int LongestLine = 8192;

    // Real exports are neither sorted nor shuffled: lines of one thing stand together in small groups. This much of
    // both gives gzip about the work it has with a real bill.
    private const int MostRuns = 96;
    private const int LongestGroup = 6;

    private readonly Stream stream;
    private readonly SampleBillOptions options;
    private readonly byte[] buffer = new byte[256 * 1024];
    private readonly byte[][] accountIds;
    private readonly SampleAccounts accounts;
    private readonly string[] columns;
    private readonly List<SampleRun> runs = [];
    private SampleRandom random;
    private SampleMonth month = null!;
    private int at;
    private long usageRows;
    private Int128 totalCost;
    private int uncleared;

    public SampleBillWriter(Stream stream, SampleBillOptions options)
    {
        this.stream = stream;
        this.options = options;
        columns = SampleColumns.Create(options.ResourceIds);
        random = new((ulong)options.Seed);
        accounts = new(options, columns, new(random.Next()));
        accountIds = [.. Enumerable.Range(0, options.Accounts).Select(account => Encoding.ASCII.GetBytes(SampleAccounts.Id(account)))];
    }

    public SampleBillTotals Write(CancellationToken cancellationToken)
    {
        Append(Encoding.UTF8.GetBytes(string.Join(',', options.Tags ? columns.Concat(SampleColumns.Tags) : columns) + "\n"));
        foreach (var next in SampleMonth.Create(options))
        {
            month = next;
            WriteMonth(cancellationToken);
        }

        stream.Write(buffer, 0, at);
        return new(options.Rows, usageRows, SampleNumber.ToDecimal(totalCost));
    }

    private void WriteMonth(CancellationToken cancellationToken)
    {
        runs.Clear();
        uncleared = 0;
        var wanted = (int)Math.Clamp(month.Rows / 8, 1, MostRuns);
        while (runs.Count < wanted && month.Rows > 0)
            runs.Add(Begin(new(), month.Rows));
        var current = 0;
        var group = 0;
        for (var rest = month.Rows; rest > 0; rest--)
        {
            if (buffer.Length - at < LongestLine)
            {
                cancellationToken.ThrowIfCancellationRequested();
                stream.Write(buffer, 0, at);
                at = 0;
            }

            // What plans covered is negated within the month, so that the month's cost is right: keep the last rows for it.
            if (uncleared > 0 && rest <= uncleared + 1)
            {
                WriteNegation(runs.Find(run => run.CoveredAmount > 0)!);
                continue;
            }

            if (group-- == 0)
            {
                current = random.Below(runs.Count);
                group = random.Below(LongestGroup);
            }

            WriteNext(runs[current], rest);
        }
    }

    private void WriteNext(SampleRun run, long rest)
    {
        if (run.CoveredAmount > 0 && (run.Next == run.End || random.Percent(15)))
        {
            WriteNegation(run);
            return;
        }

        if (run.Next == run.End || (run.Charge == SampleCharge.Planned && run.CoveredAmount == 0 && rest < uncleared + 2))
            Begin(run, rest);
        WriteUsage(run);
        run.Next++;
    }

    private SampleRun Begin(SampleRun run, long rest)
    {
        var account = accounts.PickAccount(ref random);
        var kind = accounts.PickKind(account, ref random);
        var charge = PickCharge(kind.Usage.Discount);
        if (charge == SampleCharge.Planned && rest < uncleared + 2)
            charge = SampleCharge.Full;
        var steps = Span(kind) switch { SampleSpan.Month => 1, SampleSpan.Day => month.Days, _ => month.Days * 24 };
        run.Begin(kind, account, charge, options, steps, ref random);
        return run;
    }

    private SampleCharge PickCharge(SampleDiscount discount)
    {
        if (discount == SampleDiscount.None)
            return SampleCharge.Full;
        var draw = random.Below(100);
        return discount switch
        {
            SampleDiscount.Reservation when draw < 35 => SampleCharge.Reserved,
            SampleDiscount.SavingsPlan when draw < 30 => SampleCharge.Planned,
            SampleDiscount.Either when draw < 22 => SampleCharge.Reserved,
            SampleDiscount.Either when draw < 50 => SampleCharge.Planned,
            _ => SampleCharge.Full,
        };
    }

    private SampleSpan Span(SampleKind kind) => options.Daily && kind.Usage.Span == SampleSpan.Hour ? SampleSpan.Day : kind.Usage.Span;

    private void WriteUsage(SampleRun run)
    {
        var kind = run.Kind;
        if (kind.Usage.Amount == SampleAmount.Money)
        {
            WriteLine(run, run.Charge, 0, run.Next, run.BaseAmount, 0);
            usageRows += kind.IsUsage ? 1 : 0;
            return;
        }

        var amount = LineAmount(run);
        var full = SampleNumber.Multiply(amount, kind.Rate);
        var effective = full * (run.Charge == SampleCharge.Reserved ? 62 : 72) / 100;
        WriteLine(run, run.Charge, amount, run.Next, run.Charge == SampleCharge.Reserved ? 0 : full, effective);
        usageRows++;
        if (run.Charge != SampleCharge.Planned)
            return;
        if (run.CoveredAmount == 0)
            uncleared++;
        run.CoveredAmount += amount;
        run.CoveredCost += full;
    }

    private void WriteNegation(SampleRun run)
    {
        WriteLine(run, SampleCharge.PlanNegation, run.CoveredAmount, run.Next - 1, -run.CoveredCost, 0);
        run.CoveredAmount = run.CoveredCost = 0;
        uncleared--;
    }

    private long LineAmount(SampleRun run)
    {
        var whole = run.BaseAmount;
        switch (run.Kind.Usage.Amount)
        {
            case SampleAmount.Hours:
                // Started or stopped within the hour: a part of it, to the microhour.
                return random.Percent(8) ? Math.Max(1, random.BelowLong(whole / 10_000)) * 10_000 : whole;
            case SampleAmount.StoredGb:
                whole = whole / 1000 * (990 + random.Below(20));
                return Math.Max(1, Span(run.Kind) == SampleSpan.Hour ? whole / (month.Days * 24) : whole / month.Days);
            case SampleAmount.Count:
                return Math.Max(1, whole / SampleNumber.One * (50 + random.Below(100)) / 100) * SampleNumber.One;
            default:
                return Math.Max(1, (long)((Int128)whole * (50_000 + random.Below(100_000)) / 100_000));
        }
    }

    private void WriteLine(SampleRun run, SampleCharge charge, long amount, int step, long cost, long effectiveCost)
    {
        var template = run.Kind.Template(charge);
        var (start, end) = Span(run.Kind) switch
        {
            SampleSpan.Hour => (step, step + 1),
            SampleSpan.Day => (step * 24, (step + 1) * 24),
            _ => (0, month.Days * 24),
        };
        totalCost += cost;
        for (var slot = 0; slot < template.SlotOrder.Length; slot++)
        {
            Append(template.Texts[slot]);
            switch (template.SlotOrder[slot])
            {
                case SampleSlot.LineItemId:
                    Append(charge == SampleCharge.PlanNegation ? run.NegationId : run.LineItemId);
                    break;
                case SampleSlot.TimeInterval:
                    at += month.WriteTime(start, milliseconds: false, buffer.AsSpan(at));
                    buffer[at++] = (byte)'/';
                    // A line for the whole month is listed under the first day, as AWS does with taxes.
                    at += month.WriteTime(Math.Min(end, start + 24), milliseconds: false, buffer.AsSpan(at));
                    break;
                case SampleSlot.InvoiceId:
                    Append(month.InvoiceId);
                    break;
                case SampleSlot.PeriodStart:
                    at += month.WriteTime(0, milliseconds: true, buffer.AsSpan(at));
                    break;
                case SampleSlot.PeriodEnd:
                    at += month.WriteTime(month.Days * 24, milliseconds: true, buffer.AsSpan(at));
                    break;
                case SampleSlot.Account:
                    Append(accountIds[run.Account]);
                    break;
                case SampleSlot.UsageStart:
                    at += month.WriteTime(start, milliseconds: true, buffer.AsSpan(at));
                    break;
                case SampleSlot.UsageEnd:
                    at += month.WriteTime(end, milliseconds: true, buffer.AsSpan(at));
                    break;
                case SampleSlot.Zone:
                    Append(run.Kind.RegionId);
                    buffer[at++] = run.ZoneLetter;
                    break;
                case SampleSlot.Resource:
                    Append(run.Resource);
                    break;
                case SampleSlot.Tags:
                    Append(run.Tags);
                    break;
                case SampleSlot.Amount:
                    Append(amount);
                    break;
                case SampleSlot.NormalizedAmount:
                    Append((long)((Int128)amount * run.Kind.NormalizationHundredths / 100));
                    break;
                case SampleSlot.Cost:
                    Append(cost);
                    break;
                case SampleSlot.PublicCost:
                    Append(charge == SampleCharge.PlanNegation ? 0 : SampleNumber.Multiply(amount, run.Kind.PublicRate));
                    break;
                case SampleSlot.EffectiveCost:
                    Append(effectiveCost);
                    break;
            }
        }

        Append(template.End);
    }

    private void Append(ReadOnlySpan<byte> text)
    {
        text.CopyTo(buffer.AsSpan(at));
        at += text.Length;
    }

    private void Append(long number) => at += SampleNumber.Write(number, buffer.AsSpan(at));
}
