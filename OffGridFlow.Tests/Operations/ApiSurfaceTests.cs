using System.Net;
using System.Text;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OffGridFlow.Tests.Imports;

namespace OffGridFlow.Tests.Operations;

/// <summary>What holds for the API as a whole.</summary>
public sealed class ApiSurfaceTests(AppFixture apps) : IClassFixture<AppFixture>
{
    [Fact]
    public async Task OpenApi_Document_ListsEveryEndpointWithAnswersAndResolvedReferences()
    {
        using var client = await apps.NewTenantAsync();

        var document = await client.GetAsync("/openapi/v1.json");

        document.Text("openapi").ShouldStartWith("3.");
        var listed = document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => $"{operation.Name.ToUpperInvariant()} {path.Name.TrimEnd('/')}")).ToList();
        var mapped = apps.App.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText?.StartsWith("/api/v1", StringComparison.Ordinal) == true)
            .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? []).Select(
                method => $"{method} {endpoint.RoutePattern.RawText!.Replace(":guid", "", StringComparison.Ordinal).TrimEnd('/')}")).ToList();
        mapped.Count.ShouldBeGreaterThan(10);
        listed.ShouldBe(mapped, ignoreOrder: true);
        foreach (var operation in document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject()))
            operation.Value.GetProperty("responses").EnumerateObject().ShouldNotBeEmpty();
        foreach (var reference in document.GetRawText().Split("\"#/components/schemas/").Skip(1).Select(after => after[..after.IndexOf('"', StringComparison.Ordinal)]).Distinct())
            document.GetProperty("components").GetProperty("schemas").TryGetProperty(reference, out _).ShouldBeTrue(reference);
    }

    [Theory]
    [InlineData("/health")]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/healthz")]
    [InlineData("/livez")]
    [InlineData("/readyz")]
    public async Task Health_ForAnybody_IsHealthy(string path)
    {
        using var client = apps.App.CreateClient();

        using var answer = await client.GetAsync(path, TestContext.Current.CancellationToken);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        ImportClient.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Text("status").ShouldBe("Healthy");
    }

    [Theory]
    [InlineData("GET", "/api/v1/nothing", 404)]
    [InlineData("GET", "/api/nothing", 404)]
    [InlineData("GET", "/api/v1/imports/not-an-id", 404)]
    [InlineData("GET", "/api/v1/jobs/00000000-0000-0000-0000-000000000001", 404)]
    [InlineData("PATCH", "/api/v1/imports", 405)]
    [InlineData("DELETE", "/api/v1/emissions/summary", 405)]
    [InlineData("GET", "/api/v1/imports?limit=many", 400)]
    [InlineData("GET", "/api/v1/imports?cursor=x", 422)]
    [InlineData("GET", "/api/v1/emissions?scope=third", 400)]
    [InlineData("POST", "/api/v1/estimates/cloud", 415)]
    public async Task Error_OfAnyKind_IsAProblem(string method, string path, int status)
    {
        using var client = await apps.NewTenantAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (status == 415)
            request.Content = new StringContent("rows", Encoding.UTF8, "text/plain");

        using var answer = await client.Http.SendAsync(request, TestContext.Current.CancellationToken);

        await ImportClient.ProblemAsync(answer, (HttpStatusCode)status);
    }

    [Theory]
    [InlineData("/api/v1/imports")]
    [InlineData("/api/v1/emissions")]
    [InlineData("/api/v1/emissions/summary")]
    [InlineData("/api/v1/auth/me")]
    public async Task Error_WithoutSignIn_IsAProblem(string path)
    {
        using var client = apps.App.CreateClient();

        using var answer = await client.GetAsync(path, TestContext.Current.CancellationToken);

        await ImportClient.ProblemAsync(answer, HttpStatusCode.Unauthorized);
    }
}
