namespace OffGridFlow.Infrastructure.Imports.Samples;

/// <summary>Headings of a legacy Cost and Usage Report in AWS's order: groups as delivered, product columns by name.</summary>
internal static class SampleColumns
{
    public const string ResourceId = "lineItem/ResourceId";

    public static readonly string[] Tags =
        ["resourceTags/aws:createdBy", "resourceTags/user:app", "resourceTags/user:cost center", "resourceTags/user:env", "resourceTags/user:team"];

    private static readonly string[] Groups =
    [
        "identity/ LineItemId TimeInterval",
        "bill/ InvoiceId InvoicingEntity BillingEntity BillType PayerAccountId BillingPeriodStartDate BillingPeriodEndDate",
        "lineItem/ UsageAccountId LineItemType UsageStartDate UsageEndDate ProductCode UsageType Operation AvailabilityZone ResourceId UsageAmount " +
            "NormalizationFactor NormalizedUsageAmount CurrencyCode UnblendedRate UnblendedCost BlendedRate BlendedCost LineItemDescription TaxType LegalEntity",
        "product/ ProductName databaseEngine deploymentOption durability fromLocation fromLocationType fromRegionCode group groupDescription " +
            "instanceFamily instanceType instanceTypeFamily location locationType memory operatingSystem operation productFamily region regionCode " +
            "servicecode servicename sku storageClass tenancy toLocation toLocationType toRegionCode transferType usagetype vcpu volumeApiName volumeType",
        "pricing/ RateCode RateId currency publicOnDemandCost publicOnDemandRate term unit",
        "reservation/ AmortizedUpfrontCostForUsage AmortizedUpfrontFeeForBillingPeriod EffectiveCost EndTime ModificationStatus NormalizedUnitsPerReservation " +
            "NumberOfReservations RecurringFeeForUsage ReservationARN StartTime SubscriptionId TotalReservedNormalizedUnits TotalReservedUnits UnitsPerReservation " +
            "UnusedAmortizedUpfrontFeeForBillingPeriod UnusedNormalizedUnitQuantity UnusedQuantity UnusedRecurringFee UpfrontValue",
        "savingsPlan/ TotalCommitmentToDate SavingsPlanARN SavingsPlanRate UsedCommitment SavingsPlanEffectiveCost " +
            "AmortizedUpfrontCommitmentForBillingPeriod RecurringCommitmentForBillingPeriod",
    ];

    /// <summary>All columns but the tags.</summary>
    public static string[] Create(bool resourceIds) =>
    [
        .. Groups.Select(group => group.Split(' '))
            .SelectMany(group => group.Skip(1).Select(name => group[0] + name))
            .Where(column => resourceIds || column != ResourceId),
    ];
}
