using System.Text;
using OffGridFlow.Core.CloudUsage;
using OffGridFlow.Infrastructure.Imports.AwsCur;

namespace OffGridFlow.Infrastructure.Imports.Focus;

/// <summary>The kinds of usage of a FOCUS file. Those of AWS are named as its own report names them, so that both meet in one ledger.</summary>
internal sealed class FocusKinds(FocusColumns columns, BillOptions options) : BillKinds(
    columns.Headings,
    [columns.Service, columns.Currency, columns.Unit, columns.Region, columns.SkuMeter, columns.AwsServiceCode, columns.AwsUsageType],
    options)
{
    private readonly FocusOwner _owner = new(columns);

    protected override int CurrencyColumn => columns.Currency;

    protected override void BuildKey(CsvRecords row, Utf8Key key)
    {
        key.Add(row[columns.Provider])
            .Add(row[columns.BillingAccount])
            .Add(Value(row, columns.SubAccount))
            .Add(row[columns.Service])
            .Add(row[columns.Currency])
            .Add(Value(row, columns.Region))
            .Add(Value(row, columns.AwsServiceCode))
            .Add(Value(row, columns.AwsUsageType))
            .Add(Value(row, columns.SkuMeter))
            .Add(Value(row, columns.Unit))
            .Add(HasAmount(row) ? "1"u8 : "0"u8);
        if (!NamesUsageType(row))
            key.Add(Value(row, columns.Description));
    }

    protected override RowFault? Make(CsvRecords row, string currency, out UsageKind kind)
    {
        kind = null!;
        if (_owner.Read(row, out var provider, out var account) is { } fault)
            return fault;
        var service = Text(row, columns.Service);
        if (service.Length == 0)
            return RowFault.Missing(columns.Service, columns.Headings[columns.Service]);

        // Without a quantity there is nothing to count, whatever the unit: no figure may come of it, not even a zero.
        var unit = HasAmount(row) ? Text(row, columns.Unit) : "";
        var details = Value(row, columns.SkuPriceDetails);
        var usageType = NamesUsageType(row) ? Text(row, columns.AwsUsageType) is { Length: > 0 } named ? named : Text(row, columns.SkuMeter) : null;
        if (provider == AwsCurFormat.Provider)
        {
            var names = FocusAwsNames.Shared;
            service = Text(row, columns.AwsServiceCode) is { Length: > 0 } code ? code : names.ServiceCode(service);
            usageType ??= names.UsageType(service, unit, Text(row, columns.Description));
            unit = names.Unit(unit);
        }

        kind = new UsageKind(
            provider, account, service, Text(row, columns.Region), usageType ?? Shorten(Text(row, columns.Description)), unit,
            Encoding.UTF8.GetString(JsonMap.Find(details, "InstanceType"u8)), Vcpus(details), currency);
        return null;
    }

    private bool HasAmount(CsvRecords row) => !BillValues.IsNull(Value(row, columns.Amount));

    private bool NamesUsageType(CsvRecords row) => !BillValues.IsNull(Value(row, columns.AwsUsageType)) || !BillValues.IsNull(Value(row, columns.SkuMeter));

    private static decimal? Vcpus(ReadOnlySpan<byte> details) =>
        BillValues.ReadDecimal(JsonMap.Find(details, "CoreCount"u8), out var vcpus) == NumberReading.Number && vcpus > 0 ? vcpus : null;

    private static string Shorten(string description) => description.Length <= MaxText ? description : description[..MaxText];
}
