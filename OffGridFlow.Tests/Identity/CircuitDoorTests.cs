using System.Net.WebSockets;
using System.Text;
using System.Text.RegularExpressions;
using OffGridFlow.Core.Identity;

namespace OffGridFlow.Tests.Identity;

/// <summary>
/// The circuit's wire itself, over a real WebSocket: without components that the server has signed nothing is shown, and with them each
/// connection sees what its own session may, whoever was given them and whatever address it names.
/// </summary>
public sealed partial class CircuitDoorTests(MatrixWorld world) : IClassFixture<MatrixWorld>
{
    private const string OwnFile = "own-bill.csv";

    [Theory]
    [InlineData("[]")]
    [InlineData("""[{"type":"server","sequence":0,"descriptor":"Zm9yZ2Vk","prerenderId":"1"}]""")]
    [InlineData("""[{"type":"server","sequence":0,"assembly":"OffGridFlow.Web","typeName":"OffGridFlow.Web.Routes"}]""")]
    [InlineData("nonsense")]
    public async Task Circuit_OfNobody_WithoutSignedComponents_ShowsNothing(string components)
    {
        await using var wire = await Wire.OpenAsync(world.App, null);
        await wire.StartAsync("/imports", components);
        await wire.AddAsync(components.Contains("descriptor", StringComparison.Ordinal)
            ? """{"batchId":1,"operations":[{"type":"add","ssrComponentId":1,"marker":{"type":"server","prerenderId":"1","key":{"locationHash":"1","formattedComponentKey":""},"sequence":0,"descriptor":"Zm9yZ2Vk"}}]}"""
            : """{"batchId":1,"operations":[]}""");

        var heard = await wire.ListenAsync(_ => false, TimeSpan.FromSeconds(1));

        heard.ShouldNotContain("JS.RenderBatch");
        heard.ShouldNotContain(OwnFile);
    }

