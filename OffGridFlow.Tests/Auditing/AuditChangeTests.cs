using OffGridFlow.Web.Features.Auditing;

namespace OffGridFlow.Tests.Auditing;

public sealed class AuditChangeTests
{
    [Fact]
    public void Of_ChangeOfARole_ShowsWhatChangedAndWhatStandsBeside()
    {
        var changes = AuditChange.Of("""{"name":"Ada Byron"}""", """{"role":"Analyst","expiresAt":null}""", """{"role":"Viewer","expiresAt":null}""");

        changes.ShouldBe([new AuditChange("Role", "Analyst", "Viewer", Changed: true), new AuditChange("Name", null, "Ada Byron", Changed: false)]);
    }

    [Fact]
    public void Of_SomethingMadeOrGone_HasNothingOnTheOtherSide()
    {
        AuditChange.Of("{}", null, """{"scopes":["a","b"]}""").ShouldBe([new AuditChange("Scopes", null, "a, b", Changed: true)]);
        AuditChange.Of("{}", """{"scopes":["a","b"]}""", null).ShouldBe([new AuditChange("Scopes", "a, b", null, Changed: true)]);
    }

    [Fact]
    public void Of_NestedFactsAndCodes_NamesEachInWords() => AuditChange
        .Of("""{"rowsRead":13380,"cost":{"USD":143227.76},"sha256":"ab","paused":true,"taken":[{"month":"2023-11"}],"none":[]}""", null, null)
        .ShouldBe(
        [
            new AuditChange("Rows read", null, "13,380", Changed: false), new AuditChange("Cost, USD", null, "143,227.76", Changed: false),
            new AuditChange("SHA-256", null, "ab", Changed: false), new AuditChange("Paused", null, "yes", Changed: false),
            new AuditChange("Taken, 1, month", null, "2023-11", Changed: false), new AuditChange("None", null, "none", Changed: false),
        ]);

    [Theory]
    [InlineData("membership.role-changed", "Membership role changed")]
    [InlineData("api-key.created", "API key created")]
    [InlineData("sign-in.refused", "Sign-in refused")]
    [InlineData("import.published", "Import published")]
    public void Action_InWords(string action, string words) => AuditWords.Action(action).ShouldBe(words);

    [Fact]
    public void Summary_PrefersChanges_AndLeavesHashesToTheDetails()
    {
        AuditWords.Summary(AuditChange.Of("""{"name":"Ada"}""", """{"role":"Analyst"}""", """{"role":"Viewer"}""")).ShouldBe("Role: Analyst → Viewer");
        var queued = AuditChange.Of("""{"sha256":"ab","length":5,"mode":"Replace","fileName":"bill.csv"}""", null, null);
        AuditWords.Summary(queued).ShouldBe("Mode: Replace");
        AuditChange.NameIn(queued).ShouldBe("bill.csv");
        // A long list of batches is no line among others.
        AuditWords.Summary(AuditChange.Of("""{"loaded":1000}""", """{"counting":[]}""", $$"""{"counting":[{{string.Join(',', Enumerable.Range(1, 40))}}]}""")).ShouldBe("Loaded: 1,000");
    }

    [Fact]
    public void Address_ThereAndBack_IsTheSame()
    {
        var address = new AuditAddress(new DateOnly(2026, 1, 2), null, "import.", Guid.CreateVersion7(), "import/x", "50 % & more", null);
        var query = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(address.ToUrl().Split('?')[1]);

        AuditAddress.Of(Part("from"), Part("to"), Part("action"), Part("actor"), Part("subject"), Part("q"), Part("entry")).ShouldBe(address);

        string? Part(string name) => query.TryGetValue(name, out var value) ? value.ToString() : null;
        address.ToFilter().From.ShouldBe(new DateTimeOffset(2026, 1, 2, 0, 0, 0, TimeSpan.Zero));
    }

    /// <summary>The last day belongs to what is shown, whole.</summary>
    [Fact]
    public void Address_LastDay_IsIncluded() =>
        AuditAddress.Of(null, "2026-01-02", null, null, null, null, null).ToFilter().To.ShouldBe(new DateTimeOffset(2026, 1, 2, 23, 59, 59, 999, 999, TimeSpan.Zero));
}
