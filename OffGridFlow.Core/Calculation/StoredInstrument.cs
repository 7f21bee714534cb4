using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Core.Tenancy;

namespace OffGridFlow.Core.Calculation;

/// <summary>A contractual instrument as the tenant has written it down, with what shows that it may be used.</summary>
public sealed class StoredInstrument : IVersioned
{
    public required Guid Id { get; init; }
    public required Guid TenantId { get; init; }
    public required InstrumentKind Kind { get; set; }
    public required ActivityFamily Energy { get; set; }
    public required string Name { get; set; }

    /// <summary>Who sold it.</summary>
    public string? Supplier { get; set; }

    /// <summary>What generates: <c>Wind</c>, <c>Solar</c>, in the words of the contract.</summary>
    public string? Technology { get; set; }

    /// <summary>How much of the energy is renewable by the contract or certificate, percent; null: it does not say. With <see cref="NuclearPercent"/> at most 100.</summary>
    public decimal? RenewablePercent { get; set; }

    /// <summary>How much of it is nuclear, percent; null: it does not say. The rest of what is said is fossil.</summary>
    public decimal? NuclearPercent { get; set; }

    /// <summary>Where the certificates are kept: <c>AIB hub</c>, <c>M-RETS</c>.</summary>
    public string? Registry { get; set; }

    /// <summary>First serial number of the certificates, as the registry writes it.</summary>
    public string? SerialFrom { get; set; }

    /// <summary>Last serial number of the certificates, inclusive.</summary>
    public string? SerialTo { get; set; }

    /// <summary>MWh over its days; null only for a tariff or a supplier's rate: it covers all that is used.</summary>
    public decimal? MegawattHours { get; set; }

    /// <summary>Inclusive.</summary>
    public required DateOnly FirstDay { get; set; }

    /// <summary>Inclusive.</summary>
    public required DateOnly LastDay { get; set; }

    /// <summary>Where the energy is used; at least one.</summary>
    public required Guid[] SiteIds { get; set; }

    /// <summary>kg CO2e per kWh.</summary>
    public required decimal KgCo2ePerKwh { get; set; }

    /// <summary>What somebody has answered with yes.</summary>
    public required QualityCriteria CriteriaMet { get; set; }

    /// <summary>What somebody has answered with no. What is in neither is not answered yet.</summary>
    public required QualityCriteria CriteriaNotMet { get; set; }

    /// <summary>What shows it: contract, statement of cancellation, in the words of the tenant.</summary>
    public string? Evidence { get; set; }

    /// <summary>Kept for the history and used no more.</summary>
    public bool IsWithdrawn { get; set; }

    /// <summary>Counts the changes, for <c>If-Match</c>.</summary>
    public int Version { get; set; } = 1;

    /// <summary>Whether all criteria that its kind asks for are met and it was not withdrawn.</summary>
    public bool IsUsed => !IsWithdrawn && Criteria == QualityCriteria.All;

    /// <summary>What is met, with what its kind does not ask for.</summary>
    public QualityCriteria Criteria => CriteriaMet | (QualityCriteria.All & ~AskedOf(Kind));

    /// <summary>
    /// The criteria of the Scope 2 Guidance, table 7.1, that a kind is asked for: 1 to 5 and 8 of all, 6 of what a supplier offers to its customers,
    /// 7 of a purchase from the generator.
    /// </summary>
    public static QualityCriteria AskedOf(InstrumentKind kind) => QualityCriteria.All & ~(kind switch
    {
        InstrumentKind.Certificate => QualityCriteria.DeliveredMix | QualityCriteria.DirectTransfer,
        InstrumentKind.PowerPurchaseAgreement => QualityCriteria.DeliveredMix,
        _ => QualityCriteria.DirectTransfer,
    });

    /// <summary>The engine's shape of it.</summary>
    public ContractualInstrument ToInstrument() => new()
    {
        Id = Id.ToString(), Kind = Kind, Name = Name, Energy = Energy, MegawattHours = MegawattHours, From = FirstDay, To = LastDay,
        Sites = [.. SiteIds.Select(site => site.ToString())], KgCo2ePerKwh = KgCo2ePerKwh, Criteria = IsWithdrawn ? QualityCriteria.None : Criteria,
        RenewableShare = RenewablePercent / 100m, NuclearShare = NuclearPercent / 100m,
    };
}
