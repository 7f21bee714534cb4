using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace OffGridFlow.Infrastructure.Persistence;

/// <summary>Opaque place in a list: the sort key and the id of the last row given. Stays right while rows are added in front.</summary>
internal static class Cursor
{
    public static string Of(params string[] parts) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Join('\u001f', parts)));

    public static string Of(DateTimeOffset at, Guid id) => Of(at.UtcTicks.ToString(CultureInfo.InvariantCulture), id.ToString("N"));

    /// <exception cref="InvalidCursorException">It is not one of ours.</exception>
    public static string[]? Parse(string? cursor, int parts)
    {
        if (string.IsNullOrEmpty(cursor))
        {
            return null;
        }

        try
        {
            var read = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor)).Split('\u001f');
            return read.Length == parts ? read : throw new InvalidCursorException();
        }
        catch (FormatException)
        {
            throw new InvalidCursorException();
        }
    }

    public static bool TryParse(string? cursor, out DateTimeOffset at, out Guid id)
    {
        (at, id) = (default, default);
        if (Parse(cursor, 2) is not { } parts)
        {
            return false;
        }

        if (!long.TryParse(parts[0], CultureInfo.InvariantCulture, out var ticks) || ticks is < 0 or > 3155378975999999999 || !Guid.TryParse(parts[1], out id))
        {
            throw new InvalidCursorException();
        }

        at = new DateTimeOffset(ticks, TimeSpan.Zero);
        return true;
    }
}

/// <summary>The caller sent a cursor that no list gave out.</summary>
public sealed class InvalidCursorException() : Exception("The cursor is not one that a list gave out. Start again without it.");
