using OffGridFlow.Core.Organizations;

namespace OffGridFlow.Tests.Organizations;

/// <summary>Worked by hand unless it says otherwise.</summary>
public sealed class OwnershipShareTests
{
    private static readonly DateOnly Day = new(2025, 6, 30);
    private static readonly Guid Group = Guid.CreateVersion7(), Holding = Guid.CreateVersion7(), Works = Guid.CreateVersion7(), Venture = Guid.CreateVersion7();

    [Fact]
    public void On_HeadOfTheGroup_CountsWholeUnderEachApproach()
    {
        var standing = OwnershipShare.On(Day, [Group], [])[Group];

        standing.ShouldBe(new Standing(1m, true, true));
        Enum.GetValues<ConsolidationApproach>().Select(standing.ShareUnder).ShouldBe([1m, 1m, 1m]);
    }

    /// <summary>80 % of 60 % are 48 %; the group decides in the holding and the holding in the works.</summary>
    [Fact]
    public void On_ChainOfTwo_MultipliesSharesAndHandsControlDown()
    {
        var shares = OwnershipShare.On(Day, [Group, Holding, Works], [Held(Group, Holding, 0.8m, true, true), Held(Holding, Works, 0.6m, true, true)]);

        shares[Works].ShouldBe(new Standing(0.48m, true, true));
        shares[Works].ShareUnder(ConsolidationApproach.EquityShare).ShouldBe(0.48m);
        shares[Works].ShareUnder(ConsolidationApproach.FinancialControl).ShouldBe(1m);
    }

    /// <summary>Whoever does not control the holding does not control what it controls.</summary>
    [Fact]
    public void On_ChainBrokenInTheMiddle_HasNoControlBelow()
    {
        var shares = OwnershipShare.On(Day, [Group, Holding, Works], [Held(Group, Holding, 0.4m, false, true), Held(Holding, Works, 1m, true, true)]);

        shares[Works].ShouldBe(new Standing(0.4m, false, true));
        shares[Works].ShareUnder(ConsolidationApproach.FinancialControl).ShouldBe(0m);
        shares[Works].ShareUnder(ConsolidationApproach.OperationalControl).ShouldBe(1m);
    }

    /// <summary>30 % directly and 80 % of 50 % through the holding: 0.3 + 0.4.</summary>
    [Fact]
    public void On_TwoWays_AddsThem()
    {
        var shares = OwnershipShare.On(
            Day, [Group, Holding, Venture],
            [Held(Group, Holding, 0.8m, true, true), Held(Group, Venture, 0.3m, false, false), Held(Holding, Venture, 0.5m, true, false)]);

        shares[Venture].ShouldBe(new Standing(0.7m, true, false));
    }

    /// <summary>One third, three times over: 1/27 to twelve decimals.</summary>
    [Fact]
    public void On_ThirdOfAThirdOfAThird_IsRoundedOnceAtTheEnd()
    {
        const decimal third = 0.333333333333m;
        var shares = OwnershipShare.On(Day, [Group, Holding, Works, Venture], [Held(Group, Holding, third), Held(Holding, Works, third), Held(Works, Venture, third)]);

        shares[Venture].Equity.ShouldBe(0.037037037037m);
    }

    /// <summary>The first and the last day count; on others an entity that was sold is not the group's, and does not become a head of it either.</summary>
    [Theory]
    [InlineData("2024-12-31", 0)]
    [InlineData("2025-01-01", 1)]
    [InlineData("2025-12-31", 1)]
    [InlineData("2026-01-01", 0)]
    public void On_DayAroundTheHolding_CountsBetweenItsEnds(string day, int share)
    {
        var holding = Held(Group, Works, 1m, true, true, new DateOnly(2025, 1, 1), new DateOnly(2025, 12, 31));

        var standing = OwnershipShare.On(DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture), [Group, Works], [holding])[Works];

