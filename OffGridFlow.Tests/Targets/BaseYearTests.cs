using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Core.Targets;

namespace OffGridFlow.Tests.Targets;

/// <summary>The threshold, and what counts of an entity by days: docs/methods/base-year.md.</summary>
public sealed class BaseYearTests
{
    private static readonly Guid Parent = Guid.CreateVersion7(), Polish = Guid.CreateVersion7(), Bremen = Guid.CreateVersion7(), Gdansk = Guid.CreateVersion7();

    [Fact]
    public void Example_OfThePage_AddsUpUntilItIsSignificant()
    {
        var run = Change(BaseYearTrigger.Method, -30m);
        var invoice = Change(BaseYearTrigger.Error, 5m);
        var control = Change(BaseYearTrigger.Structural, 200m);

        Judge(run).ShouldBe((false, -0.03m));
        Judge(run, invoice).ShouldBe((false, -0.025m));
        Judge(run, invoice, control).ShouldBe((true, 0.175m));
    }

    [Fact]
    public void SingleChange_IsSignificant_ThoughAnotherOffsetsIt()
    {
        Judge(Change(BaseYearTrigger.Structural, 60m), Change(BaseYearTrigger.Structural, -60m)).ShouldBe((true, 0m));
        Judge(Change(BaseYearTrigger.Structural, 50m)).ShouldBe((true, 0.05m), "the threshold itself is reached");
        Judge(Change(BaseYearTrigger.Structural, 49.999999m)).Significant.ShouldBeFalse();
    }

    [Fact]
    public void Kind_ThatDoesNotCount_IsLeftOut_AndGroupsStandForThemselves()
    {
        var policy = Policy(SignificanceGrouping.EachScope, onMethod: false);
        var baseYear = new ScopeKilograms(100m, 100m, 0m, 10_000m);
        var method = new BaseYearChange(BaseYearTrigger.Method, "Run", null, new ScopeKilograms(90m, 0m, 0m, 0m));
        BaseYearSignificance.Of(policy, baseYear, [method]).IsSignificant.ShouldBeFalse();

        var sold = new BaseYearChange(BaseYearTrigger.Structural, "Sold", null, new ScopeKilograms(-6m, 0m, 0m, 0m));
        var judged = BaseYearSignificance.Of(policy, baseYear, [method, sold]);
        judged.Groups.Where(group => group.IsSignificant).Select(group => group.Name).ShouldBe(["Scope 1"]);
        judged.Cumulative.Scope1.ShouldBe(84m);

        var market = new BaseYearChange(BaseYearTrigger.Error, "Contract", null, new ScopeKilograms(0m, 0m, 1m, 0m));
        var against = BaseYearSignificance.Of(policy, baseYear, [market]).Groups.Single(group => group is { Name: "Scope 2", View: Scope2Method.Market });
        (against.IsSignificant, against.Share).ShouldBe((true, null), "against a base of zero anything is significant");
    }

    [Fact]
    public void Boundary_CountsByDays_AndOnADayOverTheWholeYear()
    {
        var structure = new GroupStructure(
            new Dictionary<Guid, string> { [Parent] = "Parent", [Polish] = "Polish" }, new Dictionary<Guid, Guid> { [Bremen] = Parent, [Gdansk] = Polish },
            [Holding(0.5m, control: false, null, new DateOnly(2026, 5, 15)), Holding(0.6m, control: true, new DateOnly(2026, 5, 16), null)],
            [Lease(Bremen, new DateOnly(2026, 6, 1), new DateOnly(2026, 6, 15))], [], new HashSet<Guid>());
        var control = new GroupBoundary(ConsolidationApproach.OperationalControl, structure);
        var equity = new GroupBoundary(ConsolidationApproach.EquityShare, structure);
        var place = new Place(Gdansk, "entry", "");

        Share(control, new DateOnly(2026, 4, 1)).ShouldBe(0m);
        Share(control, new DateOnly(2026, 5, 1)).ShouldBe(Core.Quantities.Exact.Ratio(16m, 1m, 31m));
        Share(control, new DateOnly(2026, 6, 1)).ShouldBe(1m);
        // 15 days of 0.5 and 16 of 0.6.
        Share(equity, new DateOnly(2026, 5, 1)).ShouldBe(Core.Quantities.Exact.Ratio(17.1m, 1m, 31m));
        Share(control.On(new DateOnly(2026, 11, 1)), new DateOnly(2024, 2, 1)).ShouldBe(1m);
        Share(control.On(new DateOnly(2026, 1, 1)), new DateOnly(2026, 6, 1)).ShouldBe(0m);

        // Rented for half of June outside the approach's boundary: half of its scope 1 is category 8, and of scope 3 nothing moves.
        Shares(Bremen, 1, 0, null).ShouldBe([(Parent, 1, 0, 0.5m), (Parent, 3, 8, 0.5m)]);
        Shares(Bremen, 3, 5, null).ShouldBe([(Parent, 3, 5, 1m)]);
        Shares(Bremen, 2, 0, Scope2Method.Market).ShouldBe([(Parent, 2, 0, 0.5m)]);
        // Nobody's account counts whole.
        control.Of(new Place(null, "aws", "1"), new DateOnly(2026, 6, 1), 3, 1, null).Select(part => (part.Entity, part.Scope, part.Share)).ShouldBe([(null, 3, 1m)]);

        decimal Share(GroupBoundary boundary, DateOnly month) => boundary.Of(place, month, 1, 0, Scope2Method.Market).Sum(part => part.Share);

        IEnumerable<(Guid?, int, int, decimal)> Shares(Guid site, int scope, int category, Scope2Method? method) =>
            control.Of(new Place(site, "entry", ""), new DateOnly(2026, 6, 1), scope, category, method).Select(part => (part.Entity, part.Scope, part.Category, part.Share));
    }

