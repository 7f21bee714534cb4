using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.DependencyInjection;

namespace OffGridFlow.Benchmarks.Walls;

/// <summary>A route as it is registered; a parameter of it takes the id of some object.</summary>
/// <param name="Ids">By parameter, the table of the object that belongs there; null when it is not known, and any is tried.</param>
internal sealed partial record WallsRoute(string Method, string Pattern, IReadOnlyList<(string Parameter, string? Objects)> Ids)
{
    public bool IsApi => Pattern.StartsWith("/api/", StringComparison.Ordinal);

    /// <summary>The path with an id in each place.</summary>
    public string Path(Func<string?, Guid> id)
    {
        var path = Pattern;
        foreach (var (parameter, objects) in Ids)
            path = path.Replace(parameter, id(objects).ToString(), StringComparison.Ordinal);
        return path;
    }

    /// <summary>All routes of the application but its files and the circuit's wire: one that is added is asked from then on.</summary>
    public static IReadOnlyList<WallsRoute> All(WallsServer server) =>
        server.App.Services.GetRequiredService<IEnumerable<EndpointDataSource>>().Concat(((IEndpointRouteBuilder)server.App).DataSources)
            .SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is null)
            .SelectMany(endpoint => Methods(endpoint).Select(method => (method, pattern: "/" + endpoint.RoutePattern.RawText!.TrimStart('/'))))
            .Where(route => !route.pattern.StartsWith("/_", StringComparison.Ordinal) && !route.pattern.Contains("{**", StringComparison.Ordinal) && !route.pattern.Contains("{documentName}", StringComparison.Ordinal))
            .Distinct().Select(route => new WallsRoute(route.method, route.pattern, IdsOf(route.pattern))).ToList();

    private static IEnumerable<string> Methods(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<ComponentTypeMetadata>() is not null
        ? ["GET"] : endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods is { Count: > 0 } methods ? methods : ["GET"];

    private static List<(string, string?)> IdsOf(string pattern) => [.. Parameter().Matches(pattern).Select(match => (match.Groups[2].Value, (string?)(match.Groups[1].Value switch
    {
        "jobs" => "job_runs",
        "imports" => "imports",
        "activities" => "activity_entries",
        "documents" => "source_documents",
        "emissions" => "emission_records",
        "trail" => "source_documents",
        "users" => "users",
        "invitations" => "invitations",
        "api-keys" => "api_keys",
        "calculation-runs" or "runs" => "calculation_runs",
        "factors" => "emission_factors",
        "factor-sets" => "factor_sets",
        "organizations" => "organizations",
        "sites" => "sites",
        "reporting-periods" or "lock" => "reporting_periods",
        "ownerships" => "ownerships",
        "targets" => "targets",
        "scenarios" => "scenarios",
        "collection-plan" or "completeness" => "planned_sources",
        "instruments" => "contractual_instruments",
        "samples" => "assurance_samples",
        "findings" => "assurance_findings",
        _ => null,
    })))];

    [GeneratedRegex("([^/]*)/(\\{[^}]+\\})", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Parameter();
}
