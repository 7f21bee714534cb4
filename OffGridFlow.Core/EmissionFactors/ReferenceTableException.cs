using System.Globalization;

namespace OffGridFlow.Core.EmissionFactors;

/// <summary>A table of reference data cannot be read. The message names the file, the line and the fault.</summary>
public sealed class ReferenceTableException(string table, int line, string fault)
    : Exception(string.Create(CultureInfo.InvariantCulture, $"{table}, line {line}: {fault}."))
{
    public string Table { get; } = table;

    public int Line { get; } = line;
}
