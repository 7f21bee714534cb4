using System.Text;
using System.Text.Json;
using OffGridFlow.Tests.Identity;

namespace OffGridFlow.Tests.Imports.Sheets;

/// <summary>Uploads spreadsheets as the page's script does: with the session's cookie and the token of its form.</summary>
internal static class SheetUploads
{
    public static async Task<HttpResponseMessage> SendAsync(Browser browser, string fileName, byte[] bytes, string? token = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/app/imports/activity")
        {
            Content = new MultipartFormDataContent { { new StringContent("activity-data"), "kind" }, { new StringContent("none"), "mode" }, { new ByteArrayContent(bytes), "file", fileName } },
        };
        request.Headers.Add("RequestVerificationToken", token ?? await browser.AntiforgeryTokenAsync());
        return await browser.SendAsync(request);
    }

    /// <returns>The id of the draft.</returns>
    public static async Task<Guid> OpenAsync(TestApp app, string email, string fileName, params string[] lines)
    {
        using var browser = await Browser.SignedInAsync(app, email);
        using var answer = await SendAsync(browser, fileName, Encoding.UTF8.GetBytes(string.Join("\r\n", lines)));
        answer.EnsureSuccessStatusCode();
        return (await ReadAsync(answer)).GetProperty("draftId").GetGuid();
    }

    public static async Task<JsonElement> ReadAsync(HttpResponseMessage answer) =>
        JsonElement.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
}
