using OffGridFlow.Core.ActivityData;
using OffGridFlow.Infrastructure.ActivityData;
using OffGridFlow.Infrastructure.Organizations;

namespace OffGridFlow.Infrastructure.Imports.Samples.Year;

/// <summary>What is expected, what stands in for a reading that is missing, and the approval by a second person.</summary>
internal sealed class SampleYearReview(CollectionPlan plan, CompletenessService completeness, SiteService sites, IActivityEntries entries, IActivityEntryQueries queries)
{
    private const int PageRows = 200;

    /// <summary>The day on which the invented data end: nobody is asked for months that the sample does not have.</summary>
    private static readonly DateOnly LastDay = new(SampleYear.Second, 12, 31);

    /// <summary>Read every month, and approved as soon as it is there.</summary>
    private static readonly string[] Metered = ["electricity", "natural-gas", "diesel"];

    /// <summary>Plans what was entered, with whom to ask, until the last day of the sample.</summary>
    public async Task PlanAsync(CancellationToken cancellationToken)
    {
        await plan.PlanWhatIsEnteredAsync(cancellationToken);
        var names = (await sites.ListAsync(cancellationToken)).ToDictionary(site => site.Id, site => site.Name);
        foreach (var source in (await plan.ListAsync(cancellationToken)).Where(source => source.LastDay is null))
        {
            var input = PlannedSourceInput.Of(source);
            input.LastDay = LastDay;
            input.FirstDay = names[source.SiteId] == SampleYear.Lyon ? SampleYear.Acquisition : source.FirstDay;
            input.Owner = OwnerOf(source.ActivityType);
            SampleYear.Done(await plan.ChangeAsync(source.Id, source.Version, input, cancellationToken), $"The plan of {names[source.SiteId]}");
        }
    }

    /// <summary>The electricity bill of Coventry for one month never came: the same days of the year before stand in until it does.</summary>
    public async Task FillGapAsync(CancellationToken cancellationToken)
    {
        var coventry = (await sites.ListAsync(cancellationToken)).First(site => site.Name == SampleYear.Coventry).Id;
        var gap = new Gap(new DateOnly(SampleYear.Second, 8, 1), new DateOnly(SampleYear.Second, 8, 31));
        var there = await queries.CountAsync(new EntryFilter(SiteId: coventry, ActivityType: "electricity", From: gap.From, To: gap.To), cancellationToken);
        if (there.All == 0)
        {
            var source = (await plan.ListAsync(cancellationToken)).First(row => row.SiteId == coventry && row.ActivityType == "electricity");
            SampleYear.Of<GapFilled.Done>(await completeness.FillAsync(source.Id, gap, GapMethod.SameDaysLastYear, cancellationToken), "The missing month of Coventry was not filled");
        }
    }

    /// <summary>Approves what the other person has submitted; of the last quarter travel, what Lyon has bought and the accruals are left for whoever looks at the sample.</summary>
    /// <param name="authorId">Who has submitted it.</param>
    public async Task ApproveAsync(Guid authorId, CancellationToken cancellationToken)
    {
        var fit = new List<EntryRef>();
        string? cursor = null;
        do
        {
            var filter = new EntryFilter(Status: EntryStatus.Submitted, From: new DateOnly(SampleYear.First, 1, 1), To: LastDay);
            var page = await queries.ListAsync(filter, cursor, PageRows, cancellationToken);
            fit.AddRange(page.Rows.Where(row => row.ChangedById == authorId && !IsLeft(row)).Select(row => new EntryRef(row.Id, row.Version)));
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        foreach (var some in fit.Chunk(IActivityEntries.MostRows))
        {
            var refused = (await entries.ActAsync(EntryAction.Approve, some, null, cancellationToken)).FirstOrDefault(acted => acted.Outcome == SavedAs.Refused);
            if (refused is not null)
            {
                throw SampleYear.Stopped($"an entry was not approved: {refused.Reason}");
            }
        }
    }

    private static bool IsLeft(EntryRow row) =>
        row.IsAccrual || (row.From >= new DateOnly(SampleYear.Second, 10, 1) && (IsTravel(row.ActivityType) || (row.Site == SampleYear.Lyon && !Metered.Contains(row.ActivityType))));

    private static bool IsTravel(string type) => type == "hotel-night" || type.StartsWith("flight-", StringComparison.Ordinal);

    private static string OwnerOf(string type) => type switch
    {
        "electricity" or "natural-gas" or "refrigerant-leak" => "Facilities",
        "diesel" or "petrol" => "Fleet",
        _ when type.StartsWith("spend-", StringComparison.Ordinal) => "Purchasing",
        _ when type.StartsWith("freight-", StringComparison.Ordinal) => "Logistics",
        _ when type.StartsWith("waste-", StringComparison.Ordinal) => "Environment, health and safety",
        _ => "Human resources",
    };
}
