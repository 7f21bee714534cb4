using System.Net;
using OffGridFlow.Core.Identity;
using OffGridFlow.Tests.Identity;
using OffGridFlow.Tests.Persistence;

namespace OffGridFlow.Tests.Operations;

/// <summary>Whose word on a client's address is taken. The address is read where it was written down: beside a key's last use.</summary>
public sealed class TrustedProxiesTests(PostgresFixture postgres)
{
    [Theory]
    // Nobody is trusted unless told so, not even the own machine.
    [InlineData("", "203.0.113.9", "127.0.0.1")]
    [InlineData("192.0.2.1", "203.0.113.9", "127.0.0.1")]
    [InlineData("127.0.0.1", "203.0.113.9", "203.0.113.9")]
    [InlineData("10.0.0.0/8, 127.0.0.0/8", "203.0.113.9", "203.0.113.9")]
    // What the client itself has written stands left of what a proxy added, and is not believed.
    [InlineData("127.0.0.1", "198.51.100.1, 203.0.113.9", "203.0.113.9")]
    [InlineData("127.0.0.1,10.0.0.5", "198.51.100.1, 203.0.113.9, 10.0.0.5", "203.0.113.9")]
    [InlineData("127.0.0.1", "::ffff:203.0.113.9", "203.0.113.9")]
    [InlineData("127.0.0.1", "2001:db8::1", "2001:db8::1")]
    [InlineData("127.0.0.1", "nonsense", "127.0.0.1")]
    public async Task Address_IsBelievedOfTrustedProxiesOnly(string trusted, string forwarded, string address)
    {
        await using var app = await TestApp.StartAsync(postgres, $"--OFFGRIDFLOW_TRUSTED_PROXIES={trusted}");
        using var company = await KeyClient.NewTenantAsync(app);
        var (id, key) = await company.MakeAsync(Permissions.DashboardsRead);
        using var client = company.ClientOf(key);
        client.DefaultRequestHeaders.TryAddWithoutValidation("X-Forwarded-For", forwarded);

        (await client.GetAsync("/api/v1/auth/me", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.OK);

        await Eventually.BeAsync(
            async () => await app.OwnerAsync<string>("select last_used_from from api_keys where id = $1", id) is not null, "the use is written down");
        (await app.OwnerAsync<string>("select last_used_from from api_keys where id = $1", id)).ShouldBe(address);
    }

    [Fact]
    public async Task AuditLog_HoldsTheClientsAddress_AndNoForgedOne()
    {
        await using var app = await TestApp.StartAsync(postgres);
        using var company = await KeyClient.NewTenantAsync(app);
        company.Person.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.9");

        await company.MakeAsync(Permissions.DashboardsRead);

        (await company.AuditAsync("api-key.created")).ShouldNotBeNull().ShouldContain("|127.0.0.1|");
    }

    [Fact]
    public async Task Socket_OfBothFamilies_GivesAnIpV4AddressAsItIsWritten()
    {
        await using var app = await TestApp.StartAsync(postgres, "--urls=http://[::]:0");
        using var company = await KeyClient.NewTenantAsync(app);

        using var answer = await company.TryMakeAsync(new { name = "x", scopes = new[] { Permissions.DashboardsRead }, expiresOn = KeyClient.InDays(3) });

        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        (await company.AuditAsync("api-key.created")).ShouldNotBeNull().ShouldContain("|127.0.0.1|");
    }
}
