using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Xml.Linq;
using Microsoft.Extensions.DependencyInjection;
using OffGridFlow.Infrastructure.Identity;
using OffGridFlow.Tests.Persistence;

namespace OffGridFlow.Tests.Identity;

/// <summary>The master key outside the database and the ring inside it.</summary>
public sealed class KeyRingTests(PostgresFixture postgres) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("offgridflow-keys-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public void MasterKey_Absent_IsMadeForItsOwnerOnly()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("File modes are Unix’s.");
            return;
        }

        var path = Path.Combine(_folder, "below", "master.key");

        MasterKey.LoadOrCreate(path);

        File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Directory.GetFiles(Path.GetDirectoryName(path)!).ShouldBe([path]);
    }

    [Fact]
    public async Task MasterKey_MadeByManyAtOnce_IsOneForAll()
    {
        for (var round = 0; round < 100; round++)
        {
            var path = Path.Combine(_folder, round.ToString(CultureInfo.InvariantCulture), "master.key");
            using var start = new Barrier(8);

            var keys = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait(Ending);
                    return MasterKey.LoadOrCreate(path);
                },
                Ending, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

            var sealedBytes = keys[0].Encrypt([1, 2, 3]);
            keys.ShouldAllBe(key => key.Decrypt(sealedBytes).SequenceEqual(new byte[] { 1, 2, 3 }));
            Directory.GetFiles(Path.GetDirectoryName(path)!).ShouldBe([path]);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("not base64 at all")]
    [InlineData("c2hvcnQ=")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==")]
    public void MasterKey_Damaged_IsNamedWithWhatToDo(string content)
    {
        var path = Path.Combine(_folder, "master.key");
        File.WriteAllText(path, content);

        var failure = Should.Throw<InvalidOperationException>(() => MasterKey.LoadOrCreate(path));

        failure.Message.ShouldContain(path);
        failure.Message.ShouldContain("Restore it from your backup");
        File.ReadAllText(path).ShouldBe(content);
    }

    [Fact]
    public void MasterKey_OfAnother_OpensNothing()
    {
        var sealedBytes = MasterKey.LoadOrCreate(Path.Combine(_folder, "one")).Encrypt([1, 2, 3]);

        Should.Throw<CryptographicException>(() => MasterKey.LoadOrCreate(Path.Combine(_folder, "two")).Decrypt(sealedBytes));
    }

    [Fact]
    public async Task Ring_InTheDatabase_HoldsNoPlainSecret()
    {
        await using var app = await TestApp.StartAsync(postgres);
        using var browser = await Browser.SignedInAsync(app);

        var xml = XElement.Parse((await app.OwnerAsync<string>("select xml from data_protection_keys")).ShouldNotBeNull());

        var sealedKey = xml.Descendants().Single(element => element.Name.LocalName == "encryptedSecret").Element("masterKey").ShouldNotBeNull();
        var plain = XElement.Parse(System.Text.Encoding.UTF8.GetString(
            app.App.Services.GetRequiredService<MasterKey>().Decrypt(Convert.FromBase64String(sealedKey.Value))));
        var secret = plain.DescendantsAndSelf("value").ShouldHaveSingleItem().Value;
        secret.Length.ShouldBeGreaterThan(40);
        xml.ToString().ShouldNotContain(secret);
        xml.Descendants("value").ShouldBeEmpty();
    }

    [Fact]
    public async Task SecondInstance_WithDatabaseAndKeyOfTheFirst_AcceptsItsCookie()
    {
        await using var first = await TestApp.StartAsync(postgres);
        using var browser = await Browser.SignedInAsync(first);

        await using var second = await TestApp.StartAsync(
            postgres, $"--ConnectionStrings:OffGridFlow={first.ConnectionString}", $"--OFFGRIDFLOW_DATA_DIR={first.DataDirectory}");

        using var other = new Browser(second);
        other.UseSessionCookie(browser.SessionCookie!);
        (await other.GetAsync("/")).StatusCode.ShouldBe(HttpStatusCode.OK);
        second.App.Services.GetRequiredService<KeyRingCheck>().CanOpenAll().ShouldBeTrue();
    }

    [Fact]
    public async Task SecondInstance_WithAnotherKey_KnowsIt_TakesNoCookieOfTheFirst_AndStillSignsIn()
    {
        await using var first = await TestApp.StartAsync(postgres);
        using var browser = await Browser.SignedInAsync(first);

        await using var second = await TestApp.StartAsync(postgres, $"--ConnectionStrings:OffGridFlow={first.ConnectionString}");

        second.App.Services.GetRequiredService<KeyRingCheck>().CanOpenAll().ShouldBeFalse();
        using var other = new Browser(second);
        other.UseSessionCookie(browser.SessionCookie!);
        (await other.GetAsync("/")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        using var anew = await Browser.SignedInAsync(second);
        (await anew.GetAsync("/")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }
}
