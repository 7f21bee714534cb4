using Microsoft.EntityFrameworkCore;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Quantities;
using OffGridFlow.Infrastructure.Calculation;
using OffGridFlow.Infrastructure.EmissionFactors;
using OffGridFlow.Infrastructure.Persistence;

namespace OffGridFlow.Infrastructure.ActivityData;

/// <inheritdoc cref="IEntryFactors"/>
internal sealed class EntryFactorQueries(TenantDatabase database, CurrentUser user, EntryVocabulary vocabulary, ICalculationInputs inputs, TenantFactors own) : IEntryFactors
{
    /// <summary>How many years data may lag behind consumption (invariant 4).</summary>
    private const int LongestLag = 3;

    public async Task<EntryFactors?> ListAsync(Guid entryId, CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        var entry = await (
            from row in unit.Context.ActivityEntries
            join site in unit.Context.Sites on row.SiteId equals site.Id
            where row.Id == entryId
            select new { row.ActivityType, row.Unit, row.PeriodStart, row.FactorId, site.Region }).SingleOrDefaultAsync(cancellationToken);
        if (entry is null)
        {
            return null;
        }

        var with = await inputs.GetAsync(unit, cancellationToken);
        var library = with.Library;
        IReadOnlyList<Region> path = library.Regions.TryFind(entry.Region, out var region) ? library.Regions.Path(region) : [];
        var chosen = entry.FactorId is { } id ? library.FindFactor(id) : null;
        var type = library.Resolve(entry.ActivityType, out _);
        var isEnergy = type is { Type.Scope: 2, IsPublished: false };
        if (type is null || !library.Units.TryFind(entry.Unit, out var measured))
        {
            return new EntryFactors(chosen is null ? null : ToRow(chosen), []);
        }

        var candidates = type.Activities.Distinct(StringComparer.OrdinalIgnoreCase).SelectMany(library.FactorsOf)
            .Where(factor => Serves(factor, type, isEnergy, measured) && (!isEnergy || Distance(factor) < path.Count))
            .OrderByDescending(Fits).ThenByDescending(factor => factor.Set.IsOwn).ThenBy(Distance).ThenBy(factor => Math.Abs(factor.Year - entry.PeriodStart.Year))
            .ThenBy(factor => factor.Set.Family, StringComparer.Ordinal).ThenBy(factor => factor.Name, StringComparer.Ordinal).ThenBy(factor => factor.Id, StringComparer.Ordinal);
        return new EntryFactors(chosen is null ? null : ToRow(chosen), [.. candidates.Take(IEntryFactors.Most).Select(ToRow)]);

        // How far the place of the factor is from the site; the length of the path where it is not on it.
        int Distance(EmissionFactor factor)
        {
            for (var i = 0; i < path.Count; i++)
            {
                if (string.Equals(path[i].Code, factor.Region, StringComparison.Ordinal))
                {
                    return isEnergy && path[i].Kind > RegionKind.Country ? path.Count : i;
                }
            }

            return path.Count;
        }

        bool Fits(EmissionFactor factor) => Distance(factor) < path.Count && Holds(factor, entry.PeriodStart);

        EntryFactor ToRow(EmissionFactor factor) => new(
            factor.Id, factor.Name, factor.Set.Title, factor.Set.IsOwn, library.Regions.TryFind(factor.Region, out var place) ? place.Name : factor.Region, factor.Year,
            factor.Unit.Symbol, FactorFigure.KgCo2e(factor, library.Gwp, with.Policy.Gwp), Fits(factor));
    }

    public async Task<IReadOnlyList<ActivityChoice>> ListOwnChoicesAsync(CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        return [.. (await own.ListAsync(unit, cancellationToken)).Where(factor => factor.Part is FactorPart.Direct or FactorPart.LifeCycle).Select(ChoiceOf).OfType<ActivityChoice>()
            .OrderBy(choice => choice.Name, StringComparer.OrdinalIgnoreCase).ThenBy(choice => choice.Own!.FactorId, StringComparer.Ordinal)];
    }

    private ActivityChoice? ChoiceOf(EmissionFactor factor) => !vocabulary.TryFind(factor.Activity, out var activity) ? null : activity with
    {
        Name = factor.Name, Units = [factor.Unit.Symbol], Own = new OwnFactorChoice(factor.Id, activity.Name, factor.Set.Title, factor.Region, factor.DataFrom, factor.DataTo),
    };

    /// <summary>Whether a calculation could use it, were it chosen.</summary>
    private static bool Serves(EmissionFactor factor, ResolvedType type, bool isEnergy, Unit measured) =>
        factor.Unit.Group == measured.Group && factor.Basis != GasBasis.Energy && factor.Supply != SupplyKind.Marginal
        && (type.IsPublished || (factor.Part is FactorPart.Direct or FactorPart.LifeCycle && isEnergy == (factor.Supply != SupplyKind.None)));

    /// <summary>As the set's vintage has it, for the first day.</summary>
    private static bool Holds(EmissionFactor factor, DateOnly day) => factor.Set.Vintage switch
    {
        Vintage.EditionYear => factor.Year == day.Year,
        Vintage.DataYear => factor.Year <= day.Year && day.Year - factor.Year <= LongestLag,
        _ => (factor.DataFrom is not { } from || from <= day) && (factor.DataTo is not { } to || day <= to),
    };
}