    [Fact]
    public void Boundary_WhereAShareChangesWithinAMonth_CountsTheDaysOfTheResult()
    {
        var structure = new GroupStructure(
            new Dictionary<Guid, string> { [Parent] = "Parent", [Polish] = "Polish" }, new Dictionary<Guid, Guid> { [Bremen] = Parent, [Gdansk] = Polish },
            [Holding(0.5m, control: false, null, new DateOnly(2026, 5, 15)), Holding(0.6m, control: true, new DateOnly(2026, 5, 16), null)], [], [], new HashSet<Guid>());
        var equity = new GroupBoundary(ConsolidationApproach.EquityShare, structure);
        var may = new DateOnly(2026, 5, 1);

        equity.Divided(new DateOnly(2026, 1, 10), new DateOnly(2026, 12, 31)).ShouldBe([(Gdansk, may)]);
        equity.On(may).Divided(may, may).ShouldBeEmpty();
        // Of 100 kg from 11 to 20 May five days count half, five by 0.6; from the 16th on all of it by 0.6; the whole month, evenly, 15 days and 16.
        Of(new MonthDays(new DateOnly(2026, 5, 11), new DateOnly(2026, 5, 20))).ShouldBe(25m + 30m);
        Of(new MonthDays(new DateOnly(2026, 5, 16), new DateOnly(2026, 5, 31))).ShouldBe(60m);
        // 100 × 15 ÷ 31 = 48.387096774194, the rest 51.612903225806.
        Of(null).ShouldBe(24.193548387097m + 30.967741935484m);

        decimal Of(MonthDays? days) => equity.Of(new Place(Gdansk, "entry", ""), may, 1, 0, null, days).Single().Of(100m);
    }

    private static (bool Significant, decimal? Share) Judge(params BaseYearChange[] changes)
    {
        var judged = BaseYearSignificance.Of(Policy(SignificanceGrouping.Total), new ScopeKilograms(1000m, 0m, 0m, 0m), changes);
        return (judged.IsSignificant, judged.Groups[0].Share);
    }

    private static BaseYearChange Change(BaseYearTrigger kind, decimal kg) => new(kind, "Change", null, new ScopeKilograms(kg, 0m, 0m, 0m));

    private static BaseYearPolicy Policy(SignificanceGrouping grouping, bool onMethod = true) => new()
    {
        TenantId = Guid.Empty, Version = 1, PeriodId = Guid.Empty, Approach = ConsolidationApproach.OperationalControl, Threshold = BaseYearPolicy.DefaultThreshold, Grouping = grouping,
        OnStructural = true, OnMethod = onMethod, OnError = true, AuthorId = null, Author = "Ada", At = default,
    };

    private static Ownership Holding(decimal share, bool control, DateOnly? from, DateOnly? to) => new()
    {
        Id = Guid.CreateVersion7(), TenantId = Guid.Empty, ParentId = Parent, ChildId = Polish, Share = share, FinancialControl = control, OperationalControl = control, ValidFrom = from, ValidTo = to,
    };

    private static Lease Lease(Guid site, DateOnly from, DateOnly to) => new()
    {
        Id = Guid.CreateVersion7(), TenantId = Guid.Empty, OrganizationId = Parent, SiteId = site, Asset = "Hall", Kind = LeaseKind.Operating, Role = LeaseRole.Lessee,
        EquityShare = LeaseScope.Scope3, FinancialControl = LeaseScope.Scope3, OperationalControl = LeaseScope.Scope3, ValidFrom = from, ValidTo = to,
    };
}
