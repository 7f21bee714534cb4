using System.Globalization;
using System.Text;
using OffGridFlow.Core.CloudUsage;

namespace OffGridFlow.Infrastructure.Imports.AwsCur;

/// <summary>
/// The distinct kinds of usage of one report. Per row it only compares bytes; texts are made, regions found and values checked
/// once per combination.
/// </summary>
internal sealed class AwsCurKinds(AwsCurColumns columns, AwsCurOptions options)
{
    /// <summary>Characters of each text of a kind: AWS declares its columns as 256 at most.</summary>
    private const int MaxText = 256;

    private const int MaxKeyBytes = 16 << 10;

    private readonly Utf8Key _key = new();
    private readonly Utf8Table _combinations = new();
    private readonly List<Outcome> _outcomes = [];
    private readonly Dictionary<UsageKind, int> _indexes = [];
    private readonly List<UsageKind> _kinds = [];

    public IReadOnlyList<UsageKind> Kinds => _kinds;

    /// <summary>The kind of the current row, or why it has none.</summary>
    public RowFault? Find(CsvRecords row, out int kind)
    {
        BuildKey(row);
        kind = -1;
        if (_key.Bytes.Length > MaxKeyBytes)
            return TooLong(row);
        var combination = _combinations.Find(_key.Bytes, out var added);
        if (added)
            _outcomes.Add(Make(row));
        var outcome = _outcomes[combination];
        kind = outcome.Kind;
        return outcome.Fault;
    }

    private void BuildKey(CsvRecords row)
    {
        _key.Clear()
            .Add(row[columns.Account])
            .Add(row[columns.Product])
            .Add(row[columns.UsageType])
            .Add(row[columns.Currency])
            .Add(Value(row, columns.Unit))
            .Add(Value(row, columns.InstanceType))
            .Add(Value(row, columns.Vcpu));

        // Zones and location names only count where the region is not said: else each zone would make a combination.
        var region = Value(row, columns.Region);
        var code = Value(row, columns.RegionCode);
        _key.Add(region);
        if (AwsRegionTable.Settles(region))
            return;
        _key.Add(code);
        if (!AwsRegionTable.Settles(code))
            _key.Add(Value(row, columns.Zone)).Add(Value(row, columns.Location));
    }

    private Outcome Make(CsvRecords row)
    {
        if (_combinations.Count > options.MaxKinds)
        {
            throw new UnreadableFileException(
                string.Create(CultureInfo.InvariantCulture, $"The file holds more than {options.MaxKinds:N0} distinct combinations of account, service, region and usage type; a report has some thousands."),
                "Check that the columns hold what their headings say, or import the report in parts.", row.Line);
        }

        if (TooLong(row) is { } tooLong)
            return new(-1, tooLong);
        if (AwsAccount.Check(row[columns.Account], columns.Account, columns.Headings[columns.Account]) is { } account)
            return new(-1, account);
        var currency = Text(row, columns.Currency).ToUpperInvariant();
        if (currency.Length == 0)
            return new(-1, RowFault.Missing(columns.Currency, columns.Headings[columns.Currency]));
        if (currency.Length != 3 || !currency.All(char.IsAsciiLetterUpper))
        {
            return new(-1, new RowFault(
                $"{columns.Headings[columns.Currency]} is not a currency code of three letters.",
                "Write the ISO 4217 code, such as USD or EUR.", columns.Currency));
        }

        var kind = new UsageKind(
            "aws", Encoding.UTF8.GetString(row[columns.Account]), Text(row, columns.Product), Region(row), Text(row, columns.UsageType),
            Text(row, columns.Unit), Text(row, columns.InstanceType), Vcpus(row), currency);
        if (!_indexes.TryGetValue(kind, out var index))
        {
            index = _kinds.Count;
            _indexes.Add(kind, index);
            _kinds.Add(kind);
        }

        return new(index, null);
    }

    private string Region(CsvRecords row) => options.Regions.Find(
        Text(row, columns.Product), Text(row, columns.UsageType), Text(row, columns.Region), Text(row, columns.RegionCode),
        Text(row, columns.Zone), Text(row, columns.Location));

    /// <summary>Null also for texts such as <c>NA</c>: a help for the estimate, not worth a rejected row.</summary>
    private decimal? Vcpus(CsvRecords row) =>
        BillValues.ReadDecimal(Value(row, columns.Vcpu), out var vcpus) == NumberReading.Number && vcpus > 0 ? vcpus : null;

    private RowFault? TooLong(CsvRecords row)
    {
        foreach (var column in new[]
                 {
                     columns.Account, columns.Product, columns.UsageType, columns.Currency, columns.Unit, columns.InstanceType,
                     columns.Vcpu, columns.Region, columns.RegionCode, columns.Zone, columns.Location,
                 })
        {
            if (column != AwsCurColumns.None && Encoding.UTF8.GetCharCount(row[column]) > MaxText)
            {
                return new RowFault(
                    string.Create(CultureInfo.InvariantCulture, $"{columns.Headings[column]} is longer than {MaxText} characters."),
                    "Check whether the row's values stand under their headings, and export the report again.", column);
            }
        }

        return null;
    }

    private static ReadOnlySpan<byte> Value(CsvRecords row, int column) => column == AwsCurColumns.None ? default : row[column];

    private static string Text(CsvRecords row, int column)
    {
        var value = Value(row, column);
        return BillValues.IsNull(value) ? "" : Encoding.UTF8.GetString(value);
    }

    private readonly record struct Outcome(int Kind, RowFault? Fault);
}
