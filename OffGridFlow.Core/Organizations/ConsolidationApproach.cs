namespace OffGridFlow.Core.Organizations;

/// <summary>By which measure an entity's emissions count for the group (GHG Protocol Corporate Standard, ch. 3).</summary>
public enum ConsolidationApproach
{
    /// <summary>As much as the group's economic interest.</summary>
    EquityShare,

    /// <summary>All where the group has financial control, else nothing.</summary>
    FinancialControl,

    /// <summary>All where the group has operational control, else nothing.</summary>
    OperationalControl,
}
