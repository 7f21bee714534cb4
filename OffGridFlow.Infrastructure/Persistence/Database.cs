using Npgsql;

namespace OffGridFlow.Infrastructure.Persistence;

/// <summary>
/// The connection pools, one per database role. The login of the connection string owns the schema; no request runs under it:
/// each pool's sessions start under a role with fewer rights (see <c>docs/decisions/0006-database-roles.md</c>).
/// </summary>
public sealed class Database : IAsyncDisposable
{
    public const string AppRole = "offgridflow_app";
    public const string LoaderRole = "offgridflow_loader";
    public const string JobsRole = "offgridflow_jobs";

    public Database(string connectionString)
    {
        ConnectionString = connectionString;
        Owner = Build("OffGridFlow owner", null, 4);
        App = Build("OffGridFlow", AppRole, 60);
        Loader = Build("OffGridFlow loader", LoaderRole, 8);
    }

    /// <summary>As configured: the owner's login.</summary>
    public string ConnectionString { get; }

    /// <summary>Migrations and set-up only.</summary>
    public NpgsqlDataSource Owner { get; }

    /// <summary>Everything a person or a job asks for; under row-level security.</summary>
    public NpgsqlDataSource App { get; }

    /// <summary><c>COPY</c> into usage lines: PostgreSQL refuses it under row-level security, so this role is exempt from it and can do nothing else.</summary>
    public NpgsqlDataSource Loader { get; }

    /// <summary>For the scheduler's own tables.</summary>
    public static string JobsConnectionStringOf(string connectionString) => With(connectionString, "OffGridFlow jobs", JobsRole, 12, "quartz");

    public async ValueTask DisposeAsync()
    {
        await Owner.DisposeAsync();
        await App.DisposeAsync();
        await Loader.DisposeAsync();
    }

    private NpgsqlDataSource Build(string name, string? role, int poolSize) =>
        new NpgsqlDataSourceBuilder(With(ConnectionString, name, role, poolSize, null)).Build();

    private static string With(string connectionString, string name, string? role, int poolSize, string? schema)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = name, MaxPoolSize = poolSize, Timezone = "UTC" };
        var options = (builder.Options ?? "") + (role is null ? "" : $" -c role={role}") + (schema is null ? "" : $" -c search_path={schema}");
        builder.Options = options.Trim().Length == 0 ? null : options.Trim();
        return builder.ConnectionString;
    }
}
