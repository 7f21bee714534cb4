using System.Net.Http.Json;
using System.Text.Json;
using OffGridFlow.Tests.Imports;

namespace OffGridFlow.Tests.Inventory;

/// <summary>The way of a period to its lock and back, as a program outside takes it.</summary>
internal static class LockSteps
{
    public static async Task<Guid> PeriodAsync(HttpClient http, int year = 2025)
    {
        var (status, body) = await SendAsync(http, HttpMethod.Post, "reporting-periods", new { name = FormattableString.Invariant($"FY{year}"), firstDay = FormattableString.Invariant($"{year}-01-01"), lastDay = FormattableString.Invariant($"{year}-12-31") });
        status.ShouldBe(201, body.ToString());
        return body.GetProperty("id").GetGuid();
    }

    /// <summary>Decides on all 15 categories; by another person they are approved.</summary>
    public static async Task DecideAsync(HttpClient http, Guid period, HttpClient? approver = null)
    {
        for (var category = 1; category <= 15; category++)
        {
            var decision = category == 10
                ? (object)new { category, decision = "excluded", reason = "400 customers, none of whom answers", estimatedTonnes = 12.5m } : new { category, decision = "included" };
            var (status, body) = await SendAsync(http, HttpMethod.Put, $"reporting-periods/{period}/categories", decision);
            status.ShouldBe(200, body.ToString());
            (status, body) = await SendAsync(approver ?? http, HttpMethod.Post, $"reporting-periods/{period}/categories/approve", new { category, version = 1 });
            status.ShouldBe(200, body.ToString());
        }
    }

    /// <summary>Period, decisions and lock in one, by one person of an organization of one.</summary>
    public static async Task<Guid> LockedAsync(HttpClient http, int year = 2025)
    {
        var period = await PeriodAsync(http, year);
        await DecideAsync(http, period);
        await LockAsync(http, period);
        return period;
    }

    public static async Task<JsonElement> LockAsync(HttpClient http, Guid period, string reason = "The figures were reviewed")
    {
        var (status, body) = await SendAsync(http, HttpMethod.Post, $"reporting-periods/{period}/lock", new { reason });
        status.ShouldBe(200, body.ToString());
        body.Text("state").ShouldBe("locked");
        return body;
    }

    public static async Task<JsonElement> ReopenAsync(HttpClient http, Guid period, string reason = "An invoice was found")
    {
        var (status, body) = await SendAsync(http, HttpMethod.Post, $"reporting-periods/{period}/reopen", new { reason });
        status.ShouldBe(200, body.ToString());
        body.Text("state").ShouldBe("open");
        return body;
    }

    public static async Task<(int Status, JsonElement Body)> SendAsync(HttpClient http, HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, "/api/v1/" + path) { Content = body is null ? null : JsonContent.Create(body) };
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return ((int)answer.StatusCode, text.Length == 0 ? default : ImportClient.Parse(text));
    }

    /// <summary>What must never change while a period is locked: hashes of its months, its snapshots, its entries.</summary>
    public static async Task<List<string>> FrozenAsync(Ledger ledger, Guid period)
    {
        var all = await ledger.TextsAsync("select concat_ws(' ', 'snapshot', number, sha256, encode(sha256(convert_to(content, 'UTF8')), 'hex')) from inventory_snapshots where tenant_id = $1 and period_id = $2 order by 1", period);
        all.AddRange(await ledger.TextsAsync(
            """
            select 'result ' || e.id || ' ' || i.from_sequence || ' ' || coalesce(i.to_sequence::text, '-') from emission_records e
            join emission_history i on i.activity_id = e.activity_id and i.proposal_id is not distinct from e.proposal_id
            where e.tenant_id = $1 and e.month between '2025-01-01' and '2025-12-01' order by 1
            """));
        all.AddRange(await ledger.TextsAsync("select 'entry ' || n::text from activity_entries n where tenant_id = $1 and period_end >= '2025-01-01' and period_start <= '2025-12-31' order by 1"));
        all.AddRange(await ledger.TextsAsync("select 'total ' || t::text from monthly_totals t where tenant_id = $1 and month between '2025-01-01' and '2025-12-01' order by 1"));
        all.AddRange(await ledger.TextsAsync("select 'energy ' || t::text from monthly_energy t where tenant_id = $1 and month between '2025-01-01' and '2025-12-01' order by 1"));
        return all;
    }
}
