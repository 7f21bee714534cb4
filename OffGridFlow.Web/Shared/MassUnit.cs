namespace OffGridFlow.Web.Shared;

/// <summary>The unit a table shows masses in: chosen once per table by its largest figure, so that one column never mixes units.</summary>
public enum MassUnit
{
    Milligrams,
    Grams,
    Kilograms,
    Tonnes,
}

/// <summary>The unit a table shows electricity in.</summary>
public enum EnergyUnit
{
    MilliwattHours,
    WattHours,
    KilowattHours,
    MegawattHours,
}
