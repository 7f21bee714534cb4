namespace OffGridFlow.Core.ActivityData;

/// <summary>
/// What was measured, where the quantity of an entry is counted in another kind of unit: 500 l of diesel by a density of 0.832 kg per l. The quantity of the
/// entry follows from it.
/// </summary>
/// <param name="Quantity">As measured, in <paramref name="Unit"/>, before the conversion.</param>
/// <param name="Unit">Symbol in the table of units.</param>
/// <param name="Name">What connects the units, e.g. <c>density</c>; never empty.</param>
/// <param name="Value">How many of <paramref name="To"/> one <paramref name="Per"/> is, above zero.</param>
/// <param name="To">Symbol of the unit in which the entry is counted.</param>
/// <param name="Per">Symbol of a unit of the same group as <paramref name="Unit"/>.</param>
/// <param name="Source">Who says so; never empty.</param>
public sealed record ConvertedFrom(decimal Quantity, string Unit, string Name, decimal Value, string To, string Per, string Source);
