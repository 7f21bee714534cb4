using System.Text;

namespace OffGridFlow.Infrastructure.Imports.Samples;

/// <summary>
/// One thing that runs for some hours or days and gets a line for each, under one line id, as AWS does.
/// A fixed number of them is under way at a time, so memory does not grow with the bill.
/// </summary>
internal sealed class SampleRun
{
    private static readonly string[] Teams = ["assembly", "logistics", "Werk Süd", "platform", "data", "webshop", "erp", "Plant 4, Line 2"];
    private static readonly string[] Environments = ["prod", "prod", "prod", "staging", "dev", "test"];
    private static readonly string[] Apps = ["orders", "inventory", "telemetry", "billing", "quality-lab", "intranet", "press-monitor", "forecast", "mes", "edi-gateway"];

    private readonly byte[] resource = new byte[256];
    private readonly byte[] tags = new byte[256];
    private int resourceLength;
    private int tagsLength;

    public SampleKind Kind { get; private set; } = null!;
    public SampleCharge Charge { get; private set; }
    public int Account { get; private set; }
    public byte[] LineItemId { get; } = new byte[52];
    public byte[] NegationId { get; } = new byte[52];
    public ReadOnlySpan<byte> Resource => resource.AsSpan(0, resourceLength);
    public ReadOnlySpan<byte> Tags => tags.AsSpan(0, tagsLength);
    public byte ZoneLetter { get; private set; }

    /// <summary>Usual amount of a line; each line varies round it.</summary>
    public long BaseAmount { get; private set; }

    /// <summary>The next hour or day of the month, from 0, and where the run ends.</summary>
    public int Next { get; set; }
    public int End { get; private set; }

    /// <summary>What a savings plan covered since the last negation line.</summary>
    public long CoveredAmount { get; set; }
    public long CoveredCost { get; set; }

    public void Begin(SampleKind kind, int account, SampleCharge charge, SampleBillOptions options, int stepsInMonth, ref SampleRandom random)
    {
        Kind = kind;
        Account = account;
        Charge = charge;
        CoveredAmount = CoveredCost = 0;
        var length = Math.Min(stepsInMonth, 1 + random.Below(24));
        Next = random.Below(stepsInMonth - length + 1);
        End = Next + length;
        FillId(LineItemId, ref random);
        if (charge == SampleCharge.Planned)
            FillId(NegationId, ref random);
        ZoneLetter = (byte)('a' + random.Below(3));
        BaseAmount = StartAmount(options, ref random);

        var app = random.Below(Apps.Length);
        var environment = random.Below(Environments.Length);
        if (options.ResourceIds)
            FillResource(Apps[app], Environments[environment], ref random);
        if (options.Tags)
            FillTags(app, environment, ref random);
    }

    private long StartAmount(SampleBillOptions options, ref SampleRandom random)
    {
        var usage = Kind.Usage;
        // A report without resources adds up what is alike.
        var fleet = options.ResourceIds ? 1 : random.LogUniform(1, 16);
        var perDay = options.Daily && usage.Span == SampleSpan.Hour ? 24 : 1;
        return usage.Amount switch
        {
            SampleAmount.Hours => SampleNumber.One * fleet * perDay,
            SampleAmount.StoredGb => random.LogUniform(Kind.Least, Kind.Most) * fleet,
            SampleAmount.Money => RandomMoney(ref random),
            _ => random.LogUniform(Kind.Least, Kind.Most) * perDay,
        };
    }

    private long RandomMoney(ref SampleRandom random)
    {
        if (Kind.Least == 0 && Kind.Most == 0)
            return 0;
        var (sign, least, most) = Kind.Most < 0 ? (-1, -Kind.Most, -Kind.Least) : (1, Kind.Least, Kind.Most);
        // To the cent, as invoices are; the smallest amounts keep their digits.
        var cents = random.LogUniform(least, most);
        return sign * (cents >= SampleNumber.One / 100 ? cents - (cents % (SampleNumber.One / 100)) : cents);
    }

    private static void FillId(byte[] id, ref SampleRandom random)
    {
        for (var at = 0; at < id.Length;)
        {
            var bits = random.Next();
            for (var digit = 0; digit < 13; digit++, bits >>= 5)
                id[at++] = "abcdefghijklmnopqrstuvwxyz234567"u8[(int)(bits & 31)];
        }
    }

    private void FillResource(string app, string environment, ref SampleRandom random)
    {
        var pattern = Kind.Usage.Resource;
        if (pattern.Length == 0)
        {
            resourceLength = 0;
            return;
        }

        Span<char> hex = stackalloc char[17];
        foreach (ref var digit in hex)
            digit = "0123456789abcdef"[random.Below(16)];
        hex[0] = '0';
        var text = pattern
            .Replace("{r}", Kind.Region.Id, StringComparison.Ordinal)
            .Replace("{a}", SampleAccounts.Id(Account), StringComparison.Ordinal)
            .Replace("{n}", $"nordwerk-{app}-{environment}", StringComparison.Ordinal)
            .Replace("{x}", new string(hex), StringComparison.Ordinal);
        resourceLength = Encoding.UTF8.GetBytes(text, resource);
    }

    /// <summary>Columns in the order of <see cref="SampleColumns.Tags"/>; a quarter of what companies run has no tags.</summary>
    private void FillTags(int app, int environment, ref SampleRandom random)
    {
        if (Kind.Usage.Amount == SampleAmount.Money || random.Percent(25))
        {
            ",,,,"u8.CopyTo(tags);
            tagsLength = 4;
            return;
        }

        // Zipf-like: the first team has about as much as the last four together.
        var team = Teams[Math.Min(random.Below(Teams.Length), random.Below(Teams.Length))];
        var createdBy = random.Percent(30) ? $"AssumedRole:AROAEXAMPLE:deploy-{Apps[app]}" : "";
        var costCenter = random.Percent(60) ? (random.Below(2) == 0 ? "CC-0417" : "CC-2001") : "";
        tagsLength = Encoding.UTF8.GetBytes(
            $"{createdBy},{Apps[app]},{costCenter},{Environments[environment]},{SampleRowTemplate.Quote(team)}", tags);
    }
}
