namespace OffGridFlow.Infrastructure.Imports.Samples;

/// <summary>How the amount of a line comes about.</summary>
internal enum SampleAmount
{
    /// <summary>Hours of something that runs: 1.0 in most hourly lines.</summary>
    Hours,

    /// <summary>GB kept; a line bills its share of the month.</summary>
    StoredGb,

    /// <summary>Something that flows, with a fraction.</summary>
    Flow,

    /// <summary>Something counted, a whole number.</summary>
    Count,

    /// <summary>Money without usage: <see cref="SampleUsage.Least"/> and Most are the cost itself.</summary>
    Money,
}

/// <summary>The widest span of time a line covers.</summary>
internal enum SampleSpan
{
    Hour,
    Day,
    Month,
}

/// <summary>Which of the two region columns AWS fills; <c>product/regionCode</c> came later and not for all.</summary>
internal enum RegionColumns
{
    Both,
    RegionOnly,
    CodeOnly,
    Neither,
}

/// <summary>What can lower the price of a kind.</summary>
internal enum SampleDiscount
{
    None,
    SavingsPlan,
    Reservation,
    Either,
}

/// <param name="ServiceCode">Of the price list; data transfer has its own.</param>
internal sealed record SampleProduct(string Code, string Name, string? ServiceCode = null);

internal sealed record SampleInstance(string Type, int Vcpus, string Memory, string Family, decimal HourlyRate, int Weight);

/// <summary>Something that can stand on a bill, without its region.</summary>
internal sealed record SampleUsage(SampleProduct Product, string Type, string Operation, string Unit, decimal Rate, int Weight)
{
    public SampleAmount Amount { get; init; } = SampleAmount.Hours;

    /// <summary>Bounds of the amount of one line (GB kept, for <see cref="SampleAmount.StoredGb"/>).</summary>
    public decimal Least { get; init; } = 1;
    public decimal Most { get; init; } = 1;
    public SampleSpan Span { get; init; }
    public UsagePrefix Prefix { get; init; }
    public RegionColumns RegionColumns { get; init; }
    public SampleDiscount Discount { get; init; }

    /// <summary>Bought once for the world: <c>global</c> or no region.</summary>
    public bool Global { get; init; }
    public string LineItemType { get; init; } = "Usage";
    public string BillType { get; init; } = "Anniversary";

    /// <summary>Amount as written on lines of money; AWS differs by type.</summary>
    public string MoneyAmount { get; init; } = "";
    public string Family { get; init; } = "";

    /// <summary>{rate}, {type}, {location} and {to} are filled in.</summary>
    public string Description { get; init; } = "";

    /// <summary>{r} region, {a} account, {n} a name, {x} 17 hexadecimal digits; empty when AWS gives no id.</summary>
    public string Resource { get; init; } = "";
    public SampleInstance? Instance { get; init; }

    /// <summary>Rate before the spot market's rebate, where they differ.</summary>
    public decimal? PublicRate { get; init; }
    public bool Zoned { get; init; }

    /// <summary>Goes to another region: the usage type carries both codes.</summary>
    public bool ToRegion { get; init; }

    /// <summary>Further columns of the product group: name without <c>product/</c>, value.</summary>
    public (string Column, string Value)[] More { get; init; } = [];
}
