namespace OffGridFlow.Core.Calculation;

/// <summary>What gives a claim to the attributes of generation (GHG Protocol Scope 2 Guidance, table 6.2), in the order in which it is used.</summary>
public enum InstrumentKind
{
    /// <summary>Energy attribute certificate: guarantee of origin, REC, REGO, I-REC.</summary>
    Certificate,

    /// <summary>Power purchase agreement whose attributes come with it.</summary>
    PowerPurchaseAgreement,

    /// <summary>A tariff with a mix of its own.</summary>
    GreenTariff,

    /// <summary>A supplier's rate for all its customers.</summary>
    SupplierRate,
}

/// <summary>The Scope 2 quality criteria (GHG Protocol Scope 2 Guidance, table 7.1). An instrument that does not meet all of them is not used.</summary>
[Flags]
public enum QualityCriteria
{
    None = 0,

    /// <summary>1: conveys the rate of greenhouse gases of the generation.</summary>
    ConveysRate = 1,

    /// <summary>2: the only instrument with the claim to it.</summary>
    SoleClaim = 2,

    /// <summary>3: tracked and redeemed, retired or canceled by or for the reporting company.</summary>
    Retired = 4,

    /// <summary>4: issued and redeemed as close as possible to the time of consumption.</summary>
    Vintage = 8,

    /// <summary>5: from the market in which the consumption lies.</summary>
    SameMarket = 16,

    /// <summary>6: a supplier's rate is calculated from delivered electricity with its certificates.</summary>
    DeliveredMix = 32,

    /// <summary>7: a direct purchase transfers the instruments to the reporting company alone.</summary>
    DirectTransfer = 64,

    /// <summary>8: a residual mix exists for the rest, or its absence is disclosed.</summary>
    ResidualMixKnown = 128,

    All = 255,
}

/// <summary>A claim to an amount of purchased energy with a rate of its own.</summary>
public sealed record ContractualInstrument
{
    public required string Id { get; init; }
    public required InstrumentKind Kind { get; init; }
    public required string Name { get; init; }

    /// <summary>What it is for: electricity, heat, steam or cooling.</summary>
    public EmissionFactors.ActivityFamily Energy { get; init; } = EmissionFactors.ActivityFamily.Electricity;

    /// <summary>Amount in MWh over its days; null for a supplier's rate or a tariff, which covers all that is used.</summary>
    public decimal? MegawattHours { get; init; }

    /// <summary>First day, inclusive.</summary>
    public required DateOnly From { get; init; }

    /// <summary>Last day, inclusive.</summary>
    public required DateOnly To { get; init; }

    /// <summary>Sites it is for.</summary>
    public required IReadOnlyList<string> Sites { get; init; }

    /// <summary>kg CO2e per kWh; 0 for wind, sun and water.</summary>
    public required decimal KgCo2ePerKwh { get; init; }
    public required QualityCriteria Criteria { get; init; }

    /// <summary>How much of the energy is renewable, 0 to 1; null where the contract does not say.</summary>
    public decimal? RenewableShare { get; init; }

    /// <summary>How much of it is nuclear, 0 to 1; null where the contract does not say.</summary>
    public decimal? NuclearShare { get; init; }
}
