using System.Buffers.Text;
using System.IO.Compression;
using System.Text;
using OffGridFlow.Benchmarks.Walls;

namespace OffGridFlow.Tests.Tenancy;

/// <summary>The campaign's eyes: what is planted has to be seen.</summary>
public sealed class CanariesTests
{
    private static readonly Guid Mine = Guid.CreateVersion7();
    private static readonly Guid Theirs = Guid.CreateVersion7();

    private readonly Canaries _canaries = new(new Dictionary<Guid, IReadOnlyCollection<string>>
    {
        [Mine] = ["mine-1", "shared"],
        [Theirs] = ["theirs-1", "theirs-2", "shared"],
    });

    [Theory]
    [InlineData("nothing here", "", null)]
    [InlineData("mine-1 and shared", "", null)]
    [InlineData("{\"name\":\"THEIRS-2.csv\"}", "", "theirs-2")]
    [InlineData("no emission of theirs-1", "GET /emissions?account=theirs-1", null)]
    [InlineData("theirs-1 theirs-1 theirs-2", "GET /emissions?account=theirs-1", "theirs-2")]
    public void Find_OfAnothersText_UnlessTheAskerWroteIt(string answer, string asked, string? leak) => _canaries.Find(Mine, answer, asked).ShouldBe(leak);

    [Fact]
    public void Find_ForTheOwner_IsNothing() => _canaries.Find(Theirs, "theirs-1 theirs-2", "").ShouldBeNull();

    [Fact]
    public void TextOf_ReadsWorkbooksAndCursors()
    {
        using var file = new MemoryStream();
        using (var archive = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        using (var sheet = new StreamWriter(archive.CreateEntry("xl/sharedStrings.xml").Open()))
        {
            sheet.Write("<t>theirs-1</t>");
        }

        var cursor = Base64Url.EncodeToString(Encoding.UTF8.GetBytes("2024\u001ftheirs-2"));

        _canaries.Find(Mine, Canaries.TextOf(file.ToArray()), "").ShouldBe("theirs-1");
        _canaries.Find(Mine, Canaries.TextOf(Encoding.UTF8.GetBytes($"{{\"nextCursor\":\"{cursor}\"}}")), "").ShouldBe("theirs-2");
    }
}
