using System.Text;

namespace OffGridFlow.Infrastructure.Imports.AwsCur;

internal enum AwsCurEdition
{
    /// <summary>The report with columns such as <c>lineItem/UsageAmount</c>.</summary>
    Legacy,

    /// <summary>CUR 2.0 of AWS Data Exports: a fixed set of columns, of which any may be left out, and maps as JSON.</summary>
    Second,
}

/// <summary>The import kinds <c>aws-cur</c> and <c>aws-cur2</c>: the AWS Cost and Usage Report as CSV, plain or packed with gzip.</summary>
internal sealed class AwsCurFormat(AwsCurEdition edition, BillOptions options) : CsvBillFormat(options)
{
    public const string Provider = "aws";

    public override string Kind => edition == AwsCurEdition.Legacy ? "aws-cur" : "aws-cur2";

    protected override CsvBillReader Open(CsvRecords records, IReadOnlyList<string> headings) =>
        new AwsCurReader(records, new AwsCurColumns(headings, edition), Options);

    protected override PeriodColumns PeriodColumns(IReadOnlyList<string> headings)
    {
        var columns = new AwsCurColumns(headings, edition);
        var dates = new BillDates(headings, Options.Clock);
        return new([columns.Account, columns.BillingMonth], row =>
            AwsAccount.Check(row[columns.Account], columns.Account, headings[columns.Account]) is null
            && dates.ReadMonth(row, columns.BillingMonth, out var month) is null
                ? new BillPeriod(Provider, Encoding.UTF8.GetString(row[columns.Account]), month)
                : null);
    }
}
