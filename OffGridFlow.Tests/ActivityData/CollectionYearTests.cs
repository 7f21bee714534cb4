using System.Globalization;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Infrastructure.ActivityData;
using OffGridFlow.Infrastructure.Organizations;
using OffGridFlow.Tests.Identity;
using OffGridFlow.Tests.Web;
using OffGridFlow.Web.Features.ActivityData;

namespace OffGridFlow.Tests.ActivityData;

/// <summary>The year on which the data collection opens.</summary>
public sealed class CollectionYearTests(SharedApp shared) : PageContext, IClassFixture<SharedApp>
{
    [Theory]
    [InlineData("", 2026)]
    [InlineData("2025-01-01..2025-12-31", 2025)]
    [InlineData("2026-01-01..2026-12-31, 2025-01-01..2025-12-31", 2026)]
    // One that is prepared ahead is not asked for yet, unless there is no other.
    [InlineData("2027-01-01..2027-12-31, 2025-01-01..2025-12-31", 2025)]
    [InlineData("2028-01-01..2028-12-31, 2027-01-01..2027-12-31", 2028)]
    // Across two calendar years.
    [InlineData("2024-04-01..2025-03-31", 2024)]
    [InlineData("2024-10-01..2025-09-30", 2025)]
    public void Year_IsOfTheLatestPeriodThatHasBegun_ElseOfTheNewest_ElseThis(string periods, int year) =>
        CollectionPage.UsualYear([.. periods.Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(Period)], new DateOnly(2026, 11, 22)).ShouldBe(year);

    [Fact]
    public async Task Page_WithOnePeriodOfAnotherYear_OpensOnIt()
    {
        var company = await Company.NewAsync(shared.App);
        await shared.App.OwnerAsync<int>(
            """
            with made as (insert into reporting_periods (id, tenant_id, name, first_day, last_day, state, version) values (new_id(), $1, 'FY2017', '2017-01-01', '2017-12-31', 'Open', 1) returning 1)
            select count(*)::int from made
            """,
            company.Tenant);
        await using var scope = shared.App.App.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentUser>().Become(new Actor(company.Tenant, Guid.CreateVersion7(), "Tester", TenantRole.Admin));
        Services.AddSingleton(scope.ServiceProvider.GetRequiredService<CollectionPlan>());
        Services.AddSingleton(scope.ServiceProvider.GetRequiredService<CompletenessService>());
        Services.AddSingleton(scope.ServiceProvider.GetRequiredService<IActivityEntries>());
        Services.AddSingleton(scope.ServiceProvider.GetRequiredService<IActivityEntryQueries>());
        Services.AddSingleton(scope.ServiceProvider.GetRequiredService<PeriodService>());

        var page = Render<CollectionPage>();

        await page.WaitForAssertionAsync(() => page.Markup.ShouldContain("Data collection, 2017"), TimeSpan.FromSeconds(30));
        page.Find("option[selected]").TextContent.ShouldBe("2017");
    }

    private static ReportingPeriod Period(string days)
    {
        var (first, last) = (DateOnly.ParseExact(days[..10], "yyyy-MM-dd", CultureInfo.InvariantCulture), DateOnly.ParseExact(days[12..], "yyyy-MM-dd", CultureInfo.InvariantCulture));
        return new ReportingPeriod { Id = Guid.CreateVersion7(), TenantId = Guid.Empty, Name = days, FirstDay = first, LastDay = last };
    }
}
