namespace OffGridFlow.Infrastructure.Imports.Samples;

/// <summary>What a generated bill holds. The same options give the same bytes on every machine and runtime.</summary>
public sealed record SampleBillOptions
{
    /// <summary>Data rows, header not counted.</summary>
    public required long Rows { get; init; }

    public int Seed { get; init; } = 1;

    /// <summary>Usage accounts, 1 to 1,000; the first pays for all. The second has leading zeros.</summary>
    public int Accounts { get; init; } = 40;

    /// <summary>First billing month; the day must be 1.</summary>
    public DateOnly FirstMonth { get; init; } = new(2023, 1, 1);

    /// <summary>Billing months, 1 to 120. Each has at least one row when there are rows enough.</summary>
    public int Months { get; init; } = 36;

    /// <summary>Adds the <c>resourceTags/</c> columns.</summary>
    public bool Tags { get; init; } = true;

    /// <summary>Adds <c>lineItem/ResourceId</c>. Without it AWS adds up the resources of a kind, so amounts are larger.</summary>
    public bool ResourceIds { get; init; } = true;

    /// <summary>A report by day instead of by hour.</summary>
    public bool Daily { get; init; }

    /// <summary>ISO 4217 code, three capital letters.</summary>
    public string Currency { get; init; } = "USD";

    /// <summary>Throws when a bill cannot be like this.</summary>
    internal static void Check(SampleBillOptions options)
    {
        if (options.Rows < 0)
            throw new ArgumentOutOfRangeException(nameof(options), options.Rows, "Rows cannot be negative.");
        if (options.Accounts is < 1 or > 1000)
            throw new ArgumentOutOfRangeException(nameof(options), options.Accounts, "Accounts are 1 to 1,000.");
        if (options.Months is < 1 or > 120)
            throw new ArgumentOutOfRangeException(nameof(options), options.Months, "Months are 1 to 120.");
        if (options.FirstMonth.Day != 1)
            throw new ArgumentOutOfRangeException(nameof(options), options.FirstMonth, "A billing month begins on day 1.");
        if (options.Currency is not { Length: 3 } || !options.Currency.All(char.IsAsciiLetterUpper))
            throw new ArgumentOutOfRangeException(nameof(options), options.Currency, "A currency is three capital letters, e.g. USD.");
    }
}

/// <summary>What was written, to hold an import against.</summary>
/// <param name="Rows">Data rows.</param>
/// <param name="UsageRows">Rows that are usage (Usage, DiscountedUsage, SavingsPlanCoveredUsage); the rest is money alone.</param>
/// <param name="Cost">Exact sum of <c>lineItem/UnblendedCost</c>, in the bill's currency.</param>
public sealed record SampleBillTotals(long Rows, long UsageRows, decimal Cost);
