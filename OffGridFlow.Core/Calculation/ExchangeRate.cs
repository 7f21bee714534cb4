using OffGridFlow.Core.Tenancy;

namespace OffGridFlow.Core.Calculation;

/// <summary>A figure of money that a tenant has loaded.</summary>
public interface IMoneyFigure
{
    /// <summary>Above zero.</summary>
    decimal Value { get; set; }

    /// <summary>Who publishes it.</summary>
    string Source { get; set; }
    string ChangedBy { get; set; }
    DateTimeOffset ChangedAt { get; set; }

    /// <summary>It was wrong, and no other figure is right in its place: nothing is calculated with it. It stays, with what it was.</summary>
    bool IsWithdrawn { get; set; }
}

/// <summary>A rate of exchange that a tenant has loaded.</summary>
public sealed class ExchangeRate : ITenantOwned, IMoneyFigure
{
    public required Guid TenantId { get; init; }

    /// <summary>Three letters of ISO 4217.</summary>
    public required string FromCurrency { get; init; }
    public required string ToCurrency { get; init; }

    /// <summary>First day of the calendar month that it is the mean of.</summary>
    public required DateOnly Month { get; init; }

    /// <summary>How many of <see cref="ToCurrency"/> one of <see cref="FromCurrency"/> is, above zero.</summary>
    public required decimal Value { get; set; }

    /// <summary>Who publishes it, e.g. a central bank's monthly averages.</summary>
    public required string Source { get; set; }
    public required string ChangedBy { get; set; }
    public required DateTimeOffset ChangedAt { get; set; }
    public bool IsWithdrawn { get; set; }

    public MonthlyRate ToRate() => new(FromCurrency, ToCurrency, Month, Value, Source);
}

/// <summary>The level of prices of a currency that a tenant has loaded.</summary>
public sealed class PriceIndex : ITenantOwned, IMoneyFigure
{
    public required Guid TenantId { get; init; }
    public required string Currency { get; init; }
    public required int Year { get; init; }

    /// <summary>1 to 12; 0 for the mean of the year.</summary>
    public required int Month { get; init; }

    /// <summary>Above zero, on the base of its series.</summary>
    public required decimal Value { get; set; }

    /// <summary>Series and publisher; the same for all of a currency.</summary>
    public required string Source { get; set; }
    public required string ChangedBy { get; set; }
    public required DateTimeOffset ChangedAt { get; set; }
    public bool IsWithdrawn { get; set; }

    public PriceLevel ToLevel() => new(Currency, Year, Month == 0 ? null : Month, Value, Source);
}
