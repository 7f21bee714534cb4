using OffGridFlow.Web.Shared;

namespace OffGridFlow.Web.Features.Overview;

/// <summary>Findings as sentences from data. None states a difference smaller than what is missing; then the subject stands alone.</summary>
internal static class OverviewFindings
{
    public static string Period(OverviewModel model) => Dates.Months(model.FirstMonth, model.LastMonth);

    /// <summary>A total is only announced when it weighs more than what is missing beside it.</summary>
    public static bool TotalIsSure(OverviewModel model) => model.Total.KgCo2e > OverviewService.MissingKg(model.Total);

    public static string Trend(OverviewModel model, MassUnit unit, int decimals)
    {
        const string subject = "Emissions by month";
        var months = model.Months.Where(m => m.Figures is not null).OrderByDescending(m => m.Figures!.KgCo2e).ToList();
        if (months.Count < 2) return subject;

        var (highest, second) = (months[0], months[1]);
        var gap = highest.Figures!.KgCo2e - second.Figures!.KgCo2e;
        var missing = OverviewService.MissingKg(highest.Figures) + OverviewService.MissingKg(second.Figures);
        return gap > missing
            ? $"{Dates.Month(highest.Month)} is the highest month: {Format.MassWithUnit(highest.Figures.KgCo2e, unit, decimals)}"
            : subject;
    }

    public static string Movers(Movement? movement, MassUnit unit, int decimals)
    {
        if (movement is null) return "Two full months are needed to compare";
        if (movement.Movers.Count == 0) return "No change is larger than what is missing";
        var first = movement.Movers[0];
        return $"{Named(first.Service, "Usage without a service")} changed most: {Format.Change(Format.In(first.ChangeKg, unit), decimals)}{Format.NoBreakSpace}{Format.Name(unit)}";
    }

    public static string HotSpots(OverviewModel model)
    {
        if (model.Total.KgCo2e <= 0 || model.HotSpots.Count == 0) return "Largest sources";
        var top = model.HotSpots[0];
        return $"{Named(top.Keys[0], "Usage without a service")} in {Named(top.Keys[4].Length > 0 ? top.Keys[4] : top.Keys[1], "no named region")} makes {Format.Percent(top.Figures.KgCo2e / model.Total.KgCo2e, 0)} of the total";
    }

    public static string Named(string key, string otherwise) => key.Length == 0 ? otherwise : key;
}
