using OffGridFlow.Core.Identity;
using OffGridFlow.Tests.Imports;
using OffGridFlow.Tests.Persistence;

namespace OffGridFlow.Tests;

/// <summary>One application for a test class; each test brings a tenant of its own and so sees nobody else's rows.</summary>
public sealed class AppFixture(PostgresFixture postgres) : IAsyncLifetime
{
    private int _tenants;

    public TestApp App { get; private set; } = null!;

    public async ValueTask InitializeAsync() => App = await TestApp.StartAsync(postgres);

    public ValueTask DisposeAsync() => App.DisposeAsync();

    /// <summary>A new tenant with one person, signed in.</summary>
    internal async Task<ImportClient> NewTenantAsync(TenantRole role = TenantRole.Admin)
    {
        var email = FormattableString.Invariant($"person{Interlocked.Increment(ref _tenants)}@tests.example");
        var tenant = await App.AddTenantAsync(email, email, role);
        return new ImportClient(await App.SignInAsync(email), new Ledger(App.ConnectionString, tenant));
    }
}
