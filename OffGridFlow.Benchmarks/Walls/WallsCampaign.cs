using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using OffGridFlow.Core.Identity;

namespace OffGridFlow.Benchmarks.Walls;

internal sealed record WallsOptions
{
    public int Requests { get; init; } = 100_000;
    public int Seed { get; init; } = 20261121;
    public int Concurrency { get; init; } = 8;

    /// <summary>Bills that the attacker imports into their own organization, of accounts that others have.</summary>
    public int Uploads { get; init; } = 24;
}

/// <summary>What the campaign saw.</summary>
/// <param name="Leaks">Texts of one organization in what another was answered, with the request that brought them.</param>
/// <param name="Faults">Answers that no request should have: another's id treated otherwise than an unknown one, a row of another's written, a fault of the program.</param>
/// <param name="Changes">What an organization that only looks at its own has otherwise than before.</param>
/// <param name="Answers">How many answers by kind of request and outcome.</param>
internal sealed record WallsOutcome(
    IReadOnlyList<string> Leaks, IReadOnlyList<string> Faults, IReadOnlyList<string> Changes, IReadOnlyDictionary<(string Kind, string Outcome), int> Answers,
    bool FilterIsBroken, int Canaries, long Bytes, TimeSpan Elapsed)
{
    public bool Holds => Leaks.Count + Faults.Count + Changes.Count == 0;

    public int Requests => Answers.Values.Sum();

    public int Of(string kind) => Answers.Where(answer => answer.Key.Kind == kind).Sum(answer => answer.Value);
}

/// <summary>
/// Random requests of random people of several organizations, side by side: over the API, pages, downloads, jobs, cursors, filters and raw
/// SQL, for what is theirs and after what is others'. The seed fixes the requests; how they interleave is the machine's.
/// </summary>
internal sealed class WallsCampaign(WallsServer server, WallsWorld world, WallsOptions options)
{
    private const int MostReported = 40;

    private static readonly string[] Filters = ["", "?limit=5", "?limit=3", "?from=2024-01-01&to=2024-01-31", "?groupBy=account", "?groupBy=service,region", "?groupBy=month", "?scope=3", "?usageClass=compute", "?quality=defaulted"];

    private readonly ConcurrentBag<string> _leaks = [];
    private readonly ConcurrentBag<string> _faults = [];
    private readonly ConcurrentDictionary<(string, string), int> _answers = [];
    private readonly ConcurrentDictionary<(string Path, Guid Owner), string> _cursors = [];
    private readonly ConcurrentDictionary<string, Lazy<Task<HttpStatusCode>>> _unknown = [];
    private readonly IReadOnlyList<WallsRoute> _routes = WallsRoute.All(server);
    private WallsSql _sql = null!;
    private int _drawn;
    private int _uploads;
    private long _bytes;

