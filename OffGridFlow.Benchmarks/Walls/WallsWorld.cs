using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Identity;
using Npgsql;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Imports.Samples;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Benchmarks.Walls;

/// <param name="Cookie">The browser session, as a Cookie header sends it.</param>
/// <param name="Key">A key of the API in place of a person; it has neither the others' token nor their cookie.</param>
internal sealed record WallsPerson(Guid Id, string Email, TenantRole Role, string Bearer, string Cookie, string? Key = null)
{
    public string Name => Key is null ? Role.ToString() : "Key";
}

/// <summary>One organization with what others must never see of it.</summary>
internal sealed record WallsTenant
{
    public required Guid Id { get; init; }
    public required int Number { get; init; }

    public string Name => string.Create(CultureInfo.InvariantCulture, $"organization {Number}");

    /// <summary>Takes the part of an attacker who also writes: imports bills of the others' accounts. Its own ledger is not held still.</summary>
    public required bool Raider { get; init; }
    public required IReadOnlyList<WallsPerson> People { get; init; }
    public required IReadOnlyList<string> Accounts { get; init; }
    public required IReadOnlyList<byte[]> Bills { get; init; }

    /// <summary>A text in the names of its files.</summary>
    public required string FileMark { get; init; }

    /// <summary>A key of the API with every scope that a key can have.</summary>
    public WallsPerson? Key { get; set; }

    /// <summary>Who asks: the people and the key.</summary>
    public IReadOnlyList<WallsPerson> Callers => Key is null ? People : [.. People, Key];

    /// <summary>Ids by the table they stand in.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<Guid>> Ids { get; set; } = new Dictionary<string, IReadOnlyList<Guid>>();
}

/// <summary>
/// Several organizations with people of every role, imported bills, rejected rows, jobs (one that can be tried again), documents, saved
/// views, settings, an open invitation and a key of the API. All they have is theirs alone, so that any of it in another's answer is a leak.
/// </summary>
internal sealed partial class WallsWorld
{
    private const string Password = "correct horse battery staple";

    private WallsWorld(IReadOnlyList<WallsTenant> tenants, Canaries canaries) => (Tenants, Canaries) = (tenants, canaries);

    public IReadOnlyList<WallsTenant> Tenants { get; }

    public Canaries Canaries { get; }

    /// <param name="tenants">Organizations that are only looked at; one more takes the attacker's part.</param>
    /// <param name="rows">Rows of each bill.</param>
    public static async Task<WallsWorld> CreateAsync(WallsServer server, int tenants, int rows, int seed, CancellationToken cancellationToken)
    {
        var hash = new PasswordHasher<User>().HashPassword(null!, Password);
        var made = new List<WallsTenant>();
        for (var number = 0; number <= tenants; number++)
            made.Add(await CreateTenantAsync(server, number, raider: number == tenants, hash, rows, seed, cancellationToken));
        var texts = new Dictionary<Guid, IReadOnlyCollection<string>>();
        foreach (var tenant in made)
        {
            await ImportAsync(server, tenant, cancellationToken);
            await FurnishAsync(server, tenant, cancellationToken);
        }

        foreach (var tenant in made)
        {
            tenant.Ids = new Dictionary<string, IReadOnlyList<Guid>>(await IdsAsync(server, tenant.Id, cancellationToken)) { ["users"] = [.. tenant.People.Select(person => person.Id)] };
            texts[tenant.Id] = await TextsAsync(server, tenant, cancellationToken);
        }

        return new WallsWorld(made, new Canaries(texts));
    }

