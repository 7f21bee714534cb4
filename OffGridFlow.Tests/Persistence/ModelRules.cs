using Microsoft.EntityFrameworkCore.Metadata;
using OffGridFlow.Core.Tenancy;
using OffGridFlow.Infrastructure.Persistence;

namespace OffGridFlow.Tests.Persistence;

/// <summary>What every model of ours keeps to. Each gives its violations as sentences.</summary>
internal static class ModelRules
{
    public static List<string> OwnedTypesWithoutFilter(IModel model) => model.GetEntityTypes()
        .Where(type => typeof(ITenantOwned).IsAssignableFrom(type.ClrType) && type.FindDeclaredQueryFilter(OffGridFlowDbContext.TenantFilter) is null)
        .Select(type => $"{type.DisplayName()} is tenant-owned and has no query filter “{OffGridFlowDbContext.TenantFilter}”").ToList();

    public static List<string> TypesWithTenantThatAreNotOwned(IModel model) => model.GetEntityTypes()
        .Where(type => type.FindProperty(nameof(ITenantOwned.TenantId)) is not null && !typeof(ITenantOwned).IsAssignableFrom(type.ClrType))
        .Select(type => $"{type.DisplayName()} has a TenantId and does not implement {nameof(ITenantOwned)}").ToList();

    public static List<string> DecimalsWithoutPrecision(IModel model) => Properties(model, type => type == typeof(decimal))
        .Where(property => property.GetPrecision() != 28 || property.GetScale() != 12)
        .Select(property => $"{property.DeclaringType.DisplayName()}.{property.Name} is no numeric(28,12)").ToList();

    public static List<string> EnumsNotStoredAsText(IModel model) => Properties(model, type => type.IsEnum)
        .Where(property => (property.GetTypeMapping().Converter?.ProviderClrType ?? property.ClrType) != typeof(string))
        .Select(property => $"{property.DeclaringType.DisplayName()}.{property.Name} is not stored by name").ToList();

    private static IEnumerable<IProperty> Properties(IModel model, Func<Type, bool> match) => model.GetEntityTypes()
        .SelectMany(type => type.GetProperties()).Where(property => match(Nullable.GetUnderlyingType(property.ClrType) ?? property.ClrType));
}
