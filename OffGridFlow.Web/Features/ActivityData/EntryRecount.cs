using OffGridFlow.Infrastructure.ActivityData;

namespace OffGridFlow.Web.Features.ActivityData;

/// <summary>What the drawer asks for: the amount of the entry in another unit.</summary>
/// <param name="By">Null where the table of units is enough.</param>
public sealed record EntryRecount(string Unit, EntryConversion? By);

/// <summary>What somebody means who gives many entries another unit.</summary>
/// <param name="KeepsNumber">The unit was wrong: 500 l become 500 kg. False: the amount stays, 500 l become 0.5 m³.</param>
public sealed record BulkUnit(string Unit, bool KeepsNumber);
