using OffGridFlow.Core.ActivityData;
using OffGridFlow.Infrastructure.ActivityData;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Web.Features.ActivityData;

/// <summary>Completeness and the collection plan in words.</summary>
internal static class CompletenessWords
{
    public static readonly IReadOnlyList<CompletenessState> States =
    [
        CompletenessState.Measured, CompletenessState.Estimated, CompletenessState.Defaulted, CompletenessState.WaitingForApproval, CompletenessState.Ahead, CompletenessState.Missing,
        CompletenessState.NotApplicable,
    ];

    public static string State(CompletenessState state) => state switch
    {
        CompletenessState.Measured => "Measured",
        CompletenessState.Estimated => "Estimated",
        CompletenessState.Defaulted => "Defaulted",
        CompletenessState.WaitingForApproval => "Waiting for approval",
        CompletenessState.Missing => "Missing",
        CompletenessState.Ahead => "Not due yet",
        _ => "Not applicable",
    };

    public static string Css(CompletenessState state) => state switch
    {
        CompletenessState.Missing => "missing",
        CompletenessState.Ahead or CompletenessState.NotApplicable => "none",
        _ => "there",
    };

    public static string Frequency(CollectionFrequency frequency) => frequency switch
    {
        CollectionFrequency.Monthly => "Every month",
        CollectionFrequency.Quarterly => "Every quarter",
        CollectionFrequency.Yearly => "Every year",
        _ => "When it happens",
    };

    public static string Method(GapMethod method) => method switch
    {
        GapMethod.SameDaysLastYear => "Same days of the year before",
        GapMethod.Neighbors => "Month before and month after",
        _ => "Days with data in the year before",
    };

    public static string Months(IReadOnlyList<int> months) => months.Count == 0
        ? "All year" : string.Join(", ", months.Select(month => Dates.MonthName(new DateOnly(2000, month, 1))));

    /// <summary>The sentence over the page.</summary>
    public static string Finding(CompletenessTable table) => table switch
    {
        { Rows.Count: 0 } => "Nothing is planned yet",
        { Missing: 0 } => $"Nothing is missing: {Format.Count(table.Expected)} months of {Format.Count(table.Rows.Count)} {(table.Rows.Count == 1 ? "source" : "sources")}",
        _ => $"{Format.Count(table.Missing)} of {Format.Count(table.Expected)} months {(table.Missing == 1 ? "is" : "are")} missing",
    };

    public static string Days(Gap gap) => $"{Dates.Day(gap.From)} to {Dates.Day(gap.To)}, {Format.Count(gap.Days)} {(gap.Days == 1 ? "day" : "days")}";
}
