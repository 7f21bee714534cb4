using System.Globalization;
using System.Xml;

namespace OffGridFlow.Infrastructure.Imports.Sheets.Reading;

/// <summary>Which cell formats show numbers as days.</summary>
internal static class CellFormats
{
    public static bool[] Read(XmlReader xml)
    {
        using (xml)
        {
            var (custom, formats, inside) = (new Dictionary<int, bool>(), new List<bool>(), false);
            while (xml.Read())
            {
                if (xml.NodeType == XmlNodeType.EndElement && xml.LocalName == "cellXfs")
                {
                    inside = false;
                }
                else if (xml.NodeType == XmlNodeType.Element)
                {
                    inside |= xml.LocalName == "cellXfs";
                    if (xml.LocalName == "numFmt" && int.TryParse(xml.GetAttribute("numFmtId"), CultureInfo.InvariantCulture, out var id))
                    {
                        custom[id] = IsDay(xml.GetAttribute("formatCode") ?? "");
                    }
                    else if (inside && xml.LocalName == "xf")
                    {
                        _ = int.TryParse(xml.GetAttribute("numFmtId"), CultureInfo.InvariantCulture, out var format);
                        formats.Add(custom.TryGetValue(format, out var known) ? known : format is (>= 14 and <= 17) or 22 or (>= 27 and <= 31) or 36 or (>= 50 and <= 54) or 57 or 58);
                    }
                }
            }

            return [.. formats];
        }
    }

    /// <summary>With a year or a day; a format of hours and minutes is a number.</summary>
    public static bool IsDay(string code)
    {
        // The first of the sections counts; what is quoted, escaped or in brackets is no sign of the format.
        var (quoted, months, clock) = (false, false, false);
        for (var i = 0; i < code.Length; i++)
        {
            var c = code[i];
            if (c == '"')
            {
                quoted = !quoted;
            }
            else if (!quoted)
            {
                switch (c)
                {
                    case '\\' or '_' or '*':
                        i++;
                        break;
                    case '[':
                        i = code.IndexOf(']', i) is >= 0 and var end ? end : code.Length;
                        break;
                    case ';':
                        return months && !clock;
                    case 'y' or 'Y' or 'd' or 'D':
                        return true;
                    case 'm' or 'M':
                        months = true;
                        break;
                    case 'h' or 'H' or 's' or 'S':
                        clock = true;
                        break;
                    case 'G' when code.AsSpan(i).StartsWith("General", StringComparison.OrdinalIgnoreCase):
                        i += 6;
                        break;
                }
            }
        }

        return months && !clock;
    }
}
