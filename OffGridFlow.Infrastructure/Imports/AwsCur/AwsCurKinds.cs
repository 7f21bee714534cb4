using System.Text;
using OffGridFlow.Core.CloudUsage;

namespace OffGridFlow.Infrastructure.Imports.AwsCur;

/// <summary>The kinds of usage of an AWS report.</summary>
internal sealed class AwsCurKinds(AwsCurColumns columns, BillOptions options) : BillKinds(
    columns.Headings,
    [
        columns.Account, columns.Product, columns.UsageType, columns.Currency, columns.Unit, columns.InstanceType, columns.Vcpu, columns.Region,
        columns.RegionCode, columns.Zone, columns.Location,
    ],
    options)
{
    protected override int CurrencyColumn => columns.Currency;

    protected override void BuildKey(CsvRecords row, Utf8Key key)
    {
        key.Add(row[columns.Account])
            .Add(row[columns.Product])
            .Add(row[columns.UsageType])
            .Add(row[columns.Currency])
            .Add(Value(row, columns.Unit))
            .Add(Value(row, columns.InstanceType))
            .Add(Value(row, columns.Vcpu));

        // Zones and location names only count where the region is not said: else each zone would make a combination.
        var region = Value(row, columns.Region);
        var code = Value(row, columns.RegionCode);
        key.Add(region);
        if (AwsRegionTable.Settles(region))
            return;
        key.Add(code);
        if (!AwsRegionTable.Settles(code))
            key.Add(Value(row, columns.Zone)).Add(Value(row, columns.Location));
    }

    protected override RowFault? Make(CsvRecords row, string currency, out UsageKind kind)
    {
        kind = null!;
        if (AwsAccount.Check(row[columns.Account], columns.Account, columns.Headings[columns.Account]) is { } account)
            return account;
        kind = new UsageKind(
            "aws", Encoding.UTF8.GetString(row[columns.Account]), Text(row, columns.Product), Region(row), Text(row, columns.UsageType),
            Text(row, columns.Unit), Text(row, columns.InstanceType), Vcpus(row), currency);
        return null;
    }

    private string Region(CsvRecords row) => AwsRegionTable.Shared.Find(
        Text(row, columns.Product), Text(row, columns.UsageType), Text(row, columns.Region), Text(row, columns.RegionCode),
        Text(row, columns.Zone), Text(row, columns.Location));

    /// <summary>Null also for texts such as <c>NA</c>: a help for the estimate, not worth a rejected row.</summary>
    private decimal? Vcpus(CsvRecords row)
    {
        // The 2.0 report keeps them in its map of product attributes. They follow from the instance type, so the key does without.
        var value = columns.Vcpu != CsvBillReader.NoColumn ? row[columns.Vcpu] : JsonMap.Find(Value(row, columns.ProductMap), "vcpu"u8);
        return BillValues.ReadDecimal(value, out var vcpus) == NumberReading.Number && vcpus > 0 ? vcpus : null;
    }
}
