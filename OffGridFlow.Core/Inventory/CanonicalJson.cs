using System.Globalization;
using System.Text;

namespace OffGridFlow.Core.Inventory;

/// <summary>
/// JSON of which the same content always has the same bytes (docs/methods/inventory-snapshot.md): names sorted, one space a level, line feeds, one of them at the
/// end, decimals as texts without zeros at the end. As Python writes it with
/// <c>json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"</c>.
/// </summary>
public static class CanonicalJson
{
    /// <param name="content">Dictionaries by text, lists, texts, whole numbers, decimals, days, truth values, null.</param>
    /// <exception cref="ArgumentException">It holds something else.</exception>
    public static string Write(object? content)
    {
        var text = new StringBuilder();
        Write(text, content, 0);
        return text.Append('\n').ToString();
    }

    /// <summary>All digits, without zeros at the end and without an exponent.</summary>
    public static string Number(decimal value)
    {
        var text = value.ToString(CultureInfo.InvariantCulture);
        text = text.Contains('.', StringComparison.Ordinal) ? text.TrimEnd('0').TrimEnd('.') : text;
        return text == "-0" ? "0" : text;
    }

    private static void Write(StringBuilder text, object? value, int depth)
    {
        switch (value)
        {
            case null:
                text.Append("null");
                break;
            case string plain:
                WriteText(text, plain);
                break;
            case bool truth:
                text.Append(truth ? "true" : "false");
                break;
            case int or long:
                text.Append(((IFormattable)value).ToString(null, CultureInfo.InvariantCulture));
                break;
            case decimal number:
                WriteText(text, Number(number));
                break;
            case DateOnly day:
                WriteText(text, day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
                break;
            case IReadOnlyDictionary<string, object?> fields:
                WriteAll(text, '{', '}', fields.OrderBy(field => field.Key, StringComparer.Ordinal).ToList(), depth, field =>
                {
                    WriteText(text, field.Key);
                    text.Append(": ");
                    Write(text, field.Value, depth + 1);
                });
                break;
            case IEnumerable<object?> items:
                WriteAll(text, '[', ']', items.ToList(), depth, item => Write(text, item, depth + 1));
                break;
            default:
                throw new ArgumentException($"{value.GetType().Name} has no canonical form.", nameof(value));
        }
    }

    private static void WriteAll<T>(StringBuilder text, char open, char close, List<T> items, int depth, Action<T> write)
    {
        text.Append(open);
        for (var i = 0; i < items.Count; i++)
        {
            text.Append(i == 0 ? "\n" : ",\n").Append(' ', depth + 1);
            write(items[i]);
        }

        if (items.Count > 0)
        {
            text.Append('\n').Append(' ', depth);
        }

        text.Append(close);
    }

    private static void WriteText(StringBuilder text, string plain)
    {
        text.Append('"');
        foreach (var sign in plain)
        {
            switch (sign)
            {
                case '"' or '\\':
                    text.Append('\\').Append(sign);
                    break;
                case '\n':
                    text.Append("\\n");
                    break;
                case '\r':
                    text.Append("\\r");
                    break;
                case '\t':
                    text.Append("\\t");
                    break;
                case '\b':
                    text.Append("\\b");
                    break;
                case '\f':
                    text.Append("\\f");
                    break;
                case < ' ':
                    text.Append(CultureInfo.InvariantCulture, $"\\u{(int)sign:x4}");
                    break;
                default:
                    text.Append(sign);
                    break;
            }
        }

        text.Append('"');
    }
}
