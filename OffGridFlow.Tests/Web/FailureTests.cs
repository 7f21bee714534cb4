using System.Diagnostics;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using OffGridFlow.Core.Identity;
using OffGridFlow.Web.Layout;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Tests.Web;

/// <summary>Whatever goes wrong, a person is told what, what was not changed, what to do, who can help, and by which reference the log has it.</summary>
public sealed class FailureTests : PageContext
{
    private readonly LogLines _log = new();

    public FailureTests() => Services.AddLogging(logging => logging.AddProvider(_log));

    [Fact]
    public void Reference_IsTheShortFormOfTheTrace_AndBothStandInTheLog()
    {
        var trace = ActivityTraceId.CreateFromString("4bf92f3577b34da6a3ce929d0e0e4736");

        var failure = Services.GetRequiredService<Failures>().Report(new InvalidOperationException("planted"), "Overview", trace);

        failure.Reference.ShouldMatch("^OGF-[2-9A-HJKMNP-TV-Z]{4}-[2-9A-HJKMNP-TV-Z]{4}$");
        failure.Reference.ShouldBe(Failures.ReferenceOf(trace));
        var line = _log.Lines.ShouldHaveSingleItem();
        line.ShouldContain(failure.Reference);
        line.ShouldContain("4bf92f3577b34da6a3ce929d0e0e4736");
    }

    [Fact]
    public void Reference_OfTwoFailuresInOneCircuit_Differs()
    {
        using var activity = new Activity("circuit").Start();
        var failures = Services.GetRequiredService<Failures>();

        failures.Report(new InvalidOperationException("a"), "a").Reference.ShouldNotBe(failures.Report(new InvalidOperationException("b"), "b").Reference);
    }

    [Fact]
    public void Kind_IsReadOffTheException()
    {
        var failures = Services.GetRequiredService<Failures>();

        failures.Report(new NotSignedInException(), "x").Kind.ShouldBe(FailureKind.SignedOut);
        failures.Report(new ForbiddenException(Permissions.TrailsRead, TenantRole.Viewer), "x").Kind.ShouldBe(FailureKind.Forbidden);
        failures.Report(new NpgsqlException("away", new TimeoutException()), "x").Kind.ShouldBe(FailureKind.Unavailable);
        failures.Report(new InvalidOperationException(), "x").Kind.ShouldBe(FailureKind.Unforeseen);
    }

    [Theory]
    [InlineData(FailureKind.Unforeseen, "nothing was changed", "Try again")]
    [InlineData(FailureKind.Unavailable, "nothing was changed", "Wait a moment")]
    [InlineData(FailureKind.SignedOut, "nothing was changed", "Sign in again")]
    [InlineData(FailureKind.Forbidden, "Nothing was changed", "Ask for a role")]
    [InlineData(FailureKind.NotFound, "Nothing was changed", "Check the address")]
    public void ErrorState_OfEachKind_SaysWhatWasNotChangedWhatToDoAndWhoCanHelp(FailureKind kind, string unchanged, string toDo)
    {
        var failure = new Failure("OGF-2345-6789", new DateTimeOffset(2026, 11, 20, 9, 43, 18, TimeSpan.Zero), "Imports", kind);

        var state = Render<ErrorState>(p => p.Add(s => s.Failure, failure));

        state.Markup.ShouldContain(unchanged);
        state.FindAll("dt").Select(t => t.TextContent).ShouldBe(["Reference", "When", "What was asked", "What to do", "Who can help"]);
        state.Find("dd code").TextContent.ShouldBe("OGF-2345-6789");
        state.Find("[data-copy]").GetAttribute("data-copy").ShouldBe("OGF-2345-6789");
        state.FindAll("dd")[1].TextContent.ShouldBe("Nov 20, 2026, 9:43:18\u00a0AM\u00a0UTC");
        state.FindAll("dd")[3].TextContent.ShouldContain(toDo);
        state.FindAll("dd")[4].TextContent.ShouldContain("dministrator");
    }

    [Fact]
    public void Boundary_TryAgain_RendersTheSamePageInTheSameCircuit()
    {
        var broken = true;
        var page = Render<PageErrorBoundary>(p => p.Add(b => b.ChildContent, builder =>
        {
            builder.OpenComponent<Sometimes>(0);
            builder.AddAttribute(1, nameof(Sometimes.Broken), broken);
            builder.CloseComponent();
        }));
        var shown = page.Find("code").TextContent;
        _log.Lines.ShouldContain(line => line.Contains(shown, StringComparison.Ordinal) && line.Contains("planted", StringComparison.Ordinal));
        broken = false;
        var before = Navigation.Uri;

        page.Find("button.is-primary").Click();

        page.Markup.ShouldContain("fine");
        Navigation.Uri.ShouldBe(before);
    }

    [Fact]
    public void NotFound_AndDenied_ShowAReferenceThatIsInTheLog()
    {
        Navigation.NavigateTo("/nothing/here?secret=1");

        var references = new[] { Render<NotFoundPage>().Find("code").TextContent, Render<DeniedContent>().Find("code").TextContent };

        foreach (var reference in references)
        {
            var line = _log.Lines.Single(text => text.Contains(reference, StringComparison.Ordinal));
            line.ShouldContain("/nothing/here");
            line.ShouldNotContain("secret");
        }
    }

    [Fact]
    public void Asked_WrittenByOthers_CannotBeginALineOfTheLogNorFillIt()
    {
        var failure = Services.GetRequiredService<Failures>().Note(FailureKind.NotFound, "/a\r\nError: forged " + new string('x', 10_000));

        _log.Lines.ShouldHaveSingleItem().ShouldNotContain('\n');
        failure.Asked.Length.ShouldBe(500);
    }

    [Fact]
    public void Note_OfAPartThatFailed_CarriesReferenceAndRetry()
    {
        var tried = 0;
        var note = Render<FailureNote>(p => p
            .Add(n => n.Failure, new Failure("OGF-2345-6789", default, "Trail", FailureKind.Unavailable)).Add(n => n.Title, "The trail could not be loaded.")
            .Add(n => n.OnRetry, () => tried++));

        note.Find("button").Click();

        tried.ShouldBe(1);
        note.Find("[role=alert]").TextContent.ShouldContain("Nothing was changed. The database did not answer");
        note.Find("code").TextContent.ShouldBe("OGF-2345-6789");
    }

    private sealed class Sometimes : ComponentBase
    {
        [Parameter] public bool Broken { get; set; }

        protected override void BuildRenderTree(Microsoft.AspNetCore.Components.Rendering.RenderTreeBuilder builder) =>
            builder.AddContent(0, Broken ? throw new InvalidOperationException("planted") : "fine");
    }
}
