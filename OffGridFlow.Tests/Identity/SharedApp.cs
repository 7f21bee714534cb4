using Microsoft.Extensions.DependencyInjection;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;
using OffGridFlow.Tests.Persistence;

namespace OffGridFlow.Tests.Identity;

/// <summary>One application for all tests of a class.</summary>
public sealed class SharedApp(PostgresFixture postgres) : IAsyncLifetime
{
    public TestApp App { get; private set; } = null!;

    public async ValueTask InitializeAsync() => App = await TestApp.StartAsync(postgres);

    public ValueTask DisposeAsync() => App.DisposeAsync();
}

internal static class TestAppSql
{
    /// <summary>One value, asked as the owner of the database.</summary>
    public static async Task<T?> OwnerAsync<T>(this TestApp app, string sql, params object?[] parameters)
    {
        await using var connection = await app.App.Services.GetRequiredService<Database>().Owner.OpenConnectionAsync(TestContext.Current.CancellationToken);
        return await connection.ScalarAsync<T>(sql, TestContext.Current.CancellationToken, parameters);
    }
}
