using OffGridFlow.Core.Reports;

namespace OffGridFlow.Infrastructure.Imports.Sheets.Templates;

/// <param name="Width">In characters.</param>
/// <param name="Style">Of the cells below the heading.</param>
/// <param name="IsNeeded">A row without it cannot be loaded.</param>
/// <param name="Text">What belongs there, for whoever fills it in; at most 255 characters.</param>
internal sealed record TemplateColumn(string Heading, double Width, CellStyle Style, bool IsNeeded, string Text);

/// <summary>The columns of a template, in its order.</summary>
internal static class TemplateColumns
{
    public static readonly TemplateColumn Site = new("Site", 26, CellStyle.Literal, true, "Where it was used. The list holds your sites; a new one is added on the page Organization first.");

    public static readonly TemplateColumn ActivityType = new("Activity type", 30, CellStyle.Literal, true, "What was used. The sheet “How to fill it in” says of each type what it is for.");

    public static readonly TemplateColumn From = new("From", 13, CellStyle.Day, true, "First day of the period; it counts. As on the bill or the meter reading.");

    public static readonly TemplateColumn To = new("To", 13, CellStyle.Day, true, "Last day of the period; it counts too. Not later than today, and within a year of the first day.");

    public static readonly TemplateColumn Quantity = new("Quantity", 16, CellStyle.Text, true, "How much, as a number without its unit. Nothing used is 0; leave the row out if it is not known yet.");

    public static readonly TemplateColumn Unit = new("Unit", 16, CellStyle.Literal, true, "In which unit. Choose the activity type first: the list then holds the units that fit it.");

    public static readonly TemplateColumn Gas = new("Gas", 14, CellStyle.Literal, false, "Only for leaks of refrigerants and process gases: which gas, as on the plate of the equipment.");

    public static readonly TemplateColumn Quality = new("Quality", 14, CellStyle.Literal, false, "Measured if it stands on a bill or meter, else Estimated or Defaulted. Empty means measured.");

    public static readonly TemplateColumn Accrual = new("Accrual", 12, CellStyle.Literal, false, "Yes if the row stands in until the bill arrives: it leaves the totals when the actual of the same days is loaded. Empty means no.");

    public static readonly TemplateColumn Category = new("Category", 34, CellStyle.Literal, false, "Of Scope 3, where the activity type may stand in several, as commuting by car in 7. Empty means as the activity type says; the sheet “How to fill it in” names them.");

    public static readonly TemplateColumn Vendor = new("Vendor", 24, CellStyle.Literal, false, "Of spending: whom the money went to, as in the map of vendors and accounts on the page Rates and accounts.");

    public static readonly TemplateColumn Account = new("Ledger account", 18, CellStyle.Literal, false, "Of spending: the account it was booked to, as in the map of vendors and accounts.");

    public static readonly TemplateColumn Reference = new("Reference", 20, CellStyle.Literal, false, "Number of the bill or the meter. Two meters of one site need one each, or they pass for the same.");

    public static readonly TemplateColumn Note = new("Note", 36, CellStyle.Literal, false, "Anything that explains the figure to whoever approves it.");

    public static readonly TemplateColumn ExternalId = new("External id", 18, CellStyle.Literal, false, "Id of the row in the system that it comes from. A row whose id is known is not loaded twice.");

    public static readonly IReadOnlyList<TemplateColumn> All = [Site, ActivityType, From, To, Quantity, Unit, Gas, Quality, Accrual, Category, Vendor, Account, Reference, Note, ExternalId];

    /// <summary>0-based.</summary>
    public static int IndexOf(TemplateColumn column) => All.Index().First(pair => pair.Item == column).Index;
}