        Enum.GetValues<ConsolidationApproach>().Select(standing.ShareUnder).ShouldAllBe(counted => counted == share);
    }

    [Fact]
    public void On_Circle_IsRefused() => Should.Throw<InvalidOperationException>(
        () => OwnershipShare.On(Day, [Group, Holding], [Held(Group, Holding, 0.5m), Held(Holding, Group, 0.5m)]));

    /// <summary>Groups made at random, each holding let in by the rules: no entity counts more than whole, and the order of the holdings changes nothing.</summary>
    [Fact]
    public void On_RandomGroups_StaysBetweenZeroAndOne_InAnyOrder()
    {
        var random = new Random(5);
        for (var round = 0; round < 200; round++)
        {
            var (entities, holdings) = Make(random);
            var day = new DateOnly(2025, 1, 1).AddDays(random.Next(365));

            var shares = OwnershipShare.On(day, entities, holdings);

            shares.Values.ShouldAllBe(standing => standing.Equity >= 0 && standing.Equity <= 1);
            foreach (var entity in entities)
            {
                var held = holdings.Where(holding => holding.ChildId == entity && new DayRange(holding.ValidFrom, holding.ValidTo).Contains(day)).ToList();
                // Nobody has more of an entity than all its holders have together, and control comes from a holder that is controlled.
                shares[entity].Equity.ShouldBeLessThanOrEqualTo(holdings.Any(holding => holding.ChildId == entity) ? held.Sum(holding => holding.Share) : 1m);
                shares[entity].FinancialControl.ShouldBe(
                    holdings.All(holding => holding.ChildId != entity) || held.Any(holding => holding.FinancialControl && shares[holding.ParentId].FinancialControl));
            }

            var turned = OwnershipShare.On(day, [.. entities.Reverse()], [.. holdings.OrderBy(_ => random.Next())]);
            entities.ShouldAllBe(entity => turned[entity] == shares[entity]);
        }
    }

    [Fact]
    public void FaultOf_EachRule_IsFound()
    {
        var whole = Held(Group, Holding, 0.6m, true, true, new DateOnly(2025, 1, 1));

        OwnershipRules.FaultOf(Held(Group, Group, 1m), []).ShouldBeOfType<OwnershipFault.OfItself>();
        OwnershipRules.FaultOf(Held(Group, Holding, 1.01m), []).ShouldBeOfType<OwnershipFault.NoShare>();
        OwnershipRules.FaultOf(Held(Group, Holding, -0.01m), []).ShouldBeOfType<OwnershipFault.NoShare>();
        OwnershipRules.FaultOf(Held(Group, Holding, 1m, from: Day, to: Day.AddDays(-1)), []).ShouldBeOfType<OwnershipFault.Reversed>();
        OwnershipRules.FaultOf(Held(Group, Holding, 0.1m, from: Day), [whole]).ShouldBe(new OwnershipFault.Overlap(whole));
        OwnershipRules.FaultOf(Held(Group, Holding, 0.1m, to: new DateOnly(2024, 12, 31)), [whole]).ShouldBeNull();
        OwnershipRules.FaultOf(Held(Works, Holding, 0.5m), [whole]).ShouldBe(new OwnershipFault.MoreThanTheWhole(new DateOnly(2025, 1, 1), 0.6m));
        OwnershipRules.FaultOf(Held(Works, Holding, 0.4m), [whole]).ShouldBeNull();
        OwnershipRules.FaultOf(Held(Works, Holding, 0.4m, financial: true), [whole]).ShouldBe(new OwnershipFault.OtherController(new DateOnly(2025, 1, 1), whole, Financial: true));
        OwnershipRules.FaultOf(Held(Works, Holding, 0.4m, operational: true), [whole]).ShouldBe(new OwnershipFault.OtherController(new DateOnly(2025, 1, 1), whole, Financial: false));
        OwnershipRules.FaultOf(Held(Holding, Group, 0.1m, to: new DateOnly(2024, 12, 31)), [whole]).ShouldBeNull();
        OwnershipRules.FaultOf(Held(Works, Group, 0.1m), [whole, Held(Holding, Works, 0.5m)]).ShouldBe(new OwnershipFault.Circle(new DateOnly(2025, 1, 1)));
    }

    private static (Guid[] Entities, List<Ownership> Holdings) Make(Random random)
    {
        var entities = Enumerable.Range(0, 8).Select(_ => Guid.CreateVersion7()).ToArray();
        var holdings = new List<Ownership>();
        for (var i = 0; i < 40; i++)
        {
            var from = random.Next(3) == 0 ? (DateOnly?)null : new DateOnly(2025, 1, 1).AddDays(random.Next(-50, 365));
            var to = random.Next(3) == 0 ? (DateOnly?)null : new DateOnly(2025, 1, 1).AddDays(random.Next(0, 400));
            var candidate = Held(
                entities[random.Next(8)], entities[random.Next(8)], random.Next(101) / 100m, random.Next(2) == 0, random.Next(2) == 0, from, to);
            if (OwnershipRules.FaultOf(candidate, holdings) is null)
            {
                holdings.Add(candidate);
            }
        }

        return (entities, holdings);
    }

    private static Ownership Held(
        Guid parent, Guid child, decimal share, bool financial = false, bool operational = false, DateOnly? from = null, DateOnly? to = null) => new()
    {
        Id = Guid.CreateVersion7(), TenantId = Guid.Empty, ParentId = parent, ChildId = child, Share = share, FinancialControl = financial, OperationalControl = operational,
        ValidFrom = from, ValidTo = to,
    };
}

/// <summary>GHG Protocol, Categorizing GHG Emissions Associated with Leased Assets, tables 1 (lessee) and 2 (lessor).</summary>
public sealed class LeaseTests
{
    [Theory]
    [InlineData(LeaseRole.Lessee, LeaseKind.Finance, LeaseScope.Scope1And2, LeaseScope.Scope1And2)]
    [InlineData(LeaseRole.Lessee, LeaseKind.Operating, LeaseScope.Scope3, LeaseScope.Scope1And2)]
    [InlineData(LeaseRole.Lessor, LeaseKind.Finance, LeaseScope.Scope3, LeaseScope.Scope3)]
    [InlineData(LeaseRole.Lessor, LeaseKind.Operating, LeaseScope.Scope1And2, LeaseScope.Scope3)]
    public void DefaultScope_IsThatOfTheStandard(LeaseRole role, LeaseKind kind, LeaseScope equityOrFinancial, LeaseScope operational)
    {
        Lease.DefaultScope(kind, role, ConsolidationApproach.EquityShare).ShouldBe(equityOrFinancial);
        Lease.DefaultScope(kind, role, ConsolidationApproach.FinancialControl).ShouldBe(equityOrFinancial);
        Lease.DefaultScope(kind, role, ConsolidationApproach.OperationalControl).ShouldBe(operational);
    }
}
