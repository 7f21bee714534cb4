using Microsoft.EntityFrameworkCore;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Core.Jobs;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Tests.Persistence;

/// <summary>The first wall: the context of one tenant neither shows nor saves rows of another.</summary>
public sealed class TenantWriteTests(TenantWorld world) : IClassFixture<TenantWorld>
{
    [Theory]
    [InlineData(EntityState.Added)]
    [InlineData(EntityState.Modified)]
    [InlineData(EntityState.Deleted)]
    public async Task Save_OfAnotherTenantsRow_IsRefused(EntityState state)
    {
        await using var unit = await OpenAsync(world.First);
        unit.Context.Entry(JobOf(world.Second)).State = state;

        await Should.ThrowAsync<ForeignTenantException>(() => unit.CommitAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Save_WithoutAsync_IsRefusedToo()
    {
        using var context = new OffGridFlowDbContext(Options(), world.First);
        context.Add(JobOf(world.Second));

        Should.Throw<ForeignTenantException>(() => context.SaveChanges());
    }

    [Fact]
    public async Task Save_InAContextWithoutTenant_IsRefused()
    {
        await using var context = new OffGridFlowDbContext(Options());
        context.Add(JobOf(world.First));

        await Should.ThrowAsync<ForeignTenantException>(() => context.SaveChangesAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Save_OfOnesOwnRow_IsKept()
    {
        var job = JobOf(world.First);
        await using (var unit = await OpenAsync(world.First))
        {
            unit.Context.Add(job);
            await unit.CommitAsync(TestContext.Current.CancellationToken);
        }

        await using var own = await OpenAsync(world.First);
        (await own.Context.JobRuns.CountAsync(run => run.Id == job.Id, TestContext.Current.CancellationToken)).ShouldBe(1);
        await using var other = await OpenAsync(world.Second);
        (await other.Context.JobRuns.CountAsync(run => run.Id == job.Id, TestContext.Current.CancellationToken)).ShouldBe(0);
    }

    [Fact]
    public async Task Query_OutsideATransaction_ShowsNothing()
    {
        await using var context = new OffGridFlowDbContext(Options(), world.First);

        (await context.JobRuns.CountAsync(TestContext.Current.CancellationToken)).ShouldBe(0);
    }

    [Fact]
    public async Task Open_WithoutAUser_IsRefused() =>
        await Should.ThrowAsync<NotSignedInException>(() => new TenantDatabase(Options(), new CurrentUser(), TimeProvider.System).OpenAsync(TestContext.Current.CancellationToken));

    [Theory]
    [InlineData("9999999999999999.999999999999")]
    [InlineData("-9999999999999999.999999999999")]
    [InlineData("0.000000000001")]
    [InlineData("-0.000000000001")]
    [InlineData("0")]
    [InlineData("1234567.89")]
    public async Task Decimal_WrittenAndRead_KeepsAllItsDigits(string digits)
    {
        var value = decimal.Parse(digits, System.Globalization.CultureInfo.InvariantCulture);
        await using var unit = await OpenAsync(world.First);
        var total = TotalOf(value);
        unit.Context.Add(total);
        await unit.Context.SaveChangesAsync(TestContext.Current.CancellationToken);

        (await unit.Context.MonthlyTotals.SingleAsync(row => row.Service == total.Service, TestContext.Current.CancellationToken)).KilowattHours.ShouldBe(value);
        (await unit.Connection.ScalarAsync<decimal>("select kilowatt_hours from monthly_totals where service = $1", TestContext.Current.CancellationToken, total.Service))
            .ShouldBe(value);
    }

    [Fact]
    public async Task Decimal_TooLarge_IsRefusedAndNotCut()
    {
        await using var unit = await OpenAsync(world.First);
        unit.Context.Add(TotalOf(10_000_000_000_000_000m));

        var failure = await Should.ThrowAsync<DbUpdateException>(() => unit.CommitAsync(TestContext.Current.CancellationToken));

        failure.InnerException.ShouldBeOfType<Npgsql.PostgresException>().SqlState.ShouldBe(Npgsql.PostgresErrorCodes.NumericValueOutOfRange);
    }

    private static JobRun JobOf(Guid tenant) => new()
    {
        Id = Guid.CreateVersion7(), TenantId = tenant, Kind = "none", SubjectId = Guid.CreateVersion7(), State = JobState.Succeeded,
        QueuedAt = DateTimeOffset.UnixEpoch,
    };

    private MonthlyTotal TotalOf(decimal value) => new()
    {
        TenantId = world.First, Month = TenantWorld.Month, Scope = 3, Category = 1, Provider = "aws", Account = "1", Service = Guid.NewGuid().ToString(),
        Region = "x", UsageClass = default, Method = "ccf", ComparisonOnly = true, Currency = "USD", Activities = 1, ActivitiesWithoutResult = 0,
        Scope2Method = "", KilowattHours = value, OperationalKgCo2e = 0, EmbodiedKgCo2e = 0, KgCo2e = 0, MeasuredKgCo2e = 0, DefaultedKgCo2e = 0, BiogenicKgCo2 = 0,
        SubmittedKgCo2e = 0, Cost = 0, UnmappedCost = 0,
    };

    private Task<TenantUnit> OpenAsync(Guid tenant)
    {
        var user = new CurrentUser();
        user.Become(new Actor(tenant, null, "A test", TenantRole.Admin));
        return new TenantDatabase(Options(), user, TimeProvider.System).OpenAsync(TestContext.Current.CancellationToken);
    }

    private DbContextOptions<OffGridFlowDbContext> Options() => new DbContextOptionsBuilder<OffGridFlowDbContext>()
        .UseNpgsql(world.Database.App).UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking)
        .AddInterceptors(new TenantWriteInterceptor(), new TenantTransactionInterceptor()).Options;
}
