using System.Linq.Expressions;
using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.Extensions.DependencyInjection;
using OffGridFlow.Infrastructure.Persistence;

namespace OffGridFlow.Benchmarks.Walls;

/// <summary>Breaks the first wall on purpose: every query of the application ignores the tenant filter, so that the database's row security stands alone.</summary>
internal static class BrokenFilter
{
    /// <summary>Puts options without filter in the place of the product's own.</summary>
    public static void Break(IServiceCollection services)
    {
        var own = services.Last(service => service.ServiceType == typeof(DbContextOptions<OffGridFlowDbContext>)).ImplementationFactory!;
        services.AddSingleton(provider => Break((DbContextOptions<OffGridFlowDbContext>)own(provider)));
    }

    public static DbContextOptions<OffGridFlowDbContext> Break(DbContextOptions<OffGridFlowDbContext> options) =>
        new DbContextOptionsBuilder<OffGridFlowDbContext>(options).AddInterceptors(new IgnoreEveryFilter()).Options;

    /// <summary>What the application's own options make of a plain question: with the filter the SQL compares the tenant, without it there is no condition.</summary>
    public static bool IsBroken(IServiceProvider services)
    {
        using var context = new OffGridFlowDbContext(services.GetRequiredService<DbContextOptions<OffGridFlowDbContext>>(), Guid.CreateVersion7());
        return !context.Imports.ToQueryString().Contains("WHERE", StringComparison.OrdinalIgnoreCase);
    }

    private sealed class IgnoreEveryFilter : IQueryExpressionInterceptor
    {
        public Expression QueryCompilationStarting(Expression queryExpression, QueryExpressionEventData eventData) => new AtEveryRoot().Visit(queryExpression);
    }

    private sealed class AtEveryRoot : ExpressionVisitor
    {
        private static readonly MethodInfo Ignore = typeof(EntityFrameworkQueryableExtensions).GetMethods()
            .Single(method => method.Name == nameof(EntityFrameworkQueryableExtensions.IgnoreQueryFilters) && method.GetParameters().Length == 1);

        protected override Expression VisitExtension(Expression node) =>
            node is EntityQueryRootExpression root ? Expression.Call(Ignore.MakeGenericMethod(root.ElementType), root) : base.VisitExtension(node);
    }
}
