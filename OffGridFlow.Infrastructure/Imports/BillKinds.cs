using System.Globalization;
using System.Text;
using OffGridFlow.Core.CloudUsage;

namespace OffGridFlow.Infrastructure.Imports;

/// <summary>
/// The distinct kinds of usage of one part. Per row it only compares bytes; texts are made, regions found and values checked once per
/// combination.
/// </summary>
/// <param name="textColumns">Columns whose texts become part of a kind.</param>
internal abstract class BillKinds(IReadOnlyList<string> headings, IEnumerable<int> textColumns, BillOptions options)
{
    /// <summary>Characters of each text of a kind: AWS declares its columns as 256 at most.</summary>
    protected const int MaxText = 256;

    private const int MaxKeyBytes = 16 << 10;

    private readonly int[] _textColumns = [.. textColumns.Where(column => column != CsvBillReader.NoColumn).Distinct()];
    private readonly Utf8Key _key = new();
    private readonly Utf8Table _combinations = new();
    private readonly List<Outcome> _outcomes = [];
    private readonly Dictionary<UsageKind, int> _indexes = [];
    private readonly List<UsageKind> _kinds = [];

    public IReadOnlyList<UsageKind> Kinds => _kinds;

    /// <summary>The kind of the current row, or why it has none.</summary>
    public RowFault? Find(CsvRecords row, out int kind)
    {
        BuildKey(row, _key.Clear());
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

    /// <summary>Joins all values that <see cref="Make(CsvRecords, string, out UsageKind?)"/> looks at.</summary>
    protected abstract void BuildKey(CsvRecords row, Utf8Key key);

    protected abstract int CurrencyColumn { get; }

    /// <summary>Makes the kind of a row, or says why it has none.</summary>
    /// <param name="currency">ISO 4217 code.</param>
    protected abstract RowFault? Make(CsvRecords row, string currency, out UsageKind kind);

    protected static ReadOnlySpan<byte> Value(CsvRecords row, int column) => column == CsvBillReader.NoColumn ? default : row[column];

    protected static string Text(CsvRecords row, int column)
    {
        var value = Value(row, column);
        return BillValues.IsNull(value) ? "" : Encoding.UTF8.GetString(value);
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
        if (ReadCurrency(row, out var currency) is { } noCurrency)
            return new(-1, noCurrency);
        if (Make(row, currency, out var kind) is { } fault)
            return new(-1, fault);
        if (!_indexes.TryGetValue(kind, out var index))
        {
            index = _kinds.Count;
            _indexes.Add(kind, index);
            _kinds.Add(kind);
        }

        return new(index, null);
    }

    private RowFault? ReadCurrency(CsvRecords row, out string currency)
    {
        currency = Text(row, CurrencyColumn).ToUpperInvariant();
        if (currency.Length == 0)
            return RowFault.Missing(CurrencyColumn, headings[CurrencyColumn]);
        return currency.Length != 3 || !currency.All(char.IsAsciiLetterUpper)
            ? new RowFault(
                $"{headings[CurrencyColumn]} is not a currency code of three letters.", "Write the ISO 4217 code, such as USD or EUR.", CurrencyColumn)
            : null;
    }

    private RowFault? TooLong(CsvRecords row)
    {
        foreach (var column in _textColumns)
        {
            if (Encoding.UTF8.GetCharCount(row[column]) > MaxText)
            {
                return new RowFault(
                    string.Create(CultureInfo.InvariantCulture, $"{headings[column]} is longer than {MaxText} characters."),
                    "Check whether the row's values stand under their headings, and export the report again.", column);
            }
        }

        return null;
    }

    private readonly record struct Outcome(int Kind, RowFault? Fault);
}