    public async Task<WallsOutcome> RunAsync(CancellationToken cancellationToken)
    {
        _sql = await WallsSql.CreateAsync(server, cancellationToken);
        await using var sql = _sql;
        var started = TimeProvider.System.GetUtcNow();
        var before = await FingerprintsAsync(started, cancellationToken);
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, options.Concurrency).Select(worker => WorkAsync(new Random(unchecked((options.Seed * 7919) + worker)), cancellationToken)));
        var elapsed = watch.Elapsed;
        foreach (var raider in world.Tenants.Where(tenant => tenant.Raider))
            await WallsWorld.EndedAsync(server, raider.Id, cancellationToken);
        var after = await FingerprintsAsync(started, cancellationToken);
        var changes = before.Where(pair => after[pair.Key] != pair.Value).Select(pair => $"{pair.Key}: {pair.Value} before, {after[pair.Key]} after").ToList();
        return new WallsOutcome(
            [.. _leaks.Take(MostReported)], [.. _faults.Take(MostReported)], changes, _answers, server.FilterIsBroken, world.Canaries.Count, Interlocked.Read(ref _bytes), elapsed);
    }

    private async Task<Dictionary<string, string>> FingerprintsAsync(DateTimeOffset started, CancellationToken cancellationToken)
    {
        var all = new Dictionary<string, string>();
        foreach (var tenant in world.Tenants.Where(tenant => !tenant.Raider))
        {
            foreach (var (table, print) in await WallsFingerprint.OfAsync(server, tenant.Id, started, cancellationToken))
                all[$"{tenant.Name}, {table}"] = print;
        }

        return all;
    }

    private async Task WorkAsync(Random random, CancellationToken cancellationToken)
    {
        while (Interlocked.Increment(ref _drawn) <= options.Requests)
        {
            var mine = world.Tenants[random.Next(world.Tenants.Count)];
            var theirs = Pick(random, world.Tenants.Where(tenant => tenant != mine).ToList());
            var person = Pick(random, mine.Callers);
            await (random.Next(100) switch
            {
                < 24 => OwnAsync(random, mine, theirs, person, api: true, cancellationToken),
                < 34 => OwnAsync(random, mine, theirs, person, api: false, cancellationToken),
                < 58 => ForeignIdAsync(random, mine, theirs, person, cancellationToken),
                < 66 => CursorAsync(random, mine, theirs, person, cancellationToken),
                < 78 => FilterAsync(random, mine, theirs, person, cancellationToken),
                < 80 => EstimateAsync(random, mine, theirs, person, cancellationToken),
                < 99 => SqlAsync(random, mine, theirs, cancellationToken),
                _ => UploadAsync(random, mine, theirs, cancellationToken),
            });
        }
    }

    /// <summary>What the person may look at, and what their role does not let them, of their own organization.</summary>
    private async Task OwnAsync(Random random, WallsTenant mine, WallsTenant theirs, WallsPerson person, bool api, CancellationToken cancellationToken)
    {
        var route = Pick(random, _routes.Where(route => route.Method == "GET" && route.IsApi == api).ToList());
        // Workbooks and the whole audit log are long: now and then does.
        while (Long.Any(end => route.Pattern.EndsWith(end, StringComparison.Ordinal)) && random.Next(6) != 0)
            route = Pick(random, _routes.Where(route => route.Method == "GET" && route.IsApi == api).ToList());
        var path = route.Path(objects => OwnId(random, mine, objects));
        var filter = route.Ids.Count == 0 && route.Pattern.Contains("emissions", StringComparison.Ordinal) ? Pick(random, Filters) : route.Ids.Count == 0 && api ? Pick(random, Filters[..3]) : "";
        if (route.Pattern.EndsWith(".xlsx", StringComparison.Ordinal))
            filter = Pick(random, ["", "?groupBy=account"]);
        var answer = await AskAsync(random, api ? "API, own" : "pages, own", mine, theirs, person, route.Method, path + filter, null, cancellationToken);
        if (api && Canaries.CursorOf(answer.Text) is { } cursor)
            _cursors[(path, mine.Id)] = cursor;
    }

    /// <summary>An id of another's in some place of the path: the answer is that to an unknown id.</summary>
    private async Task ForeignIdAsync(Random random, WallsTenant mine, WallsTenant theirs, WallsPerson person, CancellationToken cancellationToken)
    {
        var route = Pick(random, _routes.Where(route => route.Ids.Count > 0).ToList());
        var all = random.Next(route.Ids.Count) == 0;
        var place = 0;
        // With several places, a foreign id in one of them is enough.
        var path = route.Path(objects => all || ++place == route.Ids.Count ? ForeignId(random, theirs, objects) : OwnId(random, mine, objects));
        var answer = await AskAsync(random, route.IsApi ? "API, foreign id" : "pages, foreign id", mine, theirs, person, route.Method, path, Body(route.Method), cancellationToken);
        var key = $"{route.Method} {route.Pattern} {person.Name}";
        var unknown = await _unknown.GetOrAdd(key, _ => new Lazy<Task<HttpStatusCode>>(async () =>
        {
            using var request = Request(person, route.Method, route.Path(_ => Guid.CreateVersion7()), Body(route.Method));
            using var twin = await server.Http.SendAsync(request, cancellationToken);
            return twin.StatusCode;
        })).Value;
        if (answer.Status != unknown)
            _faults.Add($"{person.Name} of {mine.Name}: {route.Method} {path} was answered {Outcome(answer.Status)}, an unknown id {Outcome(unknown)}.");
    }

    /// <summary>The place in a list that another was given.</summary>
    private Task CursorAsync(Random random, WallsTenant mine, WallsTenant theirs, WallsPerson person, CancellationToken cancellationToken)
    {
        var stolen = _cursors.Where(cursor => cursor.Key.Owner != mine.Id).ToList();
        if (stolen.Count == 0)
            return OwnAsync(random, mine, theirs, person, api: true, cancellationToken);
        var ((path, _), cursor) = Pick(random, stolen);
        // The id within is of the one who lost it; a list is free to begin anywhere, with one's own rows.
        return path.Contains("/trail/", StringComparison.Ordinal)
            ? AskAsync(random, "cursors", mine, theirs, person, "GET", $"{path}?cursor={cursor}", null, cancellationToken)
            : AskAsync(random, "cursors", mine, theirs, person, "GET", FormattableString.Invariant($"{path}?limit={random.Next(1, 30)}&cursor={cursor}"), null, cancellationToken);
    }

    /// <summary>Filters and searches that name what another has.</summary>
    private async Task FilterAsync(Random random, WallsTenant mine, WallsTenant theirs, WallsPerson person, CancellationToken cancellationToken)
    {
        var account = Pick(random, theirs.Accounts);
        var name = Pick(random, [account, theirs.FileMark, account[..6], "canary", theirs.People[0].Email]);
        var (path, empty) = random.Next(9) switch
        {
            0 => ($"/api/v1/emissions?account={account}", "\"items\":[]"),
            1 => ($"/api/v1/emissions?q={account}", "\"items\":[]"),
            2 => ($"/api/v1/emissions/summary?account={account}&groupBy=service", "\"groups\":[]"),
            3 => ($"/api/v1/emissions/summary?q={name}&groupBy=account", null),
            4 => ($"/emissions?account={account}", null),
            5 => ($"/emissions?q={name}&trail={ForeignId(random, theirs, "emission_records")}", null),
            6 => ($"/jobs?by={name}&kind={name}", null),
            7 => ($"/api/v1/jobs?kind={name}", null),
            // The log says what somebody exported: here nothing that is somebody's alone.
            _ => ($"/app/emissions.xlsx?q={account[..6]}", null as string),
        };
        var answer = await AskAsync(random, "filters", mine, theirs, person, "GET", path, null, cancellationToken);
        // The attacker has imported bills of these accounts.
        if (empty is not null && answer.Status == HttpStatusCode.OK && !mine.Raider && !answer.Text.Contains(empty, StringComparison.Ordinal))
            _faults.Add($"{person.Role} of {mine.Name}: GET {path} found something.");
    }

    private Task<(HttpStatusCode Status, string Text)> EstimateAsync(Random random, WallsTenant mine, WallsTenant theirs, WallsPerson person, CancellationToken cancellationToken) => AskAsync(
        random, "estimates", mine, theirs, person, "POST", "/api/v1/estimates/cloud",
        $$"""{"method":"ccf","tenantId":"{{theirs.Id}}","rows":[{"provider":"aws","service":"AmazonEC2","region":"eu-west-1","usageType":"BoxUsage:t3.micro","unit":"Hrs","amount":{{Pick(random, ["1", "7.5", "730"])}},"account":"{{theirs.Accounts[0]}}"}]}""",
        cancellationToken);

    private async Task SqlAsync(Random random, WallsTenant mine, WallsTenant theirs, CancellationToken cancellationToken)
    {
        var answer = await _sql.TryAsync(random, mine, theirs, cancellationToken);
        Count("SQL, " + answer.Kind, answer.Refused ? "refused" : "answered");
        Interlocked.Add(ref _bytes, answer.Text.Length);
        // What a refusal says repeats the statement; rows that come back do not.
        if (world.Canaries.Find(mine.Id, answer.Text, Excused(mine, answer.Refused ? answer.Statement : "")) is { } leak)
            _leaks.Add($"SQL of {mine.Name}: {answer.Statement}: “{leak}”");
        if (answer.Touched > 0)
            _faults.Add($"SQL of {mine.Name} wrote rows of another: {answer.Statement}");
    }

    /// <summary>The attacker imports a bill of accounts that another has, under each mode.</summary>
    private async Task UploadAsync(Random random, WallsTenant mine, WallsTenant theirs, CancellationToken cancellationToken)
    {
        var number = Interlocked.Increment(ref _uploads);
        var raider = world.Tenants.First(tenant => tenant.Raider);
        theirs = theirs == raider ? mine : theirs;
        if (number > options.Uploads || theirs == raider)
        {
            await EstimateAsync(random, mine, mine == theirs ? raider : theirs, mine.People[0], cancellationToken);
            return;
        }

        var bill = WallsWorld.Bill(theirs.Accounts, "raid", "2024-raid", 60, random.Next(), 1 + (3 * random.Next(2)));
        var person = Pick(random, raider.People.Where(person => person.Role >= TenantRole.Analyst).ToList());
        using var answer = await WallsWorld.UploadAsync(server, person, bill, "raid.csv", Pick(random, ["none", "append", "replace"]), cancellationToken);
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        Count("bulk import", Outcome(answer.StatusCode));
        Judge(raider, $"POST /api/v1/imports for account {theirs.Accounts[0]}", answer.StatusCode, text, "");
    }

    private async Task<(HttpStatusCode Status, string Text)> AskAsync(
        Random random, string kind, WallsTenant mine, WallsTenant theirs, WallsPerson person, string method, string path, string? body, CancellationToken cancellationToken)
    {
        var named = "";
        using var request = Request(person, method, path, body);
        // Whatever a caller says of the organization changes nothing.
        if (random.Next(5) == 0)
        {
            named = Pick(random, ["X-Tenant-Id", "X-Tenant", "X-Organization-Id", "X-Forwarded-User", "X-Original-URL", "X-User-Id", "X-HTTP-Method-Override"]);
            request.Headers.TryAddWithoutValidation(named, named == "X-Forwarded-User" ? theirs.People[0].Email : theirs.Id.ToString());
        }

        using var answer = await server.Http.SendAsync(request, cancellationToken);
        var bytes = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
        Interlocked.Add(ref _bytes, bytes.Length);
        var text = string.Join('\n', answer.Headers.Concat(answer.Content.Headers).SelectMany(header => header.Value)) + "\n" + Canaries.TextOf(bytes);
        Count(kind, Outcome(answer.StatusCode));
        Judge(mine, $"{person.Name} of {mine.Name}: {method} {path} {named}", answer.StatusCode, text, path + body);
        return (answer.StatusCode, text);
    }

    /// <param name="asked">What the request itself said.</param>
    internal void Judge(WallsTenant mine, string what, HttpStatusCode status, string text, string asked)
    {
        if (world.Canaries.Find(mine.Id, text, Excused(mine, Uri.UnescapeDataString(asked))) is { } leak)
            _leaks.Add($"{what}: {Outcome(status)} with “{leak}”");
        if ((int)status >= 500)
            _faults.Add($"{what}: {Outcome(status)}");
    }

    /// <summary>The attacker's own ledger holds the accounts of the others since it imported them.</summary>
    private string Excused(WallsTenant mine, string asked) =>
        mine.Raider ? asked + string.Join(' ', world.Tenants.SelectMany(tenant => tenant.Accounts)) : asked;

    private static HttpRequestMessage Request(WallsPerson person, string method, string path, string? body)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        if (person.Key is { } key)
        {
            request.Headers.TryAddWithoutValidation("X-Api-Key", key);
        }
        else if (path.StartsWith("/api/", StringComparison.Ordinal))
        {
            request.Headers.Authorization = new("Bearer", person.Bearer);
        }
        else
        {
            request.Headers.TryAddWithoutValidation("Cookie", person.Cookie);
            request.Headers.Accept.ParseAdd("text/html");
        }

        return request;
    }

    private static readonly string[] Long = [".xlsx", ".jsonl", "/audit/export", "/audit/verify"];

    private static string? Body(string method) => method is "POST" or "PUT" or "PATCH" ? "{}" : null;

    private static Guid OwnId(Random random, WallsTenant mine, string? objects) =>
        objects is not null && mine.Ids.GetValueOrDefault(objects) is { Count: > 0 } ids ? Pick(random, ids) : Pick(random, mine.People).Id;

    /// <summary>Mostly one of the right kind, now and then any other.</summary>
    private static Guid ForeignId(Random random, WallsTenant theirs, string? objects)
    {
        if (objects is not null && random.Next(5) != 0 && theirs.Ids.GetValueOrDefault(objects) is { Count: > 0 } ids)
            return Pick(random, ids);
        var any = theirs.Ids.Values.Where(ids => ids.Count > 0).ToList();
        return random.Next(6) switch
        {
            0 => theirs.Id,
            1 => Pick(random, theirs.People).Id,
            _ => Pick(random, Pick(random, any)),
        };
    }

    private void Count(string kind, string outcome) => _answers.AddOrUpdate((kind, outcome), 1, (_, count) => count + 1);

    private static string Outcome(HttpStatusCode status) => ((int)status).ToString(CultureInfo.InvariantCulture);

    private static T Pick<T>(Random random, IReadOnlyList<T> from) => from[random.Next(from.Count)];
}