    private static async Task<WallsTenant> CreateTenantAsync(
        WallsServer server, int number, bool raider, string hash, int rows, int seed, CancellationToken cancellationToken)
    {
        var id = Guid.CreateVersion7();
        var people = new List<(Guid Id, string Email, TenantRole Role)>();
        await using (var owner = await server.Database.Owner.OpenConnectionAsync(cancellationToken))
        {
            foreach (var role in Enum.GetValues<TenantRole>().OrderByDescending(role => role))
            {
                var (user, email) = (Guid.CreateVersion7(), Text($"{role}@{Mark("mail", number)}.example").ToLowerInvariant());
                people.Add((user, email, role));
                if (role == TenantRole.Admin)
                {
                    await owner.ExecuteAsync(
                        "select create_tenant($1, $2, false, $3, $4, upper($4), $5, $6, 'stamp')", cancellationToken, id, Mark("company", number), user, email,
                        $"{role} {Mark("person", number)}", hash);
                    continue;
                }

                await owner.ExecuteAsync(
                    "insert into users (id, email, normalized_email, display_name, password_hash, security_stamp, access_failed_count, created_at) values ($1, $2, upper($2), $3, $4, 'stamp', 0, now())",
                    cancellationToken, user, email, $"{role} {Mark("person", number)}", hash);
                await owner.ExecuteAsync("insert into memberships (tenant_id, user_id, role) values ($1, $2, $3)", cancellationToken, id, user, role.ToString());
            }
        }

        var signedIn = new List<WallsPerson>();
        foreach (var (user, email, role) in people)
            signedIn.Add(new WallsPerson(user, email, role, await BearerAsync(server, email, cancellationToken), await CookieAsync(server, email, cancellationToken)));
        string[] accounts = [Text($"71{number}0044{seed % 1000:000}01"), Text($"71{number}0044{seed % 1000:000}02"), Text($"71{number}0044{seed % 1000:000}03")];
        return new WallsTenant
        {
            Id = id, Number = number, Raider = raider, People = signedIn, Accounts = accounts, FileMark = Mark("file", number),
            Bills = [.. Enumerable.Range(0, 3).Select(bill => Bill(accounts, Mark("resource", number), Mark("rejected", number), rows, (seed * 97) + (number * 10) + bill, 1 + (3 * bill)))],
        };
    }

    /// <summary>A generated bill of the given accounts, with resources of the given name, and a row that will be rejected.</summary>
    public static byte[] Bill(IReadOnlyList<string> accounts, string resource, string rejected, int rows, int seed, int month)
    {
        using var stream = new MemoryStream();
        SampleBill.WriteCsv(stream, new SampleBillOptions { Rows = rows, Seed = seed, Accounts = 3, FirstMonth = new(2024, month, 1), Months = 2 }, CancellationToken.None);
        var text = Encoding.UTF8.GetString(stream.ToArray());
        for (var account = 0; account < 3; account++)
            text = text.Replace(SampleAccounts.Id(account), accounts[account], StringComparison.Ordinal);
        text = text.Replace("nordwerk", resource, StringComparison.Ordinal);
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        // Nobody can tell the month of a line without a date.
        return Encoding.UTF8.GetBytes(text + lines[1].Replace("2024-", rejected + "-", StringComparison.Ordinal) + "\n");
    }

    private static async Task ImportAsync(WallsServer server, WallsTenant tenant, CancellationToken cancellationToken)
    {
        var admin = tenant.People.First(person => person.Role == TenantRole.Admin);
        for (var bill = 0; bill < tenant.Bills.Count; bill++)
        {
            using var answer = await UploadAsync(server, admin, tenant.Bills[bill], Text($"{tenant.FileMark}-{bill}.csv"), "none", cancellationToken);
            if (answer.StatusCode != HttpStatusCode.Accepted)
                throw new InvalidOperationException($"The bill was not taken: {await answer.Content.ReadAsStringAsync(cancellationToken)}");
        }

        await EndedAsync(server, tenant.Id, cancellationToken);
        await using var owner = await server.Database.Owner.OpenConnectionAsync(cancellationToken);
        var ends = await owner.ListAsync("select concat_ws(' ', status, error) from imports where tenant_id = $1", row => row.GetString(0), cancellationToken, tenant.Id);
        if (ends.Count(end => end == "CompletedWithErrors") != tenant.Bills.Count)
            throw new InvalidOperationException($"A bill of the world was not imported with its rejected row: {string.Join(", ", ends)}.");
    }

    public static async Task<HttpResponseMessage> UploadAsync(
        WallsServer server, WallsPerson person, byte[] bill, string fileName, string mode, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/imports")
        {
            Content = new MultipartFormDataContent { { new StringContent("aws-cur"), "kind" }, { new StringContent(mode), "mode" }, { new ByteArrayContent(bill), "file", fileName } },
        };
        request.Headers.Authorization = new("Bearer", person.Bearer);
        return await server.Http.SendAsync(request, cancellationToken);
    }

