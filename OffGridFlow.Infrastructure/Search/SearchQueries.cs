using Microsoft.Extensions.DependencyInjection;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Search;

public static class SearchServices
{
    public static IServiceCollection AddSearch(this IServiceCollection services) => services.AddScoped<ISearchQueries, SearchQueries>();
}

/// <inheritdoc cref="ISearchQueries"/>
internal sealed class SearchQueries(TenantDatabase database, CurrentUser user) : ISearchQueries
{
    private const int LongestText = 200;

    public async Task<SearchHits> FindAsync(string text, int limit, CancellationToken cancellationToken)
    {
        var actor = user.Require(Permissions.DashboardsRead);
        // What cannot stand in a name cannot be found either; PostgreSQL refuses NUL.
        text = new string(text.Where(character => !char.IsControl(character)).Take(LongestText).ToArray()).Trim();
        if (text.Length == 0)
        {
            return new SearchHits([], [], []);
        }

        var escaped = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);
        await using var unit = await database.OpenAsync(cancellationToken);
        return new SearchHits(
            await unit.Connection.ListAsync(NamesOf("account"), row => row.GetString(0), cancellationToken, "%" + escaped + "%", escaped + "%", limit),
            await unit.Connection.ListAsync(NamesOf("service"), row => row.GetString(0), cancellationToken, "%" + escaped + "%", escaped + "%", limit),
            actor.Allows(Permissions.ActivityDataRead)
                ? await unit.Connection.ListAsync(
                    """
                    select id, file_name, created_at from imports where file_name ilike $1 or id::text ilike $2
                    order by (file_name ilike $2) desc, created_at desc, id desc limit $3
                    """,
                    row => new ImportHit(row.GetGuid(0), row.GetString(1), row.GetFieldValue<DateTimeOffset>(2)), cancellationToken, "%" + escaped + "%", escaped + "%", limit)
                : []);
    }

    /// <summary>
    /// The names in the ledger, each read off the index once by asking for the next larger one: the cost grows with the number of names,
    /// not with the months and usage under them.
    /// </summary>
    internal static string NamesOf(string column) =>
        $"""
        with recursive names (name) as (
          (select {column} from monthly_totals order by tenant_id, {column} limit 1)
          union all
          select (select t.{column} from monthly_totals t where t.{column} > names.name order by t.tenant_id, t.{column} limit 1)
          from names where names.name is not null)
        select name from names where name ilike $1 order by (name ilike $2) desc, name limit $3
        """;
}