    [Fact]
    public async Task Circuit_WithAnothersSignedComponents_ShowsWhatItsOwnSessionMay()
    {
        using var admin = await Browser.SignedInAsync(world.App, MatrixWorld.Email);
        using var page = await admin.GetAsync("/imports");
        var signed = Operations(await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        const string Viewer = "viewer@circuits.example";
        await world.App.AddTenantAsync("A third company", Viewer, TenantRole.Viewer);
        using var viewer = await Browser.SignedInAsync(world.App, Viewer);

        // The person themselves: so the wire below would show it if it could.
        (await ShowsAsync(admin.SessionCookie, "/imports", signed, OwnFile)).ShouldContain(OwnFile);

        var refused = await ShowsAsync(viewer.SessionCookie, "/imports", signed, "No access");
        refused.ShouldContain("No access");
        refused.ShouldNotContain(OwnFile);
        (await ShowsAsync(viewer.SessionCookie, "/", signed, "JS.RenderBatch")).ShouldNotContain(OwnFile);
        // Sent to load the address anew, where the request is led to sign-in.
        var nobody = await ShowsAsync(null, "/imports", signed, "navigationManager.navigateTo");
        nobody.ShouldContain("navigationManager.navigateTo");
        nobody.ShouldNotContain(OwnFile);
    }

    private async Task<string> ShowsAsync(string? cookie, string path, string operations, string until)
    {
        await using var wire = await Wire.OpenAsync(world.App, cookie);
        await wire.StartAsync(path, "[]");
        await wire.AddAsync(operations);
        var heard = await wire.ListenAsync(text => text.Contains(until, StringComparison.Ordinal), TimeSpan.FromSeconds(10));
        // What would follow it too.
        return heard + await wire.ListenAsync(_ => false, TimeSpan.FromSeconds(0.5));
    }

    /// <summary>The signed components of a page, as its script sends them on.</summary>
    private static string Operations(string html)
    {
        var markers = Marker().Matches(html).Select(match => match.Groups[1].Value).Where(marker => marker.Contains("\"descriptor\"", StringComparison.Ordinal)).ToList();
        markers.ShouldNotBeEmpty();
        return $$"""{"batchId":1,"operations":[{{string.Join(',', markers.Select((marker, place) => FormattableString.Invariant($$"""{"type":"add","ssrComponentId":{{place + 1}},"marker":{{marker}}}""")))}}]}""";
    }

    [GeneratedRegex(@"<!--Blazor:(\{.*?\})-->", RegexOptions.Singleline, matchTimeoutMilliseconds: 2000)]
    private static partial Regex Marker();

    /// <summary>As much of the protocol <c>blazorpack</c> (SignalR's MessagePack) as it takes to knock: each message has its length before it.</summary>
    private sealed class Wire : IAsyncDisposable
    {
        private readonly ClientWebSocket _socket = new();
        private readonly string _site;

        private Wire(TestApp app) => _site = app.Address.GetLeftPart(UriPartial.Authority);

        public static async Task<Wire> OpenAsync(TestApp app, string? cookie)
        {
            var wire = new Wire(app);
            wire._socket.Options.SetRequestHeader("Origin", wire._site);
            if (cookie is not null)
            {
                wire._socket.Options.SetRequestHeader("Cookie", "offgridflow=" + cookie);
            }

            await wire._socket.ConnectAsync(new Uri(wire._site.Replace("http://", "ws://", StringComparison.Ordinal) + "/_blazor"), TestContext.Current.CancellationToken);
            await wire._socket.SendAsync("{\"protocol\":\"blazorpack\",\"version\":1}\u001e"u8.ToArray(), WebSocketMessageType.Text, true, TestContext.Current.CancellationToken);
            return wire;
        }

        public Task StartAsync(string path, string components) => InvokeAsync("StartCircuit", _site + "/", _site + path, components, "");

        public Task AddAsync(string operations) => InvokeAsync("UpdateRootComponents", operations, "");

        /// <summary>All that the server says, as text, until it fits, it hangs up, or the time is over.</summary>
        public async Task<string> ListenAsync(Func<string, bool> until, TimeSpan longest)
        {
            using var time = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            time.CancelAfter(longest);
            var heard = new StringBuilder();
            var buffer = new byte[1 << 16];
            try
            {
                while (!until(heard.ToString()) && _socket.State == WebSocketState.Open)
                {
                    var part = await _socket.ReceiveAsync(buffer, time.Token);
                    heard.Append(Encoding.UTF8.GetString(buffer, 0, part.Count));
                }
            }
            catch (Exception exception) when (exception is OperationCanceledException or WebSocketException)
            {
                // Time is over, or the server hung up.
            }

            return heard.ToString();
        }

        public ValueTask DisposeAsync()
        {
            _socket.Dispose();
            return ValueTask.CompletedTask;
        }

        private async Task InvokeAsync(string target, params string[] arguments)
        {
            var message = new List<byte> { 0x96, 0x01, 0x80 };
            AddText(message, "1");
            AddText(message, target);
            message.Add((byte)(0x90 | arguments.Length));
            foreach (var argument in arguments)
            {
                AddText(message, argument);
            }

            message.Add(0x90);
            var framed = new List<byte>();
            for (var length = message.Count; ; length >>= 7)
            {
                framed.Add((byte)((length & 0x7f) | (length > 0x7f ? 0x80 : 0)));
                if (length <= 0x7f)
                {
                    break;
                }
            }

            framed.AddRange(message);
            if (_socket.State == WebSocketState.Open)
            {
                await _socket.SendAsync(framed.ToArray(), WebSocketMessageType.Binary, true, TestContext.Current.CancellationToken);
            }
        }

        private static void AddText(List<byte> message, string text)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            // str 32: any length in one form.
            message.AddRange([0xdb, (byte)(bytes.Length >> 24), (byte)(bytes.Length >> 16), (byte)(bytes.Length >> 8), (byte)bytes.Length]);
            message.AddRange(bytes);
        }
    }
}