    /// <summary>Waits until no job of the organization is under way.</summary>
    public static async Task EndedAsync(WallsServer server, Guid tenant, CancellationToken cancellationToken)
    {
        await using var owner = await server.Database.Owner.OpenConnectionAsync(cancellationToken);
        while (await owner.ScalarAsync<long>("select count(*) from job_runs where tenant_id = $1 and state in ('Queued', 'Running')", cancellationToken, tenant) > 0)
            await Task.Delay(100, cancellationToken);
    }

    /// <summary>The last import is taken back, and its job made one that failed, so that there is one to try again; each person keeps a view and a setting.</summary>
    private static async Task FurnishAsync(WallsServer server, WallsTenant tenant, CancellationToken cancellationToken)
    {
        await using var owner = await server.Database.Owner.OpenConnectionAsync(cancellationToken);
        var last = await owner.ScalarAsync<Guid>("select id from imports where tenant_id = $1 and file_name like '%-2.csv'", cancellationToken, tenant.Id);
        using (var request = new HttpRequestMessage(HttpMethod.Delete, $"/api/v1/imports/{last}"))
        {
            request.Headers.Authorization = new("Bearer", tenant.People[0].Bearer);
            using var answer = await server.Http.SendAsync(request, cancellationToken);
            answer.EnsureSuccessStatusCode();
        }

        await SendAsync(server, tenant, "/api/v1/invitations", new { email = Text($"{Mark("invited", tenant.Number)}@mail.example"), role = "viewer" }, cancellationToken);
        var key = await SendAsync(
            server, tenant, "/api/v1/api-keys",
            new { name = Mark("key", tenant.Number), scopes = ApiKey.Grantable, expiresOn = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(30)) },
            cancellationToken);
        tenant.Key = new WallsPerson(key.GetProperty("id").GetGuid(), "", TenantRole.Admin, "", "", key.GetProperty("key").GetString()!);
        await owner.ExecuteAsync(
            "update job_runs set state = 'Failed', last_error = $2, failure_is_final = false where id = (select job_run_id from imports where id = $1)",
            cancellationToken, last, Mark("error", tenant.Number));
        await owner.ExecuteAsync("update imports set status = 'Failed' where id = $1", cancellationToken, last);
        foreach (var person in tenant.People)
        {
            await owner.ExecuteAsync(
                "insert into saved_views (id, tenant_id, user_id, page, name, normalized_name, query, created_at, updated_at) values ($1, $2, $3, 'emissions', $4, upper($4), $5, now(), now())",
                cancellationToken, Guid.CreateVersion7(), tenant.Id, person.Id, Mark("view", tenant.Number), "account=" + tenant.Accounts[0]);
            await owner.ExecuteAsync(
                "insert into personal_settings (tenant_id, user_id, name, value) values ($1, $2, 'walls.note', $3)", cancellationToken, tenant.Id, person.Id,
                Mark("setting", tenant.Number));
        }
    }

    private static async Task<JsonElement> SendAsync(WallsServer server, WallsTenant tenant, string path, object body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.Authorization = new("Bearer", tenant.People.First(person => person.Role == TenantRole.Admin).Bearer);
        using var answer = await server.Http.SendAsync(request, cancellationToken);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
    }

    /// <summary>Some ids of each table, from every column that holds one.</summary>
    private static async Task<IReadOnlyDictionary<string, IReadOnlyList<Guid>>> IdsAsync(WallsServer server, Guid tenant, CancellationToken cancellationToken)
    {
        await using var owner = await server.Database.Owner.OpenConnectionAsync(cancellationToken);
        var ids = new Dictionary<string, IReadOnlyList<Guid>>();
        foreach (var table in await TenantTablesAsync(owner, cancellationToken))
        {
            var keyed = await owner.ScalarAsync<bool>(
                "select exists (select from information_schema.columns where table_schema = 'public' and table_name = $1 and column_name = 'id' and data_type = 'uuid')",
                cancellationToken, table);
            if (keyed)
                ids[table] = await owner.ListAsync($"select id from {table} where tenant_id = $1 order by md5(id::text) limit 40", row => row.GetGuid(0), cancellationToken, tenant);
        }

        return ids;
    }

    /// <summary>Every table with a tenant, partitions not counted: found in the catalog, so that a new one is part of the campaign.</summary>
    public static Task<List<string>> TenantTablesAsync(NpgsqlConnection owner, CancellationToken cancellationToken) => owner.ListAsync(
        """
        select c.relname::text from pg_class c join pg_attribute a on a.attrelid = c.oid
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and a.attname = 'tenant_id' and not a.attisdropped order by 1
        """,
        row => row.GetString(0), cancellationToken);

    private static async Task<IReadOnlyCollection<string>> TextsAsync(WallsServer server, WallsTenant tenant, CancellationToken cancellationToken)
    {
        await using var owner = await server.Database.Owner.OpenConnectionAsync(cancellationToken);
        var texts = new List<string>(tenant.Accounts) { tenant.Id.ToString(), tenant.Id.ToString("N") };
        texts.AddRange(Kinds.Select(kind => Mark(kind, tenant.Number)));
        texts.AddRange(tenant.People.SelectMany(person => new[] { person.Email, person.Id.ToString(), person.Id.ToString("N") }));
        texts.AddRange(tenant.Ids.Values.SelectMany(ids => ids).SelectMany(id => new[] { id.ToString(), id.ToString("N") }));
        texts.AddRange(await owner.ListAsync("select sha256 from source_documents where tenant_id = $1", row => row.GetString(0), cancellationToken, tenant.Id));
        // A single line may cost the same with two organizations; sums over many, with all their digits, come about once.
        foreach (var amount in new[] { "kilowatt_hours", "operational_kg_co2e", "embodied_kg_co2e", "operational_kg_co2e + embodied_kg_co2e", "cost" })
        {
            texts.AddRange(await owner.ListAsync(
                $"""
                select distinct trim_scale(sum({amount}))::text from monthly_totals where tenant_id = $1
                group by grouping sets ((), (account), (month), (account, month)) having sum(activities) >= 25 and length(trim_scale(sum({amount}))::text) >= 12
                """,
                row => row.GetString(0), cancellationToken, tenant.Id));
        }

        return texts;
    }

    private static readonly string[] Kinds = ["mail", "company", "person", "file", "resource", "rejected", "error", "view", "setting", "invited", "key"];

    /// <summary>A text per kind: a request that names an account must not excuse a file name in its answer.</summary>
    private static string Mark(string kind, int number) => Text($"{kind}-canary{number}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static async Task<string> BearerAsync(WallsServer server, string email, CancellationToken cancellationToken)
    {
        using var answer = await server.Http.PostAsJsonAsync("/api/v1/auth/login", new { email, password = Password }, cancellationToken);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)).GetProperty("accessToken").GetString()!;
    }

    /// <summary>Signs in on the page, as a browser does.</summary>
    private static async Task<string> CookieAsync(WallsServer server, string email, CancellationToken cancellationToken)
    {
        using var page = await server.Http.GetAsync("/account/sign-in", cancellationToken);
        var antiforgery = page.Headers.GetValues("Set-Cookie").Select(cookie => cookie.Split(';')[0]).Single(cookie => cookie.Contains("Antiforgery", StringComparison.Ordinal));
        var fields = HiddenInput().Matches(await page.Content.ReadAsStringAsync(cancellationToken))
            .DistinctBy(match => NameOf().Match(match.Value).Groups[1].Value)
            .ToDictionary(match => NameOf().Match(match.Value).Groups[1].Value, match => WebUtility.HtmlDecode(ValueOf().Match(match.Value).Groups[1].Value));
        (fields["Input.Email"], fields["Input.Password"]) = (email, Password);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/account/sign-in") { Content = new FormUrlEncodedContent(fields) };
        request.Headers.Add("Cookie", antiforgery);
        using var answer = await server.Http.SendAsync(request, cancellationToken);
        return answer.Headers.TryGetValues("Set-Cookie", out var cookies) && cookies.FirstOrDefault(cookie => cookie.StartsWith("offgridflow=", StringComparison.Ordinal)) is { } session
            ? session.Split(';')[0]
            : throw new InvalidOperationException($"{email} was not signed in: {answer.StatusCode}.");
    }

    [GeneratedRegex("<input[^>]*type=\"hidden\"[^>]*>", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex HiddenInput();

    [GeneratedRegex("\\bname=\"([^\"]*)\"", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NameOf();

    [GeneratedRegex("\\bvalue=\"([^\"]*)\"", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ValueOf();
}
