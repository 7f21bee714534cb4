using System.Buffers;

namespace OffGridFlow.Infrastructure.Imports.AwsCur;

/// <summary>Account ids are text: twelve digits by rule, others in tests and old reports, leading zeros kept.</summary>
internal static class AwsAccount
{
    private static readonly SearchValues<byte> NumberBytes = SearchValues.Create("0123456789.+eE"u8);

    public static RowFault? Check(ReadOnlySpan<byte> account, int column, string heading)
    {
        if (BillValues.IsNull(account))
            return RowFault.Missing(column, heading);

        // 1.23457E+11: digits are lost, and guessing them would book usage to another account.
        return account.IndexOfAny((byte)'E', (byte)'e') > 0 && !account.ContainsAnyExcept(NumberBytes)
            ? new RowFault(
                $"{heading} was rewritten as a rounded number, as spreadsheet programs do, so the account is no longer known.",
                "Upload the file as AWS delivered it, without saving it in a spreadsheet program.", column)
            : null;
    }
}
